"""What a derivation assumes, and the notation that it uses, as words and formulas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from derive.kernel.derivation import Derivation
from derive.kernel.facts import (
    AtLeast,
    Context,
    Definition,
    DifferentIndex,
    Fact,
    OneHot,
    Positive,
    SameIndex,
    SumsTo,
    fact_as_equation,
)
from derive.kernel.language import (
    Basic,
    Eq,
    Equation,
    Expr,
    Ge,
    Gt,
    Indexed,
    IndexedBase,
    Integer,
    Ne,
    Ranged,
    Symbol,
    free_indices,
    walk,
)
from derive.notation import Domain, Quantity, Range, k
from derive.render.maths import latex, plain
from derive.render.prose import Formula, Prose

DOMAINS = {
    Domain.REAL: "real",
    Domain.POSITIVE: "positive",
    Domain.NONNEGATIVE: "not negative",
    Domain.UNIT: "between 0 and 1",
    Domain.COUNT: "a count 0, 1, 2, …",
    Domain.LABEL: "a whole number, at least 1",
}


@dataclass(frozen=True)
class Row:
    """One line of the notation table."""

    symbol: Formula
    meaning: str
    domain: str
    shape: Formula | None


def formula(expr: Basic, context: Context) -> Formula:
    """The expression in both notations."""
    return Formula(latex(expr, context), plain(expr, context))


def definition(found: Definition, context: Context) -> Formula:
    """``name := body``."""
    left, right = formula(found.lhs, context), formula(found.body, context)
    return Formula(f"{left.latex} := {right.latex}", f"{left.plain} := {right.plain}")


def fact_formula(found: Fact, context: Context) -> Formula:
    """The fact as a formula."""
    relation: Any
    match found:
        case SameIndex(left, right):
            relation = Eq(left, right, evaluate=False)
        case DifferentIndex(left, right):
            relation = Ne(left, right, evaluate=False)
        case Positive(base):
            component = base[k] if isinstance(base, IndexedBase) else base
            relation = Gt(component, 0, evaluate=False)
        case AtLeast(size, value):
            relation = Ge(size, Integer(value), evaluate=False)
        case _:
            sides = fact_as_equation(found)
            assert sides is not None
            relation = Equation(*sides)
    return formula(relation, context)


def fact(found: Fact, context: Context) -> Prose:
    """The fact as a sentence."""
    shown = fact_formula(found, context)
    if isinstance(found, SumsTo | OneHot):
        declared = context.quantity(found.base)
        name = declared.meaning if declared else "components"
        verb = " sum to their total: " if isinstance(found, SumsTo) else " mark one class: "
        return (f"The {name}{verb}", shown, ".")
    return ("Assumed: ", shown, ".")


def expressions(derivation: Derivation) -> Iterable[Basic]:
    """Every line and both sides of every definition."""
    yield derivation.start
    for step in derivation.steps:
        yield step.after
    for found in derivation.definitions:
        yield from (found.lhs, found.body)


def notation(derivation: Derivation) -> tuple[Row, ...]:
    """The declared quantities that occur, in the order of the notation."""
    context = derivation.context
    used: set[str] = set()
    for expr in expressions(derivation):
        for node in walk(expr):
            if isinstance(node, Indexed):
                used.add(str(node.base))
            elif isinstance(node, Symbol | IndexedBase):
                used.add(str(node))
            elif isinstance(node, Ranged):
                used |= {str(s) for s in (node.upper.free_symbols | node.lower.free_symbols)}
    for _, span in index_ranges(derivation):
        used |= {str(s) for s in span.lower.free_symbols | span.upper.free_symbols}
    return tuple(_row(q, context) for q in context.quantities.values() if q.name in used)


def _row(quantity: Quantity, context: Context) -> Row:
    shape = None
    if quantity.shape:
        sizes = [formula(s, context) for s in quantity.shape]
        shape = Formula(
            r" \times ".join(s.latex for s in sizes), " × ".join(s.plain for s in sizes)
        )
    symbol = formula(quantity.symbol, context)
    return Row(symbol, quantity.meaning, DOMAINS[quantity.domain], shape)


def index_ranges(derivation: Derivation) -> list[tuple[list[Symbol], Range]]:
    """The free indices of the lines, grouped by their range."""
    known = derivation.context.ranges
    labels = {q.symbol for q in derivation.context.quantities.values()}
    labels -= {s for d in derivation.definitions for s in d.parameters}
    labels |= {f.label for f in derivation.facts if isinstance(f, OneHot)}
    found: set[Symbol] = set()
    for expr in expressions(derivation):
        found |= {s for s in free_indices(expr) if s in known and s not in labels}
    groups: dict[Range, list[Symbol]] = {}
    for symbol in sorted(found, key=str):
        groups.setdefault(known[symbol], []).append(symbol)
    return [(symbols, span) for span, symbols in groups.items()]


def ranges(derivation: Derivation) -> Iterable[Prose]:
    """``i, j run over 1, …, K.``"""
    context = derivation.context
    for symbols, span in index_ranges(derivation):
        names = [formula(s, context) for s in symbols]
        which = Formula(r",\ ".join(n.latex for n in names), ", ".join(n.plain for n in names))
        low, high = (formula(e, context) for e in (span.lower, span.upper))
        run = Formula(rf"{low.latex}, \dots, {high.latex}", f"{low.plain}, …, {high.plain}")
        verb = " run over " if len(names) > 1 else " runs over "
        yield (which, verb, run, ".")


def least_size(facts: tuple[Fact, ...], size: Expr) -> int:
    """The smallest value of a size that the facts allow."""
    return max([1, *(f.value for f in facts if isinstance(f, AtLeast) and f.size == size)])
