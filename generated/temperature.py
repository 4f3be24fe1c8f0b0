"""Temperature: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    temperature-jacobian
    temperature-derivative

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "softmax_temperature_derivative",
    "softmax_temperature_jacobian",
]


def softmax_temperature_jacobian(z: ArrayLike, tau: ArrayLike) -> NDArray[Any]:
    """Jacobian of softmax at a temperature.

    Entry (i, j): p_i (δ_ij − p_j) / τ
    where p_i = exp(z_i / τ) / (Σ_k exp(z_k / τ))

    Derivation: temperature-jacobian. Computed in the form proved as
    temperature-jacobian-numerical.

    Shapes: z : (..., K), tau : (...) (positive); result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a positive argument is not positive.

    >>> softmax_temperature_jacobian([-3.0, 1.5, 2.7], 2.0).round(6)
    array([[ 0.017353, -0.006149, -0.011204],
           [-0.006149,  0.112453, -0.106303],
           [-0.011204, -0.106303,  0.117508]])
    """
    (z, tau), dtype = _float_arrays(z=z, tau=tau)
    K = _axis_length("z", z, -1, "(..., K)")
    _check_positive("tau", tau)
    _batch_shape(z=z.shape[:-1], tau=tau.shape)
    with np.errstate(all="ignore"):
        share = z / tau[..., None]
        s = _shift(np.max(share, axis=-1))
        e = np.exp(share - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        share2 = p[..., :, None] * p[..., None, :] / tau[..., None, None]
        diagonal = p * _sum_of_others(e) / (tau * total)[..., None]
        return _result(_with_diagonal(-share2, diagonal, K), dtype)


def softmax_temperature_derivative(z: ArrayLike, tau: ArrayLike) -> NDArray[Any]:
    """Derivative of softmax by the temperature.

    Entry i: p_i (Σ_l p_l z_l − z_i) / τ^2
    where p_i = exp(z_i / τ) / (Σ_k exp(z_k / τ))

    Derivation: temperature-derivative. Computed in the form proved as
    temperature-derivative-numerical.

    Shapes: z : (..., K), tau : (...) (positive); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a positive argument is not positive.

    >>> softmax_temperature_derivative([-3.0, 1.5, 2.7], 2.0).round(6)
    array([ 0.045768,  0.049947, -0.095714])
    """
    (z, tau), dtype = _float_arrays(z=z, tau=tau)
    _axis_length("z", z, -1, "(..., K)")
    _check_positive("tau", tau)
    _batch_shape(z=z.shape[:-1], tau=tau.shape)
    with np.errstate(all="ignore"):
        share = z / tau[..., None]
        s = _shift(np.max(share, axis=-1))
        e = np.exp(share - s[..., None])
        p = e / np.sum(e, axis=-1)[..., None]
        value = np.sum(_weighted(p, z), axis=-1)[..., None] - z
        return _result(_weighted(p / np.square(tau)[..., None], value), dtype)


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


def _batch_shape(**shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The common shape of what stands in front of the axes of the formula."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        given = ", ".join(f"{name} has {shape}" for name, shape in shapes.items())
        raise ValueError(f"the batch shapes do not broadcast: {given}") from None


def _check_positive(name: str, array: NDArray[Any]) -> None:
    """A scalar that must be positive."""
    wrong = array <= 0
    if np.any(wrong):
        raise ValueError(
            f"{name} must be positive, but contains {np.asarray(array)[wrong].flat[0]}"
        )


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


def _sum_of_others(terms: NDArray[Any]) -> NDArray[Any]:
    """Σ of all other terms of the row, for each term: (..., K) to (..., K).

    The total minus the term is accurate, except at a term that outweighs the rest of its row;
    only the largest can, and there the others are added up.
    """
    others: NDArray[Any] = terms.sum(axis=-1)[..., None] - terms
    largest = np.abs(terms).argmax(axis=-1)
    np.put_along_axis(others, largest[..., None], _sum_except(terms, largest)[..., None], axis=-1)
    return others


def _sum_except(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """Σ over the last axis without the term at the index: (..., K) and (...) to (...)."""
    terms, index = _aligned(terms, index)
    rest = terms.copy()
    np.put_along_axis(rest, index[..., None], 0, axis=-1)
    return rest.sum(axis=-1)


def _aligned(terms: NDArray[Any], index: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Terms (..., K) and an index (...) with one batch shape."""
    index = np.asarray(index)
    if index.shape == terms.shape[:-1]:
        return terms, index
    batch = np.broadcast_shapes(terms.shape[:-1], index.shape)
    return np.broadcast_to(terms, (*batch, terms.shape[-1])), np.broadcast_to(index, batch)


def _with_diagonal(matrix: Any, diagonal: Any, length: int) -> NDArray[Any]:
    """The matrices with this diagonal; anything that broadcasts to (..., K, K) will do."""
    batch = np.broadcast_shapes(np.shape(matrix)[:-2], np.shape(diagonal)[:-1])
    shape = (*batch, length, length)
    out: NDArray[Any] = matrix
    if not isinstance(matrix, np.ndarray) or matrix.shape != shape:
        out = np.array(np.broadcast_to(matrix, shape), dtype=np.result_type(matrix, diagonal))
    each = np.arange(length)
    out[..., each, each] = diagonal
    return out
