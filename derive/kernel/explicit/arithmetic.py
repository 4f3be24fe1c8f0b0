"""The two arithmetics of the second route: exact numbers, and 60-digit samples."""

from __future__ import annotations

import math
from enum import Enum
from fractions import Fraction
from typing import Any

import mpmath
import sympy

from derive.kernel.explicit.exact import DIGITS, Exact, Field, TooBig, Undefined, Unsupported

_NEAR = mpmath.mpf(10) ** -40


# Beyond it a number has more digits than there is time for.
LARGEST_EXPONENT = 10**6


class Answer(Enum):
    """How two values compare."""

    EQUAL = "equal"
    CLOSE = "equal to 40 digits"
    DIFFERENT = "different"


def _close(one: Any, two: Any) -> bool:
    return bool(abs(one - two) <= _NEAR * max(1, abs(one), abs(two)))


class ExactArithmetic(Field):
    """Numbers of ``Field`` with exp, log and general powers."""

    exact = True

    def number(self, value: Any) -> Any:
        """A rational constant."""
        return value

    def pi(self) -> Any:
        """π, as an atom."""
        return Exact(self, {((self.atom("pi", None), 1),): Fraction(1)}, {})

    def exp(self, value: Any) -> Any:
        """e**value; a rational number if value is a whole combination of logarithms."""
        if not isinstance(value, Exact):
            value = Fraction(value)
            return self._power_of_e({(): value}) if value else 1
        if not value.den:
            return self._power_of_e(value.num)
        term, rest = self._monic(value.num)
        [(m, c)] = term.items()
        lead = tuple(sorted(self._product(dict(rest), {m: Fraction(1)}).items()))
        number = self.atom("exp", (lead, tuple(sorted(value.den.items()))))
        return Exact(self, {((number, c),): Fraction(1)}, {})

    def _power_of_e(self, exponent: dict[Any, Fraction]) -> Any:
        powers: dict[int, Any] = {}
        other: Any = 1
        for m, c in exponent.items():
            atom = self.atoms[m[0][0]] if len(m) == 1 and m[0][1] == 1 else None
            if abs(c) > 400:
                raise TooBig
            power: int | Fraction = int(c) if c.denominator == 1 else c
            if atom is not None and atom.kind == "log":
                powers[self.atom("root", atom.data)] = power
            elif atom is not None and atom.kind == "ln" and isinstance(power, int):
                sign = 1 if self._poly_digits(atom.data) > 0 else -1
                inner = Exact(self, dict(atom.data), {}) * sign
                other = self.whole_power(inner, power) * other
            else:
                powers[self.atom("exp", (((m, Fraction(1)),), ()))] = power
        m, c = self._monomial(powers)
        return self._make({m: c}, {}) * other

    def log(self, value: Any) -> Any:
        """The natural logarithm; of a positive rational, over the logarithms of primes."""
        if self.sign(value) <= 0:
            if isinstance(value, Exact) and self.sign(value) == 0:
                raise TooBig
            raise Undefined("logarithm of a number that is not positive")
        if not isinstance(value, Exact):
            return self._log_rational(Fraction(value))
        out = self._log_poly(value.num)
        for factor, power in value.den.items():
            out = out - self._log_poly(dict(factor)) * power
        return out

    def _log_rational(self, value: Fraction) -> Any:
        num = {p: Fraction(e) for p, e in self.factors(value.numerator).items()}
        num |= {p: Fraction(-e) for p, e in self.factors(value.denominator).items()}
        return self._make({((self.atom("log", p), 1),): e for p, e in num.items()}, {})

    def _log_poly(self, poly: Any) -> Any:
        """log |poly|."""
        term, rest = self._monic(poly)
        [(m, c)] = term.items()
        out = self._log_rational(abs(c))
        for number, power in m:
            out = self._log_atom(number) * power + out
        if len(rest) > 1:
            number = self.atom("ln", rest)
            out = Exact(self, {((number, 1),): Fraction(1)}, {}) + out
        return out

    def _log_atom(self, number: int) -> Any:
        atom = self.atoms[number]
        if atom.kind == "root":
            return self._log_rational(Fraction(atom.data))
        if atom.kind == "exp":
            lead, den = atom.data
            return self._make(dict(lead), dict(den))
        poly = ((((number, 1),), Fraction(1)),)
        return Exact(self, {((self.atom("ln", poly), 1),): Fraction(1)}, {})

    def power(self, base: Any, power: Any) -> Any:
        """base**power for real numbers."""
        if not isinstance(power, Exact):
            power = Fraction(power)
            if power.denominator == 1:
                return self.whole_power(base, int(power))
        sign = self.sign(base)
        if sign == 0 and not isinstance(base, Exact) and self.sign(power) > 0:
            return Fraction(0)
        if sign <= 0:
            if isinstance(base, Exact) and sign == 0:
                raise TooBig
            raise Undefined("a power of a number that is not positive")
        return self.exp(self.log(base) * power)

    def factorial(self, value: Any) -> Any:
        """value! for a whole number."""
        return math.factorial(_count(value))

    def compare(self, one: Any, two: Any) -> Answer:
        """Whether two values are the same number."""
        difference = one - two
        if not isinstance(difference, Exact):
            return Answer.DIFFERENT if difference else Answer.EQUAL
        if self._is_nonzero(difference):
            return Answer.DIFFERENT
        with mpmath.workdps(DIGITS):
            close = _close(self.digits(one), self.digits(two))
        return Answer.CLOSE if close else Answer.DIFFERENT

    def _is_nonzero(self, value: Exact) -> bool:
        """Known without digits: one term, or a linear form in logarithms of primes (Lindemann)."""
        linear = all(
            len(m) == 0 or (len(m) == 1 and m[0][1] == 1 and self.atoms[m[0][0]].kind == "log")
            for m in value.num
        )
        return linear or len(value.num) == 1

    def to_sympy(self, value: Any) -> Any:
        """The value as a SymPy number in closed form."""
        if not isinstance(value, Exact):
            value = Fraction(value)
            return sympy.Rational(value.numerator, value.denominator)
        out = self._poly_sympy(value.num.items())
        for factor, power in value.den.items():
            out = out / self._poly_sympy(factor) ** power
        return out

    def _poly_sympy(self, terms: Any) -> Any:
        out = sympy.Integer(0)
        for m, c in terms:
            atoms = (self._atom_sympy(a) ** self.to_sympy(e) for a, e in m)
            out += sympy.Mul(self.to_sympy(c), *atoms)
        return out

    def _atom_sympy(self, number: int) -> Any:
        atom = self.atoms[number]
        match atom.kind:
            case "log":
                return sympy.log(sympy.Integer(atom.data))
            case "root":
                return sympy.Integer(atom.data)
            case "pi":
                return sympy.pi
            case "exp":
                lead, den = atom.data
                below = sympy.Mul(*(self._poly_sympy(f) ** e for f, e in den))
                return sympy.exp(self._poly_sympy(lead) / below)
            case _:
                return sympy.log(sympy.Abs(self._poly_sympy(atom.data)))


