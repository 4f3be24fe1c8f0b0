"""An oracle for generated functions: the formula itself, worked out at 60 digits."""

import itertools
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, Integer, Rational

from derive.codegen.generate import standalone
from derive.kernel.derivation import Builder, Derivation
from derive.kernel.language import (
    Add,
    Cases,
    Indexed,
    Indicator,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    factorial,
    log,
)


def made(write: Any, name: str = "case", topic: str = "cases") -> Derivation:
    """A derivation written by a function, without registering it."""
    builder = Builder(name, name, topic, "A case of a test.")
    write(builder)
    return builder.finish()


def load(text: str, name: str = "generated_case") -> ModuleType:
    """The module that a generated text is."""
    module = ModuleType(name)
    exec(compile(text, f"<{name}>", "exec"), module.__dict__)
    return module


def function_of(derivation: Derivation) -> Any:
    """The generated function of a derivation, ready to call."""
    assert derivation.function is not None
    return getattr(load(standalone(derivation)), derivation.function.name)


class Oracle:
    """Works a formula out for explicit sizes, from its definitions, at the working precision."""

    def __init__(self, derivation: Derivation, sizes: Mapping[Symbol, int], **given: Any) -> None:
        assert derivation.function is not None
        self.spec = derivation.function
        self.context = derivation.context
        self.sizes = {s: Integer(n) for s, n in sizes.items()}
        self.given = given
        self.labels = {n for n, v in given.items() if np.asarray(v).dtype.kind in "iu"}

    def result(self) -> np.ndarray:
        """The result as an array of mpmath numbers; label arguments count from 0."""
        ranges = [self._range(s) for s in self.spec.axes]
        shape = tuple(len(r) for r in ranges)
        out = np.empty(shape, dtype=object)
        for place in itertools.product(*(range(n) for n in shape)):
            at = {s: Integer(r[p]) for s, r, p in zip(self.spec.axes, ranges, place, strict=True)}
            out[place] = self.value(self.spec.value, at)
        return out

    def _range(self, index: Symbol) -> list[int]:
        span = self.context.ranges[index]
        return list(self._span(span.lower, span.upper))

    def _span(self, lower: Expr, upper: Expr) -> Iterable[int]:
        return range(int(lower.xreplace(self.sizes)), int(upper.xreplace(self.sizes)) + 1)

    def index(self, expr: Expr, at: Mapping[Any, Any]) -> int:
        """The value of an index."""
        if isinstance(expr, Indexed):
            return int(self._entry(expr, at)) + 1
        values = {n: Integer(int(self.given[n.name]) + 1) for n in expr.free_symbols
                  if n.name in self.given and n not in at}  # fmt: skip
        return int(expr.xreplace({**values, **at}).xreplace(self.sizes))

    def _entry(self, expr: Expr, at: Mapping[Any, Any]) -> Any:
        place = tuple(self.index(e, at) - 1 for e in expr.indices)
        return np.asarray(self.given[str(expr.base)])[place]

    def value(self, expr: Expr, at: Mapping[Any, Any]) -> Any:
        """The value of an expression, its free indices being at these values."""
        name = str(expr.base) if isinstance(expr, Indexed) else str(expr)
        if isinstance(expr, Indexed | Symbol) and name in self.given:
            if isinstance(expr, Indexed):
                return mpmath.mpf(float(self._entry(expr, at)))
            return mpmath.mpf(float(self.given[name]))
        definition = self.context.definition_of(expr)
        if definition is not None:
            return self.value(definition.applied(expr), at)
        if expr in at or expr in self.sizes:
            return mpmath.mpf(self.index(expr, at))
        return self._node(expr, at)

    def _node(self, expr: Expr, at: Mapping[Any, Any]) -> Any:
        args = expr.args
        match expr:
            case Rational():
                return mpmath.mpf(expr.p) / expr.q
            case Add():
                return mpmath.fsum(self.value(a, at) for a in args)
            case Mul():
                return mpmath.fprod(self.value(a, at) for a in args)
            case Pow():
                return self.value(args[0], at) ** self.value(args[1], at)
            case exp():
                return mpmath.exp(self.value(args[0], at))
            case log():
                return mpmath.log(self.value(args[0], at))
            case factorial():
                return mpmath.factorial(self.value(args[0], at))
            case KroneckerDelta():
                return mpmath.mpf(self.index(args[0], at) == self.index(args[1], at))
            case Sum() | Product():
                return self._ranged(expr, at)
            case Cases():
                return next(self.value(f, at) for f, c in expr.pairs if self._holds(c, at))
            case Indicator():
                return mpmath.mpf(self._holds(expr.relation, at))
        return mpmath.mpf(expr.evalf(60))

    def _holds(self, relation: Any, at: Mapping[Any, Any]) -> bool:
        sides = [Integer(self.index(e, at)) for e in (relation.lhs, relation.rhs)]
        return bool(relation.func(*sides))

    def _ranged(self, expr: Any, at: Mapping[Any, Any]) -> Any:
        out = [self.index(e, at) for e in expr.excluded]
        terms = [
            self.value(expr.body, {**at, expr.index: Integer(n)})
            for n in self._span(expr.lower.xreplace(dict(at)), expr.upper.xreplace(dict(at)))
            if n not in out
        ]
        return mpmath.fsum(terms) if isinstance(expr, Sum) else mpmath.fprod(terms)


def floats(exact: np.ndarray) -> np.ndarray:
    """mpmath numbers rounded to float64."""
    return np.array([float(v) for v in exact.ravel()]).reshape(exact.shape)
