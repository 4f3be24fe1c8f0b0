"""The second route for limits: follow an expression along values of its variable.

At each explicit instance the distance to the claimed limit is measured with 60 digits where the
variable is 4, 16, 64, 256, 4096, 65536 (or −4 …, or 1/4 …): over the last two of these strides it
must shrink by half or more each time, or vanish to 40 digits. What is claimed to be infinite must
grow all along, and at least double over each of those strides. That is what limits of
exponentials and rational functions do. The last two values are left out where numbers grow too
large there. Where the distance shrinks more slowly the answer is
neither an agreement nor a counterexample, and few instances may be such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, takewhile
from typing import Any

import mpmath
from sympy import Indexed, Integer, Symbol, oo

from derive.kernel.explicit.arithmetic import Answer
from derive.kernel.explicit.exact import DIGITS, TooBig, TooLong, Unsupported
from derive.kernel.explicit.instances import Claim, points
from derive.kernel.explicit.instantiate import SEED
from derive.kernel.explicit.outcomes import Outcome, witness_at
from derive.kernel.explicit.points import Indices, Key, Point, value_of
from derive.kernel.facts import Context, Fact
from derive.kernel.language import Expr
from derive.kernel.verdicts import Recheck, Witness

SIZES = (1, 2, 3, 4, 7)
STAGES = (2, 4, 6, 8, 12, 16)  # far out, a small distance that stays is seen
_NEAR = mpmath.mpf(10) ** -40
_SHRINKS = 2
_LEAST = 2
_ALWAYS = 4
_FEW = 10  # at most one instance in so many may be too slow to tell
_STAYS = mpmath.mpf("0.95")
_MOST_INDICES = 20


def approaches(
    expr: Expr,
    limit: Expr,
    variable: Symbol | Indexed,
    to: Expr,
    context: Context,
    conditions: Iterable[Fact] = (),
) -> Recheck:
    """Whether ``expr`` approaches ``limit`` at every instance that is tried."""
    target = Integer(0) if limit in (oo, -oo) else limit
    seen = _Seen()
    try:
        claim = Claim((expr, target, variable), context, conditions)
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
    if not seen.count or seen.slow * _FEW > seen.count:
        why = "it approaches too slowly to tell" if seen.slow else "no instance"
        return Recheck(False, (), tuple(seen.sizes), seen.count, None, why)
    too_slow = f" (at {seen.slow} of them too slowly to tell)" if seen.slow else ""
    words = (
        f"The limit was followed a second time by numbers: at {seen.count} instances the variable "
        f"was taken up to {2 ** STAGES[-1]} (or its inverse), as far as 60 digits reach, and over "
        f"the last of these values the distance to the limit shrinks by half or more{too_slow}."
    )
    sizes = tuple(s for s in seen.sizes if s)
    return Recheck(True, (), sizes, seen.count, words=words)


_FAILED = "the distance to the limit does not shrink"


@dataclass
class _Seen:
    sizes: dict[int, None] = field(default_factory=dict)
    count: int = 0
    slow: int = 0


def _stage(power: int, to: Expr) -> Any:
    sign = -1 if to == -oo else 1
    return sign * mpmath.ldexp(1, -power if to == 0 else power)


@dataclass
class _Along:
    """A claim whose variable runs along the stages."""

    claim: Claim
    variable: Symbol | Indexed
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
                seen.slow += outcome.answer is not Answer.CLOSE
        return None

    def follow(self, point: Point, indices: Indices) -> Outcome | None:
        """CLOSE if the limit is approached, DIFFERENT if not, EQUAL if it is too slow to tell."""
        along: list[Any] = []
        target = None
        key = self.key(point, indices)
        before = point.values[key]
        for stage in self.stages:
            point.refill()
            point.state.memos.clear()
            self.put(stage, key, point)
            try:
                value, target = (value_of(code, point.at(indices)) for code in self.claim.codes[:2])
            except (TooBig, OverflowError):
                if len(along) < _ALWAYS:
                    raise
                break  # the farthest values are looked at where numbers reach
            along.append(value)
        outcome = None
        if target is not None or any(v is not None for v in along):
            outcome = Outcome(self.judge(along, target), along[-1], target)
        if outcome is None or outcome.answer is not Answer.DIFFERENT:
            self.put(before, key, point)
        return outcome

    def key(self, point: Point, indices: Indices) -> Key:
        """Where the variable's value is kept."""
        if isinstance(self.variable, Symbol):
            return str(self.variable), ()
        state = point.at(indices)
        key = str(self.variable.base), tuple(int(state.globals[a]) for a in self.variable.indices)
        state.component(key)
        return key

    def put(self, value: Any, key: Key, point: Point) -> None:
        """Let the variable have this value."""
        point.values[key] = value
        if isinstance(self.variable, Symbol):
            point.state.globals[self.variable] = value

    def judge(self, along: list[Any], target: Any) -> Answer:
        along = list(takewhile(lambda v: v is not None, along))  # then 60 digits do not reach
        if target is None or len(along) < _LEAST:
            return Answer.DIFFERENT
        if self.end in (oo, -oo):
            signed = [v if self.end == oo else -v for v in along]
            if signed[-1] <= 1 or any(b <= a for a, b in pairwise(signed)):
                return Answer.DIFFERENT
            fast = all(b > a * _SHRINKS for a, b in list(pairwise(signed))[-2:])
            return Answer.CLOSE if fast else Answer.EQUAL
        far = [abs(v - target) for v in along]
        if all(b < _NEAR or b * _SHRINKS < a for a, b in list(pairwise(far))[-2:]):
            return Answer.CLOSE
        return Answer.DIFFERENT if far[-1] > _STAYS * far[-2] else Answer.EQUAL
