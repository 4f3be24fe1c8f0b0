"""The array program: a graph of array operations, each made once and shared by identity.

A node is an array with trailing axes, one for each index of the expression that it computes, behind
any batch axes. The axes have positions and spans, no names: ``p_i`` and ``p_j`` are one node. An
input says at which axes of the result its own axes stand; the axes that it lacks are broadcast.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

from derive.kernel.language import Expr, Integer, Symbol


@dataclass(frozen=True)
class Span:
    """The values lower, …, upper that an index takes along an axis."""

    lower: Expr
    upper: Expr


def least_length(length: Expr) -> int:
    """The smallest length of an axis: every size is at least 1."""
    return max(int(length.xreplace(dict.fromkeys(length.free_symbols, Integer(1)))), 0)


@dataclass(frozen=True, eq=False)
class Node:
    """One array operation. ``data`` holds what is not an array: numbers, names, axes."""

    op: str
    inputs: tuple[Placed, ...]
    spans: tuple[Span, ...]
    data: tuple[Hashable, ...] = ()

    @property
    def rank(self) -> int:
        return len(self.spans)


@dataclass(frozen=True)
class Placed:
    """A node whose axes stand at these positions among the axes of what uses it."""

    node: Node
    places: tuple[int, ...]


@dataclass(frozen=True)
class Array:
    """A node together with the index that each of its axes stands for."""

    node: Node
    indices: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class Argument:
    """An argument: its name, the lengths of its axes, and what its entries are."""

    name: str
    lengths: tuple[Expr, ...]
    kind: str  # "real", "positive", "nonnegative", "share", "count", "label" or "size"


@dataclass(frozen=True)
class Program:
    """A function as a graph: arguments, results, and names for its nodes (see Workshop)."""

    arguments: tuple[Argument, ...]
    results: tuple[Node, ...]
    outputs: tuple[str, ...]
    hints: Mapping[Node, str]
    names: Mapping[Node, str]

    def nodes(self) -> Iterator[Node]:
        """Every node once, inputs before what uses them."""
        seen: set[Node] = set()

        def visit(node: Node) -> Iterator[Node]:
            if node in seen:
                return
            seen.add(node)
            for placed in node.inputs:
                yield from visit(placed.node)
            yield node

        for result in self.results:
            yield from visit(result)


@dataclass
class Workshop:
    """Makes nodes; the same operation on the same inputs is the same node.

    ``hints`` are names that nodes always bear, ``names`` those that they bear if they need one.
    """

    order: dict[Symbol, int] = field(default_factory=dict)
    hints: dict[Node, str] = field(default_factory=dict)
    names: dict[Node, str] = field(default_factory=dict)
    _made: dict[Hashable, Node] = field(default_factory=dict)

    def node(
        self,
        op: str,
        inputs: tuple[Placed, ...] = (),
        spans: tuple[Span, ...] = (),
        data: tuple[Hashable, ...] = (),
    ) -> Node:
        """The node for this operation."""
        key = (op, inputs, spans, data)
        if key not in self._made:
            self._made[key] = Node(op, inputs, spans, data)
        return self._made[key]

    def constant(self, value: Expr) -> Array:
        """A number."""
        return Array(self.node("constant", data=(value,)))

    def combine(self, op: str, *arrays: Array, data: tuple[Hashable, ...] = ()) -> Array:
        """An operation entry by entry; what lacks an index is broadcast along it."""
        spans = {s: a.node.spans[p] for a in arrays for p, s in enumerate(a.indices)}
        indices = self._layout(arrays, set(spans))
        inputs = tuple(Placed(a.node, tuple(indices.index(s) for s in a.indices)) for a in arrays)
        return Array(self.node(op, inputs, tuple(spans[s] for s in indices), data), indices)

    def place(self, array: Array, indices: tuple[Symbol, ...]) -> Placed:
        """The array as an input of something with these indices."""
        return Placed(array.node, tuple(indices.index(s) for s in array.indices))

    def arrange(self, array: Array, last: Symbol) -> Array:
        """The same array with this index on its last axis."""
        return self.ordered(array, (*(s for s in array.indices if s != last), last))

    def ordered(self, array: Array, indices: tuple[Symbol, ...]) -> Array:
        """The same array with its axes in this order."""
        if array.indices == indices:
            return array
        spans = tuple(array.node.spans[array.indices.index(s)] for s in indices)
        return Array(self.node("arrange", (self.place(array, indices),), spans), indices)

    def reduce(self, op: str, array: Array, index: Symbol) -> Array:
        """Σ, Π or max along the axis of an index."""
        position = array.indices.index(index)
        rest = tuple(s for s in array.indices if s != index)
        spans = tuple(s for p, s in enumerate(array.node.spans) if p != position)
        own = Placed(array.node, tuple(range(array.node.rank)))
        return Array(self.node(op, (own,), spans, (position - array.node.rank,)), rest)

    def _layout(self, arrays: tuple[Array, ...], indices: set[Symbol]) -> tuple[Symbol, ...]:
        """The order of the axes of a result: that of an input that has them all, if one has."""
        for array in arrays:
            if set(array.indices) == indices:
                return array.indices
        return tuple(sorted(indices, key=self.order.__getitem__))

    def bind(self, index: Symbol) -> None:
        """Let an index come after all others that are bound so far."""
        self.order[index] = max(self.order.values(), default=-1) + 1
