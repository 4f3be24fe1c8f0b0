"""Softmax regression: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    softmax-regression-loss
    softmax-regression-gradient
    softmax-regression-hessian
    softmax-regression-gradient-bias

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "softmax_regression_gradient",
    "softmax_regression_gradient_bias",
    "softmax_regression_hessian",
    "softmax_regression_loss",
]


def softmax_regression_loss(W: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike) -> Any:
    """Mean cross-entropy.

    Σ_n (−Σ_k y_nk log(P_nk)) / m
    where Z_nk = b_k + Σ_d W_kd X_nd
    where P_nk = exp(Z_nk) / (Σ_l exp(Z_nl))

    Derivation: softmax-regression-loss. Computed in the form proved as
    softmax-regression-loss-numerical.

    Shapes: W : (..., K, D), b : (..., K), X : (..., m, D), y : (..., m, K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_regression_loss(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.0, 0.5, -0.5],
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    ... ).round(6)
    np.float64(2.124215)
    """
    (W, b, X, y), dtype = _float_arrays(W=W, b=b, X=X, y=y)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    m = _axis_length("X", X, -2, "(..., m, D)")
    _expect_length("X", X, -1, "(..., m, D)", D)
    _expect_length("y", y, -2, "(..., m, K)", m)
    _expect_length("y", y, -1, "(..., m, K)", K)
    _batch_shape(W=W.shape[:-2], b=b.shape[:-1], X=X.shape[:-2], y=y.shape[:-2])
    with np.errstate(all="ignore"):
        Z = b[..., None, :] + np.matmul(X, np.swapaxes(W, -1, -2))
        s = _shift(np.max(Z, axis=-1))
        value = Z - s[..., :, None]
        weighted = _weighted(np.sum(y, axis=-1), _log_sum(np.exp(value)))
        value2 = -np.sum(_weighted(y, value), axis=-1) + weighted
        return _result(np.sum(value2, axis=-1) / m, dtype)[()]


def softmax_regression_gradient(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
) -> NDArray[Any]:
    """Gradient by W of the mean cross-entropy.

    Entry (j, e): Σ_n X_ne (P_nj Σ_k y_nk − y_nj) / m
    where Z_nk = b_k + Σ_d W_kd X_nd
    where P_nk = exp(Z_nk) / (Σ_l exp(Z_nl))

    Derivation: softmax-regression-gradient. Computed in the form proved as
    softmax-regression-gradient-numerical.

    Shapes: W : (..., K, D), b : (..., K), X : (..., m, D), y : (..., m, K); result: (..., K, D).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_regression_gradient(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.0, 0.5, -0.5],
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    ... ).round(6)
    array([[ 0.493823, -0.490223],
           [-0.418577,  0.371114],
           [-0.075246,  0.119109]])
    """
    (W, b, X, y), dtype = _float_arrays(W=W, b=b, X=X, y=y)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    m = _axis_length("X", X, -2, "(..., m, D)")
    _expect_length("X", X, -1, "(..., m, D)", D)
    _expect_length("y", y, -2, "(..., m, K)", m)
    _expect_length("y", y, -1, "(..., m, K)", K)
    _batch_shape(W=W.shape[:-2], b=b.shape[:-1], X=X.shape[:-2], y=y.shape[:-2])
    with np.errstate(all="ignore"):
        Z = b[..., None, :] + np.matmul(X, np.swapaxes(W, -1, -2))
        s = _shift(np.max(Z, axis=-1))
        e = np.exp(Z - s[..., :, None])
        P = e / np.sum(e, axis=-1)[..., :, None]
        product = np.matmul(np.swapaxes(np.sum(y, axis=-1)[..., :, None] * P - y, -1, -2), X)
        return _result(product / m, dtype)


def softmax_regression_hessian(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
) -> NDArray[Any]:
    """Hessian by W of the mean cross-entropy.

    Entry (j, d, i, e): Σ_n P_nj X_nd X_ne (δ_ij − P_ni) Σ_k y_nk / m
    where Z_nk = b_k + Σ_d W_kd X_nd
    where P_nk = exp(Z_nk) / (Σ_l exp(Z_nl))

    Derivation: softmax-regression-hessian. Computed in the form proved as
    softmax-regression-hessian-numerical.

    Shapes: W : (..., K, D), b : (..., K), X : (..., m, D), y : (..., m, K); result: (..., K, D,
    K, D).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_regression_hessian(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.0, 0.5, -0.5],
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    ... ).round(6)
    array([[[[ 0.008465, -0.004873],
             [-0.007104,  0.003618],
             [-0.001361,  0.001256]],
    <BLANKLINE>
            [[-0.004873,  0.012057],
             [ 0.003618, -0.010591],
             [ 0.001256, -0.001466]]],
    <BLANKLINE>
    <BLANKLINE>
           [[[-0.007104,  0.003618],
             [ 0.093652, -0.04769 ],
             [-0.086547,  0.044072]],
    <BLANKLINE>
            [[ 0.003618, -0.010591],
             [-0.04769 ,  0.139613],
             [ 0.044072, -0.129022]]],
    <BLANKLINE>
    <BLANKLINE>
           [[[-0.001361,  0.001256],
             [-0.086547,  0.044072],
             [ 0.087908, -0.045328]],
    <BLANKLINE>
            [[ 0.001256, -0.001466],
             [ 0.044072, -0.129022],
             [-0.045328,  0.130488]]]])
    """
    (W, b, X, y), dtype = _float_arrays(W=W, b=b, X=X, y=y)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    m = _axis_length("X", X, -2, "(..., m, D)")
    _expect_length("X", X, -1, "(..., m, D)", D)
    _expect_length("y", y, -2, "(..., m, K)", m)
    _expect_length("y", y, -1, "(..., m, K)", K)
    _batch_shape(W=W.shape[:-2], b=b.shape[:-1], X=X.shape[:-2], y=y.shape[:-2])
    with np.errstate(all="ignore"):
        Z = b[..., None, :] + np.matmul(X, np.swapaxes(W, -1, -2))
        s = _shift(np.max(Z, axis=-1))
        e = np.exp(Z - s[..., :, None])
        total = np.sum(e, axis=-1)
        P = e / total[..., :, None]
        total2 = np.sum(y, axis=-1)
        product = np.einsum(
            "...de,...dc,...db,...da,...d->...abce", X, X, P, P, total2, optimize=True
        )
        turned = np.moveaxis(-1 * product / m, (-2, -1, -4, -3), (-4, -3, -2, -1))
        others = _sum_of_others(e)
        share = 1 / total
        product2 = np.einsum(
            "...c,...cd,...cb,...ca,...c,...ca->...abd",
            share,
            X,
            X,
            P,
            total2,
            others,
            optimize=True,
        )
        turned2 = np.moveaxis(product2 / m, (-2, -1, -3), (-3, -2, -1))
        out = _with_diagonal(turned, turned2, K)
        turned3 = np.moveaxis(out, (-2, -3, -1, -4), (-4, -3, -2, -1))
        return _result(_spread(turned3, (K, D, K, D)), dtype)


def softmax_regression_gradient_bias(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
) -> NDArray[Any]:
    """Gradient by b of the mean cross-entropy.

    Entry j: Σ_n (P_nj Σ_k y_nk − y_nj) / m
    where Z_nk = b_k + Σ_d W_kd X_nd
    where P_nk = exp(Z_nk) / (Σ_l exp(Z_nl))

    Derivation: softmax-regression-gradient-bias. Computed in the form proved as
    softmax-regression-gradient-bias-numerical.

    Shapes: W : (..., K, D), b : (..., K), X : (..., m, D), y : (..., m, K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_regression_gradient_bias(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.0, 0.5, -0.5],
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    ... ).round(6)
    array([-0.491423,  0.386935,  0.104488])
    """
    (W, b, X, y), dtype = _float_arrays(W=W, b=b, X=X, y=y)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    m = _axis_length("X", X, -2, "(..., m, D)")
    _expect_length("X", X, -1, "(..., m, D)", D)
    _expect_length("y", y, -2, "(..., m, K)", m)
    _expect_length("y", y, -1, "(..., m, K)", K)
    _batch_shape(W=W.shape[:-2], b=b.shape[:-1], X=X.shape[:-2], y=y.shape[:-2])
    with np.errstate(all="ignore"):
        Z = b[..., None, :] + np.matmul(X, np.swapaxes(W, -1, -2))
        s = _shift(np.max(Z, axis=-1))
        e = np.exp(Z - s[..., :, None])
        P = e / np.sum(e, axis=-1)[..., :, None]
        total = np.sum(np.sum(y, axis=-1)[..., :, None] * P - y, axis=-2)
        return _result(total / m, dtype)


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


def _log_sum(terms: NDArray[Any], lone: Any = 0) -> Any:
    """log(lone + Σ terms) along the last axis, where the largest of them is 1 or nearly so.

    The largest is left out, and log1p adds to it what the others are worth.
    """
    if terms.shape[-1] == 0:
        return np.log(lone + np.sum(terms, axis=-1))
    largest = np.argmax(terms, axis=-1)
    top = np.take_along_axis(terms, largest[..., None], axis=-1)[..., 0]
    rest = _sum_except(terms, largest) + np.minimum(top, lone)
    return np.log1p(np.maximum(top, lone) - 1 + rest)


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


def _spread(value: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """A fresh array of the value along all axes of this shape, behind its batch axes."""
    value = np.asarray(value)
    batch = value.shape[: max(value.ndim - len(shape), 0)]
    return np.array(np.broadcast_to(value, (*batch, *shape)))
