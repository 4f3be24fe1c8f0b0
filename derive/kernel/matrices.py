"""Vectors and matrices as a way of writing: each stands for its components.

Vectors and matrices combine by ``+`` and by scalar factors; a matrix product is written with
``Outer`` or through components. ``Entry(M, i, j)`` and ``Component(v, i)`` are scalars, and the
kernel reads them by ``entry`` and ``component``.
"""

from __future__ import annotations

from typing import Any

from sympy import sympify

from derive.errors import LanguageError
from derive.kernel.language import Add, Expr, IndexedBase, Integer, Mul, delta


class Array(Expr):
    """A vector or matrix; ``rank`` is its number of indices."""

    is_commutative = True
    rank = 1

    def __new__(cls, *args: Any) -> Any:
        return Expr.__new__(cls, *(sympify(a) for a in args))


class Vec(Array):
    """The vector with components base_i; ``Vec(base, n)`` has the components base_{ni} (bold)."""

    @property
    def base(self) -> IndexedBase:
        return self.args[0]

    @property
    def before(self) -> tuple[Expr, ...]:
        """The indices in front of that of the component."""
        return tuple(self.args[1:])


class Ones(Array):
    """The vector of ones."""


class Eye(Array):
    """The identity matrix."""

    rank = 2


class Diag(Array):
    """diag(v): v on the diagonal, zeros elsewhere."""

    rank = 2


class Outer(Array):
    """u vᵀ."""

    rank = 2


class Kron(Array):
    """The Kronecker product A ⊗ B; its rows and columns are numbered by pairs of indices."""

    rank = 2


class Pair(Expr):
    """Two indices that number a row or column of a Kronecker product, the slow one first."""

    def __new__(cls, slow: Any, fast: Any) -> Any:
        return Expr.__new__(cls, sympify(slow), sympify(fast))


class Component(Array):
    """(v)_i, a scalar."""

    rank = 0


class Entry(Array):
    """(M)_{ij}, a scalar."""

    rank = 0


def rank_of(expr: Expr) -> int:
    """0 for scalars, 1 for vectors, 2 for matrices. Raises LanguageError where they mix."""
    if isinstance(expr, Array):
        return expr.rank
    if isinstance(expr, Add):
        ranks = {rank_of(a) for a in expr.args}
        if len(ranks) > 1:
            raise LanguageError(f"{expr} adds scalars, vectors and matrices")
        return ranks.pop()
    if isinstance(expr, Mul):
        ranks_ = [r for r in map(rank_of, expr.args) if r]
        if len(ranks_) > 1:
            raise LanguageError(
                f"{expr} multiplies two arrays", hint="write Outer(u, v), or use components"
            )
        return ranks_[0] if ranks_ else 0
    return 0


def component(vector: Expr, i: Expr) -> Expr:
    """The scalar (vector)_i."""
    if isinstance(vector, Vec):
        return vector.base[(*vector.before, i)]
    if isinstance(vector, Ones):
        return Integer(1)
    if isinstance(vector, Add | Mul):
        rank_of(vector)
        return vector.func(*(component(a, i) if rank_of(a) else a for a in vector.args))
    raise LanguageError(f"{vector} is not a vector")


def entry(matrix: Expr, i: Expr, j: Expr) -> Expr:
    """The scalar (matrix)_{ij}."""
    if isinstance(matrix, Eye):
        return delta(i, j)
    if isinstance(matrix, Diag):
        return component(matrix.args[0], i) * delta(i, j)
    if isinstance(matrix, Outer):
        return component(matrix.args[0], i) * component(matrix.args[1], j)
    if isinstance(matrix, Kron):
        (slow, fast), (across, along) = pair_of(i), pair_of(j)
        left, right = matrix.args
        return entry(left, slow, across) * entry(right, fast, along)
    if isinstance(matrix, Add | Mul):
        rank_of(matrix)
        return matrix.func(*(entry(a, i, j) if rank_of(a) else a for a in matrix.args))
    raise LanguageError(f"{matrix} is not a matrix")


def pair_of(index: Expr) -> tuple[Expr, Expr]:
    """The two indices that number a row or column of a Kronecker product."""
    if not isinstance(index, Pair):
        raise LanguageError(
            f"{index} numbers no row of a Kronecker product", hint="write Pair(slow, fast)"
        )
    return index.args[0], index.args[1]


def scalars(expr: Expr) -> Expr:
    """The expression with every ``Entry`` and ``Component`` written out."""
    if isinstance(expr, Entry):
        return entry(expr.args[0], expr.args[1], expr.args[2])
    if isinstance(expr, Component):
        return component(expr.args[0], expr.args[1])
    if not expr.args or not expr.has(Array):
        return expr
    return expr.func(*(scalars(a) for a in expr.args))
