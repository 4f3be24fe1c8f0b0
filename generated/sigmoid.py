"""Sigmoid: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    sigmoid-positive
    sigmoid-derivative
    logit
    softplus-slope
    log-sigmoid
    tanh-derivative

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "log_sigmoid",
    "logit",
    "sigmoid",
    "sigmoid_derivative",
    "softplus",
    "tanh_derivative",
]


def sigmoid(x: ArrayLike) -> Any:
    """The logistic function, 1 / (1 + exp(−x)).

    1 / (1 + exp(−x))

    Derivation: sigmoid-positive. Computed in the form proved as sigmoid-positive-numerical.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> sigmoid(1.5).round(6)
    np.float64(0.817574)
    """
    (x,), dtype = _float_arrays(x=x)
    with np.errstate(all="ignore"):
        s = _shift(np.maximum(-x, 0))
        e = np.exp(-s)
        return _result(e / (e + np.exp(-np.maximum(x, 0))), dtype)[()]


def sigmoid_derivative(x: ArrayLike) -> Any:
    """Derivative of the sigmoid.

    exp(−x) / (1 + exp(−x))^2

    Derivation: sigmoid-derivative. Computed in the form proved as sigmoid-derivative-numerical.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> sigmoid_derivative(1.5).round(6)
    np.float64(0.149146)
    """
    (x,), dtype = _float_arrays(x=x)
    with np.errstate(all="ignore"):
        value = -x
        s = _shift(np.maximum(value, 0))
        total = np.exp(-s) + np.exp(-np.maximum(x, 0))
        return _result(np.exp(-np.maximum(x, value)) / total / total, dtype)[()]


def logit(p: ArrayLike) -> Any:
    """The inverse of the sigmoid, the log-odds.

    log(p / (1 − p))

    Derivation: logit. Computed as the formula stands: no stabilising rewrite applies to it.

    Shapes: p : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> logit(0.3).round(6)
    np.float64(-0.847298)
    """
    (p,), dtype = _float_arrays(p=p)
    with np.errstate(all="ignore"):
        return _result(_log_odds(p), dtype)[()]


def softplus(x: ArrayLike) -> Any:
    """Softplus, log(1 + exp(x)).

    log(1 + exp(x))

    Derivation: softplus-slope. Computed as the formula stands: no stabilising rewrite applies to
    it.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> softplus(1.5).round(6)
    np.float64(1.701413)
    """
    (x,), dtype = _float_arrays(x=x)
    with np.errstate(all="ignore"):
        return _result(np.logaddexp(0, x), dtype)[()]


def log_sigmoid(x: ArrayLike) -> Any:
    """Logarithm of the sigmoid.

    −log(1 + exp(−x))

    Derivation: log-sigmoid. Computed as the formula stands: no stabilising rewrite applies to it.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> log_sigmoid(1.5).round(6)
    np.float64(-0.201413)
    """
    (x,), dtype = _float_arrays(x=x)
    with np.errstate(all="ignore"):
        return _result(-np.logaddexp(0, -x), dtype)[()]


def tanh_derivative(x: ArrayLike) -> Any:
    """Derivative of the hyperbolic tangent.

    4 exp(−2 x) / (1 + exp(−2 x))^2

    Derivation: tanh-derivative. Computed in the form proved as tanh-derivative-numerical.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> tanh_derivative(1.5).round(6)
    np.float64(0.180707)
    """
    (x,), dtype = _float_arrays(x=x)
    with np.errstate(all="ignore"):
        value = 2 * x
        value2 = -value
        s = _shift(np.maximum(value2, 0))
        total = np.exp(-s) + np.exp(-np.maximum(value, 0))
        value3 = np.exp(-np.maximum(value, value2)) / total * 4
        return _result(value3 / total, dtype)[()]


def _float_arrays(
    least: Any = np.float32, /, **given: ArrayLike
) -> tuple[list[NDArray[Any]], np.dtype[Any]]:
    """The arguments as arrays of one floating type to compute in, and the type to return."""
    arrays = {name: _real_array(name, value) for name, value in given.items()}
    # Python's own numbers take the type of the arrays that they meet, as everywhere in NumPy.
    deciding = [
        arrays[name].dtype
        for name, value in given.items()
        if arrays[name].dtype.kind == "f" and not isinstance(value, int | float)
    ]
    dtype = np.result_type(*deciding) if deciding else np.dtype(np.float64)
    work = np.result_type(dtype, least)
    with np.errstate(over="ignore"):
        return [a.astype(work, copy=False) for a in arrays.values()], dtype


def _array(name: str, value: ArrayLike) -> NDArray[Any]:
    """The argument as an array, whatever it holds; its rows may not differ or hide entries."""
    parts = value if isinstance(value, list | tuple) else (value,)
    if any(np.ma.isMaskedArray(part) for part in parts):
        raise TypeError(f"{name} must not be a masked array: fill what it hides, or leave it out")
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} must be an array of numbers, but its rows differ: {error}"
        ) from None


def _holds_only(array: NDArray[Any], *types: type) -> bool:
    """Whether an array holds Python's own numbers, one of them too large for NumPy's integers."""
    return array.dtype == object and array.size > 0 and all(type(v) in types for v in array.flat)


def _real_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """The argument as an array of real numbers."""
    array = _array(name, value)
    if _holds_only(array, int, float, bool):
        try:
            return array.astype(np.float64)
        except OverflowError:
            raise ValueError(f"{name} contains a number too large for float64") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be an array of real numbers, not of type {array.dtype}")
    return array


def _result(value: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The value in the type that the arguments ask for."""
    return np.asarray(value).astype(dtype, copy=False)


def _shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf."""
    return np.where(np.isneginf(top), 0, top).astype(top.dtype, copy=False)


def _log_odds(chance: Any) -> Any:
    """log(p / (1 − p)); near 1/2, where it is small, 2 p − 1 is exact and 1 − p is not."""
    rest = 1 - chance
    twice = 2 * chance - 1
    near, far = np.log1p(twice / rest), np.log(chance / rest)
    return np.where(np.abs(twice) <= 0.5, near, far).astype(far.dtype, copy=False)
