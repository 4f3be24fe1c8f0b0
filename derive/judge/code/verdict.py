"""The verdict on a person's function, with the smallest failing input and the likely slip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from derive.errors import DeriveError
from derive.judge.code import process, readable
from derive.judge.code.compare import TOLERANCE, Array, Case, close
from derive.judge.code.forms import split
from derive.judge.code.grid import Point, grid
from derive.judge.code.options import SECONDS
from derive.judge.code.signature import Target, target
from derive.judge.code.slips import NUMERICAL, Found, explain

STATUS = {"agrees": 0, "loses digits": 0, "agrees except": 0, "refuted": 1, "undecided": 3}


@dataclass(frozen=True)
class Failure:
    """An input on which the function fails, with both values as text."""

    K: int | None
    batch: tuple[int, ...]
    dtype: str
    numbers: str
    arguments: dict[str, str]
    values: dict[str, Any]  # the arguments as nested lists of exact numbers
    right: str
    yours: str

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "batch": list(self.batch)}


@dataclass(frozen=True)
class CodeReport:
    """Everything that is said of one function."""

    function: str
    name: str
    verdict: str  # agrees, loses digits, agrees except, refuted, undecided
    tried: int = 0
    agreed: int = 0
    exceptions: tuple[str, ...] = ()
    slips: tuple[Found, ...] = ()
    failure: Failure | None = None
    why: str = ""
    notes: tuple[str, ...] = ()
    output: str = field(default="", repr=False)

    @property
    def status(self) -> int:
        """0 agrees, perhaps to fewer digits or with named exceptions; 1 refuted; 3 undecided."""
        return STATUS[self.verdict]

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "function": self.function, "as": self.name, "verdict": self.verdict,
            "inputs": self.tried, "agreed": self.agreed, "exceptions": list(self.exceptions),
            "slips": [s.as_dict() for s in self.slips],
            "witness": self.failure.as_dict() if self.failure else None,
            "why": self.why, "notes": list(self.notes), "output": self.output,
            "tolerance": TOLERANCE,
        }  # fmt: skip


def verify_function(
    function: Callable[..., Any], name: str, *, seconds: float = SECONDS
) -> CodeReport:
    """Judge a function of this process against the generated function of this name.

    It is run in a fork of this process (where there is none, in a thread of it) and within
    ``seconds``. Raises UnknownName for a name that no generated function has, and TypeError if
    ``function`` cannot be called.
    """
    if not callable(function):
        raise TypeError(f"a function is asked for, not {type(function).__name__}")
    known = target(name)
    points = grid(known)
    run = process.run_function(function, [p.arguments for p, _ in points], seconds)
    return _report(getattr(function, "__name__", type(function).__name__), known, points, run)


def verify_code(where: str, name: str, *, seconds: float = SECONDS) -> CodeReport:
    """Judge ``module:function`` or ``file.py:function``, run in a process of its own.

    Raises UnknownName for a name that no generated function has, DeriveError if there is no
    such function to be run.
    """
    known = target(name)
    place, _, function = where.rpartition(":")
    if not place or not function:
        raise DeriveError(
            f"{where!r} names no function", hint="write module:function or file.py:function"
        )
    points = grid(known)
    run = process.run_file(where, [p.arguments for p, _ in points], seconds)
    if run.refused:
        raise DeriveError(f"{where} cannot be loaded: {run.problem}")
    return _report(where, known, points, run)


def _report(
    where: str, known: Target, points: Sequence[tuple[Point, tuple[Array, ...]]], run: process.Run
) -> CodeReport:
    cases = [Case(known, p, right, run.outcomes[p.n]) for p, right in points if p.n in run.outcomes]
    about: dict[str, Any] = {
        "function": where, "name": known.name, "tried": len(cases),
        "agreed": sum(c.good for c in cases), "output": run.output,
        "notes": (*run.notes, *_warnings(cases)),
    }  # fmt: skip
    if cases and all(c.state == "raised" for c in cases):
        first = _failure(cases[0])
        return CodeReport(
            verdict="undecided", failure=first, why=f"it {cases[0].what} on every input", **about
        )
    judged, exceptions, slips = _judged(cases)
    failing = [c for c in judged if not c.good]
    about |= {"tried": len(judged), "agreed": len(judged) - len(failing)}
    if failing:
        why = "" if slips else "no known slip explains it"
        about["notes"] = (*about["notes"], *([run.problem] if run.problem else []))
        return CodeReport(
            verdict="refuted", exceptions=tuple(exceptions), slips=tuple(slips),
            failure=_failure(failing[0]), why=why, **about,
        )  # fmt: skip
    if run.problem:
        at = next((p for p, _ in points if p.n == run.at), None)
        place = f" (at {_place(at)})" if at is not None else " (before the first call)"
        return CodeReport(verdict="undecided", why=run.problem + place, **about)
    lost = _lost_digits(judged)
    verdict = "agrees except" if exceptions else "loses digits" if lost else "agrees"
    return CodeReport(verdict=verdict, exceptions=(*exceptions, *lost), **about)


def _judged(cases: Sequence[Case]) -> tuple[list[Case], list[str], list[Found]]:
    """The cases that count, the exceptions in words, and the slips that explain the failing."""
    left: list[Case] = list(cases)
    exceptions: list[str] = []
    whole = explain([c for c in cases if not c.good], good=_right(cases))
    if whole is None or whole.name == "one-example":
        left, exceptions = split(cases)
    failing = [c for c in left if not c.good]
    if failing and all(_only_float32(c) for c in failing):
        words = ", ".join(dict.fromkeys(c.point.numbers for c in failing))
        exceptions.append(f"in float32 it is right to fewer than 3 digits at: {words}")
        left = [c for c in left if c.good]
    return left, exceptions, _slips([c for c in left if not c.good], _right(left))


def _right(cases: Sequence[Case]) -> list[Case]:
    return [c for c in cases if c.good and c.point.dtype == "float64"]


def _slips(failing: Sequence[Case], good: Sequence[Case]) -> list[Found]:
    """One slip that explains all; else one for the numerical failures, and one for the rest."""
    if not failing:
        return []
    if (found := explain(failing, good=good)) is not None:
        return [found]
    changed = [c for c in failing if c.state in ("right", "digits")]
    other = [c for c in failing if c not in changed]
    numerical = [c for c in other if explain([c], NUMERICAL) is not None]
    rest = [c for c in other if c not in numerical]
    parts = (explain(own, good=good) for own in (rest, numerical, changed) if own)
    return [found for found in parts if found is not None]


def _only_float32(case: Case) -> bool:
    return (
        case.point.dtype == "float32" and case.state == "wrong"
        and all(np.isfinite(v).all() for v in case.values)
        and all(close(v, r, "float32", 1.0) or close(v / 30, r / 30, "float32", 1.0)
                for v, r in zip(case.values, case.right, strict=True))
    )  # fmt: skip


def _lost_digits(cases: Sequence[Case]) -> list[str]:
    lost = [c for c in cases if c.state == "digits"]
    if not lost:
        return []
    where = ", ".join(dict.fromkeys(c.point.numbers for c in lost))
    first = _failure(lost[0])
    return [
        f"where digits are lost (it is right, but less accurate): {where}; "
        f"for instance {first.yours} for {first.right} at {_given(first)}"
    ]


def _given(failure: Failure) -> str:
    return ", ".join(f"{k} = {v}" for k, v in failure.arguments.items())


def _warnings(cases: Sequence[Case]) -> list[str]:
    heard: dict[str, Case] = {}
    for case in cases:
        for text in case.outcome.warnings:
            heard.setdefault(text, case)
    return [f"{text} (at {_place(c.point)})" for text, c in list(heard.items())[:3]]


def _place(point: Point) -> str:
    size = f"K = {point.K}, " if point.K else ""
    batch = f"batch {point.batch}" if point.batch else "no batch"
    return f"{size}{batch}, {point.dtype}, numbers {point.numbers}"


def _failure(case: Case) -> Failure:
    point = case.point
    return Failure(
        point.K, point.batch, point.dtype, point.numbers,
        {k: readable.array(v) for k, v in point.arguments.items() if k != "K"},
        {k: readable.exact(v) for k, v in point.arguments.items() if k != "K"},
        _results(case, case.right), _yours(case),
    )  # fmt: skip


def _yours(case: Case) -> str:
    if case.state in ("right", "digits") and case.outcome.changed:
        return f"the same, but {' and '.join(case.outcome.changed)} changed"
    if case.state in ("raised", "type"):
        return case.what
    text = _results(case, tuple(case.outcome.values))
    return f"{text}: {case.what}" if case.state == "shape" else text


def _results(case: Case, values: tuple[Any, ...]) -> str:
    names = list(case.target.results)
    if len(values) == 1:
        return readable.array(values[0])
    return ", ".join(f"{n} = {readable.array(v)}" for n, v in zip(names, values, strict=True))
