"""A counterexample worked out again before it is shown, by code that did not find it.

The tree of each side is walked with 40-digit numbers at the values of the witness; derivatives are
difference quotients. Nothing of the kernel's two routes is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath
from sympy import Abs, Function, Number, NumberSymbol, cosh, sinh, tanh

from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Cases,
    Expr,
    Indexed,
    Indicator,
    KroneckerDelta,
    Mul,
    Partial,
    Pow,
    Product,
    Relational,
    Sum,
    Symbol,
    exp,
    factorial,
    log,
)
from derive.kernel.verdicts import Witness

DIGITS = 40
NEAR = mpmath.mpf(10) ** -12
MOST_TERMS = 200_000


class Unknown(Exception):
    """The walk cannot say: a node that it does not know, or a value that is not given."""


class NoValue(Exception):
    """There is no value: a quotient by zero, a logarithm of something not positive."""


@dataclass
class Walk:
    """One witness; ``value`` walks an expression at its values."""

    witness: Witness
    context: Context
    moved: dict[str, Any] = field(default_factory=dict)
    terms: int = 0
    known: dict[Any, Any] = field(default_factory=dict)

    def at(self, expr: Expr) -> Any:
        """The value of an expression of the claim."""
        self.terms = 0
        outer = {**self.witness.sizes, **self.witness.indices}
        with mpmath.workdps(DIGITS):
            return self.value(expr, outer)

    def value(self, e: Expr, letters: Mapping[str, int]) -> Any:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise Unknown("too long")
        match e:
            case Number() | NumberSymbol():
                return mpmath.mpf(e.p) / e.q if e.is_Rational else mpmath.mpf(str(e.n(DIGITS)))
            case Symbol():
                return self._symbol(e, letters)
            case Indexed():
                return self._component(e, letters)
            case Add():
                return mpmath.fsum(self.value(a, letters) for a in e.args)
            case Mul():
                return mpmath.fprod([self.value(a, letters) for a in e.args])
            case Sum() | Product():
                return self._ranged(e, letters)
            case Partial():
                return self._slope(e, letters)
            case KroneckerDelta():
                one, two = (self._whole(a, letters) for a in e.args)
                return mpmath.mpf(one == two)
            case Indicator():
                return mpmath.mpf(self._holds(e.relation, letters))
            case Cases():
                chosen = [f for f, c in e.pairs if self._holds(c, letters)]
                if len(chosen) != 1:
                    raise Unknown("cases")
                return self.value(chosen[0], letters)
        return self._function(e, letters)

    def _function(self, e: Expr, letters: Mapping[str, int]) -> Any:
        args = [self.value(a, letters) for a in e.args]
        try:
            match e:
                case exp():
                    return mpmath.exp(args[0])
                case log():
                    return self._log(args[0])
                case Pow():
                    return self._power(*args)
                case factorial():
                    return mpmath.factorial(args[0])
                case Abs():
                    return abs(args[0])
                case tanh() | sinh() | cosh():
                    return {tanh: mpmath.tanh, sinh: mpmath.sinh, cosh: mpmath.cosh}[e.func](*args)
        except (ZeroDivisionError, OverflowError, ValueError) as error:
            raise NoValue(str(error)) from None
        made = self.context.definition_of(e)
        if made is None or not isinstance(e, Function):
            raise Unknown(type(e).__name__)
        return self.value(made.applied(e), letters)

    @staticmethod
    def _log(value: Any) -> Any:
        if value <= 0:
            raise NoValue("a logarithm of a number that is not positive")
        return mpmath.log(value)

    @staticmethod
    def _power(base: Any, power: Any) -> Any:
        if base == 0 and power < 0:
            raise NoValue("division by zero")
        if base < 0 and not mpmath.isint(power):
            raise NoValue("a power of a negative number")
        return mpmath.power(base, power)

    def _symbol(self, s: Symbol, letters: Mapping[str, int]) -> Any:
        if s.name in self.moved:
            return self.moved[s.name]
        if s.name in letters:
            return mpmath.mpf(letters[s.name])
        made = self.context.definition_of(s)
        if made is not None:
            return self.value(made.body, letters)
        return self._given(s.name)

    def _component(self, e: Indexed, letters: Mapping[str, int]) -> Any:
        places = [self._whole(i, letters) for i in e.indices]
        name = f"{e.base}_{','.join(map(str, places))}"
        if name in self.moved:
            return self.moved[name]
        made = self.context.definition_of(e)
        if made is None:
            return self._given(name)
        key = (name, *sorted(self.moved.items()))
        if key not in self.known:
            inside = {str(p): n for p, n in zip(made.parameters, places, strict=True)}
            self.known[key] = self.value(made.body, {**self.witness.sizes, **inside})
        return self.known[key]

    def _given(self, name: str) -> Any:
        if name not in self.witness.values:
            raise Unknown(f"{name} has no value")
        value = self.witness.values[name]
        return mpmath.mpf(str(value.n(DIGITS))) if not value.is_Rational else (
            mpmath.mpf(value.p) / value.q
        )  # fmt: skip

    def _whole(self, e: Expr, letters: Mapping[str, int]) -> int:
        found = self.value(e, letters)
        if not mpmath.isint(found):
            raise Unknown("an index that is not whole")
        return int(found)

    def _holds(self, relation: Relational, letters: Mapping[str, int]) -> bool:
        one, two = (self._whole(a, letters) for a in relation.args)
        return {"==": one == two, "!=": one != two, "<": one < two, "<=": one <= two,
                ">": one > two, ">=": one >= two}[relation.rel_op]  # fmt: skip

    def _ranged(self, e: Expr, letters: Mapping[str, int]) -> Any:
        lower, upper = self._whole(e.lower, letters), self._whole(e.upper, letters)
        left_out = {self._whole(x, letters) for x in e.excluded}
        values = [
            self.value(e.body, {**letters, e.index.name: n})
            for n in range(lower, upper + 1) if n not in left_out
        ]  # fmt: skip
        return mpmath.fsum(values) if isinstance(e, Sum) else mpmath.fprod(values)

    def _slope(self, e: Partial, letters: Mapping[str, int]) -> Any:
        """A central difference, improved twice by halving the step."""
        name = str(e.var)
        if isinstance(e.var, Indexed):
            places = [self._whole(i, letters) for i in e.var.indices]
            name = f"{e.var.base}_{','.join(map(str, places))}"
        here, before = self.value(e.var, letters), self.moved.get(name)
        step = mpmath.mpf(10) ** (-6 if before is None else -5)

        def quotient(h: Any) -> Any:
            ends = []
            for x in (here + h, here - h):
                self.moved[name] = x
                ends.append(self.value(e.expr, letters))
            return (ends[0] - ends[1]) / (2 * h)

        try:
            first, second, third = (quotient(step / 2**n) for n in range(3))
        finally:
            self.moved.pop(name, None)
            if before is not None:
                self.moved[name] = before
        better, best = (4 * second - first) / 3, (4 * third - second) / 3
        return (16 * best - better) / 15


def confirmed(witness: Witness, lhs: Expr, rhs: Expr, context: Context, sign: str = "=") -> bool:
    """Whether both sides come out as the witness says, and do not stand in the relation."""
    values = []
    for side, said in ((lhs, witness.lhs), (rhs, witness.rhs)):
        try:
            found = Walk(witness, context).at(side)
        except NoValue:
            found = None
        except (Unknown, RecursionError, AttributeError, TypeError):
            return False
        if (found is None) != (not said.is_finite):
            return False
        if found is not None:
            told = mpmath.mpf(str(said.n(DIGITS)))
            if not _near(found, told):
                return False
        values.append(found)
    one, two = values
    if one is None or two is None:
        return (one is None) != (two is None)
    return _violated(one, two, sign)


def _near(one: Any, two: Any) -> bool:
    return bool(abs(one - two) <= NEAR * max(1, abs(one), abs(two)))


def _violated(one: Any, two: Any, sign: str) -> bool:
    equal = _near(one, two)
    if sign in ("=", "∝"):
        return not equal
    holds = {"≤": equal or one < two, "≥": equal or one > two,
             "<": not equal and one < two, ">": not equal and one > two}  # fmt: skip
    return sign in holds and not holds[sign]
