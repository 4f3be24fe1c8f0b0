"""What exactly was established, in sentences, from the evidence of a derivation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.kernel.bounds import Bound
from derive.kernel.derivation import Derivation
from derive.kernel.facts import AtLeast, Fact
from derive.kernel.induction import Induction
from derive.kernel.language import Ge, Indexed, Integer, Ranged, Symbol, walk
from derive.kernel.limits import Tends
from derive.kernel.verdicts import Evidence, Recheck, Status
from derive.notation import D, K, N, m
from derive.render.assumptions import (
    expressions,
    fact_formula,
    formula,
    index_ranges,
    least_size,
    quantified,
)
from derive.render.prose import Formula, Prose

SIZES = (K, D, N, m)  # the second route lets the first that occurs run
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
        sentences = [_proved(derivation), *_conditions(derivation, found)]
        sentences += _again(derivation, found)
    notes = dict.fromkeys(note for e in found for note in e.notes)
    return (*sentences, *((note,) for note in notes))


def _proved(derivation: Derivation) -> Prose:
    count = len(derivation.steps)
    subject = "The single step" if count == 1 else f"Each of the {count} steps"
    proofs = [s.proof for s in derivation.steps if s.proof]
    kinds = [*proofs, *([derivation.closing] if derivation.closing else [])]
    if len(proofs) < count or not kinds:
        how = " by reducing the difference of both sides to zero in a normal form"
        whole = "" if kinds or count == 1 else ", and the statement as a whole,"
        equal = "Each equality" if proofs else subject
        lead: Prose = (f"{equal}{whole} is proved for ", *_scope(derivation), how)
    else:
        built = [s.proof for s in derivation.steps if isinstance(s.proof, Induction)]
        every = "".join(f"every {proof.recursion.structure} and " for proof in built)
        lead = (f"It is shown for {every}", *_scope(derivation))
    return (*lead, *(f"; {_HOW[kind]}" for kind in dict.fromkeys(map(type, kinds))), ".")


_HOW: dict[type, str] = {
    Bound: "the inequality is read off from a difference whose form shows its sign",
    Tends: "the limit follows from those of the parts, by the laws of limits",
    Induction: "each case of the induction, with the statement assumed of the parts, is an "
    "equality, which is proved",
}


def _scope(derivation: Derivation) -> Prose:
    """``every K ≥ 1``, for each size that occurs; without one, ``all values``."""
    found = _sizes_of(derivation)
    if not found:
        return ("all values",)
    runs: list[str | Formula] = []
    for place, size in enumerate(found):
        joint = "" if not place else " and " if place == len(found) - 1 else ", "
        least = least_size(derivation.facts, size)
        shown = formula(Ge(size, Integer(least), evaluate=False), derivation.context)
        runs += [joint + "every ", shown]
    return tuple(runs)


def _sizes_of(derivation: Derivation) -> list[Symbol]:
    """The sizes that occur, the number of classes first."""
    context = derivation.context
    ends = (span.upper for _, span, _ in index_ranges(derivation))
    occurring = {
        s
        for expr in (*expressions(derivation), *ends)
        for node in walk(expr)
        for s in (node.upper.free_symbols if isinstance(node, Ranged) else {node})
    }
    bases = {n.base for e in expressions(derivation) for n in walk(e) if isinstance(n, Indexed)}
    declared = (context.quantity(b) for b in bases)
    occurring |= {s for q in declared if q for n in q.shape for s in n.free_symbols}
    return [s for s in SIZES if s in occurring]


def _conditions(derivation: Derivation, found: Sequence[Evidence]) -> list[Prose]:
    needed: dict[Fact, None] = {}
    for evidence in found:
        if evidence.verdict.status is Status.CONDITIONAL:
            needed |= dict.fromkeys(evidence.verdict.conditions)
    facts = [f for f in needed if not isinstance(f, AtLeast)]
    if not facts:
        return []
    runs: list[str | Formula] = [f"This rests on the assumption{'s' if len(facts) > 1 else ''} "]
    for place, found_fact in enumerate(facts):
        joint = "" if not place else " and " if place == len(facts) - 1 else ", "
        shown = fact_formula(found_fact, derivation.context)
        runs += [joint, shown, *quantified(found_fact, derivation.context)]
    return [(*runs, ".")]


def _again(derivation: Derivation, found: Sequence[Evidence]) -> list[Prose]:
    """What the second route compared: sizes that every line shares, and the others apart."""
    every = list({id(e): e.recheck for e in found}.values())
    # Of several that differ in their counts only, the last is that of the whole statement.
    said = {re.sub(r"\d+", "", c.words): c.words for c in every if c.words}
    apart: list[Prose] = [(words,) for words in said.values()]
    checks = [c for c in every if not c.words]
    points = sum(c.instances for c in checks)
    if not points:
        return apart
    lead = "Everything was checked a second time by code that shares nothing with the first: "
    name = next(map(str, _sizes_of(derivation)), "K")
    sizes = sorted({n for c in checks for n in (*c.exact_sizes, *c.sampled_sizes)})
    compared = f"compared at {points} sampled points, "
    if not sizes:
        how = "in exact arithmetic where that is possible, else to 40 digits."
        return [(lead + compared + how,), *apart]
    exact = [n for n in sizes if all(n in c.exact_sizes for c in checks if _has(c, n))]
    digits = [n for n in sizes if n not in exact]
    some = [n for n in sizes if not all(_has(c, n) for c in checks)]
    how_parts: list[str | Formula] = []
    if exact:
        how_parts += ["in exact arithmetic for ", _sizes(name, exact)]
    if digits:
        small = any(n in c.exact_sizes for n in digits for c in checks)
        mixed = " (exactly where that is possible)" if small else ""
        how_parts += [" and " if exact else "", "to 40 digits for ", _sizes(name, digits), mixed]
    rest: list[str | Formula] = []
    if some:
        lines = " only those lines count that can be written out there."
        rest = [" For ", _sizes(name, some), lines]
    lead += "written out for "
    return [(lead, _sizes(name, sizes), f" and {compared}", *how_parts, ".", *rest), *apart]


def _has(check: Recheck, size: int) -> bool:
    return size in check.exact_sizes or size in check.sampled_sizes


def _sizes(name: str, sizes: list[int]) -> Formula:
    text = f"{name} = " + ", ".join(map(str, sizes))
    return Formula(text, text)


def _failure(number: int, evidence: Evidence) -> Prose:
    why = f"Line {number} is not established: {evidence.verdict}"
    if not evidence.recheck.agrees:
        why += f"; the second check disagrees: {evidence.recheck.why or evidence.recheck.witness}"
    return (why + ".",)
