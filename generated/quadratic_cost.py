"""Quadratic cost: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    quadratic-cost-gradient
    quadratic-cost-softmax
    quadratic-cost-sigmoid-number

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
    "quadratic_cost",
    "quadratic_cost_sigmoid_gradient",
    "quadratic_cost_softmax_gradient",
]


def quadratic_cost(a: ArrayLike, y: ArrayLike, *, axis: int = -1) -> Any:
    """Half the sum of squared errors.

    Σ_k (a_k − y_k)^2 / 2

    Derivation: quadratic-cost-gradient. Computed as the formula stands: no stabilising rewrite
    applies to it.

    Shapes: a : (..., K), y : (..., K); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> quadratic_cost([0.25, 0.75, 0.5], [0.0, 1.0, 0.0]).round(6)
    np.float64(0.1875)
    """
    (a, y), dtype = _real_arrays(a=a, y=y)
    a = _class_last("a", a, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    K = _axis_length("a", a, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    batch = _batch_shape(a=a.shape[:-1], y=y.shape[:-1])
    result = np.empty(batch, dtype)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([a, y], [], result, 1, ended=(0,))
        for a, y, part, work in blocks:
            np.subtract(a, y, out=work)
            np.square(work, out=work)
            total = _row_sums(work)
            part[...] = total / 2
    return result[()]


def quadratic_cost_softmax_gradient(
    z: ArrayLike,
    y: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient in z of the quadratic cost of softmax.

    Entry i: p_i (r_i − Σ_k p_k r_k)
    where p_i = exp(z_i) / (Σ_k exp(z_k))
    where r_i = p_i − y_i

    Derivation: quadratic-cost-softmax. Computed in the form proved as
    quadratic-cost-softmax-numerical.

    Shapes: z : (..., K), y : (..., K); result: (..., K).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast.

    >>> quadratic_cost_softmax_gradient([-3.0, 1.5, 2.7], [0.1, 0.7, 0.2]).round(6)
    array([-0.001085, -0.183517,  0.184602])
    """
    (z, y), dtype = _real_arrays(z=z, y=y)
    z = _class_last("z", z, axis, "(..., K)")
    y = _class_last("y", y, axis, "(..., K)")
    K = _axis_length("z", z, -1, "(..., K)")
    _expect_length("y", y, -1, "(..., K)", K)
    batch = _batch_shape(z=z.shape[:-1], y=y.shape[:-1])
    result = _output(out, (*batch, K), dtype, axis, z=z, y=y)
    with np.errstate(all="ignore"):
        s = 0
        blocks = _row_blocks([z, y], [], result, 2, inside=True, ended=(1,))
        for z, y, part, work, work2 in blocks:
            s, total = _exp_sums(z, s, out=part)
            np.multiply(part, 1 / total, out=part)
            np.subtract(part, y, out=work)
            np.multiply(work, part, out=work2)
            total2 = _row_sums(work2)
            np.subtract(work, total2, out=work)
            np.multiply(work, part, out=part)
    return _class_back(result, axis) if out is None else out


def quadratic_cost_sigmoid_gradient(
    x: ArrayLike,
    y: ArrayLike,
    *,
    out: NDArray[Any] | None = None,
) -> Any:
    """Derivative of the quadratic cost of a sigmoid output.

    exp(−x) (1 / (1 + exp(−x)) − y) / (1 + exp(−x))^2

    Derivation: quadratic-cost-sigmoid-number. Computed in the form proved as
    quadratic-cost-sigmoid-number-numerical.

    Shapes: x : (...), y : (...); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``out`` receives the result; it may be an argument itself, but not overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if batch shapes do not
    broadcast.

    >>> quadratic_cost_sigmoid_gradient(1.5, 0.25).round(6)
    np.float64(0.084652)
    """
    (x, y), dtype = _real_arrays(x=x, y=y)
    batch = _batch_shape(x=x.shape, y=y.shape)
    result = _output(out, batch, dtype, -1, x=x, y=y)
    with np.errstate(all="ignore"):
        blocks = _entry_blocks([x, y], result)
        for x, y, part in blocks:
            value = -x
            s = _shift(np.maximum(value, 0))
            e = np.exp(-s)
            total = e + np.exp(-np.maximum(x, 0))
            value2 = np.exp(-np.maximum(x, value)) / total * (e / total - y)
            part[...] = value2 / total
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


def _shift(top: Any) -> Any:
    """The shift s: the largest term of the row, or 0 where that is -inf."""
    return np.where(np.isneginf(top), 0, top).astype(top.dtype, copy=False)


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
