"""What the rewrites of the numerical form look for in an expression."""

from __future__ import annotations

from collections.abc import Container

from derive.kernel.facts import Context, Definition
from derive.kernel.language import (
    Add,
    Expr,
    Indexed,
    Mul,
    Pow,
    Ranged,
    Symbol,
    free_indices,
    log,
    substitute,
    walk,
)
from derive.kernel.step import FunctionSpec
from derive.notation import base_of
from derive.rules.stability import sum_of_exponentials


def abs_term(term: Expr) -> Expr:
    """A term without its sign."""
    return -term if term.as_coeff_Mul()[0].is_negative else term


def stands_alone(line: Expr, name: Expr) -> bool:
    """Whether a shift occurs as s + log(…) with nothing else in the sum, and so everywhere."""
    sums = [[abs_term(t) for t in node.args] for node in walk(line) if isinstance(node, Add)]
    own = [ts for ts in sums if any(base_of(t) == name for t in ts)]
    own = [ts for ts in own if any(_is_log(t) for t in ts)]
    return bool(own) and all(_is_log(t) or base_of(t) == name for ts in own for t in ts)


def _is_log(term: Expr) -> bool:
    """Whether a term is a multiple of a logarithm."""
    return any(isinstance(f, log) for f in Mul.make_args(term))


def names(context: Context) -> set[Expr]:
    return {d.name for d in context.definitions}


def mentions(expr: Expr, names: Container[Expr]) -> bool:
    return any(base_of(node) in names for node in walk(expr))


def used(line: Expr, context: Context) -> list[Definition]:
    """The definitions that the line uses, directly or through others, in order."""
    found: list[Definition] = []
    for node in walk(line):
        definition = context.definition_of(node) if isinstance(node, Expr) else None
        if definition is not None and definition not in found:
            found.append(definition)
            found += [d for d in used(definition.body, context) if d not in found]
    return [d for d in context.definitions if d in found]


def quotient_inside(expr: Expr, deep: bool = True) -> Expr | None:
    """The sum of exponentials that something is divided by."""
    nodes = walk(expr) if deep else iter(Mul.make_args(expr))
    for node in nodes:
        if isinstance(node, Pow) and node.exp.is_negative and sum_of_exponentials(node.base):
            return node.base
    return None


def distinct(expr: Expr, kind: type) -> list[Expr]:
    return list(dict.fromkeys(n for n in walk(expr) if isinstance(n, kind)))


def parameters(inner: Expr, spec: FunctionSpec, context: Context) -> set[Symbol]:
    """The indices that a sum of exponentials depends on, sizes and labels aside."""
    inside = {s for n in walk(inner) if isinstance(n, Indexed) for s in free_indices(n)}
    bound = {n.index for n in walk(inner) if isinstance(n, Ranged)}
    return {s for s in inside - bound if s in context.ranges and s not in spec.arguments}


def canonical(inner: Expr) -> Expr:
    """The sum with the letters of its bound indices renamed, so that equal sums are one key."""
    letters = [n for n in walk(inner) if isinstance(n, Ranged)]
    for count, node in enumerate(letters):
        inner = substitute(
            inner, {node: node.rebound(Symbol(f"_{count}", integer=True, positive=True))}
        )
    return inner
