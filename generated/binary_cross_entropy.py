"""Binary cross-entropy: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    binary-cross-entropy
    binary-cross-entropy-gradient

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
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_gradient",
]


def binary_cross_entropy_with_logits(
    x: ArrayLike,
    y: ArrayLike,
    *,
    out: NDArray[Any] | None = None,
) -> Any:
    """Binary cross-entropy from a logit.

    y log(1 + exp(−x)) + (1 − y) log(1 + exp(x))

    Derivation: binary-cross-entropy. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: x : (...), y : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if batch shapes do not
    broadcast.

    >>> binary_cross_entropy_with_logits(1.5, 0.25).round(6)
    np.float64(1.326413)
    """
    (x, y), dtype = _real_arrays(x=x, y=y)
    batch = _batch_shape(x=x.shape, y=y.shape)
    result = _output(out, batch, dtype, -1, x=x, y=y)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([x, y], result)
        for x, y, part in blocks:
            weighted = _weighted(1 - y, _log_one_plus_exp(x))
            part[...] = _weighted(y, _log_one_plus_exp(-x)) + weighted
    return result[()] if out is None else out


def binary_cross_entropy_with_logits_gradient(
    x: ArrayLike,
    y: ArrayLike,
    *,
    out: NDArray[Any] | None = None,
) -> Any:
    """Derivative of binary cross-entropy by the logit.

    (1 − y) / (1 + exp(−x)) − y / (1 + exp(x))

    Derivation: binary-cross-entropy-gradient. Computed in the form proved as
    binary-cross-entropy-gradient-numerical.

    Shapes: x : (...), y : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if batch shapes do not
    broadcast.

    >>> binary_cross_entropy_with_logits_gradient(1.5, 0.25).round(6)
    np.float64(0.567574)
    """
    (x, y), dtype = _real_arrays(x=x, y=y)
    batch = _batch_shape(x=x.shape, y=y.shape)
    result = _output(out, batch, dtype, -1, x=x, y=y)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([x, y], result)
        for x, y, part in blocks:
            top = np.maximum(-x, 0)
            s = _shift(top)
            e = np.exp(-s)
            top2 = np.maximum(x, 0)
            s2 = _shift(top2)
            e2 = np.exp(-s2)
            part[...] = (1 - y) * e / (e + np.exp(-top2)) - y * e2 / (e2 + np.exp(-top))
    return result[()] if out is None else out


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


def _batch_shape(**shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The common shape of what stands in front of the axes of the formula."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        given = ", ".join(f"{name} has {shape}" for name, shape in shapes.items())
        raise ValueError(f"the batch shapes do not broadcast: {given}") from None


def _shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf."""
    return np.where(np.isneginf(top), 0, top).astype(top.dtype, copy=False)


def _weighted(weight: Any, value: Any) -> Any:
    """weight · value, where a weight of 0 at a value of -inf or +inf contributes 0."""
    product = np.asarray(weight * value)
    nothing = (weight == 0) & np.isinf(value)
    return np.where(nothing, 0, product).astype(product.dtype, copy=False)


def _log_one_plus_exp(x: Any) -> Any:
    """log(1 + e^x) as max(x, 0) + log1p(e^{−|x|}), as logaddexp does in more time."""
    rest = np.asarray(np.abs(x))
    np.log1p(np.exp(np.negative(rest, out=rest), out=rest), out=rest)
    return np.add(np.maximum(x, 0), rest, out=rest)


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


def _entry_blocks(arrays: list[NDArray[Any]], result: NDArray[Any]) -> Iterator[list[NDArray[Any]]]:
    """The arguments block by block, in the type to work in, then the block of the result to fill.

    A block has at most some 16,000 entries, so that what is computed from it stays in the cache.
    """
    work = result.dtype if result.itemsize >= 4 else np.dtype(np.float32)
    if result.size <= 2**14:
        yield [*(a.astype(work, copy=False) for a in arrays), result]
        return
    arrays = [np.broadcast_to(a, result.shape) for a in arrays]
    for at in _slices(result.shape, 2**14):
        yield [*(a[at].astype(work, copy=False) for a in arrays), result[at]]


def _same(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Whether two arrays are the same memory, entry by entry."""
    start = a.__array_interface__["data"][0] == b.__array_interface__["data"][0]
    return start and (a.strides, a.shape, a.dtype) == (b.strides, b.shape, b.dtype)


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
