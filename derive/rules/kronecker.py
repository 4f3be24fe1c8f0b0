"""Kronecker products: entries whose row and column are numbered by pairs of indices."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import Expr, Mul, delta
from derive.kernel.matrices import Diag, Entry, Kron, Outer, Pair, Vec, pair_of
from derive.kernel.rule import rule
from derive.notation import d, e, i, j, p, x
from derive.rules.matrices import PETERSEN, matrix_term

_COVARIANCE = Diag(Vec(p)) - Outer(Vec(p), Vec(p))


@rule(
    title="Kronecker product",
    law=r"A_{de}\,B_{ji} = (A \otimes B)_{dj,\,ei}",
    words="read as the entry of a Kronecker product, its row and column numbered by pairs",
    domain="one factor has the first index of both pairs, the other one the second",
    reference=f"{PETERSEN[:-1]}10.2",
    example=(
        x[d] * x[e] * Entry(_COVARIANCE, j, i),
        Entry(Kron(Outer(Vec(x), Vec(x)), _COVARIANCE), Pair(d, j), Pair(e, i)),
    ),
    refuses=x[d] * p[i] * delta(d, e),
    args=(Pair(d, j), Pair(e, i)),
)
def kronecker_form(node: Expr, context: Context, row: Pair, column: Pair) -> Expr | None:
    if not isinstance(node, Mul):
        return None
    parts: list[Expr] = []
    used: list[Expr] = []
    for one, other in zip(pair_of(row), pair_of(column), strict=True):
        mine = [f for f in node.args if {one, other} & f.free_symbols]
        found = {s for f in mine for s in f.free_symbols}
        matrix = _as_matrix(mine, one, other) if {one, other} <= found else None
        if matrix is None or any(f in used for f in mine):
            return None
        parts.append(matrix)
        used += mine
    rest = Mul(*(f for f in node.args if f not in used))
    return rest * Entry(Kron(*parts), row, column)


def _as_matrix(factors: list[Expr], row: Expr, column: Expr) -> Expr | None:
    if len(factors) == 1 and isinstance(factors[0], Entry) and factors[0].args[1:] == (row, column):
        return factors[0].args[0]
    return matrix_term(Mul(*factors), row, column)
