"""Products over symbolic ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from derive.kernel.normal import sums
from derive.kernel.normal.closing import moved_span, renamed, renamed_span
from derive.kernel.normal.form import (
    Atom,
    Form,
    Idx,
    Span,
    atom,
    constant,
)

if TYPE_CHECKING:
    from derive.kernel.normal.normaliser import Normaliser

def product_over(norm: Normaliser, body: Form, span: Span) -> Form:
    """Π of the body: exp Σ log where the body is positive."""
    span = sums.trimmed(span)
    explicit = sums.explicit_values(span)
    if explicit is not None and not span.excluded:
        out = constant(1)
        for v in explicit:
            out = out * norm.rebuild(body, {span.name: v})
        return out
    if norm.signs.positive(body):
        return norm.exp(sums.sum_over(norm, norm.log(body), span))
    if span.name not in body.names:
        n = sums.count(norm, span)
        if n.number is not None:
            return norm.power(body, n)
    names = {span.name: Idx(f"@{1 + _form_height(body)}.0", 0)}
    inner = Form({renamed(mono, names): c for mono, c in body.terms.items()})
    return atom("prod", (renamed_span(span, names),), inner)


def reopened_product(norm: Normaliser, a: Atom, moved: Mapping[str, Idx]) -> Form:
    names = {s.name: Idx(norm.fresh(), 0) for s in a.data[0]}
    (span,) = (moved_span(renamed_span(s, names), moved) for s in a.data[0])
    norm.indices.bind(span)
    body = Form({renamed(mono, names): c for mono, c in a.data[1].terms.items()})
    return product_over(norm, norm.rebuild(body, moved), span)


def _form_height(form: Form) -> int:
    return max((a.height for mono in form.terms for a, _ in mono), default=0)
