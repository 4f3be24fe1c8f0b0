"""Multinomial: NumPy functions generated from proved derivations. Do not edit.

Template: templates/numpy/module.py.jinja. To write this file again: make generate
Derivations:
    multinomial-link
    multinomial-inverse-link
    multinomial-log-partition
    multinomial-log-partition-gradient
    multinomial-log-partition-hessian
    multinomial-log-likelihood

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
    "log_partition",
    "log_partition_gradient",
    "log_partition_hessian",
    "log_pmf_natural",
    "mean_parameters",
    "natural_parameters",
]


def natural_parameters(phi: ArrayLike) -> NDArray[Any]:
    """Natural from mean parameters (the link).

    Entry i: log(φ_i) − log(φ_K)

    Derivation: multinomial-link. Computed in the form proved as multinomial-link-numerical.

    Shapes: phi : (..., K); result: (..., K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> natural_parameters([0.5, 1/3, 1/6]).round(6)
    array([1.098612, 0.693147])
    """
    (phi,), dtype = _float_arrays(phi=phi)
    _axis_length("phi", phi, -1, "(..., K)")
    with np.errstate(all="ignore"):
        return _result(_log_ratio(phi[..., :-1], phi[..., -1][..., None]), dtype)


def mean_parameters(
    eta: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Mean from natural parameters (inverse link).

    Entry i: exp(η_i) / (1 + Σ_{k<K} exp(η_k))

    Derivation: multinomial-inverse-link. Computed in the form proved as
    multinomial-inverse-link-numerical.

    Shapes: eta : (..., K-1); result: (..., K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> mean_parameters([-3.0, 1.5]).round(6)
    array([0.009001, 0.810216])
    """
    (eta,), dtype = _real_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K-1)")
    _axis_length("eta", eta, -1, "(..., K-1)")
    result = _output(out, eta.shape, dtype, axis, eta=eta)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([eta], [], result)
        for eta, part in blocks:
            top = _row_maxima(eta)
            s = _shift_of(np.maximum(top, 0))
            np.subtract(eta, s, out=part)
            np.exp(part, out=part)
            total = _row_sums(part)
            np.divide(part, np.exp(-s) + total, out=part)
    return _class_back(result, axis) if out is None else out


def log_partition(eta: ArrayLike) -> Any:
    """Log-partition of one trial.

    log(1 + Σ_{k<K} exp(η_k))

    Derivation: multinomial-log-partition. Computed in the form proved as
    multinomial-log-partition-numerical.

    Shapes: eta : (..., K-1); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> log_partition([-3.0, 1.5]).round(6)
    np.float64(1.710455)
    """
    (eta,), dtype = _float_arrays(eta=eta)
    _axis_length("eta", eta, -1, "(..., K-1)")
    with np.errstate(all="ignore"):
        s = _finite_shift(np.maximum(np.max(eta, axis=-1), 0))
        log_sum = _log_sum(np.exp(eta - s[..., None]), np.exp(-s))
        return _result(s + log_sum, dtype)[()]


