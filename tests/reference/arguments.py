"""Arguments for any generated function: their shapes from its docstring, their kinds by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

import generated

FUNCTIONS = {name: getattr(generated, name) for name in generated.__all__}
INF = np.inf
LABEL, CHANCES, LOGITS = "c", ("p", "q", "phi"), ("z", "x", "eta")
POSITIVE = ("gamma", "temperature")


@cache
def shapes(function: Callable[..., Any]) -> Mapping[str, tuple[str, ...]]:
    """The axes of each argument behind its batch axes, as the docstring states them."""
    lines = inspect.getdoc(function).split("\n\n")
    line = next(part for part in lines if part.startswith("Shapes:"))
    given = " ".join(line.split()).partition(";")[0]
    found = re.findall(r"(\w+) : \(([^)]*)\)", given)
    made = {name: tuple(a for a in axes.split(", ") if a != "...") for name, axes in found}
    own = required(function)
    assert set(own) <= set(made) <= {*own, *options(function)}, (function.__name__, made)
    return {name: made[name] for name in own}


def required(function: Callable[..., Any]) -> list[str]:
    """The names of the arguments, without the options; sizes such as K are none of them."""
    known = inspect.signature(function).parameters.values()
    return [p.name for p in known if p.kind is not p.KEYWORD_ONLY and p.name != "K"]


def options(function: Callable[..., Any]) -> list[str]:
    """The names of the keyword-only arguments."""
    known = inspect.signature(function).parameters.values()
    return [p.name for p in known if p.kind is p.KEYWORD_ONLY]


def is_entrywise(function: Callable[..., Any]) -> bool:
    """Whether no argument has an axis of its own."""
    return "K" not in inspect.signature(function).parameters and not any(
        shapes(function).values()
    )


def is_row(function: Callable[..., Any]) -> bool:
    """Whether its arguments are rows of classes, and numbers or labels for each row."""
    axes = set(shapes(function).values())
    return bool(axes - {()}) and axes <= {("K",), ("K-1",), ()}


def is_square(function: Callable[..., Any]) -> bool:
    """Whether a result has two class axes, so that long rows would fill the memory."""
    said = " ".join(inspect.getdoc(function).split()).partition("Shapes:")[2]
    result = said.partition("; ")[2].partition(").")[0]
    return re.search(r"K(-1)?, K(-1)?", result) is not None


def has_counts(name: str) -> bool:
    """Whether the targets of a function are counts."""
    return name.startswith("log_pmf")


def length(axis: str, sizes: Mapping[str, int]) -> int:
    """The length of an axis such as K-1."""
    name, _, less = axis.partition("-")
    return sizes[name] - int(less or 0)


def sample(
    function: Callable[..., Any],
    rng: np.random.Generator,
    batch: tuple[int, ...] = (),
    dtype: Any = np.float64,
    scale: float = 3.0,
    **sizes: int,
) -> dict[str, Any]:
    """Ordinary arguments: a batch of this shape with axes of these sizes."""
    sizes = {"K": 4, "D": 2, "m": 5, "N": 3} | sizes
    made = {}
    for name, axes in shapes(function).items():
        shape = (*batch, *(length(a, sizes) for a in axes))
        if name == LABEL:
            made[name] = rng.integers(0, sizes["K"], shape)
        elif name == "y" and has_counts(function.__name__):
            made[name] = rng.integers(0, 9, shape).astype(dtype)
        elif name in (*CHANCES, "y"):
            share = rng.random(shape) * 0.8 + 0.1
            share = share / share.sum(-1, keepdims=True) if axes else share
            total = 1.7 if name == "y" and axes else 1.0  # targets need not sum to 1
            made[name] = (share * total).astype(dtype)
        elif name in POSITIVE:
            made[name] = np.asarray(rng.random(shape) + 0.5, dtype)
        else:
            made[name] = np.asarray(rng.normal(size=shape) * scale, dtype)
    if "K" in inspect.signature(function).parameters:
        made["K"] = sizes["K"]
    return made
