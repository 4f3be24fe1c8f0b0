"""What a kind of proof other than equality has to offer, and broken steps to try it with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from derive.kernel.facts import Context
from derive.kernel.language import Basic
from derive.kernel.verdicts import Evidence, Recheck


@dataclass(frozen=True)
class Mutant:
    """A broken step and what the two routes say of it."""

    slip: str
    before: Basic
    after: Basic
    proved: bool
    refuted: bool
    equal: bool

    @property
    def false_proof(self) -> bool:
        """The first route proves what the second route refutes."""
        return self.proved and self.refuted

    @property
    def missed(self) -> bool:
        """Neither refuted nor shown to hold all the same."""
        return not self.refuted and not self.equal


class Proof(Protocol):
    """How a step is proved that is not an equality: a bound, a limit, an induction."""

    @property
    def relation(self) -> str:
        """The sign between the two lines."""
        ...

    def check(self, before: Basic, after: Basic, context: Context) -> Evidence:
        """Both routes on one step."""
        ...

    def recheck(self, before: Basic, after: Basic, context: Context) -> Recheck:
        """The second route alone."""
        ...

    def mutants(self, before: Basic, after: Basic, context: Context) -> Iterator[Mutant]:
        """The step broken by every slip, judged by each route on its own."""
        ...
