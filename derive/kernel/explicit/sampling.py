"""Which values to try: exact ones where exponentials come out rational, generic otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, Protocol

import mpmath
from sympy import Add, Expr, Indexed, Mul, Pow, Symbol, log

from derive.kernel.explicit.arithmetic import Arithmetic
from derive.kernel.explicit.evaluate import Survey
from derive.kernel.facts import Context
from derive.kernel.language import Ranged
from derive.notation import Domain

_MAX_TERMS = 200


class Role(Enum):
    """What a quantity does in exponents, which decides what values keep e^… rational."""

    PLAIN = "a generic number"
    LOG = "a logarithm"
    FACTOR = "a whole number, since it multiplies a logarithm"
    DIVISOR = "1 over a whole number"
    POWER = "an exponent"


@dataclass(frozen=True)
class _Term:
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    has_log: bool = False


def _terms(expr: Expr, context: Context) -> list[_Term]:
    """The products of names that an exponent is a sum of."""
    definition = context.definition_of(expr)
    if definition is not None:
        return _terms(definition.body, context)
    if isinstance(expr, Indexed):
        return [_Term((str(expr.base),))]
    if isinstance(expr, Symbol):
        return [] if expr in context.ranges else [_Term((str(expr),))]
    if isinstance(expr, Ranged):
        return _terms(expr.body, context)
    if isinstance(expr, log):
        return [_Term(has_log=True)]
    if isinstance(expr, Pow) and expr.exp == -1:
        inner = _terms(expr.base, context)
        return [_Term(t.below, t.above, False) for t in inner if not t.has_log]
    if isinstance(expr, Mul):
        factors = [_terms(a, context) or [_Term()] for a in expr.args]
        return [_joined(ts) for ts, _ in zip(product(*factors), range(_MAX_TERMS), strict=False)]
    if isinstance(expr, Add) or not isinstance(expr, Pow):
        return [t for a in expr.args if isinstance(a, Expr) for t in _terms(a, context)]
    return []


def _joined(terms: Iterable[_Term]) -> _Term:
    every = list(terms)
    return _Term(
        tuple(name for t in every for name in t.above),
        tuple(name for t in every for name in t.below),
        any(t.has_log for t in every),
    )


def roles(survey: Survey, context: Context) -> dict[str, Role]:
    """What each quantity does in the exponents of a claim."""
    found: dict[str, Role] = {}
    terms = [t for e in survey.exponents for t in _terms(e, context)]
    for term in terms:
        if len(term.above) == 1 and not term.has_log:
            found[term.above[0]] = Role.LOG
    for term in terms:
        names = sorted(set(term.above), key=lambda a: (-survey.bases.get(a, (0, 0))[1], a))
        if term.has_log:
            found = {**dict.fromkeys(names, Role.POWER), **found}
        elif 1 < len(names) == len(term.above):
            if not any(found.get(a) is Role.LOG for a in names):
                found.setdefault(names[0], Role.LOG)
            found = {**dict.fromkeys(names, Role.FACTOR), **found}
        found = {**dict.fromkeys(term.below, Role.DIVISOR), **found}
    exponents = [t for e in survey.powers for t in _terms(e, context)]
    return {**{a: Role.POWER for t in exponents for a in t.above}, **found}


class Sampler(Protocol):
    """Where the values of a point come from.

    ``shares`` says whether real numbers with a given sum are parts of it, all of one sign.
    """

    arithmetic: Arithmetic
    shares: bool

    def value(self, name: str, position: tuple[int, ...], role: Role, domain: Domain) -> Any:
        """A value for one component (or scalar)."""

    def weights(self, count: int) -> list[Fraction]:
        """Positive numbers with sum 1."""

    def composition(self, total: int, count: int) -> list[int]:
        """Whole numbers ≥ 0 with this sum."""


class Variant(Enum):
    """The signs of the real values of a point."""

    POSITIVE = "positive"
    MIXED = "mixed"
    NEGATIVE = "negative"
    EDGE = "zeros and ones"


class Generic:
    """Random values in general position."""

    shares = False

    def __init__(self, arithmetic: Arithmetic, rng: Random, variant: Variant) -> None:
        self.arithmetic, self.rng, self.variant = arithmetic, rng, variant
        self._pool: list[int] = []
        self._next = 2

    def value(self, name: str, position: tuple[int, ...], role: Role, domain: Domain) -> Any:
        """A value for one component (or scalar)."""
        if domain is Domain.SIGN:
            return self.rng.choice((-1, 1))
        if domain in (Domain.COUNT, Domain.LABEL):
            return self.rng.randint(0, 4) if domain is Domain.COUNT else self.rng.randint(1, 3)
        if not self.arithmetic.exact:
            return self._sample(domain)
        if domain is Domain.UNIT:
            return self._unit()
        if self.variant is Variant.EDGE:
            return self._edge(role, domain)
        sign = self._sign(domain)
        if role is Role.LOG:
            return self.arithmetic.log(self._argument(sign))
        return self._rational(role) * sign

    def _sign(self, domain: Domain) -> int:
        if domain is not Domain.REAL or self.variant is Variant.POSITIVE:
            return 1
        return -1 if self.variant is Variant.NEGATIVE else self.rng.choice((-1, 1))

    def _argument(self, sign: int) -> Fraction:
        """A rational number above 1 (below 1 for a negative logarithm), each time another."""
        if not self._pool:
            self._pool = list(range(self._next, self._next + 8))
            self._next += 8
            self.rng.shuffle(self._pool)
        return Fraction(self._pool.pop()) ** sign

    def _rational(self, role: Role) -> Fraction:
        whole = self.rng.randint(2, 5)
        if role is Role.FACTOR:
            return Fraction(whole)
        if role is Role.DIVISOR:
            return Fraction(1, whole)
        if role is Role.POWER:
            if self.variant is Variant.POSITIVE:
                return Fraction(whole)
            small = self.variant is Variant.NEGATIVE
            return Fraction(1, whole) if small else Fraction(2 * whole - 1, 2)
        return Fraction(self.rng.randint(1, 30), self.rng.choice((1, 2, 3, 5, 7)))

    def _unit(self) -> Fraction:
        if self.variant is Variant.EDGE:
            return Fraction(1, 2)
        below = self.rng.randint(5, 30)
        return Fraction(self.rng.randint(1, below - 1), below)

    def _edge(self, role: Role, domain: Domain) -> Any:
        zero_allowed = domain in (Domain.REAL, Domain.NONNEGATIVE) and role is not Role.DIVISOR
        one = self.arithmetic.log(Fraction(2)) if role is Role.LOG else Fraction(1)
        return Fraction(0) if zero_allowed and self.rng.random() < 0.5 else one

    def _sample(self, domain: Domain) -> Any:
        unit = (mpmath.mpf(self.rng.getrandbits(200)) + 1) / (mpmath.mpf(2) ** 200 + 2)
        if domain is Domain.UNIT:
            return unit
        return (unit + mpmath.mpf(1) / 8) * 2 * self._sign(domain)

    def weights(self, count: int) -> list[Fraction]:
        """Positive numbers with sum 1."""
        drawn = [self.rng.randint(1, 20) for _ in range(count)]
        return [Fraction(w, sum(drawn)) for w in drawn]

    def composition(self, total: int, count: int) -> list[int]:
        """Whole numbers ≥ 0 with this sum."""
        parts = [0] * count
        for _ in range(total):
            parts[self.rng.randrange(count)] += 1
        return parts
