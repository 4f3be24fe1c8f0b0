"""Cross-entropy: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    cross-entropy-gradient-probabilities
    softmax-cross-entropy
    label-smoothing-loss
    cross-entropy-gradient
    label-smoothing-gradient
    cross-entropy-value-and-gradient
    label-smoothing-value-and-gradient
    cross-entropy-hessian
    label-smoothing-hessian
    cross-entropy-hvp
    label-smoothing-hvp
    cross-entropy-label
    label-smoothing-label
    cross-entropy-gradient-label
    label-smoothing-gradient-label
    cross-entropy-value-and-gradient-label
    label-smoothing-value-and-gradient-label
    cross-entropy-hessian-label
    label-smoothing-hessian-label
    cross-entropy-hvp-label
    label-smoothing-hvp-label
    entropy-gradient
    cross-entropy-decomposition
    kl-divergence-gradient

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
    "cross_entropy",
    "cross_entropy_gradient",
    "entropy",
    "kl_divergence",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_gradient_labels",
    "softmax_cross_entropy_hessian",
    "softmax_cross_entropy_hessian_labels",
    "softmax_cross_entropy_hvp",
    "softmax_cross_entropy_hvp_labels",
    "softmax_cross_entropy_labels",
    "softmax_cross_entropy_value_and_gradient",
    "softmax_cross_entropy_value_and_gradient_labels",
]


def cross_entropy_gradient(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient of H(p, q) in q.

    Entry i: −p_i / q_i

    Derivation: cross-entropy-gradient-probabilities. Computed as the formula stands: no
    stabilising rewrite applies to it.

    Shapes: p : (..., K), q : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> cross_entropy_gradient([0.5, 1/3, 1/6], [0.25, 0.25, 0.5]).round(6)
    array([-2.      , -1.333333, -0.333333])
    """
    (p, q), dtype = _real_arrays(p=p, q=q)
    p = _class_last("p", p, axis, "(..., K)")
    q = _class_last("q", q, axis, "(..., K)")
    K = _axis_length("p", p, -1, "(..., K)")
    _expect_length("q", q, -1, "(..., K)", K)
    batch = _batch_shape(p=p.shape[:-1], q=q.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, p=p, q=q)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([p, q], [], result, inside=True)
        for p, q, part in blocks:
            np.divide(p, q, out=part)
            np.negative(part, out=part)
    return _class_back(result, axis) if out is None else out


