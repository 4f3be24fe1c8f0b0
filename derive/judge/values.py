"""Vectors and matrices as functions of their indices, with the products that people write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from derive.errors import DeriveError
from derive.kernel.language import Expr, Integer, Sum, Symbol, delta
from derive.notation import ONE, index

Entry = Callable[[tuple[Expr, ...]], Expr]


class Meaning(DeriveError):
    """A formula is read, but what it means cannot be told: ranks do not fit, a name is open."""


class Misfit(Meaning):
    """Two lengths differ that have to be the same, as in W δ for Wᵀ δ."""


_square: ContextVar[bool] = ContextVar("square", default=False)


@contextmanager
def all_square() -> Iterator[None]:
    """Within this, vectors of different lengths may be multiplied: all count as one length."""
    token = _square.set(True)
    try:
        yield
    finally:
        _square.reset(token)


@dataclass(frozen=True)
class Axis:
    """The values of one index: lower … upper; concrete if both are numbers."""

    upper: Expr
    lower: Expr = ONE

    @property
    def length(self) -> int | None:
        if isinstance(self.upper, Integer) and isinstance(self.lower, Integer):
            return int(self.upper) - int(self.lower) + 1
        return None


@dataclass(frozen=True)
class Tensor:
    """A vector (one axis) or matrix (two). ``row`` says how a vector stands in products."""

    axes: tuple[Axis, ...]
    entry: Entry
    row: bool = False

    @property
    def rank(self) -> int:
        return len(self.axes)

    def at(self, *where: Expr) -> Expr:
        return self.entry(tuple(where))


FREE = index("any")  # the length of a vector of ones, which fits everywhere

Value: TypeAlias = Any  # a number (Expr) or a Tensor; SymPy declares no types


def listed(items: Sequence[Expr]) -> Tensor:
    """A vector with these components."""
    known = tuple(items)

    def entry(where: tuple[Expr, ...]) -> Expr:
        if not isinstance(where[0], Integer):
            raise Concrete(len(known))
        if not 1 <= int(where[0]) <= len(known):
            raise Meaning(f"there is no component {where[0]} of {len(known)}")
        return known[int(where[0]) - 1]

    return Tensor((Axis(Integer(len(known))),), entry)


class Concrete(Exception):
    """A vector of numbers was asked for a symbolic component: write the index out to ``length``."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


_count = iter(range(10**9))


def fresh_index() -> Symbol:
    """An index that no document uses."""
    return index(f"h{next(_count) % 9973}")


def elementwise(f: Callable[..., Expr], *values: Value) -> Value:
    """A function of numbers on vectors, component by component; numbers go everywhere."""
    tensors = [v for v in values if isinstance(v, Tensor)]
    if not tensors:
        return f(*values)
    widest = max(tensors, key=lambda t: (t.rank, FREE not in {a.upper for a in t.axes}))
    values = tuple(_broadcast(v, widest) if isinstance(v, Tensor) else v for v in values)
    for t in (v for v in values if isinstance(v, Tensor)):
        if t.rank == widest.rank and not _same(t.axes, widest.axes):
            raise Misfit("the lengths of the two sides of an operation do not fit")
        if t.rank != widest.rank:
            raise Meaning("the shapes of the two sides of an operation do not fit")

    def entry(where: tuple[Expr, ...]) -> Expr:
        return f(*(v.entry(where) if isinstance(v, Tensor) else v for v in values))

    return replace(widest, entry=entry)


def _broadcast(t: Tensor, widest: Tensor) -> Tensor:
    """A bias beside a batch: the vector stands in every row, if it has the length of a row."""
    if (t.rank, widest.rank) != (1, 2) or widest.axes[0].upper == widest.axes[1].upper:
        return t
    if t.axes[0].upper != widest.axes[1].upper:
        return t
    return Tensor(widest.axes, lambda w: t.at(w[1]))


def _same(a: tuple[Axis, ...], b: tuple[Axis, ...]) -> bool:
    return all(same_length(x, y) for x, y in zip(a, b, strict=True))


