"""How the normal form says that it cannot go on. Each becomes a verdict, never a pass."""

from __future__ import annotations


class Undecidable(Exception):
    """The normal form cannot say; the message is the reason that the user reads."""


class Undefined(Undecidable):
    """A quotient by zero, a logarithm of something not positive: there is no value."""


class NeedAtLeast(Exception):
    """The question has one answer for every size ≥ value; smaller sizes are looked at singly."""

    def __init__(self, size: str, value: int) -> None:
        super().__init__(f"{size} ≥ {value}")
        self.size = size
        self.value = value
