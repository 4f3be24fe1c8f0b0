"""The parts of a derivation: a step, the function to generate, numbers for a worked example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from derive.kernel.language import Expr, IndexedBase, Symbol
from derive.kernel.proof import Proof
from derive.kernel.rule import Line, Rule
from derive.notation import Domain


@dataclass(frozen=True, repr=False)
class Step:
    """``before`` becomes ``after`` by ``rule``; ``note`` is a sentence of this step's own.

    A step that is not an equality has a ``proof`` of another kind, which says its relation.
    """

    before: Line
    rule: Rule
    after: Line
    note: str = ""
    proof: Proof | None = None

    def __repr__(self) -> str:
        return f"<step by {self.rule.name}: {self.after}>"

    @property
    def relation(self) -> str:
        """The sign between the two lines."""
        return self.proof.relation if self.proof else "="

    @property
    def reason(self) -> str:
        """What the write-ups print beside the line."""
        return self.note or self.rule.words


@dataclass(frozen=True)
class Output:
    """One result of a function: what it is called, the expression, its free indices in order."""

    name: str
    value: Expr
    axes: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class Option:
    """An argument that is given by keyword, or left at its default.

    The function takes values in ``domain`` only, if that is narrower than what is proved.
    """

    keyword: str
    default: int
    domain: Domain | None = None


@dataclass(frozen=True)
class FunctionSpec:
    """The NumPy function that the result becomes.

    ``value`` is the expression to compute, ``axes`` its free indices in the order of the trailing
    axes of the result, ``arguments`` the quantities it takes, in order. A function with results in
    ``also`` returns a tuple. Arguments in ``options`` are keywords. A function that ``widens``
    another, of the same name, is what that one calls where its options are not at their defaults.
    """

    name: str
    value: Expr
    axes: tuple[Symbol, ...]
    arguments: tuple[IndexedBase | Symbol, ...]
    summary: str
    output: str = "value"
    also: tuple[Output, ...] = ()
    options: Mapping[Symbol, Option] = field(default_factory=dict)
    widens: bool = False

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Every result."""
        return (Output(self.output, self.value, self.axes), *self.also)

    def part(self, output: Output) -> FunctionSpec:
        """The same function with this result alone."""
        return replace(self, value=output.value, axes=output.axes, output=output.name, also=())


@dataclass(frozen=True)
class WorkedExample:
    """Numbers to put in: quantity name → a number or a tuple of numbers (exact strings)."""

    values: Mapping[str, Any]
    caption: str = ""
