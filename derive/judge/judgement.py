"""What is said of one claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derive.kernel.facts import Fact, words
from derive.kernel.language import Expr
from derive.kernel.verdicts import Status, Verdict, Witness


@dataclass(frozen=True)
class Judgement:
    """What is said of one claim."""

    verdict: str
    condition: str = ""
    witness: Witness | None = None
    why: str = ""
    sides: tuple[Expr, Expr] | None = None
    context: Any = None
    conditions: tuple[Fact, ...] = ()
    sign: str = "="
    turned: frozenset[Any] = frozenset()  # targets whose first index is the one over classes


def said(found: Verdict, lhs: Expr, rhs: Expr, context: Any, sign: str = "=") -> Judgement:
    condition = " and ".join(words(f) for f in found.conditions)
    names = {
        Status.PROVED: "proved", Status.CONDITIONAL: "conditional",
        Status.REFUTED: "refuted", Status.UNDECIDED: "undecided",
    }  # fmt: skip
    return Judgement(
        names[found.status], condition, found.witness, found.why, (lhs, rhs), context,
        found.conditions, sign,
    )  # fmt: skip