def softmax_cross_entropy(
    z: ArrayLike,
    y: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
    axis: int = -1,
) -> Any:
    """Cross-entropy from logits.

    −Σ_k y_k log(p_k)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: softmax-cross-entropy. Computed in the form proved as
    softmax-cross-entropy-numerical.

    With ``label_smoothing`` = ε, −Σ_k t_k log(p_k)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    where t_i = ε / K + y_i (1 − ε)
    by label-smoothing-loss.

    Shapes: z : (..., K), y : (..., K), label_smoothing : (...) (from 0 to 1); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].

    >>> softmax_cross_entropy([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    np.float64(1.675851)
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_with_label_smoothing(z, y, label_smoothing, axis=axis)
    (z, y), dtype = _real_arrays(z=z, y=y)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    result = np.empty(batch, dtype)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y], [], result, 1)
        for z, y, part, work in blocks:
            s, rest = _log_sums(z, s, out=work, close=True)
            loss = _weighted_losses(y, z, s, rest)
            part[...] = loss
    return result[()]


def _softmax_cross_entropy_with_label_smoothing(
    z: ArrayLike,
    y: ArrayLike,
    label_smoothing: ArrayLike,
    *,
    axis: int = -1,
) -> Any:
    """Cross-entropy from logits with smoothed targets.

    −Σ_k t_k log(p_k)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    where t_i = ε / K + y_i (1 − ε)

    Derivation: label-smoothing-loss. Computed in the form proved as
    label-smoothing-loss-numerical.

    Shapes: z : (..., K), y : (..., K), label_smoothing : (...) (from 0 to 1); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].
    """
    (z, y, label_smoothing), dtype = _real_arrays(z=z, y=y, label_smoothing=label_smoothing)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _check_share("label_smoothing", label_smoothing)
    batch = _batch_shape(z=z.shape[:-1], y=y.shape[:-1], label_smoothing=label_smoothing.shape)
    result = np.empty(batch, dtype)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y], [label_smoothing], result, 2, ended=(1,))
        for z, y, label_smoothing, part, work, work2 in blocks:
            np.multiply(1 - label_smoothing, y, out=work)
            np.add(label_smoothing / K, work, out=work)
            s, rest = _log_sums(z, s, out=work2, close=True)
            loss = _weighted_losses(work, z, s, rest)
            part[...] = loss
    return result[()]


def softmax_cross_entropy_gradient(
    z: ArrayLike,
    y: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient in z of softmax cross-entropy, for any targets.

    Entry i: p_i Σ_k y_k − y_i
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: cross-entropy-gradient. Computed in the form proved as
    cross-entropy-gradient-numerical.

    With ``label_smoothing`` = ε, entry i: p_i Σ_k t_k − t_i
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    where t_i = ε / K + y_i (1 − ε)
    by label-smoothing-gradient.

    Shapes: z : (..., K), y : (..., K), label_smoothing : (...) (from 0 to 1); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].

    >>> softmax_cross_entropy_gradient([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    array([-0.097435, -0.469118,  0.566554])
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_gradient_with_label_smoothing(
            z, y, label_smoothing, axis=axis, out=out
        )
    (z, y), dtype = _real_arrays(z=z, y=y)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, z=z, y=y)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y], [], result, inside=True)
        for z, y, part in blocks:
            total = _row_sums(y)
            largest = _row_places(z)
            others = _row_sums_beside(y, largest, total)
            value2 = _row_entries(y, largest)
            s, total2 = _exp_sums(z, s, out=part)
            others2 = _row_sums_except(part, largest)
            np.multiply(part, 1 / total2, out=part)
            value3 = _row_entries(part, largest)
            np.multiply(total, part, out=part)
            np.subtract(part, y, out=part)
            _set_entries(part, largest, value3 * others - value2 * others2 / total2)
    return _class_back(result, axis) if out is None else out


def _softmax_cross_entropy_gradient_with_label_smoothing(
    z: ArrayLike,
    y: ArrayLike,
    label_smoothing: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient in z of cross-entropy with smoothed targets.

    Entry i: p_i Σ_k t_k − t_i
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    where t_i = ε / K + y_i (1 − ε)

    Derivation: label-smoothing-gradient. Computed in the form proved as
    label-smoothing-gradient-numerical.

    Shapes: z : (..., K), y : (..., K), label_smoothing : (...) (from 0 to 1); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].
    """
    (z, y, label_smoothing), dtype = _real_arrays(z=z, y=y, label_smoothing=label_smoothing)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _check_share("label_smoothing", label_smoothing)
    batch = _batch_shape(z=z.shape[:-1], y=y.shape[:-1], label_smoothing=label_smoothing.shape)
    result = _output(out, (*batch, K), dtype, axis, z=z, y=y, label_smoothing=label_smoothing)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y], [label_smoothing], result, 1, ended=(1,))
        for z, y, label_smoothing, part, work in blocks:
            np.multiply(1 - label_smoothing, y, out=part)
            np.add(label_smoothing / K, part, out=part)
            total = _row_sums(part)
            largest = _row_places(z)
            others = _row_sums_except(part, largest)
            value2 = _row_entries(part, largest)
            s, total2 = _exp_sums(z, s, out=work)
            others2 = _row_sums_except(work, largest)
            np.multiply(work, 1 / total2, out=work)
            value3 = _row_entries(work, largest)
            np.multiply(total, work, out=work)
            np.subtract(work, part, out=part)
            _set_entries(part, largest, value3 * others - value2 * others2 / total2)
    return _class_back(result, axis) if out is None else out


