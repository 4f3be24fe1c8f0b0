"""Hierarchical softmax: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    hierarchical-softmax-log-probability
    hierarchical-softmax-gradient

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "hierarchical_softmax_gradient",
    "hierarchical_softmax_log_probability",
]


def hierarchical_softmax_log_probability(v: ArrayLike, h: ArrayLike, s: ArrayLike) -> Any:
    """Log-probability of a leaf, from the nodes on its path and the features.

    −Σ_t log(1 + exp(−s_t Σ_d h_d v_td))

    Derivation: hierarchical-softmax-log-probability. Computed in the form proved as
    hierarchical-softmax-log-probability-numerical.

    Shapes: v : (..., N, D), h : (..., D), s : (..., N); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> hierarchical_softmax_log_probability(
    ...     [[-3.0, 1.5], [0.5, -1.0]],
    ...     [0.5, -1.0],
    ...     [1.0, 0.25],
    ... ).round(6)
    np.float64(-3.597642)
    """
    (v, h, s), dtype = _float_arrays(v=v, h=h, s=s)
    N = _axis_length("v", v, -2, "(..., N, D)")
    D = _axis_length("v", v, -1, "(..., N, D)")
    _expect_length("h", h, -1, "(..., D)", D)
    _expect_length("s", s, -1, "(..., N)", N)
    _batch_shape(v=v.shape[:-2], h=h.shape[:-1], s=s.shape[:-1])
    with np.errstate(all="ignore"):
        weighted = _weighted(np.matmul(v, h[..., None])[..., 0], s)
        s2 = _finite_shift(np.maximum(-weighted, 0))
        value = s2 + np.logaddexp(-np.maximum(weighted, 0), -s2)
        return _result(-np.sum(value, axis=-1), dtype)[()]


def hierarchical_softmax_gradient(
    v: ArrayLike,
    h: ArrayLike,
    s: ArrayLike,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Gradients of the log-probability of a leaf, by the nodes on its path and the features.

    Dv, entry (u, e): h_e s_u / (1 + exp(s_u Σ_d h_d v_ud))
    Dh, entry e: Σ_t s_t v_te / (1 + exp(s_t Σ_d h_d v_td))

    Derivation: hierarchical-softmax-gradient. Computed in the form proved as
    hierarchical-softmax-gradient-numerical-dv and hierarchical-softmax-gradient-numerical-dh.

    Shapes: v : (..., N, D), h : (..., D), s : (..., N); dv: (..., N, D), dh: (..., D).
    The results have the floating type of the arguments; integers alone give float64, and float16
    is computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> dv, dh = hierarchical_softmax_gradient(
    ...     [[-3.0, 1.5], [0.5, -1.0]],
    ...     [0.5, -1.0],
    ...     [1.0, 0.25],
    ... )
    >>> dv.round(6), dh.round(6)
    (array([[ 0.476287, -0.952574],
           [ 0.052813, -0.105626]]), array([-2.804909,  1.323235]))
    """
    (v, h, s), dtype = _float_arrays(v=v, h=h, s=s)
    N = _axis_length("v", v, -2, "(..., N, D)")
    D = _axis_length("v", v, -1, "(..., N, D)")
    _expect_length("h", h, -1, "(..., D)", D)
    _expect_length("s", s, -1, "(..., N)", N)
    _batch_shape(v=v.shape[:-2], h=h.shape[:-1], s=s.shape[:-1])
    with np.errstate(all="ignore"):
        weighted = _weighted(np.matmul(v, h[..., None])[..., 0], s)
        s2 = _shift(np.maximum(weighted, 0))
        e = np.exp(-s2)
        share = e / (np.exp(-np.maximum(-weighted, 0)) + e)
        value = share[..., :, None] * h[..., None, :]
        weighted2 = _weighted(share[..., :, None] * v, s[..., :, None])
        return (
            _result(_weighted(value, s[..., :, None]), dtype),
            _result(np.sum(weighted2, axis=-2), dtype),
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
