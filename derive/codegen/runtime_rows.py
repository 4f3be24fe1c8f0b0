"""What generated functions lean on that work through their rows in blocks.

A block holds as many rows as fit the cache, with the class axis first: (K, n) or (K, ...) for rows,
(n,) or (...) for one number a row, so that both broadcast as they are. Rows of few classes lie in
memory class by class, long ones row by row; either way every operation runs along contiguous
memory. Like those of ``runtime``, these functions are copied into the files that call them.
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


def _finite_shift_of(top: Any) -> Any:
    """The shift s: the largest term of the row, or the number closest to it."""
    largest = np.finfo(top.dtype).max
    return np.minimum(np.maximum(top, -largest), largest)


def _safe_shift(z: NDArray[Any]) -> Any:
    """The shift s of each row: 0 where its exponentials stay in range, else its largest term.

    A shift of 0 rounds nothing; None says that it is 0 for all rows, which saves a pass. The
    largest term of another row would cost digits.
    """
    limit = (79 if z.itemsize == 4 else 638) - math.log(len(z))  # e^88.7, e^709.8 are too large
    if z.size < 1000:  # one product is quicker than two reductions
        flat = z.ravel("K")
        safe = flat.dot(flat) < limit * limit
    else:
        safe = np.maximum.reduce(z, None) < limit and np.minimum.reduce(z, None) > -limit
    if safe:
        return None
    top = _row_maxima(z)
    safe = (top < limit) & (np.minimum.reduce(z, 0) > -limit)
    return np.where(safe, 0, _shift_of(top)).astype(z.dtype, copy=False)


def _exp_less(z: NDArray[Any], s: Any, out: NDArray[Any]) -> NDArray[Any]:
    """e^{z − s}, where a shift of None is 0."""
    return np.exp(z if s is None else np.subtract(z, s, out=out), out=out)


def _sum_of_smaller(terms: NDArray[Any]) -> Any:
    """Σ of each row without its largest term, where that is 1 (or all are 0); changes the terms."""
    total = _row_sums(terms)
    alone = total < 2  # no two terms are 1, and total − 1 would lose digits: add up the others
    count = np.count_nonzero(alone)
    if not count:
        return total - 1
    if terms.ndim == 2 and len(terms) > 16 and 4 * count < len(total):
        few = terms.T[alone]
        few -= np.floor(few)
        total -= 1
        total[alone] = np.add.reduce(few, -1)
        return total
    terms -= np.floor(terms)
    return np.where(alone, _row_sums(terms), total - 1)


def _row_entries(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """The term of each row at the index."""
    return np.take_along_axis(terms, index[None], axis=0)[0]


def _row_places(terms: NDArray[Any]) -> NDArray[np.intp]:
    """The place of the largest term of each row."""
    return np.asarray(terms.argmax(0))


def _row_sums_except(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """Σ over the classes without the term at the index."""
    own = _row_entries(terms, index)
    rest = _row_sums(terms) - own
    lost = np.abs(own) > np.abs(rest)  # the difference lost digits: add up the others
    if np.any(lost):
        few = terms[..., lost]
        np.put_along_axis(few, index[lost][None], 0, axis=0)
        rest[lost] = np.add.reduce(few, 0)
    return rest


def _set_entries(terms: NDArray[Any], index: NDArray[np.intp], value: Any) -> None:
    """Put a value into each row at the index."""
    np.put_along_axis(terms, index[None], np.broadcast_to(value, index.shape)[None], axis=0)


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
