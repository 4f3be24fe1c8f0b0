"""Reading expressions of the language into forms, a node at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
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
from derive.kernel.normal.putting import put
from derive.kernel.normal.signals import NeedCase, Undecidable, Undefined

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
    picked = []
    for f, c in expr.pairs:
        guard = norm.form(Indicator(c), env)
        if guard.terms:
            picked.append(guard * _where(norm, guard, f, env))
    return total(picked)


def _where(norm: Normaliser, guard: Form, f: Expr, env: Mapping[Any, Idx]) -> Form:
    """A value that counts only where its condition holds: elsewhere it need not exist."""
    before = set(norm.obligations)
    why: Undefined | None = None
    value = constant(0)
    try:
        value = norm.form(f, env)
    except Undefined as error:
        why = error
    if why is None and set(norm.obligations) == before:
        return value
    if guard.number is None:
        raise NeedCase(next(guard.atoms()), norm.symbols)
    if why is not None:
        raise why
    return value


def _ranged(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    lower, upper = (index_of(e, env, norm) for e in (expr.lower, expr.upper))
    excluded = tuple(sorted(index_of(e, env, norm) for e in expr.excluded))
    name = norm.memo.binder(env, (lower, upper, excluded))
    span = Span(name, lower, upper, excluded)
    norm.indices.bind(span)
    if sums.empty(norm, span):
        return constant(0 if isinstance(expr, Sum) else 1)
    before = set(norm.obligations)
    try:
        body = norm.form(expr.body, {**env, expr.index: Idx(name, 0)})
    except Undefined:
        _not_empty(norm, span)
        raise
    if set(norm.obligations) != before:
        _not_empty(norm, span)
    if isinstance(expr, Sum):
        return sums.sum_over(norm, body, span)
    return products.product_over(norm, body, span)


def _not_empty(norm: Normaliser, span: Span) -> None:
    """Over an empty range nothing has to exist: what the body needs would be asked too much."""
    values = sums.explicit_values(span)
    if values is not None:
        weights = [sums.kept(norm, span, v) for v in values]
        if not any(w.number == 1 for w in weights):
            raise NeedCase(next(a for w in weights for a in w.atoms()), norm.symbols)
    elif not norm.indices.at_most(span.lower.moved(len(span.excluded)), span.upper):
        raise Undecidable(f"the range {span.lower}..{span.upper} may be empty")


def _partial(norm: Normaliser, expr: Partial, env: Mapping[Any, Idx]) -> Form:
    return differentiate.partial(norm, expr, env)


def _hyperbolic(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    return norm.form(expr.rewrite(exp), env)


def _function(norm: Normaliser, expr: Any, env: Mapping[Any, Idx]) -> Form:
    definition = norm.context.definition_of(expr) if isinstance(expr, AppliedUndef) else None
    if definition and definition.name not in norm.atomic:
        own = definition.lhs.args
        if (definition.body.free_symbols - set(own)) & set(env):
            raise LanguageError(f"a letter of {definition.lhs} is bound around {expr}")
        return norm.form(put(definition.body, dict(zip(own, expr.args, strict=True))), env)
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


REMEMBERED = (Sum, Product, Partial, Pow, log)


def read(norm: Normaliser, expr: Expr, env: Mapping[Any, Idx]) -> Form:
    """The form of an expression; ``env`` gives the bound letters' current names."""
    if isinstance(expr, Rational):
        return constant(Fraction(int(expr.p), int(expr.q)))
    if isinstance(expr, Symbol):
        return norm.symbol(expr, env)
    if isinstance(expr, Entry | Component):
        return norm.form(scalars(expr), env)
    for kind, reader in READERS.items():
        if isinstance(expr, kind) and not isinstance(expr, REMEMBERED):
            return reader(norm, expr, env)
        if isinstance(expr, kind):
            key = norm.memo.key(expr, env)
            return norm.memo.read(norm, key, partial(reader, norm, expr, env))
    raise LanguageError(f"{expr} ({type(expr).__name__}) is outside the language")
