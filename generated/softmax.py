"""Softmax: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    softmax-positive
    temperature-softmax
    softmax-jacobian
    temperature-jacobian
    log-sum-exp-gradient
    temperature-log-sum-exp
    log-sum-exp-hessian
    log-softmax
    temperature-log-softmax
    log-softmax-jacobian
    softmax-jvp
    softmax-vjp
    log-softmax-jvp
    log-softmax-vjp
    temperature-derivative

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
    "log_softmax",
    "log_softmax_jacobian",
    "log_softmax_jvp",
    "log_softmax_vjp",
    "logsumexp",
    "logsumexp_hessian",
    "softmax",
    "softmax_jacobian",
    "softmax_jvp",
    "softmax_temperature_derivative",
    "softmax_vjp",
]


def softmax(
    z: ArrayLike,
    *,
    temperature: ArrayLike = 1,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Softmax over the last axis.

    Entry i: exp(z_i) / (Σ_k exp(z_k))

    Derivation: softmax-positive. Computed in the form proved as softmax-positive-numerical.

    With ``temperature`` = τ, entry i: exp(z_i / τ) / (Σ_k exp(z_k / τ))
    by temperature-softmax.

    Shapes: z : (..., K), temperature : (...) (positive); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or a positive argument is not positive.

    >>> softmax([-3.0, 1.5, 2.7]).round(6)
    array([0.002565, 0.230882, 0.766554])
    """
    if not _is_number(temperature, 1):
        return _softmax_with_temperature(z, temperature, axis=axis, out=out)
    (z,), dtype = _real_arrays(z=z)
    z = _class_last("z", z, axis, "(..., K)")
    _axis_length("z", z, -1, "(..., K)")
    result = _output(out, z.shape, dtype, axis, z=z)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z], [], result, inside=True)
        for z, part in blocks:
            s, total = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total, out=part)
    return _class_back(result, axis) if out is None else out


