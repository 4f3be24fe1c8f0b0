"""Entropy: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    entropy-gradient
    cross-entropy-decomposition
    kl-divergence-gradient

Shapes end with the axes of the formula; ``...`` in front is any batch shape. This file needs
nothing but NumPy and works on its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "cross_entropy",
    "entropy",
    "kl_divergence",
]


def entropy(p: ArrayLike) -> Any:
    """Entropy of a distribution.

    −Σ_k p_k log(p_k)

    Derivation: entropy-gradient. Computed as the formula stands: no stabilising rewrite applies
    to it.

    Shapes: p : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> entropy([0.5, 1/3, 1/6]).round(6)
    np.float64(1.011404)
    """
    (p,), dtype = _float_arrays(p=p)
    _axis_length("p", p, -1, "(..., K)")
    with np.errstate(all="ignore"):
        return _result(-np.sum(_weighted(p, np.log(p)), axis=-1), dtype)[()]


def cross_entropy(p: ArrayLike, q: ArrayLike) -> Any:
    """Cross-entropy H(p, q).

    −Σ_k p_k log(q_k)

    Derivation: cross-entropy-decomposition. Computed as the formula stands: no stabilising
    rewrite applies to it.

    Shapes: p : (..., K), q : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> cross_entropy([0.5, 1/3, 1/6], [0.25, 0.25, 0.5]).round(6)
    np.float64(1.27077)
    """
    (p, q), dtype = _float_arrays(p=p, q=q)
    K = _axis_length("p", p, -1, "(..., K)")
    _expect_length("q", q, -1, "(..., K)", K)
    _batch_shape(p=p.shape[:-1], q=q.shape[:-1])
    with np.errstate(all="ignore"):
        return _result(-np.sum(_weighted(p, np.log(q)), axis=-1), dtype)[()]


def kl_divergence(p: ArrayLike, q: ArrayLike) -> Any:
    """Kullback–Leibler divergence of q from p.

    Σ_k p_k log(p_k / q_k)

    Derivation: kl-divergence-gradient. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: p : (..., K), q : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> kl_divergence([0.5, 1/3, 1/6], [0.25, 0.25, 0.5]).round(6)
    np.float64(0.259366)
    """
    (p, q), dtype = _float_arrays(p=p, q=q)
    K = _axis_length("p", p, -1, "(..., K)")
    _expect_length("q", q, -1, "(..., K)", K)
    _batch_shape(p=p.shape[:-1], q=q.shape[:-1])
    with np.errstate(all="ignore"):
        return _result(np.sum(_weighted_log_ratio(p, p, q), axis=-1), dtype)[()]


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


def _weighted(weight: Any, value: Any) -> Any:
    """weight · value, where a weight of 0 at a value of -inf or +inf contributes 0."""
    product = np.asarray(weight * value)
    nothing = (weight == 0) & np.isinf(value)
    return np.where(nothing, 0, product).astype(product.dtype, copy=False)


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
