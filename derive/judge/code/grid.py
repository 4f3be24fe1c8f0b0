"""The inputs that a function is tried on, the smallest and simplest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.judge.code.signature import Target

CLASSES = (1, 2, 3, 7)
BATCHES: tuple[tuple[int, ...], ...] = ((), (5,), (2, 3))
SEED = 20240229
FEATURES, EXAMPLES, UNITS = 2, 2, 2  # the lengths of the axes D, m and N
Array = NDArray[Any]

# (logits or chances, targets): the simplest first. Each is used where the function has such.
MIXES = (
    ("simple", "one-hot"), ("simple", "soft"), ("simple", "total 2"), ("tied", "soft"),
    ("negative", "one-hot"), ("ordinary", "soft"), ("shifted", "total 2"), ("zeros", "one-hot"),
    ("apart", "one-hot"), ("far apart", "one-hot"), ("far up", "soft"), ("far down", "soft"),
    ("rows far apart", "soft"),
)  # fmt: skip
LARGE = ("far apart", "far up", "far down", "rows far apart")


@dataclass(frozen=True, eq=False)
class Point:
    """One input: its place in the order, what it is like, and the arguments.

    Batch axes come first in every argument; ``K`` is None where there are no classes.
    """

    n: int
    K: int | None
    batch: tuple[int, ...]
    numbers: str
    dtype: str
    arguments: dict[str, Any]

    @property
    def large(self) -> bool:
        """Whether the logits are beyond what exp can take."""
        return self.numbers in LARGE


def grid(target: Target) -> list[tuple[Point, tuple[Array, ...]]]:
    """Every input with the right results; those without a finite right result are left out."""
    made: list[tuple[Point, tuple[Array, ...]]] = []
    seen: set[tuple[Any, ...]] = set()
    for K, batch, (numbers, targets), dtype in _places(target):
        rng = np.random.default_rng(SEED)
        arguments: dict[str, Any] = {
            name: _argument(target, name, K or 1, batch, (numbers, targets), dtype, rng)
            for name in target.arguments
        }
        key = (K, batch, dtype, *(a.tobytes() for a in arguments.values()))
        if key in seen:
            continue
        seen.add(key)
        if target.takes_size:
            arguments["K"] = K
        right = tuple(np.asarray(r) for r in target.right(**doubled(arguments)))
        if all(np.isfinite(r).all() for r in right):
            words = _words(target, numbers, targets)
            made.append((Point(len(made), K, batch, words, dtype, arguments), right))
    return made


def doubled(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same arguments with every floating array in float64."""
    return {
        k: v.astype(np.float64) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v
        for k, v in arguments.items()
    }


def _places(
    target: Target,
) -> Iterator[tuple[int | None, tuple[int, ...], tuple[str, str], str]]:
    sizes: tuple[int | None, ...] = CLASSES if target.has_classes else (None,)
    if target.reduced:
        sizes = tuple(K for K in CLASSES if K > 1)  # K = 1 leaves empty rows
    for K in sizes:
        for batch in BATCHES:
            for mix in MIXES:
                if mix[0] == "rows far apart" and not batch:
                    continue
                for dtype in ("float64", "float32"):
                    yield K, batch, mix, dtype


def _words(target: Target, numbers: str, targets: str) -> str:
    """What the numbers are like, for the report; a large kind keeps its own name."""
    has_targets = "y" in target.arguments and target.arguments["y"]
    return numbers if numbers in LARGE or not has_targets else f"{numbers}, targets {targets}"


def _argument(
    target: Target, name: str, K: int, batch: tuple[int, ...], mix: tuple[str, str], dtype: str,
    rng: np.random.Generator,
) -> Array:  # fmt: skip
    """One argument : (*batch, *its axes)."""
    sizes = {"K": K, "K-1": K - 1, "D": FEATURES, "m": EXAMPLES, "N": UNITS}
    axes = tuple(sizes[a] for a in target.arguments[name])
    shape = (*batch, *axes)
    numbers, targets = mix
    if name == "c":
        return (np.arange(int(np.prod(shape))).reshape(shape) * 2) % K
    if name == "y" and target.name.startswith("log_pmf"):
        return np.asarray(_steps(shape) - 1, dtype)
    if name == "y" and axes:
        return np.asarray(_targets(targets, shape), dtype)
    if name in ("p", "q", "phi", "a") or (name == "y" and not axes):
        return np.asarray(_chances(numbers, shape, bool(axes), name), dtype)
    if name in ("tau", "gamma"):
        return np.asarray(1 + (_steps(shape) % 2), dtype)
    if name == "x" and not axes and numbers == "apart":
        steps = _steps(shape)
        return np.asarray(30 * steps * (-1) ** steps, dtype)
    if name in ("z", "eta") or (name == "x" and not axes):
        return np.asarray(_logits(numbers, shape, rng), dtype)
    if name == "b":
        return np.asarray(_logits(numbers if numbers in LARGE else "simple", shape, rng), dtype)
    if numbers == "ordinary" and not target.has_classes:
        return np.asarray(np.round(rng.normal(size=shape) * 2, 1), dtype)
    return np.asarray(rng.integers(-4, 5, shape) / 2, dtype)


def _steps(shape: tuple[int, ...]) -> Array:
    """1, 2, …, n along the last axis, turned by one from row to row : shape."""
    n = shape[-1] if shape else 1
    rows = np.arange(int(np.prod(shape[:-1]))).reshape(*shape[:-1], 1) if shape else 0
    return np.asarray((np.arange(n) + rows) % max(n, 1) + 1.0).reshape(shape)


def _logits(kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Logits of a kind : shape; the last axis is the one of the classes."""
    steps = _steps(shape)
    rows = np.arange(int(np.prod(shape[:-1]))).reshape(*shape[:-1], 1) if shape else 0
    match kind:
        case "tied" | "zeros":
            return np.zeros(shape)
        case "negative":
            return -steps - rows % 3
        case "ordinary":
            return np.round(rng.normal(size=shape) * 3, 1)
        case "shifted":
            return np.log(steps) + 20
        case "apart":
            return 20 * (steps - 1) % 80
        case "far apart":
            return np.asarray(1000 * (steps % 3 - 1))
        case "far up":
            return np.log(steps) + 1000
        case "far down":
            return np.log(steps) - 1000
        case "rows far apart":
            return np.log(steps) + 1000 * (rows % 3)
    return np.log(steps)


def _targets(kind: str, shape: tuple[int, ...]) -> Array:
    """Targets : (..., K), which need not sum to 1."""
    if kind == "one-hot":
        return np.asarray(_steps(shape) == 1, float)
    steps = _steps(shape)
    share = steps / steps.sum(-1, keepdims=True)
    return share if kind == "soft" else 2 * share


def _chances(kind: str, shape: tuple[int, ...], rows: bool, name: str) -> Array:
    """Distributions over the last axis, or single chances : shape."""
    steps = _steps(shape)
    if not rows:
        return steps / (steps.max(initial=1) + 1) if kind != "tied" else np.full(shape, 0.5)
    if kind == "tied":
        return np.full(shape, 1 / shape[-1])
    if kind == "zeros" and name != "q":
        return np.asarray(steps == 1, float)
    if kind == "apart":
        steps = np.where(steps == 1, 2.0**-60, steps)
    if kind == "negative":
        steps = steps**2
    if name == "q":
        steps = steps[..., ::-1]
    return steps / steps.sum(-1, keepdims=True)