def softmax_cross_entropy_value_and_gradient(
    z: ArrayLike,
    y: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> tuple[Any, NDArray[Any]]:
    """Cross-entropy from logits, and its gradient in z.

    Value: −Σ_k y_k log(p_k)
    Gradient, entry i: p_i Σ_k y_k − y_i
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: cross-entropy-value-and-gradient. Computed in the form proved as
    cross-entropy-value-and-gradient-numerical-value and
    cross-entropy-value-and-gradient-numerical-gradient.

    With ``label_smoothing`` = ε, value: −Σ_k t_k log(p_k)
    Gradient, entry i: p_i Σ_k t_k − t_i
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    where t_i = ε / K + y_i (1 − ε)
    by label-smoothing-value-and-gradient.

    Shapes: z : (..., K), y : (..., K), label_smoothing : (...) (from 0 to 1); value: (...),
    gradient: (..., K).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    ``axis`` is the class axis. ``out`` receives the gradient; it may be an argument itself, but
    not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].

    >>> value, gradient = softmax_cross_entropy_value_and_gradient(
    ...     [-3.0, 1.5, 2.7],
    ...     [0.1, 0.7, 0.2],
    ... )
    >>> value.round(6), gradient.round(6)
    (np.float64(1.675851), array([-0.097435, -0.469118,  0.566554]))
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_value_and_gradient_with_label_smoothing(
            z, y, label_smoothing, axis=axis, out=out
        )
    (z, y), dtype = _real_arrays(z=z, y=y)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    value = np.empty(batch, dtype)
    gradient = _output(out, (*batch, K), dtype, axis, z=z, y=y)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y], [], gradient, 0, (value,))
        for z, y, part, value_part in blocks:
            total = _row_sums(y)
            largest = _row_places(z)
            others = _row_sums_beside(y, largest, total)
            value2 = _row_entries(y, largest)
            s, total2, rest = _exp_log_sums(z, s, out=part, largest=largest)
            loss = _weighted_losses(y, z, s, rest)
            others2 = _row_sums_except(part, largest)
            np.multiply(part, 1 / total2, out=part)
            value3 = _row_entries(part, largest)
            np.multiply(total, part, out=part)
            np.subtract(part, y, out=part)
            _set_entries(part, largest, value3 * others - value2 * others2 / total2)
            value_part[...] = loss
    return value[()], (_class_back(gradient, axis) if out is None else out)


def _softmax_cross_entropy_value_and_gradient_with_label_smoothing(
    z: ArrayLike,
    y: ArrayLike,
    label_smoothing: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> tuple[Any, NDArray[Any]]:
    """Cross-entropy with smoothed targets, and its gradient in z.

    Value: −Σ_k t_k log(p_k)
    Gradient, entry i: p_i Σ_k t_k − t_i
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    where t_i = ε / K + y_i (1 − ε)

    Derivation: label-smoothing-value-and-gradient. Computed in the form proved as
    label-smoothing-value-and-gradient-numerical-value and
    label-smoothing-value-and-gradient-numerical-gradient.

    Shapes: z : (..., K), y : (..., K), label_smoothing : (...) (from 0 to 1); value: (...),
    gradient: (..., K).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    ``axis`` is the class axis. ``out`` receives the gradient; it may be an argument itself, but
    not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].
    """
    (z, y, label_smoothing), dtype = _real_arrays(z=z, y=y, label_smoothing=label_smoothing)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _check_share("label_smoothing", label_smoothing)
    batch = _batch_shape(z=z.shape[:-1], y=y.shape[:-1], label_smoothing=label_smoothing.shape)
    value = np.empty(batch, dtype)
    gradient = _output(out, (*batch, K), dtype, axis, z=z, y=y, label_smoothing=label_smoothing)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y], [label_smoothing], gradient, 1, (value,), ended=(1,))
        for z, y, label_smoothing, part, work, value_part in blocks:
            np.multiply(1 - label_smoothing, y, out=part)
            np.add(label_smoothing / K, part, out=part)
            total = _row_sums(part)
            largest = _row_places(z)
            others = _row_sums_except(part, largest)
            value2 = _row_entries(part, largest)
            s, total2, rest = _exp_log_sums(z, s, out=work, largest=largest)
            loss = _weighted_losses(part, z, s, rest)
            others2 = _row_sums_except(work, largest)
            np.multiply(work, 1 / total2, out=work)
            value3 = _row_entries(work, largest)
            np.multiply(total, work, out=work)
            np.subtract(work, part, out=part)
            _set_entries(part, largest, value3 * others - value2 * others2 / total2)
            value_part[...] = loss
    return value[()], (_class_back(gradient, axis) if out is None else out)


def softmax_cross_entropy_hessian(
    z: ArrayLike,
    y: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
) -> NDArray[Any]:
    """Hessian in z of softmax cross-entropy.

    Entry (i, j): p_i (δ_ij − p_j) Σ_k y_k
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: cross-entropy-hessian. Computed in the form proved as
    cross-entropy-hessian-numerical.

    With ``label_smoothing`` = ε, entry (i, j): p_i (ε + (1 − ε) Σ_k y_k) (δ_ij − p_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    by label-smoothing-hessian.

    Shapes: z : (..., K), y : (..., K), label_smoothing : (...) (from 0 to 1); result: (..., K,
    K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].

    >>> softmax_cross_entropy_hessian([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    array([[ 0.002558, -0.000592, -0.001966],
           [-0.000592,  0.177575, -0.176983],
           [-0.001966, -0.176983,  0.178949]])
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_hessian_with_label_smoothing(z, y, label_smoothing)
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


def _softmax_cross_entropy_hessian_with_label_smoothing(
    z: ArrayLike,
    y: ArrayLike,
    label_smoothing: ArrayLike,
) -> NDArray[Any]:
    """Hessian in z of cross-entropy with smoothed targets.

    Entry (i, j): p_i (ε + (1 − ε) Σ_k y_k) (δ_ij − p_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: label-smoothing-hessian. Computed in the form proved as
    label-smoothing-hessian-numerical.

    Shapes: z : (..., K), y : (..., K), label_smoothing : (...) (from 0 to 1); result: (..., K,
    K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].
    """
    (z, y, label_smoothing), dtype = _float_arrays(z=z, y=y, label_smoothing=label_smoothing)
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _check_share("label_smoothing", label_smoothing)
    _batch_shape(z=z.shape[:-1], y=y.shape[:-1], label_smoothing=label_smoothing.shape)
    with np.errstate(all="ignore"):
        value = label_smoothing + (1 - label_smoothing) * np.sum(y, axis=-1)
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        off_diagonal = ((-value)[..., None] * p)[..., :, None] * p[..., None, :]
        diagonal = value[..., None] * p * _sum_of_others(e) / total[..., None]
        return _result(_with_diagonal(off_diagonal, diagonal, K), dtype)


def softmax_cross_entropy_hvp(
    z: ArrayLike,
    y: ArrayLike,
    v: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Hessian in z of softmax cross-entropy times a vector.

    Entry i: p_i (v_i − Σ_j p_j v_j) Σ_k y_k
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: cross-entropy-hvp. Computed in the form proved as cross-entropy-hvp-numerical.

    With ``label_smoothing`` = ε, entry i: p_i (ε + (1 − ε) Σ_k y_k) (v_i − Σ_j p_j v_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    by label-smoothing-hvp.

    Shapes: z : (..., K), y : (..., K), v : (..., K), label_smoothing : (...) (from 0 to 1);
    result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].

    >>> softmax_cross_entropy_hvp([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2], [1.0, -2.0, 0.5]).round(6)
    array([ 0.00276 , -0.444234,  0.441475])
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_hvp_with_label_smoothing(
            z, y, v, label_smoothing, axis=axis, out=out
        )
    (z, y, v), dtype = _real_arrays(z=z, y=y, v=v)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    v = _class_last("v", v, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _expect_length("v", v, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], y=y.shape[:-1], v=v.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, z=z, y=y, v=v)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y, v], [], result, 1, inside=True, ended=(1,))
        for z, y, v, part, work in blocks:
            total = _row_sums(y)
            s, total2 = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total2, out=part)
            np.multiply(part, v, out=work)
            total3 = _row_sums(work)
            np.subtract(v, total3, out=work)
            np.multiply(total, work, out=work)
            np.multiply(work, part, out=part)
    return _class_back(result, axis) if out is None else out


def _softmax_cross_entropy_hvp_with_label_smoothing(
    z: ArrayLike,
    y: ArrayLike,
    v: ArrayLike,
    label_smoothing: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Hessian in z of cross-entropy with smoothed targets, times a vector.

    Entry i: p_i (ε + (1 − ε) Σ_k y_k) (v_i − Σ_j p_j v_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))

    Derivation: label-smoothing-hvp. Computed in the form proved as label-smoothing-hvp-numerical.

    Shapes: z : (..., K), y : (..., K), v : (..., K), label_smoothing : (...) (from 0 to 1);
    result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a share is not in [0, 1].
    """
    (z, y, v, label_smoothing), dtype = _real_arrays(z=z, y=y, v=v, label_smoothing=label_smoothing)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    v = _class_last("v", v, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    _expect_length("v", v, -1, "(..., K)", K)
    _check_share("label_smoothing", label_smoothing)
    batch = _batch_shape(
        z=z.shape[:-1], y=y.shape[:-1], v=v.shape[:-1], label_smoothing=label_smoothing.shape
    )
    result = _output(out, (*batch, K), dtype, axis, z=z, y=y, v=v, label_smoothing=label_smoothing)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y, v], [label_smoothing], result, 1, inside=True, ended=(1,))
        for z, y, v, label_smoothing, part, work in blocks:
            total = _row_sums(y)
            s, total2 = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total2, out=part)
            np.multiply(part, v, out=work)
            total3 = _row_sums(work)
            np.subtract(v, total3, out=work)
            np.multiply(label_smoothing + (1 - label_smoothing) * total, work, out=work)
            np.multiply(work, part, out=part)
    return _class_back(result, axis) if out is None else out


def softmax_cross_entropy_labels(
    z: ArrayLike,
    c: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
    axis: int = -1,
) -> Any:
    """Cross-entropy from logits, for class labels.

    −log(p_c)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: cross-entropy-label. Computed in the form proved as cross-entropy-label-numerical.

    With ``label_smoothing`` = ε, (ε − 1) log(p_c) − ε Σ_k log(p_k) / K
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    by label-smoothing-label.

    Shapes: z : (..., K), c : (...) (class labels from 0), label_smoothing : (...) (from 0 to 1);
    result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].

    >>> softmax_cross_entropy_labels([-3.0, 1.5, 2.7], 1).round(6)
    np.float64(1.465851)
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_labels_with_label_smoothing(z, c, label_smoothing, axis=axis)
    (z,), dtype = _real_arrays(z=z)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape)
    result = np.empty(batch, dtype)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z], [c], result, 1)
        for z, c, part, work in blocks:
            value2 = _row_entries(z, c)
            s, _ = _exp_sums(z, s, out=work)
            value3 = _row_entries(work, c)
            others = _row_sums_except(work, c)
            loss = _label_losses(value2, value3, others, s)
            part[...] = loss
    return result[()]