def same_length(x: Axis, y: Axis) -> bool:
    """Whether two axes are of one length as far as that is known."""
    if x.length is not None and y.length is not None:
        return x.length == y.length
    named = x.length is None and y.length is None
    return not named or x.upper == y.upper or FREE in (x.upper, y.upper) or _square.get()


def contracted(f: Callable[[Expr], Expr], axis: Axis) -> Expr:
    """Σ over one axis, or over two that are then known to be the same."""
    if axis.length is not None:
        total: Expr = Integer(0)
        for n in range(axis.length):
            total += f(Integer(n + 1))
        return total
    k = fresh_index()
    return Sum(f(k), (k, axis.lower, axis.upper))


def transposed(v: Value) -> Value:
    if not isinstance(v, Tensor):
        return v
    if v.rank == 1:
        return replace(v, row=not v.row)
    if v.rank == 2:
        return Tensor((v.axes[1], v.axes[0]), lambda w: v.entry((w[1], w[0])))
    raise Meaning("only vectors and matrices are transposed")


def product(a: Value, b: Value) -> Value:
    """The matrix product; numbers scale."""
    if not isinstance(a, Tensor) or not isinstance(b, Tensor):
        return elementwise(lambda x, y: x * y, a, b)
    inner = a.rank + b.rank > 2 or (a.row and not b.row)
    if inner and not _same((a.axes[-1],), (b.axes[0],)):
        raise Misfit("the lengths of two factors do not fit")
    if a.rank == 1 and b.rank == 1:
        if a.row and not b.row:
            return contracted(lambda k: a.at(k) * b.at(k), a.axes[0])
        if b.row and not a.row:
            return Tensor((a.axes[0], b.axes[0]), lambda w: a.at(w[0]) * b.at(w[1]))
        raise Meaning("two vectors side by side: neither an inner nor an outer product")
    if a.rank == 2 and b.rank == 1:
        if b.row:
            raise Meaning("a matrix times a row vector")
        return Tensor(
            (a.axes[0],), lambda w: contracted(lambda k: a.at(w[0], k) * b.at(k), b.axes[0])
        )
    if a.rank == 1 and b.rank == 2:
        if not a.row:
            raise Meaning("a column vector times a matrix")
        return Tensor(
            (b.axes[1],), lambda w: contracted(lambda k: a.at(k) * b.at(k, w[0]), a.axes[0]), True
        )
    if a.rank == 2 and b.rank == 2:
        return Tensor(
            (a.axes[0], b.axes[1]),
            lambda w: contracted(lambda k: a.at(w[0], k) * b.at(k, w[1]), a.axes[1]),
        )
    raise Meaning("a product of arrays with more than two indices")


def kronecker(a: Value, b: Value) -> Value:
    """a ⊗ b: rows and columns are numbered by pairs of indices, that of a first."""
    if not isinstance(a, Tensor) or not isinstance(b, Tensor):
        return product(a, b)
    if a.rank == b.rank == 1:
        return Tensor((a.axes[0], b.axes[0]), lambda w: a.at(w[0]) * b.at(w[1]))
    if a.rank == b.rank == 2:
        axes = (a.axes[0], b.axes[0], a.axes[1], b.axes[1])
        return Tensor(axes, lambda w: a.at(w[0], w[2]) * b.at(w[1], w[3]))
    raise Meaning("⊗ stands between two vectors or two matrices")


def dot(a: Value, b: Value) -> Value:
    """a · b: Σ of the products for two vectors, the plain product otherwise."""
    if isinstance(a, Tensor) and isinstance(b, Tensor) and a.rank == b.rank == 1 and a.row == b.row:
        return contracted(lambda k: a.at(k) * b.at(k), a.axes[0])
    return product(a, b)


def diagonal(v: Value) -> Value:
    """diag(v)."""
    if not isinstance(v, Tensor) or v.rank != 1:
        raise Meaning("diag takes a vector")
    return Tensor((v.axes[0], v.axes[0]), lambda w: v.at(w[0]) * delta(w[0], w[1]))
