"""What targets and probabilities satisfy: totals, one-hot labels, the reference class."""

from __future__ import annotations

from derive.kernel.facts import Context, Fixed, OneHot, SumsTo
from derive.kernel.language import Expr, Indexed, IndexedBase, Sum, Symbol, delta, fresh
from derive.kernel.matching import alike
from derive.kernel.rule import rule
from derive.notation import K, base_of, c, eta, i, k, phi, q, y, z

NORMALISED = Context().with_facts(SumsTo(y), SumsTo(phi), OneHot(q, c), Fixed(eta[K], z[i] * 0))


def _total(context: Context, base: IndexedBase) -> Expr | None:
    facts = (f for f in context.facts if isinstance(f, SumsTo) and f.base == base)
    return next((f.total for f in facts), None)


@rule(
    title="the components sum to their total",
    law=r"\sum_{k=1}^{K} y_k = 1",
    words="the components sum to their total",
    domain="this total is a stated assumption",
    reference="an assumption of the derivation",
    example=(z[i] * Sum(y[k], (k, 1, K)), z[i]),
    refuses=z[i] * Sum(y[k], (k, 1, K - 1)),
    args=(y,),
    context=NORMALISED,
)
def use_total(node: Expr, context: Context, base: IndexedBase) -> Expr | None:
    total = _total(context, base)
    if total is None or not isinstance(node, Sum):
        return None
    term = node.body
    before = term.indices[:-1] if isinstance(term, Indexed) and term.base == base else ()
    if any(node.index in e.free_symbols for e in before):
        return None
    letter = fresh(node.index, node)
    return total if alike(node, Sum(base[(*before, letter)], (letter, 1, K))) else None


@rule(
    title="all but the last",
    law=r"\sum_{k=1}^{K-1} \phi_k = 1 - \phi_K",
    words="the components sum to their total, so all but the last sum to the total minus the last",
    domain="this total is a stated assumption",
    reference="an assumption of the derivation",
    example=(Sum(phi[i], (i, 1, K - 1)), 1 - phi[K]),
    refuses=Sum(z[i], (i, 1, K - 1)),
    args=(phi,),
    context=NORMALISED,
)
def all_but_last(node: Expr, context: Context, base: IndexedBase) -> Expr | None:
    total = _total(context, base)
    if total is None or not isinstance(node, Sum):
        return None
    return total - base[K] if alike(node, Sum(base[k], (k, 1, K - 1))) else None


@rule(
    title="the last component is the rest",
    law=r"y_K = 1 - \sum_{k=1}^{K-1} y_k",
    words="the last component is what the others leave of the total",
    domain="this total is a stated assumption",
    reference="an assumption of the derivation",
    example=(y[K] * z[i], (1 - Sum(y[k], (k, 1, K - 1))) * z[i]),
    refuses=y[i] * z[K],
    args=(y,),
    context=NORMALISED,
)
def last_is_the_rest(node: Expr, context: Context, base: IndexedBase) -> Expr | None:
    total = _total(context, base)
    if total is None or node != base[K]:
        return None
    return total - Sum(base[k], (k, 1, K - 1))


@rule(
    title="one-hot",
    law=r"y_k = \delta_{kc}",
    words="all weight is on the labelled class",
    domain="this is a stated assumption",
    reference="an assumption of the derivation",
    example=(q[i] * z[i], delta(i, c) * z[i]),
    refuses=y[i] * z[i],
    args=(q,),
    context=NORMALISED,
)
def one_hot(node: Expr, context: Context, base: IndexedBase) -> Expr | None:
    if not isinstance(node, Indexed) or node.base != base:
        return None
    labels = (f.label for f in context.facts if isinstance(f, OneHot) and f.base == base)
    label: Symbol | None = next(labels, None)
    return None if label is None else delta(node.indices[-1], label)


@rule(
    title="known component",
    law=r"\eta_K = 0",
    words="this component is fixed",
    domain="this is a stated assumption",
    reference="an assumption of the derivation",
    example=(eta[K] + z[i], z[i]),
    refuses=eta[i] + z[K],
    args=(eta,),
    context=NORMALISED,
)
def known_component(node: Expr, context: Context, base: IndexedBase) -> Expr | None:
    for f in context.facts:
        if isinstance(f, Fixed) and base_of(f.component) == base and node == f.component:
            return f.value
    return None
