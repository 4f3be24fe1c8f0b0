"""The last word on a sum: merge nested sums, split independent parts, name bound indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

from derive.kernel.normal import sums
from derive.kernel.normal.form import (
    ZERO,
    Atom,
    Form,
    Idx,
    Monomial,
    Span,
    atom,
    constant,
    monomial,
    monomial_key,
    total,
)

if TYPE_CHECKING:
    from derive.kernel.normal.normaliser import Normaliser
MAX_NESTED = 6


def close(norm: Normaliser, spans: tuple[Span, ...], mono: Monomial) -> Form:
    """The atom Σ over the spans: nested sums merged, independent parts apart, names canonical."""
    if not mono:
        return _counts(norm, spans, mono)
    names = {s.name for s in spans}
    for a, e in mono:
        whole = a.kind == "sum" and e.denominator == 1 and e > 0
        shares = whole and a.names & names and len(spans) + len(a.data[0]) <= MAX_NESTED
        if shares and not any(n in names for s in a.data[0] for n in _span_names(s)):
            inner, body = opened(norm, a)
            rest = _times(mono, a, e - 1)
            product = monomial(rest) * monomial(body)
            merged = (*spans, *inner)
            return total(close(norm, merged, m).scaled(c) for m, c in product.terms.items())
    parts = list(_components(spans, mono))
    if len(parts) > 1 or len(parts[0][0]) < len(spans):
        out = constant(1)
        for part_spans, part in parts:
            out = out * (close(norm, part_spans, part) if part_spans else monomial(part))
        return out
    known = _known_total(norm, spans, mono)
    return known if known is not None else canonical(spans, mono)


def _times(mono: Monomial, a: Atom, e: Fraction) -> Monomial:
    return tuple((b, e if b == a else f) for b, f in mono if b != a or e != ZERO)


def _span_names(span: Span) -> Iterator[str]:
    for x in (span.lower, span.upper, *span.excluded):
        yield x.name


def _components(
    spans: tuple[Span, ...], mono: Monomial
) -> Iterator[tuple[tuple[Span, ...], Monomial]]:
    """Split a product into parts that share no bound index."""
    left = list(mono)
    remaining = list(spans)
    while remaining:
        names = {remaining[0].name}
        while True:
            hit = [(a, e) for a, e in left if a.names & names]
            wider = names | {
                s.name for s in remaining for a, _ in hit if s.name in a.names
            } | {s.name for s in remaining if set(_span_names(s)) & names}
            if wider == names:
                break
            names = wider
        part = tuple(s for s in remaining if s.name in names)
        remaining = [s for s in remaining if s.name not in names]
        left = [(a, e) for a, e in left if not a.names & names]
        yield part, tuple(hit)
    if left:
        yield (), tuple(left)


def _known_total(norm: Normaliser, spans: tuple[Span, ...], mono: Monomial) -> Form | None:
    """A declared total Σ_k base_k, where one bound index occurs in nothing else."""
    for span in spans:
        using = [(a, e) for a, e in mono if span.name in a.names]
        if len(using) != 1 or span.excluded:
            continue
        (a, e), = using
        if a.kind != "ix" or e != 1 or a.data[0] not in norm.totals:
            continue
        if norm.symbols.get(a.data[0]) in norm.suspended:
            continue
        *before, last = a.data[1:]
        declared = norm.context.quantities.get(a.data[0])
        if last != Idx(span.name, 0) or any(span.name == w.name for w in before):
            continue
        if span.lower != Idx("", 1) or not declared or not declared.shape:
            continue
        if not norm.same_end(span.upper, declared.shape[-1]):
            continue
        rest = tuple((b, f) for b, f in mono if b != a)
        others = tuple(s for s in spans if s != span)
        value = norm.form(norm.totals[a.data[0]])
        inner = close(norm, others, rest) if others else monomial(rest)
        return value * inner
    return None


def _counts(norm: Normaliser, spans: tuple[Span, ...], rest: Monomial) -> Form:
    out = monomial(rest)
    for s in spans:
        out = out * sums.count(norm, s)
    return out


def canonical(spans: tuple[Span, ...], mono: Monomial) -> Form:
    """The sum atom with bound names chosen so that equal sums are written alike."""
    height = 1 + max((a.height for a, _ in mono), default=0)
    best: tuple[str, tuple[Span, ...], Monomial] | None = None
    orders = permutations(spans) if len(spans) <= 5 else [tuple(sorted(spans, key=_anonymous_text))]
    for order in orders:
        names = {s.name: Idx(f"@{height}.{n}", 0) for n, s in enumerate(order)}
        if not _ranges_in_order(order):
            continue
        body = renamed(mono, names)
        named = tuple(renamed_span(s, names) for s in order)
        key = ",".join(map(str, named)) + monomial_key(body)
        if best is None or key < best[0]:
            best = (key, named, body)
    assert best is not None
    return atom("sum", best[1], best[2])


def _ranges_in_order(order: tuple[Span, ...]) -> bool:
    """Only the order of spans with equal ranges is free; others go by their text."""
    texts = [_anonymous_text(s) for s in order]
    return texts == sorted(texts)


def _anonymous_text(span: Span) -> str:
    return str(span._replace(name=""))


def renamed_span(span: Span, names: Mapping[str, Idx]) -> Span:
    def to(x: Idx) -> Idx:
        return Idx(names[x.name].name, x.offset) if x.name in names else x

    ends = (to(span.lower), to(span.upper))
    return Span(names[span.name].name, *ends, tuple(map(to, span.excluded)))


def renamed(mono: Monomial, names: Mapping[str, Idx]) -> Monomial:
    pairs = [(renamed_atom(a, names), e) for a, e in mono]
    return tuple(sorted(pairs, key=lambda t: t[0].key))


def renamed_atom(a: Atom, names: Mapping[str, Idx]) -> Atom:
    """The atom with bound names replaced by other bound names; nothing can coincide or simplify."""
    if not a.names & set(names):
        return a
    return Atom(a.kind, tuple(_renamed_datum(a.kind, x, names) for x in a.data))


def _renamed_datum(kind: str, x: object, names: Mapping[str, Idx]) -> object:
    if isinstance(x, Idx):
        return Idx(names[x.name].name, x.offset) if x.name in names else x
    if isinstance(x, Form):
        return Form({renamed(mono, names): c for mono, c in x.terms.items()})
    if isinstance(x, str):
        return names[x].name if kind == "sym" and x in names else x
    if isinstance(x, tuple) and x and isinstance(x[0], Span):
        kept = {**{s.name: Idx(s.name, 0) for s in x}, **names}
        return tuple(renamed_span(s, kept) for s in x)
    if isinstance(x, tuple):
        return renamed(x, names)
    return x


def opened(norm: Normaliser, a: Atom) -> tuple[tuple[Span, ...], Monomial]:
    """The spans and body of a sum atom under fresh names."""
    names = {s.name: Idx(norm.fresh(), 0) for s in a.data[0]}
    spans = tuple(renamed_span(s, names) for s in a.data[0])
    for s in spans:
        norm.indices.bind(s)
    return spans, renamed(a.data[1], names)


def moved_span(span: Span, moved: Mapping[str, Idx]) -> Span:
    def to(x: Idx) -> Idx:
        target = moved.get(x.name)
        return target.moved(x.offset) if target else x

    return Span(span.name, to(span.lower), to(span.upper), tuple(map(to, span.excluded)))
