"""What depends on the limits of a sum: deltas that point outside them."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import Expr, Integer, KroneckerDelta, Mul, Sum, delta
from derive.kernel.rule import rule
from derive.notation import K, i, k, x, z
from derive.rules.sums import GKP


@rule(
    title="sifting outside the range",
    law=r"\sum_{k=1}^{K-1} f_k\,\delta_{kK} = 0",
    words="the delta points outside the range of the sum: every term is 0",
    domain="the index of the delta lies certainly above or below the range",
    reference=f"{GKP}; definition of the Kronecker delta",
    example=(z[i] + Sum(x[k] * delta(k, K), (k, 1, K - 1)), z[i]),
    refuses=Sum(x[k] * delta(k, i), (k, 1, K - 1)),
)
def sifting_outside(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Sum):
        return None
    for d in Mul.make_args(node.body):
        if not isinstance(d, KroneckerDelta) or node.index not in d.args:
            continue
        value = next(a for a in d.args if a != node.index)
        span = context.ranges.get(value)
        low, high = (span.lower, span.upper) if span else (value, value)
        if (low - node.upper).is_positive or (node.lower - high).is_positive:
            return Integer(0)
    return None
