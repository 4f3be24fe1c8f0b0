"""Sums over symbolic ranges: distribute, pull out, sift, widen to the full range."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.errors import LanguageError
from derive.kernel.language import Expr
from derive.kernel.normal import closing, deltas, fractions
from derive.kernel.normal.form import (
    Atom,
    Form,
    Idx,
    Monomial,
    Span,
    atom,
    constant,
    monomial,
    monomial_atoms,
    total,
)
from derive.kernel.normal.indices import index_of
from derive.kernel.normal.signals import Undecidable

if TYPE_CHECKING:
    from derive.kernel.normal.normaliser import Normaliser

MAX_EXPLICIT = 64
MAX_NESTED = 6


def sum_over(norm: Normaliser, body: Form, span: Span) -> Form:
    """Σ of the body over the span."""
    span = trimmed(span)
    explicit = explicit_values(span)
    if explicit is not None:
        written = []
        for v in explicit:
            weight = kept(norm, span, v)
            if weight.terms:
                written.append(norm.rebuild(body, {span.name: v}) * weight)
        return total(written)
    body = fractions.reduced(deltas.split_inner_deltas(norm, body, span))
    groups: dict[Monomial, list[tuple[Monomial, Fraction]]] = {}
    out: list[Form] = []
    for mono, c in body.terms.items():
        bound = tuple((a, e) for a, e in mono if span.name in a.names)
        free = tuple((a, e) for a, e in mono if span.name not in a.names)
        groups.setdefault(free, []).append((bound, c))
    for outer, terms in groups.items():
        inner = total(_sum_of(norm, part, span).scaled(x) for part, x in terms)
        out.append(inner * monomial(outer))
    return total(out)


def trimmed(span: Span) -> Span:
    """An end that is left out anyway is not in the range."""
    for e in span.excluded:
        others = tuple(x for x in span.excluded if x != e)
        if e == span.upper:
            return trimmed(span._replace(upper=e.moved(-1), excluded=others))
        if e == span.lower:
            return trimmed(span._replace(lower=e.moved(1), excluded=others))
    return span


def explicit_values(span: Span) -> list[Idx] | None:
    """The values of a range between ends a known number apart; none when it is empty."""
    if span.lower.name != span.upper.name:
        return None
    n = span.upper.offset - span.lower.offset + 1
    if n > MAX_EXPLICIT:
        raise LanguageError(
            f"a sum of {n} written-out terms is too long", hint="use a symbolic end"
        )
    return [span.lower.moved(t) for t in range(max(n, 0))]


def empty(norm: Normaliser, span: Span) -> bool:
    """Whether a range of known length has no values, or none that is kept."""
    values = explicit_values(span)
    return values is not None and not any(kept(norm, span, v).terms for v in values)


def kept(norm: Normaliser, span: Span, value: Idx) -> Form:
    """1 unless the value is one of those left out."""
    out = constant(1)
    for e in span.excluded:
        out = out * (constant(1) - norm.delta(value, e))
    return out


def _sum_of(norm: Normaliser, mono: Monomial, span: Span) -> Form:
    """Σ of one monomial all of whose atoms depend on the bound index."""
    for a, e in mono:
        if a.kind == "delta":
            if e < 0:
                raise Undecidable("a quotient by an indicator")
            return _sifted(norm, mono, a, span)
    for a, _ in mono:
        if a.kind == "le":
            narrowed = _narrowed(norm, a, span)
            if narrowed is not None:
                rest = tuple((b, e) for b, e in mono if b != a)
                return _sum_of(norm, rest, narrowed)
    if not mono:
        return count(norm, span)
    return _widened(norm, mono, span)


def _sifted(norm: Normaliser, mono: Monomial, a: Atom, span: Span) -> Form:
    """Σ_k f_k δ_{k,v} = f_v if v is in the range, else 0."""
    rest = tuple((b, e) for b, e in mono if b != a)
    left, right = a.data
    if left.name != span.name:
        left, right = right, left
    value = right.moved(-left.offset)
    inside = membership(norm, value, span)
    if not inside.terms:
        return inside
    return norm.rebuild_monomial(rest, {span.name: value}) * inside


def membership(norm: Normaliser, value: Idx, span: Span) -> Form:
    """1 if the value is in the range and not excluded, else 0."""
    inside = norm.at_most(span.lower, value) * norm.at_most(value, span.upper)
    return inside * kept(norm, span, value)


def _narrowed(norm: Normaliser, a: Atom, span: Span) -> Span | None:
    """The range cut down by an indicator k ≤ b or b ≤ k, if the ends can be compared."""
    left, right = a.data
    if left.name == span.name and right.name != span.name:
        end = right.moved(-left.offset)
        if norm.indices.at_most(end, span.upper):
            return span._replace(upper=end)
        return span if norm.indices.at_most(span.upper, end) else None
    if right.name == span.name and left.name != span.name:
        begin = left.moved(-right.offset)
        if norm.indices.at_most(span.lower, begin):
            return span._replace(lower=begin)
        return span if norm.indices.at_most(begin, span.lower) else None
    return None


def count(norm: Normaliser, span: Span) -> Form:
    """How many values the range has."""
    if not norm.indices.at_most(span.lower, span.upper.moved(1)):
        return atom("sum", (span._replace(name="@1.0"),), ())
    whole = norm.value(span.upper) - norm.value(span.lower) + constant(1)
    plain = span._replace(excluded=())
    seen: list[Idx] = []
    for e in span.excluded:
        present = membership(norm, e, plain._replace(excluded=tuple(seen)))
        whole = whole - present
        seen.append(e)
    return whole


def _widened(norm: Normaliser, mono: Monomial, span: Span) -> Form:
    """Move to the full range 1..size and no exclusions, where the added terms are defined."""
    for e in span.excluded:
        if defined_at(norm, mono, span, e):
            others = tuple(x for x in span.excluded if x != e)
            wider = span._replace(excluded=others)
            added = norm.rebuild_monomial(mono, {span.name: e}) * membership(norm, e, wider)
            return _widened(norm, mono, wider) - added
    if span.upper.name and span.upper.offset < 0:
        up = span.upper.moved(1)
        starts = norm.indices.at_most(span.lower, up)
        if starts and defined_at(norm, mono, span, up):
            return _widened(norm, mono, span._replace(upper=up)) - _added(norm, mono, span, up)
    if span.upper.name and not span.lower.name and span.lower.offset > 1:
        low = span.lower.moved(-1)
        fits = norm.indices.at_most(low, span.upper)
        if fits and defined_at(norm, mono, span, low):
            return _widened(norm, mono, span._replace(lower=low)) - _added(norm, mono, span, low)
    return closing.close(norm, (span,), mono)


def _added(norm: Normaliser, mono: Monomial, span: Span, value: Idx) -> Form:
    """The term that widening adds, unless it is left out."""
    return norm.rebuild_monomial(mono, {span.name: value}) * kept(norm, span, value)


def defined_at(norm: Normaliser, mono: Monomial, span: Span, value: Idx) -> bool:
    """Whether the summand certainly exists at a value outside its range."""
    for a in monomial_atoms(mono):
        if a.kind == "ix":
            declared = norm.context.quantities.get(a.data[0])
            ends = declared.shape if declared else ()
            for where, end in zip(a.data[1:], ends, strict=False):
                if where.name == span.name:
                    at = value.moved(where.offset)
                    if not _inside_shape(norm, at, end):
                        return False
    # A throwaway obligation book: anything new in it may fail at this value.
    probe = norm.variant(obligations={})
    try:
        probe.rebuild_monomial(mono, {span.name: value})
    except (LanguageError, ArithmeticError, Undecidable):
        return False
    return not probe.obligations


def _inside_shape(norm: Normaliser, at: Idx, end: Expr) -> bool:
    last = index_of(end, {}, norm)
    inside = norm.indices.at_most(Idx("", 1), at) and norm.indices.at_most(at, last)
    return bool(inside)
