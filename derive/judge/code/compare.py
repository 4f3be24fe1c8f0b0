"""Compare what a person's function returned with the right results, input by input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.judge.code.grid import Point, doubled
from derive.judge.code.process import Outcome
from derive.judge.code.signature import Target

TOLERANCE = {"float64": 1e-6, "float32": 1e-3}
Array = NDArray[Any]


@dataclass(eq=False)
class Case:
    """One input with the right results, the person's, and how they compare.

    ``state`` is right, digits (right, but digits are lost), wrong, shape, type or raised.
    """

    target: Target
    point: Point
    right: tuple[Array, ...]
    outcome: Outcome
    state: str = ""
    what: str = ""

    def __post_init__(self) -> None:
        self.state, self.what = _state(self)

    @property
    def good(self) -> bool:
        """Whether the results are right, to all digits or to fewer, and the arguments as before."""
        return self.state in ("right", "digits") and not self.outcome.changed

    @property
    def values(self) -> tuple[Array, ...]:
        """The person's results as float64."""
        return tuple(np.asarray(v, np.float64) for v in self.outcome.values)

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments in float64."""
        return doubled(self.point.arguments)

    @property
    def axes(self) -> tuple[int, ...]:
        """How many axes each result has behind the batch axes."""
        return tuple(len(a) for a in self.target.results.values())

    def equals(self, results: tuple[Array, ...]) -> bool:
        """Whether the person returned these results, to the tolerance of its type."""
        values = self.values
        return len(values) == len(results) and all(
            v.shape == np.shape(r) and close(v, np.asarray(r), self.point.dtype)
            for v, r in zip(values, results, strict=True)
        )


def close(value: Array, right: Array, dtype: str, floor: float = 1.0) -> bool:
    """Whether two arrays agree within the tolerance relative to their scale, at least ``floor``."""
    if value.size == 0:
        return True
    whole = np.isfinite(right)
    if not np.array_equal(value[~whole], right[~whole], equal_nan=True):
        return False
    scale = max(float(np.abs(right[whole]).max(initial=0)), floor)
    with np.errstate(all="ignore"):
        return bool((np.abs(value - right)[whole] <= TOLERANCE[dtype] * scale).all())


def _state(case: Case) -> tuple[str, str]:
    outcome, right = case.outcome, case.right
    if outcome.raised:
        return "raised", _raised(outcome)
    if outcome.type:
        return "type", f"returns {outcome.type}"
    values = case.values
    if len(values) == 1 < len(right) and _rows(values[0], right):
        return "type", f"returns one array, not {len(right)} results"
    if len(values) != len(right):
        return "type", f"returns {len(values)} results, not {len(right)}"
    for value, own in zip(values, right, strict=True):
        if value.shape != own.shape:
            return "shape", f"a result of shape {value.shape}, not {own.shape}"
    pairs = list(zip(values, right, case.axes, strict=True))
    if all(_rowwise(v, r, n, case.point.dtype, 0.0) for v, r, n in pairs):
        return "right", ""
    if all(_rowwise(v, r, n, case.point.dtype, 1.0) for v, r, n in pairs):
        return "digits", "right, but digits are lost"
    return "wrong", ""


def _rows(value: Array, right: tuple[Array, ...]) -> bool:
    return value.ndim > 0 and len(right) > 1


def _rowwise(value: Array, right: Array, axes: int, dtype: str, floor: float) -> bool:
    """Whether every example of a batch agrees on its own scale; ``axes`` belong to an example."""
    if right.size == 0:
        return True
    own = right.shape[right.ndim - axes :]
    pairs = zip(value.reshape(-1, *own), right.reshape(-1, *own), strict=True)
    return all(close(np.asarray(v), np.asarray(r), dtype, floor) for v, r in pairs)


def _raised(outcome: Outcome) -> str:
    if outcome.raised == "SystemExit":
        return f"calls sys.exit({outcome.message})"
    return f"raises {outcome.raised}: {outcome.message}".rstrip(": ")
