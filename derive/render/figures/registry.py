"""The figures of the pages, each declared once: what it shows, from which functions, and where.

A figure is a function that draws on a blank Matplotlib figure, with the sampled numbers that its
``data`` made from the generated functions, and with the formulas of the derivations in ``labels``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from derive.errors import DeriveError

MODULES = ("curves", "slowdown", "simplex", "heat", "graph")  # in reading order
PREFIX = "figure-"  # so that a figure never has the name of a page

Data = dict[str, Any]
Labels = Mapping[str, str]
Draw = Callable[[Any, Data, Labels], None]


@dataclass(frozen=True)
class Drawing:
    """One figure.

    ``shown`` are the derivations whose pages have it, ``functions`` the generated functions that
    ``data`` calls, ``labels`` the derivations whose results it writes.
    """

    name: str
    caption: str
    alt: str
    shown: tuple[str, ...]
    size: tuple[float, float]
    draw: Draw
    data: Callable[[], Data] = dict
    functions: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


_KNOWN: dict[str, Drawing] = {}


def drawing(name: str, **given: Any) -> Callable[[Draw], Draw]:
    """Declare the figure that the decorated function draws."""

    def declare(draw: Draw) -> Draw:
        made = Drawing(name=name, draw=draw, **given)
        if not name.startswith(PREFIX) or name in _KNOWN:
            raise DeriveError(f"a figure cannot be called {name!r}", hint=f"{PREFIX}… , once")
        if not (made.caption and made.alt and made.shown):
            raise DeriveError(f"{name}: a figure has a caption, words for it, and a page")
        _KNOWN[name] = made
        return draw

    return declare


def all_drawings() -> tuple[Drawing, ...]:
    """Every figure, in reading order. Matplotlib is not imported by this."""
    for module in MODULES:
        import_module(f"derive.render.figures.{module}")
    return tuple(sorted(_KNOWN.values(), key=_order))


def _order(made: Drawing) -> int:
    """Whichever module was imported first."""
    return MODULES.index(made.draw.__module__.rpartition(".")[2])
