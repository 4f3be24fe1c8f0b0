"""What a reference says about a function, and how far a result is from it.

A reference works with exact numbers: object arrays of mpmath numbers at 50 digits, made from the
very floats that the function was given. Besides the value it says what errors are measured against.
The budget of an entry is

    4 · max(eps · size, spacing) + eps · unavoidable + spacing · spacings

where ``size`` is |value| where nothing cancels and Σ|terms| where terms do, ``spacing`` is the
smallest subnormal number, and ``unavoidable`` counts what no formula avoids in working precision:
|z_i − max z| / 2 for the row maximum that is subtracted, and half of log2 K for a sum of K terms.
``spacings`` counts spacings: a share that is subnormal is off by one, and what multiplies it, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

DIGITS = 50
FLOOR = 4  # times eps · size

exp, log, log1p, loggamma = (
    np.frompyfunc(f, 1, 1) for f in (mpmath.exp, mpmath.log, mpmath.log1p, mpmath.loggamma)
)
_number = np.frompyfunc(lambda v: mpmath.mpf(float(v)), 1, 1)


def exact(values: Any) -> np.ndarray:
    """The numbers of an array as they are, as mpmath numbers."""
    return np.asarray(_number(np.asarray(values)), dtype=object)


def product(weight: Any, value: Any) -> np.ndarray:
    """weight · value, which is 0 where the weight is 0, whatever the value."""
    weight, value = np.broadcast_arrays(np.asarray(weight, object), np.asarray(value, object))
    out = np.full(weight.shape, mpmath.mpf(0), dtype=object)
    some = weight != 0
    out[some] = weight[some] * value[some]
    return out


def pairwise(count: int) -> float:
    """What a sum of so many terms costs, in eps of Σ|terms|; a short one is within the floor."""
    return float(np.log2(count)) / 2 if count > 8 else 0.0


@dataclass(frozen=True)
class Want:
    """An exact result, what its errors are measured against, and what is unavoidable (in eps)."""

    value: Any
    size: Any = None
    unavoidable: Any = 0
    spacings: Any = 0

    def errors(self, got: Any, dtype: Any) -> np.ndarray:
        """The error of each entry in quarters of its budget: at most FLOOR if all is well."""
        got, value = np.asarray(got), np.asarray(self.value, dtype=object)
        size = abs(value) if self.size is None else self.size
        more = (np.broadcast_to(np.asarray(a, object), value.shape).flat for a in
                (size, self.unavoidable, self.spacings))  # fmt: skip
        assert got.shape == value.shape, (got.shape, value.shape)
        made = [_units(*entry, np.dtype(dtype)) for entry in zip(got.flat, value.flat, *more)]  # noqa: B905
        return np.array(made, dtype=float).reshape(value.shape)

    def worst(self, got: Any, dtype: Any, place: Any = None) -> float:
        """The largest of the errors.

        ``place`` says which entry of the reference each entry of the result repeats.
        """
        ends = [np.asarray(got)]
        if place is not None:
            order = np.argsort(place, kind="stable")
            starts = np.flatnonzero(np.diff(place[order], prepend=-1))
            ends = [f.reduceat(ends[0][order], starts) for f in (np.minimum, np.maximum)]
        return max(float(self.errors(end, dtype).max(initial=0)) for end in ends)


def _units(
    got: Any, value: Any, size: Any, unavoidable: Any, spacings: Any, dtype: np.dtype[Any]
) -> float:
    """|got − value| in quarters of the budget."""
    info = np.finfo(dtype)
    if np.isnan(got) or mpmath.isnan(value):
        return 0.0 if np.isnan(got) and mpmath.isnan(value) else np.inf
    if mpmath.isinf(value) or np.isinf(got):
        # Beyond the largest number, infinity is the answer.
        far = abs(value) >= float(info.max) * (1 - float(info.eps))
        return 0.0 if far and np.isinf(got) and (got > 0) == (value > 0) else np.inf
    work = np.finfo(np.result_type(dtype, np.float32))
    unit = max(float(info.eps) * size, mpmath.mpf(float(info.smallest_subnormal)))
    unit += float(work.eps) * unavoidable / FLOOR
    unit += mpmath.mpf(float(work.smallest_subnormal)) * spacings / FLOOR
    return float(abs(mpmath.mpf(float(got)) - value) / unit)


Reference = Callable[..., Any]
REFERENCES: dict[str, Reference] = {}


def reference(*names: str) -> Callable[[Reference], Reference]:
    """Enter a reference for the functions of these names."""

    def enter(made: Reference) -> Reference:
        for name in names:
            assert name not in REFERENCES, name
            REFERENCES[name] = made
        return made

    return enter
