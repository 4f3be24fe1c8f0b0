"""A claim lhs = rhs in one case: sizes, and how the indices coincide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derive.kernel.facts import (
    AtLeast,
    Context,
    Definition,
    DifferentIndex,
    Fact,
    Fixed,
    SameIndex,
    SumsTo,
)
from derive.kernel.language import Expr, Symbol, substitute
from derive.kernel.normal.indices import Indices, index_of
from derive.kernel.normal.normaliser import Normaliser
from derive.notation import Range


@dataclass(frozen=True)
class Claim:
    """lhs = rhs in one case: what the sizes are at least, which indices differ."""

    lhs: Expr
    rhs: Expr
    context: Context
    least: Mapping[str, int] = field(default_factory=dict)
    different: frozenset[tuple[Expr, Expr]] = frozenset()
    ordered: tuple[tuple[Expr, Expr, bool], ...] = ()
    where: str = ""

    def under(self, fact: Fact) -> Claim:
        match fact:
            case SameIndex(left, right):
                return self.identified(left, right)
            case DifferentIndex(left, right):
                return replace(self, different=self.different | {(left, right)})
            case AtLeast(size, value):
                return replace(self, least={**self.least, size.name: value})
            case _:
                return self

    def identified(self, left: Expr, right: Expr) -> Claim:
        """The case left = right: one of the two is replaced, the one with the wider range."""
        if not isinstance(left, Symbol) or self._narrower(left, right):
            left, right = right, left
        if not isinstance(left, Symbol):
            offset = left - next(iter(left.free_symbols))
            left, right = left - offset, right - offset
        return self.specialised({left: right}, f"{left} = {right}")

    def _narrower(self, left: Expr, right: Expr) -> bool:
        if not isinstance(right, Symbol) or right not in self.context.ranges:
            return False
        if left not in self.context.ranges:
            return True
        a, b = self.context.ranges[left], self.context.ranges[right]
        return bool((b.upper - a.upper).is_nonnegative and (a.lower - b.lower).is_nonnegative) and (
            a != b
        )

    def specialised(self, values: Mapping[Symbol, Expr], where: str) -> Claim:
        return replace(
            self,
            lhs=substitute(self.lhs, values),
            rhs=substitute(self.rhs, values),
            context=specialised(self.context, values),
            different=frozenset(
                (substitute(a, values), substitute(b, values)) for a, b in self.different
            ),
            ordered=tuple(
                (substitute(a, values), substitute(b, values), t) for a, b, t in self.ordered
            ),
            where=f"{self.where}, {where}" if self.where else where,
        )

    @property
    def contradictory(self) -> bool:
        return any(a == b for a, b in self.different)

    def free(self) -> list[Symbol]:
        """The free indices and sizes, in a fixed order."""
        found = self.lhs.free_symbols | self.rhs.free_symbols
        for definition in self.context.definitions:
            if definition.name in found:
                found |= definition.body.free_symbols
        known = set(self.context.ranges)
        return sorted((s for s in found if s in known), key=str)

    def normaliser(self) -> Normaliser:
        indices = Indices({}, dict(self.least))
        norm = Normaliser(self.context, indices)
        for s, span in self.context.ranges.items():
            if span.lower == span.upper or s in (span.lower, span.upper):
                continue
            ends = (index_of(span.lower, {}, norm), index_of(span.upper, {}, norm))
            indices.ranges[str(s)] = ends
        for a, b in self.different:
            indices.differ(index_of(a, {}, norm), index_of(b, {}, norm))
        for a, b, truth in self.ordered:
            left, right = index_of(a, {}, norm), index_of(b, {}, norm)
            indices.ordered[left.moved(-left.offset), right.moved(-left.offset)] = truth
        return norm


def specialised(context: Context, values: Mapping[Symbol, Expr]) -> Context:
    """The context with sizes or indices replaced by values."""

    def put(e: Expr) -> Expr:
        return substitute(e, values)

    facts: list[Fact] = []
    for f in context.facts:
        if isinstance(f, SumsTo):
            facts.append(SumsTo(f.base, put(f.total)))
        elif isinstance(f, Fixed):
            facts.append(Fixed(put(f.component), put(f.value)))
        else:
            facts.append(f)
    return replace(
        context,
        quantities={
            n: replace(q, shape=tuple(put(e) for e in q.shape))
            for n, q in context.quantities.items()
        },
        definitions=tuple(
            Definition(d.lhs, substitute(d.body, _outside(d, values)))
            for d in context.definitions
        ),
        facts=tuple(facts),
        ranges={
            s: Range(put(r.lower), put(r.upper))
            for s, r in context.ranges.items()
            if s not in values
        },
    )


def _outside(d: Definition, values: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    """A definition's own parameters are not the claim's indices of the same letter."""
    return {s: v for s, v in values.items() if s not in d.parameters}
