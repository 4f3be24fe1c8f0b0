"""Rewrites that avoid a difference of nearly equal numbers: what is left is added up instead."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Cases,
    Eq,
    Expr,
    Mul,
    Ne,
    Sum,
    Symbol,
    exp,
    free_indices,
    fresh,
    substitute,
)
from derive.kernel.matching import divided
from derive.kernel.rule import rule
from derive.notation import K, i, index, j, k, p, y, z
from derive.rules.stability import sum_of_exponentials

_l = index("l")
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


@rule(
    title="one place apart",
    law=r"f_i = \begin{cases} f_l & i = l\\ f_i & i \neq l\end{cases}",
    words="one place is set apart, where a better form is at hand",
    domain="everywhere",
    reference="substitution",
    args=(i, _l),
    example=(p[i] - y[i], Cases((p[_l] - y[_l], Eq(i, _l)), (p[i] - y[i], Ne(i, _l)))),
    refuses=p[j] - y[j],
)
def place_apart(node: Expr, context: Context, free: Symbol, place: Symbol) -> Expr | None:
    """An expression in an index, at one value of that index and elsewhere."""
    if not isinstance(node, Expr) or free not in free_indices(node):
        return None
    if place in node.free_symbols or context.range_of(free) != context.range_of(place):
        return None
    there = substitute(node, {free: place})
    return Cases((there, Eq(free, place)), (node, Ne(free, place)))


@rule(
    title="own term apart",
    law=r"a\sum_k f_k + b\,f_i = a\sum_{k\ne i} f_k + (a + b)\,f_i",
    words="one term of the sum joins what else there is of it",
    domain="i in the range of the sum",
    reference="distributive law",
    example=(
        p[i] * Sum(y[k], (k, 1, K)) - y[i],
        p[i] * Sum(y[k], (k, 1, K), i) + (p[i] - 1) * y[i],
    ),
    refuses=p[i] * Sum(y[k], (k, 1, K)) - z[i],
)
def own_term_apart(node: Expr, context: Context) -> Expr | None:
    """A multiple of a sum and of one of its terms: the sum without it, and that term once."""
    if not isinstance(node, Add):
        return None
    for term in node.args:
        for total in (f for f in Mul.make_args(term) if isinstance(f, Sum) and not f.excluded):
            for other in node.args:
                moved = None if other is term else _joined(term / total, total, other, context)
                if moved is not None:
                    return node - term - other + moved
    return None


def _joined(weight: Expr, total: Sum, other: Expr, context: Context) -> Expr | None:
    """weight · Σ_k f_k + b f_i with the term i in one place."""
    for place in sorted(free_indices(other) - {total.index}, key=str):
        span = context.range_of(place)
        rest = divided(other, total.at(place))
        if span is None or rest is None or (span.lower, span.upper) != (total.lower, total.upper):
            continue
        apart = weight * Sum(total.body, total.args[1], place)
        return apart + Mul(Add(weight, rest), total.at(place))
    return None


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
