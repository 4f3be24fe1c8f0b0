"""Exact real numbers: rational functions in logarithms, roots and exponentials.

A number is a Python ``int`` or ``Fraction`` while that is enough, otherwise an ``Exact``: a
quotient of polynomials in atoms such as log 2, log 3, 2^(1/2), e, each kept as an indeterminate.
What comes out as zero is zero. What does not is compared in digits as well, because the atoms
are not *known* to be independent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import sympy

Power = int | Fraction
Monomial = tuple[tuple[int, Power], ...]
Poly = dict[Monomial, Fraction]
Frozen = tuple[tuple[Monomial, Fraction], ...]

DIGITS = 60
_MAX_TERMS = 1000
_MAX_POWER = 400
_MAX_BITS = 110
_ONE: Monomial = ()


class Undefined(Exception):
    """The expression has no real value here: a division by zero, a log of nothing, …"""


class Unsupported(Exception):
    """The second route cannot evaluate this; nothing follows about its truth."""


class TooLong(Unsupported):
    """Writing out the sums takes too long at this size."""


class TooBig(Exception):
    """Exact arithmetic would take too long here."""


@dataclass(frozen=True)
class Atom:
    """An indeterminate: ``log`` or ``root`` of a prime, ``exp`` of a monomial, ``ln`` of a poly."""

    kind: str
    data: Any


class Exact:
    """``num / Π den`` over the atoms of one field; never a plain rational, never zero."""

    __slots__ = ("den", "field", "num")

    def __init__(self, field: Field, num: Poly, den: Mapping[Frozen, int]) -> None:
        self.field, self.num, self.den = field, num, den

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, int | Fraction | Exact):
            return NotImplemented
        return self.field.add(self, other)

    def __mul__(self, other: Any) -> Any:
        if not isinstance(other, int | Fraction | Exact):
            return NotImplemented
        return self.field.multiply(self, other)

    def __sub__(self, other: Any) -> Any:
        return self + other * -1

    def __rsub__(self, other: Any) -> Any:
        return self * -1 + other

    def __neg__(self) -> Any:
        return self * -1

    __radd__ = __add__
    __rmul__ = __mul__


class Field:
    """The table of atoms, and arithmetic on the numbers made of them."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self._ids: dict[Atom, int] = {}
        self._digits: dict[int, Any] = {}
        self._factors: dict[int, dict[int, int]] = {}

    # ---- polynomials ------------------------------------------------------------------------

    def atom(self, kind: str, data: Any) -> int:
        """The number of this atom in the table."""
        made = Atom(kind, data)
        if made not in self._ids:
            self._ids[made] = len(self.atoms)
            self.atoms.append(made)
        return self._ids[made]

    def _monomial(self, powers: Mapping[int, Power]) -> tuple[Monomial, Fraction]:
        """The monomial, with whole powers of primes carried into the coefficient."""
        coefficient, kept = Fraction(1), []
        for number, power in powers.items():
            atom = self.atoms[number]
            if atom.kind == "root":
                whole = power.__floor__()
                coefficient *= Fraction(atom.data) ** whole
                power -= whole
            if power:
                kept.append((number, power))
        return tuple(sorted(kept)), coefficient

    def _times(self, one: Monomial, two: Monomial) -> tuple[Monomial, Fraction]:
        if not one or not two:
            return one or two, Fraction(1)
        powers: dict[int, Power] = dict(one)
        for number, power in two:
            powers[number] = powers.get(number, 0) + power
        return self._monomial(powers)

    def _product(self, one: Poly, two: Poly) -> Poly:
        if len(one) * len(two) > _MAX_TERMS:
            raise TooBig
        out: Poly = {}
        for m1, c1 in one.items():
            for m2, c2 in two.items():
                m, c = self._times(m1, m2)
                out[m] = out.get(m, Fraction(0)) + c * c1 * c2
        return {m: c for m, c in out.items() if c}

    def _monic(self, poly: Poly) -> tuple[Poly, Frozen]:
        """``poly = term · rest``: a single term, and a rest with leading coefficient 1."""
        if len(poly) == 1:
            return poly, ((_ONE, Fraction(1)),)
        common = {a for m in poly for a, _ in m if self.atoms[a].kind != "root"}
        powers = {a: min(dict(m).get(a, 0) for m in poly) for a in common}
        content, _ = self._monomial(powers)
        inverse, _ = self._monomial({a: -e for a, e in powers.items()})
        rest = self._product(poly, {inverse: Fraction(1)})
        lead = rest[min(rest)]
        frozen = tuple(sorted((m, c / lead) for m, c in rest.items()))
        return {content: lead}, frozen

    # ---- numbers ----------------------------------------------------------------------------

    def lift(self, value: Any) -> Exact:
        """Any number as a quotient of polynomials."""
        if isinstance(value, Exact):
            return value
        value = Fraction(value)
        return Exact(self, {_ONE: value} if value else {}, {})

    def _make(self, num: Poly, den: dict[Frozen, int]) -> Any:
        if not num:
            return 0
        if den and len(num) > 1:
            term, rest = self._monic(num)
            if rest in den:
                den = {**den, rest: den[rest] - 1}
                return self._make(term, {f: e for f, e in den.items() if e})
        if not den and len(num) == 1 and _ONE in num:
            value = num[_ONE]
            return value.numerator if value.denominator == 1 else value
        return Exact(self, num, den)

    def add(self, one: Any, two: Any) -> Any:
        """The sum, over the least common denominator."""
        one, two = self.lift(one), self.lift(two)
        den = dict(one.den)
        for factor, power in two.den.items():
            den[factor] = max(den.get(factor, 0), power)
        out = dict(self._expand(one, den))
        for m, c in self._expand(two, den).items():
            out[m] = out.get(m, Fraction(0)) + c
        return self._make({m: c for m, c in out.items() if c}, den)

    def _expand(self, value: Exact, den: Mapping[Frozen, int]) -> Poly:
        num = value.num
        for factor, power in den.items():
            for _ in range(power - value.den.get(factor, 0)):
                num = self._product(num, dict(factor))
        return num

    def multiply(self, one: Any, two: Any) -> Any:
        """The product."""
        if not isinstance(two, Exact):
            one, two = two, one
        if not isinstance(one, Exact):
            if not one:
                return Fraction(0)
            return self._make({m: c * one for m, c in two.num.items()}, dict(two.den))
        den = dict(one.den)
        for factor, power in two.den.items():
            den[factor] = den.get(factor, 0) + power
        return self._make(self._product(one.num, two.num), den)

    def inverse(self, value: Any) -> Any:
        """1/value."""
        if not isinstance(value, Exact):
            if not value:
                raise Undefined("division by zero")
            return Fraction(value.denominator, value.numerator)
        if self.sign(value) == 0:
            raise TooBig  # a zero that was not recognised
        term, rest = self._monic(value.num)
        [(m, c)] = term.items()
        inverse, carried = self._monomial({a: -e for a, e in m})
        num = self._expand(Exact(self, {inverse: carried / c}, {}), value.den)
        return self._make(num, {rest: 1} if len(rest) > 1 else {})

    def whole_power(self, base: Any, power: int) -> Any:
        """base**power for an integer."""
        size = 1 if isinstance(base, Exact) else max(_bits(base), 1)
        if abs(power) * size > _MAX_POWER * (1 if isinstance(base, Exact) else 50):
            raise TooBig
        if power < 0:
            return self.whole_power(self.inverse(base), -power)
        if not isinstance(base, Exact):
            return base**power
        out: Any = 1
        for _ in range(power):
            out = base * out
        return out

    def factors(self, number: int) -> dict[int, int]:
        """The prime factors of a positive integer."""
        if number not in self._factors:
            if number.bit_length() > _MAX_BITS:
                raise TooBig
            found = sympy.factorint(number)
            self._factors[number] = {int(p): int(e) for p, e in found.items()}
        return self._factors[number]

    def digits(self, value: Any) -> Any:
        """The value as a floating-point number (at the precision in force)."""
        if not isinstance(value, Exact):
            value = Fraction(value)
            return mpmath.mpf(value.numerator) / value.denominator
        out = self._poly_digits(value.num.items())
        for factor, power in value.den.items():
            out /= self._poly_digits(factor) ** power
        return out

    def _poly_digits(self, terms: Any) -> Any:
        out = mpmath.mpf(0)
        for m, c in terms:
            term = self.digits(c)
            for number, power in m:
                base = self._atom_digits(number)
                term *= base**power if isinstance(power, int) else base ** self.digits(power)
            out += term
        return out

    def _atom_digits(self, number: int) -> Any:
        if number not in self._digits:
            atom = self.atoms[number]
            with mpmath.workdps(DIGITS + 15):
                self._digits[number] = _ATOM_DIGITS[atom.kind](self, atom.data)
        return self._digits[number]

    def sign(self, value: Any) -> int:
        """−1, 0 or 1; 0 for an ``Exact`` means that the digits do not tell it from zero."""
        if not isinstance(value, Exact):
            return (value > 0) - (value < 0)
        with mpmath.workdps(DIGITS):
            number = self.digits(value)
            near = abs(number) < mpmath.mpf(10) ** -40
        return 0 if near else (1 if number > 0 else -1)


def _bits(value: int | Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


_ATOM_DIGITS: dict[str, Any] = {
    "log": lambda field, p: mpmath.log(p),
    "root": lambda field, p: mpmath.mpf(p),
    "pi": lambda field, _: +mpmath.pi,
    "exp": lambda field, u: mpmath.exp(
        field._poly_digits(u[0]) / mpmath.fprod(field._poly_digits(f) ** e for f, e in u[1])
    ),
    "ln": lambda field, u: mpmath.log(abs(field._poly_digits(u))),
}
