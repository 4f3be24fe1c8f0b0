"""The verdict on an equation: proved, conditional on the smallest facts, refuted, or undecided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from derive.kernel.adopt import adopt
from derive.kernel.explicit.instantiate import recheck, satisfiable
from derive.kernel.explicit.witness import find_witness
from derive.kernel.facts import AtLeast, Context, Fact, OneHot, Positive, SumsTo, words
from derive.kernel.language import Basic, Equation, Expr, Indexed, Symbol, walk
from derive.kernel.normal.prove import Proof, prove
from derive.kernel.verdicts import Status, Verdict
from derive.notation import Domain, K, base_of, c

MAX_FACTS = 3


def established(lhs: Expr, rhs: Expr, context: Context) -> Verdict:
    """What the normal form alone shows: proved, or conditional on the fewest declared facts.

    UNDECIDED here only says that this route does not show it; nothing is refuted.
    """
    proof = prove(lhs, rhs, context.only_facts(()))
    if proof.proved:
        return Verdict(Status.PROVED, why=_how(proof))
    first = proof
    for subset in subsets(context.facts):
        proof = prove(lhs, rhs, context.only_facts(subset))
        if proof.proved:
            return Verdict(Status.CONDITIONAL, subset, why=_how(proof))
    last = proof if context.facts else first
    return Verdict(Status.UNDECIDED, residual=last.residual, why=last.why)


def decide(lhs: Expr, rhs: Expr, context: Context | None = None) -> Verdict:
    """The verdict on lhs = rhs for every size and index.

    Declared facts of the context are used if they are needed. If they do not suffice, whole-vector
    facts about declared quantities are tried (Σ = 1, one-hot, positive, K ≥ 2), the smallest set
    that suffices and that some instance satisfies. What is then not proved is refuted by a witness
    or left undecided.
    """
    context = context or Context()
    lhs, rhs = adopt(lhs), adopt(rhs)
    context = context.without_shadowed(lhs, rhs)
    verdict = established(lhs, rhs, context)
    if verdict.holds:
        if not verdict.conditions or satisfiable(verdict.conditions, lhs, rhs, context):
            return verdict
        return Verdict(Status.UNDECIDED, why="no instance satisfies the stated facts")
    candidates = _candidates(lhs, rhs, context)
    if _vain(lhs, rhs, context, candidates):
        candidates = []
    for extra in subsets(candidates, 2):
        facts = (*context.facts, *extra)
        proof = prove(lhs, rhs, context.only_facts(facts))
        if proof.proved and satisfiable(facts, lhs, rhs, context):
            needed = _fewest(lhs, rhs, context, extra)
            return Verdict(Status.CONDITIONAL, needed, why=_how(proof), residual=verdict.residual)
    witness = find_witness(lhs, rhs, context, conditions=context.facts)
    if witness is not None:
        return Verdict(Status.REFUTED, witness=witness, residual=verdict.residual, why=verdict.why)
    return Verdict(Status.UNDECIDED, residual=verdict.residual, why=verdict.why)


def _vain(lhs: Expr, rhs: Expr, context: Context, candidates: list[Fact]) -> bool:
    """Whether the sides differ even where every candidate holds: then no set of them suffices.

    One-hot and positive exclude each other, so that both largest sets are looked at.
    """
    if len(candidates) < 2:
        return False
    one_hot = {f.base for f in candidates if isinstance(f, OneHot)}
    whole = [
        [f for f in candidates if getattr(f, "base", None) not in one_hot or isinstance(f, kinds)]
        for kinds in ((OneHot,), (SumsTo, Positive))
    ]
    return all(
        recheck(
            lhs, rhs, context, conditions=(*context.facts, *facts), exact_sizes=(2, 3)
        ).witness
        is not None
        for facts in whole
    )


def _how(proof: Proof) -> str:
    sizes = ", ".join(f"{name} ≥ {n}" for name, n in sorted(proof.least.items()) if n > 1)
    return f"symbolic for {sizes}, smaller sizes written out" if sizes else ""


def subsets(facts: Iterable[Fact], most: int = MAX_FACTS) -> Iterator[tuple[Fact, ...]]:
    """Non-empty sets of facts, the smallest first."""
    known = tuple(facts)
    for size in range(1, min(len(known), most) + 1):
        yield from combinations(known, size)
    if len(known) > most:
        yield known


def _fewest(lhs: Expr, rhs: Expr, context: Context, extra: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The declared facts that are needed beside the extra ones."""
    for size in range(len(context.facts) + 1):
        for subset in combinations(context.facts, size):
            if prove(lhs, rhs, context.only_facts((*subset, *extra))).proved:
                return (*subset, *extra)
    return (*context.facts, *extra)


def _candidates(lhs: Expr, rhs: Expr, context: Context) -> list[Fact]:
    """Whole-vector facts that may be tried unasked, in the order of how little they assume."""
    bases = {
        base_of(n): None
        for side in _with_definitions(lhs, rhs, context)
        for n in walk(side)
        if isinstance(n, Indexed | Symbol)
    }
    defined = {d.name for d in context.definitions}
    free = [b for b in bases if b not in defined and context.quantity(b) is not None]
    declared = {b: context.quantities[str(b)] for b in free}
    stated = {getattr(f, "base", None) for f in context.facts}
    totals = [b for b in free if declared[b].may_sum_to_one and b not in stated]
    out: list[Fact] = [SumsTo(b) for b in totals]
    out.append(AtLeast(K, 2))
    out += [OneHot(b, c) for b in totals if declared[b].domain is Domain.REAL]
    out += [Positive(b) for b in free if declared[b].domain is Domain.REAL]
    return out


def _with_definitions(lhs: Expr, rhs: Expr, context: Context) -> Iterator[Expr]:
    yield lhs
    yield rhs
    for d in context.definitions:
        yield d.body


def explain(verdict: Verdict) -> str:
    """One sentence on a verdict."""
    match verdict.status:
        case Status.PROVED:
            return "proved for every size and index"
        case Status.CONDITIONAL:
            return "holds if " + " and ".join(words(f) for f in verdict.conditions)
        case Status.REFUTED:
            return f"false, for instance at {verdict.witness}"
        case Status.UNDECIDED:
            return f"undecided: {verdict.why}"


def what_is_missing(last: Basic, goal: Basic, context: Context) -> str:
    """Whether a goal is the last line in another form, or something else."""
    pairs = [(last, goal)]
    if isinstance(last, Equation) and isinstance(goal, Equation):
        pairs = [(last.lhs, goal.lhs), (last.rhs, goal.rhs)]
    elif isinstance(last, Equation) or isinstance(goal, Equation):
        return "one of the two is an equation, the other an expression"
    verdicts = [decide(a, b, context) for a, b in pairs]
    if all(v.holds for v in verdicts):
        return "the two are equal, only the form differs: add a step, or state the other form"
    worst = next(v for v in verdicts if not v.holds)
    return f"the two are not known to be equal ({worst})"