def _softmax_cross_entropy_labels_with_label_smoothing(
    z: ArrayLike,
    c: ArrayLike,
    label_smoothing: ArrayLike,
    *,
    axis: int = -1,
) -> Any:
    """Cross-entropy from logits for class labels, smoothed.

    (ε − 1) log(p_c) − ε Σ_k log(p_k) / K
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: label-smoothing-label. Computed in the form proved as
    label-smoothing-label-numerical.

    Shapes: z : (..., K), c : (...) (class labels from 0), label_smoothing : (...) (from 0 to 1);
    result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].
    """
    (z, label_smoothing), dtype = _real_arrays(z=z, label_smoothing=label_smoothing)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _check_share("label_smoothing", label_smoothing)
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape, label_smoothing=label_smoothing.shape)
    result = np.empty(batch, dtype)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z], [c, label_smoothing], result, 1)
        for z, c, label_smoothing, part, work in blocks:
            value2 = _row_entries(z, c)
            s, rest = _log_sums(z, s, out=work, close=True)
            _less(z, s, rest, out=work)
            total = _row_sums(work)
            value3 = (
                _weighted(label_smoothing - 1, value2 - s - rest)
                - _weighted(label_smoothing / K, total)
            )
            part[...] = value3
    return result[()]


def softmax_cross_entropy_gradient_labels(
    z: ArrayLike,
    c: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient in z of softmax cross-entropy, for class labels.

    Entry i: p_i − δ_ic
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: cross-entropy-gradient-label. Computed in the form proved as
    cross-entropy-gradient-label-numerical.

    With ``label_smoothing`` = ε, entry i: p_i − ε / K − δ_ic (1 − ε)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    by label-smoothing-gradient-label.

    Shapes: z : (..., K), c : (...) (class labels from 0), label_smoothing : (...) (from 0 to 1);
    result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].

    >>> softmax_cross_entropy_gradient_labels([-3.0, 1.5, 2.7], 1).round(6)
    array([ 0.002565, -0.769118,  0.766554])
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_gradient_labels_with_label_smoothing(
            z, c, label_smoothing, axis=axis, out=out
        )
    (z,), dtype = _real_arrays(z=z)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape)
    result = _output(out, (*batch, K), dtype, axis, z=z, c=c)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z], [c], result, inside=True)
        for z, c, part in blocks:
            s, total = _exp_sums(z, s, out=part)
            others = _row_sums_except(part, c)
            np.multiply(part, 1 / total, out=part)
            _set_entries(part, c, -others / total)
    return _class_back(result, axis) if out is None else out


