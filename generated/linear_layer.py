"""Linear layer: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    linear-layer-inputs
    linear-layer-backward-batch

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "linear_layer",
    "linear_layer_gradients",
]


def linear_layer(W: ArrayLike, b: ArrayLike, x: ArrayLike) -> NDArray[Any]:
    """A linear layer: W x + b.

    Entry k: b_k + Σ_d W_kd x_d

    Derivation: linear-layer-inputs. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: W : (..., K, D), b : (..., K), x : (..., D); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> linear_layer([[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]], [0.0, 0.5, -0.5], [1.0, 2.0]).round(6)
    array([-1. ,  5. ,  1.5])
    """
    (W, b, x), dtype = _float_arrays(W=W, b=b, x=x)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    _expect_length("x", x, -1, "(..., D)", D)
    _batch_shape(W=W.shape[:-2], b=b.shape[:-1], x=x.shape[:-1])
    with np.errstate(all="ignore"):
        return _result(b + np.matmul(W, x[..., None])[..., 0], dtype)


def linear_layer_gradients(x: ArrayLike, dz: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Gradients of a linear layer from those of its logits, summed over a batch.

    dW, entry (j, e): Σ_n dz_nj x_ne
    Db, entry j: Σ_n dz_nj

    Derivation: linear-layer-backward-batch. Computed as the formula stands: no stabilising
    rewrite applies to it.

    Shapes: x : (..., m, D), dz : (..., m, K); dW: (..., K, D), db: (..., K).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> dW, db = linear_layer_gradients(
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.5, -1.0, 0.5], [-0.25, 0.5, -0.25]],
    ... )
    >>> dW.round(6), db.round(6)
    (array([[ 0.75,  0.75],
           [-1.5 , -1.5 ],
           [ 0.75,  0.75]]), array([ 0.25, -0.5 ,  0.25]))
    """
    (x, dz), dtype = _float_arrays(x=x, dz=dz)
    m = _axis_length("x", x, -2, "(..., m, D)")
    _axis_length("x", x, -1, "(..., m, D)")
    _expect_length("dz", dz, -2, "(..., m, K)", m)
    _axis_length("dz", dz, -1, "(..., m, K)")
    batch = _batch_shape(x=x.shape[:-2], dz=dz.shape[:-2])
    with np.errstate(all="ignore"):
        return (
            _result(np.matmul(np.swapaxes(dz, -1, -2), x), dtype),
            _result(_over(np.sum(dz, axis=-2), batch, 1), dtype),
        )


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


def _over(value: Any, batch: tuple[int, ...], rank: int) -> NDArray[Any]:
    """A fresh array of the value for every batch entry; its last axes, so many, stay."""
    value = np.asarray(value)
    front = value.ndim - rank
    shape = np.broadcast_shapes(batch, value.shape[:front]) + value.shape[front:]
    return np.array(np.broadcast_to(value, shape))
