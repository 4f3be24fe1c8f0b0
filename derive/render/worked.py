"""Numbers for the worked examples: exact expressions evaluated at high precision with mpmath.

Derivatives are taken by central differences of the *definitions*, so that a formula is compared
with something that does not come from it. At 60 digits and h = 10^-15 about 28 digits are right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import mpmath
from sympy import Number, Rational
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from derive.errors import DeriveError
from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Cases,
    Expr,
    Indexed,
    Indicator,
    Integer,
    KroneckerDelta,
    Mul,
    Partial,
    Pow,
    Ranged,
    Sum,
    Symbol,
    exp,
    factorial,
    log,
    substitute,
)
from derive.kernel.matrices import Array, scalars

DIGITS = 60
Point = tuple[int, ...]  # the 1-based indices of a component; () for a scalar
Values = Mapping[str, Mapping[Point, Any]]


class Evaluator:
    """Values of expressions for one choice of sizes and numbers."""

    def __init__(self, context: Context, sizes: Mapping[Symbol, int], values: Values) -> None:
        self.context = context
        self.sizes = dict(sizes)
        self.values = values
        self.mp = _arithmetic()
        self._known: dict[Any, Any] = {}  # sums, products and named quantities, worked out once
        self._moved: dict[tuple[str, Point], tuple[Evaluator, Evaluator]] = {}

    def value(self, expr: Any, at: Mapping[Symbol, int] | None = None) -> Any:
        """The number that the expression stands for, its free indices set by ``at``."""
        places = {**self.sizes, **(at or {})}
        here = scalars(expr) if expr.has(Array) else expr
        return self._value(substitute(here, {s: Integer(n) for s, n in places.items()}))

    def integer(self, expr: Expr) -> int:
        """The value of an index expression."""
        number = self._value(expr)
        if number != int(number):
            raise DeriveError(f"the index {expr} is not an integer: {number}")
        return int(number)

    def _value(self, expr: Any) -> Any:
        match expr:
            case Number():
                exact = Rational(expr)
                return self.mp.mpf(exact.p) / exact.q
            case Indexed() | Symbol() | AppliedUndef():
                return self._quantity(expr)
            case Add():
                return self.mp.fsum(self._value(a) for a in expr.args)
            case Mul():
                return self.mp.fprod(self._value(a) for a in expr.args)
            case exp():
                return self.mp.exp(self._value(expr.args[0]))
            case Pow():
                return self.mp.power(self._value(expr.base), self._value(expr.exp))
            case log():
                return self._log(expr)
            case _:
                return self._node(expr)

    def _node(self, expr: Any) -> Any:
        match expr:
            case Ranged():
                return self._once(expr, self._ranged)
            case KroneckerDelta():
                left, right = (self.integer(a) for a in expr.args[:2])
                return self.mp.mpf(int(left == right))
            case Indicator():
                return self.mp.mpf(int(self._holds(expr.relation)))
            case Cases():
                return next(self._value(f) for f, c in expr.pairs if self._holds(c))
            case factorial():
                return self.mp.factorial(self._value(expr.args[0]))
            case Partial():
                return self._difference(expr)
            case _:
                raise DeriveError(f"no value for {type(expr).__name__}: {expr}")

    def _once(self, expr: Any, work: Callable[[Any], Any]) -> Any:
        """The value of an expression; the numbers that it depends on never change here."""
        if expr not in self._known:
            self._known[expr] = work(expr)
        return self._known[expr]

    def _ranged(self, expr: Ranged) -> Any:
        found = [self._value(expr.at(Integer(n))) for n in self._range(expr)]
        return self.mp.fsum(found) if isinstance(expr, Sum) else self.mp.fprod(found)

    def _log(self, expr: Expr) -> Any:
        inner = self._value(expr.args[0])
        if inner <= 0:
            raise DeriveError(f"the worked example needs log of {self.mp.nstr(inner, 5)}")
        return self.mp.log(inner)

    def _range(self, expr: Ranged) -> list[int]:
        lower, upper = self.integer(expr.lower), self.integer(expr.upper)
        out = {self.integer(e) for e in expr.excluded}
        return [n for n in range(lower, upper + 1) if n not in out]

    def _holds(self, relation: Any) -> bool:
        if not isinstance(relation, Relational):
            return bool(relation)
        left, right = self.integer(relation.lhs), self.integer(relation.rhs)
        return bool(relation.func(Integer(left), Integer(right)))

    def _quantity(self, expr: Any) -> Any:
        given = self.values.get(_name(expr))
        point = tuple(self.integer(i) for i in expr.indices) if isinstance(expr, Indexed) else ()
        if given is not None and point in given:
            return given[point]
        expr = expr.func(expr.base, *map(Integer, point)) if point else expr
        return self._once(expr, self._by_definition)

    def _by_definition(self, expr: Any) -> Any:
        definition = self.context.definition_of(expr)
        if definition is None:
            raise DeriveError(
                f"the worked example gives no value for {expr}",
                hint="name every free quantity in d.example(…)",
            )
        return self._value(
            substitute(definition.applied(expr), {s: Integer(n) for s, n in self.sizes.items()})
        )

    def _difference(self, expr: Partial) -> Any:
        """∂f/∂v by a central difference; a named quantity v is moved as if it were free."""
        name, var = _name(expr.var), expr.var
        point = tuple(self.integer(i) for i in var.indices) if isinstance(var, Indexed) else ()
        step = self.mp.mpf(10) ** -15
        if (name, point) not in self._moved:
            middle = self._value(var)
            self._moved[name, point] = (
                self._with(name, point, middle + step), self._with(name, point, middle - step)
            )  # fmt: skip
        above, below = (end._value(expr.expr) for end in self._moved[name, point])
        return (above - below) / (2 * step)

    def _with(self, name: str, point: Point, value: Any) -> Evaluator:
        moved = {**self.values.get(name, {}), point: value}
        return Evaluator(self.context, self.sizes, {**self.values, name: moved})


@cache
def _arithmetic() -> Any:
    """Numbers of our own precision; a context takes long to make."""
    mp = mpmath.mp.clone()
    mp.dps = DIGITS
    return mp


def _name(expr: Any) -> str:
    return str(expr.base if isinstance(expr, Indexed) else expr.func if expr.args else expr)


def decimal(number: Any, places: int = 4) -> str:
    """The number at a few decimals, halves and zeros settled the same way on every machine."""
    mp = _arithmetic()
    # Differences carry noise near the 28th digit: a tie must not depend on it.
    settled = mp.nint(number * mp.mpf(10) ** 15)
    return with_point(int(mp.nint(settled / mp.mpf(10) ** (15 - places))), places)


def written(value: Any) -> str:
    """An exact number as one writes it: 27/10 is 2.7, and 1/3 stays."""
    exact = Rational(value)
    for places in range(7):
        if (exact * 10**places).is_Integer:
            return with_point(int(exact * 10**places), places)
    return str(exact)


def with_point(scaled: int, places: int) -> str:
    """A whole number of units in the last place, as a decimal."""
    sign = "-" if scaled < 0 else ""
    digits = str(abs(scaled)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
