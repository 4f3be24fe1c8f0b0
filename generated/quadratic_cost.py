"""Quadratic cost: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    quadratic-cost-gradient
    quadratic-cost-sigmoid
    quadratic-cost-softmax

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "quadratic_cost",
    "sigmoid_quadratic_cost_gradient",
    "softmax_quadratic_cost_gradient",
]


def quadratic_cost(a: ArrayLike, y: ArrayLike) -> Any:
    """Half the sum of squared errors.

    Σ_k (a_k − y_k)^2 / 2

    Derivation: quadratic-cost-gradient. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: a : (..., K), y : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> quadratic_cost([0.25, 0.75, 0.5], [0.0, 1.0, 0.0]).round(6)
    np.float64(0.1875)
    """
    (a, y), dtype = _float_arrays(a=a, y=y)
    K = _axis_length("a", a, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _batch_shape(a=a.shape[:-1], y=y.shape[:-1])
    with np.errstate(all="ignore"):
        return _result(np.sum(np.square(a - y), axis=-1) / 2, dtype)[()]


def sigmoid_quadratic_cost_gradient(z: ArrayLike, y: ArrayLike) -> NDArray[Any]:
    """Gradient in z of the quadratic cost of sigmoid outputs.

    Entry i: (1 / (1 + exp(−z_i)) − y_i) exp(−z_i) / (1 + exp(−z_i))^2

    Derivation: quadratic-cost-sigmoid. Computed in the form proved as
    quadratic-cost-sigmoid-numerical.

    Shapes: z : (..., K), y : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> sigmoid_quadratic_cost_gradient([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    array([-0.002375,  0.017536,  0.04349 ])
    """
    (z, y), dtype = _float_arrays(z=z, y=y)
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    with np.errstate(all="ignore"):
        s = _shift(np.maximum(-z, 0))
        e = np.exp(-s)
        total = np.exp(-z - s) + e
        return _result(np.exp(-z - 2 * s) / total * (e / total - y) / total, dtype)


def softmax_quadratic_cost_gradient(z: ArrayLike, y: ArrayLike) -> NDArray[Any]:
    """Gradient in z of the quadratic cost of softmax.

    Entry i: p_i (e_i − Σ_k e_k p_k)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    where e_i = p_i − y_i

    Derivation: quadratic-cost-softmax. Computed in the form proved as
    quadratic-cost-softmax-numerical.

    Shapes: z : (..., K), y : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_quadratic_cost_gradient([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    array([-0.001085, -0.183517,  0.184602])
    """
    (z, y), dtype = _float_arrays(z=z, y=y)
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    with np.errstate(all="ignore"):
        e = np.exp(z)
        p = e / np.sum(e, axis=-1)[..., None]
        e2 = p - y
        s = _shift(np.max(z, axis=-1))
        e3 = np.exp(z - s[..., None])
        p2 = e3 / np.sum(e3, axis=-1)[..., None]
        return _result((e2 - np.sum(e2 * p2, axis=-1)[..., None]) * p2, dtype)


def _float_arrays(**given: ArrayLike) -> tuple[list[NDArray[Any]], np.dtype[Any]]:
    """The arguments as arrays of one floating type to compute in, and the type to return."""
    arrays = {name: _real_array(name, value) for name, value in given.items()}
    # Python's own numbers take the type of the arrays that they meet, as everywhere in NumPy.
    deciding = [
        arrays[name].dtype
        for name, value in given.items()
        if arrays[name].dtype.kind == "f" and not isinstance(value, int | float)
    ]
    dtype = np.result_type(*deciding) if deciding else np.dtype(np.float64)
    work = np.result_type(dtype, np.float32)
    with np.errstate(over="ignore"):
        return [a.astype(work, copy=False) for a in arrays.values()], dtype


def _real_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """The argument as an array of real numbers."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} must be an array of numbers, but its rows differ: {error}"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be an array of real numbers, not of type {array.dtype}")
    return array


def _axis_length(name: str, array: NDArray[Any], axis: int, shape: str) -> int:
    """The length of an axis, which may not be empty."""
    if array.ndim < -axis:
        raise ValueError(f"{name} must have shape {shape}, not {array.shape}")
    length = array.shape[axis]
    if length == 0:
        raise ValueError(
            f"{name} must have shape {shape} with at least one entry along axis {axis}, "
            f"not {array.shape}"
        )
    return int(length)


def _expect_length(name: str, array: NDArray[Any], axis: int, shape: str, length: int) -> None:
    """An axis must have the length that an earlier argument settled."""
    if array.ndim < -axis or array.shape[axis] != length:
        raise ValueError(
            f"{name} must have shape {shape} with {length} along axis {axis}, not {array.shape}"
        )


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
