"""Multinomial: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    multinomial-link
    multinomial-inverse-link
    multinomial-log-partition
    multinomial-log-partition-gradient
    multinomial-log-partition-hessian
    multinomial-log-likelihood
    multinomial-log-likelihood-mean

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "log_partition",
    "log_partition_gradient",
    "log_partition_hessian",
    "log_pmf",
    "log_pmf_natural",
    "mean_parameters",
    "natural_parameters",
]


def natural_parameters(phi: ArrayLike, *, axis: int = -1) -> NDArray[Any]:
    """Natural from mean parameters (the link).

    Entry i: log(φ_i) − log(φ_K)

    Derivation: multinomial-link. Computed in the form proved as multinomial-link-numerical.

    Shapes: phi : (..., K); result: (..., K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> natural_parameters([0.5, 1/3, 1/6]).round(6)
    array([1.098612, 0.693147])
    """
    (phi,), dtype = _float_arrays(phi=phi)
    phi = _class_last("phi", phi, axis, "(..., K)")
    _axis_length("phi", phi, -1, "(..., K)")
    with np.errstate(all="ignore"):
        return _class_back(_result(_log_ratio(phi[..., :-1], phi[..., -1][..., None]), dtype), axis)


def mean_parameters(eta: ArrayLike, *, axis: int = -1) -> NDArray[Any]:
    """Mean from natural parameters (inverse link).

    Entry i: exp(η_i) / (1 + Σ_{k<K} exp(η_k))
    Holds if Σ_k φ_k = 1 (φ: mean parameters).

    Derivation: multinomial-inverse-link. Computed in the form proved as
    multinomial-inverse-link-numerical.

    Shapes: eta : (..., K-1); result: (..., K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an argument has no
    axis, or one that has the wrong length.

    >>> mean_parameters([-3.0, 1.5]).round(6)
    array([0.009001, 0.810216])
    """
    (eta,), dtype = _float_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K-1)")
    _axis_length("eta", eta, -1, "(..., K-1)", 0)
    with np.errstate(all="ignore"):
        top = np.maximum(np.max(eta, axis=-1, initial=-np.inf), 0)
        s = _shift(top)
        e = np.exp(eta - s[..., None])
        return _class_back(_result(e / (np.exp(-s) + np.sum(e, axis=-1))[..., None], dtype), axis)


def log_partition(eta: ArrayLike, *, axis: int = -1) -> Any:
    """Log-partition of one trial.

    log(1 + Σ_{k<K} exp(η_k))
    Holds if Σ_k φ_k = 1 (φ: mean parameters).

    Derivation: multinomial-log-partition. Computed in the form proved as
    multinomial-log-partition-numerical.

    Shapes: eta : (..., K-1); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an argument has no
    axis, or one that has the wrong length.

    >>> log_partition([-3.0, 1.5]).round(6)
    np.float64(1.710455)
    """
    (eta,), dtype = _float_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K-1)")
    _axis_length("eta", eta, -1, "(..., K-1)", 0)
    with np.errstate(all="ignore"):
        top = np.maximum(np.max(eta, axis=-1, initial=-np.inf), 0)
        s = _finite_shift(top)
        log_sum = _log_sum(np.exp(eta - s[..., None]), np.exp(-s))
        return _result(s + log_sum, dtype)[()]


def log_partition_gradient(eta: ArrayLike, *, axis: int = -1) -> NDArray[Any]:
    """Gradient of the log-partition of one trial.

    Entry i: exp(η_i) / (1 + Σ_{k<K} exp(η_k))

    Derivation: multinomial-log-partition-gradient. Computed in the form proved as
    multinomial-log-partition-gradient-numerical.

    Shapes: eta : (..., K-1); result: (..., K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an argument has no
    axis, or one that has the wrong length.

    >>> log_partition_gradient([0.5, -1.0]).round(6)
    array([0.546549, 0.121952])
    """
    (eta,), dtype = _float_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K-1)")
    _axis_length("eta", eta, -1, "(..., K-1)", 0)
    with np.errstate(all="ignore"):
        top = np.maximum(np.max(eta, axis=-1, initial=-np.inf), 0)
        s = _shift(top)
        e = np.exp(eta - s[..., None])
        return _class_back(_result(e / (np.exp(-s) + np.sum(e, axis=-1))[..., None], dtype), axis)


def log_partition_hessian(eta: ArrayLike) -> NDArray[Any]:
    """Hessian of the log-partition of one trial: the covariance of T.

    Entry (i, j): exp(η_i) (δ_ij − exp(η_j) / (1 + Σ_{k<K} exp(η_k))) / (1 + Σ_{k<K} exp(η_k))

    Derivation: multinomial-log-partition-hessian. Computed in the form proved as
    multinomial-log-partition-hessian-numerical.

    Shapes: eta : (..., K-1); result: (..., K-1, K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an argument has no
    axis, or one that has the wrong length.

    >>> log_partition_hessian([0.5, -1.0]).round(6)
    array([[ 0.247833, -0.066653],
           [-0.066653,  0.107079]])
    """
    (eta,), dtype = _float_arrays(eta=eta)
    K = _axis_length("eta", eta, -1, "(..., K-1)", 0) + 1
    with np.errstate(all="ignore"):
        top = np.maximum(np.max(eta, axis=-1, initial=-np.inf), 0)
        s = _shift(top)
        e = np.exp(eta - s[..., None])
        e2 = np.exp(-s)
        total = e2 + np.sum(e, axis=-1)
        share = e / total[..., None]
        diagonal = share * (e2[..., None] + _sum_of_others(e)) / total[..., None]
        off_diagonal = (-share)[..., :, None] * share[..., None, :]
        return _result(_with_diagonal(off_diagonal, diagonal, K - 1), dtype)


def log_pmf_natural(y: ArrayLike, eta: ArrayLike, *, axis: int = -1) -> Any:
    """Log-probability of counts, from natural parameters.

    log((Σ_k y_k)! exp(Σ_{k<K} η_k y_k − log(1 + Σ_{k<K} exp(η_k)) Σ_k y_k) / (Π_k y_k!))

    Derivation: multinomial-log-likelihood. Computed in the form proved as
    multinomial-log-likelihood-numerical.

    Shapes: y : (..., K) (counts), eta : (..., K-1); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and everything
    is computed in float64.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a count is not one of 0, 1, 2, ….

    >>> log_pmf_natural([1, 2, 1], [0.5, -1.0]).round(6)
    np.float64(-3.431616)
    """
    (y, eta), dtype = _float_arrays(np.float64, y=y, eta=eta)
    y = _class_last("y", y, axis, "(..., K)")
    eta = _class_last("eta", eta, axis, "(..., K-1)")
    K = _axis_length("y", y, -1, "(..., K)")
    _check_counts("y", y)
    _expect_length("eta", eta, -1, "(..., K-1)", K - 1)
    _batch_shape(y=y.shape[:-1], eta=eta.shape[:-1])
    with np.errstate(all="ignore"):
        total = np.sum(y, axis=-1)
        top = np.maximum(np.max(eta, axis=-1, initial=-np.inf), 0)
        s = _finite_shift(top)
        log_sum = _log_sum(np.exp(eta - s[..., None]), np.exp(-s))
        total2 = np.sum(_weighted(y[..., :-1], eta), axis=-1)
        total3 = np.sum(_log_factorial(y), axis=-1)
        weighted = _weighted(total, s + log_sum)
        return _result(total2 + _log_factorial(total) - weighted - total3, dtype)[()]


def log_pmf(y: ArrayLike, phi: ArrayLike, *, axis: int = -1) -> Any:
    """Log-probability of counts.

    log((Σ_k y_k)! Π_k φ_k^y_k / (Π_k y_k!))

    Derivation: multinomial-log-likelihood-mean. Computed in the form proved as
    multinomial-log-likelihood-mean-numerical.

    Shapes: y : (..., K) (counts), phi : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and everything
    is computed in float64.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a count is not one of 0, 1, 2, ….

    >>> log_pmf([1, 2, 1], [0.5, 1/3, 1/6]).round(6)
    np.float64(-2.197225)
    """
    (y, phi), dtype = _float_arrays(np.float64, y=y, phi=phi)
    y = _class_last("y", y, axis, "(..., K)")
    phi = _class_last("phi", phi, axis, "(..., K)")
    K = _axis_length("y", y, -1, "(..., K)")
    _check_counts("y", y)
    _expect_length("phi", phi, -1, "(..., K)", K)
    _batch_shape(y=y.shape[:-1], phi=phi.shape[:-1])
    with np.errstate(all="ignore"):
        total = np.sum(_weighted(y, np.log(phi)), axis=-1)
        value = _log_factorial(np.sum(y, axis=-1))
        return _result(value + total - np.sum(_log_factorial(y), axis=-1), dtype)[()]


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


def _check_counts(name: str, array: NDArray[Any]) -> None:
    """Counts are whole numbers, at least 0."""
    wrong = ~((array >= 0) & (array == np.floor(array)) & (array < np.inf))
    if wrong.any():
        raise ValueError(
            f"{name} must be counts 0, 1, 2, …, but contains {np.asarray(array)[wrong].flat[0]}"
        )


def _result(value: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The value in the type that the arguments ask for."""
    return np.asarray(value).astype(dtype, copy=False)


def _shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf."""
    return np.where(np.isneginf(top), 0, top).astype(top.dtype, copy=False)


def _finite_shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf or +inf."""
    return np.where(np.isinf(top), 0, top).astype(top.dtype, copy=False)


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


def _log_ratio(above: Any, below: Any) -> Any:
    """log(above / below); near 1 through log1p, whose argument is then exact to the last digit."""
    ratio = np.asarray(above / below)
    near = np.log1p((above - below) / below)
    far = np.where((ratio > 0) & (ratio < np.inf), np.log(ratio), np.log(above) - np.log(below))
    return np.where(np.abs(above - below) <= below / 2, near, far).astype(ratio.dtype, copy=False)


def _log_factorial(count: Any) -> Any:
    """log(n!): exact products below 21, Stirling's series above."""
    n = np.asarray(count, dtype=np.float64)
    small = np.cumprod([1.0, *range(1, 21)])
    x = np.maximum(n, 20.0) + 1.0
    tail = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * x * x)) / (x * x)) / (x * x)) / x
    large = (x - 0.5) * np.log(x) - x + 0.5 * np.log(2 * np.pi) + tail
    table = np.log(small)[np.minimum(np.nan_to_num(n), 20.0).astype(np.intp)]
    return np.where(n <= 20.0, table, large).astype(np.asarray(count).dtype, copy=False)


def _class_last(name: str, array: NDArray[Any], axis: int, shape: str) -> NDArray[Any]:
    """A view of the array with the class axis at its end."""
    if array.ndim == 0:
        raise ValueError(f"{name} must have shape {shape}, not {array.shape}")
    if not isinstance(axis, int | np.integer):
        raise TypeError(f"axis must be an integer, not {axis!r}")
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis {axis} is not an axis of {name}, which has shape {array.shape}")
    return array if axis in (-1, array.ndim - 1) else np.moveaxis(array, axis, -1)


def _class_back(result: NDArray[Any], axis: int) -> NDArray[Any]:
    """A view of the result with the class axis where it was."""
    return result if axis in (-1, result.ndim - 1) else np.moveaxis(result, -1, axis)
