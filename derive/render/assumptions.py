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
    NotLess,
    OneHot,
    Positive,
    SameIndex,
    SumsTo,
    fact_as_equation,
)
from derive.kernel.induction import Induction
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
from derive.notation import ONE, Domain, Quantity, Range, k
from derive.render.maths import latex, plain
from derive.render.prose import Formula, Prose

DOMAINS = {
    Domain.REAL: "real",
    Domain.POSITIVE: "positive",
    Domain.NONNEGATIVE: "not negative",
    Domain.UNIT: "positive, at most 1",
    Domain.COUNT: "a count 0, 1, 2, …",
    Domain.LABEL: "a whole number, at least 1",
    Domain.SIGN: "1 or −1",
}


@dataclass(frozen=True)
class Row:
    """One line of the notation table."""

    symbol: Formula
    meaning: str
    domain: str
    shape: Formula | None
    defined: bool = False


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
        case NotLess(left, right, _, strict, _):
            relation = (Gt if strict else Ge)(left, right, evaluate=False)
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
        name = declared.meaning.partition(":")[0] if declared else "components"
        if isinstance(found, OneHot):
            return (f"The {name} mark one class: ", shown, ".")
        total = formula(found.total, context)
        many = name.endswith("s")
        head = f"The {name} sum to " if many else f"The components of the {name} sum to "
        return (head, total if found.total.free_symbols else total.plain, ": ", shown, ".")
    return ("Assumed: ", shown, *quantified(found, context), ".")


def quantified(found: Fact, context: Context) -> Prose:
    """For which indices an order holds, if not only for those of the statement."""
    if not isinstance(found, NotLess) or not found.over:
        return ()
    if found.besides is not None:
        return (" for every ", formula(Ne(found.over[0], found.besides, evaluate=False), context))
    names = ", ".join(latex(s, context) for s in found.over)
    return (" for every ", Formula(names, ", ".join(plain(s, context) for s in found.over)))


def expressions(derivation: Derivation) -> Iterable[Basic]:
    """Every line and both sides of every definition that is shown."""
    yield from _lines(derivation)
    for found in definitions(derivation):
        yield from (found.lhs, found.body)


def _lines(derivation: Derivation) -> Iterable[Basic]:
    yield derivation.start
    for step in derivation.steps:
        yield step.after
        if isinstance(step.proof, Induction):
            yield from (case.body for case in step.proof.recursion.cases)


def recursions(derivation: Derivation) -> Iterable[Prose]:
    """What a quantity is that is defined by how a structure is put together."""
    for step in derivation.steps:
        if isinstance(step.proof, Induction):
            of = step.proof.recursion
            for case in of.cases:
                made = Definition(of.value, case.body)
                shown = definition(made, derivation.context)
                yield (f"For {case.name} of a {of.structure}: ", shown, ".")


def definitions(derivation: Derivation) -> tuple[Definition, ...]:
    """The definitions that the lines rest on: others are there for derivations that are cited."""
    seen = list(_lines(derivation))
    used: set[Definition] = set()
    while True:
        new = {d for d in derivation.definitions if d not in used and _mentions(seen, d)}
        if not new:
            return tuple(d for d in derivation.definitions if d in used)
        used |= new
        seen = [d.body for d in new]


def _mentions(seen: Iterable[Basic], definition: Definition) -> bool:
    name = definition.name
    return any(definition.defines(node) or node == name for expr in seen for node in walk(expr))


def notation(derivation: Derivation) -> tuple[Row, ...]:
    """The declared quantities that occur, in the order of the notation."""
    context = derivation.context
    used: set[str] = set()
    components: set[str] = set()  # an index may have the letter of a vector
    for expr in expressions(derivation):
        for node in walk(expr):
            if isinstance(node, Indexed):
                components.add(str(node.base))
            elif isinstance(node, Symbol | IndexedBase):
                used.add(str(node))
            elif isinstance(node, Ranged):
                used |= {str(s) for s in (node.upper.free_symbols | node.lower.free_symbols)}
    for _, span, _ in index_ranges(derivation):
        used |= {str(s) for s in span.lower.free_symbols | span.upper.free_symbols}
    found = [q for q in context.quantities.values() if q.name in used | components]
    used |= {str(s) for q in found for n in q.shape for s in n.free_symbols}
    used -= {str(s) for s in context.ranges} - {str(s) for s in labels(derivation)}
    used |= components
    named = {str(d.name) for d in definitions(derivation)}
    return tuple(
        _row(q, context, q.name in named) for q in context.quantities.values() if q.name in used
    )


