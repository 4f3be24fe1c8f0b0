"""Sums over symbolic ranges: distribute, pull out, sift, split, merge, and name bound indices last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

from derive.errors import LanguageError
from derive.kernel.form import (
    ONE,
    ZERO,
    Atom,
    Form,
    Idx,
    Monomial,
    Span,
    atom,
    constant,
    monomial,
    monomial_atoms,
    monomial_key,
    total,
)

if TYPE_CHECKING:
    from derive.kernel.normal import Normaliser

MAX_EXPLICIT = 64
MAX_NESTED = 6


def sum_over(norm: Normaliser, body: Form, span: Span) -> Form:
    """Σ of the body over the span."""
    explicit = _explicit_values(span)
    if explicit is not None:
        terms = []
        for v in explicit:
            kept = _kept(norm, span, v)
            if kept.terms:
                terms.append(norm.rebuild(body, {span.name: v}) * kept)
        return total(terms)
    body = reduced(_split_inner_deltas(norm, body, span))
    groups: dict[Monomial, list[tuple[Monomial, Fraction]]] = {}
    out = []
    for mono, c in body.terms.items():
        bound = tuple((a, e) for a, e in mono if span.name in a.names)
        free = tuple((a, e) for a, e in mono if span.name not in a.names)
        groups.setdefault(free, []).append((bound, c))
    for free, terms in groups.items():
        inner = total(_sum_of(norm, bound, span).scaled(c) for bound, c in terms)
        out.append(inner * monomial(free))
    return total(out)


def _explicit_values(span: Span) -> list[Idx] | None:
    """The values of a range between ends a known number apart; none when it is empty."""
    if span.lower.name != span.upper.name:
        return None
    n = span.upper.offset - span.lower.offset + 1
    if n > MAX_EXPLICIT:
        raise LanguageError(f"a sum of {n} written-out terms is too long", hint="use a symbolic end")
    return [span.lower.moved(t) for t in range(max(n, 0))]


def _kept(norm: Normaliser, span: Span, value: Idx) -> Form:
    """1 unless the value is one of those left out."""
    out = constant(1)
    for e in span.excluded:
        out = out * (constant(1) - norm.delta(value, e))
    return out


def _sum_of(norm: Normaliser, mono: Monomial, span: Span) -> Form:
    """Σ of one monomial all of whose atoms depend on the bound index."""
    for a, _ in mono:
        if a.kind == "delta":
            return _sifted(norm, mono, a, span)
    for a, _ in mono:
        if a.kind == "le":
            narrowed = _narrowed(norm, a, span)
            if narrowed is not None:
                rest = tuple((b, e) for b, e in mono if b != a)
                return _sum_of(norm, rest, narrowed)
    if not mono:
        return _count(norm, span)
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
    return inside * _kept(norm, span, value)


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


def _count(norm: Normaliser, span: Span) -> Form:
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
    return close(norm, (span,), mono)


def _added(norm: Normaliser, mono: Monomial, span: Span, value: Idx) -> Form:
    """The term that widening adds, unless it is left out."""
    return norm.rebuild_monomial(mono, {span.name: value}) * _kept(norm, span, value)


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
    except (LanguageError, ArithmeticError):
        return False
    return not probe.obligations


def _inside_shape(norm: Normaliser, at: Idx, end: object) -> bool:
    from derive.kernel.indices import index_of

    last = index_of(end, {}, norm)  # type: ignore[arg-type]
    inside = norm.indices.at_most(Idx("", 1), at) and norm.indices.at_most(at, last)
    return bool(inside)


def close(norm: Normaliser, spans: tuple[Span, ...], mono: Monomial) -> Form:
    """The atom Σ over the spans: nested sums merged, independent parts apart, names canonical."""
    if not mono:
        return _counts(norm, spans, mono)
    names = {s.name for s in spans}
    for a, e in mono:
        mergeable = a.kind == "sum" and e.denominator == 1 and e > 0 and a.names & names
        if mergeable and not any(n in names for s in a.data[0] for n in _span_names(s)):
            if len(spans) + len(a.data[0]) <= MAX_NESTED:
                inner, body = opened(norm, a)
                rest = _times(mono, a, e - 1)
                product = monomial(rest) * monomial(body)
                merged = (*spans, *inner)
                return total(
                    close(norm, merged, m).scaled(c) for m, c in product.terms.items()
                )
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
        out = out * _count(norm, s)
    return out


def canonical(spans: tuple[Span, ...], mono: Monomial) -> Form:
    """The sum atom with bound names chosen so that equal sums are written alike."""
    height = 1 + max((a.height for a, _ in mono), default=0)
    best: tuple[str, tuple[Span, ...], Monomial] | None = None
    orders = permutations(spans) if len(spans) <= 5 else [spans]
    for order in orders:
        names = {s.name: Idx(f"@{height}.{n}", 0) for n, s in enumerate(order)}
        if not _ranges_in_order(order):
            continue
        body = _renamed(mono, names)
        renamed = tuple(_renamed_span(s, names) for s in order)
        key = ",".join(map(str, renamed)) + monomial_key(body)
        if best is None or key < best[0]:
            best = (key, renamed, body)
    assert best is not None
    return atom("sum", best[1], best[2])


def _ranges_in_order(order: tuple[Span, ...]) -> bool:
    """Only the order of spans with equal ranges is free; others go by their text."""
    texts = [str(s._replace(name="")) for s in order]
    return texts == sorted(texts)


def _renamed_span(span: Span, names: Mapping[str, Idx]) -> Span:
    def to(x: Idx) -> Idx:
        return Idx(names[x.name].name, x.offset) if x.name in names else x

    return Span(names[span.name].name, to(span.lower), to(span.upper), tuple(map(to, span.excluded)))


def _renamed(mono: Monomial, names: Mapping[str, Idx]) -> Monomial:
    pairs = [(_renamed_atom(a, names), e) for a, e in mono]
    return tuple(sorted(pairs, key=lambda t: t[0].key))


def _renamed_atom(a: Atom, names: Mapping[str, Idx]) -> Atom:
    """The atom with bound names replaced by other bound names; nothing can coincide or simplify."""
    if not a.names & set(names):
        return a
    return Atom(a.kind, tuple(_renamed_datum(a.kind, x, names) for x in a.data))


def _renamed_datum(kind: str, x: object, names: Mapping[str, Idx]) -> object:
    if isinstance(x, Idx):
        return Idx(names[x.name].name, x.offset) if x.name in names else x
    if isinstance(x, Form):
        return Form({_renamed(mono, names): c for mono, c in x.terms.items()})
    if isinstance(x, str):
        return names[x].name if kind == "sym" and x in names else x
    if isinstance(x, tuple) and x and isinstance(x[0], Span):
        kept = {**{s.name: Idx(s.name, 0) for s in x}, **names}
        return tuple(_renamed_span(s, kept) for s in x)
    if isinstance(x, tuple):
        return _renamed(x, names)
    return x


def opened(norm: Normaliser, a: Atom) -> tuple[tuple[Span, ...], Monomial]:
    """The spans and body of a sum atom under fresh names."""
    names = {s.name: Idx(norm.fresh(), 0) for s in a.data[0]}
    spans = tuple(_renamed_span(s, names) for s in a.data[0])
    for s in spans:
        norm.indices.bind(s)
    return spans, _renamed(a.data[1], names)


def reopened(norm: Normaliser, a: Atom, moved: Mapping[str, Idx]) -> Form:
    """A sum or product atom built again with indices replaced."""
    if a.kind == "prod":
        return _reopened_product(norm, a, moved)
    names = {s.name: Idx(norm.fresh(), 0) for s in a.data[0]}
    spans = [_moved_span(_renamed_span(s, names), moved) for s in a.data[0]]
    for s in spans:
        norm.indices.bind(s)
    out = norm.rebuild_monomial(_renamed(a.data[1], names), moved)
    for s in reversed(spans):
        out = sum_over(norm, out, s)
    return out


def _moved_span(span: Span, moved: Mapping[str, Idx]) -> Span:
    def to(x: Idx) -> Idx:
        target = moved.get(x.name)
        return target.moved(x.offset) if target else x

    return Span(span.name, to(span.lower), to(span.upper), tuple(map(to, span.excluded)))


def _split_inner_deltas(norm: Normaliser, body: Form, span: Span) -> Form:
    """g(k, δ_kj) = g(k, 0) + δ_kj (g(k, 1) − g(k, 0)) for a δ below a nonlinear function."""
    for _ in range(16):
        found = next(_inner_deltas(body, span.name), None)
        if found is None:
            return body
        off, on = (_with_delta(norm, body, found, v) for v in (0, 1))
        body = off + Form({((found, ONE),): ONE}) * (on - off)
    return body


def _inner_deltas(body: Form, name: str) -> Iterator[Atom]:
    for mono in body.terms:
        for a, _ in mono:
            if a.kind not in ("delta", "le") and name in a.names:
                for inner in _free_atoms_in(a):
                    if inner.kind in ("delta", "le") and name in inner.names:
                        yield inner


def _free_atoms_in(a: Atom) -> Iterator[Atom]:
    """Atoms inside ``a`` that do not mention an index bound in ``a``."""
    bound = {s.name for s in a.data[0]} if a.kind in ("sum", "prod") else set()
    for x in a.data:
        monos: list[Monomial] = []
        if isinstance(x, Form):
            monos = list(x.terms)
        elif isinstance(x, tuple) and x and isinstance(x[0], tuple) and isinstance(x[0][0], Atom):
            monos = [x]
        for mono in monos:
            for b, _ in mono:
                if not b.names & bound:
                    yield b
                yield from (n for n in _free_atoms_in(b) if not n.names & bound)


def _with_delta(norm: Normaliser, body: Form, found: Atom, value: int) -> Form:
    """The body with one delta set to 0 or 1 everywhere."""
    probe = norm.variant()
    plain_delta, plain_le = probe.delta, probe.at_most

    def fixed(plain: object) -> object:
        def build(left: Idx, right: Idx) -> Form:
            out: Form = plain(left, right)  # type: ignore[operator]
            same = out.single and out.single[0] == ((found, ONE),)
            return constant(value) if same else out

        return build

    probe.delta = fixed(plain_delta)  # type: ignore[assignment,method-assign]
    probe.at_most = fixed(plain_le)  # type: ignore[assignment,method-assign]
    return probe.rebuild(body)


def product_over(norm: Normaliser, body: Form, span: Span) -> Form:
    """Π of the body: exp Σ log where the body is positive."""
    explicit = _explicit_values(span)
    if explicit is not None and not span.excluded:
        out = constant(1)
        for v in explicit:
            out = out * norm.rebuild(body, {span.name: v})
        return out
    if norm.signs.positive(body):
        return norm.exp(sum_over(norm, norm.log(body), span))
    if span.name not in body.names:
        n = _count(norm, span)
        if n.number is not None:
            return norm.power(body, n)
    names = {span.name: Idx(f"@{1 + _form_height(body)}.0", 0)}
    inner = Form({_renamed(mono, names): c for mono, c in body.terms.items()})
    return atom("prod", (_renamed_span(span, names),), inner)


def _reopened_product(norm: Normaliser, a: Atom, moved: Mapping[str, Idx]) -> Form:
    names = {s.name: Idx(norm.fresh(), 0) for s in a.data[0]}
    (span,) = (_moved_span(_renamed_span(s, names), moved) for s in a.data[0])
    norm.indices.bind(span)
    body = Form({_renamed(mono, names): c for mono, c in a.data[1].terms.items()})
    return product_over(norm, norm.rebuild(body, moved), span)


def _form_height(form: Form) -> int:
    return max((a.height for mono in form.terms for a, _ in mono), default=0)


def reduced(form: Form) -> Form:
    """Partial fractions where a denominator's leading atom stands above it: e/(1+e) = 1 − 1/(1+e)."""
    for _ in range(60):
        changed = False
        parts = []
        for mono, c in form.terms.items():
            new = _reduced_once(mono)
            changed = changed or new is not None
            parts.append(monomial(mono, c) if new is None else new.scaled(c))
        if not changed:
            return form
        form = total(parts)
    return form


