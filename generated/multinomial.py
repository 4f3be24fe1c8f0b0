"""Multinomial: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    multinomial-link
    multinomial-inverse-link
    multinomial-log-partition
    multinomial-log-partition-gradient
    multinomial-log-partition-hessian
    multinomial-symmetric
    multinomial-symmetric-probability
    multinomial-symmetric-mean
    multinomial-symmetric-hessian
    multinomial-statistic
    multinomial-symmetric-statistic
    multinomial-symmetric-link
    multinomial-log-likelihood
    multinomial-log-likelihood-mean
    multinomial-log-likelihood-symmetric

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "log_partition",
    "log_partition_gradient",
    "log_partition_gradient_symmetric",
    "log_partition_hessian",
    "log_partition_hessian_symmetric",
    "log_partition_symmetric",
    "log_pmf",
    "log_pmf_natural",
    "log_pmf_natural_symmetric",
    "mean_parameters",
    "mean_parameters_symmetric",
    "natural_parameters",
    "natural_parameters_symmetric",
    "sufficient_statistic",
    "sufficient_statistic_symmetric",
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
        result = _result(_log_ratio(phi[..., :-1], phi[..., -1][..., None]), dtype)
        return np.ascontiguousarray(_class_back(result, axis))


def mean_parameters(
    eta: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Mean from natural parameters (inverse link).

    Entry i: exp(η_i) / (1 + Σ_{k<K} exp(η_k))
    Holds if Σ_k φ_k = 1 (φ: mean parameters).

    Derivation: multinomial-inverse-link. Computed in the form proved as
    multinomial-inverse-link-numerical.

    Shapes: eta : (..., K-1); result: (..., K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an argument has no
    axis, or one that has the wrong length.

    >>> mean_parameters([-3.0, 1.5]).round(6)
    array([0.009001, 0.810216])
    """
    (eta,), dtype = _real_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K-1)")
    _axis_length("eta", eta, -1, "(..., K-1)", 0)
    result = _output(out, eta.shape, dtype, axis, eta=eta)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([eta], [], result, inside=True)
        for eta, part in blocks:
            top = _row_maxima(eta)
            s = _shift_of(np.maximum(top, 0))
            np.subtract(eta, s, out=part)
            np.exp(part, out=part)
            total = _row_sums(part)
            np.divide(part, np.exp(-s) + total, out=part)
    return _class_back(result, axis) if out is None else out


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


