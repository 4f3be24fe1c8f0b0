"""The instances of a claim: sizes, index values and points that satisfy its conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from random import Random
from typing import Any

from derive.kernel.explicit.arithmetic import ExactArithmetic, SampleArithmetic
from derive.kernel.explicit.constraints import Constraints
from derive.kernel.explicit.evaluate import Compiler
from derive.kernel.explicit.exact import TooBig, Undefined, Unsupported
from derive.kernel.explicit.points import Indices, Key, Point, Sizes, State, value_of
from derive.kernel.explicit.sampling import Generic, Role, Sampler, Variant, roles
from derive.kernel.facts import (
    AtLeast,
    Context,
    DifferentIndex,
    Fact,
    Fixed,
    NotLess,
    OneHot,
    SameIndex,
    SumsTo,
)
from derive.kernel.language import Expr, Indexed, Symbol, walk
from derive.kernel.matrices import Component, Entry, rank_of
from derive.notation import ONE, Domain, K, Range

_POINTS, _SAMPLES, _TRIES = 3, 2, 8
_OTHER_SIZES = ((2, 3), (1, 2), (3, 1))
_BESIDE = {3: (2, 3), 4: (3, 2)}  # every size is small somewhere, and each pair is covered


class Claim:
    """Compiled expressions with the symbols, facts and roles of what they mention."""

    def __init__(
        self, sides: Sequence[Expr], context: Context, conditions: Iterable[Fact] = ()
    ) -> None:
        self.context, self.conditions = context, tuple(conditions)
        sides, places = _scalar_sides(sides)
        labels = {f.label for f in self._of(OneHot)}
        self.ranges = {**places, **dict.fromkeys(labels, Range(ONE, K)), **context.ranges}
        for value in self._of(Fixed):
            labels |= _free_symbols(value.component) | _free_symbols(value.value)
        labels |= {s for f in self._of(SumsTo) for s in _free_symbols(f.total)}
        self._labels = sorted(labels & set(self.ranges), key=str)
        related = [f for kind in (SameIndex, DifferentIndex) for f in self._of(kind)]
        orders = [f.left - f.right for f in self._of(NotLess)]
        beside = [f.besides for f in self._of(NotLess) if f.besides is not None]
        mentioned = [*sides, *(e for f in related for e in (f.left, f.right)), *self._labels]
        mentioned += [*orders, *beside]
        over = {s for f in self._of(NotLess) for s in f.over}
        free = {s for e in mentioned for s in _free_symbols(e)} & set(self.ranges)
        free -= over - {s for e in sides for s in _free_symbols(e)}
        self.compiler = Compiler(context)
        self.survey = self.compiler.survey
        self.codes = [self.compiler.compile(e, frozenset(free)) for e in sides]
        if len(sides) > 2:  # the first is compared with each of the others
            first, *others = self.codes
            self.codes = [self.compiler.remember(sides[0], frozenset(free), first), *others]
        self._orders = [
            (self.compiler.compile(e, frozenset(free | over)), self._spans(f), f)
            for e, f in zip(orders, self._of(NotLess), strict=True)
        ]
        self.shown = {str(s) for s in self.survey.symbols} | set(self.survey.bases)
        self.constraints = Constraints(self.conditions, self.compiler)
        self._bounds: dict[Symbol, tuple[Any, Any]] = {}
        self._compile_bounds(free | (self.survey.symbols & set(self.ranges)))
        self._relations = self._compile_relations()
        self.roles = roles(self.survey, context)
        self.sizes, self.scalars = self._sort_symbols()

    def _of(self, kind: Any) -> list[Any]:
        return [f for f in self.conditions if isinstance(f, kind)]

    # ---- what is mentioned ------------------------------------------------------------------

    def _compile_bounds(self, indices: set[Symbol]) -> None:
        """The ranges of the free indices, those first that others depend on."""
        while more := {end for s in indices for end in self._ends(s)} - indices:
            indices = indices | more
        pending = sorted(indices, key=str)
        while pending:
            ready = next((s for s in pending if self._ends(s) <= set(self._bounds)), None)
            if ready is None:
                raise Unsupported(f"the range of {pending[0]} depends on itself")
            scope, r = frozenset(self._bounds), self.ranges[ready]
            whole = self.compiler.whole
            self._bounds[ready] = whole(r.lower, scope), whole(r.upper, scope)
            pending.remove(ready)

    def _ends(self, index: Symbol) -> set[Symbol]:
        r = self.ranges[index]
        return set((r.lower.free_symbols | r.upper.free_symbols) & set(self.ranges))

    def _compile_relations(self) -> list[tuple[Any, Any, bool]]:
        scope, whole = frozenset(self._bounds), self.compiler.whole
        return [
            (whole(f.left, scope), whole(f.right, scope), kind is SameIndex)
            for kind in (SameIndex, DifferentIndex)
            for f in self._of(kind)
        ]

    def _sort_symbols(self) -> tuple[list[Symbol], list[Symbol]]:
        """Sizes (the number of classes first) and scalars."""
        sizes: list[Symbol] = []
        scalars: list[Symbol] = []
        for s in sorted(self.survey.symbols - set(self._bounds), key=str):
            quantity = self.context.quantities.get(str(s))
            label = quantity.domain is Domain.LABEL if quantity else bool(s.is_integer)
            (sizes if label else scalars).append(s)
        return sorted(sizes, key=lambda s: (s != K, str(s))), scalars

    # ---- instances --------------------------------------------------------------------------

    def size_choices(self, principal: int) -> Iterator[Sizes]:
        """Values of the sizes with the first of them given; the others stay small."""
        if not self.sizes:
            yield {}
            return
        first, *others = self.sizes
        patterns = _OTHER_SIZES if principal <= 2 else (_BESIDE.get(principal, (1, 2)),)
        for pattern in patterns if others else patterns[:1]:
            sizes = {first: principal, **{s: pattern[n % 2] for n, s in enumerate(others)}}
            if all(sizes.get(f.size, f.value) >= f.value for f in self._of(AtLeast)):
                yield sizes

    def labels(self, sizes: Sizes) -> Iterator[Indices]:
        """Every value of the indices that values depend on, such as class labels."""
        state = State(ExactArithmetic(), dict(sizes), _unknown)
        ends = [self._bounds[s] for s in self._labels]
        values = [range(lower(state), upper(state) + 1) for lower, upper in ends]
        for chosen in product(*values):
            yield dict(zip(self._labels, chosen, strict=True))

    def indices(self, point: Point) -> Iterator[Indices]:
        """Every value of the free indices that the conditions admit."""
        names = [s for s in self._bounds if s not in point.labels]
        for indices in self._assign(names, point, {}):
            state = point.at(indices)
            fits = all((a(state) == b(state)) is same for a, b, same in self._relations)
            if fits and all(self._ordered(*order, point, indices) for order in self._orders):
                yield indices

    def _spans(self, fact: NotLess) -> dict[Symbol, tuple[Any, Any]]:
        whole = self.compiler.whole
        ends = {s: self.ranges[s] for s in fact.over}
        return {s: (whole(r.lower), whole(r.upper)) for s, r in ends.items()}

    def _ordered(
        self, code: Any, spans: dict[Symbol, Any], fact: NotLess, point: Point, given: Indices
    ) -> bool:
        """Whether an order between two values holds here, for every value of its own indices."""
        state = point.at(given)
        runs = [range(low(state), high(state) + 1) for low, high in spans.values()]
        without = None if fact.besides is None else state.globals[fact.besides]
        for values in product(*runs):
            if without in values:
                continue
            here = point.at({**given, **dict(zip(spans, values, strict=True))})
            value = value_of(code, here)
            if value is None or here.arithmetic.sign(value) < int(fact.strict):
                return False
        return True

    def _assign(self, names: list[Symbol], point: Point, given: Indices) -> Iterator[Indices]:
        if not names:
            yield given
            return
        lower, upper = self._bounds[names[0]]
        state = point.at(given)
        for value in range(lower(state), upper(state) + 1):
            yield from self._assign(names[1:], point, {**given, names[0]: value})

    def point(self, sizes: Sizes, labels: Indices, sampler: Sampler) -> Point | None:
        """A point that satisfies the conditions, or None if this sampler offers none."""
        values: dict[Key, Any] = {}

        def component(key: Key) -> Any:
            if key not in values:
                values[key] = self._draw(self.survey.bases[key[0]][0], key, sizes, sampler)
            return values[key]

        scalars = {s: self._draw(s, (str(s), ()), sizes, sampler) for s in self.scalars}
        values.update({(str(s), ()): v for s, v in scalars.items()})
        state = State(sampler.arithmetic, {**sizes, **scalars}, component)
        made = Point(sizes, labels, values, state)
        try:
            self.constraints.impose(made, sampler, self.roles)
            return made if self.constraints.satisfied(made) else None
        except Undefined:
            return None

    def _draw(self, symbol: Any, key: Key, sizes: Sizes, sampler: Sampler) -> Any:
        name, position = key
        domain = self.constraints.domain(name, symbol)
        value = sampler.value(name, position, self.roles.get(name, Role.PLAIN), domain)
        return (value - 1) % sizes.get(K, 1) + 1 if domain is Domain.LABEL else value


def points(claim: Claim, size: int, exact: bool, seed: int) -> Iterator[Point]:
    """Points in general position (and one of zeros and ones) for one principal size."""
    for sizes in claim.size_choices(size):
        for labels in claim.labels(sizes):
            tries = _tries(claim, sizes, labels, exact, seed)
            yield from islice(tries, _POINTS if exact else _SAMPLES)
            if exact and size <= 2:
                edge = _generic(claim, sizes, labels, exact, f"{seed}", Variant.EDGE)
                yield from [edge] if edge else []


def _tries(claim: Claim, sizes: Sizes, labels: Indices, exact: bool, seed: int) -> Iterator[Point]:
    order = (Variant.POSITIVE, Variant.MIXED, Variant.NEGATIVE)
    for n in range(_TRIES):
        variant = order[n] if n < len(order) else Variant.MIXED
        point = _generic(claim, sizes, labels, exact, f"{seed} {n}", variant)
        if point is not None:
            yield point


def _generic(
    claim: Claim, sizes: Sizes, labels: Indices, exact: bool, seed: str, variant: Variant
) -> Point | None:
    rng = Random(f"{seed} {list(sizes.values())} {list(labels.values())}")
    arithmetic = ExactArithmetic() if exact else SampleArithmetic()
    try:
        return claim.point(sizes, labels, Generic(arithmetic, rng, variant))
    except TooBig:
        return None


def _scalar_sides(sides: Sequence[Expr]) -> tuple[Sequence[Expr], dict[Symbol, Range]]:
    """Vectors and matrices by component; the new indices run over the classes."""
    rank = max(rank_of(e) for e in sides)
    if not rank:
        return sides, {}
    places = [Symbol(name, integer=True, positive=True) for name in ("row", "column")[:rank]]
    node = Component if rank == 1 else Entry
    return [node(e, *places) for e in sides], dict.fromkeys(places, Range(ONE, K))


def _free_symbols(expr: Expr) -> set[Symbol]:
    """The free symbols, without the names of indexed quantities."""
    free = {s for s in expr.free_symbols if isinstance(s, Symbol)}
    nodes = list(walk(expr))
    names = {node.base.label for node in nodes if isinstance(node, Indexed)}
    return free - (names - set(nodes))


def _unknown(key: Key) -> Any:
    raise Unsupported(f"a range that depends on {key[0]}")
