"""What a claim rests on: declared quantities, definitions, facts, ranges of indices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sympy.core.function import AppliedUndef

from derive.errors import LanguageError
from derive.kernel.adopt import adopt
from derive.kernel.language import (
    Basic,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    Sum,
    Symbol,
    bound_indices,
    delta,
    free_indices,
    fresh,
    occurs,
    substitute,
)
from derive.notation import INDEX_RANGES, QUANTITIES, K, Quantity, Range, base_of


@dataclass(frozen=True)
class SumsTo:
    """Σ_k base_k = total over the last index (for every value of the indices before it)."""

    base: IndexedBase
    total: Expr = field(default_factory=lambda: Integer(1))


@dataclass(frozen=True)
class OneHot:
    """base_k = δ_{k,label}: all weight on one class."""

    base: IndexedBase
    label: Symbol


@dataclass(frozen=True)
class SameIndex:
    """i = j."""

    left: Expr
    right: Expr


@dataclass(frozen=True)
class DifferentIndex:
    """i ≠ j."""

    left: Expr
    right: Expr


@dataclass(frozen=True)
class Positive:
    """Every component of the quantity (or the scalar) is positive."""

    base: IndexedBase | Symbol


@dataclass(frozen=True)
class AtLeast:
    """A size is at least a number, for instance K ≥ 2."""

    size: Symbol
    value: int


@dataclass(frozen=True)
class Fixed:
    """One component has a known value, for instance η_K = 0."""

    component: Indexed
    value: Expr


@dataclass(frozen=True)
class NotLess:
    """left ≥ right (``strict``: left > right), for every value of the indices in ``over``.

    Where ``besides`` names an index, those indices do not take its value.
    """

    left: Expr
    right: Expr
    over: tuple[Symbol, ...] = ()
    strict: bool = False
    besides: Symbol | None = None


Fact = SumsTo | OneHot | SameIndex | DifferentIndex | Positive | AtLeast | Fixed | NotLess


def words(fact: Fact) -> str:
    """The fact in plain text."""
    match fact:
        case SumsTo(base, total):
            return f"Σ_k {base}_k = {total}"
        case OneHot(base, label):
            return f"{base} is one-hot at {label}"
        case SameIndex(left, right):
            return f"{left} = {right}"
        case DifferentIndex(left, right):
            return f"{left} ≠ {right}"
        case Positive(base):
            return f"{base} > 0"
        case AtLeast(size, value):
            return f"{size} ≥ {value}"
        case Fixed(component, value):
            where = ",".join(str(n) for n in component.indices)
            return f"{component.base}_{where} = {value}"
        case NotLess(left, right, over, strict, besides):
            every = f" for every {', '.join(map(str, over))}" if over else ""
            every += f" ≠ {besides}" if besides else ""
            return f"{left} {'>' if strict else '≥'} {right}{every}"


@dataclass(frozen=True)
class Definition:
    """``p_i := body``: a named quantity. ``lhs`` is a symbol, ``p[i]`` or ``f(x)``."""

    lhs: Expr
    body: Expr

    def __post_init__(self) -> None:
        if len(set(self.parameters)) != len(self.parameters):
            raise LanguageError(f"{self.lhs} repeats a parameter, so it defines only a diagonal")
        loose = free_indices(self.body) - set(self.parameters) - {K}
        loose -= {s for s in loose if s not in INDEX_RANGES}
        if loose:
            raise LanguageError(
                f"{self.lhs} := {self.body} has loose indices {sorted(map(str, loose))}",
                hint="every index on the right is a parameter on the left or bound by a sum",
            )

    @property
    def name(self) -> Expr:
        """The symbol or base (or function) that is defined."""
        return self.lhs.func if isinstance(self.lhs, AppliedUndef) else base_of(self.lhs)

    @property
    def parameters(self) -> tuple[Expr, ...]:
        if isinstance(self.lhs, Indexed):
            return tuple(s for s in self.lhs.indices if isinstance(s, Symbol))
        return tuple(self.lhs.args) if isinstance(self.lhs, AppliedUndef) else ()

    def defines(self, expr: Expr) -> bool:
        """Whether ``expr`` is an instance of the left side."""
        if isinstance(expr, AppliedUndef):
            return expr.func == self.name and len(expr.args) == len(self.lhs.args)
        if type(expr) is not type(self.lhs) or base_of(expr) != self.name:
            return False
        return not isinstance(expr, Indexed) or len(expr.indices) == len(self.lhs.indices)

    def applied(self, expr: Expr) -> Expr:
        """The body for this instance, its bound letters kept apart from the arguments."""
        given = expr.indices if isinstance(expr, Indexed) else expr.args
        own = self.lhs.indices if isinstance(self.lhs, Indexed) else self.lhs.args
        return substitute(self.body, dict(zip(own, given, strict=True)) if own else {})


@dataclass(frozen=True)
class Context:
    """Everything that a claim may use. Immutable; ``with_*`` give changed copies."""

    quantities: Mapping[str, Quantity] = field(
        default_factory=lambda: {s.name: s for s in QUANTITIES}
    )
    definitions: tuple[Definition, ...] = ()
    facts: tuple[Fact, ...] = ()
    ranges: Mapping[Symbol, Range] = field(default_factory=lambda: dict(INDEX_RANGES))

    def with_facts(self, *facts: Fact) -> Context:
        return replace(self, facts=(*self.facts, *facts))

    def only_facts(self, facts: Iterable[Fact]) -> Context:
        return replace(self, facts=tuple(facts))

    def with_definitions(self, *definitions: Definition) -> Context:
        for new in definitions:
            if occurs(new.lhs, new.body) or new.name in new.body.free_symbols:
                raise LanguageError(f"{new.lhs} is defined by itself: {new.body}")
        return replace(self, definitions=(*self.definitions, *definitions))

    def with_quantities(self, *quantities: Quantity) -> Context:
        return replace(self, quantities={**self.quantities, **{s.name: s for s in quantities}})

    def without_shadowed(self, *exprs: Basic) -> Context:
        """Without declarations whose name is used for another symbol in these expressions."""
        used = {s for e in exprs for s in e.atoms(Symbol, IndexedBase)}
        labels = {b.label for b in used if isinstance(b, IndexedBase)}
        names = {str(s): s for s in used - labels}
        kept = {n: q for n, q in self.quantities.items() if names.get(n, q.symbol) == q.symbol}
        return self if len(kept) == len(self.quantities) else replace(self, quantities=kept)

    def with_range(self, symbol: Symbol, lower: Expr, upper: Expr) -> Context:
        new = Range(adopt(lower), adopt(upper))
        return replace(self, ranges={**self.ranges, symbol: new})

    def definition_of(self, expr: Expr) -> Definition | None:
        """The definition that ``expr`` is an instance of."""
        return next((d for d in self.definitions if d.defines(expr)), None)

    def quantity(self, expr: Expr) -> Quantity | None:
        """The declaration of ``z[j]``, ``z`` or ``x``."""
        return self.quantities.get(str(base_of(expr)))

    def range_of(self, symbol: Symbol) -> Range | None:
        return self.ranges.get(symbol)

    def label_quantities(self) -> tuple[Quantity, ...]:
        """The quantities for which Σ = 1 is worth trying."""
        return tuple(q for q in self.quantities.values() if q.may_sum_to_one)


def fact_as_equation(fact: Fact, avoid: Expr | None = None) -> tuple[Expr, Expr] | None:
    """The two sides that a whole-vector fact equates, for printing and for rules."""
    k = Symbol("k", integer=True, positive=True)
    if avoid is not None and k in free_indices(avoid) | bound_indices(avoid):
        k = fresh(k, avoid)
    match fact:
        case SumsTo(base, total):
            return Sum(base[k], (k, 1, K)), total
        case OneHot(base, label):
            return base[k], delta(k, label)
        case Fixed(component, value):
            return component, value
        case _:
            return None
