"""Cases: indices that coincide become updates of a diagonal, of an entry, or of an end."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Integer, false, true

from derive.codegen.lower import Env, Lowering, lowers
from derive.codegen.program import Array, Span
from derive.kernel.language import (
    Cases,
    Eq,
    Expr,
    Indexed,
    Indicator,
    KroneckerDelta,
    Ne,
    Ranged,
    Relational,
    Symbol,
    substitute,
)

Pair = tuple[Expr, Expr]


def split_cases(low: Lowering, expr: Expr, env: Env) -> Array | None:
    """The array of an expression with a δ or a case, or None where there is neither."""
    pair = next(coincidences(low, expr), None)
    if pair is None:
        return None
    a, b = pair
    if a in env and b in env:
        return _diagonal(low, expr, (a, b), env)
    if b in env:
        a, b = b, a
    if a in env and (_is_pivot(low, b) or (low.is_label(b) and low.covers(env[a], b))):
        return _entry(low, expr, (a, b), env)
    if a in env and b in (env[a].lower, env[a].upper):
        return _end(low, expr, (a, b), env)
    return _choose(low, expr, (a, b), env)


def coincidences(low: Lowering, expr: Expr) -> Iterator[Pair]:
    """The pairs of indices that the expression compares, outermost first.

    Bound indices are met in the scope of their sum.
    """
    return _coincidences(expr, frozenset(s for s in low.choices if not _is_pivot(low, s)))


def _is_pivot(low: Lowering, index: Expr) -> bool:
    """Whether an index is the place of a maximum."""
    return index in low.choices and low.choices[index].kind == "pivot"


def _coincidences(expr: Expr, bound: frozenset[Expr]) -> Iterator[Pair]:
    if isinstance(expr, Indexed | Symbol):
        return
    pairs: list[Pair] = []
    if isinstance(expr, KroneckerDelta):
        pairs = [(expr.args[0], expr.args[1])]
    elif isinstance(expr, Cases):
        pairs = [(c.lhs, c.rhs) for _, c in expr.pairs if isinstance(c, Eq | Ne)]
    for pair in pairs:
        if not any(bound & e.free_symbols for e in pair):
            yield pair
    if isinstance(expr, Cases):
        for value, _ in expr.pairs:
            yield from _coincidences(value, bound)
    elif isinstance(expr, Ranged):
        yield from _coincidences(expr.body, bound | {expr.index})
    else:
        for arg in expr.args:
            yield from _coincidences(arg, bound)


def decided(expr: Expr, pair: Pair, equal: bool) -> Expr:
    """The expression where the pair is known to be equal, or known to differ."""
    if isinstance(expr, Indexed | Symbol) or not expr.args:
        return expr
    if isinstance(expr, KroneckerDelta) and set(expr.args) == set(pair):
        return Integer(1 if equal else 0)
    if isinstance(expr, Cases):
        return _decided_cases(expr, pair, equal)
    if isinstance(expr, Ranged):
        if expr.index in pair:
            return expr
        return expr.func(decided(expr.body, pair, equal), *expr.args[1:])
    return expr.func(*(decided(a, pair, equal) for a in expr.args))


def _decided_cases(expr: Cases, pair: Pair, equal: bool) -> Expr:
    left = []
    for value, condition in expr.pairs:
        if isinstance(condition, Eq | Ne) and {condition.lhs, condition.rhs} == set(pair):
            condition = true if isinstance(condition, Eq) is equal else false
        if condition == true:
            return decided(value, pair, equal)
        if condition != false:
            left.append((decided(value, pair, equal), condition))
    return Cases(*left)


def _diagonal(low: Lowering, expr: Expr, pair: Pair, env: Env) -> Array:
    """``i = j`` of two axes: everything off the diagonal, then the diagonal."""
    row, column = pair
    if env[row] != env[column]:
        return _choose(low, expr, pair, env)
    off = low.scope(decided(expr, pair, False), env)
    on = low.scope(substitute(decided(expr, pair, True), {column: row}), env)
    others = [s for s in (*off.indices, *on.indices) if s not in pair]
    rest = tuple(dict.fromkeys(others))
    row, column = sorted(pair, key=low.work.order.__getitem__)
    if row != pair[0]:
        on = Array(on.node, tuple(row if s == pair[0] else s for s in on.indices))
    indices = (*rest, row, column)
    low.work.names.setdefault(off.node, "off_diagonal")
    low.work.names.setdefault(on.node, "diagonal")
    inputs = (low.work.place(off, indices), low.work.place(on, (*rest, row)))
    spans = (*_spans(rest, off, on), env[row], env[column])
    return Array(low.work.node("with_diagonal", inputs, spans), indices)


def _spans(indices: tuple[Symbol, ...], *arrays: Array) -> tuple[Span, ...]:
    known = {s: a.node.spans[p] for a in arrays for p, s in enumerate(a.indices)}
    return tuple(known[s] for s in indices)


def _entry(low: Lowering, expr: Expr, pair: Pair, env: Env) -> Array:
    """``i = c`` with a label or the place of a maximum: everything, then the entry there."""
    axis, label = pair
    off = low.scope(decided(expr, pair, False), env)
    on = low.scope(substitute(decided(expr, pair, True), {axis: label}), env)
    at = low.visit(label, env)
    others = [s for s in (*off.indices, *on.indices, *at.indices) if s != axis]
    rest = tuple(dict.fromkeys(others))
    indices = (*rest, axis)
    low.work.names.setdefault(on.node, "at_label" if low.is_label(label) else "at_largest")
    inputs = (
        low.work.place(off, indices), low.work.place(at, rest), low.work.place(on, rest),
    )  # fmt: skip
    spans = (*_spans(rest, off, on, at), env[axis])
    return Array(low.work.node("with_entry", inputs, spans), indices)


def _end(low: Lowering, expr: Expr, pair: Pair, env: Env) -> Array:
    """``k = K`` or ``k = 1``: the other entries, and one more at that end."""
    axis, place = pair
    span = env[axis]
    last = place == span.upper
    shorter = Span(span.lower, span.upper - 1) if last else Span(span.lower + 1, span.upper)
    off = low.scope(decided(expr, pair, False), {**env, axis: shorter})
    on = low.scope(substitute(decided(expr, pair, True), {axis: place}), env)
    rest = tuple(dict.fromkeys(s for s in (*off.indices, *on.indices) if s != axis))
    indices = (*rest, axis)
    inputs = (low.work.place(off, indices), low.work.place(on, rest))
    spans = (*_spans(rest, off, on), span)
    node = low.work.node("join", inputs, spans, ("last" if last else "first", shorter))
    return Array(node, indices)


def _choose(low: Lowering, expr: Expr, pair: Pair, env: Env) -> Array:
    """Any other coincidence: both values, and a mask that chooses."""
    mask = low.visit(Indicator(pair[0] <= pair[1]), env)
    other = low.visit(Indicator(pair[0] >= pair[1]), env)
    both = low.work.combine("and", mask, other)
    on, off = (low.scope(decided(expr, pair, equal), env) for equal in (True, False))
    return low.work.combine("where", both, on, off)


@lowers(KroneckerDelta)
def kronecker(low: Lowering, expr: Expr, env: Env) -> Array:
    """A δ that a scope has not met yet."""
    return low.scope(expr, env)


@lowers(Cases)
def cases(low: Lowering, expr: Expr, env: Env) -> Array:
    """Cases by equality through the scope; by order of indices through masks."""
    if next(coincidences(low, expr), None) is not None:
        return low.scope(expr, env)
    *first, (value, _) = expr.pairs
    array = low.scope(value, env)
    for value, condition in first[::-1]:
        mask = low.visit(Indicator(condition), env)
        array = low.work.combine("where", mask, low.scope(value, env), array)
    return array


@lowers(Indicator)
def indicator(low: Lowering, expr: Expr, env: Env) -> Array:
    """1 where the relation between two indices holds, else 0."""
    relation: Relational = expr.relation
    sides = [_place_value(low, e, env) for e in (relation.lhs, relation.rhs)]
    return low.work.combine("compare", *sides, data=(relation.rel_op,))


def _place_value(low: Lowering, index: Expr, env: Env) -> Array:
    """The value 1, …, K of an index; labels count from 0."""
    if low.is_label(index):
        one = low.work.constant(Integer(1))
        return low.work.combine("add", low.visit(index, env), one, data=(1, 1))
    return low.visit(index, env)
