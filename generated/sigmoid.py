"""Sigmoid: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    sigmoid-positive
    sigmoid-derivative
    logit
    softplus-slope
    log-sigmoid
    tanh-derivative

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
    "log_sigmoid",
    "logit",
    "sigmoid",
    "sigmoid_derivative",
    "softplus",
    "tanh_derivative",
]


def sigmoid(x: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
    """The logistic function, 1 / (1 + exp(−x)).

    1 / (1 + exp(−x))

    Derivation: sigmoid-positive. Computed in the form proved as sigmoid-positive-numerical.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> sigmoid(1.5).round(6)
    np.float64(0.817574)
    """
    (x,), dtype = _real_arrays(x=x)
    result = _output(out, x.shape, dtype, -1, x=x)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([x], result)
        for x, part in blocks:
            s = _shift(np.maximum(-x, 0))
            e = np.exp(-s)
            part[...] = e / (e + np.exp(-np.maximum(x, 0)))
    return result[()] if out is None else out


def sigmoid_derivative(x: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
    """Derivative of the sigmoid.

    exp(−x) / (1 + exp(−x))^2

    Derivation: sigmoid-derivative. Computed in the form proved as sigmoid-derivative-numerical.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> sigmoid_derivative(1.5).round(6)
    np.float64(0.149146)
    """
    (x,), dtype = _real_arrays(x=x)
    result = _output(out, x.shape, dtype, -1, x=x)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([x], result)
        for x, part in blocks:
            value = -x
            s = _shift(np.maximum(value, 0))
            total = np.exp(-s) + np.exp(-np.maximum(x, 0))
            part[...] = np.exp(-np.maximum(x, value)) / total / total
    return result[()] if out is None else out


def logit(p: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
    """The inverse of the sigmoid, the log-odds.

    log(p / (1 − p))

    Derivation: logit. Computed as the formula stands: no stabilising rewrite applies to it.

    Shapes: p : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> logit(0.3).round(6)
    np.float64(-0.847298)
    """
    (p,), dtype = _real_arrays(p=p)
    result = _output(out, p.shape, dtype, -1, p=p)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([p], result)
        for p, part in blocks:
            part[...] = _log_odds(p)
    return result[()] if out is None else out


def softplus(x: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
    """Softplus, log(1 + exp(x)).

    log(1 + exp(x))

    Derivation: softplus-slope. Computed as the formula stands: no stabilising rewrite applies to
    it.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> softplus(1.5).round(6)
    np.float64(1.701413)
    """
    (x,), dtype = _real_arrays(x=x)
    result = _output(out, x.shape, dtype, -1, x=x)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([x], result)
        for x, part in blocks:
            part[...] = _log_one_plus_exp(x)
    return result[()] if out is None else out


def log_sigmoid(x: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
    """Logarithm of the sigmoid.

    −log(1 + exp(−x))

    Derivation: log-sigmoid. Computed as the formula stands: no stabilising rewrite applies to it.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> log_sigmoid(1.5).round(6)
    np.float64(-0.201413)
    """
    (x,), dtype = _real_arrays(x=x)
    result = _output(out, x.shape, dtype, -1, x=x)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([x], result)
        for x, part in blocks:
            part[...] = -_log_one_plus_exp(-x)
    return result[()] if out is None else out


def tanh_derivative(x: ArrayLike, *, out: NDArray[Any] | None = None) -> Any:
    """Derivative of the hyperbolic tangent.

    4 exp(−2 x) / (1 + exp(−2 x))^2

    Derivation: tanh-derivative. Computed in the form proved as tanh-derivative-numerical.

    Shapes: x : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if its rows differ.

    >>> tanh_derivative(1.5).round(6)
    np.float64(0.180707)
    """
    (x,), dtype = _real_arrays(x=x)
    result = _output(out, x.shape, dtype, -1, x=x)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([x], result)
        for x, part in blocks:
            value = 2 * x
            value2 = -value
            s = _shift(np.maximum(value2, 0))
            total = np.exp(-s) + np.exp(-np.maximum(value, 0))
            value3 = np.exp(-np.maximum(value, value2)) / total * 4
            part[...] = value3 / total
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


def _shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf."""
    return np.where(np.isneginf(top), 0, top).astype(top.dtype, copy=False)


def _log_odds(chance: Any) -> Any:
    """log(p / (1 − p)); near 1/2, where it is small, 2 p − 1 is exact and 1 − p is not."""
    rest = 1 - chance
    twice = 2 * chance - 1
    near, far = np.log1p(twice / rest), np.log(chance / rest)
    return np.where(np.abs(twice) <= 0.5, near, far).astype(far.dtype, copy=False)


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
