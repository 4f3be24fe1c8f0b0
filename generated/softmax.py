"""Softmax: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    softmax-positive
    softmax-jacobian
    log-sum-exp-gradient
    log-sum-exp-hessian
    log-softmax
    log-softmax-jacobian

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "log_softmax",
    "log_softmax_jacobian",
    "logsumexp",
    "logsumexp_hessian",
    "softmax",
    "softmax_jacobian",
]


def softmax(z: ArrayLike) -> NDArray[Any]:
    """Softmax over the last axis.

    Entry i: exp(z_i) / (Σ_k exp(z_k))

    Derivation: softmax-positive. Computed in the form proved as softmax-positive-numerical.

    Shapes: z : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> softmax([-3.0, 1.5, 2.7]).round(6)
    array([0.002565, 0.230882, 0.766554])
    """
    (z,), dtype = _float_arrays(z=z)
    _axis_length("z", z, -1, "(..., K)")
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        return _result(e / np.sum(e, axis=-1)[..., None], dtype)


def softmax_jacobian(z: ArrayLike) -> NDArray[Any]:
    """Jacobian of softmax.

    Entry (i, j): p_i (δ_ij − p_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: softmax-jacobian. Computed in the form proved as softmax-jacobian-numerical.

    Shapes: z : (..., K); result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> softmax_jacobian([-3.0, 1.5, 2.7]).round(6)
    array([[ 0.002558, -0.000592, -0.001966],
           [-0.000592,  0.177575, -0.176983],
           [-0.001966, -0.176983,  0.178949]])
    """
    (z,), dtype = _float_arrays(z=z)
    K = _axis_length("z", z, -1, "(..., K)")
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        diagonal = p * _sum_of_others(e) / total[..., None]
        off_diagonal = (-p)[..., :, None] * p[..., None, :]
        return _result(_with_diagonal(off_diagonal, diagonal, K), dtype)


def logsumexp(z: ArrayLike) -> Any:
    """Log-sum-exp over the last axis.

    log(Σ_k exp(z_k))

    Derivation: log-sum-exp-gradient. Computed in the form proved as
    log-sum-exp-gradient-numerical.

    Shapes: z : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> logsumexp([-3.0, 1.5, 2.7]).round(6)
    np.float64(2.965851)
    """
    (z,), dtype = _float_arrays(z=z)
    _axis_length("z", z, -1, "(..., K)")
    with np.errstate(all="ignore"):
        top = np.max(z, axis=-1)
        s = _finite_shift(top)
        largest = np.argmax(z, axis=-1)
        others = _sum_except(np.exp(z - s[..., None]), largest)
        return _result(s + np.log1p(np.expm1(top - s) + others), dtype)[()]


def logsumexp_hessian(z: ArrayLike) -> NDArray[Any]:
    """Hessian of log-sum-exp.

    Entry (i, j): p_i (δ_ij − p_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: log-sum-exp-hessian. Computed in the form proved as log-sum-exp-hessian-numerical.

    Shapes: z : (..., K); result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> logsumexp_hessian([-3.0, 1.5, 2.7]).round(6)
    array([[ 0.002558, -0.000592, -0.001966],
           [-0.000592,  0.177575, -0.176983],
           [-0.001966, -0.176983,  0.178949]])
    """
    (z,), dtype = _float_arrays(z=z)
    K = _axis_length("z", z, -1, "(..., K)")
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        diagonal = p * _sum_of_others(e) / total[..., None]
        off_diagonal = (-p)[..., :, None] * p[..., None, :]
        return _result(_with_diagonal(off_diagonal, diagonal, K), dtype)


def log_softmax(z: ArrayLike) -> NDArray[Any]:
    """Logarithm of softmax.

    Entry i: log(exp(z_i) / (Σ_k exp(z_k)))

    Derivation: log-softmax. Computed in the form proved as log-softmax-numerical.

    Shapes: z : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> log_softmax([-3.0, 1.5, 2.7]).round(6)
    array([-5.965851, -1.465851, -0.265851])
    """
    (z,), dtype = _float_arrays(z=z)
    _axis_length("z", z, -1, "(..., K)")
    with np.errstate(all="ignore"):
        top = np.max(z, axis=-1)
        s = _shift(top)
        largest = np.argmax(z, axis=-1)
        others = _sum_except(np.exp(z - s[..., None]), largest)
        log_rest = np.log1p(np.expm1(top - s) + others)
        return _result(z - s[..., None] - log_rest[..., None], dtype)


def log_softmax_jacobian(z: ArrayLike) -> NDArray[Any]:
    """Jacobian of log-softmax.

    Entry (i, j): δ_ij − p_j
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: log-softmax-jacobian. Computed in the form proved as
    log-softmax-jacobian-numerical.

    Shapes: z : (..., K); result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> log_softmax_jacobian([-3.0, 1.5, 2.7]).round(6)
    array([[ 0.997435, -0.230882, -0.766554],
           [-0.002565,  0.769118, -0.766554],
           [-0.002565, -0.230882,  0.233446]])
    """
    (z,), dtype = _float_arrays(z=z)
    K = _axis_length("z", z, -1, "(..., K)")
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        diagonal = _sum_of_others(e) / total[..., None]
        return _result(_with_diagonal(np.array((-p)[..., None, :]), diagonal, K), dtype)


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


def _result(value: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The value in the type that the arguments ask for."""
    return np.asarray(value).astype(dtype, copy=False)


def _shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf."""
    return np.where(np.isneginf(top), 0, top).astype(top.dtype, copy=False)


def _finite_shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf or +inf."""
    return np.where(np.isinf(top), 0, top).astype(top.dtype, copy=False)


def _sum_of_others(terms: NDArray[Any]) -> NDArray[Any]:
    """Σ of all other terms of the row, for each term: (..., K) to (..., K).

    The total minus the term is accurate, except at a term that outweighs the rest of its row;
    only the largest can, and there the others are added up.
    """
    if terms.shape[-1] == 0:
        return terms.copy()
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
