"""The worked example: numbers put in, definitions evaluated, both sides compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import Rational

from derive.errors import DeriveError
from derive.kernel.derivation import Derivation
from derive.kernel.facts import Definition, DifferentIndex, NotLess, OneHot, SameIndex
from derive.kernel.language import (
    Expr,
    Indexed,
    Integer,
    Partial,
    Symbol,
    free_indices,
    walk,
)
from derive.kernel.matrices import component, entry, rank_of
from derive.kernel.step import WorkedExample
from derive.notation import Range, i, j
from derive.render.assumptions import definitions, parameter_ranges
from derive.render.maths import latex, plain
from derive.render.prose import Formula, Prose, prose
from derive.render.styles import visible
from derive.render.worked import Evaluator, decimal, written

ROW = 60  # signs
Cells = dict[tuple[int, ...], Any]


@dataclass(frozen=True)
class Example:
    """What is given, what the definitions then are, and the two sides of the result."""

    caption: Prose
    given: tuple[Formula, ...]
    defined: tuple[Formula, ...]
    left: tuple[Formula, ...]
    right: tuple[Formula, ...]
    left_how: str
    right_how: str


def example(derivation: Derivation, chosen: WorkedExample) -> Example:
    """Evaluate the definitions and both sides of the result."""
    run = _Run(derivation, chosen)
    lines = all(s.relation == "=" for s in derivation.steps)
    sides = (derivation.equation.lhs, derivation.equation.rhs) if lines else derivation.sides
    relation = "=" if lines else derivation.relation
    differences = any(isinstance(n, Partial) for n in walk(sides[0]))
    left, right = run.both(sides, relation)
    return Example(
        prose(chosen.caption),
        _gathered(run.given()),
        _gathered(f for d in definitions(derivation) for f in run.defined(d)),
        tuple(left),
        tuple(right),
        "by central differences of the definitions" if differences else "evaluated as it stands",
        _right_how(derivation, relation),
    )


def _right_how(derivation: Derivation, relation: str) -> str:
    if derivation.closing and relation == "=":
        return "as the last line has it"
    return {"=": "by the formula", "→": "the limit"}.get(relation, "the bound")


class _Run:
    """One evaluation of one derivation."""

    def __init__(self, derivation: Derivation, chosen: WorkedExample) -> None:
        self.derivation, self.chosen = derivation, chosen
        self.context = derivation.context
        self.number = Evaluator(self.context, {}, {}).value
        self.labels: dict[Symbol, int] = {}
        self.sizes: dict[Symbol, int] = {}
        values: dict[str, Cells] = {}
        for name, value in chosen.values.items():
            self._read(name, value, values)
        for fact in self.context.facts:
            if isinstance(fact, OneHot):
                self._one_hot(fact, values)
        self.evaluator = Evaluator(self.context, {**self.sizes, **self.labels}, values)

    def _read(self, name: str, value: Any, values: dict[str, Cells]) -> None:
        declared = self.context.quantities.get(name)
        if declared is None:
            raise DeriveError(f"{self.derivation.name}: the example names {name}, not declared")
        cells = dict(_cells(value))
        if isinstance(declared.symbol, Symbol) and declared.symbol.is_integer:
            self.labels[declared.symbol] = int(cells[()])
            return
        for axis, extent in enumerate(declared.shape):
            count = max(point[axis] for point in cells)
            for size in extent.free_symbols:
                self.sizes[size] = int(count - (extent - size))
        values[name] = {p: self.number(v) for p, v in cells.items()}

    def _one_hot(self, fact: OneHot, values: dict[str, Cells]) -> None:
        """The label from the targets, or the targets from the label."""
        name = str(fact.base)
        if name in values:
            self.labels[fact.label] = next(p[-1] for p, v in values[name].items() if v == 1)
            return
        label = self.labels.get(fact.label)
        declared = self.context.quantity(fact.base)
        if label is None or not declared:
            raise DeriveError(
                f"{self.derivation.name}: the worked example gives neither {fact.label} nor {name}"
            )
        places = range(1, self.sizes[declared.shape[-1]] + 1)
        values[name] = {(n,): self.number(Integer(n == label)) for n in places}

    def given(self) -> Iterable[Formula]:
        """The numbers as the author wrote them, and the sizes that follow."""
        for name, value in self.chosen.values.items():
            symbol = self.context.quantities[name].symbol
            yield _shown(latex(symbol, self.context), plain(symbol), dict(_cells(value, written)))
        for size, number in {**self.labels, **self.sizes}.items():
            if str(size) in self.chosen.values:
                continue
            yield Formula(f"{latex(size, self.context)} = {number}", f"{size} = {number}")

    def defined(self, definition: Definition) -> Iterable[Formula]:
        """The values of one named quantity; functions have none."""
        if isinstance(definition.lhs, Indexed):
            axes = [s for s in definition.lhs.indices if s in definition.body.free_symbols]
            spans = parameter_ranges(definition, self.context)
            head = definition.lhs.base if len(axes) == len(definition.lhs.indices) else None
        elif isinstance(definition.lhs, Symbol):
            axes, head, spans = [], definition.lhs, {}
        else:
            return
        symbol = head or definition.lhs
        axes = [s for s in axes if s not in self.sizes]
        yield _shown(
            latex(symbol, self.context),
            plain(symbol, self.context),
            _decimals(self._table(definition.lhs, axes, spans)),
        )

    def both(
        self, sides: tuple[Expr, Expr], relation: str
    ) -> tuple[list[Formula], list[Formula]]:
        """Both sides at every value of the free indices. Raises where the relation fails."""
        lhs, rhs = (_as_scalar(s) for s in sides)
        known = {*self.sizes, *self.labels}
        axes = sorted((free_indices(lhs) | free_indices(rhs)) - known, key=str)
        axes = [s for s in axes if self.context.range_of(s)]
        tables = [self._table(side, axes) for side in (lhs, rhs)]
        for point, left in tables[0].items():
            if not _related(left, relation, tables[1][point]):
                differ = "differ" if relation == "=" else f"are not {relation}"
                raise DeriveError(
                    f"{self.derivation.name}: in the worked example the sides {differ} at {point}: "
                    f"{decimal(left, 8)} and {decimal(tables[1][point], 8)}"
                )
        shown = zip(sides, tables, strict=True)
        left, right = ([*self._slices(side, axes, table)] for side, table in shown)
        return left, right

    def _table(
        self, expr: Expr, axes: list[Symbol], spans: Mapping[Symbol, Range] | None = None
    ) -> Cells:
        points = self._points(axes, spans or {})
        of_line = spans is None  # what is assumed of indices is about those of the lines
        allowed = (
            p for p in points
            if not of_line or self._allowed(dict(zip(axes, p, strict=True)))
        )  # fmt: skip
        return {p: self.evaluator.value(expr, dict(zip(axes, p, strict=True))) for p in allowed}

    def _points(
        self, axes: Sequence[Symbol], spans: Mapping[Symbol, Range]
    ) -> Iterable[tuple[int, ...]]:
        ranges = []
        for axis in axes:
            span = spans.get(axis) or self.context.range_of(axis)
            assert span is not None
            bounds = (self.evaluator.value(e) for e in (span.lower, span.upper))
            low, high = (int(b) for b in bounds)
            ranges.append(range(low, high + 1))
        return product(*ranges)

    def _allowed(self, at: Mapping[Symbol, int]) -> bool:
        """Whether the facts about indices hold at this place."""
        for fact in self.context.facts:
            if isinstance(fact, SameIndex | DifferentIndex):
                sides = [self._place(e, at) for e in (fact.left, fact.right)]
                if None not in sides and (sides[0] == sides[1]) != isinstance(fact, SameIndex):
                    return False
            if isinstance(fact, NotLess) and not self._ordered(fact, at):
                return False
        return True

    def _ordered(self, fact: NotLess, at: Mapping[Symbol, int]) -> bool:
        """Whether an assumed order holds at this place; what it does not reach is allowed."""
        places = {**self.sizes, **self.labels, **at}
        difference = fact.left - fact.right
        beside = {fact.besides} - {None}
        if not (free_indices(difference) | beside) - set(fact.over) <= set(places):
            return True
        for values in self._points(fact.over, {}):
            if fact.besides is not None and places.get(fact.besides) in values:
                continue
            here = {**places, **dict(zip(fact.over, values, strict=True))}
            value = self.evaluator.value(difference, here)
            if value < 0 or (fact.strict and value == 0):
                return False
        return True

    def _place(self, index: Expr, at: Mapping[Symbol, int]) -> int | None:
        places = {**self.sizes, **self.labels, **at}
        if not index.free_symbols <= set(places):
            return None
        return int(index.subs(places))

    def _slices(self, side: Expr, axes: list[Symbol], table: Cells) -> Iterable[Formula]:
        """Scalars, vectors and matrices in one formula; three indices as one matrix each."""
        tex, text = latex(side, self.context), plain(side, self.context)
        if side.is_Integer:
            yield Formula(tex, text)
            return
        if not rank_of(side) and axes:
            names = ",".join(latex(s, self.context) for s in axes)
            tex = rf"\left[{tex}\right]_{{{names}}}"
        if len(axes) <= 2:
            yield _shown(tex, text, _decimals(table))
            return
        for first in sorted({p[:-2] for p in table}):
            part = {p[-2:]: v for p, v in table.items() if p[:-2] == first}
            where = ", ".join(f"{s} = {n}" for s, n in zip(axes, first, strict=False))
            yield _shown(rf"{tex} \;\; \left({where}\right)", f"{text} ({where})", _decimals(part))


def _related(left: Any, relation: str, right: Any) -> bool:
    scale = 1 + abs(right)
    match relation:
        case "=":
            return bool(abs(left - right) <= 10**-12 * scale)
        case "→":
            return bool(abs(left - right) <= scale / 50)
        case ">" | "≥":
            return bool(left > right or (relation == "≥" and left == right))
        case _:
            return bool(left < right or (relation == "≤" and left == right))


def _gathered(formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """Short formulas side by side."""
    rows: list[Formula] = []
    for new in formulas:
        wide = (rows and visible(rows[-1].latex + new.latex) > ROW) or "\n" in new.plain
        if not rows or wide or "\n" in rows[-1].plain:
            rows.append(new)
        else:
            old = rows[-1]
            rows[-1] = Formula(rf"{old.latex}, \qquad {new.latex}", f"{old.plain},   {new.plain}")
    return tuple(rows)


def _as_scalar(side: Expr) -> Expr:
    """A vector or matrix as its general component."""
    rank = rank_of(side)
    return side if rank == 0 else component(side, i) if rank == 1 else entry(side, i, j)


def _cells(value: Any, kind: Any = Rational) -> Iterable[tuple[tuple[int, ...], Any]]:
    if not isinstance(value, tuple | list):
        yield (), kind(value)
        return
    for place, inner in enumerate(value, start=1):
        for point, number in _cells(inner, kind):
            yield (place, *point), number


def _decimals(table: Cells) -> dict[tuple[int, ...], str]:
    return {point: decimal(value) for point, value in table.items()}


def _shown(tex: str, text: str, cells: Mapping[tuple[int, ...], str]) -> Formula:
    """``name = number``, a row of numbers, or a matrix; places that the facts rule out are dots."""
    rank = len(next(iter(cells), ()))
    if rank == 0:
        return Formula(f"{tex} = {cells[()]}", f"{text} = {_minus(cells[()])}")
    if rank == 1:
        row = [cells[p] for p in sorted(cells)]
        latex_row = r"\left(" + r",\ ".join(row) + r"\right)"
        return Formula(f"{tex} = {latex_row}", f"{text} = ({', '.join(map(_minus, row))})")
    rows = sorted({p[0] for p in cells})
    columns = sorted({p[1] for p in cells})
    body = [[cells.get((r, c), "") for c in columns] for r in rows]
    matrix = r" \\ ".join(" & ".join(x or r"\cdot" for x in row) for row in body)
    width = max(len(x) for row in body for x in row)
    lines = ["  [ " + "  ".join(_minus(x or "·").rjust(width) for x in row) + " ]" for row in body]
    return Formula(
        rf"{tex} = \begin{{pmatrix}} {matrix} \end{{pmatrix}}", "\n".join([f"{text} =", *lines])
    )


def _minus(number: str) -> str:
    return number.replace("-", "−")
