"""The mathematical printer: every node of the language, set as a careful author would write it."""

from __future__ import annotations

from typing import Any

from sympy import Number, oo
from sympy.core.function import AppliedUndef

from derive.errors import DeriveError
from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Basic,
    Cases,
    Equation,
    Expr,
    Indexed,
    IndexedBase,
    Indicator,
    Integer,
    KroneckerDelta,
    Mul,
    Partial,
    Pow,
    Ranged,
    Rational,
    Relational,
    Sum,
    Symbol,
    exp,
    factorial,
    fresh,
    log,
)
from derive.kernel.matrices import Component, Diag, Entry, Eye, Kron, Ones, Outer, Pair, Vec
from derive.notation import INDEX_RANGES, ONE
from derive.render.order import factors, is_negative, terms
from derive.render.styles import Latex, Level, Piece, Plain, Style, subscript_text

USUAL = {str(index): span for index, span in INDEX_RANGES.items()}


def latex(expr: Basic, context: Context | None = None) -> str:
    """The expression in LaTeX; names come from the quantities of the context."""
    return Printer(Latex(), context).piece(expr).text


def plain(expr: Basic, context: Context | None = None) -> str:
    """The expression as one line of Unicode text."""
    return Printer(Plain(), context).piece(expr).text


class Printer:
    """Turns an expression into a piece of text in one style."""

    def __init__(
        self,
        style: Style,
        context: Context | None = None,
        bound: frozenset[Symbol] = frozenset(),
    ) -> None:
        self.style = style
        self.context = context
        self.bound = bound

    def piece(self, expr: Any) -> Piece:
        """The expression, set. Raises DeriveError for a node that the language has not got."""
        match expr:
            case Indexed():
                return self.style.subscript(self.name(expr.base), self.indices(expr.indices))
            case Symbol() | IndexedBase():
                return Piece(self.name(expr))
            case Number():
                return self._number(expr)
            case Add():
                return self._sum(expr)
            case Ranged():
                return self._ranged(expr)
            case exp():
                return self.style.exponential(self.piece(expr.args[0]))
            case Pow() | Mul():
                return self._product(expr)
            case log():
                return self._log(expr.args[0])
            case Partial():
                return self._partial(expr)
            case _:
                return self._small(expr)

    def _small(self, expr: Any) -> Piece:
        match expr:
            case KroneckerDelta():
                return self.style.subscript(self.style.name("delta"), self._delta(expr))
            case Indicator():
                return self.style.indicator(self.piece(expr.relation).text)
            case Cases():
                pairs = [(self.piece(f).text, self.piece(c).text) for f, c in expr.pairs]
                return self.style.cases(pairs)
            case factorial():
                return Piece(self._tight(expr.args[0]) + "!", Level.POWER)
            case Relational() | Equation():
                return self._relation(expr)
            case AppliedUndef():
                inner = [self.piece(a).text for a in expr.args]
                return Piece(self.style.special("call", self._named(expr.func.__name__), *inner))
            case _:
                return self._array(expr)

    def _array(self, expr: Any) -> Piece:
        special = self.style.special
        match expr:
            case Vec():
                bold = self.style.bold(self.name(expr.base))
                return (
                    self.style.subscript(bold, self.indices(expr.before))
                    if expr.before
                    else (Piece(bold))
                )
            case Ones():
                return Piece(special("ones"))
            case Eye():
                return Piece(special("eye"))
            case Diag():
                return Piece(special("diag", self.piece(expr.args[0]).text))
            case Outer():
                inner = [self._tight(a) for a in expr.args]
                return Piece(special("outer", *inner), Level.PRODUCT)
            case Kron():
                parts = [self.piece(a) for a in expr.args]
                bare = [p.text if p.level > Level.SUM else self.style.parens(p.text) for p in parts]
                return Piece(special("kron", *bare), Level.PRODUCT)
            case Pair():
                return Piece(subscript_text(self.indices(expr.args)))
            case Entry() | Component():
                base = self.style.parens(self.piece(expr.args[0]).text)
                return self.style.subscript(base, self.indices(expr.args[1:]))
            case _:
                raise DeriveError(
                    f"no way to write {type(expr).__name__}: {expr}",
                    hint="use the nodes of derive.kernel.language, or add the node to "
                    "derive/render/maths.py",
                )

    def name(self, symbol: Any) -> str:
        """The name of a symbol or base: the context's LaTeX, Greek letters otherwise."""
        return self._named(str(getattr(symbol, "name", None) or symbol.label))

    def _named(self, name: str) -> str:
        declared = self.context.quantities.get(name) if self.context else None
        if declared and declared.latex and isinstance(self.style, Latex):
            return declared.latex
        return self.style.name(name)

    def indices(self, indices: Any) -> list[str]:
        """Index places: compact, without spaces."""
        return [self.piece(i).text.replace(" ", "") for i in indices]

    def _delta(self, expr: KroneckerDelta) -> list[str]:
        def key(index: Expr) -> tuple[bool, bool, bool, bool, str]:
            text = str(index)
            return (
                isinstance(index, Add),
                not index.free_symbols,
                text[:1].isupper(),
                text[:1] not in "ijkl",
                text,
            )

        return self.indices(sorted(expr.args[:2], key=key))

    def _number(self, expr: Any) -> Piece:
        if expr == oo:
            return Piece(self.style.special("infinity"))
        if expr.is_negative:
            inner = self.piece(-expr)
            return Piece(self.style.minus + inner.text, Level.SUM, tall=inner.tall)
        if isinstance(expr, Integer):
            return Piece(str(expr))
        if isinstance(expr, Rational):
            return self.style.fraction(Piece(str(expr.p)), Piece(str(expr.q)))
        raise DeriveError(
            f"the number {expr} is not exact", hint="write decimals as Rational('0.5')"
        )

    def _sum(self, expr: Expr) -> Piece:
        text, tall = "", False
        for place, term in enumerate(terms(expr)):
            negative = is_negative(term)
            inner = self.piece(-term) if term.is_Number and negative else self._unsigned(term)
            body = self.style.parens(inner.text) if inner.level <= Level.SUM else inner.text
            tall = tall or inner.tall
            if place == 0:
                text = (self.style.minus if negative else "") + body
            else:
                text += f" {self.style.minus if negative else '+'} {body}"
        return Piece(text, Level.SUM, tall=tall)

    def _product(self, expr: Expr) -> Piece:
        inner = self._unsigned(expr)
        if not is_negative(expr):
            return inner
        body = self.style.parens(inner.text) if inner.level <= Level.SUM else inner.text
        return Piece(self.style.minus + body, Level.SUM, inner.open, inner.tall)

    def _unsigned(self, expr: Expr) -> Piece:
        """A product or power without its sign."""
        if isinstance(expr, exp) or not isinstance(expr, Mul | Pow):
            return self.piece(expr)
        found = factors(expr)
        if not found.denominator and len(found.numerator) == 1:
            [only] = found.numerator
            return self._power(only) if isinstance(only, Pow) else self.piece(only)
        if not found.denominator:
            return self._times([self.piece(f) for f in found.numerator])
        top = self._factors(found.numerator)
        pieces = [self.style.fraction(top, self._factors(found.denominator))]
        return self._times(pieces + [self.piece(f) for f in found.outside])

    def _factors(self, found: tuple[Expr, ...]) -> Piece:
        return self._times([self.piece(f) for f in found]) if found else Piece("1")

    def _times(self, pieces: list[Piece]) -> Piece:
        if len(pieces) == 1:
            return pieces[0]
        text = ""
        for place, piece in enumerate(pieces):
            last = place == len(pieces) - 1
            bare = piece.level > Level.SUM and (last or not piece.open)
            body = piece.text if bare else self.style.parens(piece.text)
            joint = self.style.special("join") if body[0].isdigit() else " "
            text += (joint if text else "") + body
        tall = any(p.tall for p in pieces)
        return Piece(text, Level.PRODUCT, pieces[-1].open and bare, tall)

    def _power(self, expr: Pow) -> Piece:
        base, exponent = expr.base, expr.exp
        if exponent == Rational(1, 2):
            return self.style.root(self.piece(base))
        return self.style.power(self.piece(base), self.piece(exponent))

    def _log(self, argument: Expr) -> Piece:
        inner = self.piece(argument)
        unit = isinstance(argument, Ranged | exp) or inner.level == Level.FRACTION
        return self.style.log(inner, unit or inner.level == Level.ATOM)

    def _ranged(self, expr: Ranged) -> Piece:
        if expr.index in self.bound:  # an inner sum takes a letter of its own
            expr = expr.rebound(fresh(expr.index, expr, *self.bound))
        kind = "sum" if isinstance(expr, Sum) else "prod"
        usual = USUAL.get(expr.index.name.rstrip("'"))
        is_usual = usual is not None and (expr.lower, expr.upper) == (ONE, usual.upper)
        ends: tuple[str, str] | None = (self.piece(expr.lower).text, self._end(expr.upper))
        if is_usual and expr.excluded:
            ends = None
        elif is_usual and isinstance(self.style, Plain):
            ends = ("", "")
        sign = self.style.big(kind, self.name(expr.index), ends, self.indices(expr.excluded))
        inner = Printer(self.style, self.context, self.bound | {expr.index})
        body = inner.piece(expr.body)
        text = body.text if body.level > Level.SUM else self.style.parens(body.text)
        return Piece(sign + text, Level.PRODUCT, open=True, tall=True)

    def _end(self, expr: Expr) -> str:
        return self.piece(expr).text.replace(" ", "")

    def _partial(self, expr: Partial) -> Piece:
        body: Expr = expr
        below: list[str] = []
        while isinstance(body, Partial):
            below.append(self.piece(body.var).text)
            body = body.expr
        if isinstance(body, Symbol | Indexed | AppliedUndef):
            return self.style.partial(self.piece(body), below)
        head, inner = self.style.partial(None, below), self.piece(body)
        bare = isinstance(body, Ranged | log | exp) or inner.level == Level.FRACTION
        text = inner.text if bare else self.style.parens(inner.text)
        return Piece(f"{head.text} {text}", Level.PRODUCT, open=True, tall=True)

    def _relation(self, expr: Any) -> Piece:
        sign = self.style.relations["==" if isinstance(expr, Equation) else expr.rel_op]
        text = f"{self.piece(expr.lhs).text} {sign} {self.piece(expr.rhs).text}"
        return Piece(text, Level.RELATION, tall=True)

    def _tight(self, expr: Expr) -> str:
        inner = self.piece(expr)
        return inner.text if inner.level == Level.ATOM else self.style.parens(inner.text)