def _softmax_with_temperature(
    z: ArrayLike,
    temperature: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Softmax at a temperature.

    Entry i: exp(z_i / τ) / (Σ_k exp(z_k / τ))

    Derivation: temperature-softmax. Computed in the form proved as temperature-softmax-numerical.

    Shapes: z : (..., K), temperature : (...) (positive); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a positive argument is not positive.
    """
    (z, temperature), dtype = _real_arrays(z=z, temperature=temperature)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _check_positive("temperature", temperature)
    batch = _batch_shape(z=z.shape[:-1], temperature=temperature.shape)
    result = _output(out, (*batch, K), dtype, axis, z=z, temperature=temperature)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([z], [temperature], result, inside=True)
        for z, temperature, part in blocks:
            top = _row_maxima(z)
            s = _shift_of(top)
            np.subtract(z, s, out=part)
            _exp_quotient(part, temperature, out=part)
            total = _row_sums(part)
            np.divide(part, total, out=part)
    return _class_back(result, axis) if out is None else out


def softmax_jacobian(z: ArrayLike, *, temperature: ArrayLike = 1) -> NDArray[Any]:
    """Jacobian of softmax.

    Entry (i, j): p_i (δ_ij − p_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: softmax-jacobian. Computed in the form proved as softmax-jacobian-numerical.

    With ``temperature`` = τ, entry (i, j): p_i (δ_ij − p_j) / τ
    where p_i = exp(z_i / τ) / (Σ_k exp(z_k / τ))
    by temperature-jacobian.

    Shapes: z : (..., K), temperature : (...) (positive); result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or a positive argument is not positive.

    >>> softmax_jacobian([-3.0, 1.5, 2.7]).round(6)
    array([[ 0.002558, -0.000592, -0.001966],
           [-0.000592,  0.177575, -0.176983],
           [-0.001966, -0.176983,  0.178949]])
    """
    if not _is_number(temperature, 1):
        return _softmax_jacobian_with_temperature(z, temperature)
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


def _softmax_jacobian_with_temperature(z: ArrayLike, temperature: ArrayLike) -> NDArray[Any]:
    """Jacobian of softmax at a temperature.

    Entry (i, j): p_i (δ_ij − p_j) / τ
    where p_i = exp(z_i / τ) / (Σ_k exp(z_k / τ))

    Derivation: temperature-jacobian. Computed in the form proved as
    temperature-jacobian-numerical.

    Shapes: z : (..., K), temperature : (...) (positive); result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a positive argument is not positive.
    """
    (z, temperature), dtype = _float_arrays(z=z, temperature=temperature)
    K = _axis_length("z", z, -1, "(..., K)")
    _check_positive("temperature", temperature)
    _batch_shape(z=z.shape[:-1], temperature=temperature.shape)
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = _exp_quotient(z - s[..., None], temperature[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        off_diagonal = (-p / temperature[..., None])[..., :, None] * p[..., None, :]
        diagonal = p * _sum_of_others(e) / (temperature * total)[..., None]
        return _result(_with_diagonal(off_diagonal, diagonal, K), dtype)


def logsumexp(z: ArrayLike, *, temperature: ArrayLike = 1, axis: int = -1) -> Any:
    """Log-sum-exp over the last axis.

    log(Σ_k exp(z_k))

    Derivation: log-sum-exp-gradient. Computed in the form proved as
    log-sum-exp-gradient-numerical.

    With ``temperature`` = τ, τ log(Σ_k exp(z_k / τ))
    by temperature-log-sum-exp.

    Shapes: z : (..., K), temperature : (...) (positive); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or a positive argument is not positive.

    >>> logsumexp([-3.0, 1.5, 2.7]).round(6)
    np.float64(2.965851)
    """
    if not _is_number(temperature, 1):
        return _logsumexp_with_temperature(z, temperature, axis=axis)
    (z,), dtype = _real_arrays(z=z)
    z = _class_last("z", z, axis, "(..., K)")
    _axis_length("z", z, -1, "(..., K)")
    result = np.empty(z.shape[:-1], dtype)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z], [], result, 1)
        for z, part, work in blocks:
            s, rest = _log_sums(z, s, out=work, close=False)
            part[...] = s + rest
    return result[()]


def _logsumexp_with_temperature(z: ArrayLike, temperature: ArrayLike, *, axis: int = -1) -> Any:
    """Log-sum-exp at a temperature: τ log Σ exp(z / τ).

    τ log(Σ_k exp(z_k / τ))

    Derivation: temperature-log-sum-exp. Computed in the form proved as
    temperature-log-sum-exp-numerical.

    Shapes: z : (..., K), temperature : (...) (positive); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a positive argument is not positive.
    """
    (z, temperature), dtype = _real_arrays(z=z, temperature=temperature)
    z = _class_last("z", z, axis, "(..., K)")
    _axis_length("z", z, -1, "(..., K)")
    _check_positive("temperature", temperature)
    batch = _batch_shape(z=z.shape[:-1], temperature=temperature.shape)
    result = np.empty(batch, dtype)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([z], [temperature], result, 1, ended=(0,))
        for z, temperature, part, work in blocks:
            top = _row_maxima(z)
            s = _finite_shift_of(top)
            np.subtract(z, s, out=work)
            _exp_quotient(work, temperature, out=work)
            others = _sum_of_smaller(work)
            value2 = temperature * np.log1p(np.expm1((top - s) / temperature) + others)
            part[...] = s + value2
    return result[()]


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


def log_softmax(
    z: ArrayLike,
    *,
    temperature: ArrayLike = 1,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Logarithm of softmax.

    Entry i: log(exp(z_i) / (Σ_k exp(z_k)))

    Derivation: log-softmax. Computed in the form proved as log-softmax-numerical.

    With ``temperature`` = τ, entry i: log(exp(z_i / τ) / (Σ_k exp(z_k / τ)))
    by temperature-log-softmax.

    Shapes: z : (..., K), temperature : (...) (positive); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or a positive argument is not positive.

    >>> log_softmax([-3.0, 1.5, 2.7]).round(6)
    array([-5.965851, -1.465851, -0.265851])
    """
    if not _is_number(temperature, 1):
        return _log_softmax_with_temperature(z, temperature, axis=axis, out=out)
    (z,), dtype = _real_arrays(z=z)
    z = _class_last("z", z, axis, "(..., K)")
    _axis_length("z", z, -1, "(..., K)")
    result = _output(out, z.shape, dtype, axis, z=z)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z], [], result, inside=True)
        for z, part in blocks:
            s, rest = _log_sums_each(z, s, out=part)
            _less(z, s, rest, out=part)
    return _class_back(result, axis) if out is None else out


