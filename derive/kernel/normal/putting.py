"""Index values put into an expression without letting SymPy cancel: y/y keeps needing y ≠ 0."""

from __future__ import annotations

from collections.abc import Mapping

from derive.kernel.language import (
    Add,
    Cases,
    Expr,
    Mul,
    Partial,
    Pow,
    Ranged,
    Symbol,
    exp,
    fresh,
    log,
    substitute,
)


def put(expr: Expr, values: Mapping[Symbol, Expr]) -> Expr:
    """The expression with free indices replaced; sums, products, powers stay as written."""
    used = {s: v for s, v in values.items() if s in expr.free_symbols}
    if not used:
        return expr
    if isinstance(expr, Add | Mul | Pow | exp | log):
        return expr.func(*(put(a, used) for a in expr.args), evaluate=False)
    if isinstance(expr, Partial):
        return Partial(put(expr.expr, used), substitute(expr.var, used))
    if isinstance(expr, Cases):
        return Cases(*((put(f, used), substitute(c, used)) for f, c in expr.pairs))
    if isinstance(expr, Ranged):
        return _ranged(expr, used)
    return substitute(expr, used)


def _ranged(node: Ranged, values: Mapping[Symbol, Expr]) -> Expr:
    """Inside a binder: its own letter is left alone, and captures nothing."""
    index, body = node.index, node.body
    inner = {s: v for s, v in values.items() if s != index}
    if any(index in v.free_symbols for v in inner.values()):
        index = fresh(index, body, *inner.keys(), *inner.values())
        body = put(body, {node.index: index})
    ends, excluded = (node.lower, node.upper), node.excluded
    lower, upper = (substitute(e, inner) for e in ends)
    without = (substitute(e, inner) for e in excluded)
    return node.func(put(body, inner), (index, lower, upper), *without)
