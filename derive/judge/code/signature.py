"""What a generated function takes and returns, read from its signature and its docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from derive.errors import DeriveError, UnknownName

Axes = tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """A generated function: its arguments and results with the axes behind their batch axes."""

    name: str
    function: Callable[..., Any]
    arguments: Mapping[str, Axes]  # without options such as axis; K is not among them
    results: Mapping[str, Axes]
    takes_size: bool  # whether the number of classes is its last argument

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arguments in order, K included."""
        return (*self.arguments, *(("K",) if self.takes_size else ()))

    @property
    def has_classes(self) -> bool:
        """Whether a number of classes plays a part."""
        axes = [*self.arguments.values(), *self.results.values()]
        return self.takes_size or any(a.startswith("K") for own in axes for a in own)

    @property
    def reduced(self) -> bool:
        """Whether an argument has an axis K-1."""
        return any("K-1" in own for own in self.arguments.values())

    def right(self, **arguments: Any) -> tuple[Any, ...]:
        """What the generated function returns, always as a tuple."""
        found = self.function(**arguments)
        return found if isinstance(found, tuple) else (found,)


def target(name: str) -> Target:
    """The generated function of this name. Raises UnknownName with the closest ones."""
    import generated

    plain = name.replace("-", "_")
    if plain not in generated.__all__:
        raise UnknownName("generated function", name, generated.__all__)
    function = getattr(generated, plain)
    known = inspect.signature(function).parameters.values()
    own = [p.name for p in known if p.kind is not p.KEYWORD_ONLY]
    given, _, returned = _shapes(function).partition(";")
    axes = _axes(given)
    if not set(own) - {"K"} <= set(axes):
        raise DeriveError(f"the docstring of {plain} does not state the shapes of its arguments")
    arguments = {n: axes[n] for n in own if n != "K"}
    return Target(plain, function, arguments, _axes(returned), "K" in own)


def _shapes(function: Callable[..., Any]) -> str:
    parts = (inspect.getdoc(function) or "").split("\n\n")
    line = next((part for part in parts if part.startswith("Shapes:")), "")
    return " ".join(line.split())


def _axes(text: str) -> dict[str, Axes]:
    found = re.findall(r"(\w+) ?: \(([^)]*)\)", text)
    return {name: tuple(a for a in axes.split(", ") if a != "...") for name, axes in found}