def _log_softmax_with_temperature(
    z: ArrayLike,
    temperature: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Logarithm of softmax at a temperature.

    Entry i: log(exp(z_i / τ) / (Σ_k exp(z_k / τ)))

    Derivation: temperature-log-softmax. Computed in the form proved as
    temperature-log-softmax-numerical.

    Shapes: z : (..., K), temperature : (...) (positive); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a positive argument is not positive.
    """
    (z, temperature), dtype = _real_arrays(z=z, temperature=temperature)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _check_positive("temperature", temperature)
    batch = _batch_shape(z=z.shape[:-1], temperature=temperature.shape)
    result = _output(out, (*batch, K), dtype, axis, z=z, temperature=temperature)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([z], [temperature], result, 1, inside=True)
        for z, temperature, part, work in blocks:
            top = _row_maxima(z)
            s = _shift_of(top)
            np.subtract(z, s, out=part)
            np.divide(part, temperature, out=work)
            _exp_quotient(part, temperature, out=part)
            others = _sum_of_smaller(part)
            np.subtract(work, np.log1p(np.expm1((top - s) / temperature) + others), out=part)
    return _class_back(result, axis) if out is None else out


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


def softmax_jvp(
    z: ArrayLike,
    v: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Jacobian of softmax times a vector.

    Entry i: p_i (v_i − Σ_j p_j v_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: softmax-jvp. Computed in the form proved as softmax-jvp-numerical.

    Shapes: z : (..., K), v : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_jvp([-3.0, 1.5, 2.7], [1.0, -2.0, 0.5]).round(6)
    array([ 0.00276 , -0.444234,  0.441475])
    """
    (z, v), dtype = _real_arrays(z=z, v=v)
    z = _class_last("z", z, axis, "(..., K)")
    v = _class_last("v", v, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("v", v, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], v=v.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, z=z, v=v)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, v], [], result, 1, inside=True)
        for z, v, part, work in blocks:
            s, total = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total, out=part)
            np.multiply(part, v, out=work)
            total2 = _row_sums(work)
            np.subtract(v, total2, out=work)
            np.multiply(work, part, out=part)
    return _class_back(result, axis) if out is None else out


def softmax_vjp(
    z: ArrayLike,
    u: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """A vector times the Jacobian of softmax.

    Entry j: p_j (u_j − Σ_i p_i u_i)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: softmax-vjp. Computed in the form proved as softmax-vjp-numerical.

    Shapes: z : (..., K), u : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> softmax_vjp([-3.0, 1.5, 2.7], [1.0, -2.0, 0.5]).round(6)
    array([ 0.00276 , -0.444234,  0.441475])
    """
    (z, u), dtype = _real_arrays(z=z, u=u)
    z = _class_last("z", z, axis, "(..., K)")
    u = _class_last("u", u, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("u", u, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], u=u.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, z=z, u=u)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, u], [], result, 1, inside=True)
        for z, u, part, work in blocks:
            s, total = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total, out=part)
            np.multiply(part, u, out=work)
            total2 = _row_sums(work)
            np.subtract(u, total2, out=work)
            np.multiply(work, part, out=part)
    return _class_back(result, axis) if out is None else out


