"""Forms back as expressions, for the residuals that people read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sympy import Function

from derive.kernel.language import (
    Add,
    Expr,
    IndexedBase,
    Indicator,
    Integer,
    Le,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    delta,
    exp,
    log,
)
from derive.kernel.normal.form import Atom, Form, Idx, Monomial, Span

LETTERS = "klrstuvw"


class Writer:
    """Writes forms with the symbols that were read, and free letters for bound indices."""

    def __init__(self, symbols: Mapping[str, Any]) -> None:
        self.symbols = dict(symbols)
        taken = {str(s) for s in symbols}
        self.letters = [x for x in LETTERS if x not in taken] + [f"k{n}" for n in range(50)]

    def expression(self, form: Form) -> Expr:
        """The form as an expression of the language."""
        return Add(*(self._term(mono, c) for mono, c in form.terms.items()))

    def _term(self, mono: Monomial, c: Fraction) -> Expr:
        powers = (Pow(self._atom(a), self._number(e)) for a, e in mono)
        return Mul(self._number(c), *powers)

    @staticmethod
    def _number(c: Fraction) -> Expr:
        return Rational(c.numerator, c.denominator)

    def index(self, idx: Idx) -> Expr:
        if not idx.name:
            return Integer(idx.offset)
        return self._symbol(idx.name) + idx.offset

    def _symbol(self, name: str) -> Any:
        if name not in self.symbols:
            letter = self.letters.pop(0)
            self.symbols[name] = Symbol(letter, integer=True, positive=True)
        return self.symbols[name]

    def _atom(self, a: Atom) -> Expr:
        x = a.data
        match a.kind:
            case "sym":
                return self._symbol(x[0])
            case "num":
                return Integer(x[0])
            case "ix":
                base = self.symbols.get(x[0]) or IndexedBase(x[0])
                return base[tuple(self.index(n) for n in x[1:])]
            case "exp":
                return exp(self._term(x[0], Fraction(1)))
            case "log":
                return log(self.expression(x[0]))
            case "pow":
                return Pow(self.expression(x[0]), self._term(x[1], Fraction(1)))
            case "big":
                return self.expression(x[0])
            case "delta":
                return delta(self.index(x[0]), self.index(x[1]))
            case "le":
                return Indicator(Le(self.index(x[0]), self.index(x[1])))
            case "fn":
                return Function(x[0])(*(self.expression(f) for f in x[1:]))
            case _:
                return self._ranged(a)

    def _ranged(self, a: Atom) -> Expr:
        spans, inner = a.data
        outer = {s.name: self.symbols.pop(s.name, None) for s in spans}
        for s in spans:
            self._symbol(s.name)
        body = self._term(inner, Fraction(1)) if a.kind == "sum" else self.expression(inner)
        node = Sum if a.kind == "sum" else Product
        for s in spans:
            body = node(body, self._limits(s), *(self.index(e) for e in s.excluded))
        for name, old in outer.items():
            letter = self.symbols.pop(name)
            self.letters.insert(0, str(letter))
            if old is not None:
                self.symbols[name] = old
        return body

    def _limits(self, s: Span) -> tuple[Expr, Expr, Expr]:
        return self._symbol(s.name), self.index(s.lower), self.index(s.upper)
