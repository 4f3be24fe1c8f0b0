"""The statements that were asked for: an id, plain words, and what settles each part.

What settles a part is named: derivations, refutations, worked numbers, trials, pages. Verdict and
formula come from there. A part that names nothing is open, and the page says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.errors import DeriveError
from derive.kernel.language import Expr


@dataclass(frozen=True)
class Part:
    """A part of a statement. ``defines`` shows the definition of a name, as ``by`` has it."""

    words: str
    by: tuple[str, ...] = ()
    defines: Expr | None = None


@dataclass(frozen=True)
class Row:
    """One statement."""

    id: str
    words: str
    parts: tuple[Part, ...]

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: the letter of its section, and its number there."""
        return self.id[0], int(self.id[1:])


_ROWS: dict[str, Row] = {}
_SECTIONS: dict[str, str] = {}


def section(letter: str, title: str) -> None:
    """Name the section of the ids with this letter."""
    _SECTIONS[letter] = title


def part(words: str, *by: str, defines: Expr | None = None) -> Part:
    """A part with words of its own."""
    return Part(words, by, defines)


def row(id: str, words: str, *parts: Part | str) -> None:
    """Declare a statement. Names that stand alone settle the statement as a whole."""
    if not re.fullmatch(r"[A-Z][1-9]\d*", id) or not words.endswith("."):
        raise DeriveError(f"{id!r} is not an id such as A1, or its words are not a sentence")
    if id in _ROWS and _ROWS[id].words != words:
        raise DeriveError(f"the statement {id} is declared twice")
    _ROWS[id] = Row(id, words, tuple(Part("", (p,)) if isinstance(p, str) else p for p in parts))


def rows() -> tuple[Row, ...]:
    """Every statement, by section and number."""
    return tuple(sorted(_ROWS.values(), key=lambda r: r.place))


def sections() -> dict[str, str]:
    """The titles of the sections by their letter."""
    return dict(_SECTIONS)