def _softmax_cross_entropy_gradient_labels_with_label_smoothing(
    z: ArrayLike,
    c: ArrayLike,
    label_smoothing: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient in z of smoothed cross-entropy, for class labels.

    Entry i: p_i − ε / K − δ_ic (1 − ε)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: label-smoothing-gradient-label. Computed in the form proved as
    label-smoothing-gradient-label-numerical.

    Shapes: z : (..., K), c : (...) (class labels from 0), label_smoothing : (...) (from 0 to 1);
    result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].
    """
    (z, label_smoothing), dtype = _real_arrays(z=z, label_smoothing=label_smoothing)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _check_share("label_smoothing", label_smoothing)
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape, label_smoothing=label_smoothing.shape)
    result = _output(out, (*batch, K), dtype, axis, z=z, c=c, label_smoothing=label_smoothing)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([z], [c, label_smoothing], result, inside=True)
        for z, c, label_smoothing, part in blocks:
            share = label_smoothing / K
            top = _row_maxima(z)
            s = _shift_of(top)
            value2 = _row_entries(z, c)
            np.subtract(z, s, out=part)
            np.exp(part, out=part)
            total = _row_sums(part)
            np.divide(part, total, out=part)
            np.subtract(part, share, out=part)
            _set_entries(part, c, label_smoothing - 1 + np.exp(value2 - s) / total - share)
    return _class_back(result, axis) if out is None else out


def softmax_cross_entropy_value_and_gradient_labels(
    z: ArrayLike,
    c: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> tuple[Any, NDArray[Any]]:
    """Cross-entropy from logits for class labels, and its gradient in z.

    Value: −log(p_c)
    Gradient, entry i: p_i − δ_ic
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: cross-entropy-value-and-gradient-label. Computed in the form proved as
    cross-entropy-value-and-gradient-label-numerical-value and
    cross-entropy-value-and-gradient-label-numerical-gradient.

    With ``label_smoothing`` = ε, value: (ε − 1) log(p_c) − ε Σ_k log(p_k) / K
    Gradient, entry i: p_i − ε / K − δ_ic (1 − ε)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    by label-smoothing-value-and-gradient-label.

    Shapes: z : (..., K), c : (...) (class labels from 0), label_smoothing : (...) (from 0 to 1);
    value: (...), gradient: (..., K).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    ``axis`` is the class axis. ``out`` receives the gradient; it may be an argument itself, but
    not overlap one in part.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].

    >>> value, gradient = softmax_cross_entropy_value_and_gradient_labels([-3.0, 1.5, 2.7], 1)
    >>> value.round(6), gradient.round(6)
    (np.float64(1.465851), array([ 0.002565, -0.769118,  0.766554]))
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_value_and_gradient_labels_with_label_smoothing(
            z, c, label_smoothing, axis=axis, out=out
        )
    (z,), dtype = _real_arrays(z=z)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape)
    value = np.empty(batch, dtype)
    gradient = _output(out, (*batch, K), dtype, axis, z=z, c=c)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z], [c], gradient, 0, (value,), inside=True)
        for z, c, part, value_part in blocks:
            value2 = _row_entries(z, c)
            s, total = _exp_sums(z, s, out=part)
            value3 = _row_entries(part, c)
            others = _row_sums_except(part, c)
            loss = _label_losses(value2, value3, others, s)
            np.multiply(part, 1 / total, out=part)
            _set_entries(part, c, -others / total)
            value_part[...] = loss
    return value[()], (_class_back(gradient, axis) if out is None else out)