def _reduced_once(mono: Monomial) -> Form | None:
    powers = dict(mono)
    for a, e in mono:
        if a.kind != "big" or e.denominator != 1 or e > 0:
            continue
        divisor: Form = a.data[0]
        lead = max((b for m in divisor.terms for b, _ in m), key=lambda b: b.key)
        degree = max((f for m in divisor.terms for b, f in m if b == lead), default=ZERO)
        have = powers.get(lead, ZERO)
        if ZERO <= have < degree:
            continue
        at = degree if have >= degree else ZERO
        chosen = [m for m in divisor.terms if dict(m).get(lead, ZERO) == at]
        if len(chosen) != 1:
            continue
        # chosen = divisor − others, so chosen/divisor = 1 − others/divisor.
        pivot, c = chosen[0], divisor.terms[chosen[0]]
        others = Form({m: x for m, x in divisor.terms.items() if m != pivot})
        rest = monomial(mono) * monomial(tuple((b, -f) for b, f in pivot), 1 / c)
        lifted = monomial(_raised(rest.single, a)) if rest.single else None
        if lifted is None:
            continue
        scale = rest.single[1] if rest.single else ONE
        return lifted.scaled(scale) - rest * others
    return None


def _raised(single: tuple[Monomial, Fraction] | None, a: Atom) -> Monomial:
    """The monomial times one power of the sum ``a``."""
    assert single is not None
    return tuple((b, f + 1 if b == a else f) for b, f in single[0] if b != a or f != -1)
