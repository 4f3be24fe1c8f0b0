"""What generated functions lean on for exponentials that keep their last digits.

Like those of ``runtime``, these functions are copied into the files that call them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def _exp_quotient(above: Any, below: Any, out: NDArray[Any] | None = None) -> Any:
    """e^{above / below}, as if the quotient were exact: what its rounding left out is added."""
    size = np.result_type(above, below).itemsize
    if out is not None and out.size > 2**14 and out.ndim > np.ndim(below):  # by pieces
        step = max(1, 2**12 * len(out) // out.size)
        for start in range(0, len(out), step):
            here = slice(start, start + step)
            _exp_quotient(above[here], below, out=out[here])
        return out
    if size > 8:
        return np.exp(np.divide(above, below), out=out)
    if size == 4:
        exact = np.exp(np.divide(above, below, dtype=np.float64))
        return np.positive(exact, out=out, casting="same_kind", dtype=np.float32)
    quotient = np.asarray(np.divide(above, below))
    coarse = (quotient.view(np.int64) & -(2**27)).view(np.float64)  # 26 bits of it
    mantissa, power = np.frexp(below)
    high = np.ldexp(np.rint(mantissa * 2**26), power - 26)  # both products are exact
    left = np.asarray((above - coarse * high - coarse * (below - high)) / below)
    left[~(np.abs(quotient) < 2**20)] = 0
    terms = np.exp(coarse, out=out)
    return np.add(terms, terms * np.expm1(left), out=out)


def _log_one_plus_exp(x: Any) -> Any:
    """log(1 + e^x) as max(x, 0) + log1p(e^{−|x|}), as logaddexp does in more time."""
    rest = np.asarray(np.abs(x))
    np.log1p(np.exp(np.negative(rest, out=rest), out=rest), out=rest)
    return np.add(np.maximum(x, 0), rest, out=rest)
