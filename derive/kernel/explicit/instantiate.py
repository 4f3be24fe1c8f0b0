"""The second route: write out explicit sizes and compare the two sides as numbers.

It shares no code with the normal form. K = 1, 2, 3, 4 are checked in exact arithmetic at several
points in general position and at every value of the free indices, larger K by 60-digit samples.
Where a claim has other sizes too (D, m), they are (2, 3), (1, 2) and (3, 1) beside K = 1 and 2,
(2, 3) beside K = 3, (3, 2) beside K = 4 and (1, 2) beside K = 7.
An instance on which both sides are undefined is no instance; one on which a single side is
undefined is a counterexample. Derivatives are coefficients of infinitesimals (``jets``); the tests
compare them with SymPy's ``diff``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from random import Random
from typing import Any

import mpmath

from derive.kernel.explicit.arithmetic import Answer
from derive.kernel.explicit.exact import DIGITS, TooBig, TooLong, Unsupported
from derive.kernel.explicit.instances import Claim, points
from derive.kernel.explicit.outcomes import Outcome, compare_at, witness_at
from derive.kernel.explicit.points import Indices, Point, value_of
from derive.kernel.facts import Context, Fact
from derive.kernel.language import Expr
from derive.kernel.verdicts import Recheck, Witness

EXACT_SIZES = (1, 2, 3, 4)
SAMPLED_SIZES = (7,)
SEED = 20240229
_ALL_INDICES = 1100  # at the first point of a size: every index value
_MOST_INDICES = 40
_SAMPLED_INDICES = 12


Judge = Callable[[Claim, Point, Indices], Outcome | None]
Instances = Iterable[tuple[Point, list[Indices]]]


@dataclass
class _Tally:
    exact: dict[int, bool] = field(default_factory=dict)
    sampled: dict[int, bool] = field(default_factory=dict)
    instances: int = 0
    undefined: int = 0
    dropped: list[int] = field(default_factory=list)

    def add(self, size: int, outcome: Outcome, exact: bool) -> None:
        """Count an agreement. A size is exact only if all its instances are."""
        self.instances += 1
        if exact and outcome.answer is Answer.EQUAL:
            self.exact.setdefault(size, True)
        else:
            self.exact[size] = False
            self.sampled[size] = True

    def drop(self, size: int) -> None:
        """Give up a size that is too large to be written out."""
        self.exact.pop(size, None)
        self.sampled.pop(size, None)
        self.dropped.append(size)

    def sizes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The sizes checked exactly, and those checked by digits."""
        exact = tuple(sorted(s for s, fully in self.exact.items() if fully and s))
        return exact, tuple(sorted(s for s in self.sampled if s))

    def words(self, size: str) -> str:
        """What was checked and what was left out."""
        exact, sampled = self.sizes()
        parts = [f"exact for {size} = {', '.join(map(str, exact))}"] if exact else []
        parts += [f"40 digits agree for {size} = {', '.join(map(str, sampled))}"] if sampled else []
        if not parts:
            parts.append("40 digits agree" if self.sampled else "exact")
        parts += [f"{self.undefined} instances undefined on both sides"] if self.undefined else []
        parts += [f"too long for {size} = {', '.join(map(str, self.dropped))}"] * bool(self.dropped)
        return "; ".join(parts)


def recheck(
    lhs: Expr,
    rhs: Expr,
    context: Context,
    *,
    conditions: Iterable[Fact] = (),
    exact_sizes: tuple[int, ...] = EXACT_SIZES,
    sampled_sizes: tuple[int, ...] = SAMPLED_SIZES,
    seed: int = SEED,
) -> Recheck:
    """Check ``lhs = rhs`` at explicit sizes; stops at the first instance that differs."""
    try:
        claim = Claim((lhs, rhs), context, conditions)
        return _check(claim, compare_at, exact_sizes, sampled_sizes, seed)
    except Unsupported as error:
        return Recheck(False, why=f"not evaluated: {error}")


class Rivals:
    """Many right sides for one left side, each checked like a claim of its own.

    They are checked at the same instances, so that the left side, the named quantities and the
    parts that the right sides share are worked out once.
    """

    def __init__(
        self, lhs: Expr, rivals: Sequence[Expr], context: Context, conditions: Iterable[Fact] = ()
    ) -> None:
        conditions = tuple(conditions)
        self._refused: dict[int, str] = {}
        try:
            self._claim = Claim((lhs, *rivals), context, conditions)
        except Unsupported:  # of some of them; each is then asked alone
            for n, rhs in enumerate(rivals):
                try:
                    Claim((lhs, rhs), context, conditions)
                except Unsupported as error:
                    self._refused[n] = str(error)
            kept = [lhs if n in self._refused else rhs for n, rhs in enumerate(rivals)]
            self._claim = Claim((lhs, *kept), context, conditions)
        self._drawn: dict[Any, _Replayed] = {}

    def recheck(self, n: int) -> Recheck:
        """Check that the left side is the right side with this number."""
        if n in self._refused:
            return Recheck(False, why=f"not evaluated: {self._refused[n]}")
        judge = partial(compare_at, side=n + 1)
        try:
            return _check(self._claim, judge, EXACT_SIZES, SAMPLED_SIZES, SEED, self._instances)
        except Unsupported as error:
            return Recheck(False, why=f"not evaluated: {error}")

    def _instances(self, claim: Claim, size: int, exact: bool, seed: int) -> Instances:
        if (size, exact) not in self._drawn:
            self._drawn[size, exact] = _Replayed(_instances(claim, size, exact, seed))
        return self._drawn[size, exact]