def _softmax_cross_entropy_value_and_gradient_labels_with_label_smoothing(
    z: ArrayLike,
    c: ArrayLike,
    label_smoothing: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> tuple[Any, NDArray[Any]]:
    """Smoothed cross-entropy for class labels, and its gradient in z.

    Value: (ε − 1) log(p_c) − ε Σ_k log(p_k) / K
    Gradient, entry i: p_i − ε / K − δ_ic (1 − ε)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: label-smoothing-value-and-gradient-label. Computed in the form proved as
    label-smoothing-value-and-gradient-label-numerical-value and
    label-smoothing-value-and-gradient-label-numerical-gradient.

    Shapes: z : (..., K), c : (...) (class labels from 0), label_smoothing : (...) (from 0 to 1);
    value: (...), gradient: (..., K).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    ``axis`` is the class axis. ``out`` receives the gradient; it may be an argument itself, but
    not overlap one in part.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].
    """
    (z, label_smoothing), dtype = _real_arrays(z=z, label_smoothing=label_smoothing)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _check_share("label_smoothing", label_smoothing)
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape, label_smoothing=label_smoothing.shape)
    value = np.empty(batch, dtype)
    gradient = _output(out, (*batch, K), dtype, axis, z=z, c=c, label_smoothing=label_smoothing)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z], [c, label_smoothing], gradient, 1, (value,))
        for z, c, label_smoothing, part, work, value_part in blocks:
            share = label_smoothing / K
            value2 = _row_entries(z, c)
            s, total, rest = _exp_log_sums(z, s, out=part)
            _less(z, s, rest, out=work)
            total2 = _row_sums(work)
            value3 = _weighted(label_smoothing - 1, value2 - s - rest) - _weighted(share, total2)
            np.multiply(part, 1 / total, out=part)
            np.subtract(part, share, out=part)
            _set_entries(part, c, label_smoothing - 1 + np.exp(value2 - s) / total - share)
            value_part[...] = value3
    return value[()], (_class_back(gradient, axis) if out is None else out)


def softmax_cross_entropy_hessian_labels(
    z: ArrayLike,
    c: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
) -> NDArray[Any]:
    """Hessian in z of softmax cross-entropy, for class labels.

    Entry (i, j): p_i (δ_ij − p_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: cross-entropy-hessian-label. Computed in the form proved as
    cross-entropy-hessian-label-numerical.

    With ``label_smoothing`` = ε, entry (i, j): p_i (δ_ij − p_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    by label-smoothing-hessian-label.

    Shapes: z : (..., K), c : (...) (class labels from 0), label_smoothing : (...) (from 0 to 1);
    result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].

    >>> softmax_cross_entropy_hessian_labels([-3.0, 1.5, 2.7], 1).round(6)
    array([[ 0.002558, -0.000592, -0.001966],
           [-0.000592,  0.177575, -0.176983],
           [-0.001966, -0.176983,  0.178949]])
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_hessian_labels_with_label_smoothing(z, c, label_smoothing)
    (z,), dtype = _float_arrays(z=z)
    K = _axis_length("z", z, -1, "(..., K)")
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape)
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        diagonal = p * _sum_of_others(e) / total[..., None]
        off_diagonal = (-p)[..., :, None] * p[..., None, :]
        return _result(_over(_with_diagonal(off_diagonal, diagonal, K), batch, 2), dtype)


def _softmax_cross_entropy_hessian_labels_with_label_smoothing(
    z: ArrayLike,
    c: ArrayLike,
    label_smoothing: ArrayLike,
) -> NDArray[Any]:
    """Hessian in z of smoothed cross-entropy, for class labels.

    Entry (i, j): p_i (δ_ij − p_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: label-smoothing-hessian-label. Computed in the form proved as
    label-smoothing-hessian-label-numerical.

    Shapes: z : (..., K), c : (...) (class labels from 0), label_smoothing : (...) (from 0 to 1);
    result: (..., K, K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].
    """
    (z, label_smoothing), dtype = _float_arrays(z=z, label_smoothing=label_smoothing)
    K = _axis_length("z", z, -1, "(..., K)")
    _check_share("label_smoothing", label_smoothing)
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape, label_smoothing=label_smoothing.shape)
    with np.errstate(all="ignore"):
        s = _shift(np.max(z, axis=-1))
        e = np.exp(z - s[..., None])
        total = np.sum(e, axis=-1)
        p = e / total[..., None]
        diagonal = p * _sum_of_others(e) / total[..., None]
        off_diagonal = (-p)[..., :, None] * p[..., None, :]
        return _result(_over(_with_diagonal(off_diagonal, diagonal, K), batch, 2), dtype)


def softmax_cross_entropy_hvp_labels(
    z: ArrayLike,
    c: ArrayLike,
    v: ArrayLike,
    *,
    label_smoothing: ArrayLike = 0,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Hessian in z of softmax cross-entropy times a vector, for class labels.

    Entry i: p_i (v_i − Σ_j p_j v_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: cross-entropy-hvp-label. Computed in the form proved as
    cross-entropy-hvp-label-numerical.

    With ``label_smoothing`` = ε, entry i: p_i (v_i − Σ_j p_j v_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    by label-smoothing-hvp-label.

    Shapes: z : (..., K), c : (...) (class labels from 0), v : (..., K), label_smoothing : (...)
    (from 0 to 1); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].

    >>> softmax_cross_entropy_hvp_labels([-3.0, 1.5, 2.7], 1, [1.0, -2.0, 0.5]).round(6)
    array([ 0.00276 , -0.444234,  0.441475])
    """
    if not _is_number(label_smoothing, 0):
        return _softmax_cross_entropy_hvp_labels_with_label_smoothing(
            z, c, v, label_smoothing, axis=axis, out=out
        )
    (z, v), dtype = _real_arrays(z=z, v=v)
    z = _class_last("z", z, axis, "(..., K)")
    v = _class_last("v", v, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("v", v, -1, "(..., K)", K)
    c = _label_array("c", c, K)
    batch = _batch_shape(z=z.shape[:-1], c=c.shape, v=v.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, z=z, c=c, v=v)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, v], [c], result, 1, inside=True)
        for z, v, _, part, work in blocks:
            s, total = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total, out=part)
            np.multiply(part, v, out=work)
            total2 = _row_sums(work)
            np.subtract(v, total2, out=work)
            np.multiply(work, part, out=part)
    return _class_back(result, axis) if out is None else out


