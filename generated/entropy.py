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

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "cross_entropy",
    "entropy",
    "kl_divergence",
]


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
    (p, q), dtype = _real_arrays(p=p, q=q)
    K = _axis_length("p", p, -1, "(..., K)")
    _expect_length("q", q, -1, "(..., K)", K)
    batch = _batch_shape(p=p.shape[:-1], q=q.shape[:-1])
    result = np.empty(batch, dtype)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([p, q], [], result, 1)
        for p, q, part, work in blocks:
            np.log(q, out=work)
            _weighted_rows(p, work, out=work)
            total = _row_sums(work)
            part[...] = -total
    return result[()]


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


def _same(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Whether two arrays are the same memory, entry by entry."""
    start = a.__array_interface__["data"][0] == b.__array_interface__["data"][0]
    return start and (a.strides, a.shape, a.dtype) == (b.strides, b.shape, b.dtype)


def _row_blocks(
    rows: list[NDArray[Any]],
    single: list[NDArray[Any]],
    result: NDArray[Any],
    spare: int = 0,
    inside: bool = False,
) -> Iterator[list[NDArray[Any]]]:
    """The arguments block by block, class axis first, then the block of the result to fill.

    ``rows`` are (..., K), ``single`` has one number a row: (...); last come ``spare`` arrays of the
    size of the block, for what is in between. Nothing is copied but blocks. ``inside`` lets
    the result take the place of long rows.
    """
    if not result.size:
        return
    rows, single, result, whole = _flat(rows, single, result)
    *batch, length = rows[0].shape
    work = result.dtype if result.itemsize >= 4 else np.dtype(np.float32)
    values = [a if a.dtype.kind in "iu" else a.astype(work) for a in single]
    if rows[0].size < 1000 and len(batch) == 1 and all(_is_plain(a, result) for a in rows):
        spares = [np.empty(rows[0].shape, work).T for _ in range(spare)]
        yield [*(a.T for a in rows), *values, result.T, *spares]
        return
    nested = len(batch) > 1
    own = [nested or _scattered(a, work) or np.may_share_memory(a, result) for a in rows]
    own_result = whole and (nested or _scattered(result, work))
    inside = inside and own[0] and whole and not own_result and length * work.itemsize > 2**18
    same = inside and _same(rows[0], result)
    held = sum(own) - inside + own_result + spare
    size = min(2**19, 2**20 // max(1, held))  # bytes for each array of a block
    size //= (length + 8) * work.itemsize  # some eight numbers a row besides
    size = min(max(1, size), math.prod(batch))
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
        block = [*parts, *(a[at] for a in values), filled, *free]
        if nested:
            block = [a.reshape(*a.shape[: a.ndim - len(batch)], -1) for a in block]
        yield block
        if own_result:
            _move(filled, _class_first(target))


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
        rows = [np.broadcast_to(a, (*batch, length)) for a in rows]
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


def _weighted_rows(weight: Any, value: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
    """weight · value, where a weight of 0 at a value of -inf or +inf contributes 0."""
    endless = np.isinf(value)
    np.multiply(weight, value, out=out)
    if endless.any():
        out[endless & (weight == 0)] = 0
    return out
