"""What the evidence of a derivation says of its statement as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from derive.kernel.derivation import Derivation
from derive.kernel.verdicts import Status
from derive.render.assumptions import fact_formula
from derive.render.prose import Formula


@dataclass(frozen=True)
class Settled:
    """What the evidence says of the statement as a whole, and the ids that it answers to."""

    status: str
    relation: str
    conditions: tuple[Formula, ...]
    sources: tuple[str, ...]


def settled(derivation: Derivation) -> Settled:
    """The verdict on the statement; what is not established line by line is undecided."""
    last = derivation.evidence[-1].verdict
    sure = all(e.established for e in derivation.evidence)
    conditions = tuple(fact_formula(f, derivation.context) for f in last.conditions)
    status = last.status if sure else Status.UNDECIDED
    return Settled(status.value, derivation.relation, conditions, derivation.sources)