def _softmax_cross_entropy_hvp_labels_with_label_smoothing(
    z: ArrayLike,
    c: ArrayLike,
    v: ArrayLike,
    label_smoothing: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Hessian in z of smoothed cross-entropy times a vector, for class labels.

    Entry i: p_i (v_i − Σ_j p_j v_j)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    Holds if y is one-hot at c (y: targets).

    Derivation: label-smoothing-hvp-label. Computed in the form proved as
    label-smoothing-hvp-label-numerical.

    Shapes: z : (..., K), c : (...) (class labels from 0), v : (..., K), label_smoothing : (...)
    (from 0 to 1); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers (labels: integers), ValueError if
    an axis is empty or has the wrong length or batch shapes do not broadcast or a label is out of
    range or a share is not in [0, 1].
    """
    (z, v, label_smoothing), dtype = _real_arrays(z=z, v=v, label_smoothing=label_smoothing)
    z = _class_last("z", z, axis, "(..., K)")
    v = _class_last("v", v, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("v", v, -1, "(..., K)", K)
    _check_share("label_smoothing", label_smoothing)
    c = _label_array("c", c, K)
    batch = _batch_shape(
        z=z.shape[:-1], c=c.shape, v=v.shape[:-1], label_smoothing=label_smoothing.shape
    )
    result = _output(out, (*batch, K), dtype, axis, z=z, c=c, v=v, label_smoothing=label_smoothing)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, v], [c, label_smoothing], result, 1, inside=True)
        for z, v, _, _, part, work in blocks:
            s, total = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total, out=part)
            np.multiply(part, v, out=work)
            total2 = _row_sums(work)
            np.subtract(v, total2, out=work)
            np.multiply(work, part, out=part)
    return _class_back(result, axis) if out is None else out


def entropy(p: ArrayLike, *, axis: int = -1) -> Any:
    """Entropy of a distribution.

    −Σ_k p_k log(p_k)

    Derivation: entropy-gradient. Computed as the formula stands: no stabilising rewrite applies
    to it.

    Shapes: p : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> entropy([0.5, 1/3, 1/6]).round(6)
    np.float64(1.011404)
    """
    (p,), dtype = _real_arrays(p=p)
    p = _class_last("p", p, axis, "(..., K)")
    _axis_length("p", p, -1, "(..., K)")
    result = np.empty(p.shape[:-1], dtype)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([p], [], result, 1)
        for p, part, work in blocks:
            np.log(p, out=work)
            _weighted_rows(p, work, out=work)
            total = _row_sums(work)
            part[...] = -total
    return result[()]


def cross_entropy(p: ArrayLike, q: ArrayLike, *, axis: int = -1) -> Any:
    """Cross-entropy H(p, q).

    −Σ_k p_k log(q_k)

    Derivation: cross-entropy-decomposition. Computed as the formula stands: no stabilising
    rewrite applies to it.

    Shapes: p : (..., K), q : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> cross_entropy([0.5, 1/3, 1/6], [0.25, 0.25, 0.5]).round(6)
    np.float64(1.27077)
    """
    (p, q), dtype = _real_arrays(p=p, q=q)
    p = _class_last("p", p, axis, "(..., K)")
    q = _class_last("q", q, axis, "(..., K)")
    K = _axis_length("p", p, -1, "(..., K)")
    _expect_length("q", q, -1, "(..., K)", K)
    batch = _batch_shape(p=p.shape[:-1], q=q.shape[:-1])
    result = np.empty(batch, dtype)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([p, q], [], result, 1, ended=(1,))
        for p, q, part, work in blocks:
            np.log(q, out=work)
            _weighted_rows(p, work, out=work)
            total = _row_sums(work)
            part[...] = -total
    return result[()]


def kl_divergence(p: ArrayLike, q: ArrayLike, *, axis: int = -1) -> Any:
    """Kullback–Leibler divergence of q from p.

    Σ_k p_k log(p_k / q_k)

    Derivation: kl-divergence-gradient. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: p : (..., K), q : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> kl_divergence([0.5, 1/3, 1/6], [0.25, 0.25, 0.5]).round(6)
    np.float64(0.259366)
    """
    (p, q), dtype = _float_arrays(p=p, q=q)
    p = _class_last("p", p, axis, "(..., K)")
    q = _class_last("q", q, axis, "(..., K)")
    K = _axis_length("p", p, -1, "(..., K)")
    _expect_length("q", q, -1, "(..., K)", K)
    _batch_shape(p=p.shape[:-1], q=q.shape[:-1])
    with np.errstate(all="ignore"):
        return _result(np.sum(_weighted_log_ratio(p, p, q), axis=-1), dtype)[()]


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


def _check_share(name: str, array: NDArray[Any]) -> None:
    """A scalar from 0 to 1."""
    wrong = (array < 0) | (array > 1)
    if np.any(wrong):
        raise ValueError(
            f"{name} must lie in [0, 1], but contains {np.asarray(array)[wrong].flat[0]}"
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


def _over(value: Any, batch: tuple[int, ...], rank: int) -> NDArray[Any]:
    """A fresh array of the value for every batch entry; its last axes, so many, stay."""
    value = np.asarray(value)
    front = value.ndim - rank
    shape = np.broadcast_shapes(batch, value.shape[:front]) + value.shape[front:]
    return np.array(np.broadcast_to(value, shape))


def _log_ratio(above: Any, below: Any) -> Any:
    """log(above / below); near 1 through log1p, whose argument is then exact to the last digit."""
    ratio = np.asarray(above / below)
    near = np.log1p((above - below) / below)
    far = np.where((ratio > 0) & (ratio < np.inf), np.log(ratio), np.log(above) - np.log(below))
    return np.where(np.abs(above - below) <= below / 2, near, far).astype(ratio.dtype, copy=False)


def _weighted_log_ratio(weight: Any, above: Any, below: Any) -> Any:
    """weight · log(above / below), which is 0 where the weight is 0 and the ratio 0, 0/0 or ∞."""
    product = _weighted(weight, _log_ratio(above, below))
    nothing = (weight == 0) & (above == 0) & (below == 0)
    return np.where(nothing, 0, product).astype(product.dtype, copy=False)


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


def _label_losses(logit: Any, own: Any, others: Any, s: Any) -> Any:
    """log Σ e^z − z_c from own = e^{z_c − s} and the sum of the others, for any shift s.

    It is log1p(others / own); where own is too small to divide by, s + log(others) − z_c.
    """
    ratio = others / own
    losses = np.log1p(ratio)
    near = ratio < 2.0**100
    if np.count_nonzero(near) < near.size:
        losses = np.where(near, losses, s - logit + np.log(others))
    return losses


def _weighted_rows(weight: Any, value: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
    """weight · value, where a weight of 0 at a value of -inf or +inf contributes 0."""
    if np.isfinite(_row_sums(value)).all():
        return np.multiply(weight, value, out=out)
    nothing = np.isinf(value) & (weight == 0)
    np.multiply(weight, value, out=out)
    out[nothing] = 0
    return out


def _weighted_losses(weight: NDArray[Any], z: NDArray[Any], s: Any, rest: Any) -> Any:
    """Σ weight · (s + rest − z) of each row, where a weight of 0 at z = -inf contributes 0.

    Long rows are added up piece by piece, in a little room.
    """
    step = len(z) if z.nbytes <= 2**19 else max(1, 2**12 // z.shape[1])
    total, room = 0, np.empty_like(z[:step])
    for start in range(0, len(z), step):
        part, of_part = z[start : start + step], weight[start : start + step]
        losses = room[: len(part)]
        _less(part, s, rest, out=losses)
        sums = _row_sums(np.multiply(of_part, losses, out=losses))
        if np.isnan(sums).any():
            _less(part, s, rest, out=losses)
            sums = _row_sums(_weighted_rows(of_part, losses, out=losses))
        total = total - sums
    return total
