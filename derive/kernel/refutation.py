"""Refutations: what is often stated and false, with an instance on which it fails, found and not
typed; the right form, proved; and where the statement does hold.

A refutation is its own test: a statement that holds, an instance that does not stand up to a
second evaluation, or a right form that is not proved is a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Float

from derive.errors import DeriveError
from derive.kernel.adopt import adopt
from derive.kernel.check import check_equation
from derive.kernel.decide import decide
from derive.kernel.declared import About, Givens, Registry
from derive.kernel.derivation import Derivation, Recipe
from derive.kernel.explicit.instantiate import satisfiable
from derive.kernel.facts import Context, Definition, Fact
from derive.kernel.instance import at_instance, component_name
from derive.kernel.language import Expr, Indexed, IndexedBase, Integer, Partial, Symbol, walk
from derive.kernel.matching import alike
from derive.kernel.verdicts import Evidence, Status, Verdict, Witness

DIGITS, CLOSE = 50, 10**-40


@dataclass(frozen=True)
class Refuted:
    """What was found: the verdict with its witness, and what supports it.

    ``again`` are both sides at the witness, evaluated a second time in plain SymPy; ``named`` are
    the values of the named quantities there. ``right`` is the evidence for the right form,
    ``gap`` that for the difference of the two sides, ``where`` that for each set of facts under
    which the statement holds.
    """

    verdict: Verdict
    again: tuple[Expr, Expr] | None = None
    named: Mapping[str, Expr] = field(default_factory=dict)
    right: Evidence | None = None
    gap: Evidence | None = None
    where: tuple[Evidence, ...] = ()

    @property
    def witness(self) -> Witness:
        assert self.verdict.witness is not None
        return self.verdict.witness


@dataclass(frozen=True)
class Refutation:
    """A statement ``lhs = rhs`` that does not hold.

    ``rightly``: it was the difference that was stated, lhs ≠ rhs. ``derivations`` prove the right
    form; ``gap`` is what lhs − rhs really is; ``where`` are facts under which lhs = rhs.
    """

    about: About
    context: Context
    lhs: Expr
    rhs: Expr
    why: str
    rightly: bool = False
    right: Expr | None = None
    gap: Expr | None = None
    where: tuple[tuple[Fact, ...], ...] = ()
    derivations: tuple[Derivation, ...] = ()

    @property
    def name(self) -> str:
        return self.about.name

    @cached_property
    def evidence(self) -> Refuted:
        """Everything that the refutation says, looked into."""
        verdict = decide(self.lhs, self.rhs, self.context)
        if verdict.status is not Status.REFUTED or verdict.witness is None:
            return Refuted(verdict)
        places, values = _setting(verdict.witness, self.context)
        sides = [at_instance(e, self.context, places, values) for e in (self.lhs, self.rhs)]
        return Refuted(
            verdict,
            (sides[0], sides[1]),
            _named(self.context, places, values, (self.lhs, self.rhs)),
            self._compared(self.lhs, self.right),
            self._compared(self.lhs - self.rhs, self.gap),
            tuple(self._under(facts) for facts in self.where),
        )

    def _compared(self, lhs: Expr, rhs: Expr | None) -> Evidence | None:
        return None if rhs is None else check_equation(lhs, rhs, self.context)

    def _under(self, facts: tuple[Fact, ...]) -> Evidence:
        return check_equation(self.lhs, self.rhs, self.context.with_facts(*facts))

    def failures(self) -> list[str]:
        """What does not stand up; empty where all does."""
        found = self.evidence
        if found.verdict.witness is None:
            return [f"{self.name}: the statement is not refuted: {found.verdict}"]
        out = [f"{self.name}: {words}" for words in _unlike(found)]
        parts = [("the right form", found.right), ("the difference of the sides", found.gap)]
        parts += [("the statement under the facts where it should hold", e) for e in found.where]
        for words, evidence in parts:
            if evidence is not None and not evidence.established:
                out.append(f"{self.name}: {words} is not established: {evidence.verdict}")
        out += [
            f"{self.name}: no instance satisfies the facts where the statement should hold"
            for facts in self.where
            if not satisfiable((*self.context.facts, *facts), self.lhs, self.rhs, self.context)
        ]
        if self.right is None and not self.rightly:
            out.append(f"{self.name}: it does not say what is right")
        if self.right is not None:
            out += [
                f"{self.name}: {d.name} does not conclude the right form"
                for d in self.derivations
                if not any(alike(self.right, e) for e in (d.equation.rhs, d.equation.lhs))
                and not check_equation(self.right, d.equation.rhs, self.context).established
            ]
        return out


def _unlike(found: Refuted) -> list[str]:
    """Where the two evaluations of the witness disagree, or do not differ."""
    assert found.again is not None
    first = (found.witness.lhs, found.witness.rhs)
    out = [
        f"the {side} side of the witness is {a} by the one evaluation and {b} by the other"
        for side, a, b in zip(("left", "right"), first, found.again, strict=True)
        if not _same(a, b)
    ]
    return out + ["the sides do not differ at the witness"] * _same(*found.again)


def _same(a: Expr, b: Expr) -> bool:
    if a == b:
        return True
    gap = (a - b).evalf(DIGITS)
    return bool(isinstance(gap, Float) and abs(gap) < CLOSE) or gap == 0


def _setting(witness: Witness, context: Context) -> tuple[dict[Symbol, int], dict[str, Expr]]:
    """The sizes and indices of a witness as symbols, and its values by name."""
    names = {**witness.sizes, **witness.indices}
    symbols = {str(s): s for s in context.ranges}
    symbols |= {str(q.symbol): q.symbol for q in context.quantities.values()}
    missing = [name for name in names if name not in symbols]
    if missing:
        raise DeriveError(f"the witness has a size or an index that is not declared: {missing}")
    values = {n: v for n, v in witness.values.items() if n not in names}
    return {symbols[n]: v for n, v in names.items()}, values


def _named(
    context: Context,
    places: Mapping[Symbol, int],
    values: Mapping[str, Expr],
    sides: tuple[Expr, Expr],
) -> dict[str, Expr]:
    """The values of the named quantities that the two sides mention, not only differentiate."""
    out: dict[str, Expr] = {}
    held = {n for e in sides for n in walk(e) if isinstance(n, Partial)}
    plain = [e.xreplace(dict.fromkeys(held, Integer(0))) for e in sides]
    for definition in context.definitions:
        if not any(e.has(definition.name) for e in plain):
            continue
        for name, instance in _instances(definition, context, places):
            out[name] = at_instance(instance, context, places, values)
    return out


def _instances(
    definition: Definition, context: Context, places: Mapping[Symbol, int]
) -> list[tuple[str, Expr]]:
    lhs = definition.lhs
    if isinstance(lhs, Symbol):
        return [(lhs.name, lhs)]
    declared = context.quantity(lhs)
    if not isinstance(lhs, Indexed) or declared is None or len(declared.shape) != 1:
        return []
    count = at_instance(declared.shape[0], context, places)
    base: IndexedBase = lhs.base
    return [(component_name(base, (n,)), base[n]) for n in range(1, int(count) + 1)]


@dataclass
class Builder(Givens):
    """What a topic writes on."""

    sides: tuple[Expr, Expr] | None = None
    rightly: bool = False
    right_form: Expr | None = None
    why: str = ""
    gap: Expr | None = None
    where: list[tuple[Fact, ...]] = field(default_factory=list)
    derivations: list[Derivation] = field(default_factory=list)

    def stated(self, lhs: Any, rhs: Any, why: str) -> None:
        """The statement that is false, and in one sentence what goes wrong in it."""
        self.sides, self.why = (adopt(lhs), adopt(rhs)), why

    def stated_to_differ(self, lhs: Any, rhs: Any, why: str) -> None:
        """Two expressions that are rightly said to differ."""
        self.stated(lhs, rhs, why)
        self.rightly = True

    def right(self, form: Any, *proved_by: Recipe) -> None:
        """What the left side really is, and the derivations that conclude it."""
        self.right_form = adopt(form)
        self.derivations += [recipe.made for recipe in proved_by]

    def differs_by(self, gap: Any) -> None:
        """What left less right is: the statement holds exactly where this is 0."""
        self.gap = adopt(gap)

    def holds_where(self, *facts: Fact) -> None:
        """Facts under which the statement is true."""
        self.where.append(facts)


def _made(about: About, write: Callable[[Any], None]) -> Refutation:
    d = Builder(about)
    write(d)
    if d.sides is None or not d.why.endswith("."):
        raise DeriveError(
            f"{about.name} states nothing to refute, or does not say why",
            hint="call d.stated(lhs, rhs, 'What goes wrong.')",
        )
    return Refutation(
        about, d.context.without_shadowed(*d.sides), *d.sides, d.why, d.rightly, d.right_form,
        d.gap, tuple(d.where), tuple(d.derivations),
    )  # fmt: skip


refutation: Registry[Refutation] = Registry("refutation", _made)
