"""Verdicts. Never a bare bool, and what is not known never counts as a pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from derive.kernel.facts import Fact, words
from derive.kernel.language import Expr


class Status(Enum):
    """The four answers."""

    PROVED = "proved"
    CONDITIONAL = "conditional"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Witness:
    """A small instance on which the two sides differ.

    ``sizes`` gives K (and D, m, N), ``indices`` the 1-based values of the free indices,
    ``values`` what each scalar or component is set to, ``lhs`` and ``rhs`` the two exact values.
    """

    sizes: Mapping[str, int]
    indices: Mapping[str, int]
    values: Mapping[str, Expr]
    lhs: Expr
    rhs: Expr

    def __str__(self) -> str:
        given = {**self.sizes, **self.indices, **self.values}
        setting = ", ".join(f"{a} = {b}" for a, b in given.items())
        return f"{setting}: left {self.lhs}, right {self.rhs}"


@dataclass(frozen=True)
class Verdict:
    """The answer to ``lhs = rhs`` with what it rests on.

    ``conditions`` are the facts needed (for CONDITIONAL), ``residual`` is the difference that the
    normal form could not bring to zero, ``why`` says in words what decided or what is missing.
    """

    status: Status
    conditions: tuple[Fact, ...] = ()
    witness: Witness | None = None
    residual: Expr | None = None
    why: str = ""

    @property
    def holds(self) -> bool:
        return self.status in (Status.PROVED, Status.CONDITIONAL)

    def __str__(self) -> str:
        text = self.status.value
        if self.conditions:
            text += " if " + " and ".join(words(f) for f in self.conditions)
        if self.witness:
            text += f": {self.witness}"
        return text + (f" ({self.why})" if self.why and not self.witness else "")


@dataclass(frozen=True)
class Recheck:
    """What the second route (explicit K, exact numbers) found for one equation.

    ``words`` say what was done where that is something else than comparing two sides.
    """

    agrees: bool
    exact_sizes: tuple[int, ...] = ()
    sampled_sizes: tuple[int, ...] = ()
    instances: int = 0
    witness: Witness | None = None
    why: str = ""
    words: str = ""


@dataclass(frozen=True)
class Evidence:
    """Both routes' answers for one step."""

    verdict: Verdict
    recheck: Recheck
    notes: tuple[str, ...] = field(default=())

    @property
    def established(self) -> bool:
        """Proved by the normal form and confirmed by the second route."""
        return self.verdict.holds and self.recheck.agrees
