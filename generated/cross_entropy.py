"""Cross entropy: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    cross-entropy-gradient-probabilities
    softmax-cross-entropy
    cross-entropy-label
    cross-entropy-gradient
    cross-entropy-gradient-label
    cross-entropy-hessian

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "cross_entropy_gradient",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_gradient_labels",
    "softmax_cross_entropy_hessian",
    "softmax_cross_entropy_labels",
]


def cross_entropy_gradient(p: ArrayLike, q: ArrayLike) -> NDArray[Any]:
    """Gradient of H(p, q) in q.

    Entry i: −p_i / q_i

    Derivation: cross-entropy-gradient-probabilities. Computed as the formula stands: no
    stabilising rewrite applies to it.

    Shapes: p : (..., K), q : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> cross_entropy_gradient([0.5, 1/3, 1/6], [0.25, 0.25, 0.5]).round(6)
    array([-2.      , -1.333333, -0.333333])
    """
    (p, q), dtype = _float_arrays(p=p, q=q)
    K = _axis_length("p", p, -1, "(..., K)")
    _expect_length("q", q, -1, "(..., K)", K)
    _batch_shape(p=p.shape[:-1], q=q.shape[:-1])
    with np.errstate(all="ignore"):
        return _result(-p / q, dtype)


def softmax_cross_entropy(z: ArrayLike, y: ArrayLike) -> Any:
    """Cross-entropy from logits.

    −Σ_k y_k log(p_k)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: softmax-cross-entropy. Computed in the form proved as
    softmax-cross-entropy-numerical.

    Shapes: z : (..., K), y : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_cross_entropy([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    np.float64(1.675851)
    """
    (z, y), dtype = _float_arrays(z=z, y=y)
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    with np.errstate(all="ignore"):
        top = np.max(z, axis=-1)
        s = _shift(top)
        largest = np.argmax(z, axis=-1)
        others = _sum_except(np.exp(z - s[..., None]), largest)
        value = -z + s[..., None] + np.log1p(np.expm1(top - s) + others)[..., None]
        return _result(np.sum(_weighted(y, value), axis=-1), dtype)[()]


def softmax_cross_entropy_labels(z: ArrayLike, c: ArrayLike) -> Any:
    """Cross-entropy from logits, for class labels.

    −log(p_c)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: cross-entropy-label. Computed in the form proved as cross-entropy-label-numerical.

    Shapes: z : (..., K), c : (...) (class labels from 0); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range.

    >>> softmax_cross_entropy_labels([-3.0, 1.5, 2.7], 1).round(6)
    np.float64(1.465851)
    """
    (z,), dtype = _float_arrays(z=z)
    K = _axis_length("z", z, -1, "(..., K)")
    c = _label_array("c", c, K)
    _batch_shape(z=z.shape[:-1], c=c.shape)
    with np.errstate(all="ignore"):
        top = np.max(z, axis=-1)
        s = _shift(top)
        largest = np.argmax(z, axis=-1)
        others = _sum_except(np.exp(z - s[..., None]), largest)
        return _result(-_take(z, c) + s + np.log1p(np.expm1(top - s) + others), dtype)[()]


def softmax_cross_entropy_gradient(z: ArrayLike, y: ArrayLike) -> NDArray[Any]:
    """Gradient in z of softmax cross-entropy, for any targets.

    Entry i: p_i Σ_k y_k − y_i
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: cross-entropy-gradient. Computed in the form proved as
    cross-entropy-gradient-numerical.

    Shapes: z : (..., K), y : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_cross_entropy_gradient([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    array([-0.097435, -0.469118,  0.566554])
    """
    (z, y), dtype = _float_arrays(z=z, y=y)
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        return _result(p * _sum_of_others(y) - y * _sum_of_others(e) / total[..., None], dtype)


def softmax_cross_entropy_gradient_labels(z: ArrayLike, c: ArrayLike) -> NDArray[Any]:
    """Gradient in z of softmax cross-entropy, for class labels.

    Entry i: p_i − δ_ic
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: cross-entropy-gradient-label. Computed in the form proved as
    cross-entropy-gradient-label-numerical.

    Shapes: z : (..., K), c : (...) (class labels from 0); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range.

    >>> softmax_cross_entropy_gradient_labels([-3.0, 1.5, 2.7], 1).round(6)
    array([ 0.002565, -0.769118,  0.766554])
    """
    (z,), dtype = _float_arrays(z=z)
    K = _axis_length("z", z, -1, "(..., K)")
    c = _label_array("c", c, K)
    _batch_shape(z=z.shape[:-1], c=c.shape)
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        return _result(_with_entry(p, c, -_sum_except(e, c) / total, K), dtype)


def softmax_cross_entropy_hessian(z: ArrayLike, y: ArrayLike) -> NDArray[Any]:
    """Hessian in z of softmax cross-entropy.

    Entry (i, j): p_i (δ_ij − p_j) Σ_k y_k
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: cross-entropy-hessian. Computed in the form proved as
    cross-entropy-hessian-numerical.

    Shapes: z : (..., K), y : (..., K); result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_cross_entropy_hessian([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    array([[ 0.002558, -0.000592, -0.001966],
           [-0.000592,  0.177575, -0.176983],
           [-0.001966, -0.176983,  0.178949]])
    """
    (z, y), dtype = _float_arrays(z=z, y=y)
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    with np.errstate(all="ignore"):
        total = np.sum(y, axis=-1)
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total2 = np.sum(e, axis=-1)
        p = e / total2[..., None]
        off_diagonal = ((-total)[..., None] * p)[..., :, None] * p[..., None, :]
        diagonal = total[..., None] * p * _sum_of_others(e) / total2[..., None]
        return _result(_with_diagonal(off_diagonal, diagonal, K), dtype)


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


def _label_array(name: str, value: ArrayLike, length: int) -> NDArray[np.intp]:
    """Class labels 0, 1, …, length - 1."""
    array = _array(name, value)
    if array.dtype.kind not in "iu" and array.size and not _holds_only(array, int):
        raise TypeError(f"{name} must be an array of integers, not of type {array.dtype}")
    outside = (array < 0) | (array >= length)
    if outside.any():
        raise ValueError(
            f"{name} must lie in 0, …, {length - 1}, but contains {array[outside].flat[0]}"
        )
    return array.astype(np.intp)


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


def _take(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """The term of each row at the index: (..., K) and (...) to (...)."""
    terms, index = _aligned(terms, index)
    return np.take_along_axis(terms, index[..., None], axis=-1)[..., 0]


def _aligned(terms: NDArray[Any], index: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Terms (..., K) and an index (...) with one batch shape."""
    index = np.asarray(index)
    if index.shape == terms.shape[:-1]:
        return terms, index
    batch = np.broadcast_shapes(terms.shape[:-1], index.shape)
    return np.broadcast_to(terms, (*batch, terms.shape[-1])), np.broadcast_to(index, batch)


def _with_entry(terms: Any, index: Any, value: Any, length: int) -> NDArray[Any]:
    """The rows with the entry at the index set to the value."""
    batch = np.broadcast_shapes(np.shape(terms)[:-1], np.shape(index), np.shape(value))
    out = np.array(np.broadcast_to(terms, (*batch, length)), dtype=np.result_type(terms, value))
    where = np.broadcast_to(index, batch)[..., None]
    np.put_along_axis(out, where, np.broadcast_to(value, batch)[..., None], axis=-1)
    return out


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
