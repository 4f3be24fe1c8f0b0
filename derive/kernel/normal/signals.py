"""How the normal form says that it cannot go on. Each becomes a verdict, never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Undecidable(Exception):
    """The normal form cannot say; the message is the reason that the user reads."""


class Undefined(Undecidable):
    """A quotient by zero, a logarithm of something not positive: there is no value."""


class NeedCase(Exception):
    """What an expression needs to exist depends on how two indices lie: an atom δ or ≤."""

    def __init__(self, atom: Any, symbols: Mapping[str, Any]) -> None:
        super().__init__(str(atom))
        self.atom = atom
        self.symbols = symbols


class NeedAtLeast(Exception):
    """The question has one answer for every size ≥ value; smaller sizes are looked at singly."""

    def __init__(self, size: str, value: int) -> None:
        super().__init__(f"{size} ≥ {value}")
        self.size = size
        self.value = value
