"""Derivatives as numbers: a value with its infinitesimal parts.

``∂f/∂x`` is the coefficient of ε in f(x + ε), where ε² = 0. Each ∂ of a nested derivative has an
ε of its own (a bit), so that mixed and repeated derivatives come out exactly and no formula is
ever differentiated by a rule of ours but those for +, ·, exp, log and powers below.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.explicit.arithmetic import Arithmetic
from derive.kernel.explicit.exact import Undefined


class Jet:
    """``parts[bits]`` is the coefficient of the product of the ε named by the bits."""

    __slots__ = ("parts",)

    def __init__(self, parts: dict[int, Any]) -> None:
        self.parts = parts

    def __add__(self, other: Any) -> Any:
        out = dict(self.parts)
        theirs = other.parts if type(other) is Jet else {0: other}
        for bits, value in theirs.items():
            out[bits] = out[bits] + value if bits in out else value
        return Jet(out)

    def __mul__(self, other: Any) -> Any:
        if type(other) is not Jet:
            return Jet({bits: value * other for bits, value in self.parts.items()}) if other else 0
        out: dict[int, Any] = {}
        for one, u in self.parts.items():
            for two, v in other.parts.items():
                if not one & two and u and v:
                    w = u * v
                    out[one | two] = out[one | two] + w if one | two in out else w
        return Jet(out)

    __radd__ = __add__
    __rmul__ = __mul__

    @property
    def main(self) -> Any:
        """The value without its infinitesimal parts."""
        return self.parts.get(0, 0)

    def nilpotent(self) -> Jet:
        """The infinitesimal parts alone."""
        return Jet({bits: value for bits, value in self.parts.items() if bits and value})


def main(value: Any) -> Any:
    """The value without infinitesimal parts."""
    return value.main if type(value) is Jet else value


def coefficient(value: Any, bit: int) -> Any:
    """What stands before one ε."""
    if type(value) is not Jet:
        return 0
    parts = {bits ^ bit: v for bits, v in value.parts.items() if bits & bit}
    if not parts:
        return 0
    return parts[0] if set(parts) == {0} else Jet(parts)


def _series(small: Jet, coefficients: Any) -> Any:
    """Σ c_n smallⁿ; ends because powers of an infinitesimal do."""
    total, power = next(coefficients), small
    while power.parts:
        total = power * next(coefficients) + total
        power = power * small
    return total


def exp(arithmetic: Arithmetic, value: Any) -> Any:
    """e**value."""
    if type(value) is not Jet:
        return arithmetic.exp(value)
    return _unit_exp(arithmetic, value.nilpotent()) * arithmetic.exp(value.main)


def _unit_exp(arithmetic: Arithmetic, small: Jet) -> Any:
    def coefficients() -> Any:
        c, n = Fraction(1), 0
        while True:
            yield arithmetic.number(c) if c.denominator > 1 else int(c)
            n += 1
            c /= n

    return _series(small, coefficients())


def log(arithmetic: Arithmetic, value: Any) -> Any:
    """The natural logarithm."""
    if type(value) is not Jet:
        return arithmetic.log(value)

    def coefficients() -> Any:
        yield arithmetic.log(value.main)
        n = 1
        while True:
            yield arithmetic.number(Fraction((-1) ** (n + 1), n)) if n > 1 else 1
            n += 1

    return _series(value.nilpotent() * arithmetic.inverse(value.main), coefficients())


def inverse(arithmetic: Arithmetic, value: Any) -> Any:
    """1/value."""
    if type(value) is not Jet:
        return arithmetic.inverse(value)
    head = arithmetic.inverse(value.main)

    def coefficients() -> Any:
        c = 1
        while True:
            yield c
            c = -c

    return _series(value.nilpotent() * head, coefficients()) * head


def power(arithmetic: Arithmetic, base: Any, exponent: Any) -> Any:
    """base**exponent."""
    base, exponent = _plain(base), _plain(exponent)
    if type(base) is not Jet and type(exponent) is not Jet:
        return arithmetic.power(base, exponent)
    if isinstance(exponent, int | Fraction) and exponent.denominator == 1:
        return _whole_power(arithmetic, base, int(exponent))
    if arithmetic.sign(main(base)) <= 0:
        raise Undefined("a derivative of a power whose base is not positive")
    small = log(arithmetic, base) * exponent
    if type(small) is not Jet:
        return arithmetic.power(main(base), main(exponent))
    head = arithmetic.power(main(base), main(exponent))
    return _unit_exp(arithmetic, small.nilpotent()) * head


def _plain(value: Any) -> Any:
    """The value as a number if it has no infinitesimal parts."""
    return value.main if type(value) is Jet and not value.nilpotent().parts else value


def _whole_power(arithmetic: Arithmetic, base: Any, exponent: int) -> Any:
    if exponent < 0:
        return _whole_power(arithmetic, inverse(arithmetic, base), -exponent)
    out: Any = 1
    for _ in range(exponent):
        out = base * out
    return out
