"""Reading expressions of the language into forms, a node at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import Function, Rational, cosh, sinh, tanh
from sympy.core.function import AppliedUndef
from sympy.core.numbers import Exp1
from sympy.functions.elementary.exponential import ExpBase

from derive.errors import LanguageError
from derive.kernel.language import (
    Add,
    Cases,
    Expr,
    Indexed,
    Indicator,
    KroneckerDelta,
    Le,
    Lt,
    Mul,
    Partial,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    log,
)
from derive.kernel.matrices import Component, Entry, scalars
from derive.kernel.normal import differentiate, products, sums
from derive.kernel.normal.form import Form, Idx, Span, atom, constant, total
from derive.kernel.normal.indices import index_of

if TYPE_CHECKING:
    from derive.kernel.normal.normaliser import Normaliser


def _indexed(norm: Normaliser, expr: Indexed, env: Mapping[Any, Idx]) -> Form:
    where = tuple(index_of(e, env, norm) for e in expr.indices)
    norm.note(expr.base)
    return norm.component(expr.base, where)


def _add(norm: Normaliser, expr: Add, env: Mapping[Any, Idx]) -> Form:
    return total(norm.form(a, env) for a in expr.args)


def _mul(norm: Normaliser, expr: Mul, env: Mapping[Any, Idx]) -> Form:
    out = constant(1)
    for a in expr.args:
        out = out * norm.form(a, env)
    return out


def _pow(norm: Normaliser, expr: Pow, env: Mapping[Any, Idx]) -> Form:
    return norm.power(norm.form(expr.base, env), norm.form(expr.exp, env))


def _exp(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    return norm.exp(norm.form(expr.args[0], env) if expr.args else constant(1))


def _log(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    return norm.log(norm.form(expr.args[0], env))


def _delta(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    left, right = (index_of(e, env, norm) for e in expr.args[:2])
    return norm.delta(left, right)


def _indicator(norm: Normaliser, expr: Indicator, env: Mapping[Any, Idx]) -> Form:
    rel = expr.relation
    left, right = index_of(rel.lhs, env, norm), index_of(rel.rhs, env, norm)
    if not isinstance(rel, Le | Lt):
        left, right = right, left
    strict = rel.rel_op in ("<", ">")
    return norm.at_most(left.moved(1) if strict else left, right)


def _cases(norm: Normaliser, expr: Cases, env: Mapping[Any, Idx]) -> Form:
    picked = (norm.form(Indicator(c), env) * norm.form(f, env) for f, c in expr.pairs)
    return total(picked)


def _ranged(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    name = norm.fresh()
    lower, upper = (index_of(e, env, norm) for e in (expr.lower, expr.upper))
    excluded = tuple(sorted(index_of(e, env, norm) for e in expr.excluded))
    span = Span(name, lower, upper, excluded)
    norm.indices.bind(span)
    body = norm.form(expr.body, {**env, expr.index: Idx(name, 0)})
    if isinstance(expr, Sum):
        return sums.sum_over(norm, body, span)
    return products.product_over(norm, body, span)


def _partial(norm: Normaliser, expr: Partial, env: Mapping[Any, Idx]) -> Form:
    return differentiate.partial(norm, expr, env)


def _hyperbolic(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    return norm.form(expr.rewrite(exp), env)


def _function(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    definition = norm.context.definition_of(expr) if isinstance(expr, AppliedUndef) else None
    if definition and definition.name not in norm.atomic:
        return norm.form(definition.applied(expr), env)
    args = [norm.form(a, env) for a in expr.args]
    name = type(expr).__name__
    if name == "factorial" and args[0].number in (0, 1):
        return constant(1)
    return atom("fn", name, *args)


Reader = Callable[[Any, Any, Mapping[Any, Idx]], Form]
READERS: dict[Any, Reader] = {
    Indexed: _indexed,
    Add: _add,
    Mul: _mul,
    (ExpBase, Exp1): _exp,
    Pow: _pow,
    log: _log,
    KroneckerDelta: _delta,
    Indicator: _indicator,
    Cases: _cases,
    Sum: _ranged,
    Product: _ranged,
    Partial: _partial,
    (sinh, cosh, tanh): _hyperbolic,
    Function: _function,
}


def read(norm: Normaliser, expr: Expr, env: Mapping[Any, Idx]) -> Form:
    """The form of an expression; ``env`` gives the bound letters' current names."""
    if isinstance(expr, Rational):
        return constant(Fraction(int(expr.p), int(expr.q)))
    if isinstance(expr, Symbol):
        return norm.symbol(expr, env)
    if isinstance(expr, Entry | Component):
        return norm.form(scalars(expr), env)
    for kind, reader in READERS.items():
        if isinstance(expr, kind):
            return reader(norm, expr, env)
    raise LanguageError(f"{expr} ({type(expr).__name__}) is outside the language")
