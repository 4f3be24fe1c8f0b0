"""A claim lhs = rhs in one case: sizes, and how the indices coincide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derive.errors import LanguageError
from derive.kernel.facts import (
    AtLeast,
    Context,
    Definition,
    DifferentIndex,
    Fact,
    Fixed,
    NotLess,
    OneHot,
    SameIndex,
    SumsTo,
)
from derive.kernel.language import Expr, Symbol, fresh, substitute
from derive.kernel.normal.indices import Indices, index_of
from derive.kernel.normal.memo import Memo
from derive.kernel.normal.normaliser import Normaliser
from derive.kernel.normal.putting import put
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
            if not left.free_symbols:
                raise LanguageError(f"{left} = {right} says nothing of an index")
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
            lhs=put(self.lhs, values),
            rhs=put(self.rhs, values),
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

    def normaliser(self, memo: Memo | None = None) -> Normaliser:
        """What reads this claim; ``memo`` is what claims of the same case have read."""
        indices = Indices({}, dict(self.least))
        norm = Normaliser(self.context, indices, memo=memo or Memo())
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

    facts: list[Fact] = []
    for f in context.facts:
        if isinstance(f, SumsTo):
            facts.append(SumsTo(f.base, put(f.total, values)))
        elif isinstance(f, OneHot):
            facts.append(OneHot(f.base, substitute(f.label, values)))
        elif isinstance(f, Fixed):
            facts.append(Fixed(substitute(f.component, values), put(f.value, values)))
        elif isinstance(f, NotLess):
            outer = {s: v for s, v in values.items() if s not in f.over}
            facts.append(replace(f, left=put(f.left, outer), right=put(f.right, outer)))
        else:
            facts.append(f)
    return replace(
        context,
        quantities={
            n: replace(q, shape=tuple(substitute(e, values) for e in q.shape))
            for n, q in context.quantities.items()
        },
        definitions=tuple(
            _specialised_definition(d, values) for d in context.definitions
        ),
        facts=tuple(facts),
        ranges={
            s: Range(substitute(r.lower, values), substitute(r.upper, values))
            for s, r in context.ranges.items()
            if s not in values
        },
    )


def _specialised_definition(d: Definition, values: Mapping[Symbol, Expr]) -> Definition:
    """A definition's own parameters are not the claim's indices of the same letter."""
    outside = {
        s: v for s, v in values.items() if s not in d.parameters and s in d.body.free_symbols
    }
    entering = {s for v in outside.values() for s in v.free_symbols}
    lhs, body = d.lhs, d.body
    for s in d.parameters:
        if s in entering and isinstance(s, Symbol):
            apart = {s: fresh(s, lhs, body, *outside.values())}
            lhs, body = substitute(lhs, apart), substitute(body, apart)
    return Definition(lhs, put(body, outside))


def shadows_dropped(context: Context, *exprs: Expr) -> Context:
    """Without declarations and ranges whose name these expressions use for another symbol."""
    bodies = [e for d in context.definitions for e in (d.lhs, d.body)]
    used = {str(s): s for e in (*exprs, *bodies) for s in e.atoms(Symbol) if not s.is_integer}
    ranges = {s: r for s, r in context.ranges.items() if used.get(str(s), s) == s}
    return replace(context.without_shadowed(*exprs, *bodies), ranges=ranges)
