"""A batch that holds one example: rows of a matrix beside a vector, "for one example"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from derive.judge.cautions import reached
from derive.judge.claims import Claim
from derive.judge.samples import MARK
from derive.judge.scope import Scope
from derive.judge.values import Axis, Tensor, Value
from derive.kernel.facts import Definition
from derive.kernel.language import Expr, Indexed, Integer, Symbol
from derive.notation import K

_ONE = re.compile(
    r"(?:one|single|each|per)[- ](?:training )?(?:example|sample|instance|observation|data ?point)"
    r"|单个?样本|單個?樣本|一个样本|一個樣本|每个样本|某个样本|1サンプル|한 샘플",
    re.IGNORECASE,
)


def about_one(claim: Claim) -> bool:
    """Whether the words before a formula say that it is about one example."""
    return _ONE.search(claim.prose) is not None


def batch(*values: Value) -> Symbol | None:
    """The number of rows, if a matrix of them stands here: it differs from the length of a row."""
    for v in values:
        if isinstance(v, Tensor) and v.rank == 2:
            rows, row = v.axes[0].upper, v.axes[1].upper
            if isinstance(rows, Symbol) and rows != row:
                return rows
    return None


def row_of(value: Value) -> Value:
    """The only row of a batch of one example."""
    if isinstance(value, Tensor) and value.rank == 2:
        return Tensor(value.axes[1:], lambda w: value.entry((Integer(1), *w)), True)
    return value


def with_one(value: Value, size: Symbol) -> Value:
    """The same for a batch of one example."""
    return _resized(value, {size: Integer(1)})


def _resized(value: Value, sizes: dict[Any, Any]) -> Value:
    if isinstance(value, Tensor):
        axes = tuple(Axis(a.upper.xreplace(sizes)) for a in value.axes)
        return Tensor(axes, lambda w: value.entry(w).xreplace(sizes), value.row)
    return value.xreplace(sizes)


def scope_of_one(scope: Scope, size: Symbol) -> Scope:
    """The definitions of a document for a batch of one example."""
    return _rescaled(scope, {size: Integer(1)})


def _rescaled(scope: Scope, sizes: dict[Any, Any]) -> Scope:
    made = {n: Definition(d.lhs, d.body.xreplace(sizes)) for n, d in scope.definitions.items()}
    return replace(scope, definitions=made)


def of_one_length(scope: Scope, *values: Value) -> tuple[Scope, list[Value]]:
    """Definitions and sides with K for the length of every vector."""
    axes = [a.upper for n in scope.arity for a in scope.axes_of(n)]
    sizes = {s: K for s in axes if isinstance(s, Symbol)}
    return _rescaled(scope, sizes), [_resized(v, sizes) for v in values]


def mixed(lhs: Expr, rhs: Expr, scope: Scope, context: Any) -> dict[Any, Any]:
    """{x⁽ⁱ⁾: x} where one side is about the examples x⁽ⁱ⁾ and the other about one example x."""
    pairs = {}
    for name in scope.arity:
        plain = name.removesuffix(MARK)
        if plain != name:
            one = scope.base(plain) if plain in scope.arity else scope.scalar(plain)
            pairs[scope.base(name)] = one
    if not pairs:
        return {}
    left, right = (reached(e, context) for e in (lhs, rhs))
    for a, b in ((left, right), (right, left)):
        if any(many in a and many not in b and one in b for many, one in pairs.items()):
            return pairs
    return {}


def first_example_of(expr: Expr, scope: Scope, pairs: dict[Any, Any]) -> Expr:
    """An expression for a single example, which is x."""
    sizes = {scope.axes_of(n)[-1].upper for n in scope.arity if n.endswith(MARK)}
    expr = expr.xreplace({s: Integer(1) for s in sizes if isinstance(s, Symbol)})
    return expr.replace(
        lambda n: isinstance(n, Indexed) and n.base in pairs,
        lambda n: pairs[n.base][n.indices[:-1]] if len(n.indices) > 1 else pairs[n.base],
    )


def first_example(scope: Scope, pairs: dict[Any, Any]) -> Scope:
    """The definitions of a document for a single example."""
    made = {
        n: Definition(d.lhs, first_example_of(d.body, scope, pairs))
        for n, d in scope.definitions.items()
    }
    return replace(scope, definitions=made)
