"""Running a trial: the line of code as it is stated, and the generated function beside it."""

from __future__ import annotations

import math
from typing import Any

from sympy import Rational

from derive.codegen.generate import standalone
from derive.kernel.instance import at_instance, component_name
from derive.kernel.language import Expr, Integer, Symbol
from derive.kernel.rounding import enclosure
from derive.kernel.trial import Trial, Tried

EPS = Rational(1, 2**52)
SETTING = """\
from numpy import *
__builtins__ = {}
with errstate(all="ignore"):
    __value__ = """


def run(trial: Trial) -> Tried:
    """Run both, and compare ours with the exact values."""
    import numpy as np

    arrays = {n: np.array([float(Rational(t)) for t in v]) for n, v in trial.given.items()}
    space: dict[str, Any] = {}
    exec(compile(standalone(trial.derivation), trial.name, "exec"), space)
    spec = trial.derivation.function
    assert spec is not None
    ours = np.atleast_1d(space[spec.name](*(arrays[str(a)] for a in spec.arguments)))
    own: dict[str, Any] = {"arrays": arrays}
    exec(compile(f"{SETTING}({trial.code})\n", trial.name, "exec"), own | arrays, own)
    stated = np.atleast_1d(own["__value__"])
    exact = _exact(trial)
    return Tried(trial.name, _floats(stated), _floats(ours), _worst(_floats(ours), exact))


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def _exact(trial: Trial) -> list[Expr]:
    """The exact values of what the function computes; one axis at most."""
    derivation, spec = trial.derivation, trial.derivation.function
    assert spec is not None
    values: dict[str, Expr] = {}
    sizes: dict[Symbol, int] = {}
    for name, texts in trial.given.items():
        for n, text in enumerate(texts, 1):
            values[component_name(name, (n,))] = Rational(text)
        for size in derivation.context.quantities[name].shape[0].free_symbols:
            sizes[size] = len(texts)
    count = len(next(iter(trial.given.values())))
    axes = [dict.fromkeys(spec.axes, n) for n in range(1, count + 1)] if spec.axes else [{}]
    context = derivation.context
    return [at_instance(spec.value, context, {**sizes, **at}, values) for at in axes]


def _worst(found: tuple[float, ...], exact: list[Expr]) -> float:
    """The largest relative error, in eps."""
    if not all(map(math.isfinite, found)):
        return math.inf
    errors = []
    for number, value in zip(found, exact, strict=True):
        low, high = enclosure(value)
        middle = (low + high) / 2
        gap = abs(Rational(*number.as_integer_ratio()) - middle)
        errors.append(float(gap / (abs(middle) or Integer(1)) / EPS))
    return max(errors)