def log_partition_gradient(
    eta: ArrayLike,
    *,
    axis: int = -1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Gradient of the log-partition of one trial.

    Entry i: exp(η_i) / (1 + Σ_{k<K} exp(η_k))

    Derivation: multinomial-log-partition-gradient. Computed in the form proved as
    multinomial-log-partition-gradient-numerical.

    Shapes: eta : (..., K-1); result: (..., K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    ``axis`` is the class axis. ``out`` receives the result; it may be an argument itself, but not
    overlap one in part.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> log_partition_gradient([0.5, -1.0]).round(6)
    array([0.546549, 0.121952])
    """
    (eta,), dtype = _real_arrays(eta=eta)
    eta = _class_last("eta", eta, axis, "(..., K-1)")
    _axis_length("eta", eta, -1, "(..., K-1)")
    result = _output(out, eta.shape, dtype, axis, eta=eta)
    with np.errstate(all="ignore"):
        blocks = _row_blocks([eta], [], result)
        for eta, part in blocks:
            top = _row_maxima(eta)
            s = _shift_of(np.maximum(top, 0))
            np.subtract(eta, s, out=part)
            np.exp(part, out=part)
            total = _row_sums(part)
            np.divide(part, np.exp(-s) + total, out=part)
    return _class_back(result, axis) if out is None else out


def log_partition_hessian(eta: ArrayLike) -> NDArray[Any]:
    """Hessian of the log-partition of one trial: the covariance of T.

    Entry (i, j): exp(η_i) (δ_ij − exp(η_j) / (1 + Σ_{k<K} exp(η_k))) / (1 + Σ_{k<K} exp(η_k))

    Derivation: multinomial-log-partition-hessian. Computed in the form proved as
    multinomial-log-partition-hessian-numerical.

    Shapes: eta : (..., K-1); result: (..., K-1, K-1).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length.

    >>> log_partition_hessian([0.5, -1.0]).round(6)
    array([[ 0.247833, -0.066653],
           [-0.066653,  0.107079]])
    """
    (eta,), dtype = _float_arrays(eta=eta)
    K = _axis_length("eta", eta, -1, "(..., K-1)") + 1
    with np.errstate(all="ignore"):
        s = _shift(np.maximum(np.max(eta, axis=-1), 0))
        e = np.exp(eta - s[..., None])
        e2 = np.exp(-s)
        total = e2 + np.sum(e, axis=-1)
        share = e / total[..., None]
        diagonal = share * (e2[..., None] + _sum_of_others(e)) / total[..., None]
        off_diagonal = (-share)[..., :, None] * share[..., None, :]
        return _result(_with_diagonal(off_diagonal, diagonal, K - 1), dtype)


def log_pmf_natural(y: ArrayLike, eta: ArrayLike) -> Any:
    """Log-probability of counts, from natural parameters.

    log(exp(Σ_{k<K} η_k y_k − log(1 + Σ_{k<K} exp(η_k)) Σ_k y_k) (Σ_k y_k)! / (Π_k y_k!))

    Derivation: multinomial-log-likelihood. Computed in the form proved as
    multinomial-log-likelihood-numerical.

    Shapes: y : (..., K) (counts), eta : (..., K-1); result: (...).
    The result has the floating type of the arguments; integers alone give float64, and float16 is
    computed in float32.
    Raises TypeError if an argument does not hold real numbers, ValueError if an axis is empty or
    has the wrong length or batch shapes do not broadcast or a count is not one of 0, 1, 2, ….

    >>> log_pmf_natural([1, 2, 1], [0.5, -1.0]).round(6)
    np.float64(-3.431616)
    """
    (y, eta), dtype = _float_arrays(y=y, eta=eta)
    K = _axis_length("y", y, -1, "(..., K)")
    _check_counts("y", y)
    _expect_length("eta", eta, -1, "(..., K-1)", K - 1)
    _batch_shape(y=y.shape[:-1], eta=eta.shape[:-1])
    with np.errstate(all="ignore"):
        total = np.sum(y, axis=-1)
        s = _finite_shift(np.maximum(np.max(eta, axis=-1), 0))
        log_sum = _log_sum(np.exp(eta - s[..., None]), np.exp(-s))
        total2 = np.sum(_weighted(y[..., :-1], eta), axis=-1)
        total3 = np.sum(_log_factorial(y), axis=-1)
        weighted = _weighted(total, s + log_sum)
        return _result(total2 + _log_factorial(total) - weighted - total3, dtype)[()]


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


def _check_counts(name: str, array: NDArray[Any]) -> None:
    """Counts are whole numbers, at least 0."""
    wrong = ~((array >= 0) & (array == np.floor(array)) & (array < np.inf))
    if wrong.any():
        raise ValueError(
            f"{name} must be counts 0, 1, 2, …, but contains {np.asarray(array)[wrong].flat[0]}"
        )


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
    largest = np.argmax(terms, axis=-1)
    top = np.take_along_axis(terms, largest[..., None], axis=-1)[..., 0]
    rest = _sum_except(terms, largest) + np.minimum(top, lone)
    return np.log1p(np.maximum(top, lone) - 1 + rest)


def _aligned(terms: NDArray[Any], index: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Terms (..., K) and an index (...) with one batch shape."""
    index = np.asarray(index)
    if index.shape == terms.shape[:-1]:
        return terms, index
    batch = np.broadcast_shapes(terms.shape[:-1], index.shape)
    return np.broadcast_to(terms, (*batch, terms.shape[-1])), np.broadcast_to(index, batch)


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


def _log_ratio(above: Any, below: Any) -> Any:
    """log(above / below); near 1 through log1p, whose argument is then exact to the last digit."""
    ratio = np.asarray(above / below)
    near = np.log1p((above - below) / below)
    far = np.where((ratio > 0) & (ratio < np.inf), np.log(ratio), np.log(above) - np.log(below))
    return np.where(np.abs(above - below) <= below / 2, near, far).astype(ratio.dtype, copy=False)


def _log_factorial(count: Any) -> Any:
    """log(n!): exact products below 21, Stirling's series above."""
    n = np.asarray(count, dtype=np.float64)
    small = np.cumprod([1.0, *range(1, 21)])
    x = np.maximum(n, 20.0) + 1.0
    tail = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * x * x)) / (x * x)) / (x * x)) / x
    large = (x - 0.5) * np.log(x) - x + 0.5 * np.log(2 * np.pi) + tail
    table = np.log(small)[np.minimum(np.nan_to_num(n), 20.0).astype(np.intp)]
    return np.where(n <= 20.0, table, large).astype(np.asarray(count).dtype, copy=False)


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
    rows: list[NDArray[Any]], single: list[NDArray[Any]], result: NDArray[Any], spare: int = 0
) -> Iterator[list[NDArray[Any]]]:
    """The arguments block by block, class axis first, then the block of the result to fill.

    ``rows`` are (..., K), ``single`` has one number a row: (...); last come ``spare`` arrays of the
    size of the block, for what is in between. Nothing is copied but blocks.
    """
    first = rows[0]
    small = first.size < 1000 and first.ndim <= 2 and len(rows) == 1 and not single
    small = small and first.dtype == result.dtype and first.itemsize >= 4
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
    elif len(batch) > 1 and all(a.flags.c_contiguous for a in (*rows, *single, result)):
        rows, single = [a.reshape(-1, length) for a in rows], [a.reshape(-1) for a in single]
        result = result.reshape(-1, length) if whole else result.reshape(-1)
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
        yield [*parts, *values, filled, *free]
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
