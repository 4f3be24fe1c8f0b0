"""Softmax regression: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    softmax-regression-penalised
    softmax-regression-penalised-gradient
    softmax-regression-penalised-hessian
    softmax-regression-hvp

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "softmax_regression_gradient",
    "softmax_regression_hessian",
    "softmax_regression_hvp",
    "softmax_regression_loss",
]


def softmax_regression_loss(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
    *,
    l2: ArrayLike = 0,
) -> Any:
    """Mean cross-entropy of softmax regression, with a squared penalty on the weights.

    λ Σ_k Σ_d W_kd^2 / 2 + Σ_n (−Σ_k y_nk log(P_nk)) / m
    where Z_nk = b_k + Σ_d W_kd X_nd
    where P_nk = exp(Z_nk) / (Σ_l exp(Z_nl))

    Derivation: softmax-regression-penalised. Computed in the form proved as
    softmax-regression-penalised-numerical.

    Shapes: W : (..., K, D), b : (..., K), X : (..., m, D), y : (..., m, K), l2 : (...) (not
    negative); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``l2`` is λ, by default 0.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or an argument that must not be negative
    is.

    >>> softmax_regression_loss(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.0, 0.5, -0.5],
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    ...     l2=2.0,
    ... ).round(6)
    np.float64(9.374215)
    """
    (W, b, X, y, l2), dtype = _float_arrays(W=W, b=b, X=X, y=y, l2=l2)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    m = _axis_length("X", X, -2, "(..., m, D)")
    _expect_length("X", X, -1, "(..., m, D)", D)
    _expect_length("y", y, -2, "(..., m, K)", m)
    _expect_length("y", y, -1, "(..., m, K)", K)
    _check_nonnegative("l2", l2)
    _batch_shape(W=W.shape[:-2], b=b.shape[:-1], X=X.shape[:-2], y=y.shape[:-2], l2=l2.shape)
    with np.errstate(all="ignore"):
        total = np.sum(np.sum(np.square(W), axis=-1), axis=-1)
        Z = b[..., None, :] + np.matmul(X, np.swapaxes(W, -1, -2))
        s = _shift(np.max(Z, axis=-1))
        value = -Z + s[..., :, None] + _log_sum(np.exp(Z - s[..., :, None]))[..., :, None]
        total2 = np.sum(np.sum(_weighted(y, value), axis=-1), axis=-1)
        return _result(l2 * total / 2 + total2 / m, dtype)[()]


def softmax_regression_gradient(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
    *,
    l2: ArrayLike = 0,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Gradients of the loss of softmax regression by weights and biases.

    dW, entry (j, e): λ W_je + Σ_n X_ne (P_nj Σ_k y_nk − y_nj) / m
    Db, entry j: Σ_n (P_nj Σ_k y_nk − y_nj) / m
    where Z_nk = b_k + Σ_d W_kd X_nd
    where P_nk = exp(Z_nk) / (Σ_l exp(Z_nl))

    Derivation: softmax-regression-penalised-gradient. Computed in the form proved as
    softmax-regression-penalised-gradient-numerical-dW and
    softmax-regression-penalised-gradient-numerical-db.

    Shapes: W : (..., K, D), b : (..., K), X : (..., m, D), y : (..., m, K), l2 : (...) (not
    negative); dW: (..., K, D), db: (..., K).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    ``l2`` is λ, by default 0.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or an argument that must not be negative
    is.

    >>> dW, db = softmax_regression_gradient(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.0, 0.5, -0.5],
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    ...     l2=2.0,
    ... )
    >>> dW.round(6), db.round(6)
    (array([[ 2.493823, -2.490223],
           [ 0.581423,  4.371114],
           [-0.075246,  2.119109]]), array([-0.491423,  0.386935,  0.104488]))
    """
    (W, b, X, y, l2), dtype = _float_arrays(W=W, b=b, X=X, y=y, l2=l2)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    m = _axis_length("X", X, -2, "(..., m, D)")
    _expect_length("X", X, -1, "(..., m, D)", D)
    _expect_length("y", y, -2, "(..., m, K)", m)
    _expect_length("y", y, -1, "(..., m, K)", K)
    _check_nonnegative("l2", l2)
    batch = _batch_shape(
        W=W.shape[:-2], b=b.shape[:-1], X=X.shape[:-2], y=y.shape[:-2], l2=l2.shape
    )
    with np.errstate(all="ignore"):
        Z = b[..., None, :] + np.matmul(X, np.swapaxes(W, -1, -2))
        s = _shift(np.max(Z, axis=-1))
        e = np.exp(Z - s[..., :, None])
        P = e / np.sum(e, axis=-1)[..., :, None]
        value = np.sum(y, axis=-1)[..., :, None] * P - y
        share = np.matmul(np.swapaxes(value, -1, -2), X) / m
        return (
            _result(l2[..., None, None] * W + share, dtype),
            _result(_over(np.sum(value, axis=-2) / m, batch, 1), dtype),
        )


