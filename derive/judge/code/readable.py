"""Numbers and arrays as a person would write them: ln 3, 1/6, 1000 + ln 2."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

MOST = 24  # entries of an array that are shown
BASES = (0, 20, 1000, -1000, 2000)


def number(value: Any) -> str:
    """One number: an integer, ln n, a small fraction, or its first digits."""
    kind = np.asarray(value).dtype
    x = float(value)
    if not np.isfinite(x):
        return {np.inf: "∞", -np.inf: "−∞"}.get(x, "NaN")
    if x == int(x) and abs(x) < 10**6:
        return _minus(str(int(x)))
    eps, most = (1e-7, 30) if kind == np.float32 else (4e-16, 200)
    near = 4 * eps * max(1.0, abs(x))
    for base in BASES:
        for n in range(2, 8):
            if abs(x - base - np.log(n)) <= eps * max(1.0, abs(base)):
                return f"{_minus(str(base))} + ln {n}" if base else f"ln {n}"
            if not base and abs(x + np.log(n)) <= eps:
                return f"−ln {n}"
    found = Fraction(x).limit_denominator(most)
    if found and abs(float(found) - x) <= min(near, abs(x) * 1e-6):
        return _minus(str(found))
    return _minus(f"{x:.9g}" if kind != np.float32 else f"{x:.7g}")


def array(value: Any) -> str:
    """An array in round brackets, row by row; a long one is cut."""
    own = np.asarray(value)
    if own.ndim == 0:
        return number(own[()])
    if own.size > MOST and own.ndim > 1:
        shown = ", ".join(array(part) for part in own[:1])
        return f"({shown}, …) of shape {own.shape}" if len(own) > 1 else f"({shown})"
    if own.size > MOST:
        return f"({', '.join(number(v) for v in own[:MOST])}, …)"
    if own.ndim > 1:
        return "(" + ", ".join(array(part) for part in own) + ("," if len(own) == 1 else "") + ")"
    return "(" + ", ".join(number(v) for v in own) + ("," if len(own) == 1 else "") + ")"


def exact(value: Any) -> Any:
    """Nested lists of the numbers as exact text."""
    own = np.asarray(value)
    return [exact(part) for part in own] if own.ndim else str(own[()])


def _minus(text: str) -> str:
    return text.replace("-", "−")
