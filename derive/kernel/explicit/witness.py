"""Counterexamples that people can check by hand: the smallest K, small numbers, exact fractions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain, islice
from typing import Any

import mpmath
import sympy

from derive.kernel.explicit.arithmetic import Answer, Arithmetic, ExactArithmetic
from derive.kernel.explicit.exact import DIGITS, TooBig, Unsupported
from derive.kernel.explicit.instances import Claim, points
from derive.kernel.explicit.instantiate import SEED, Judge, recheck
from derive.kernel.explicit.outcomes import Outcome, compare_at, witness_at
from derive.kernel.explicit.points import Indices, Point, State, value_of
from derive.kernel.explicit.sampling import Role
from derive.kernel.facts import Context, Fact
from derive.kernel.language import Expr
from derive.kernel.verdicts import Witness
from derive.notation import Domain

SIZES = (1, 2, 3, 4)
_STYLES = 4
_MOST_INDICES = 64


class Pretty:
    """Small readable values; each style is another arrangement of them."""

    shares = True

    def __init__(self, arithmetic: Arithmetic, style: int) -> None:
        self.arithmetic, self.style = arithmetic, style
        self._order: dict[str, int] = {}
        self._drawn = 0

    def value(self, name: str, position: tuple[int, ...], role: Role, domain: Domain) -> Any:
        """A value for one component (or scalar)."""
        n = self._order[name] = self._order.get(name, 0) + 1
        place = position[-1] if position else 1
        step = place + (0 if len(position) < 2 else n - place) + self.style
        if domain is Domain.SIGN:
            return 1 if step % 2 else -1
        if domain in (Domain.COUNT, Domain.LABEL):
            return step % 3 if domain is Domain.COUNT else place
        if domain is Domain.UNIT:
            return Fraction(1, step + 1)
        if role is Role.LOG:
            start = 1 if domain in (Domain.REAL, Domain.NONNEGATIVE) else 2
            return self.arithmetic.log(Fraction(max(step - 1, 0) + start))
        sign = -1 if domain is Domain.REAL and self.style % 3 == 2 else 1
        if role is Role.DIVISOR:
            return Fraction(sign, 2 + self.style)
        if role is Role.POWER:
            return Fraction(sign * (step + 1))
        return Fraction(sign * step)

    def weights(self, count: int) -> list[Fraction]:
        """Positive numbers with sum 1, others at each call."""
        drawn = [n + 1 + self.style + self._drawn for n in range(count)]
        self._drawn += 1
        return [Fraction(w, sum(drawn)) for w in drawn]

    def composition(self, total: int, count: int) -> list[int]:
        """Whole numbers ≥ 0 with this sum."""
        parts = [0] * count
        for n in range(total):
            parts[(n + self.style) % count] += 1
        return parts


class Between(Pretty):
    """Numbers between −1 and 1, where a square is smaller than its root."""

    def value(self, name: str, position: tuple[int, ...], role: Role, domain: Domain) -> Any:
        """A value for one component (or scalar)."""
        if domain in (Domain.COUNT, Domain.LABEL, Domain.UNIT):
            return super().value(name, position, role, domain)
        n = self._order[name] = self._order.get(name, 0) + 1
        sign = -1 if domain is Domain.REAL and self.style % 2 else 1
        value = Fraction(1, n + 1 + self.style // 2)
        return self.arithmetic.log(value) if role is Role.LOG else value * sign


class Mixed(Pretty):
    """Small whole numbers of both signs, where a square forgets the order."""

    def value(self, name: str, position: tuple[int, ...], role: Role, domain: Domain) -> Any:
        """A value for one component (or scalar)."""
        if domain is not Domain.REAL or role is Role.LOG:
            return super().value(name, position, role, domain)
        n = self._order[name] = self._order.get(name, 0) + 1
        first = sum(map(ord, name)) + self.style
        return Fraction((-1) ** (n + first) * (n + (self.style + first // 2) % 4))


def find_witness(
    lhs: Expr,
    rhs: Expr,
    context: Context,
    *,
    conditions: Iterable[Fact] = (),
    sizes: tuple[int, ...] = SIZES,
) -> Witness | None:
    """The most readable instance on which the two sides differ, or None if none is found.

    The smallest size at which both sides are defined and differ comes first; an instance on
    which one side is undefined is shown only if there is no such size.
    """
    conditions, fallback = tuple(conditions), None
    try:
        claim = Claim((lhs, rhs), context, conditions)
        for size in sizes if claim.sizes else (0,):
            with mpmath.workdps(DIGITS):
                found = _best(claim, size)
            if found is not None and sympy.nan not in (found.lhs, found.rhs):
                return found
            fallback = fallback or found
    except Unsupported:  # at this size; a smaller one, or fewer points, may have been enough
        pass
    return fallback or recheck(lhs, rhs, context, conditions=conditions, exact_sizes=sizes).witness


ORDERS = {"<": (-1,), ">": (1,), "≤": (-1, 0), "≥": (1, 0)}


def find_violation(
    lhs: Expr,
    rel: str,
    rhs: Expr,
    context: Context,
    *,
    conditions: Iterable[Fact] = (),
    given: Iterable[tuple[Expr, str, Expr]] = (),
    sizes: tuple[int, ...] = SIZES,
) -> tuple[Witness | None, int]:
    """The plainest instance at which ``lhs rel rhs`` fails, and how many instances were tried.

    ``given`` are relations of the same kind that an instance has to satisfy.
    """
    given = tuple(given)
    sides = [lhs, rhs, *(e for left, _, right in given for e in (left, right))]
    tried = [0]

    def ordered(claim: Claim, point: Point, indices: Indices) -> Outcome | None:
        signs = [_order_at(claim, point, indices, 2 * n) for n in range(len(sides) // 2)]
        if any(s is None for s in signs):
            return None
        for (_, sign, _), found in zip(given, signs[1:], strict=True):
            if found is None or found[0] not in ORDERS[sign]:
                return None
        assert signs[0] is not None
        tried[0] += 1
        order, left, right = signs[0]
        wrong = order not in ORDERS[rel]
        return Outcome(Answer.DIFFERENT if wrong else Answer.EQUAL, left, right)

    claim = Claim(sides, context, conditions)
    try:
        for size in sizes if claim.sizes else (0,):
            with mpmath.workdps(DIGITS):
                found = _best(claim, size, ordered, (Pretty, Between, Mixed))
            if found is not None:
                return found, tried[0]
    except Unsupported:
        pass
    return None, tried[0]


def _order_at(
    claim: Claim, point: Point, indices: Indices, side: int
) -> tuple[int, Any, Any] | None:
    """The sign of the difference of two neighbouring sides with their values; None if undefined.

    Values that only agree to 40 digits are no instance: nothing is known of their order.
    """
    try:
        return _signed(claim, point.at(indices), side)
    except TooBig:
        with mpmath.workdps(DIGITS):
            try:
                return _signed(claim, point.numeric().at(indices), side)
            except (OverflowError, ValueError):
                return None


def _signed(claim: Claim, state: State, side: int) -> tuple[int, Any, Any] | None:
    letters = state.letters
    left = value_of(claim.codes[side], state)
    state.letters = letters
    right = value_of(claim.codes[side + 1], state)
    if left is None or right is None:
        return None
    answer = state.arithmetic.compare(left, right)
    if answer is Answer.CLOSE:
        return None
    order = 0 if answer is Answer.EQUAL else state.arithmetic.sign(left - right)
    return order, left, right


def differs(
    lhs: Expr, rhs: Expr, context: Context, conditions: Iterable[Fact] = ()
) -> Witness | None:
    """The first instance found on which the two sides differ (not the prettiest)."""
    return recheck(lhs, rhs, context, conditions=conditions).witness


def _best(
    claim: Claim,
    size: int,
    judge: Judge = compare_at,
    samplers: tuple[type[Pretty], ...] = (Pretty,),
) -> Witness | None:
    """The plainest witness of one size: readable points first, generic ones if those agree."""
    found: list[Witness] = []
    readable = chain.from_iterable(_pretty_points(claim, size, s) for s in samplers)
    for point in chain(readable, points(claim, size, True, SEED)):
        for indices in islice(claim.indices(point), _MOST_INDICES):
            outcome = judge(claim, point, indices)
            if outcome is not None and outcome.answer is Answer.DIFFERENT:
                found.append(witness_at(claim, point, indices, outcome))
        if any(w.lhs.is_Rational and w.rhs.is_Rational for w in found):
            break
    return min(found, key=_effort, default=None)


def _pretty_points(claim: Claim, size: int, sampler: type[Pretty]) -> Iterator[Point]:
    """Points of small numbers; the plainest arrangement of every choice of sizes first."""
    for style in range(_STYLES):
        for sizes in sorted(claim.size_choices(size), key=lambda s: sorted(s.values())):
            for labels in claim.labels(sizes):
                try:
                    point = claim.point(sizes, labels, sampler(ExactArithmetic(), style))
                except TooBig:
                    continue
                if point is not None:
                    yield point


def _effort(witness: Witness) -> tuple[Any, ...]:
    """What makes a witness hard to check: undefined sides, logs, long numbers."""
    sides = (witness.lhs, witness.rhs)
    return (
        sum(side is sympy.nan for side in sides),
        sum(not side.is_Rational for side in sides),
        sum(_length(v) for v in (*sides, *witness.values.values())),
        sum(witness.indices.values()),
    )


def _length(value: Expr) -> int:
    """How much there is to read: digits of a fraction, parts of anything else."""
    if not value.is_Rational:
        return 4 + sum(2 for _ in islice(sympy.preorder_traversal(value), 10**4))
    try:
        return len(str(value))
    except ValueError:  # more digits than Python writes
        return 10**4
