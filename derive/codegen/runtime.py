"""What generated functions lean on: checks of arguments, shifts, sums with one term left out.

The text of these functions is copied into every generated file that calls them, so that one file
works on its own. They use NumPy and each other, nothing else. Shapes end with the axes of the
formula; ``...`` in front is any batch shape.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


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


def _check_counts(name: str, array: NDArray[Any]) -> None:
    """Counts are whole numbers, at least 0."""
    wrong = ~((array >= 0) & (array == np.floor(array)) & (array < np.inf))
    if wrong.any():
        raise ValueError(
            f"{name} must be counts 0, 1, 2, …, but contains {np.asarray(array)[wrong].flat[0]}"
        )


def _check_positive(name: str, array: NDArray[Any]) -> None:
    """A scalar that must be positive."""
    wrong = array <= 0
    if np.any(wrong):
        raise ValueError(
            f"{name} must be positive, but contains {np.asarray(array)[wrong].flat[0]}"
        )


def _check_nonnegative(name: str, array: NDArray[Any]) -> None:
    """A scalar that must not be negative."""
    wrong = array < 0
    if np.any(wrong):
        raise ValueError(
            f"{name} must not be negative, but contains {np.asarray(array)[wrong].flat[0]}"
        )


def _check_share(name: str, array: NDArray[Any]) -> None:
    """A scalar from 0 to 1."""
    wrong = (array < 0) | (array > 1)
    if np.any(wrong):
        raise ValueError(
            f"{name} must lie in [0, 1], but contains {np.asarray(array)[wrong].flat[0]}"
        )


def _size(name: str, value: Any) -> int:
    """A number of classes."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be an integer, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")
    return int(value)


def _is_number(value: Any, number: int) -> bool:
    """Whether an option is this number, which asks for nothing special."""
    return isinstance(value, int | float) and value == number


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


def _log_sum(terms: NDArray[Any], lone: Any = 0) -> Any:
    """log(lone + Σ terms) along the last axis, where the largest of them is 1 or nearly so.

    The largest is left out, and log1p adds to it what the others are worth.
    """
    if terms.shape[-1] == 0:
        return np.log(lone + np.sum(terms, axis=-1))
    largest = np.argmax(terms, axis=-1)
    top = np.take_along_axis(terms, largest[..., None], axis=-1)[..., 0]
    rest = _sum_except(terms, largest) + np.minimum(top, lone)
    return np.log1p(np.maximum(top, lone) - 1 + rest)


def _take(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """The term of each row at the index: (..., K) and (...) to (...)."""
    terms, index = _aligned(terms, index)
    return np.take_along_axis(terms, index[..., None], axis=-1)[..., 0]


def _aligned(terms: NDArray[Any], index: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Terms (..., K) and an index (...) with one batch shape."""
    index = np.asarray(index)
    if index.shape == terms.shape[:-1]:
        return terms, index
    batch = np.broadcast_shapes(terms.shape[:-1], index.shape)
    return np.broadcast_to(terms, (*batch, terms.shape[-1])), np.broadcast_to(index, batch)


def _with_entry(terms: Any, index: Any, value: Any, length: int) -> NDArray[Any]:
    """The rows with the entry at the index set to the value."""
    batch = np.broadcast_shapes(np.shape(terms)[:-1], np.shape(index), np.shape(value))
    out = np.array(np.broadcast_to(terms, (*batch, length)), dtype=np.result_type(terms, value))
    where = np.broadcast_to(index, batch)[..., None]
    np.put_along_axis(out, where, np.broadcast_to(value, batch)[..., None], axis=-1)
    return out


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


def _append(terms: Any, value: Any, length: int) -> NDArray[Any]:
    """The rows, of this length, with one more entry at their end."""
    batch = np.broadcast_shapes(np.shape(terms)[:-1], np.shape(value))
    out = np.empty((*batch, length + 1), dtype=np.result_type(terms, value))
    out[..., :-1] = terms
    out[..., -1] = value
    return out


def _prepend(terms: Any, value: Any, length: int) -> NDArray[Any]:
    """The rows, of this length, with one more entry in front."""
    return _append(np.asarray(terms)[..., ::-1], value, length)[..., ::-1]


def _spread(value: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """A fresh array of the value along all axes of this shape, behind its batch axes."""
    value = np.asarray(value)
    batch = value.shape[: max(value.ndim - len(shape), 0)]
    return np.array(np.broadcast_to(value, (*batch, *shape)))


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


def _log_odds(chance: Any) -> Any:
    """log(p / (1 − p)); near 1/2, where it is small, 2 p − 1 is exact and 1 − p is not."""
    rest = 1 - chance
    twice = 2 * chance - 1
    near, far = np.log1p(twice / rest), np.log(chance / rest)
    return np.where(np.abs(twice) <= 0.5, near, far).astype(far.dtype, copy=False)


def _weighted_log_ratio(weight: Any, above: Any, below: Any) -> Any:
    """weight · log(above / below), which is 0 where the weight is 0 and the ratio 0, 0/0 or ∞."""
    product = _weighted(weight, _log_ratio(above, below))
    nothing = (weight == 0) & (above == 0) & (below == 0)
    return np.where(nothing, 0, product).astype(product.dtype, copy=False)


def _log_factorial(count: Any) -> Any:
    """log(n!): exact products below 21, Stirling's series above."""
    n = np.asarray(count, dtype=np.float64)
    small = np.cumprod([1.0, *range(1, 21)])
    x = np.maximum(n, 20.0) + 1.0
    tail = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * x * x)) / (x * x)) / (x * x)) / x
    large = (x - 0.5) * np.log(x) - x + 0.5 * np.log(2 * np.pi) + tail
    table = np.log(small)[np.minimum(np.nan_to_num(n), 20.0).astype(np.intp)]
    return np.where(n <= 20.0, table, large).astype(np.asarray(count).dtype, copy=False)