def log_softmax_jvp(
    z: ArrayLike,
    v: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Jacobian of log-softmax times a vector.

    Entry i: v_i − Σ_j p_j v_j
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: log-softmax-jvp. Computed in the form proved as log-softmax-jvp-numerical.

    Shapes: z : (..., K), v : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> log_softmax_jvp([-3.0, 1.5, 2.7], [1.0, -2.0, 0.5]).round(6)
    array([ 1.075921, -1.924079,  0.575921])
    """
    (z, v), dtype = _real_arrays(z=z, v=v)
    z = _class_last("z", z, axis, "(..., K)")
    v = _class_last("v", v, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("v", v, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], v=v.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, z=z, v=v)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, v], [], result, inside=True)
        for z, v, part in blocks:
            s, total = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total, out=part)
            np.multiply(part, v, out=part)
            total2 = _row_sums(part)
            np.subtract(v, total2, out=part)
    return _class_back(result, axis) if out is None else out


def log_softmax_vjp(
    z: ArrayLike,
    u: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """A vector times the Jacobian of log-softmax.

    Entry j: u_j − p_j Σ_i u_i
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: log-softmax-vjp. Computed in the form proved as log-softmax-vjp-numerical.

    Shapes: z : (..., K), u : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> log_softmax_vjp([-3.0, 1.5, 2.7], [1.0, -2.0, 0.5]).round(6)
    array([ 1.001282, -1.884559,  0.883277])
    """
    (z, u), dtype = _real_arrays(z=z, u=u)
    z = _class_last("z", z, axis, "(..., K)")
    u = _class_last("u", u, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("u", u, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], u=u.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, z=z, u=u)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, u], [], result, inside=True)
        for z, u, part in blocks:
            total = _row_sums(u)
            largest = _row_places(z)
            value2 = _row_entries(u, largest)
            others = _row_sums_beside(u, largest, total)
            s, total2 = _exp_sums(z, s, out=part)
            others2 = _row_sums_except(part, largest)
            np.multiply(part, 1 / total2, out=part)
            value3 = _row_entries(part, largest)
            np.multiply(total, part, out=part)
            np.subtract(u, part, out=part)
            _set_entries(part, largest, value2 * others2 / total2 - value3 * others)
    return _class_back(result, axis) if out is None else out


def softmax_temperature_derivative(
    z: ArrayLike,
    *,
    temperature: ArrayLike = 1,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Derivative of softmax by the temperature.

    Entry i: p_i (Σ_l p_l z_l − z_i) / τ^2
    where p_i = exp(z_i / τ) / (Σ_k exp(z_k / τ))

    Derivation: temperature-derivative. Computed in the form proved as
    temperature-derivative-numerical.

    Shapes: z : (..., K), temperature : (...) (positive); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``temperature`` is τ, by default 1. ``axis`` is the class axis. ``out`` receives the result;
    it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a positive argument is not positive.

    >>> softmax_temperature_derivative([-3.0, 1.5, 2.7], temperature=2.0).round(6)
    array([ 0.045768,  0.049947, -0.095714])
    """
    (z, temperature), dtype = _real_arrays(z=z, temperature=temperature)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _check_positive("temperature", temperature)
    batch = _batch_shape(z=z.shape[:-1], temperature=temperature.shape)
    result = _output(out, (*batch, K), dtype, axis, z=z, temperature=temperature)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([z], [temperature], result, 1)
        for z, temperature, part, work in blocks:
            top = _row_maxima(z)
            s = _shift_of(top)
            np.subtract(z, s, out=part)
            _exp_quotient(part, temperature, out=part)
            total = _row_sums(part)
            np.divide(part, total, out=part)
            _weighted_rows(part, z, out=work)
            total2 = _row_sums(work)
            np.subtract(total2, z, out=work)
            np.divide(work, np.square(temperature), out=work)
            _weighted_rows(part, work, out=part)
    return _class_back(result, axis) if out is None else out


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


def _check_positive(name: str, array: NDArray[Any]) -> None:
    """A scalar that must be positive."""
    wrong = array <= 0
    if np.any(wrong):
        raise ValueError(
            f"{name} must be positive, but contains {np.asarray(array)[wrong].flat[0]}"
        )


def _is_number(value: Any, number: int) -> bool:
    """Whether an option is this number, which asks for nothing special."""
    return isinstance(value, int | float) and value == number


def _result(value: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The value in the type that the arguments ask for."""
    return np.asarray(value).astype(dtype, copy=False)


def _shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf."""
    return np.where(np.isneginf(top), 0, top).astype(top.dtype, copy=False)


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


def _exp_quotient(above: Any, below: Any, out: NDArray[Any] | None = None) -> Any:
    """e^{above / below}, as if the quotient were exact: what its rounding left out is added."""
    size = np.result_type(above, below).itemsize
    if out is not None and out.size > 2**14 and out.ndim > np.ndim(below):  # by pieces
        step = max(1, 2**12 * len(out) // out.size)
        for start in range(0, len(out), step):
            here = slice(start, start + step)
            _exp_quotient(above[here], below, out=out[here])
        return out
    if size > 8:
        return np.exp(np.divide(above, below), out=out)
    if size == 4:
        exact = np.exp(np.divide(above, below, dtype=np.float64))
        return np.positive(exact, out=out, casting="same_kind", dtype=np.float32)
    quotient = np.asarray(np.divide(above, below))
    coarse = (quotient.view(np.int64) & -(2**27)).view(np.float64)  # 26 bits of it
    mantissa, power = np.frexp(below)
    high = np.ldexp(np.rint(mantissa * 2**26), power - 26)  # both products are exact
    left = np.asarray((above - coarse * high - coarse * (below - high)) / below)
    left[~(np.abs(quotient) < 2**20)] = 0
    terms = np.exp(coarse, out=out)
    return np.add(terms, terms * np.expm1(left), out=out)


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


def _log_sums_each(z: NDArray[Any], last: Any, out: NDArray[Any]) -> tuple[Any, Any]:
    """A shift s and the rest of log Σ e^z = s + rest, as ``_log_sums`` for z − s − rest.

    Entries of few classes are a shift each, s = z_i: the rest is log1p(Σ_{k≠i} e^{z_k} / e^{z_i}).
    """
    length = len(z)
    if length > 12 or out is z or not (_few_within(z, 60) or (z.max() < 60 and z.min() > -60)):
        return _log_sums(z, last, out, close=True)
    others = np.ones((length, length), z.dtype)
    others.flat[:: length + 1] = 0
    np.exp(z, out=out)
    rest = (out.T @ others).T
    np.divide(rest, out, out=rest)
    return z, np.log1p(rest, out=rest)


def _less(z: NDArray[Any], s: Any, rest: Any, out: NDArray[Any]) -> None:
    """z − s − rest, in one pass where s is 0 or z itself."""
    if s is z:
        np.negative(rest, out=out)
        return
    if type(s) is int:
        np.subtract(z, rest, out=out)
        return
    few = s != 0
    if 4 * np.count_nonzero(few) > len(few):
        np.subtract(np.subtract(z, s, out=out), rest, out=out)
        return
    kept = z.T[few] - s[few, None] - rest[few, None]
    np.subtract(z, s + rest, out=out)
    out.T[few] = kept


def _sum_of_smaller(terms: NDArray[Any]) -> Any:
    """Σ of each row without its largest term, where that is 1 (or all are 0); changes the terms."""
    total = _row_sums(terms)
    alone = total < 2  # no two terms are 1, and total − 1 would lose digits: add up the others
    count = np.count_nonzero(alone)
    if not count:
        return total - 1
    if 4 * count < len(total):
        few = terms.T[alone].T
        few -= np.floor(few)
        total -= 1
        total[alone] = _row_sums(few)
        return total
    terms -= np.floor(terms)
    return np.where(alone, _row_sums(terms), total - 1)


def _row_entries(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """The term of each row at the index."""
    return terms[index, np.arange(terms.shape[1])]


def _row_sums_except(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """Σ over the classes without the term at the index; the terms are left as they were."""
    entries = index, np.arange(terms.shape[1])
    kept = terms[entries]
    terms[entries] = 0
    rest = _row_sums(terms)
    terms[entries] = kept
    return rest


def _row_sums_beside(terms: NDArray[Any], index: NDArray[np.intp], total: Any) -> Any:
    """The same where the terms, with this total, must not be touched."""
    own = _row_entries(terms, index)
    rest = total - own
    lost = np.flatnonzero(np.abs(own) > np.abs(rest))  # the difference lost digits: add up
    if lost.size:
        rest[lost] = _row_sums_except(terms.T[lost].T, index[lost])
    return rest


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


def _set_entries(terms: NDArray[Any], index: NDArray[np.intp], value: Any) -> None:
    """Put a value into each row at the index."""
    terms[index, np.arange(terms.shape[1])] = value


def _weighted_rows(weight: Any, value: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
    """weight · value, where a weight of 0 at a value of -inf or +inf contributes 0."""
    if np.isfinite(_row_sums(value)).all():
        return np.multiply(weight, value, out=out)
    nothing = np.isinf(value) & (weight == 0)
    np.multiply(weight, value, out=out)
    out[nothing] = 0
    return out
