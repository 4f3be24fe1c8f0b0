"""What the generated code takes for the letters that a numerical form leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import oo

from derive.codegen.program import Array, Placed, Span
from derive.kernel.language import (
    Add,
    Cases,
    Eq,
    Expr,
    Indexed,
    Mul,
    Ne,
    Ranged,
    Symbol,
    exp,
    substitute,
)

if TYPE_CHECKING:
    from derive.codegen.lower import Lowering


@dataclass(frozen=True)
class Choice:
    """A shift (the largest exponent of a sum) or a pivot (the index at which it stands).

    ``total`` is the sum of exponentials, ``parameters`` the indices that a shift carries, and
    ``finite`` asks for a shift of 0 where the largest exponent is +∞.
    """

    kind: str
    total: Expr
    parameters: tuple[Symbol, ...]
    finite: bool = False

    def lowered(self, low: Lowering, expr: Expr, env: Mapping[Symbol, Span]) -> Array:
        """The array of the letter."""
        if self.kind == "pivot":
            exponents, index = self._exponents(low, env)
            return low.work.reduce("argmax", exponents, index)
        given = expr.indices if isinstance(expr, Indexed) else ()
        total = substitute(self.total, dict(zip(self.parameters, given, strict=True)))
        top = _largest(low, total, env)
        return low.work.combine("finite_shift" if self.finite else "shift", top)

    def at(self, pivot: Symbol) -> Expr:
        """The exponent of the term that the pivot names."""
        assert isinstance(self.total, Ranged)
        return self.total.at(pivot).args[0]

    def top(self, low: Lowering, env: Mapping[Symbol, Span]) -> Array:
        """The largest exponent."""
        return _largest(low, self.total, env)

    def _exponents(self, low: Lowering, env: Mapping[Symbol, Span]) -> tuple[Array, Symbol]:
        assert isinstance(self.total, Ranged)
        return _exponents(low, self.total, env)


def _exponents(low: Lowering, total: Ranged, env: Mapping[Symbol, Span]) -> tuple[Array, Symbol]:
    """The exponents of Σ_k e^{f_k} as an array, and the index that runs through them."""
    index = low.letter(total.index, total, env)
    body = total.rebound(index).body
    power = Add(*(f.args[0] for f in Mul.make_args(body) if isinstance(f, exp)))
    for left_out in total.excluded:
        power = Cases((-oo, Eq(index, left_out)), (power, Ne(index, left_out)))
    array = low.scope(power, {**env, index: Span(total.lower, total.upper)})
    if index not in array.indices:
        array = _spread(low, array, index, Span(total.lower, total.upper))
    return array, index


def _spread(low: Lowering, array: Array, index: Symbol, span: Span) -> Array:
    indices = (*array.indices, index)
    spans = (*array.node.spans, span)
    placed = Placed(array.node, tuple(range(array.node.rank)))
    return Array(low.work.node("spread", (placed,), spans), indices)


def _largest(low: Lowering, total: Expr, env: Mapping[Symbol, Span]) -> Array:
    """The largest exponent in a sum of exponentials; a number counts as e⁰."""
    tops: list[Array] = []
    for term in Add.make_args(total):
        if isinstance(term, Ranged):
            tops.append(low.work.reduce("max", *_exponents(low, term, env)))
        else:
            power = term.args[0] if isinstance(term, exp) else Add()
            tops.append(low.scope(power, env))
    tops.sort(key=lambda a: a.node.op == "constant")
    return tops[0] if len(tops) == 1 else low.work.combine("maximum", *tops)


def freedom(kinds: set[str]) -> str:
    """What is left open, and what the code takes for it."""
    if "pivot" in kinds:
        return (
            " It holds for every shift s and every index l; the code takes the largest exponent "
            "and its place, or a shift of 0 where that is as good, which changes accuracy, never "
            "the value."
        )
    if "shift" in kinds:
        return (
            " It holds for every shift s; the code takes the largest exponent, or 0 where that "
            "is as good, which changes accuracy, never the value."
        )
    return ""
