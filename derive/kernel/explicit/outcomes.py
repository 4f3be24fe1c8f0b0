"""The two sides of a claim at one instance, and how they compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath
import sympy

from derive.kernel.explicit.arithmetic import Answer
from derive.kernel.explicit.exact import DIGITS, TooBig, Unsupported
from derive.kernel.explicit.instances import Claim
from derive.kernel.explicit.points import Code, Indices, Point, State, value_of
from derive.kernel.verdicts import Witness


@dataclass(frozen=True)
class Outcome:
    """The two values at one instance (None where undefined) and how they compare."""

    answer: Answer
    lhs: Any
    rhs: Any


def compare_at(claim: Claim, point: Point, indices: Indices, side: int = 1) -> Outcome | None:
    """Compare the first side with another one; None if neither is defined."""
    sides = claim.codes[0], claim.codes[side]
    state = point.at(indices)
    try:
        return _compare(sides, state)
    except TooBig:
        return _compare_digits(sides, point, indices)


def _compare(sides: tuple[Code, Code], state: State) -> Outcome | None:
    letters = state.letters
    lhs = value_of(sides[0], state)
    state.letters = letters
    rhs = value_of(sides[1], state)
    if lhs is None and rhs is None:
        return None
    if lhs is None or rhs is None:
        return Outcome(Answer.DIFFERENT, lhs, rhs)
    return Outcome(state.arithmetic.compare(lhs, rhs), lhs, rhs)


def _compare_digits(
    sides: tuple[Code, Code], point: Point, indices: Indices
) -> Outcome | None:
    """The same instance in 60 digits, where exact arithmetic gave up."""
    with mpmath.workdps(DIGITS):
        try:
            return _compare(sides, point.numeric().at(indices))
        except (OverflowError, ValueError) as error:
            raise Unsupported(f"numbers out of reach: {error}") from error


def witness_at(claim: Claim, point: Point, indices: Indices, outcome: Outcome) -> Witness:
    """The instance as a witness with exact values (``nan`` where a side is undefined)."""
    convert = point.state.arithmetic.to_sympy

    def shown(value: Any) -> Any:
        if value is None:
            return sympy.nan
        exact = not isinstance(value, mpmath.mpf)
        return convert(value) if exact else sympy.Float(value, 50)

    values = {
        name + ("_" + ",".join(map(str, place)) if place else ""): shown(value)
        for (name, place), value in sorted(point.values.items())
        if name in claim.shown
    }
    named = {**point.labels, **indices}
    return Witness(
        {str(s): v for s, v in point.sizes.items()},
        {str(s): v for s, v in sorted(named.items(), key=lambda a: str(a[0]))},
        values,
        shown(outcome.lhs),
        shown(outcome.rhs),
    )
