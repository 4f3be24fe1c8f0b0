"""The errors of the project: each says what failed, where, the formulas, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


class DeriveError(Exception):
    """Base of every error that a user can cause. ``hint`` says what to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """An error of another process is what it was there, however it was made."""
        return _again, (type(self), self.__dict__.copy())

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


def _again(kind: type[DeriveError], state: dict[str, Any]) -> DeriveError:
    error = kind.__new__(kind, state["message"])
    error.__dict__.update(state)
    return error


class LanguageError(DeriveError):
    """An expression is outside the language of indexed expressions."""


class RuleDoesNotApply(DeriveError):
    """A rule was asked to act where its pattern, or its domain, does not hold."""


class GoalNotReached(DeriveError):
    """The last line of a derivation is not the stated conclusion."""


class StepNotProved(DeriveError):
    """A step is refuted or undecided, or the two routes disagree about it."""


class LoweringError(DeriveError):
    """An expression has no translation to NumPy."""


class TemplateError(DeriveError):
    """A template uses something that the document does not provide."""


class UnknownName(DeriveError):
    """A name is not in a catalogue."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        close = get_close_matches(str(name), names, n=3, cutoff=0.5)
        some = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
        hint = f"did you mean {' or '.join(close)}?" if close else f"known: {some}"
        super().__init__(f"no {kind} is called {name!r}", hint=hint)
