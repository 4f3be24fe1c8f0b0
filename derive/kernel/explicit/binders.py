"""How the nodes about indices are evaluated: δ, cases, Σ, Π and ∂."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy

from derive.kernel.explicit import jets
from derive.kernel.explicit.exact import Undefined, Unsupported
from derive.kernel.explicit.points import Code, Scope, State, spend
from derive.kernel.language import Indexed, Product, Symbol

if TYPE_CHECKING:
    from derive.kernel.explicit.evaluate import Compiler


def delta(c: Compiler, expr: Any, scope: Scope) -> Code:
    one, two = (c.whole(a, scope) for a in expr.args[:2])
    return lambda s: 1 if one(s) == two(s) else 0


def _relation(c: Compiler, expr: Any, scope: Scope) -> Callable[[State], bool]:
    if expr in (sympy.true, sympy.false):
        constant = bool(expr)
        return lambda s: constant
    if isinstance(expr, sympy.And | sympy.Or | sympy.Not):
        parts = [_relation(c, a, scope) for a in expr.args]
        if isinstance(expr, sympy.Not):
            return lambda s: not parts[0](s)
        join = all if isinstance(expr, sympy.And) else any
        return lambda s: join(part(s) for part in parts)
    compare = _COMPARISONS.get(getattr(expr, "rel_op", ""))
    if compare is None:
        raise Unsupported(f"{expr} is not a relation between indices")
    one, two = c.whole(expr.lhs, scope), c.whole(expr.rhs, scope)
    return lambda s: compare(one(s), two(s))


_COMPARISONS: dict[str, Any] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


def indicator(c: Compiler, expr: Any, scope: Scope) -> Code:
    holds = _relation(c, expr.relation, scope)
    return lambda s: 1 if holds(s) else 0


def cases(c: Compiler, expr: Any, scope: Scope) -> Code:
    pairs = [(c.compile(f, scope), _relation(c, r, scope)) for f, r in expr.pairs]

    def run(s: State) -> Any:
        chosen = [f for f, holds in pairs if holds(s)]
        if len(chosen) != 1:
            raise Undefined("not exactly one case holds")
        return chosen[0](s)

    return run


def ranged(c: Compiler, expr: Any, scope: Scope) -> Code:
    if expr.upper.has(sympy.oo):
        raise Unsupported("an infinite sum")
    lower, upper = c.whole(expr.lower, scope), c.whole(expr.upper, scope)
    excluded = [c.whole(e, scope) for e in expr.excluded]
    index = expr.index
    body = c.compile(expr.body, scope | {index})
    product = isinstance(expr, Product)

    def run(s: State) -> Any:
        skip = [e(s) for e in excluded]
        letters = s.letters
        first, last = lower(s), upper(s)
        spend(s, last - first + 1)
        total: Any = 1 if product else 0
        try:
            for value in range(first, last + 1):
                if value not in skip:
                    s.letters = {**letters, index: value}
                    total = total * body(s) if product else total + body(s)
        finally:
            s.letters = letters
        return total

    return c.remember(expr, scope, run)


def partial(c: Compiler, expr: Any, scope: Scope) -> Code:
    body, var = c.compile(expr.expr, scope), expr.var
    if isinstance(var, Symbol) and var in scope:
        return _partial_by_letter(body, var)
    if isinstance(var, Symbol) and (var.is_integer or var in c.context.ranges):
        raise Unsupported(f"a derivative by the whole number {var}")
    if c.context.definition_of(var) is None:
        c.compile(var, scope)  # so that the survey knows it
    indices = [c.whole(a, scope) for a in var.indices] if isinstance(var, Indexed) else []
    name = str(var.base if isinstance(var, Indexed) else var)

    def run(s: State) -> Any:
        key = (name, tuple([a(s) for a in indices]))
        shifted, memo, bit = s.shifted, s.memo, s.bit
        s.shifted = {**shifted, key: (*shifted.get(key, ()), bit)}
        s.memo = s.memos.setdefault(tuple(sorted(s.shifted.items())), {})
        s.bit = bit << 1
        try:
            return jets.coefficient(body(s), bit)
        finally:
            s.shifted, s.memo, s.bit = shifted, memo, bit

    return c.remember(expr, scope, run)


def _partial_by_letter(body: Code, var: Symbol) -> Code:
    """∂ by the parameter of a function that is being applied."""

    if var.is_integer:
        raise Unsupported(f"a derivative by the whole number {var}")

    def run(s: State) -> Any:
        letters, bit = s.letters, s.bit
        s.letters = {**letters, var: jets.Jet({bit: 1, 0: 0}) + letters[var]}
        s.bit = bit << 1
        try:
            return jets.coefficient(body(s), bit)
        finally:
            s.letters, s.bit = letters, bit

    return run
