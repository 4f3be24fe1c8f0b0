"""From components to vectors and matrices."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import Add, Expr, Indexed, Mul, Symbol, delta, free_indices
from derive.kernel.matrices import Array, Component, Diag, Entry, Eye, Ones, Outer, Vec
from derive.kernel.rule import rule
from derive.notation import K, i, j, p, x, y, z

PETERSEN = "Petersen and Pedersen, The Matrix Cookbook (2012), section 9"


@rule(
    title="matrix form",
    law=r"a_i\delta_{ij} = \operatorname{diag}(\mathbf a)_{ij},\quad"
    r" a_i b_j = (\mathbf a \mathbf b^{\top})_{ij}",
    words="read as the entry in row i and column j of a matrix",
    domain="every term is a vector in i times δ, or a vector in i times a vector in j",
    reference=PETERSEN,
    example=(
        p[i] * delta(i, j) - p[i] * p[j],
        Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), i, j),
    ),
    refuses=p[i] * x[i] * y[j],
    args=(i, j),
)
def matrix_form(node: Expr, context: Context, row: Symbol, column: Symbol) -> Expr | None:
    if isinstance(node, Entry) or not {row, column} <= free_indices(node):
        return None
    terms = [matrix_term(t, row, column) for t in Add.make_args(node)]
    if any(t is None for t in terms):
        return None
    return Entry(Add(*terms), row, column)


def matrix_term(term: Expr, row: Symbol, column: Symbol) -> Expr | None:
    factors = Mul.make_args(term)
    d = delta(row, column)
    scalars = [f for f in factors if not {row, column} & free_indices(f)]
    if d in factors:
        left = [f for f in factors if f != d and f not in scalars]
        vector = _vector(left, row) if left else None
        matrix = Eye(K) if not left else Diag(vector) if vector is not None else None
    else:
        across = _vector([f for f in factors if row in free_indices(f)], row)
        down = _vector([f for f in factors if column in free_indices(f)], column)
        matrix = Outer(across, down) if across is not None and down is not None else None
    return None if matrix is None else Mul(*scalars, matrix)


def _vector(factors: list[Expr], index: Symbol) -> Expr | None:
    if not factors:
        return Ones(K)
    if len(factors) == 1 and isinstance(factors[0], Indexed):
        *before, last = factors[0].indices
        if last == index and not any(index in e.free_symbols for e in before):
            return Vec(factors[0].base, *before)
    return None


@rule(
    title="vector form",
    law=r"a_i + c\,b_i = (\mathbf a + c\,\mathbf b)_i",
    words="read as component i of a vector",
    domain="every term is a scalar times a component with index i",
    reference=PETERSEN,
    example=(p[i] - 2 * y[i], Component(Vec(p) - 2 * Vec(y), i)),
    refuses=p[i] * z[i],
    args=(i,),
)
def vector_form(node: Expr, context: Context, index: Symbol) -> Expr | None:
    if not isinstance(node, Add) or index not in free_indices(node):
        return None
    out = []
    for t in Add.make_args(node):
        factors = Mul.make_args(t)
        vector = _vector([f for f in factors if index in free_indices(f)], index)
        if vector is None or node.has(Array):
            return None
        out.append(Mul(*(f for f in factors if index not in free_indices(f)), vector))
    return Component(Add(*out), index)
