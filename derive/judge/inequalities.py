"""Relations of order: proved by the sign of a difference, refuted by an exact instance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.errors import LanguageError
from derive.judge.gaps import bounded_by_a_gap, named
from derive.kernel.adopt import adopt
from derive.kernel.binding import opened
from derive.kernel.bounds import least_sign
from derive.kernel.decide import established
from derive.kernel.explicit.exact import Unsupported
from derive.kernel.explicit.instantiate import satisfiable
from derive.kernel.explicit.witness import find_violation
from derive.kernel.facts import AtLeast, Context, DifferentIndex, Fact, OneHot, SameIndex
from derive.kernel.language import Expr, Integer, Mul, Sum, exp, log
from derive.kernel.normal.claim import Claim
from derive.kernel.normal.factor import factors
from derive.kernel.normal.form import Atom, Form
from derive.kernel.normal.normaliser import Normaliser
from derive.kernel.normal.prove import provably_positive, prove
from derive.kernel.normal.readable import Writer
from derive.kernel.normal.signals import NeedAtLeast, NeedCase, Undecidable
from derive.kernel.verdicts import Status, Verdict
from derive.notation import K

ORDERS = ("<", ">", "≤", "≥")
FLIPPED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
MAX_CASES = 60
MAX_SIZE = 4

Given = tuple[tuple[Expr, str, Expr], ...]
Facts = tuple[Fact, ...]


def decide_inequality(
    lhs: Expr, rel: str, rhs: Expr, context: Context, extra: Iterable[Fact] = (), given: Given = ()
) -> Verdict:
    """The verdict on ``lhs rel rhs`` for every size, index and value.

    ``extra`` are facts that may be tried unasked (the fewest that suffice are named), ``given``
    inequalities that are stated. Proved only where the difference has one sign by its form;
    refuted only by an exact instance at which all facts hold.
    """
    context = context.without_shadowed(lhs := adopt(lhs), rhs := adopt(rhs))
    extra = (AtLeast(K, 2), *(f for f in extra if not isinstance(f, OneHot)))
    for facts in _sets(context.facts, extra):
        known = context.only_facts(facts)
        if shown(lhs, rel, rhs, known, given) and satisfiable(facts, lhs, rhs, known):
            facts = _fewest(facts, lambda few: shown(lhs, rel, rhs, context.only_facts(few), given))
            return Verdict(Status.CONDITIONAL if facts else Status.PROVED, facts)
    totals = tuple(f for f in extra if not isinstance(f, AtLeast))
    try:
        witness, tried = find_violation(
            lhs, rel, rhs, context, conditions=(*context.facts, *totals), given=given
        )
    except Unsupported as error:
        return Verdict(Status.UNDECIDED, why=f"not evaluated: {error}")
    if witness is not None:
        return Verdict(Status.REFUTED, witness=witness)
    found = f"no counterexample at {tried} instances" if tried else "no instance was found"
    return Verdict(Status.UNDECIDED, why=f"{found}, and the sign is not plain from the form")


def shown(lhs: Expr, rel: str, rhs: Expr, context: Context, given: Given = ()) -> bool:
    """Whether the form of the difference has one sign, under exactly the facts of the context."""
    if rel in (">", "≥"):
        lhs, rhs = rhs, lhs
    strict = rel in ("<", ">")
    if not strict and established(lhs, rhs, context.only_facts(_cases(context))).holds:
        return True
    if not strict and _by_lemma(rhs - lhs, context):
        return True
    differences = (rhs - lhs, exp(rhs) - exp(lhs))  # e^x keeps the order
    if any(_Sign(strict, given).everywhere(d, context) for d in differences):
        return True
    if strict:
        return False
    return bounded_by_a_gap(rhs - lhs, context) or _termwise(named(rhs - lhs, context), context)


def _termwise(difference: Expr, context: Context) -> bool:
    """Whether it is a Σ of c·log t, each term of which is not negative."""
    number, total = difference.as_coeff_Mul()
    if not isinstance(total, Sum):
        return False
    total, inner = opened(total, context)
    parts = Mul.make_args(number * total.body)
    logs = [f for f in parts if isinstance(f, log)]
    if len(logs) != 1:
        return False
    sign, factor = Mul(*(f for f in parts if f is not logs[0])).as_coeff_Mul()
    return least_sign(factor, inner) >= 0 and shown(Integer(0), "≤", sign * logs[0], inner)


def _by_lemma(difference: Expr, context: Context) -> bool:
    """Whether it is x − 1 − log x for some x > 0 in it: log x ≤ x − 1, or e^v ≥ 1 + v."""
    inside = [n.args[0] for n in difference.atoms(log)] + sorted(difference.atoms(exp), key=str)
    plain = context.only_facts(_cases(context))
    return any(
        provably_positive(x, plain) and prove(difference, x - 1 - log(x), plain).proved
        for x in dict.fromkeys(inside)
    )


def _cases(context: Context) -> list[Fact]:
    return [f for f in context.facts if isinstance(f, SameIndex | DifferentIndex)]


def _fewest(
    facts: tuple[Fact, ...], enough: Callable[[tuple[Fact, ...]], bool]
) -> tuple[Fact, ...]:
    """Without those that are not needed."""
    for fact in facts if len(facts) > 1 else ():
        fewer = tuple(f for f in facts if f != fact)
        facts = fewer if enough(fewer) else facts
    return facts


def _sets(stated: tuple[Fact, ...], extra: tuple[Fact, ...]) -> Iterator[tuple[Fact, ...]]:
    """What may be assumed, the least first: nothing, what is stated, then what is tried."""
    seen: list[tuple[Fact, ...]] = []
    for own in ((), *((f,) for f in stated), stated):
        seen.append(own)
    for more in (*((f,) for f in extra), extra):
        seen += [more, (*stated, *more)]
    yield from dict.fromkeys(seen)


@dataclass
class _Sign:
    """The sign of one expression in every case of how its indices may lie."""

    strict: bool
    given: Given = ()
    cases: int = 0

    def everywhere(self, expr: Expr, context: Context) -> bool:
        claim = Claim(expr, Integer(0), context)
        for fact in context.facts:
            claim = claim.under(fact)
        try:
            return self.holds(claim)
        except (LanguageError, Undecidable, ValueError, OverflowError, RecursionError):
            return False

    def holds(self, claim: Claim) -> bool:
        self.cases += 1
        if claim.contradictory:
            return True
        if self.cases > MAX_CASES:
            return False
        try:
            norm = claim.normaliser()
            form = norm.form(claim.lhs)
            if norm.obligations:
                return False
            case = next((a for a in form.atoms() if _open(a)), None)
            if case is not None:
                return self._either(claim, case, norm)
            if self._signed(norm, form, claim):
                return True
        except NeedAtLeast as need:
            return self._from(claim, need.size, need.value)
        except NeedCase as need_case:
            return self._either(claim, need_case.atom, None, need_case)
        small = K in claim.context.ranges or K in claim.lhs.free_symbols
        return small and claim.least.get("K", 1) < 2 and self._from(claim, "K", 2)

    def _from(self, claim: Claim, size: str, least: int) -> bool:
        """The smaller sizes written out, and all larger ones at once."""
        now = claim.least.get(size, 1)
        if not now < least <= MAX_SIZE:
            return False
        symbol = next((s for s in claim.lhs.free_symbols if str(s) == size), K)
        small = (
            claim.specialised({symbol: Integer(n)}, f"{size} = {n}") for n in range(now, least)
        )
        larger = replace(claim, least={**claim.least, size: least})
        return all(self._unless_empty(c) for c in small) and self.holds(larger)

    def _unless_empty(self, claim: Claim) -> bool:
        """One size; its indices have few values, each looked at by itself."""
        for s in claim.free():
            r = claim.context.ranges[s]
            if isinstance(r.lower, Integer) and isinstance(r.upper, Integer):
                values = range(int(r.lower), int(r.upper) + 1)
                every = (claim.specialised({s: Integer(v)}, f"{s} = {v}") for v in values)
                return all(self._unless_empty(c) for c in every)
        return self.holds(claim)

    def _either(
        self, claim: Claim, a: Atom, norm: Normaliser | None, need: NeedCase | None = None
    ) -> bool:
        symbols = norm.symbols if norm is not None else need.symbols if need else {}
        if a.kind != "delta" or any(n.startswith("@") for n in a.names):
            return False
        x, y = (Writer(symbols).index(n) for n in a.data)
        apart = replace(claim, different=claim.different | {(x, y)})
        return self.holds(claim.identified(x, y)) and self.holds(apart)

    def _signed(self, norm: Normaliser, form: Form, claim: Claim) -> bool:
        if norm.signs.positive(form) or (not self.strict and norm.signs.nonnegative(form)):
            return True
        return bool(self.given) and self._by_given(norm, form)

    def _by_given(self, norm: Normaliser, form: Form) -> bool:
        """Factors that are the difference of two sides that are given in order, or of their e^x."""
        known: dict[str, tuple[int, bool]] = {}
        for left, rel, right in self.given:
            up, low = (left, right) if rel in (">", "≥") else (right, left)
            for difference in (norm.form(up - low), norm.form(exp(up) - exp(low))):
                coefficient, parts = factors(difference)
                loose = [f for f, e in parts if not norm.signs.positive(f)]
                if len(loose) == 1:
                    known[str(loose[0])] = (1 if coefficient > 0 else -1, rel in ("<", ">"))
        coefficient, parts = factors(form)
        sign = Fraction(1) if coefficient > 0 else Fraction(-1)
        for f, e in parts:
            if norm.signs.positive(f):
                continue
            own, strict = known.get(str(f), (0, False))
            if not own or e.denominator != 1 or (self.strict and not strict):
                return False
            sign *= own ** int(e % 2)
        return sign > 0


def _open(a: Atom) -> bool:
    """A delta between free indices that the form still depends on."""
    return a.kind == "delta" and not any(n.startswith("@") for n in a.names)
