"""Building an atom again after indices have been replaced or facts have come into play."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from derive.kernel.normal import products, sums
from derive.kernel.normal.closing import moved_span, renamed, renamed_span
from derive.kernel.normal.form import (
    ONE,
    Atom,
    Form,
    Idx,
    atom,
    monomial,
)

if TYPE_CHECKING:
    from derive.kernel.normal.normaliser import Normaliser


def rebuild_atom(norm: Normaliser, a: Atom, moved: Mapping[str, Idx]) -> Form:
    """An atom built again, with indices replaced, under the normaliser's facts and names."""
    def to(idx: Idx) -> Idx:
        target = moved.get(idx.name)
        return target.moved(idx.offset) if target else idx

    x = a.data
    match a.kind:
        case "sym":
            if x[0] in moved:
                return norm.value(moved[x[0]])
            known = norm.symbols.get(x[0])
            return norm.symbol(known, {}) if known is not None else norm.value(Idx(x[0], 0))
        case "ix":
            return norm.component(norm.symbols[x[0]], tuple(to(n) for n in x[1:]))
        case "num":
            return monomial(((a, ONE),))
        case "exp":
            return norm.exp(norm.rebuild_monomial(x[0], moved))
        case "log":
            return norm.log(norm.rebuild(x[0], moved))
        case "pow":
            return norm.power(norm.rebuild(x[0], moved), norm.rebuild_monomial(x[1], moved))
        case "big":
            return norm.rebuild(x[0], moved)
        case "delta":
            return norm.delta(to(x[0]), to(x[1]))
        case "le":
            return norm.at_most(to(x[0]), to(x[1]))
        case "fn" if x[0] == "power":
            return norm.power(norm.rebuild(x[1], moved), norm.rebuild(x[2], moved))
        case "fn":
            return atom("fn", x[0], *(norm.rebuild(f, moved) for f in x[1:]))
        case "prod":
            return products.reopened_product(norm, a, moved)
        case _:
            return _reopened_sum(norm, a, moved)


def _reopened_sum(norm: Normaliser, a: Atom, moved: Mapping[str, Idx]) -> Form:
    """A sum atom built again with indices replaced."""
    names = {s.name: Idx(norm.fresh(), 0) for s in a.data[0]}
    spans = [moved_span(renamed_span(s, names), moved) for s in a.data[0]]
    for s in spans:
        norm.indices.bind(s)
    out = norm.rebuild_monomial(renamed(a.data[1], names), moved)
    for s in reversed(spans):
        out = sums.sum_over(norm, out, s)
    return out
