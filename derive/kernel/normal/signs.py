"""Signs of forms, from declared domains: enough to know that logarithms and quotients exist."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.facts import Positive
from derive.kernel.language import Symbol
from derive.kernel.normal.factor import factors
from derive.kernel.normal.form import ONE, Atom, Form, Idx, Monomial, monomial
from derive.kernel.normal.indices import index_of
from derive.notation import Domain, Quantity

if TYPE_CHECKING:
    from derive.kernel.normal.normaliser import Normaliser

POSITIVE = {Domain.POSITIVE, Domain.UNIT, Domain.LABEL}


class Signs:
    """What is provably positive, non-negative or non-zero. "No" means "not known"."""

    def __init__(self, normaliser: Normaliser) -> None:
        self.of = normaliser
        facts = normaliser.context.facts
        self.assumed = {str(f.base) for f in facts if isinstance(f, Positive)}

    def positive(self, form: Form) -> bool:
        """Whether the form is positive wherever it is defined."""
        if not form.terms:
            return False
        signs = [self._term(mono, c) for mono, c in form.terms.items()]
        if all(s >= 0 for s in signs) and max(signs) > 0:
            return True
        return (
            self._one_minus_units(form)
            or self._rest_of_a_sum(form)
            or self._by_factors(form)
            or self._by_definitions(form)
        )

    def _by_definitions(self, form: Form) -> bool:
        """1 − a for a named a = σ(z) that is kept as it is: by the definition of a."""
        if not self.of.atomic or not any(
            a.kind in ("sym", "ix") and self._is_defined(self.of.symbols.get(a.data[0]))
            for a in form.atoms()
        ):
            return False
        inner = self.of.variant(atomic=frozenset(), obligations={})
        return inner.signs.positive(inner.rebuild(form))

    def _by_factors(self, form: Form) -> bool:
        """A quotient or product of several terms, by the signs of its factors."""
        if form.single:
            return False
        coefficient, parts = factors(form)
        if len(parts) == 1 and parts[0][1] == 1:
            return False
        negative = coefficient < 0
        for f, e in parts:
            if self.positive(f):
                continue
            if e.denominator != 1 or not self.positive(-f):
                return False
            negative ^= bool(e % 2)
        return not negative

    def nonnegative(self, form: Form) -> bool:
        """Whether the form is positive or zero wherever it is defined."""
        if all(self._term(mono, c) >= 0 for mono, c in form.terms.items()) or self.positive(form):
            return True
        coefficient, parts = factors(form)
        negative = coefficient < 0
        for f, e in parts:
            if e.denominator == 1 and e % 2 == 0:  # a square, whatever its base
                continue
            if all(self._term(mono, c) >= 0 for mono, c in f.terms.items()) or self.positive(f):
                continue
            if e.denominator != 1 or not self.positive(-f):
                return False
            negative = not negative
        return not negative

    def nonzero(self, form: Form) -> bool:
        """Whether the form is positive, or negative, wherever it is defined."""
        return self.positive(form) or self.positive(-form)

    def _term(self, mono: Monomial, c: Fraction) -> int:
        """1 positive, 0 non-negative, −1 not known."""
        if c < 0:
            return -1
        worst = 1
        for a, e in mono:
            sign = self._atom(a)
            if sign < 0 and e.denominator == 1 and e % 2 == 0:
                sign = 1 if e < 0 else 0
            worst = min(worst, sign)
        return worst

    def _atom(self, a: Atom) -> int:
        match a.kind:
            case "exp" | "num":
                return 1
            case "pow":
                return 1
            case "delta" | "le":
                return 0
            case "log":
                n = a.data[0].number
                return 1 if n is not None and n > 1 else -1
            case "big":
                return 1 if self.positive(a.data[0]) else -1
            case "sym" | "ix":
                return self._named(a)
            case "sum":
                return self._sum(a)
            case "fn":
                return 1 if a.data[0] == "factorial" else -1
            case _:
                return -1

    def _named(self, a: Atom) -> int:
        name = a.data[0]
        if name in self.assumed:
            return 1
        if name in self.of.indices.ranges:
            low = self.of.indices.ranges[name][0]
            return 1 if not low.name and low.offset > 0 else -1
        symbol = self.of.symbols.get(name)
        if self._is_defined(symbol):
            return self._defined(a)
        declared = self.of.context.quantities.get(name)
        if declared is not None and declared.domain in POSITIVE:
            return 1
        if declared is not None and declared.domain in (Domain.COUNT, Domain.NONNEGATIVE):
            return 0
        if isinstance(symbol, Symbol) and declared is None and symbol.is_positive:
            return 1
        return -1

    def _is_defined(self, symbol: object) -> bool:
        return any(d.name == symbol for d in self.of.context.definitions)

    def _defined(self, a: Atom) -> int:
        """A named quantity that is kept atomic has the sign of its definition."""
        inner = self.of.variant(atomic=frozenset(), obligations={})
        return 1 if inner.signs.positive(inner.rebuild(monomial(((a, ONE),)))) else -1

    def _sum(self, a: Atom) -> int:
        spans, mono = a.data
        before = dict(self.of.indices.ranges)
        for span in spans:
            self.of.indices.ranges[span.name] = (span.lower, span.upper)
        inside = self._term(mono, ONE)
        self.of.indices.ranges = before
        if inside <= 0 or any(s.excluded for s in spans):
            return min(inside, 0)
        for span in spans:
            if not self.of.indices.at_most(span.lower, span.upper):
                return 0
        return 1

    # -- special shapes ------------------------------------------------------------------------

    def _one_minus_units(self, form: Form) -> bool:
        """1 − φ_i … φ_j with every factor in (0, 1)."""
        if len(form.terms) != 2 or form.terms.get(()) != 1:
            return False
        mono = next(x for x in form.terms if x)
        return form.terms[mono] == -1 and all(e > 0 and self._unit(a) for a, e in mono)

    def _unit(self, a: Atom) -> bool:
        if a.kind not in ("ix", "sym") or self._is_defined(self.of.symbols.get(a.data[0])):
            return False
        declared: Quantity | None = self.of.context.quantities.get(a.data[0])
        if declared is None or declared.domain is not Domain.UNIT:
            return False
        if any(str(f.component.base) == declared.name for f in self.of.fixed):
            return False  # it may be fixed at 1
        if declared.name in self.of.totals and declared.shape:  # a single one may be all of 1
            end = index_of(declared.shape[-1], {}, self.of)
            return bool(self.of.indices.at_most(Idx("", 2), end))
        return True

    def _rest_of_a_sum(self, form: Form) -> bool:
        """Σ_k f_k minus some of its terms, f > 0: a sum over the remaining indices."""
        negative = [(mono, -c) for mono, c in form.terms.items() if self._term(mono, c) < 0]
        rest = {mono: c for mono, c in form.terms.items() if self._term(mono, c) >= 0}
        if not negative or len(negative) > 4:
            return False
        taken: dict[tuple[Monomial, str], list[Idx]] = {}
        for mono, c in negative:
            found = self._covering(mono, c, rest, taken)
            if found is None:
                return False
            taken.setdefault(found[0], []).append(found[1])
        if any(m not in {t[0] for t in taken} and self._term(m, c) > 0 for m, c in rest.items()):
            return True
        for (mono, key), at in taken.items():
            span = next(a for a, _ in mono if a.key == key).data[0][0]
            beyond = span.lower.moved(len(at))
            if self._term(mono, ONE) <= 0:  # a factor beside the sum may be 0
                return False
            if not self.of.indices.at_most(beyond, span.upper):
                return False
        return True

    def _covering(
        self,
        mono: Monomial,
        c: Fraction,
        rest: dict[Monomial, Fraction],
        taken: dict[tuple[Monomial, str], list[Idx]],
    ) -> tuple[tuple[Monomial, str], Idx] | None:
        """A sum among the other terms that contains the term ``c·mono`` at some free index."""
        for whole, coefficient in rest.items():
            if coefficient < c:
                continue
            for a, e in whole:
                if a.kind != "sum" or e != 1 or len(a.data[0]) != 1 or self._sum(a) <= 0:
                    continue
                others = tuple((b, f) for b, f in whole if b != a)
                slot = (whole, a.key)
                for idx in _index_values(mono, a):
                    if self._is_term(a, others, idx, mono) and self._new(idx, taken.get(slot, [])):
                        return slot, idx
        return None

    def _is_term(self, a: Atom, others: Monomial, idx: Idx, mono: Monomial) -> bool:
        (span,), body = a.data
        inside = self.of.indices.at_most(span.lower, idx) and self.of.indices.at_most(
            idx, span.upper
        )
        if not inside:
            return False
        at = self.of.rebuild_monomial(body, {span.name: idx})
        return (at * monomial(others)).terms == {mono: ONE}

    def _new(self, idx: Idx, seen: list[Idx]) -> bool:
        return all(self.of.indices.equal(idx, other) is False for other in seen)


def _index_values(mono: Monomial, a: Atom) -> list[Idx]:
    """Index values that occur in a monomial, and the ends of the sum's range."""
    found = {x for b, _ in mono for x in _idx_in(b)}
    (span,), _ = a.data
    return sorted(found | {span.lower, span.upper})


def _idx_in(a: Atom) -> set[Idx]:
    out: set[Idx] = set()
    for x in a.data:
        if isinstance(x, Idx):
            out.add(x)
        elif isinstance(x, Form):
            out |= {n for b in x.atoms() for n in b.data if isinstance(n, Idx)}
        elif isinstance(x, tuple) and x and isinstance(x[0], tuple) and isinstance(x[0][0], Atom):
            out |= {n for b, _ in x for n in _idx_in(b)}
    return out
