"""Components of vectors and entries of matrices, straight from their meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from derive.kernel.explicit.exact import Unsupported
from derive.kernel.explicit.points import Code, Scope, State
from derive.kernel.language import Add, Expr, Mul
from derive.kernel.matrices import Array, Diag, Eye, Kron, Ones, Outer, Pair, Vec

if TYPE_CHECKING:
    from derive.kernel.explicit.evaluate import Compiler

Place = Callable[[State], int]


def component(c: Compiler, expr: Expr, scope: Scope) -> Code:
    """(v)_i."""
    return _vector(c, expr.args[0], expr.args[1], scope)


def entry(c: Compiler, expr: Expr, scope: Scope) -> Code:
    """(M)_ij."""
    return _matrix(c, expr.args[0], expr.args[1], expr.args[2], scope)


def _vector(c: Compiler, vector: Expr, i: Expr, scope: Scope) -> Code:
    if isinstance(vector, Vec):
        return c.compile(vector.base[(*vector.args[1:], i)], scope)
    if isinstance(vector, Ones):
        return lambda s: 1
    return _combined(c, vector, lambda part: _vector(c, part, i, scope), scope)


def _matrix(c: Compiler, matrix: Expr, i: Expr, j: Expr, scope: Scope) -> Code:
    if isinstance(matrix, Kron):
        if not (isinstance(i, Pair) and isinstance(j, Pair)):
            raise Unsupported("the rows of a Kronecker product are numbered by pairs")
        parts = [_matrix(c, m, i.args[n], j.args[n], scope) for n, m in enumerate(matrix.args)]
        return lambda s: parts[0](s) * parts[1](s)
    if isinstance(matrix, Eye | Diag):
        row, column = c.whole(i, scope), c.whole(j, scope)
    if isinstance(matrix, Eye):
        return lambda s: 1 if row(s) == column(s) else 0
    if isinstance(matrix, Diag):
        diagonal = _vector(c, matrix.args[0], i, scope)
        return lambda s: diagonal(s) if row(s) == column(s) else 0
    if isinstance(matrix, Outer):
        left = _vector(c, matrix.args[0], i, scope)
        right = _vector(c, matrix.args[1], j, scope)
        return lambda s: left(s) * right(s)
    return _combined(c, matrix, lambda part: _matrix(c, part, i, j, scope), scope)


def _combined(c: Compiler, array: Expr, part: Callable[[Expr], Code], scope: Scope) -> Code:
    """A sum of arrays, or scalars times one array."""
    if isinstance(array, Add):
        terms = [part(a) for a in array.args]
        return lambda s: _sum([t(s) for t in terms])
    if isinstance(array, Mul):
        inner = [a for a in array.args if a.has(Array)]
        if len(inner) == 1:
            scalars = [c.compile(a, scope) for a in array.args if not a.has(Array)]
            one = part(inner[0])

            def run(s: State) -> Any:
                value = one(s)
                for scalar in scalars:
                    value = value * scalar(s)
                return value

            return run
    raise Unsupported(f"{array} is not an array of the expected shape")


def _sum(values: list[Any]) -> Any:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total
