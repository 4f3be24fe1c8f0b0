"""The first route: equal normal forms, in every case of how the indices coincide, for every K."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derive.errors import LanguageError
from derive.kernel.facts import (
    AtLeast,
    Context,
    Definition,
    DifferentIndex,
    Fact,
    Fixed,
    SameIndex,
    SumsTo,
)
from derive.kernel.form import Atom, Form, Idx, cleared
from derive.kernel.indices import Indices, index_of
from derive.kernel.language import Expr, Integer, Symbol, substitute
from derive.kernel.normal import Normaliser, Obligation
from derive.kernel.readable import Writer
from derive.kernel.signals import NeedAtLeast, Undecidable, Undefined
from derive.notation import Range

MAX_SPLITS = 400


@dataclass(frozen=True)
class Proof:
    """Whether the normal forms agree in every case; if not, where and what is left.

    ``least`` gives the sizes from which the argument is symbolic (smaller ones were written out).
    """

    proved: bool
    why: str = ""
    residual: Expr | None = None
    least: Mapping[str, int] = field(default_factory=dict)
    cases: int = 0


def prove(lhs: Expr, rhs: Expr, context: Context) -> Proof:
    """Prove lhs = rhs for every size and index under exactly the facts of the context."""
    try:
        claim = _Claim(lhs, rhs, context)
        for fact in context.facts:
            claim = claim.under(fact)
        prover = _Prover()
        failure = prover.settle(claim)
        if failure is None and not prover.settled:
            failure = Proof(False, "there is no instance: no index value fits, or nothing is defined")
        return failure or Proof(True, least=prover.least, cases=prover.settled)
    except (LanguageError, Undecidable) as error:
        return Proof(False, str(error))
    except RecursionError:
        return Proof(False, "the expression is nested too deeply")


@dataclass(frozen=True)
class _Claim:
    """lhs = rhs in one case: what the sizes are at least, which indices differ."""

    lhs: Expr
    rhs: Expr
    context: Context
    least: Mapping[str, int] = field(default_factory=dict)
    different: frozenset[tuple[Expr, Expr]] = frozenset()
    ordered: tuple[tuple[Expr, Expr, bool], ...] = ()
    where: str = ""

    def under(self, fact: Fact) -> _Claim:
        match fact:
            case SameIndex(left, right):
                return self.identified(left, right)
            case DifferentIndex(left, right):
                return replace(self, different=self.different | {(left, right)})
            case AtLeast(size, value):
                return replace(self, least={**self.least, size.name: value})
            case _:
                return self

    def identified(self, left: Expr, right: Expr) -> _Claim:
        """The case left = right: one of the two is replaced, the one with the wider range."""
        if not isinstance(left, Symbol) or self._narrower(left, right):
            left, right = right, left
        if not isinstance(left, Symbol):
            offset = left - next(iter(left.free_symbols))
            left, right = left - offset, right - offset
        return self.specialised({left: right}, f"{left} = {right}")

    def _narrower(self, left: Expr, right: Expr) -> bool:
        if not isinstance(right, Symbol) or right not in self.context.ranges:
            return False
        if left not in self.context.ranges:
            return True
        a, b = self.context.ranges[left], self.context.ranges[right]
        return bool((b.upper - a.upper).is_nonnegative and (a.lower - b.lower).is_nonnegative) and (
            a != b
        )

    def specialised(self, values: Mapping[Symbol, Expr], where: str) -> _Claim:
        return replace(
            self,
            lhs=substitute(self.lhs, values),
            rhs=substitute(self.rhs, values),
            context=specialised(self.context, values),
            different=frozenset(
                (substitute(a, values), substitute(b, values)) for a, b in self.different
            ),
            ordered=tuple(
                (substitute(a, values), substitute(b, values), t) for a, b, t in self.ordered
            ),
            where=f"{self.where}, {where}" if self.where else where,
        )

    @property
    def contradictory(self) -> bool:
        return any(a == b for a, b in self.different)

    def free(self) -> list[Symbol]:
        """The free indices and sizes, in a fixed order."""
        found = self.lhs.free_symbols | self.rhs.free_symbols
        for definition in self.context.definitions:
            if definition.name in found:
                found |= definition.body.free_symbols
        known = set(self.context.ranges)
        return sorted((s for s in found if s in known), key=str)

    def normaliser(self) -> Normaliser:
        indices = Indices({}, dict(self.least))
        norm = Normaliser(self.context, indices)
        for s, span in self.context.ranges.items():
            if span.lower == span.upper or s in (span.lower, span.upper):
                continue
            ends = (index_of(span.lower, {}, norm), index_of(span.upper, {}, norm))
            indices.ranges[str(s)] = ends
        for a, b in self.different:
            indices.differ(index_of(a, {}, norm), index_of(b, {}, norm))
        for a, b, truth in self.ordered:
            left, right = index_of(a, {}, norm), index_of(b, {}, norm)
            indices.ordered[left.moved(-left.offset), right.moved(-left.offset)] = truth
        return norm


def normaliser_for(context: Context) -> Normaliser:
    """A normaliser that knows the ranges of a context."""
    return _Claim(Integer(0), Integer(0), context).normaliser()


def specialised(context: Context, values: Mapping[Symbol, Expr]) -> Context:
    """The context with sizes or indices replaced by values."""

    def put(e: Expr) -> Expr:
        return substitute(e, values)

    facts: list[Fact] = []
    for f in context.facts:
        if isinstance(f, SumsTo):
            facts.append(SumsTo(f.base, put(f.total)))
        elif isinstance(f, Fixed):
            facts.append(Fixed(put(f.component), put(f.value)))
        else:
            facts.append(f)
    return replace(
        context,
        quantities={
            n: replace(q, shape=tuple(put(e) for e in q.shape))
            for n, q in context.quantities.items()
        },
        definitions=tuple(
            Definition(d.lhs, substitute(d.body, _outside(d, values)))
            for d in context.definitions
        ),
        facts=tuple(facts),
        ranges={
            s: Range(put(r.lower), put(r.upper))
            for s, r in context.ranges.items()
            if s not in values
        },
    )


def _outside(d: Definition, values: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    """A definition's own parameters are not the claim's indices of the same letter."""
    return {s: v for s, v in values.items() if s not in d.parameters}


@dataclass
class _Prover:
    settled: int = 0
    splits: int = 0
    least: dict[str, int] = field(default_factory=dict)

    def settle(self, claim: _Claim) -> Proof | None:
        """Nothing if the claim holds in every case; else the first case where it is not shown."""
        self.splits += 1
        if self.splits > MAX_SPLITS:
            return Proof(False, "too many cases of coinciding indices")
        if claim.contradictory:
            return None
        explicit = self._explicit_index(claim)
        if explicit is not None:
            return self._all(
                claim.specialised({explicit[0]: Integer(v)}, f"{explicit[0]} = {v}")
                for v in explicit[1]
            )
        try:
            return self._compare(claim)
        except NeedAtLeast as need:
            return self._smaller_sizes(claim, need)

    def _all(self, claims: object) -> Proof | None:
        for claim in claims:  # type: ignore[attr-defined]
            failure = self.settle(claim)
            if failure is not None:
                return failure
        return None

    def _explicit_index(self, claim: _Claim) -> tuple[Symbol, range] | None:
        for s in claim.free():
            r = claim.context.ranges[s]
            if isinstance(r.lower, Integer) and isinstance(r.upper, Integer):
                return s, range(int(r.lower), int(r.upper) + 1)
        return None

    def _smaller_sizes(self, claim: _Claim, need: NeedAtLeast) -> Proof | None:
        now = claim.least.get(need.size, 1)
        if need.value <= now or need.value > 12:
            return Proof(False, f"the size {need.size} cannot be compared with {need.value}")
        size = Symbol(need.size, integer=True, positive=True)
        for value in range(now, need.value):
            where = f"{need.size} = {value}"
            failure = self.settle(claim.specialised({size: Integer(value)}, where))
            if failure is not None:
                return failure
        self.least[need.size] = max(self.least.get(need.size, 1), need.value)
        return self.settle(replace(claim, least={**claim.least, need.size: need.value}))

    def _compare(self, claim: _Claim) -> Proof | None:
        left_norm, right_norm = claim.normaliser(), claim.normaliser()
        right_norm.symbols = left_norm.symbols
        left, no_left = _side(left_norm, claim.lhs)
        right, no_right = _side(right_norm, claim.rhs)
        if left is None and right is None:
            return None
        if left is None or right is None:
            side, why = ("left", no_left) if left is None else ("right", no_right)
            at = f" at {claim.where}" if claim.where else ""
            return Proof(False, f"the {side} side is not defined{at}: {why}")
        numerator = cleared(left - right)
        split = _first_question(numerator) or _first_question(left - right)
        if split is not None and numerator.terms:
            return self._split(claim, split, left_norm)
        writer = Writer(left_norm.symbols)
        if numerator.terms:
            at = f" (in the case {claim.where})" if claim.where else ""
            return Proof(False, f"the difference does not vanish{at}", writer.expression(numerator))
        open_ = _one_sided(left_norm.obligations, right_norm.obligations)
        if open_ is not None:
            shown = writer.expression(open_.form)
            return Proof(False, f"only one side needs {shown} to be {open_.kind}")
        self.settled += 1
        return None

    def _split(self, claim: _Claim, a: Atom, norm: Normaliser) -> Proof | None:
        writer = Writer(norm.symbols)
        x, y = (writer.index(n) for n in a.data)
        if a.kind == "le":
            return self._all(
                replace(claim, ordered=(*claim.ordered, (x, y, truth))) for truth in (True, False)
            )
        equal = claim.identified(x, y)
        apart = replace(
            claim,
            different=claim.different | {(x, y)},
            where=f"{claim.where}, {x} ≠ {y}" if claim.where else f"{x} ≠ {y}",
        )
        return self._all((equal, apart))


def _side(norm: Normaliser, expr: Expr) -> tuple[Form | None, str]:
    try:
        return norm.form(expr), ""
    except Undefined as error:
        return None, str(error)


def _first_question(form: Form) -> Atom | None:
    """A delta or order between free indices that the form still depends on."""
    found = [
        a
        for a in form.atoms()
        if a.kind in ("delta", "le") and not any(n.startswith("@") for n in a.names)
    ]
    return min(found, key=lambda a: a.key) if found else None


def _one_sided(
    left: Mapping[str, Obligation], right: Mapping[str, Obligation]
) -> Obligation | None:
    """What must hold for one side to be defined and is not asked by the other."""
    a = {_anonymous(k): o for k, o in left.items()}
    b = {_anonymous(k): o for k, o in right.items()}
    return next((o for k, o in [*a.items(), *b.items()] if (k in a) != (k in b)), None)


def _anonymous(key: str) -> str:
    """The key with bound names numbered in order of appearance."""
    seen: dict[str, str] = {}
    return re.sub(r"@_\d+", lambda m: seen.setdefault(m[0], f"@{len(seen)}"), key)


__all__ = ["Idx", "Proof", "prove", "specialised"]
