"""Induction: a claim about a quantity that is defined by how a structure is put together.

A ``Recursion`` says what the quantity is for each way to build a structure: a leaf of a tree, an
inner node with a left and a right part, the number n + 1 from n. The claim holds for every
structure if it holds for each way to build one whenever it holds for the parts: so for each case
the parts' values are replaced by what is claimed of them, and the case's body must equal the
claim. The second route builds structures at random, gives every node values of its own, and works
the quantity out from the leaves up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.errors import DeriveError
from derive.kernel.binding import parts_of
from derive.kernel.bounds import upheld
from derive.kernel.decide import established
from derive.kernel.explicit.structures import Shape, built_everywhere
from derive.kernel.facts import Context, Definition, Fact
from derive.kernel.language import Basic, Expr, Symbol
from derive.kernel.proof import Mutant
from derive.kernel.slips import mutants
from derive.kernel.verdicts import Evidence, Recheck, Status, Verdict


@dataclass(frozen=True)
class Case:
    """One way to build a structure: its name, the parts' values, and the value of the whole."""

    name: str
    body: Expr
    parts: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class Recursion:
    """A quantity over structures: ``structure`` in words ("binary tree"), a case for each way."""

    structure: str
    value: Symbol
    cases: tuple[Case, ...]

    def __post_init__(self) -> None:
        if not any(not c.parts for c in self.cases):
            raise DeriveError(f"a {self.structure} without a case that has no parts is never built")


@dataclass(frozen=True)
class Induction:
    """The proof that ``recursion.value`` is the claimed value for every structure."""

    recursion: Recursion

    relation = "="

    def verdict(self, claim: Expr, context: Context) -> Verdict:
        """The first route: each case, with the claim put in for its parts."""
        needed: dict[Fact, None] = {}
        if claim.free_symbols:
            why = "the claim is not a number: what it mentions may differ from part to part"
            return Verdict(Status.UNDECIDED, why=why)
        for case in self.recursion.cases:
            if self._entangled(case, context):
                why = f"{case.name}: its parts or the whole are spoken of elsewhere"
                return Verdict(Status.UNDECIDED, why=why)
            # Put in as definitions: a body that is undefined then stays so (0 · log v).
            parts = (Definition(part, claim) for part in case.parts)
            found = established(case.body, claim, context.with_definitions(*parts))
            if not found.holds:
                return Verdict(
                    found.status, residual=found.residual, why=f"{case.name}: {found.why}"
                )
            needed |= dict.fromkeys(found.conditions)
        why = f"by induction, in each of the {len(self.recursion.cases)} cases"
        return upheld(tuple(needed), claim, claim, context, why)

    def _entangled(self, case: Case, context: Context) -> bool:
        """Whether a fact or definition speaks of the values, or the body of the whole."""
        values = {self.recursion.value, *case.parts}
        stated = [e for fact in context.facts for e in parts_of(fact)]
        named = [e for d in context.definitions for e in (d.lhs, d.body)]
        said = {s.name for e in (*stated, *named) for s in e.atoms(Symbol)}
        whole = self.recursion.value in {*case.body.free_symbols, *case.parts}
        return whole or any(v.name in said for v in values)

    def check(self, before: Basic, after: Basic, context: Context) -> Evidence:
        """Both routes on "the recursion's value is ``after``"."""
        assert isinstance(after, Expr)
        if before != self.recursion.value:
            why = f"an induction speaks of {self.recursion.value} alone"
            return Evidence(Verdict(Status.UNDECIDED, why=why), Recheck(False, why=why))
        verdict = self.verdict(after, context)
        second = self.recheck(before, after, context)
        if second.witness is not None and not verdict.holds:
            verdict = Verdict(Status.REFUTED, witness=second.witness, why=verdict.why)
        return Evidence(verdict, second)

    def recheck(self, before: Basic, after: Basic, context: Context) -> Recheck:
        """The second route: structures built at random."""
        assert isinstance(after, Expr)
        shapes = tuple(Shape(c.body, c.parts) for c in self.recursion.cases)
        return built_everywhere(shapes, after, context, context.facts)

    def mutants(self, before: Basic, after: Basic, context: Context) -> Iterator[Mutant]:
        """Every slip in the claim and in each case; a part forgotten is among the slips."""
        for made, broken in mutants(after):
            yield self._mutant(made.name, before, broken, context)
        for n, case in enumerate(self.recursion.cases):
            for made, body in mutants(case.body):
                cases = list(self.recursion.cases)
                cases[n] = replace(case, body=body)
                other = Induction(replace(self.recursion, cases=tuple(cases)))
                yield other._mutant(f"{made.name} in {case.name}", before, after, context)

    def _mutant(self, name: str, before: Basic, after: Basic, context: Context) -> Mutant:
        found = self.check(before, after, context)
        second = found.recheck
        refuted = second.witness is not None
        return Mutant(name, before, after, found.verdict.holds, refuted, second.agrees)
