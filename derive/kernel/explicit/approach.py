"""The second route for limits: follow an expression along values of its variable.

At each explicit instance the distance to the claimed limit is measured at variable = 2^5, 2^9,
2^13, 2^17 (or −2^5 …, or 2^−5 …) with 60 digits: it must shrink to a tenth from one to the next,
or vanish to 40 digits. A claimed infinity must grow in the same way. That is what the limits
of exponentials and rational functions do; where the distance shrinks more slowly the answer is
neither an agreement nor a counterexample.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

import mpmath
from sympy import Integer, Symbol, oo

from derive.kernel.explicit.arithmetic import Answer
from derive.kernel.explicit.exact import DIGITS, TooBig, TooLong, Unsupported
from derive.kernel.explicit.instances import Claim, points
from derive.kernel.explicit.instantiate import SEED
from derive.kernel.explicit.outcomes import Outcome, witness_at
from derive.kernel.explicit.points import Indices, Point, value_of
from derive.kernel.facts import Context, Fact
from derive.kernel.language import Expr
from derive.kernel.verdicts import Recheck, Witness

SIZES = (1, 2, 3, 4, 7)
STAGES = (5, 9, 13, 17)
_NEAR = mpmath.mpf(10) ** -40
_SHRINKS = 10
_STAYS = mpmath.mpf("0.99")
_MOST_INDICES = 20


def approaches(
    expr: Expr,
    limit: Expr,
    variable: Symbol,
    to: Expr,
    context: Context,
    conditions: Iterable[Fact] = (),
) -> Recheck:
    """Whether ``expr`` approaches ``limit`` at every instance that is tried."""
    target = Integer(0) if limit in (oo, -oo) else limit
    seen = _Seen()
    try:
        claim = Claim((expr, target), context, conditions)
        along = _Along(claim, variable, [_stage(n, to) for n in STAGES], limit)
        with mpmath.workdps(DIGITS):
            for size in SIZES if claim.sizes else (0,):
                failed = along.size(size, seen)
                if failed is not None:
                    return Recheck(False, (), tuple(seen.sizes), seen.count, failed, _FAILED)
    except (TooBig, TooLong, OverflowError):
        return Recheck(False, why="not evaluated: numbers out of reach")
    except (Unsupported, ValueError) as error:
        return Recheck(False, why=f"not evaluated: {error}")
    if not seen.count or seen.slow:
        why = "it approaches too slowly to tell" if seen.slow else "no instance"
        return Recheck(False, (), tuple(seen.sizes), seen.count, None, why)
    words = (
        f"The limit was followed a second time by numbers: at {seen.count} instances, along "
        f"four values of the variable up to 2 to the power {STAGES[-1]} (or its inverse), the "
        "distance to it shrinks to a tenth from each value to the next."
    )
    sizes = tuple(s for s in seen.sizes if s)
    return Recheck(True, (), sizes, seen.count, words=words)


_FAILED = "the distance to the limit does not shrink"


@dataclass
class _Seen:
    sizes: dict[int, None] = field(default_factory=dict)
    count: int = 0
    slow: bool = False


def _stage(power: int, to: Expr) -> Any:
    sign = -1 if to == -oo else 1
    return sign * mpmath.ldexp(1, -power if to == 0 else power)


@dataclass
class _Along:
    """A claim whose variable runs along the stages."""

    claim: Claim
    variable: Symbol
    stages: Sequence[Any]
    end: Expr

    def size(self, size: int, seen: _Seen) -> Witness | None:
        for point in points(self.claim, size, False, SEED):
            for indices in islice(self.claim.indices(point), _MOST_INDICES):
                outcome = self.follow(point, indices)
                if outcome is None:
                    continue
                if outcome.answer is Answer.DIFFERENT:
                    return witness_at(self.claim, point, indices, outcome)
                seen.count += 1
                seen.sizes.setdefault(size)
                seen.slow |= outcome.answer is not Answer.CLOSE
        return None

    def follow(self, point: Point, indices: Indices) -> Outcome | None:
        """CLOSE if the limit is approached, DIFFERENT if not, EQUAL if it is too slow to tell."""
        along, target = [], None
        for stage in self.stages:
            point.refill()
            point.state.memos.clear()
            point.state.globals[self.variable] = stage
            point.values[str(self.variable), ()] = stage
            value, target = (value_of(code, point.at(indices)) for code in self.claim.codes)
            along.append(value)
        if target is None and all(v is None for v in along):
            return None
        return Outcome(self.judge(along, target), along[-1], target)

    def judge(self, along: list[Any], target: Any) -> Answer:
        if target is None or any(v is None for v in along):
            return Answer.DIFFERENT
        if self.end in (oo, -oo):
            signed = [v if self.end == oo else -v for v in along]
            grows = all(b > a for a, b in pairwise(signed)) and signed[-1] > 1
            return Answer.CLOSE if grows else Answer.DIFFERENT
        far = [abs(v - target) for v in along]
        if all(b < _NEAR or b * _SHRINKS < a for a, b in pairwise(far)):
            return Answer.CLOSE
        return Answer.DIFFERENT if far[-1] > _STAYS * far[-2] else Answer.EQUAL
