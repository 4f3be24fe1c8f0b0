"""Temperature: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
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
    "softmax_temperature_derivative",
]


def softmax_temperature_derivative(
    z: ArrayLike,
    tau: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Derivative of softmax by the temperature.

    Entry i: p_i (Σ_l p_l z_l − z_i) / τ^2
    where p_i = exp(z_i / τ) / (Σ_k exp(z_k / τ))

    Derivation: temperature-derivative. Computed in the form proved as
    temperature-derivative-numerical.

    Shapes: z : (..., K), tau : (...) (positive); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a positive argument is not positive.

    >>> softmax_temperature_derivative([-3.0, 1.5, 2.7], 2.0).round(6)
    array([ 0.045768,  0.049947, -0.095714])
    """
    (z, tau), dtype = _real_arrays(z=z, tau=tau)
    z = _class_last("z", z, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _check_positive("tau", tau)
    batch = _batch_shape(z=z.shape[:-1], tau=tau.shape)
    result = _output(out, (*batch, K), dtype, axis, z=z, tau=tau)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([z], [tau], result, 1)
        for z, tau, part, work in blocks:
            top = _row_maxima(z)
            s = _shift_of(top)
            np.subtract(z, s, out=part)
            np.divide(part, tau, out=part)
            np.exp(part, out=part)
            total = _row_sums(part)
            np.divide(part, total, out=part)
            _weighted_rows(part, z, out=work)
            total2 = _row_sums(work)
            np.subtract(total2, z, out=work)
            np.divide(work, np.square(tau), out=work)
            _weighted_rows(part, work, out=part)
    return _class_back(result, axis) if out is None else out


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
            f"out must have shape {shape} (class axis last) and type {dtype}, "
            f"not {result.shape} and {out.dtype}"
        )
    if not out.flags.writeable:
        raise ValueError("out must be writeable, but is read-only")
    for name, array in given.items():
        same = result.__array_interface__["data"][0] == array.__array_interface__["data"][0]
        same = same and result.strides == array.strides and result.shape == array.shape
        if not same and np.shares_memory(result, array):
            raise ValueError(f"out overlaps {name} in part; it must be {name} itself or apart")
    return result


def _row_blocks(
    rows: list[NDArray[Any]],
    single: list[NDArray[Any]],
    result: NDArray[Any],
    spare: int = 0,
    numbers: tuple[NDArray[Any], ...] = (),
) -> Iterator[list[NDArray[Any]]]:
    """The arguments block by block, class axis first, then the block of the result to fill.

    ``rows`` are (..., K), ``single`` has one number a row: (...); then come ``spare`` arrays of the
    size of the block, for what is in between, and the blocks of further results with one number a
    row, ``numbers``. Nothing is copied but blocks.
    """
    first = rows[0]
    small = first.size < 1000 and first.ndim <= 2 and len(rows) == 1 and not single
    small = small and first.dtype == result.dtype and first.itemsize >= 4 and not numbers
    if small and not np.may_share_memory(first, result):
        many = first.ndim == 2 and len(first) > first.shape[1]
        z = first.T.copy() if many else first.T  # many short rows are quicker class by class
        apart = many and result.ndim == 2
        part = np.empty_like(z) if apart else result.T
        yield [z, part, *[np.empty_like(z) for _ in range(spare)]]
        if apart:
            result.T[...] = part
        return
    batch, length = first.shape[:-1], first.shape[-1]
    if len(rows) + len(single) > 1:
        batch = np.broadcast_shapes(*(a.shape[:-1] for a in rows), *(a.shape for a in single))
        rows = [np.broadcast_to(a, (*batch, length)) for a in rows]
        single = [np.broadcast_to(a, batch) for a in single]
    whole = result.ndim > len(batch)
    if not batch:
        rows, single, result = [a[None] for a in rows], [a[None] for a in single], result[None]
        numbers = tuple(a[None] for a in numbers)
    elif len(batch) > 1 and all(a.flags.c_contiguous for a in (*rows, *single, result)):
        rows, single = [a.reshape(-1, length) for a in rows], [a.reshape(-1) for a in single]
        result = result.reshape(-1, length) if whole else result.reshape(-1)
        numbers = tuple(a.reshape(-1) for a in numbers)
    batch = rows[0].shape[:-1]
    work = result.dtype if result.itemsize >= 4 else np.dtype(np.float32)
    by_class = length <= 16  # few classes lie one behind the other, long rows row by row
    own = [by_class or _scattered(a, work) or np.may_share_memory(a, result) for a in rows]
    own_result = whole and (by_class or _scattered(result, work))
    held = sum(own) + own_result + spare
    cache = min(2**19, 3 * 2**18 // max(1, held))  # bytes for each array of a block
    size = min(max(1, cache // (length * work.itemsize)), math.prod(batch))
    spaces = [np.empty(size * length, work) for _ in range(held)]
    for at in _slices(batch, size):
        parts, target = [_class_first(a[at]) for a in rows], result[at]
        target = _class_first(target) if whole else target
        shape = parts[0].shape
        count = math.prod(shape)
        free = [
            s[:count].reshape(shape)
            if by_class
            else _class_first(s[:count].reshape(*shape[1:], length))
            for s in spaces
        ]
        for place in range(len(rows)):
            if own[place]:
                np.copyto(free[-1], parts[place], casting="unsafe")
                parts[place] = free.pop()
        values = [a[at] if a.dtype.kind in "iu" else a[at].astype(work) for a in single]
        filled = free.pop() if own_result else target
        yield [*parts, *values, filled, *free, *(a[at] for a in numbers)]
        if own_result:
            np.copyto(target, filled, casting="unsafe")


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
    """Σ over the classes, for each row; for rows that are not long, by a product with ones."""
    if terms.ndim == 2 and 16 < len(terms) <= 256 and terms.strides[0] == terms.itemsize:
        return np.ones(len(terms), terms.dtype) @ terms
    return np.add.reduce(terms, 0)


def _row_maxima(terms: NDArray[Any]) -> Any:
    """The largest term of each row; where rows lie row by row, the place of it is found faster."""
    if terms.ndim == 2 and len(terms) > 16 and terms.strides[0] == terms.itemsize:
        return terms[terms.argmax(0), np.arange(terms.shape[1])]
    return np.maximum.reduce(terms, 0)


def _shift_of(top: Any) -> Any:
    """The shift s: the largest term of the row; where that is -inf, the lowest number."""
    return np.maximum(top, np.finfo(top.dtype).min)


def _weighted_rows(weight: Any, value: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
    """weight · value, where a weight of 0 at a value of -inf or +inf contributes 0."""
    nothing = np.isinf(value)
    some = nothing.any()
    if some:  # before the product, which may go where the weight stands
        nothing &= weight == 0
    np.multiply(weight, value, out=out)
    if some:
        out[nothing] = 0
    return out
