"""What generated functions lean on to compute with blocks of rows.

A block is (K, n): the class axis first, and one number a row is (n,). Like those of ``runtime``,
these functions are copied into the files that call them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


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


def _finite_shift_of(top: Any) -> Any:
    """The shift s: the largest term of the row, or the number closest to it."""
    largest = np.finfo(top.dtype).max
    return np.minimum(np.maximum(top, -largest), largest)


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


def _log_sums(z: NDArray[Any], last: Any, out: NDArray[Any], close: bool) -> tuple[Any, Any]:
    """A shift s of each row, and the rest of log Σ e^z = s + rest; ``out`` is room to work in."""
    if out is z:
        return _log_sums_in_pieces(z, close)
    s, _, rest = _exp_log_sums(z, last, out, close)
    return s, rest


def _exp_log_sums(
    z: NDArray[Any],
    last: Any,
    out: NDArray[Any],
    close: bool = True,
    largest: NDArray[np.intp] | None = None,
) -> tuple[Any, Any, Any]:
    """A shift s of each row, Σ e^{z − s}, and the rest of log Σ e^z = s + rest.

    The terms e^{z − s} go to ``out``. ``close`` is for z − s − rest where it comes close to 0:
    there s is the largest term, and the rest keeps the digits of what the others add to it.
    ``largest`` is the place of that term, where it is known.
    """
    if out is z or not _mostly_unshifted(last) or (close and z.size < 1000):
        return _exp_log_sums_shifted(z, out, close, largest)
    np.exp(z, out=out)
    total = _row_sums(out)
    rest = np.log(total, dtype=np.float64).astype(z.dtype, copy=False)
    good = (total >= 0.5) & (total < 2.0**100)
    if close:  # the rounded logarithm will do where no term is near it
        least = 0.35 + np.abs(rest) / 7
        top = _bounds(z) if largest is None else _row_entries(z, largest)
        apart = rest - top > least
        some = np.flatnonzero(~apart)
        if largest is None and some.size:  # the bounds may be too high for their rows
            long = len(z) > 2**12  # a copy of some rows would be large
            tops = _row_maxima(z)[some] if long else _row_maxima(z.T[some].T)
            apart[some] = rest[some] - tops > least[some]
        good &= apart
    else:
        good &= np.abs(rest) >= 0.5
    count = np.count_nonzero(good)
    if count == len(good):
        return 0, total, rest
    if 4 * count <= 3 * len(good):
        return _exp_log_sums_shifted(z, out, close, largest)
    few = z.T[~good].T
    s = np.zeros_like(rest)
    s[~good], total[~good], rest[~good] = _exp_log_sums_shifted(few, few, close)
    out.T[~good] = few.T
    return s, total, rest


def _bounds(z: NDArray[Any]) -> Any:
    """No less than the largest term of each row: the largest of several rows at once."""
    length, count = z.shape
    together = max(1, 2048 // length)
    groups = z.T[: count // together * together].reshape(-1, together * length)
    top = np.full(count, np.inf, z.dtype)  # no bound for what is left over
    top[: len(groups) * together] = np.maximum.reduce(groups, 1).repeat(together)
    return top


def _exp_log_sums_shifted(
    z: NDArray[Any], out: NDArray[Any], close: bool, largest: NDArray[np.intp] | None = None
) -> tuple[Any, Any, Any]:
    """The same with the largest term of each row as its shift s."""
    places = _row_places(z) if largest is None else largest, np.arange(z.shape[1])
    s = (_shift_of if close else _finite_shift_of)(z[places])
    np.exp(np.subtract(z, s, out=out), out=out)
    top = out[places]  # 1, or 0 if all are
    out[places] = top - 1
    others = _row_sums(out)
    out[places] = top
    return s, others + 1, np.log1p(others)


def _log_sums_in_pieces(z: NDArray[Any], close: bool) -> tuple[Any, Any]:
    """The same, piece by piece in a little room, so that z is left as it was."""
    largest, each = z.argmax(0), np.arange(z.shape[1])
    s = (_shift_of if close else _finite_shift_of)(z[largest, each])
    step = max(1, 2**16 // len(each))
    total = np.zeros_like(s)
    for start in range(0, len(z), step):
        terms = np.exp(z[start : start + step] - s)
        here = (largest >= start) & (largest < start + step)
        terms[largest[here] - start, each[here]] -= 1
        total += _row_sums(terms)
    return s, np.log1p(total)


def _log_sums_each(z: NDArray[Any], last: Any, out: NDArray[Any]) -> tuple[Any, Any]:
    """A shift s and the rest of log Σ e^z = s + rest, as ``_log_sums`` for z − s − rest.

    Entries of few classes are a shift each, s = z_i: the rest is log1p(Σ_{k≠i} e^{z_k} / e^{z_i}).
    """
    length = len(z)
    if length > 12 or out is z or not (_few_within(z, 60) or (z.max() < 60 and z.min() > -60)):
        return _log_sums(z, last, out, close=True)
    others = np.ones((length, length), z.dtype)
    others.flat[:: length + 1] = 0
    np.exp(z, out=out)
    rest = (out.T @ others).T
    np.divide(rest, out, out=rest)
    return z, np.log1p(rest, out=rest)


def _less(z: NDArray[Any], s: Any, rest: Any, out: NDArray[Any]) -> None:
    """z − s − rest, in one pass where s is 0 or z itself."""
    if s is z:
        np.negative(rest, out=out)
        return
    if type(s) is int:
        np.subtract(z, rest, out=out)
        return
    few = s != 0
    if 4 * np.count_nonzero(few) > len(few):
        np.subtract(np.subtract(z, s, out=out), rest, out=out)
        return
    kept = z.T[few] - s[few, None] - rest[few, None]
    np.subtract(z, s + rest, out=out)
    out.T[few] = kept


def _sum_of_smaller(terms: NDArray[Any]) -> Any:
    """Σ of each row without its largest term, where that is 1 (or all are 0); changes the terms."""
    total = _row_sums(terms)
    alone = total < 2  # no two terms are 1, and total − 1 would lose digits: add up the others
    count = np.count_nonzero(alone)
    if not count:
        return total - 1
    if 4 * count < len(total):
        few = terms.T[alone].T
        few -= np.floor(few)
        total -= 1
        total[alone] = _row_sums(few)
        return total
    terms -= np.floor(terms)
    return np.where(alone, _row_sums(terms), total - 1)


def _row_entries(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """The term of each row at the index."""
    return terms[index, np.arange(terms.shape[1])]


def _row_sums_except(terms: NDArray[Any], index: NDArray[np.intp]) -> Any:
    """Σ over the classes without the term at the index; the terms are left as they were."""
    entries = index, np.arange(terms.shape[1])
    kept = terms[entries]
    terms[entries] = 0
    rest = _row_sums(terms)
    terms[entries] = kept
    return rest


def _row_sums_beside(terms: NDArray[Any], index: NDArray[np.intp], total: Any) -> Any:
    """The same where the terms, with this total, must not be touched."""
    own = _row_entries(terms, index)
    rest = total - own
    lost = np.flatnonzero(np.abs(own) > np.abs(rest))  # the difference lost digits: add up
    if lost.size:
        rest[lost] = _row_sums_except(terms.T[lost].T, index[lost])
    return rest


def _row_places(terms: NDArray[Any]) -> Any:
    """The place of the largest term of each row; for few classes class by class."""
    length, count = terms.shape
    if length > 5 or count < 200:
        return terms.argmax(0)
    top, places = terms[0].copy(), np.zeros(count, np.intp)
    for place in range(1, length):
        places[terms[place] > top] = place
        np.maximum(top, terms[place], out=top)
    return places


def _set_entries(terms: NDArray[Any], index: NDArray[np.intp], value: Any) -> None:
    """Put a value into each row at the index."""
    terms[index, np.arange(terms.shape[1])] = value


def _label_losses(logit: Any, own: Any, others: Any, s: Any) -> Any:
    """log Σ e^z − z_c from own = e^{z_c − s} and the sum of the others, for any shift s.

    It is log1p(others / own); where own is too small to divide by, s + log(others) − z_c.
    """
    ratio = others / own
    losses = np.log1p(ratio)
    near = ratio < 2.0**100
    if np.count_nonzero(near) < near.size:
        losses = np.where(near, losses, s - logit + np.log(others))
    return losses


def _weighted_rows(weight: Any, value: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
    """weight · value, where a weight of 0 at a value of -inf or +inf contributes 0."""
    if np.isfinite(_row_sums(value)).all():
        return np.multiply(weight, value, out=out)
    nothing = np.isinf(value) & (weight == 0)
    np.multiply(weight, value, out=out)
    out[nothing] = 0
    return out


def _weighted_losses(weight: NDArray[Any], z: NDArray[Any], s: Any, rest: Any) -> Any:
    """Σ weight · (s + rest − z) of each row, where a weight of 0 at z = -inf contributes 0.

    Long rows are added up piece by piece, in a little room.
    """
    step = len(z) if z.nbytes <= 2**19 else max(1, 2**12 // z.shape[1])
    total, room = 0, np.empty_like(z[:step])
    for start in range(0, len(z), step):
        part, of_part = z[start : start + step], weight[start : start + step]
        losses = room[: len(part)]
        _less(part, s, rest, out=losses)
        sums = _row_sums(np.multiply(of_part, losses, out=losses))
        if np.isnan(sums).any():
            _less(part, s, rest, out=losses)
            sums = _row_sums(_weighted_rows(of_part, losses, out=losses))
        total = total - sums
    return total