def softmax_regression_hessian(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
    *,
    l2: ArrayLike = 0,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Hessian of the loss of softmax regression, in blocks.

    H_WW, entry (j, d, i, e): λ δ_de δ_ij + Σ_n P_nj X_nd X_ne (δ_ij − P_ni) Σ_k y_nk / m
    H_Wb, entry (j, d, i): Σ_n P_nj X_nd (δ_ij − P_ni) Σ_k y_nk / m
    H_bb, entry (j, i): Σ_n P_nj (δ_ij − P_ni) Σ_k y_nk / m
    where Z_nk = b_k + Σ_d W_kd X_nd
    where P_nk = exp(Z_nk) / (Σ_l exp(Z_nl))

    Derivation: softmax-regression-penalised-hessian. Computed in the form proved as
    softmax-regression-penalised-hessian-numerical-H-WW and
    softmax-regression-penalised-hessian-numerical-H-Wb and
    softmax-regression-penalised-hessian-numerical-H-bb.

    Shapes: W : (..., K, D), b : (..., K), X : (..., m, D), y : (..., m, K), l2 : (...) (not
    negative); H_WW: (..., K, D, K, D), H_Wb: (..., K, D, K), H_bb: (..., K, K).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    ``l2`` is λ, by default 0.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or an argument that must not be negative
    is.

    >>> H_WW, H_Wb, H_bb = softmax_regression_hessian(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.0, 0.5, -0.5],
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    ...     l2=2.0,
    ... )
    >>> H_WW.round(6), H_Wb.round(6), H_bb.round(6)
    (array([[[[ 2.008465e+00, -4.873000e-03],
             [-7.104000e-03,  3.618000e-03],
             [-1.361000e-03,  1.256000e-03]],
    <BLANKLINE>
            [[-4.873000e-03,  2.012057e+00],
             [ 3.618000e-03, -1.059100e-02],
             [ 1.256000e-03, -1.466000e-03]]],
    <BLANKLINE>
    <BLANKLINE>
           [[[-7.104000e-03,  3.618000e-03],
             [ 2.093652e+00, -4.769000e-02],
             [-8.654700e-02,  4.407200e-02]],
    <BLANKLINE>
            [[ 3.618000e-03, -1.059100e-02],
             [-4.769000e-02,  2.139613e+00],
             [ 4.407200e-02, -1.290220e-01]]],
    <BLANKLINE>
    <BLANKLINE>
           [[[-1.361000e-03,  1.256000e-03],
             [-8.654700e-02,  4.407200e-02],
             [ 2.087908e+00, -4.532800e-02]],
    <BLANKLINE>
            [[ 1.256000e-03, -1.466000e-03],
             [ 4.407200e-02, -1.290220e-01],
             [-4.532800e-02,  2.130488e+00]]]]), array([[[-0.006071,  0.00478 ,  0.001291],
            [ 0.009662, -0.008266, -0.001396]],
    <BLANKLINE>
           [[ 0.00478 , -0.063011,  0.058231],
            [-0.008266,  0.108972, -0.100706]],
    <BLANKLINE>
           [[ 0.001291,  0.058231, -0.059521],
            [-0.001396, -0.100706,  0.102102]]]), array([[ 0.008465, -0.007104, -0.001361],
           [-0.007104,  0.093652, -0.086547],
           [-0.001361, -0.086547,  0.087908]]))
    """
    (W, b, X, y, l2), dtype = _float_arrays(W=W, b=b, X=X, y=y, l2=l2)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    m = _axis_length("X", X, -2, "(..., m, D)")
    _expect_length("X", X, -1, "(..., m, D)", D)
    _expect_length("y", y, -2, "(..., m, K)", m)
    _expect_length("y", y, -1, "(..., m, K)", K)
    _check_nonnegative("l2", l2)
    batch = _batch_shape(
        W=W.shape[:-2], b=b.shape[:-1], X=X.shape[:-2], y=y.shape[:-2], l2=l2.shape
    )
    with np.errstate(all="ignore"):
        Z = b[..., None, :] + np.matmul(X, np.swapaxes(W, -1, -2))
        s = _shift(np.max(Z, axis=-1))
        e = np.exp(Z - s[..., :, None])
        total = np.sum(e, axis=-1)
        P = e / total[..., :, None]
        total2 = np.sum(y, axis=-1)
        product = _contract("d", "de,dc,db,da,d->abce", X, X, P, P, total2)
        turned = np.moveaxis(-1 * product / m, (-2, -1, -4, -3), (-4, -3, -2, -1))
        share = 1 / total
        others = _sum_of_others(e)
        product2 = _contract("c", "c,cd,cb,ca,c,ca->abd", share, X, X, P, total2, others)
        product3 = _contract("b", "bc,b,ba,b,ba->ac", np.square(X), share, P, total2, others)
        diagonal = _with_diagonal(product2 / m, l2[..., None, None] + product3 / m, D)
        turned2 = np.moveaxis(diagonal, (-2, -1, -3), (-3, -2, -1))
        out = _with_diagonal(turned, turned2, K)
        turned3 = np.moveaxis(out, (-2, -3, -1, -4), (-4, -3, -2, -1))
        product4 = _contract("c", "cd,cb,ca,c->abd", X, P, P, total2)
        turned4 = np.moveaxis(-1 * product4 / m, (-1, -3, -2), (-3, -2, -1))
        product5 = _contract("b", "b,bc,ba,b,ba->ac", share, X, P, total2, others)
        turned5 = np.swapaxes(product5 / m, -1, -2)
        out2 = _with_diagonal(turned4, turned5, K)
        turned6 = np.moveaxis(out2, (-2, -3, -1), (-3, -2, -1))
        value = -1 * _contract("c", "cb,ca,c->ab", P, P, total2)
        product6 = _contract("b", "b,ba,b,ba->a", share, P, total2, others)
        out3 = _with_diagonal(value / m, product6 / m, K)
        return (
            _result(_spread(turned3, (K, D, K, D)), dtype),
            _result(_over(_spread(turned6, (K, D, K)), batch, 3), dtype),
            _result(_over(out3, batch, 2), dtype),
        )


def softmax_regression_hvp(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
    V: ArrayLike,
    v: ArrayLike,
    *,
    l2: ArrayLike = 0,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hessian of the loss of softmax regression times a direction (V, v).

    for_W, entry (j, d): λ V_jd + Σ_n P_nj X_nd (U_nj − Σ_i P_ni U_ni) Σ_k y_nk / m
    For_b, entry j: Σ_n P_nj (U_nj − Σ_i P_ni U_ni) Σ_k y_nk / m
    where Z_nk = b_k + Σ_d W_kd X_nd
    where P_nk = exp(Z_nk) / (Σ_l exp(Z_nl))
    where U_nk = v_k + Σ_d V_kd X_nd

    Derivation: softmax-regression-hvp. Computed in the form proved as
    softmax-regression-hvp-numerical-for-W and softmax-regression-hvp-numerical-for-b.

    Shapes: W : (..., K, D), b : (..., K), X : (..., m, D), y : (..., m, K), V : (..., K, D), v :
    (..., K), l2 : (...) (not negative); for_W: (..., K, D), for_b: (..., K).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    ``l2`` is λ, by default 0.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or an argument that must not be negative
    is.

    >>> for_W, for_b = softmax_regression_hvp(
    ...     [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    ...     [0.0, 0.5, -0.5],
    ...     [[1.0, 2.0], [-1.0, 1.0]],
    ...     [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    ...     [[1.0, 0.0], [-1.0, 2.0], [0.5, 1.0]],
    ...     [1.0, 0.0, -1.0],
    ...     l2=2.0,
    ... )
    >>> for_W.round(6), for_b.round(6)
    (array([[ 2.016019, -0.019453],
           [-2.248788,  4.315987],
           [ 1.23277 ,  1.703465]]), array([-0.018308,  0.293587, -0.27528 ]))
    """
    (W, b, X, y, V, v, l2), dtype = _float_arrays(W=W, b=b, X=X, y=y, V=V, v=v, l2=l2)
    K = _axis_length("W", W, -2, "(..., K, D)")
    D = _axis_length("W", W, -1, "(..., K, D)")
    _expect_length("b", b, -1, "(..., K)", K)
    m = _axis_length("X", X, -2, "(..., m, D)")
    _expect_length("X", X, -1, "(..., m, D)", D)
    _expect_length("y", y, -2, "(..., m, K)", m)
    _expect_length("y", y, -1, "(..., m, K)", K)
    _expect_length("V", V, -2, "(..., K, D)", K)
    _expect_length("V", V, -1, "(..., K, D)", D)
    _expect_length("v", v, -1, "(..., K)", K)
    _check_nonnegative("l2", l2)
    batch = _batch_shape(
        W=W.shape[:-2],
        b=b.shape[:-1],
        X=X.shape[:-2],
        y=y.shape[:-2],
        V=V.shape[:-2],
        v=v.shape[:-1],
        l2=l2.shape,
    )
    with np.errstate(all="ignore"):
        U = v[..., None, :] + np.matmul(X, np.swapaxes(V, -1, -2))
        Z = b[..., None, :] + np.matmul(X, np.swapaxes(W, -1, -2))
        s = _shift(np.max(Z, axis=-1))
        e = np.exp(Z - s[..., :, None])
        P = e / np.sum(e, axis=-1)[..., :, None]
        value = U - np.sum(P * U, axis=-1)[..., :, None]
        total = np.sum(y, axis=-1)
        product = _contract("b", "ba,bc,ba,b->ac", value, X, P, total)
        product2 = _contract("b", "ba,ba,b->a", value, P, total)
        return (
            _result(l2[..., None, None] * V + product / m, dtype),
            _result(_over(product2 / m, batch, 1), dtype),
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


def _check_nonnegative(name: str, array: NDArray[Any]) -> None:
    """A scalar that must not be negative."""
    wrong = array < 0
    if np.any(wrong):
        raise ValueError(
            f"{name} must not be negative, but contains {np.asarray(array)[wrong].flat[0]}"
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


def _over(value: Any, batch: tuple[int, ...], rank: int) -> NDArray[Any]:
    """A fresh array of the value for every batch entry; its last axes, so many, stay."""
    value = np.asarray(value)
    front = value.ndim - rank
    shape = np.broadcast_shapes(batch, value.shape[:front]) + value.shape[front:]
    return np.array(np.broadcast_to(value, shape))


def _contract(summed: str, spec: str, *factors: NDArray[Any]) -> NDArray[Any]:
    """np.einsum over an axis of all factors, by one matrix product of two halves of them.

    ``...`` stands in front of each factor. The halves share no other axis, and are of sizes as
    equal as can be.
    """
    given, target = spec.split("->")
    sides = given.split(",")
    halves: list[list[int]] = [[], []]
    names, sizes = ["", ""], [1, 1]
    for place in sorted(range(len(sides)), key=lambda n: -len(sides[n])):
        meets = [n for n in (0, 1) if set(names[n]) & set(sides[place])]
        at = meets[0] if meets else int(sizes[1] < sizes[0])
        halves[at].append(place)
        for letter, length in zip(sides[place][::-1], factors[place].shape[::-1], strict=False):
            if letter != summed and letter not in names[at]:
                names[at] += letter
                sizes[at] *= length
    if not all(halves) or set(names[0]) & set(names[1]):
        text = ",".join(f"...{side}" for side in sides)
        return np.asarray(np.einsum(f"{text}->...{target}", *factors, optimize=True))
    tables = []
    for half, name in zip(halves, names, strict=True):
        text = ",".join(f"...{sides[place]}" for place in half)
        tables.append(np.einsum(f"{text}->...{summed}{name}", *(factors[p] for p in half)))
    ends = [t.shape[t.ndim - len(name) :] for t, name in zip(tables, names, strict=True)]
    left, right = (
        t.reshape(*t.shape[: t.ndim - len(end)], math.prod(end))
        for t, end in zip(tables, ends, strict=True)
    )
    product = np.matmul(np.swapaxes(left, -1, -2), right)
    product = product.reshape(*product.shape[:-2], *ends[0], *ends[1])
    return np.asarray(np.einsum(f"...{names[0]}{names[1]}->...{target}", product))
