"""Several sums: one inside another, and one beside another."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Expr,
    Mul,
    Sum,
    Symbol,
    bound_indices,
    free_indices,
    fresh,
)
from derive.kernel.rule import rule
from derive.notation import K, i, j, k, x, y, z
from derive.rules.sums import GKP, total


@rule(
    title="order of summation",
    law=r"\sum_i a_i \sum_k f_{ik} = \sum_k \sum_i a_i\,f_{ik}",
    words="the order of two finite sums is changed; what stands before the inner one goes into it",
    domain="neither range depends on the index of the other sum",
    reference=f"{GKP.replace('2.3', '2.4')}, interchanging the order of summation",
    example=(
        x[j] * Sum(x[i] * Sum(y[i] * z[k], (k, 1, K)), (i, 1, K)),
        x[j] * Sum(Sum(x[i] * y[i] * z[k], (i, 1, K)), (k, 1, K)),
    ),
    refuses=Sum(Sum(y[i] * z[k], (k, 1, i)), (i, 1, K)),
    args=(k,),
)
def move_out(node: Expr, context: Context, letter: Symbol) -> Expr | None:
    """The sum over this letter changes places with the sum around it."""
    if not isinstance(node, Sum):
        return None
    factors = Mul.make_args(node.body)
    sums = [f for f in factors if isinstance(f, Sum) and f.index == letter]
    rest = Mul(*(f for f in factors if f not in sums))
    if len(sums) != 1 or letter in free_indices(rest) | bound_indices(rest):
        return None
    (inner,) = sums
    own = {s for e in (inner.lower, inner.upper, *inner.excluded) for s in e.free_symbols}
    outer = {s for e in (node.lower, node.upper, *node.excluded) for s in e.free_symbols}
    if node.index in own or letter in outer:
        return None
    return inner.func(node.func(rest * inner.body, *node.args[1:]), *inner.args[1:])


@rule(
    title="one sum",
    law=r"\sum_k f_k + \sum_k g_k = \sum_k (f_k + g_k)",
    words="sums over the same range are joined into one",
    domain="the ranges are the same",
    reference=f"{GKP}, associative law",
    example=(x[i] + total(y[k]) - total(z[k]), x[i] + total(y[k] - z[k])),
    refuses=total(y[k]) + Sum(z[k], (k, 1, K - 1)),
)
def one_sum(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Add):
        return None
    groups: dict[tuple[Expr, ...], list[Sum]] = {}
    rest: list[Expr] = []
    for t in node.args:
        found = _as_sum(t)
        if found is None:
            rest.append(t)
        else:
            groups.setdefault(tuple(found.args[1][1:]) + found.excluded, []).append(found)
    if all(len(g) < 2 for g in groups.values()):
        return None
    return Add(*rest, *(_joined(g) for g in groups.values()))


def _as_sum(term: Expr) -> Sum | None:
    sums = [f for f in Mul.make_args(term) if isinstance(f, Sum)]
    if len(sums) != 1:
        return None
    (s,) = sums
    outer = Mul(*(f for f in Mul.make_args(term) if f is not s))
    if s.index in free_indices(outer):
        s = s.rebound(fresh(s.index, s, outer))
    return s.func(outer * s.body, *s.args[1:])


def _joined(sums: list[Sum]) -> Expr:
    first = sums[0]
    bodies = [s.body if s.index == first.index else s.at(first.index) for s in sums]
    return first.func(Add(*bodies), *first.args[1:])