def log_partition_gradient(
    eta: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient of the log-partition of one trial.

    Entry i: exp(η_i) / (1 + Σ_{k<K} exp(η_k))

    Derivation: multinomial-log-partition-gradient. Computed in the form proved as
    multinomial-log-partition-gradient-numerical.

    Shapes: eta : (..., K-1); result: (..., K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an argument has no
    axis, or one that has the wrong length.

    >>> log_partition_gradient([0.5, -1.0]).round(6)
    array([0.546549, 0.121952])
    """
    (eta,), dtype = _real_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K-1)")
    _axis_length("eta", eta, -1, "(..., K-1)", 0)
    result = _output(out, eta.shape, dtype, axis, eta=eta)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([eta], [], result, inside=True)
        for eta, part in blocks:
            top = _row_maxima(eta)
            s = _shift_of(np.maximum(top, 0))
            np.subtract(eta, s, out=part)
            np.exp(part, out=part)
            total = _row_sums(part)
            np.divide(part, np.exp(-s) + total, out=part)
    return _class_back(result, axis) if out is None else out


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


def log_partition_symmetric(eta: ArrayLike, *, axis: int = -1) -> Any:
    """Log-partition of one trial, symmetric.

    log(Σ_k exp(η_k))
    Holds if Σ_k y_k = 1 (y: outcome: 1 for the class that occurs, else 0).

    Derivation: multinomial-symmetric. Computed in the form proved as
    multinomial-symmetric-numerical.

    Shapes: eta : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> log_partition_symmetric([0.5, -1.0, 0.25]).round(6)
    np.float64(1.194112)
    """
    (eta,), dtype = _real_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K)")
    _axis_length("eta", eta, -1, "(..., K)")
    result = np.empty(eta.shape[:-1], dtype)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([eta], [], result, 1)
        for eta, part, work in blocks:
            s, rest = _log_sums(eta, s, out=work, close=False)
            part[...] = s + rest
    return result[()]


def mean_parameters_symmetric(
    eta: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Mean from symmetric natural parameters (inverse link).

    Entry i: exp(η_i) / (Σ_k exp(η_k))

    Derivation: multinomial-symmetric-probability. Computed in the form proved as
    multinomial-symmetric-probability-numerical.

    Shapes: eta : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> mean_parameters_symmetric([0.5, -1.0, 0.25]).round(6)
    array([0.499518, 0.111457, 0.389025])
    """
    (eta,), dtype = _real_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K)")
    _axis_length("eta", eta, -1, "(..., K)")
    result = _output(out, eta.shape, dtype, axis, eta=eta)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([eta], [], result, inside=True)
        for eta, part in blocks:
            s, total = _exp_sums(eta, s, out=part)
            np.multiply(part, 1 / total, out=part)
    return _class_back(result, axis) if out is None else out


def log_partition_gradient_symmetric(
    eta: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient of the symmetric log-partition of one trial.

    Entry i: exp(η_i) / (Σ_k exp(η_k))

    Derivation: multinomial-symmetric-mean. Computed in the form proved as
    multinomial-symmetric-mean-numerical.

    Shapes: eta : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> log_partition_gradient_symmetric([0.5, -1.0, 0.25]).round(6)
    array([0.499518, 0.111457, 0.389025])
    """
    (eta,), dtype = _real_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K)")
    _axis_length("eta", eta, -1, "(..., K)")
    result = _output(out, eta.shape, dtype, axis, eta=eta)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([eta], [], result, inside=True)
        for eta, part in blocks:
            s, total = _exp_sums(eta, s, out=part)
            np.multiply(part, 1 / total, out=part)
    return _class_back(result, axis) if out is None else out


def log_partition_hessian_symmetric(eta: ArrayLike) -> NDArray[Any]:
    """Hessian of the symmetric log-partition of one trial: the covariance of T.

    Entry (i, j): exp(η_i) (δ_ij − exp(η_j) / (Σ_k exp(η_k))) / (Σ_k exp(η_k))

    Derivation: multinomial-symmetric-hessian. Computed in the form proved as
    multinomial-symmetric-hessian-numerical.

    Shapes: eta : (..., K); result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> log_partition_hessian_symmetric([0.5, -1.0, 0.25]).round(6)
    array([[ 0.25    , -0.055675, -0.194325],
           [-0.055675,  0.099035, -0.04336 ],
           [-0.194325, -0.04336 ,  0.237685]])
    """
    (eta,), dtype = _float_arrays(eta=eta)
    K = _axis_length("eta", eta, -1, "(..., K)")
    with np.errstate(all="ignore"):
        s = _shift(np.max(eta, axis=-1))
        e = np.exp(eta - s[..., None])
        total = np.sum(e, axis=-1)
        share = e / total[..., None]
        off_diagonal = (-share)[..., :, None] * share[..., None, :]
        diagonal = share * _sum_of_others(e) / total[..., None]
        return _result(_with_diagonal(off_diagonal, diagonal, K), dtype)


def sufficient_statistic(c: ArrayLike, K: int) -> NDArray[Any]:
    """Sufficient statistic of a class: one-hot without the reference class.

    Entry i: δ_ic
    Holds if y is one-hot at c (y: outcome: 1 for the class that occurs, else 0).

    Derivation: multinomial-statistic. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: c : (...) (class labels from 0), K (an integer); result: (..., K-1).
    The result is float64.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    batch shapes do not broadcast or a label is out of range or a size is not at least 1.

    >>> sufficient_statistic(1, 3).round(6)
    array([0., 1.])
    """
    _, dtype = _float_arrays()
    K = _size("K", K)
    c = _label_array("c", c, K)
    with np.errstate(all="ignore"):
        index = np.arange(1, K)
        value = c + 1
        mask = 1 * (index <= value[..., None])
        mask2 = np.logical_and(mask, 1 * (index >= value[..., None]))
        return _result(np.where(mask2, 1, 0), dtype)


def sufficient_statistic_symmetric(c: ArrayLike, K: int) -> NDArray[Any]:
    """Sufficient statistic of a class, symmetric: one-hot.

    Entry i: δ_ic
    Holds if y is one-hot at c (y: outcome: 1 for the class that occurs, else 0).

    Derivation: multinomial-symmetric-statistic. Computed as the formula stands: no stabilising
    rewrite applies to it.

    Shapes: c : (...) (class labels from 0), K (an integer); result: (..., K).
    The result is float64.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    batch shapes do not broadcast or a label is out of range or a size is not at least 1.

    >>> sufficient_statistic_symmetric(1, 3).round(6)
    array([0., 1., 0.])
    """
    _, dtype = _float_arrays()
    K = _size("K", K)
    c = _label_array("c", c, K)
    with np.errstate(all="ignore"):
        return _result(_with_entry(0, c, 1, K), dtype)


def natural_parameters_symmetric(
    phi: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Symmetric natural from mean parameters: log φ.

    Entry i: log(φ_i)
    Holds if Σ_k φ_k = 1.

    Derivation: multinomial-symmetric-link. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: phi : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> natural_parameters_symmetric([0.5, 1/3, 1/6]).round(6)
    array([-0.693147, -1.098612, -1.791759])
    """
    (phi,), dtype = _real_arrays(phi=phi)
    phi = _class_last("phi", phi, axis, "(..., K)")
    _axis_length("phi", phi, -1, "(..., K)")
    result = _output(out, phi.shape, dtype, axis, phi=phi)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([phi], [], result, inside=True)
        for phi, part in blocks:
            np.log(phi, out=part)
    return _class_back(result, axis) if out is None else out


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


def log_pmf_natural_symmetric(y: ArrayLike, eta: ArrayLike, *, axis: int = -1) -> Any:
    """Log-probability of counts, from symmetric natural parameters.

    log((Σ_k y_k)! exp(Σ_k η_k y_k − log(Σ_k exp(η_k)) Σ_k y_k) / (Π_k y_k!))

    Derivation: multinomial-log-likelihood-symmetric. Computed in the form proved as
    multinomial-log-likelihood-symmetric-numerical.

    Shapes: y : (..., K) (counts), eta : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and everything
    is computed in float64.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a count is not one of 0, 1, 2, ….

    >>> log_pmf_natural_symmetric([1, 2, 1], [0.5, -1.0, 0.25]).round(6)
    np.float64(-3.541542)
    """
    (y, eta), dtype = _float_arrays(np.float64, y=y, eta=eta)
    y = _class_last("y", y, axis, "(..., K)")
    eta = _class_last("eta", eta, axis, "(..., K)")
    K = _axis_length("y", y, -1, "(..., K)")
    _check_counts("y", y)
    _expect_length("eta", eta, -1, "(..., K)", K)
    _batch_shape(y=y.shape[:-1], eta=eta.shape[:-1])
    with np.errstate(all="ignore"):
        total = np.sum(y, axis=-1)
        top = np.max(eta, axis=-1)
        s = _finite_shift(top)
        largest = np.argmax(eta, axis=-1)
        others = _sum_except(np.exp(eta - s[..., None]), largest)
        weighted = _weighted(total, s + np.log1p(np.expm1(top - s) + others))
        total2 = np.sum(_weighted(y, eta), axis=-1)
        total3 = np.sum(_log_factorial(y), axis=-1)
        return _result(total2 + _log_factorial(total) - weighted - total3, dtype)[()]


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
    if array.size and (array.min() < 0 or array.max() >= length):
        outside = (array < 0) | (array >= length)
        raise ValueError(
            f"{name} must lie in 0, …, {length - 1}, but contains {array[outside].flat[0]}"
        )
    return array.astype(np.intp, copy=False)


def _check_counts(name: str, array: NDArray[Any]) -> None:
    """Counts are whole numbers, at least 0."""
    wrong = ~((array >= 0) & (array == np.floor(array)) & (array < np.inf))
    if wrong.any():
        raise ValueError(
            f"{name} must be counts 0, 1, 2, …, but contains {np.asarray(array)[wrong].flat[0]}"
        )


def _size(name: str, value: Any) -> int:
    """A number of classes."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be an integer, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")
    return int(value)


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


def _real_arrays(**given: ArrayLike) -> tuple[list[NDArray[Any]], np.dtype[Any]]:
    """The arguments as arrays of real numbers, and the floating type to return."""
    if len(given) == 1:
        (value,) = given.values()
        if type(value) is np.ndarray and value.dtype.kind == "f" and value.dtype.isnative:
            return [value], value.dtype
    arrays = [_real_array(name, value) for name, value in given.items()]
    # Python's own numbers take the type of the arrays that they meet, as everywhere in NumPy.
    deciding = [
        array.dtype
        for array, value in zip(arrays, given.values(), strict=True)
        if array.dtype.kind == "f" and not isinstance(value, int | float)
    ]
    return arrays, np.result_type(*deciding) if deciding else np.dtype(np.float64)


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


def _output(
    out: NDArray[Any] | None,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    axis: int,
    **given: NDArray[Any],
) -> NDArray[Any]:
    """A new array for the result, or ``out`` if it is fit to hold it; the class axis is last."""
    if out is None and axis in (-1, len(shape) - 1):
        return np.empty(shape, dtype)
    if out is None:
        batch = list(shape[:-1])
        batch.insert(axis if axis >= 0 else axis + len(shape), shape[-1])
        return np.moveaxis(np.empty(batch, dtype), axis, -1)
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an array, not {type(out).__name__}")
    last = out.ndim != len(shape) or axis in (-1, len(shape) - 1)
    result = out if last else np.moveaxis(out, axis, -1)
    if result.shape != shape or out.dtype != dtype:
        raise ValueError(
            f"out must have shape {shape}{'' if last else ' (class axis last)'} and type {dtype}, "
            f"not {result.shape} and {out.dtype}"
        )
    if not out.flags.writeable:
        raise ValueError("out must be writeable, but is read-only")
    for name, array in given.items():
        if not _same(result, array) and np.shares_memory(result, array):
            raise ValueError(f"out overlaps {name} in part; it must be {name} itself or apart")
    return result


def _same(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Whether two arrays are the same memory, entry by entry."""
    start = a.__array_interface__["data"][0] == b.__array_interface__["data"][0]
    return start and (a.strides, a.shape, a.dtype) == (b.strides, b.shape, b.dtype)


def _row_blocks(
    rows: list[NDArray[Any]],
    single: list[NDArray[Any]],
    result: NDArray[Any],
    spare: int = 0,
    numbers: tuple[NDArray[Any], ...] = (),
    inside: bool = False,
    ended: tuple[int, ...] = (),
) -> Iterator[list[NDArray[Any]]]:
    """The arguments block by block, class axis first, then the block of the result to fill.

    ``rows`` are (..., K), ``single`` has one number a row: (...); then come ``spare`` arrays of the
    size of the block, for what is in between, and the blocks of ``numbers``, further results with
    one number a row. Nothing is copied but blocks. ``inside`` lets the result take the place of
    long rows; each spare array that ``ended`` has a number for takes the place of those rows, if
    they are copied.
    """
    if not result.size:
        return
    if len(rows) == 1 and not single and not numbers and _is_little(rows[0], result):
        spares = [np.empty(rows[0].shape, result.dtype).T for _ in range(spare)]
        yield [rows[0].T, result.T, *spares]
        return
    rows, single, result, whole = _flat(rows, single, result)
    *batch, length = rows[0].shape
    numbers = tuple(a.reshape(batch) for a in numbers)
    work = result.dtype if result.itemsize >= 4 else np.dtype(np.float32)
    kinds = [a.dtype if a.dtype.kind in "iu" else work for a in single]
    if rows[0].size < 1000 and len(batch) == 1 and all(_is_plain(a, result) for a in rows):
        spares = [np.empty(rows[0].shape, work).T for _ in range(spare)]
        values = [a.astype(kind, copy=False) for a, kind in zip(single, kinds, strict=True)]
        yield [*(a.T for a in rows), *values, result.T, *spares, *numbers]
        return
    nested = len(batch) > 1
    own = [nested or _scattered(a, work) or np.may_share_memory(a, result) for a in rows]
    own_result = whole and (nested or _scattered(result, work))
    inside = inside and own[0] and whole and length * work.itemsize > 2**18
    same = inside and not own_result and _same(rows[0], result)
    taken = {n: place for n, place in enumerate(ended) if own[place]}
    held = sum(own) - inside + own_result + spare - len(taken)
    size = min(_rows_at_once(length * work.itemsize, held), math.prod(batch))
    spaces = [np.empty(size * length, work) for _ in range(held)]
    for at in _slices(tuple(batch), size):
        target = result[at]
        shape = (*target.shape[: len(batch)], length)
        free = [_class_first(space[: math.prod(shape)].reshape(shape)) for space in spaces]
        filled = free.pop() if own_result else _class_first(target) if whole else target
        parts = [_class_first(a[at]) for a in rows]
        for place, part in enumerate(parts):
            if own[place]:
                parts[place] = filled if inside and not place else free.pop()
                if place or not same:
                    _move(part, parts[place])
        spares = [parts[taken[n]] if n in taken else free.pop() for n in range(spare)]
        values = [a[at].astype(kind, copy=False) for a, kind in zip(single, kinds, strict=True)]
        block = [*parts, *values, filled, *spares, *(a[at] for a in numbers)]
        yield _one_batch_axis(block, len(batch)) if nested else block
        if own_result:
            _move(filled, _class_first(target))


def _one_batch_axis(block: list[NDArray[Any]], axes: int) -> list[NDArray[Any]]:
    """Views with one batch axis instead of several; what has two names stays one array."""
    flat = {}
    for a in block:
        front = a.shape[: a.ndim - axes]
        flat[id(a)] = a.reshape(*front, math.prod(a.shape[len(front) :]))
    return [flat[id(a)] for a in block]


def _rows_at_once(row: int, arrays: int) -> int:
    """How many rows of so many bytes make up a block, if it has so many arrays of its own."""
    some = min(2**19, 2**20 // max(1, arrays))  # bytes for each array
    return max(1, some // (row + 64))  # some eight numbers a row besides


def _is_little(rows: NDArray[Any], result: NDArray[Any]) -> bool:
    """Whether rows are so few that they are worked on as they are at once."""
    return rows.ndim == 2 and rows.size < 1000 and _is_plain(rows, result)


def _is_plain(rows: NDArray[Any], result: NDArray[Any]) -> bool:
    """Whether a few rows can be one block as they are."""
    return (
        rows.dtype == result.dtype and rows.itemsize >= 4 and not np.may_share_memory(rows, result)
    )


def _flat(
    rows: list[NDArray[Any]], single: list[NDArray[Any]], result: NDArray[Any]
) -> tuple[list[NDArray[Any]], list[NDArray[Any]], NDArray[Any], bool]:
    """Views with one batch shape, and one batch axis where that is possible without a copy.

    Last comes whether the result has rows, too.
    """
    batch, length = rows[0].shape[:-1], rows[0].shape[-1]
    if any(a.shape[:-1] != batch for a in rows) or any(a.shape != batch for a in single):
        batch = np.broadcast_shapes(*(a.shape[:-1] for a in rows), *(a.shape for a in single))
        # argmax would copy what broadcast_to makes read-only
        rows = [a if a.shape[:-1] == batch else np.broadcast_to(a, (*batch, length)) for a in rows]
        single = [np.broadcast_to(a, batch) for a in single]
    whole = result.ndim > len(batch)
    if not batch:
        rows, single, result = [a[None] for a in rows], [a[None] for a in single], result[None]
    elif len(batch) > 1 and all(a.flags.c_contiguous for a in (*rows, *single, result)):
        rows, single = [a.reshape(-1, length) for a in rows], [a.reshape(-1) for a in single]
        result = result.reshape(-1, length) if whole else result.reshape(-1)
    return rows, single, result, whole


def _move(source: NDArray[Any], target: NDArray[Any]) -> None:
    """Copy a block; where few classes lie far apart, class by class."""
    if len(source) <= 5:
        for one, other in zip(source, target, strict=True):
            np.copyto(other, one, casting="unsafe")
    else:
        np.copyto(target, source, casting="unsafe")


def _class_first(rows: NDArray[Any]) -> NDArray[Any]:
    """A view (K, ...) of rows (..., K)."""
    return rows.T if rows.ndim == 2 else np.moveaxis(rows, -1, 0)


def _scattered(rows: NDArray[Any], work: np.dtype[Any]) -> bool:
    """Whether rows are not of the type to work in, or do not lie in one piece each."""
    return rows.dtype != work or rows.strides[-1] != rows.itemsize


def _slices(batch: tuple[int, ...], size: int) -> Iterator[tuple[slice, ...]]:
    """Slices of the batch axes that hold so many rows, or fewer."""
    inner = math.prod(batch[1:])
    step = max(1, size // max(1, inner))
    for start in range(0, batch[0], step):
        part = slice(start, start + step)
        if inner <= size:
            yield (part,)
        else:
            yield from ((part, *rest) for rest in _slices(batch[1:], size))


def _row_sums(terms: NDArray[Any]) -> Any:
    """Σ over the classes, for each row: products of short pieces with ones, added pairwise."""
    length, count = terms.shape
    if terms.strides[0] != terms.itemsize or terms.size < 1000:
        return np.add.reduce(terms, 0)
    if length <= 128:
        return np.ones(length, terms.dtype) @ terms
    piece = next((n for n in range(128, 31, -1) if length % n == 0), 0)
    if not piece or not terms.flags.f_contiguous:
        return np.add.reduce(terms, 0)
    sums = terms.T.reshape(-1, piece) @ np.ones(piece, terms.dtype)
    return np.add.reduce(sums.reshape(count, -1), 1)


def _row_maxima(terms: NDArray[Any]) -> Any:
    """The largest term of each row, -inf in rows without any."""
    length, count = terms.shape
    if not length:
        return np.full(count, -np.inf, terms.dtype)
    if terms.strides[0] == terms.itemsize and length > 16:  # its place is found faster
        return terms[terms.argmax(0), np.arange(count)]
    if count < 200 or terms.strides[1] == terms.itemsize:
        return np.maximum.reduce(terms, 0)
    top = terms[0].copy()
    for row in terms[1:]:
        np.maximum(top, row, out=top)
    return top


def _shift_of(top: Any) -> Any:
    """The shift s: the largest term of the row; where that is -inf, the lowest number."""
    return np.maximum(top, np.finfo(top.dtype).min)


def _finite_shift_of(top: Any) -> Any:
    """The shift s: the largest term of the row, or the number closest to it."""
    largest = np.finfo(top.dtype).max
    return np.minimum(np.maximum(top, -largest), largest)


def _exp_sums(z: NDArray[Any], last: Any, out: NDArray[Any]) -> tuple[Any, Any]:
    """A shift s of each row, and Σ e^{z − s}; the terms themselves go to ``out``.

    A shift of 0 rounds nothing and saves passes. It will do where the sum tells that no term was
    too large, nor a term that counts too small; the other rows are shifted by their largest term.
    """
    if out is not z and _few_within(z, 70):  # a thousand e^70 are in range
        np.exp(z, out=out)
        return 0, np.add.reduce(out, 0)
    if out is not z and _mostly_unshifted(last):
        np.exp(z, out=out)
        total = _row_sums(out)
        good = (total >= 0.5) & (total < 2.0**100)
        count = np.count_nonzero(good)
        if count == len(good):
            return 0, total
        if 4 * count > 3 * len(good):
            few = z.T[~good].T
            s = np.zeros_like(total)
            s[~good], total[~good] = _shifted(few, few)
            out.T[~good] = few.T
            return s, total
    return _shifted(z, out)


def _few_within(z: NDArray[Any], bound: float) -> bool:
    """Whether these are fewer than 1000 entries, all between -bound and bound, at one look."""
    if z.size >= 1000:
        return False
    flat = z.ravel("K")
    return bool(flat.dot(flat) < bound * bound)


def _shifted(z: NDArray[Any], out: NDArray[Any]) -> tuple[Any, Any]:
    """The largest term s of each row, and Σ e^{z − s}; the terms themselves go to ``out``."""
    s = _shift_of(_row_maxima(z))
    np.exp(np.subtract(z, s, out=out), out=out)
    return s, _row_sums(out)


def _mostly_unshifted(last: Any) -> bool:
    """Whether the shifts of the last block are 0 for half of its rows, so that 0 is tried again."""
    return type(last) is int or 2 * np.count_nonzero(last) < last.size


def _log_sums(z: NDArray[Any], last: Any, out: NDArray[Any], close: bool) -> tuple[Any, Any]:
    """A shift s of each row, and the rest of log Σ e^z = s + rest; ``out`` is room to work in."""
    if out is z:
        return _log_sums_in_pieces(z, close)
    s, _, rest = _exp_log_sums(z, last, out, close)
    return s, rest


def _exp_log_sums(
    z: NDArray[Any],
    last: Any,
    out: NDArray[Any],
    close: bool = True,
    largest: NDArray[np.intp] | None = None,
) -> tuple[Any, Any, Any]:
    """A shift s of each row, Σ e^{z − s}, and the rest of log Σ e^z = s + rest.

    The terms e^{z − s} go to ``out``. ``close`` is for z − s − rest where it comes close to 0:
    there s is the largest term, and the rest keeps the digits of what the others add to it.
    ``largest`` is the place of that term, where it is known.
    """
    if out is z or not _mostly_unshifted(last) or (close and z.size < 1000):
        return _exp_log_sums_shifted(z, out, close, largest)
    np.exp(z, out=out)
    total = _row_sums(out)
    rest = np.log(total, dtype=np.float64).astype(z.dtype, copy=False)
    good = (total >= 0.5) & (total < 2.0**100)
    if close:  # the rounded logarithm will do where no term is near it
        least = 0.35 + np.abs(rest) / 7
        top = _bounds(z) if largest is None else _row_entries(z, largest)
        apart = rest - top > least
        some = np.flatnonzero(~apart)
        if largest is None and some.size:  # the bounds may be too high for their rows
            long = len(z) > 2**12  # a copy of some rows would be large
            tops = _row_maxima(z)[some] if long else _row_maxima(z.T[some].T)
            apart[some] = rest[some] - tops > least[some]
        good &= apart
    else:
        good &= np.abs(rest) >= 0.5
    count = np.count_nonzero(good)
    if count == len(good):
        return 0, total, rest
    if 4 * count <= 3 * len(good):
        return _exp_log_sums_shifted(z, out, close, largest)
    few = z.T[~good].T
    s = np.zeros_like(rest)
    s[~good], total[~good], rest[~good] = _exp_log_sums_shifted(few, few, close)
    out.T[~good] = few.T
    return s, total, rest


def _bounds(z: NDArray[Any]) -> Any:
    """No less than the largest term of each row: the largest of several rows at once."""
    length, count = z.shape
    together = max(1, 2048 // length)
    groups = z.T[: count // together * together].reshape(-1, together * length)
    top = np.full(count, np.inf, z.dtype)  # no bound for what is left over
    top[: len(groups) * together] = np.maximum.reduce(groups, 1).repeat(together)
    return top


def _exp_log_sums_shifted(
    z: NDArray[Any], out: NDArray[Any], close: bool, largest: NDArray[np.intp] | None = None
) -> tuple[Any, Any, Any]:
    """The same with the largest term of each row as its shift s."""
    places = _row_places(z) if largest is None else largest, np.arange(z.shape[1])
    s = (_shift_of if close else _finite_shift_of)(z[places])
    np.exp(np.subtract(z, s, out=out), out=out)
    top = out[places]  # 1, or 0 if all are
    out[places] = top - 1
    others = _row_sums(out)
    out[places] = top
    return s, others + 1, np.log1p(others)


def _log_sums_in_pieces(z: NDArray[Any], close: bool) -> tuple[Any, Any]:
    """The same, piece by piece in a little room, so that z is left as it was."""
    largest, each = z.argmax(0), np.arange(z.shape[1])
    s = (_shift_of if close else _finite_shift_of)(z[largest, each])
    step = max(1, 2**16 // len(each))
    total = np.zeros_like(s)
    for start in range(0, len(z), step):
        terms = np.exp(z[start : start + step] - s)
        here = (largest >= start) & (largest < start + step)
        terms[largest[here] - start, each[here]] -= 1
        total += _row_sums(terms)
    return s, np.log1p(total)


def _row_entries(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """The term of each row at the index."""
    return terms[index, np.arange(terms.shape[1])]


def _row_places(terms: NDArray[Any]) -> Any:
    """The place of the largest term of each row; for few classes class by class."""
    length, count = terms.shape
    if length > 5 or count < 200:
        return terms.argmax(0)
    top, places = terms[0].copy(), np.zeros(count, np.intp)
    for place in range(1, length):
        places[terms[place] > top] = place
        np.maximum(top, terms[place], out=top)
    return places
