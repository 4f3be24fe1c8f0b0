"""What generated functions lean on to work through their arguments in blocks.

A block holds as many rows as fit the cache, with the class axis first: (K, n) or (K, ...) for rows,
(n,) or (...) for one number a row, so that both broadcast as they are. Each row lies in
one piece. Like those of ``runtime``, these functions are copied into the files that call them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.codegen.runtime import _real_array


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
