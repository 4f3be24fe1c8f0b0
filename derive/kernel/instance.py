"""An expression at one instance, in plain SymPy: nothing of the two proof routes is used.

Sums are written out, named quantities put in, and derivatives taken by SymPy's own ``diff`` on
scalars. The component z_2 is the symbol ``z_2``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy
from sympy.core.function import AppliedUndef

from derive.errors import LanguageError
from derive.kernel.facts import Context, Definition
from derive.kernel.language import (
    Cases,
    Expr,
    Indexed,
    IndexedBase,
    Indicator,
    Integer,
    Partial,
    Ranged,
    Relational,
    Sum,
    Symbol,
    substitute,
)
from derive.kernel.matrices import Array, scalars

MOST_TERMS = 1000


def at_instance(
    expr: Expr,
    context: Context,
    places: Mapping[Symbol, int],
    values: Mapping[str, Expr] | None = None,
) -> Expr:
    """The expression at these sizes and indices; ``values`` are put in last, by name."""
    here = scalars(expr) if expr.has(Array) else expr
    written = _Writer(context, places).write(here)
    known = values or {}
    return written.xreplace({s: known[s.name] for s in written.free_symbols if s.name in known})


def component_name(base: IndexedBase | str, place: tuple[int, ...]) -> str:
    """The name of one component: z_2, W_1,2."""
    return f"{base}_{','.join(map(str, place))}"


class _Writer:
    def __init__(self, context: Context, places: Mapping[Symbol, int]) -> None:
        self.context = context
        self.places = {s: Integer(n) for s, n in places.items()}

    def write(self, expr: Expr) -> Expr:
        expr = substitute(expr, self.places)
        match expr:
            case Ranged():
                return self._ranged(expr)
            case Partial():
                return self._partial(expr)
            case Cases():
                return self.write(next(f for f, c in expr.pairs if self._holds(c)))
            case Indicator():
                return Integer(int(self._holds(expr.relation)))
            case Indexed() | Symbol() | AppliedUndef():
                return self._quantity(expr)
        return expr.func(*map(self.write, expr.args)) if expr.args else expr

    def _ranged(self, expr: Ranged) -> Expr:
        low, high = (self._whole(e) for e in (expr.lower, expr.upper))
        out = {self._whole(e) for e in expr.excluded}
        if high - low > MOST_TERMS:
            raise LanguageError(f"{expr} has too many terms to be written out")
        terms = [self.write(expr.at(Integer(n))) for n in range(low, high + 1) if n not in out]
        return sympy.Add(*terms) if isinstance(expr, Sum) else sympy.Mul(*terms)

    def _partial(self, expr: Partial) -> Expr:
        """A name that is differentiated by is a variable: its definition is put in afterwards."""
        var, definition = expr.var, self.context.definition_of(expr.var)
        others = tuple(d for d in self.context.definitions if d is not definition)
        inner = _Writer(replace(self.context, definitions=others), {})
        inner.places = self.places
        held = inner.write(expr.expr).diff(inner.write(var))
        return self._put_in(held, definition) if definition else held

    def _put_in(self, held: Expr, definition: Definition) -> Expr:
        name = str(definition.name)
        values: dict[Symbol, Expr] = {}
        for s in held.free_symbols:
            stem, _, place = s.name.rpartition("_")
            if s.name == name:
                values[s] = self.write(definition.lhs)
            elif stem == name and place:
                places = tuple(map(int, place.split(",")))
                values[s] = self.write(definition.name[places])
        return held.xreplace(values)

    def _quantity(self, expr: Expr) -> Expr:
        definition = self.context.definition_of(expr)
        if definition is not None:
            return self.write(definition.applied(expr))
        if isinstance(expr, Indexed):
            place = tuple(map(self._whole, expr.indices))
            return Symbol(component_name(expr.base, place), **expr.base.assumptions0)
        if isinstance(expr, AppliedUndef):
            raise LanguageError(f"{expr} has no definition to be put in")
        return expr

    def _whole(self, expr: Expr) -> int:
        value = substitute(expr, self.places)
        if not value.is_Integer:
            raise LanguageError(f"the index {expr} has no value here")
        return int(value)

    def _holds(self, relation: Relational) -> bool:
        if not isinstance(relation, Relational):
            return bool(relation)
        left, right = (Integer(self._whole(e)) for e in (relation.lhs, relation.rhs))
        return bool(relation.func(left, right))
