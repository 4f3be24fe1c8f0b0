"""Sums and products: reductions along an axis, with one term left out where the formula says so."""

from __future__ import annotations

from derive.codegen.lower import Env, Lowering, lowers
from derive.codegen.lower_indices import pick
from derive.codegen.program import Array, Placed, Span
from derive.kernel.language import (
    Cases,
    Eq,
    Integer,
    Mul,
    Ne,
    Product,
    Ranged,
    Sum,
    Symbol,
)


@lowers(Sum)
def total(low: Lowering, expr: Sum, env: Env) -> Array:
    """Σ over one index."""
    expr, inner = opened(low, expr, env)
    if expr.excluded:
        return _total_except(low, expr, env, inner)
    contraction = _contraction(low, expr, inner)
    if contraction is not None:
        return contraction
    body = low.scope(expr.body, inner)
    if expr.index in body.indices:
        return low.work.reduce("sum", body, expr.index)
    count = low.visit(expr.upper - expr.lower + 1, env)
    return low.work.combine("mul", count, body, data=(1, 1))


@lowers(Product)
def product(low: Lowering, expr: Product, env: Env) -> Array:
    """Π over one index."""
    expr, inner = opened(low, expr, env)
    if expr.excluded:
        raise low.error(expr, "is a product that leaves terms out")
    body = low.scope(expr.body, inner)
    if expr.index in body.indices:
        return low.work.reduce("prod", body, expr.index)
    return low.work.combine("power", body, low.visit(expr.upper - expr.lower + 1, env))


def opened(low: Lowering, expr: Ranged, env: Env) -> tuple[Ranged, Env]:
    """The node with its own letter for its index, and the ranges inside of it."""
    if expr.index in env or expr.index in low.arguments or expr.index in low.choices:
        expr = expr.rebound(low.letter(expr.index, expr, env))
    low.work.bind(expr.index)
    return expr, {**env, expr.index: Span(expr.lower, expr.upper)}


def _total_except(low: Lowering, expr: Sum, env: Env, inner: Env) -> Array:
    """Σ with values of its index left out."""
    left_out = expr.excluded[0]
    if len(expr.excluded) > 1:
        return low.visit(_with_zeros(expr), env)
    if left_out in (expr.lower, expr.upper):
        first = left_out == expr.lower
        bounds = (expr.lower + 1, expr.upper) if first else (expr.lower, expr.upper - 1)
        return low.visit(Sum(expr.body, (expr.index, *bounds)), env)
    body = low.scope(expr.body, inner)
    if expr.index not in body.indices:
        return low.visit(_with_zeros(expr), env)
    if left_out in env and inner[left_out] == inner[expr.index]:
        return _others(low, expr, body, left_out, inner)
    place = left_out in low.choices or (
        low.is_label(left_out) and low.covers(inner[expr.index], left_out)
    )
    if place:
        ordered = low.work.arrange(body, expr.index)
        return pick(low, "sum_except", ordered, low.visit(left_out, env))
    return low.visit(_with_zeros(expr), env)


def _with_zeros(expr: Sum) -> Sum:
    """The same sum, with 0 for the terms that are left out."""
    body = expr.body
    for left_out in expr.excluded:
        body = Cases((0, Eq(expr.index, left_out)), (body, Ne(expr.index, left_out)))
    return Sum(body, expr.args[1])


def _others(low: Lowering, expr: Sum, body: Array, axis: Symbol, inner: Env) -> Array:
    """Σ_{k ≠ i} for every i."""
    if axis not in body.indices:
        body = low.work.arrange(body, expr.index)
        whole = Placed(body.node, tuple(range(body.node.rank)))
        node = low.work.node("sum_of_others", (whole,), body.node.spans)
        return Array(node, (*body.indices[:-1], axis))
    rest = tuple(s for s in body.indices if s not in (axis, expr.index))
    indices = (*rest, axis, expr.index)
    spans = tuple(body.node.spans[body.indices.index(s)] for s in indices)
    zero = low.work.constant(Integer(0))
    inputs = (low.work.place(body, indices), low.work.place(zero, (*rest, axis)))
    hollow = Array(low.work.node("with_diagonal", inputs, spans), indices)
    return low.work.reduce("sum", hollow, expr.index)


def _contraction(low: Lowering, expr: Sum, inner: Env) -> Array | None:
    """Σ_d W_kd x_nd: a product of arrays that share the summed axis and differ in others."""
    from derive.codegen.lower_cases import coincidences
    from derive.codegen.lower_products import weights_unbounded

    if not isinstance(expr.body, Mul) or next(coincidences(low, expr.body), None):
        return None
    if weights_unbounded(low, expr.body.args):
        return None
    arrays = [low.scope(f, inner) for f in expr.body.args]
    bound = [a for a in arrays if expr.index in a.indices]
    if len({frozenset(a.indices) for a in bound}) < 2:
        return None
    free = [a for a in arrays if expr.index not in a.indices]
    spans = {s: a.node.spans[p] for a in bound for p, s in enumerate(a.indices)}
    letters = sorted(spans, key=low.work.order.__getitem__)
    rest = tuple(s for s in letters if s != expr.index)
    marks = tuple(tuple(letters.index(s) for s in a.indices) for a in bound)
    out = tuple(letters.index(s) for s in rest)
    own = tuple(Placed(a.node, tuple(range(a.node.rank))) for a in bound)
    node = low.work.node("contract", own, tuple(spans[s] for s in rest), (marks, out))
    contracted = Array(node, rest)
    if not free:
        return contracted
    return low.work.combine("mul", *free, contracted, data=(1,) * (len(free) + 1))
