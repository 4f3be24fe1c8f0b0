"""Rewrites that avoid a difference of nearly equal numbers: what is left is added up instead."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import Add, Expr, Mul, Sum, exp, free_indices, fresh
from derive.kernel.rule import rule
from derive.notation import K, i, k, z
from derive.rules.stability import sum_of_exponentials

_SOFTMAX = exp(z[i]) / Sum(exp(z[k]), (k, 1, K))
_NUMBERS = "Blanchard, Higham and Higham, IMA J. Numer. Anal. 41 (2021), section 1"


@rule(
    title="the rest of the probability",
    law=r"1 - \frac{e^{f_i}}{\sum_k e^{f_k}} = \frac{\sum_{k\ne i} e^{f_k}}{\sum_k e^{f_k}}",
    words="what is left of 1 is the share of all other terms: a sum without cancellation",
    domain="$e^{f_i}$ is one of the terms",
    reference=_NUMBERS,
    example=(1 - _SOFTMAX, Sum(exp(z[k]), (k, 1, K), i) / Sum(exp(z[k]), (k, 1, K))),
    refuses=2 - _SOFTMAX,
)
def rest_of_probability(node: Expr, context: Context) -> Expr | None:
    """1 − p_i (or p_i − 1) by the other terms, p_i written out or named."""
    if not isinstance(node, Add) or len(node.args) != 2:
        return None
    sign = next((t for t in node.args if t in (1, -1)), None)
    share = next((t for t in node.args if t not in (1, -1)), None)
    if sign is None or share is None:
        return None
    share = -sign * share
    definition = context.definition_of(share)
    if definition is not None:
        share = definition.applied(share)
    sums = [f for f in Mul.make_args(share) if sum_of_exponentials(1 / f)]
    if len(sums) != 1:
        return None
    rest = _without(1 / sums[0], share / sums[0])
    return None if rest is None else sign * rest * sums[0]


def _without(total: Expr, term: Expr) -> Expr | None:
    """A sum of exponentials without one of its terms."""
    for part in Add.make_args(total):
        if part == term:
            return total - term
        if isinstance(part, Sum) and not part.excluded:
            for place in sorted(free_indices(term), key=str):
                if part.at(place) == term:
                    clear = part
                    if place == part.index:
                        clear = part.rebound(fresh(part.index, part, term))
                    return total - part + Sum(clear.body, clear.args[1], place)
    return None
