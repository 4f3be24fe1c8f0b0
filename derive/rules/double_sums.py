"""Sums of sums: the order of summation."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import Expr, Mul, Sum, Symbol, bound_indices, free_indices
from derive.kernel.rule import rule
from derive.notation import K, i, j, k, x, y, z
from derive.rules.sums import GKP


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