def labels(derivation: Derivation) -> set[Symbol]:
    """The class labels: given values, where the other indices run."""
    marked = {f.label for f in derivation.facts if isinstance(f, OneHot)}
    free = {s for e in _lines(derivation) for s in free_indices(e)}
    declared = {q.symbol for q in derivation.context.quantities.values()}
    parameters = {s for d in derivation.definitions for s in d.parameters}
    return marked | ((free & declared) - parameters)


def _row(quantity: Quantity, context: Context, defined: bool) -> Row:
    shape = None
    if quantity.shape:
        sizes = [formula(s, context) for s in quantity.shape]
        shape = Formula(
            r" \times ".join(s.latex for s in sizes), " × ".join(s.plain for s in sizes)
        )
    symbol = formula(quantity.symbol, context)
    span = context.ranges.get(quantity.symbol)
    domain = "defined above" if defined else DOMAINS[quantity.domain]
    if span and quantity.domain is Domain.LABEL:
        low, high = (plain(end, context) for end in (span.lower, span.upper))
        domain = f"a whole number from {low} to {high}"
    return Row(symbol, quantity.meaning, domain, shape, defined)


def index_ranges(derivation: Derivation) -> list[tuple[list[Symbol], Range, Definition | None]]:
    """The free indices of the lines and of the definitions, grouped by their range.

    Where a letter has one range in a definition and another in the lines, both are listed, the
    former with its definition.
    """
    context = derivation.context
    own = labels(derivation)
    free = {s for e in _lines(derivation) for s in free_indices(e) if s in context.ranges}
    runs = {s: context.ranges[s] for s in free - own}
    groups: dict[tuple[Range, Definition | None], set[Symbol]] = {}
    for symbol, span in runs.items():
        groups.setdefault((span, None), set()).add(symbol)
    for found in definitions(derivation):
        for symbol, span in parameter_ranges(found, context).items():
            place = None if runs.setdefault(symbol, span) == span else found
            groups.setdefault((span, place), set()).add(symbol)
    ordered = [(sorted(symbols, key=str), *key) for key, symbols in groups.items()]
    return sorted(ordered, key=lambda g: (g[2] is not None, str(g[0][0])))


def parameter_ranges(found: Definition, context: Context) -> dict[Symbol, Range]:
    """What the indices of a defined component run over: the declared shape says so."""
    if not isinstance(found.lhs, Indexed):
        return {}
    declared = context.quantity(found.lhs)
    shape = declared.shape if declared else ()
    spans: dict[Symbol, Range] = {}
    for place, symbol in enumerate(found.lhs.indices):
        if not isinstance(symbol, Symbol):
            continue
        if place < len(shape):
            spans[symbol] = Range(ONE, shape[place])
        elif symbol in context.ranges:
            spans[symbol] = context.ranges[symbol]
    return spans


def ranges(derivation: Derivation) -> Iterable[Prose]:
    """``i, j run over 1, …, K.``"""
    context = derivation.context
    for symbols, span, place in index_ranges(derivation):
        names = [formula(s, context) for s in symbols]
        which = Formula(r",\ ".join(n.latex for n in names), ", ".join(n.plain for n in names))
        low, high = (formula(e, context) for e in (span.lower, span.upper))
        between = span.upper - span.lower != 1
        dots, sign = (r" \dots,", " …,") if between else ("", "")
        run = Formula(rf"{low.latex},{dots} {high.latex}", f"{low.plain},{sign} {high.plain}")
        verb = " run over " if len(names) > 1 else " runs over "
        where = (" in the definition of ", formula(place.lhs, context)) if place else ()
        yield (which, verb, run, *where, ".")


def least_size(facts: tuple[Fact, ...], size: Expr) -> int:
    """The smallest value of a size that the facts allow."""
    return max([1, *(f.value for f in facts if isinstance(f, AtLeast) and f.size == size)])
