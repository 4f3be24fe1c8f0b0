"""The value of an expression at a point: sums written out, definitions expanded, ∂ by jets.

Expressions are compiled once to closures over a ``State``; a closure never rewrites anything.
Letters are lexical: a definition sees its parameters and the point, not its caller's indices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy

from derive.kernel.explicit.exact import Undefined, Unsupported
from derive.kernel.explicit.jets import Jet
from derive.kernel.explicit.nodes import maker
from derive.kernel.explicit.points import Code, Scope, State, shift
from derive.kernel.facts import Context, Definition
from derive.kernel.language import Expr, Indexed, IndexedBase, Symbol


@dataclass
class Survey:
    """What the compiled expressions mention. ``exponents`` are those of e, ``powers`` others."""

    symbols: set[Symbol] = field(default_factory=set)
    bases: dict[str, tuple[Any, int]] = field(default_factory=dict)
    exponents: list[Expr] = field(default_factory=list)
    powers: list[Expr] = field(default_factory=list)


class Compiler:
    """Compiles expressions of one context; remembers what they mention."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.survey = Survey()
        self._named: dict[Any, Code | None] = {}
        self._codes: dict[tuple[Expr, Scope], Code] = {}
        self._symbols: dict[tuple[str, bool], Any] = {}
        self._count = 0
        indices = set(context.ranges)
        self._loose = any(
            d.body.free_symbols & (indices - set(d.parameters)) for d in context.definitions
        )

    def compile(self, expr: Expr, scope: Scope = frozenset()) -> Code:
        """A closure with the value of ``expr``. Raises Unsupported for unknown nodes.

        Equal parts have one closure, so that what is remembered of one serves all.
        """
        key = (expr, scope)
        if key not in self._codes:
            self._codes[key] = maker(expr)(self, expr, scope)
        return self._codes[key]

    def whole(self, expr: Expr, scope: Scope = frozenset()) -> Callable[[State], int]:
        """A closure for an index expression."""
        if isinstance(expr, sympy.Integer):
            constant = int(expr)
            return lambda s: constant
        code = self.compile(expr, scope)
        return lambda s: _whole(code(s))

    def remember(self, expr: Expr, scope: Scope, code: Code) -> Code:
        """Evaluate once for each point, infinitesimal shift and value of the letters."""
        self._count += 1
        number, loose = self._count, self._loose
        free = sorted(scope & expr.free_symbols, key=str)

        def run(s: State) -> Any:
            key = (number, *[s.letters[a] for a in free])
            if loose:  # a definition may see the free indices of the claim
                key += s.outer
            if key not in s.memo:
                s.memo[key] = code(s)
            return s.memo[key]

        return run

    def declare(self, symbol: Any) -> str:
        """The name of a symbol or base. Raises Unsupported when two differ only by assumptions."""
        key = str(symbol), isinstance(symbol, IndexedBase)
        if self._symbols.setdefault(key, symbol) != symbol:
            raise Unsupported(f"two different symbols are called {symbol}")
        return key[0]

    def named(self, definition: Definition, arguments: tuple[Code, ...]) -> Code:
        """A closure for a named quantity (or function) at some arguments."""
        quantity = isinstance(definition.lhs, Indexed | Symbol)
        name = self.declare(definition.name) if quantity else str(definition.name)
        parameters = definition.parameters
        if len(parameters) != len(arguments):
            raise Unsupported(f"the definition of {definition.lhs} has a fixed index")
        body = self._body(definition)

        def run(s: State) -> Any:
            values = [a(s) for a in arguments]
            letters = s.letters
            s.letters = dict(zip(parameters, values, strict=True))
            try:
                value = body(s)
            finally:
                s.letters = letters
            return shift(s, (name, tuple(values)), value, named=True) if quantity else value

        return run

    def _body(self, definition: Definition) -> Code:
        name, scope = definition.name, frozenset(definition.parameters)
        if name not in self._named:
            self._named[name] = None
            code = self.compile(definition.body, scope)
            self._named[name] = self.remember(definition.body, scope, code)
        body = self._named[name]
        if body is None:
            raise Unsupported(f"{definition.lhs} is defined by itself")
        return body


def _whole(value: Any) -> int:
    if type(value) is int:
        return value
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    if isinstance(value, Jet):
        raise Unsupported("a derivative by what an index depends on")
    try:
        if int(value) == value:
            return int(value)
    except (TypeError, ValueError):
        pass
    raise Undefined("an index that is not a whole number")