class _Replayed:
    """The items of an iterator, as often as wanted; where it broke off, it does so again."""

    def __init__(self, items: Instances) -> None:
        self._items, self._seen = iter(items), list[tuple[Point, list[Indices]]]()
        self._end: Exception | None = None

    def __iter__(self) -> Iterator[tuple[Point, list[Indices]]]:
        n = 0
        while True:
            if n == len(self._seen):
                self._more()
                if n == len(self._seen):
                    return
            yield self._seen[n]
            n += 1

    def _more(self) -> None:
        if self._end is not None:
            raise self._end
        try:
            self._seen += islice(self._items, 1)
        except Exception as error:
            self._end = error
            raise


def _check(
    claim: Claim,
    judge: Judge,
    exact_sizes: tuple[int, ...],
    sampled_sizes: tuple[int, ...],
    seed: int,
    drawn: Callable[[Claim, int, bool, int], Instances] | None = None,
) -> Recheck:
    tally, drawn = _Tally(), drawn or _instances
    if not claim.sizes:
        exact_sizes, sampled_sizes = (0,), ()
    for size, exact in [(s, True) for s in exact_sizes] + [(s, False) for s in sampled_sizes]:
        try:
            with mpmath.workdps(DIGITS):
                failed = _check_size(claim, judge, drawn(claim, size, exact, seed), tally, size)
        except TooLong:
            tally.drop(size)
            continue
        if failed is not None:
            return Recheck(False, *tally.sizes(), tally.instances, failed, "the sides differ")
    if not tally.exact:
        why = "undefined everywhere" if tally.undefined else "none satisfies the conditions"
        why = "the sums are too long" if tally.dropped else why
        return Recheck(False, why=f"no instance: {why}")
    words = tally.words(str(claim.sizes[0]) if claim.sizes else "")
    return Recheck(True, *tally.sizes(), tally.instances, None, words)


def _instances(claim: Claim, size: int, exact: bool, seed: int) -> Instances:
    """The points of one size, each with the values of the free indices to try."""
    for n, point in enumerate(points(claim, size, exact, seed)):
        most = (_MOST_INDICES if n else _ALL_INDICES) if exact else _SAMPLED_INDICES
        every = list(claim.indices(point))
        if len(every) > most:
            every = [every[0], *Random(seed + n).sample(every, most)]
        yield point, every


def _check_size(
    claim: Claim, judge: Judge, instances: Instances, tally: _Tally, size: int
) -> Witness | None:
    for point, chosen in instances:
        point.refill()
        failed = _check_point(claim, judge, point, chosen, tally, size)
        if failed is not None:
            return failed
    return None


def _check_point(
    claim: Claim, judge: Judge, point: Point, chosen: list[Indices], tally: _Tally, size: int
) -> Witness | None:
    for indices in chosen:
        outcome = judge(claim, point, indices)
        if outcome is None:
            tally.undefined += 1
        elif outcome.answer is Answer.DIFFERENT:
            return witness_at(claim, point, indices, outcome)
        else:
            tally.add(size, outcome, point.state.arithmetic.exact)
    return None


def satisfiable(conditions: Iterable[Fact], lhs: Expr, rhs: Expr, context: Context) -> bool:
    """Whether some instance satisfies the conditions with both sides defined."""
    try:
        claim = Claim((lhs, rhs), context, conditions)
        for size in (2, 1, 3) if claim.sizes else (0,):
            for point in points(claim, size, True, SEED):
                for indices in claim.indices(point):
                    outcome = compare_at(claim, point, indices)
                    if outcome and outcome.lhs is not None and outcome.rhs is not None:
                        return True
    except Unsupported:
        return False
    return False


def ordered_everywhere(
    greater: Expr,
    smaller: Expr,
    context: Context,
    conditions: Iterable[Fact] = (),
    *,
    strict: bool = True,
    exact_sizes: tuple[int, ...] = EXACT_SIZES,
    sampled_sizes: tuple[int, ...] = SAMPLED_SIZES,
    seed: int = SEED,
) -> Recheck:
    """Check ``greater > smaller`` (≥, if not strict) on the same instances."""
    try:
        claim = Claim((greater, smaller), context, conditions)
        judge = partial(_order_at, least=int(strict))
        return _check(claim, judge, exact_sizes, sampled_sizes, seed)
    except Unsupported as error:
        return Recheck(False, why=f"not evaluated: {error}")


def _order_at(claim: Claim, point: Point, indices: Indices, least: int) -> Outcome | None:
    """EQUAL or CLOSE stands for an order that holds; None where neither side is defined."""
    try:
        return _order(claim, point, indices, least)
    except TooBig:
        return _order(claim, point.numeric(), indices, least)


def _order(claim: Claim, point: Point, indices: Indices, least: int) -> Outcome | None:
    values = [value_of(code, point.at(indices)) for code in claim.codes]
    arithmetic = point.state.arithmetic
    if all(v is None for v in values):
        return None
    if any(v is None for v in values):
        return Outcome(Answer.DIFFERENT, *values)
    holds = arithmetic.sign(values[0] - values[1]) >= least
    agrees = Answer.EQUAL if arithmetic.exact else Answer.CLOSE
    return Outcome(agrees if holds else Answer.DIFFERENT, *values)
