"""Checking derivations: every step by both routes, and the mutation test of the checker itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from derive.kernel.bounds import Bound
from derive.kernel.decide import established
from derive.kernel.explicit.instantiate import Rivals, recheck
from derive.kernel.explicit.witness import find_witness
from derive.kernel.facts import Context, Fact
from derive.kernel.language import Basic, Equation, Expr, Integer
from derive.kernel.matching import alike
from derive.kernel.normal.prove import Known, prove
from derive.kernel.proof import Mutant
from derive.kernel.slips import mutants
from derive.kernel.verdicts import Evidence, Recheck, Status, Verdict

if TYPE_CHECKING:
    from derive.kernel.derivation import Derivation
from derive.kernel.step import Step


def claim_of(before: Basic, after: Basic) -> tuple[Expr, Expr]:
    """What a step claims: an expression equals the one before; an equation's sides are equal."""
    if isinstance(after, Equation):
        return after.lhs, after.rhs
    return before, after


def check_equation(lhs: Expr, rhs: Expr, context: Context) -> Evidence:
    """Both routes on one equation; a failed one carries a witness if there is one."""
    verdict = established(lhs, rhs, context)
    conditions = _conditions(verdict, context)
    second = recheck(lhs, rhs, context, conditions=conditions)
    return _evidence(lhs, rhs, context, verdict, second)


def _conditions(verdict: Verdict, context: Context) -> tuple[Fact, ...]:
    return verdict.conditions if verdict.holds else context.facts


def check_pair(lhs: Expr, rivals: tuple[Expr, Expr], context: Context) -> list[Evidence]:
    """Two equations with the same left side, which the second route works out once."""
    verdicts = [established(lhs, rhs, context) for rhs in rivals]
    conditions = [_conditions(v, context) for v in verdicts]
    if conditions[0] != conditions[1]:
        return [check_equation(lhs, rhs, context) for rhs in rivals]
    shared = Rivals(lhs, rivals, context, conditions[0])
    return [
        _evidence(lhs, rhs, context, verdicts[n], shared.recheck(n))
        for n, rhs in enumerate(rivals)
    ]


def _evidence(
    lhs: Expr, rhs: Expr, context: Context, verdict: Verdict, second: Recheck
) -> Evidence:
    if not verdict.holds:
        conditions = context.facts
        witness = find_witness(lhs, rhs, context, conditions=conditions) or second.witness
        if witness is not None:
            verdict = Verdict(
                Status.REFUTED, witness=witness, residual=verdict.residual, why=verdict.why
            )
    return Evidence(verdict, second)


def check_derivation(made: Derivation) -> tuple[Evidence, ...]:
    """The evidence for each step, and last for the whole statement."""
    context = made.context
    if made.closing or any(s.proof for s in made.steps):
        return _check_chain(made)
    claims = [claim_of(s.before, s.after) for s in made.steps]
    whole = made.equation
    last: Evidence | None = None
    first: list[Evidence] = []
    if len(claims) > 1 and claims[0][0] == whole.lhs:
        *first, last = check_pair(whole.lhs, (claims[0][1], whole.rhs), context)
    out = [*first, *(check_equation(*claim, context) for claim in claims[len(first) :])]
    if last is None:
        one_line = len(claims) == 1 and not isinstance(made.conclusion, Equation)
        last = out[0] if one_line else check_equation(whole.lhs, whole.rhs, context)
    return (*out, last)


def _check_chain(made: Derivation) -> tuple[Evidence, ...]:
    """Steps of several kinds; the statement follows from them, and is looked at once more."""
    context, out = made.context, []
    for step in made.steps:
        if step.proof is not None:
            out.append(step.proof.check(step.before, step.after, context))
        else:
            out.append(check_equation(*claim_of(step.before, step.after), context))
    closing = made.closing.check(made.conclusion, Integer(0), context) if made.closing else None
    parts = [*out, closing] if closing else out
    verdict = _together([e.verdict for e in parts])
    lines = [made.start, *(s.after for s in made.steps)]
    froms = [*(s.before for s in made.steps), made.conclusion]
    if not all(alike(a, b) for a, b in zip(lines, froms, strict=True)):
        verdict = Verdict(Status.UNDECIDED, why="the lines do not follow on each other")
    return (*out, Evidence(verdict, _again(made, parts)))


def _together(verdicts: list[Verdict]) -> Verdict:
    """What follows from all of them."""
    for found in verdicts:
        if not found.holds:
            return found
    conditions = dict.fromkeys(f for v in verdicts for f in v.conditions)
    status = Status.CONDITIONAL if conditions else Status.PROVED
    return Verdict(status, tuple(conditions), why="it follows from the lines")


