"""Trials: a line of code as people write it, and numbers on which it fails in floating point.

The formula may be right; what fails is the arithmetic. Both the line and the function that is
generated from a derivation are run (``derive.codegen.trial``), so that nothing is claimed that
did not happen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from derive.errors import DeriveError
from derive.kernel.declared import About, Registry
from derive.kernel.derivation import Derivation, Recipe

MOST = 4  # eps, what the tests ask of the generated functions


@dataclass(frozen=True)
class Trial:
    """A line of code, the arrays it is run with, and the derivation whose function is run too."""

    about: About
    code: str
    given: Mapping[str, tuple[str, ...]]
    why: str
    derivation: Derivation

    @property
    def name(self) -> str:
        return self.about.name


@dataclass(frozen=True)
class Tried:
    """What both gave, number by number; ``worst`` is the largest error of ours, in eps."""

    name: str
    stated: tuple[float, ...]
    ours: tuple[float, ...]
    worst: float

    def failures(self) -> list[str]:
        """What is otherwise than claimed."""
        out = []
        if all(map(math.isfinite, self.stated)):
            out.append(f"{self.name}: the code gives numbers: {self.stated}")
        if not all(map(math.isfinite, self.ours)) or self.worst > MOST:
            out.append(f"{self.name}: the generated function is wrong too: {self.ours}")
        return out


@dataclass
class Builder:
    """What a topic writes on."""

    about: About
    code: str = ""
    why: str = ""
    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rival: Recipe | None = None

    def stated(self, code: str, why: str) -> None:
        """The line, an expression in NumPy's functions, and why it fails."""
        self.code, self.why = code, why

    def values(self, **given: tuple[str, ...]) -> None:
        """The arrays to run it with."""
        self.given |= given

    def beside(self, recipe: Recipe) -> None:
        """The derivation whose generated function does not fail."""
        self.rival = recipe


def _made(about: About, write: Callable[[Any], None]) -> Trial:
    d = Builder(about)
    write(d)
    if not d.code or d.rival is None or d.rival.made.function is None:
        raise DeriveError(
            f"{about.name} has no code, or no generated function to run beside it",
            hint="call d.stated(code, why) and d.beside(derivation)",
        )
    names = {str(a) for a in d.rival.made.function.arguments}
    if set(d.given) != names:
        raise DeriveError(f"{about.name} gives {sorted(d.given)}; wanted: {sorted(names)}")
    return Trial(about, d.code, d.given, d.why, d.rival.made)


trial: Registry[Trial] = Registry("trial", _made)