class SampleArithmetic:
    """Floating-point numbers of 60 digits; two are equal if 40 digits agree.

    The caller sets the precision (``mpmath.workdps``).
    """

    exact = False

    def number(self, value: Any) -> Any:
        """A rational constant."""
        return mpmath.mpf(value.numerator) / value.denominator

    def pi(self) -> Any:
        """π."""
        return +mpmath.pi

    def exp(self, value: Any) -> Any:
        """e**value."""
        if abs(value) > LARGEST_EXPONENT:
            raise OverflowError(f"e to the power {mpmath.nstr(value, 3)}")
        return mpmath.exp(value)

    def log(self, value: Any) -> Any:
        """The natural logarithm."""
        if value <= 0:
            raise Undefined("logarithm of a number that is not positive")
        return mpmath.log(value)

    def inverse(self, value: Any) -> Any:
        """1/value; what rounding may have made of a zero counts as zero."""
        if abs(value) < _NEAR:
            raise Undefined("division by zero")
        return mpmath.mpf(1) / value

    def power(self, base: Any, power: Any) -> Any:
        """base**power for real numbers."""
        if isinstance(power, int) or mpmath.isint(power):
            power = int(power)
            return base**power if power >= 0 else self.inverse(base) ** -power
        if base == 0 and power > 0:
            return mpmath.mpf(0)
        if base <= 0:
            raise Undefined("a power of a number that is not positive")
        return mpmath.mpf(base) ** power

    def factorial(self, value: Any) -> Any:
        """value! for a whole number."""
        return math.factorial(_count(value))

    def sign(self, value: Any) -> int:
        """−1, 0 or 1."""
        return 0 if abs(value) < _NEAR else (1 if value > 0 else -1)

    def compare(self, one: Any, two: Any) -> Answer:
        """Whether 40 digits agree."""
        return Answer.CLOSE if _close(one, two) else Answer.DIFFERENT

    def to_sympy(self, value: Any) -> Any:
        """The value as a SymPy number."""
        if isinstance(value, int | Fraction):
            return sympy.Rational(value)
        return sympy.Float(value, 50)


Arithmetic = ExactArithmetic | SampleArithmetic


def _count(value: Any) -> int:
    try:
        whole = int(value)
    except TypeError as error:
        raise Unsupported("the factorial of a number that is not whole") from error
    if whole != value:
        raise Unsupported("the factorial of a number that is not whole")
    if whole > 1000:
        raise Unsupported("the factorial of a large number")
    if whole < 0:
        raise Undefined("the factorial of a negative number")
    return whole
