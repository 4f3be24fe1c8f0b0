"""The letters that a numerical form leaves open: shifts, places of a maximum, shifted copies."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count

from derive.codegen.choices import Choice
from derive.codegen.formula import letter
from derive.codegen.patterns import canonical, parameters
from derive.kernel.derivation import Builder
from derive.kernel.facts import Context, Definition
from derive.kernel.language import (
    Equation,
    Expr,
    Indexed,
    IndexedBase,
    Ranged,
    Symbol,
    exp,
    fresh,
)
from derive.kernel.step import FunctionSpec
from derive.notation import Quantity, i, j, k, l, shift
from derive.rules.stability import common_divisor


@dataclass
class Letters:
    """A numerical form in the making, and what it introduces."""

    spec: FunctionSpec
    builder: Builder
    source: Context
    choices: dict[Expr, Choice] = field(default_factory=dict)
    shifts: dict[Expr, Expr] = field(default_factory=dict)

    @property
    def line(self) -> Expr:
        line = self.builder.lines[-1]
        assert not isinstance(line, Equation)
        return line

    def shift_for(self, inner: Expr) -> Expr:
        """The shift of a sum of exponentials: one letter for each sum, indexed where it must be."""
        key = canonical(inner)
        if key not in self.shifts:
            factor = common_divisor(inner)
            name = self._free_name()
            ordered = tuple(sorted(parameters(inner, self.spec, self.builder.context), key=str))
            symbol = IndexedBase(name, real=True) if ordered else Symbol(name, real=True)
            shape = tuple(self.builder.context.ranges[s].upper for s in ordered)
            self.builder.quantity(
                Quantity(symbol, "a real number, free to choose", shape=shape, latex=name)
            )
            self.choices[symbol] = Choice("shift", _without(inner, factor), ordered)
            self.shifts[key] = factor * (symbol[ordered] if ordered else symbol)
        return self.shifts[key]

    def _free_name(self) -> str:
        """s, s', s'', … : the first that names neither a quantity of the line nor a shift."""
        names = {str(s) for s in (*self.line.atoms(Symbol), *self.spec.arguments, *self.choices)}
        return next(n for n in (shift.name + "'" * c for c in count()) if n not in names)

    def pivot(self, inner: Ranged) -> Symbol:
        """The place of the largest term of a sum of exponentials."""
        total = _without(inner, common_divisor(inner))
        for symbol, choice in self.choices.items():
            if isinstance(symbol, Symbol) and choice == Choice("pivot", total, ()):
                return symbol
        pivot = self._letter(inner)
        self.builder.range(pivot, inner.lower, inner.upper)
        self.choices[pivot] = Choice("pivot", total, ())
        return pivot

    def _letter(self, inner: Expr) -> Symbol:
        """An index letter that the line does not use."""
        labels = {b.label for b in self.line.atoms(IndexedBase)}
        given = (*self.spec.axes, *self.spec.arguments, *self.choices)
        taken = (*self.line.atoms(Symbol), *labels, *given)
        names = {str(s) for s in taken}
        return next((s for s in (l, j, i, k) if str(s) not in names), fresh(l, *taken))

    def copy_of(self, definition: Definition, body: Expr) -> Expr:
        """A copy of a named quantity, defined by a body of its own."""
        old = definition.name
        name = f"{letter(old)}\N{COMBINING TILDE}"
        like = IndexedBase if isinstance(old, IndexedBase) else Symbol
        known = self.builder.context.quantity(old)
        copy = like(name, **(old.label.assumptions0 if like is IndexedBase else old.assumptions0))
        if known is not None:
            latex = rf"\tilde{{{known.latex or old}}}"
            meaning = f"{known.meaning}, computed with shifted exponentials"
            self.builder.quantity(replace(known, symbol=copy, latex=latex, meaning=meaning))
        lhs = copy[definition.lhs.indices] if isinstance(definition.lhs, Indexed) else copy
        self.builder.define(lhs, body)
        return copy


def _without(total: Expr, factor: Expr) -> Expr:
    """The sum of exponentials with exponents freed of a positive factor: as large in order."""
    if factor == 1:
        return total
    return total.replace(lambda e: isinstance(e, exp), lambda e: exp(e.args[0] / factor))
