"""Binary cross entropy: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    binary-cross-entropy
    binary-cross-entropy-gradient

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_gradient",
]


def binary_cross_entropy_with_logits(x: ArrayLike, y: ArrayLike) -> Any:
    """Binary cross-entropy from a logit.

    y log(1 + exp(−x)) + (1 − y) log(1 + exp(x))

    Derivation: binary-cross-entropy. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: x : (...), y : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if batch shapes do not
    broadcast.

    >>> binary_cross_entropy_with_logits(1.5, 0.25).round(6)
    np.float64(1.326413)
    """
    (x, y), dtype = _float_arrays(x=x, y=y)
    _batch_shape(x=x.shape, y=y.shape)
    with np.errstate(all="ignore"):
        weighted = _weighted(1 - y, np.logaddexp(0, x))
        return _result(_weighted(y, np.logaddexp(0, -x)) + weighted, dtype)[()]


def binary_cross_entropy_with_logits_gradient(x: ArrayLike, y: ArrayLike) -> Any:
    """Derivative of binary cross-entropy by the logit.

    (1 − y) / (1 + exp(−x)) − y / (1 + exp(x))

    Derivation: binary-cross-entropy-gradient. Computed in the form proved as
    binary-cross-entropy-gradient-numerical.

    Shapes: x : (...), y : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if batch shapes do not
    broadcast.

    >>> binary_cross_entropy_with_logits_gradient(1.5, 0.25).round(6)
    np.float64(0.567574)
    """
    (x, y), dtype = _float_arrays(x=x, y=y)
    _batch_shape(x=x.shape, y=y.shape)
    with np.errstate(all="ignore"):
        top = np.maximum(-x, 0)
        s = _shift(top)
        e = np.exp(-s)
        top2 = np.maximum(x, 0)
        s2 = _shift(top2)
        e2 = np.exp(-s2)
        return _result((1 - y) * e / (e + np.exp(-top2)) - y * e2 / (e2 + np.exp(-top)), dtype)[()]


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


def _batch_shape(**shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The common shape of what stands in front of the axes of the formula."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        given = ", ".join(f"{name} has {shape}" for name, shape in shapes.items())
        raise ValueError(f"the batch shapes do not broadcast: {given}") from None


def _result(value: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The value in the type that the arguments ask for."""
    return np.asarray(value).astype(dtype, copy=False)


def _shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf."""
    return np.where(np.isneginf(top), 0, top).astype(top.dtype, copy=False)


def _weighted(weight: Any, value: Any) -> Any:
    """weight · value, where a weight of 0 at a value of -inf or +inf contributes 0."""
    product = np.asarray(weight * value)
    nothing = (weight == 0) & np.isinf(value)
    return np.where(nothing, 0, product).astype(product.dtype, copy=False)
