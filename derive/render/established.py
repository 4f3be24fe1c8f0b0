"""What exactly was established, in sentences, from the evidence of a derivation."""

from __future__ import annotations

from collections.abc import Sequence

from derive.kernel.derivation import Derivation
from derive.kernel.facts import AtLeast, Fact
from derive.kernel.verdicts import Evidence, Status
from derive.notation import K
from derive.render.assumptions import fact_formula, least_size
from derive.render.prose import Formula, Prose

NATURE = (
    "This is a computer-algebra proof: it rests on the arithmetic of SymPy and on this program's "
    "normal form; it is not a proof checked by a small logical kernel."
)


def established(derivation: Derivation) -> tuple[Prose, ...]:
    """How many steps, for which sizes, under which facts, and how it was checked again."""
    found = derivation.evidence
    failed = [e for e in found if not e.established]
    sentences: list[Prose] = [_failure(n, e) for n, e in enumerate(found, 1) if e in failed]
    if not failed:
        sentences = [_proved(derivation), *_conditions(derivation, found), *_again(found)]
    notes = dict.fromkeys(note for e in found for note in e.notes)
    return (*sentences, *((note,) for note in notes))


def _proved(derivation: Derivation) -> Prose:
    count = len(derivation.steps)
    least = least_size(derivation.facts, K)
    subject = "The single step" if count == 1 else f"Each of the {count} steps"
    every = Formula(rf"K \geq {least}", f"K ≥ {least}")
    how = " by reducing the difference of both sides to zero in a normal form"
    if derivation.relation == ">":
        sign = ", and the last line is positive because every part of it is."
        return (f"{subject} is proved for every ", every, how + sign)
    whole = "" if count == 1 else ", and the statement as a whole,"
    return (f"{subject}{whole} is proved for every ", every, how + ".")


def _conditions(derivation: Derivation, found: Sequence[Evidence]) -> list[Prose]:
    needed: dict[Fact, None] = {}
    for evidence in found:
        if evidence.verdict.status is Status.CONDITIONAL:
            needed |= dict.fromkeys(evidence.verdict.conditions)
    return [
        ("This rests on the assumption ", fact_formula(f, derivation.context), ".")
        for f in needed
        if not isinstance(f, AtLeast)
    ]


def _again(found: Sequence[Evidence]) -> list[Prose]:
    exact = sorted({n for e in found for n in e.recheck.exact_sizes})
    sampled = sorted({n for e in found for n in e.recheck.sampled_sizes})
    parts: list[str | Formula] = []
    if exact:
        parts += ["exactly, in rational arithmetic, for ", _sizes(exact)]
    if sampled:
        parts += [", and " if exact else "", "to 50 digits for ", _sizes(sampled)]
    if not parts:
        return []
    return [("Everything was checked a second time by code that shares nothing with the first: ",
             *parts, ".")]  # fmt: skip


def _sizes(sizes: list[int]) -> Formula:
    text = ", ".join(map(str, sizes))
    return Formula(f"K = {text}", f"K = {text}")


def _failure(number: int, evidence: Evidence) -> Prose:
    why = f"Line {number} is not established: {evidence.verdict}"
    if not evidence.recheck.agrees:
        why += f"; the second check disagrees: {evidence.recheck.why or evidence.recheck.witness}"
    return (why + ".",)
