"""What is known where a bound index stands, kept apart from what is said of the same letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from sympy.core.function import AppliedUndef

from derive.kernel.facts import Context, DifferentIndex, Fact, Fixed, OneHot, SumsTo
from derive.kernel.language import Basic, Expr, Indexed, IndexedBase, Ranged, Symbol, fresh, walk
from derive.notation import base_of


def opened(expr: Ranged, context: Context, *avoid: Basic) -> tuple[Ranged, Context]:
    """A sum with what is known of its index inside it.

    The index gets another letter where facts, or what is to be avoided, speak of its own: they
    mean the free letter, or range over other values of it.
    """
    said = [e for fact in context.facts for e in parts_of(fact)]
    others: set[Basic] = set().union(*(e.atoms(Symbol) for e in (*said, *avoid)))
    if expr.index in others:
        expr = expr.rebound(fresh(expr.index, expr, *others, *context.ranges, *_names(context)))
    inner = context.with_range(expr.index, expr.lower, expr.upper)
    return expr, inner.with_facts(*(DifferentIndex(expr.index, e) for e in expr.excluded))


def parts_of(fact: Fact) -> Iterator[Expr]:
    """The symbols and expressions that a fact is made of."""
    for field in fields(fact):
        value: Any = getattr(fact, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Basic):
                yield part


def _names(context: Context) -> Iterator[Basic]:
    for quantity in context.quantities.values():
        yield quantity.symbol
    for definition in context.definitions:
        yield definition.lhs
        yield definition.body


def settings(facts: tuple[Fact, ...], context: Context) -> Iterator[Context]:
    """The contexts in which what rests on these facts alone must hold.

    With them, and beside what else is stated of values: a probability is below 1, but it may be 1
    where probabilities add up to 1, or one of them is given.
    """
    yield context.only_facts(facts)
    values = (SumsTo, OneHot, Fixed)
    widened = [f for f in context.facts if f in facts or isinstance(f, values)]
    if len(widened) > len(facts):
        yield context.only_facts(widened)


def names_behind(expr: Basic, context: Context) -> set[str]:
    """The names in an expression, and in the definitions that it uses."""
    found: set[str] = set()
    todo = [expr]
    while todo:
        for node in walk(todo.pop()):
            name = str(node.func if isinstance(node, AppliedUndef) else base_of(node))
            if (
                isinstance(node, Symbol | Indexed | IndexedBase | AppliedUndef)
                and name not in found
            ):
                found.add(name)
                todo += [d.body for d in context.definitions if str(d.name) == name]
    return found


def differ(index: Expr, other: Expr | None, context: Context) -> bool:
    """Whether two indices are stated to differ (an absent one differs from all)."""
    stated = [{f.left, f.right} for f in context.facts if isinstance(f, DifferentIndex)]
    return other is None or {index, other} in stated
