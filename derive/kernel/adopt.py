"""SymPy's own ``Sum``, ``Product`` and ``Derivative``, as the nodes of this language."""

from __future__ import annotations

from typing import Any

from sympy import Derivative as SympyDerivative
from sympy import Function, Tuple, sympify
from sympy import Product as SympyProduct
from sympy import Sum as SympySum

from derive.errors import LanguageError
from derive.kernel.language import (
    Add,
    Expr,
    Indexed,
    IndexedBase,
    Mul,
    Partial,
    Pow,
    Product,
    Ranged,
    Sum,
)


def adopt(expr: Any) -> Expr:
    """Turn SymPy's own ``Sum``, ``Product`` and ``Derivative`` into the nodes of this language."""
    if isinstance(expr, str):
        raise LanguageError(
            f"{expr!r} is text, not an expression", hint="build it from derive.notation's symbols"
        )
    expr = sympify(expr)
    if not expr.args or isinstance(expr, Indexed | IndexedBase):
        return expr
    args = [adopt(a) for a in expr.args]
    if isinstance(expr, SympySum):
        return Sum(args[0], *args[1:])
    if isinstance(expr, SympyProduct):
        return Product(args[0], *args[1:])
    if isinstance(expr, SympyDerivative):
        node = args[0]
        for var, count in args[1:]:
            for _ in range(int(count)):
                node = Partial(node, var)
        return node
    if isinstance(expr, Function | Add | Mul | Pow | Ranged | Partial | Tuple):
        return expr.func(*args) if args != list(expr.args) else expr
    return expr
