"""What a function computes must be what its derivation is about.

The value of each result is a line of the derivation (its start or its conclusion, or a side of
them), or a quantity that it defines, or such a line of a derivation that it rests on; or it is
proved equal to one of these, by both routes, like any line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.kernel.check import check_equation
from derive.kernel.facts import Context
from derive.kernel.language import (
    Equation,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Partial,
    Ranged,
    Relational,
    Symbol,
    substitute,
)
from derive.kernel.matching import alike, match
from derive.kernel.matrices import scalars
from derive.kernel.step import FunctionSpec, Output
from derive.kernel.verdicts import Evidence, Recheck, Status, Verdict

if TYPE_CHECKING:
    from derive.kernel.derivation import Derivation


@dataclass(frozen=True)
class Tie:
    """One result of a function: what it was compared with, and how that came out.

    Without evidence the two are the same expression.
    """

    output: Output
    line: Expr
    evidence: Evidence | None = None


def ties(made: Derivation) -> Iterator[Tie]:
    """How each result of the function is tied to the derivation."""
    for output in made.function.outputs if made.function else ():
        yield _tie(made, output)


def _tie(made: Derivation, output: Output) -> Tie:
    value = scalars(output.value)
    lines = list(_lines(made))
    for line in (*lines, *_named(made.context, value)):
        if alike(value, line):
            return Tie(output, line)
    best: Tie | None = None
    for line in lines:
        tie = Tie(output, line, check_equation(line, value, made.context))
        assert tie.evidence is not None
        if tie.evidence.established:
            return tie
        best = best or tie
    if best is not None:
        return best
    why = "the derivation has no line that it could equal"
    return Tie(output, value, Evidence(Verdict(Status.UNDECIDED, why=why), Recheck(False, why=why)))


def _lines(made: Derivation) -> Iterator[Expr]:
    """Conclusion and start, and those of the derivations that the function rests on."""
    for source in (made, *made.grounds):
        for line in (source.conclusion, source.start):
            sides = (line.rhs, line.lhs) if isinstance(line, Equation) else (line,)
            yield from map(scalars, sides)


def _named(context: Context, value: Expr) -> Iterator[Expr]:
    """The defined quantities, by name or written out, at the indices of the value."""
    for definition in context.definitions:
        if definition.defines(value):
            yield value
        letters = frozenset(definition.parameters)
        found = match(definition.body, value, letters)
        if found is not None and set(found) == letters:
            yield substitute(definition.body, found)
        elif isinstance(definition.lhs, Indexed) or not letters:
            yield definition.body


def check_default(general: Derivation, public: Derivation) -> Evidence:
    """A general form with its options at their defaults is the public function, by both routes."""
    wide, narrow = general.function, public.function
    assert wide is not None
    assert narrow is not None
    defaults = {s: Integer(o.default) for s, o in wide.options.items()}
    evidence: Evidence | None = None
    for one, two in zip(wide.outputs, narrow.outputs, strict=True):
        letters = {a: b for a, b in zip(one.axes, two.axes, strict=True) if a != b}
        left = written_out(_bare(general.context, wide), scalars(one.value))
        left = substitute(left, {**defaults, **letters})
        right = written_out(_bare(public.context, narrow), scalars(two.value))
        evidence = check_equation(left, right, _bare(public.context, narrow))
        if not evidence.established:
            return evidence
    assert evidence is not None
    return evidence


def _bare(context: Context, spec: FunctionSpec) -> Context:
    """The context of a function's caller: nothing is assumed, and the arguments are given."""
    given = set(spec.arguments)
    kept = tuple(d for d in context.definitions if d.name not in given)
    return Context(context.quantities, kept, (), context.ranges)


def written_out(context: Context, expr: Expr) -> Expr:
    """The expression with every defined name written out."""
    definition = context.definition_of(expr)
    if definition is not None:
        return written_out(context, definition.applied(expr))
    if isinstance(expr, Indexed | Symbol | Relational | KroneckerDelta) or not expr.args:
        return expr
    if isinstance(expr, Partial):  # a ∂ by a name is by the name
        return Partial(written_out(context, expr.expr), expr.var)
    if isinstance(expr, Ranged):
        return expr.func(written_out(context, expr.body), *expr.args[1:])
    return expr.func(*(written_out(context, a) for a in expr.args))