def _again(made: Derivation, parts: list[Evidence]) -> Recheck:
    """The second route on the two sides of the statement."""
    lhs, rhs = made.sides
    if made.relation in ("=", "→"):
        if len(parts) == 1:
            return parts[0].recheck
        proof = next(s.proof for s in made.steps if s.proof)
        return proof.recheck(lhs, rhs, made.context)
    return Bound(made.relation, rhs).recheck(lhs, rhs, made.context)


def step_mutants(step: Step, context: Context, conditions: tuple[Fact, ...]) -> Iterator[Mutant]:
    """Every slip applied to one step, judged by each route on its own, under the step's facts."""
    if step.proof is not None:
        return step.proof.mutants(step.before, step.after, context)
    return line_mutants(step.before, step.after, context, conditions)


def line_mutants(
    before: Basic, after: Basic, context: Context, conditions: tuple[Fact, ...]
) -> Iterator[Mutant]:
    """Every slip applied to one line."""
    under = context.only_facts(conditions)
    found = list(mutants(after))
    claims = [claim_of(before, broken) for _, broken in found]
    if not claims:
        return
    (lhs, _), known = claims[0], Known()
    rivals = Rivals(lhs, [rhs for _, rhs in claims], context, conditions)
    for n, (made, broken) in enumerate(found):
        proved = prove(lhs, claims[n][1], under, known, explain=False).proved
        second = rivals.recheck(n)
        refuted = second.witness is not None
        yield Mutant(made.name, before, broken, proved, refuted, second.agrees)


@dataclass
class Report:
    """The counts that ``derive check`` prints; reports add up."""

    derivations: int = 0
    steps: int = 0
    proved: int = 0
    conditional: int = 0
    rechecked: int = 0
    refuted: int = 0
    undecided: int = 0
    mutants: int = 0
    mutants_refuted: int = 0
    mutants_equivalent: int = 0
    mutants_missed: int = 0
    normal_form_false_proofs: int = 0
    failures: list[str] = field(default_factory=list)

    def __iadd__(self, other: Report) -> Report:
        for f in fields(self):
            setattr(self, f.name, getattr(self, f.name) + getattr(other, f.name))
        return self

    @property
    def clean(self) -> bool:
        """Everything established by both routes, no mutant missed, nothing false proved."""
        bad = self.refuted + self.undecided + self.mutants_missed + self.normal_form_false_proofs
        return bad == 0 and not self.failures and self.rechecked == self.steps

    def count(self, e: Evidence, where: str) -> None:
        """One more line, with what both routes say of it."""
        self.steps += 1
        name = e.verdict.status.value
        setattr(self, name, getattr(self, name) + 1)
        self.rechecked += e.recheck.agrees
        if not e.established:
            second = "" if e.recheck.agrees else f"; second route: {e.recheck.why}"
            self.failures.append(f"{where}: {e.verdict}{second}")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def report(made: Derivation, *, with_mutants: bool = True) -> Report:
    """Check one derivation. The statement as a whole counts as one more step."""
    out = Report(derivations=1)
    evidence = made.evidence
    for n, e in enumerate(evidence):
        where = f"step {n + 1}" if n < len(made.steps) else "the statement"
        out.count(e, f"{made.name}, {where}")
    if with_mutants:
        for step, e in zip(made.steps, evidence, strict=False):
            conditions = e.verdict.conditions
            _count_mutants(out, step_mutants(step, made.context, conditions), made.name)
        if made.closing:
            broken = made.closing.mutants(made.conclusion, Integer(0), made.context)
            _count_mutants(out, broken, made.name)
    _count_function(out, made, with_mutants)
    return out


def _count_function(out: Report, made: Derivation, with_mutants: bool) -> None:
    """What a function computes, where it is not a line of the derivation as it stands."""
    from derive.kernel.computed import ties

    for tie in ties(made):
        if tie.evidence is None:
            continue
        where = f"{made.name}, what the function returns as {tie.output.name}"
        out.count(tie.evidence, where)
        if with_mutants:
            conditions = tie.evidence.verdict.conditions
            found = line_mutants(tie.line, tie.output.value, made.context, conditions)
            _count_mutants(out, found, made.name)


def _count_mutants(out: Report, found: Iterator[Mutant], name: str) -> None:
    for x in found:
        out.mutants += 1
        out.mutants_refuted += x.refuted
        out.mutants_equivalent += x.equal
        out.mutants_missed += x.missed
        out.normal_form_false_proofs += x.false_proof
        if x.missed or x.false_proof:
            kind = "is called proved" if x.false_proof else "is neither refuted nor shown equal"
            out.failures.append(f"{name}: the mutant ({x.slip}) {x.before} = {x.after} {kind}")
