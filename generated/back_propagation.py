"""Back-propagation: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    backpropagation-hidden

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "hidden_layer_backward",
]


def hidden_layer_backward(W: ArrayLike, h: ArrayLike, dz: ArrayLike) -> NDArray[Any]:
    """Errors of a layer of sigmoids, from those of the layer that it feeds.

    Entry u: exp(−h_u) Σ_k dz_k W_ku / (1 + exp(−h_u))^2

    Derivation: backpropagation-hidden. Computed in the form proved as
    backpropagation-hidden-numerical.

    Shapes: W : (..., K, N), h : (..., N), dz : (..., K); result: (..., N).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> hidden_layer_backward(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.5, -1.0],
    ...     [0.5, -0.75, 0.25],
    ... ).round(6)
    array([ 0.029375, -0.344071])
    """
    (W, h, dz), dtype = _float_arrays(W=W, h=h, dz=dz)
    K = _axis_length("W", W, -2, "(..., K, N)")
    N = _axis_length("W", W, -1, "(..., K, N)")
    _expect_length("h", h, -1, "(..., N)", N)
    _expect_length("dz", dz, -1, "(..., K)", K)
    _batch_shape(W=W.shape[:-2], h=h.shape[:-1], dz=dz.shape[:-1])
    with np.errstate(all="ignore"):
        value = -h
        s = _shift(np.maximum(value, 0))
        total = np.exp(-np.maximum(h, 0)) + np.exp(-s)
        product = np.matmul(np.swapaxes(W, -1, -2), dz[..., None])[..., 0]
        value2 = np.exp(-np.maximum(h, value)) / total * product
        return _result(value2 / total, dtype)


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


def _axis_length(name: str, array: NDArray[Any], axis: int, shape: str, least: int = 1) -> int:
    """The length of an axis, which has at least so many entries."""
    if array.ndim < -axis:
        raise ValueError(f"{name} must have shape {shape}, not {array.shape}")
    length = array.shape[axis]
    if length < least:
        raise ValueError(
            f"{name} must have shape {shape} with at least {least} along axis {axis}, "
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
