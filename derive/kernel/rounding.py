"""Written decimals: whether one is a correct rounding of an exact value, and if not, why not.

The exact value is enclosed between two fractions by interval arithmetic, so that the answer does
not rest on digits that happen to look right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from mpmath.ctx_iv import MPIntervalContext
from mpmath.libmp import to_rational
from sympy import Add, Dummy, E, Mul, Pow, Rational, exp, log, pi

from derive.errors import DeriveError
from derive.kernel.language import Expr

DIGITS = 60
MOST_DIGITS = 4  # to which a person rounds before going on


def places(text: str) -> int:
    """How many decimals are written."""
    return len(text.partition(".")[2])


def half_unit(text: str) -> Rational:
    """Half a unit of the last digit written."""
    return Rational(1, 2) / 10 ** places(text)


def enclosure(value: Expr) -> tuple[Rational, Rational]:
    """Two fractions between which the value lies, equal for a fraction.

    Raises DeriveError for what is not made of numbers, +, ·, powers, exp and log.
    """
    if value.is_Rational:
        return value, value
    found = _interval(value)._mpi_
    try:
        low, high = (Rational(*to_rational(end)) for end in found)
    except (ValueError, OverflowError) as error:
        raise DeriveError(f"{value} has no value that can be enclosed") from error
    return low, high


def is_rounding(value: Expr, text: str) -> bool:
    """Whether the written decimal is a correct rounding of the exact value."""
    low, high = (abs(end - Rational(text)) <= half_unit(text) for end in enclosure(value))
    if low != high:
        raise DeriveError(f"{text} is too close to the middle between two decimals to be judged")
    return bool(low)


def rounded(value: Expr, decimals: int) -> str:
    """The value at this many decimals, a half rounded away from zero."""
    low, high = (_whole(end * 10**decimals) for end in enclosure(value))
    if low != high:
        raise DeriveError(f"{value} is too close to the middle between two decimals")
    return _with_point(low, decimals)


def _with_point(scaled: int, decimals: int) -> str:
    text = str(abs(scaled)).rjust(decimals + 1, "0")
    sign = "-" if scaled < 0 else ""
    return sign + (f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text)


@dataclass(frozen=True)
class RoundedFirst:
    """A value in which the exponentials were rounded before going on: 4.48/19.41."""

    digits: int
    value: Rational
    parts: tuple[str, ...]  # the rounded value itself, or its numerator and denominator

    def __str__(self) -> str:
        return "/".join(self.parts)


def rounded_first(value: Expr, text: str) -> RoundedFirst | None:
    """The fewest digits to which the exponentials were rounded, if that gives what is written."""
    return next((r for r in _roundings(value) if is_rounding(r.value, text)), None)


def cut_off(value: Expr, text: str) -> bool:
    """Whether the written decimal is the exact value with its further digits left out."""
    gap = [abs(end) - abs(Rational(text)) for end in enclosure(value)]
    return all(0 <= g < 2 * half_unit(text) for g in gap)


def _roundings(value: Expr) -> Iterator[RoundedFirst]:
    inside = sorted(value.atoms(exp, type(E)), key=str)
    for digits in range(1, MOST_DIGITS + 1) if inside else ():
        by = {e: Rational(rounded(e, digits)) for e in inside}
        try:
            after = value.xreplace(by)
        except ZeroDivisionError:
            continue
        if after.is_Rational:
            yield RoundedFirst(digits, after, _parts(value, by, digits))


def _parts(value: Expr, by: dict[Expr, Rational], digits: int) -> tuple[str, ...]:
    names = {e: Dummy() for e in by}
    numbers = {names[e]: v for e, v in by.items()}
    ends = value.xreplace(names).as_numer_denom()
    top, bottom = (end.xreplace(numbers) for end in ends)
    shown = [top] if bottom == 1 else [top, bottom]
    return tuple(rounded(v, digits) for v in shown)


def beginning(value: Expr, decimals: int) -> str:
    """The value's own first decimals, with dots where more follow."""
    low, high = (int(end * 10**decimals) for end in enclosure(value))
    if low != high:
        raise DeriveError(f"{value} is too close to {decimals} decimals to be cut off there")
    whole = bool(value.is_Rational) and value * 10**decimals == low
    return _with_point(low, decimals) + ("" if whole else "…")


def _whole(value: Rational) -> int:
    half = Rational(1, 2)
    return int(value + half) if value >= 0 else int(value - half)


def _interval(value: Expr) -> Any:
    iv = _arithmetic()
    if value in (E, pi):
        return iv.e if value is E else iv.pi
    match value:
        case Rational():
            return iv.mpf(int(value.p)) / int(value.q)
        case Add():
            total = iv.mpf(0)
            for part in value.args:
                total += _interval(part)
            return total
        case Mul():
            total = iv.mpf(1)
            for part in value.args:
                total *= _interval(part)
            return total
        case exp():
            return iv.exp(_interval(value.args[0]))
        case log():
            return iv.log(_interval(value.args[0]))
        case Pow() if value.exp.is_Integer:
            return _interval(value.base) ** int(value.exp)
        case Pow():
            return iv.exp(_interval(value.exp) * iv.log(_interval(value.base)))
    raise DeriveError(f"{value} is not a number that can be enclosed")


@cache
def _arithmetic() -> Any:
    iv = MPIntervalContext()
    iv.dps = DIGITS
    return iv
