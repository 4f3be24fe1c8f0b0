"""What is said of one claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derive.kernel.facts import Fact
from derive.kernel.language import Expr
from derive.kernel.verdicts import Witness


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
