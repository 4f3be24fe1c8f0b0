"""Arithmetic: sums of terms, products, powers, exp, log, factorials."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Rational, default_sort_key

from derive.codegen.lower import Env, Lowering, lowers
from derive.codegen.lower_logarithms import ratio_of
from derive.codegen.program import Array
from derive.kernel.language import (
    Add,
    Expr,
    Indexed,
    Integer,
    Mul,
    Pow,
    Sum,
    Symbol,
    exp,
    factorial,
    log,
)
from derive.notation import Domain, base_of
from derive.rules.stability import sum_of_exponentials


@lowers(Add)
def add(low: Lowering, expr: Add, env: Env) -> Array:
    """A sum of terms; a shift follows what it is taken from, a logarithm comes last."""
    ones = [t for t in expr.args if t in (1, -1)]
    exps = [t for t in expr.args if _unsigned(t)[1].func is exp]
    if len(ones) == 1 and len(exps) == 1 and len(expr.args) == 2:
        sign, power = _unsigned(exps[0])
        if sign == -ones[0]:
            inner = low.work.combine("expm1", low.visit(power.args[0], env))
            return inner if sign == 1 else low.work.combine("negative", inner)
    terms = sorted(expr.args, key=lambda t: (_late(low, t), *_term_key(t)))
    terms = _rest_first(terms)
    signs, arrays = [], []
    for term in terms:
        sign, size = _unsigned(term)
        signs.append(int(sign))
        arrays.append(low.scope(size, env))
    return low.work.combine("add", *arrays, data=tuple(signs))


def _rest_first(terms: list[Expr]) -> list[Expr]:
    """ε − 1 + …: what is left of 1 is small where ε is near it, and exact if it comes first."""
    if len(terms) > 2 and not terms[0].is_number:
        one = next((t for t in terms if t in (1, -1)), None)
        part = next((t for t in terms if one and isinstance(-one * t, Symbol)), None)
        if part is not None:
            return [part, one, *(t for t in terms if t not in (part, one))]
    return terms


def _unsigned(term: Expr) -> tuple[Expr, Expr]:
    """A term as sign and size."""
    coefficient = term.as_coeff_Mul()[0]
    return (Integer(-1), -term) if coefficient.is_negative else (Integer(1), term)


def _late(low: Lowering, term: Expr) -> int:
    """Where a term stands in a sum: rounding is least when a shift is undone first."""
    if any(base_of(s) in low.choices for s in term.as_ordered_factors()):
        return 1
    return 2 if term.has(log) else 0


def _term_key(term: Expr) -> tuple[bool, object]:
    """Positive terms first, then SymPy's own order."""
    return bool(term.as_coeff_Mul()[0].is_negative), default_sort_key(term)


@lowers(Mul)
def mul(low: Lowering, expr: Mul, env: Env) -> Array:
    """A product or quotient; factors with few axes meet first, and 0 · (−∞) is 0."""
    sign, size = _unsigned(expr)
    if sign == -1 and isinstance(size, Sum):
        turned = _turned(low, size)
        if turned is not None:
            return low.scope(turned, env)
    factors = shares(sorted(Mul.make_args(size), key=default_sort_key))
    weights = weights_unbounded(low, factors)
    if weights:
        product = _weighted(low, weights, [f for f in factors if f not in weights], env)
        return low.work.combine("negative", product) if sign == -1 else product
    return _quotient(low, factors, env, int(sign))


def _weighted(low: Lowering, weights: list[Expr], unbounded: list[Expr], env: Env) -> Array:
    """A product in which 0 · (−∞) is 0."""
    if len(weights) > 1 and not any(isinstance(f, log) for f in unbounded):
        # What is divided by an argument is not the weight, which might become too small.
        divisors = [w for w in weights if isinstance(w, Pow) and isinstance(1 / w, Symbol | Pow)
                    and base_of((1 / w).as_base_exp()[0]) in low.arguments]  # fmt: skip
        weights = [w for w in weights if w not in divisors]
        unbounded = [*unbounded, *divisors]
    weight = _quotient(low, weights, env, 1)
    if len(unbounded) == 1 and isinstance(unbounded[0], log):
        ratio = ratio_of(unbounded[0].args[0])
        if ratio is not None:
            parts = (low.scope(part, env) for part in ratio)
            return low.work.combine("weighted_log_ratio", weight, *parts)
    return low.work.combine("weighted", weight, _quotient(low, unbounded, env, 1))


def _turned(low: Lowering, total: Sum) -> Expr | None:
    """−Σ y log p as Σ y (−log p), which is 0 and not −0 where nothing is lost."""
    factors = Mul.make_args(total.body)
    for factor in factors if weights_unbounded(low, factors) else ():
        if isinstance(factor, Add) and may_be_infinite(low, factor):
            rest = Mul(*(f for f in factors if f is not factor))
            return Sum(rest * -factor, *total.args[1:])
    return None


def shares(factors: list[Expr]) -> list[Expr]:
    """e_i e_j / S² as (e_i / S) (e_j / S): each share is at most 1, and both are one array."""
    for factor in factors:
        if not isinstance(factor, Pow) or not sum_of_exponentials(factor.base):
            continue
        exps = [f for f in factors if isinstance(f, exp)]
        count = -factor.exp
        if count not in (1, 2, 3, 4) or not exps or (count == 1 and len(exps) == 1):
            continue
        paired = exps[: int(count)]
        rest = [f for f in factors if f != factor and f not in paired]
        left = [Pow(factor.base, len(paired) - count)] if count > len(paired) else []
        return [*(e / factor.base for e in paired), *rest, *left]
    return factors


def weights_unbounded(low: Lowering, factors: Sequence[Expr]) -> list[Expr]:
    """The factors that weight another one which may be −∞; [] where there is nothing to guard."""
    unbounded = [f for f in factors if may_be_infinite(low, f)]
    weights = [f for f in factors if f not in unbounded]
    if not unbounded or all(_cannot_vanish(low, w) for w in weights):
        return []
    return weights


def may_be_infinite(low: Lowering, expr: Expr) -> bool:
    """Whether an expression contains a logarithm or a logit outside of every exponential."""
    if isinstance(expr, exp):
        return False
    if isinstance(expr, log):
        return not isinstance(expr.args[0], factorial | Integer | Symbol)
    if isinstance(expr, Indexed):
        definition = low.context.definition_of(expr)
        if definition is not None and expr.base not in low.arguments:
            return may_be_infinite(low, definition.body)
        return base_of(expr) in low.logits
    return any(may_be_infinite(low, a) for a in expr.args)


def _cannot_vanish(low: Lowering, factor: Expr) -> bool:
    if factor.is_number:
        return True
    if isinstance(factor, Pow):
        return _cannot_vanish(low, factor.base)
    quantity = low.context.quantity(base_of(factor))
    return quantity is not None and quantity.domain in (Domain.POSITIVE, Domain.LABEL)


def _quotient(low: Lowering, factors: list[Expr], env: Env, sign: int) -> Array:
    """A product of factors, those with negative powers below the line."""
    above, below = [], []
    for factor in factors:
        if isinstance(factor, Rational) and not isinstance(factor, Integer):
            above += [low.work.constant(Integer(factor.p))] if factor.p != 1 else []
            below.append(low.work.constant(Integer(factor.q)))
        elif isinstance(factor, Pow) and factor.exp.as_coeff_Mul()[0].is_negative:
            below.append(low.scope(1 / factor, env))
        elif factor != 1:
            above.append(low.scope(factor, env))
    arrays = _fewest_first(low, above) or low.work.constant(Integer(1))
    rank = len(arrays.indices)
    if sign == -1 and below and not above:
        arrays, sign = low.work.constant(Integer(-1)), 1
    if below:
        divisor = _fewest_first(low, below)
        assert divisor is not None
        low.work.names.setdefault(divisor.node, "total")
        first, *rest = sorted(above, key=lambda a: len(a.indices)) or [arrays]
        if rank > 1 and rest and len(divisor.indices) < rank > len(first.indices):
            # nor does the quotient go through it, which may have become too small by then
            first = low.work.combine("divide", first, divisor)
            first = low.work.combine("negative", first) if sign == -1 else first
            product = _fewest_first(low, [first, *rest])
            assert product is not None
            return product
        arrays = low.work.combine("divide", arrays, divisor)
    elif sign == -1 and rank > 1 and len(above) > 1:
        # the sign goes to a factor with few axes, not through the whole outer product
        first, *rest = sorted(above, key=lambda a: len(a.indices))
        negated = _fewest_first(low, [low.work.combine("negative", first), *rest])
        assert negated is not None
        return negated
    return low.work.combine("negative", arrays) if sign == -1 else arrays


def _fewest_first(low: Lowering, arrays: list[Array]) -> Array | None:
    """The product of arrays, those with the same axes first, then from few axes to many."""
    groups: dict[frozenset[Symbol], list[Array]] = {}
    for array in arrays:
        groups.setdefault(frozenset(array.indices), []).append(array)
    product: Array | None = None
    for _, group in sorted(groups.items(), key=lambda g: len(g[0])):
        members = group if product is None else [product, *group]
        product = (
            members[0]
            if len(members) == 1
            else low.work.combine("mul", *members, data=(1,) * len(members))
        )
    return product


@lowers(Pow)
def power(low: Lowering, expr: Pow, env: Env) -> Array:
    """A power; squares, roots and reciprocals have their own operations."""
    base, exponent = expr.args
    if exponent.as_coeff_Mul()[0].is_negative:
        below = low.scope(Pow(base, -exponent), env)
        return low.work.combine("divide", low.work.constant(Integer(1)), below)
    named = {Integer(2): "square", Rational(1, 2): "sqrt"}
    if exponent in named:
        return low.work.combine(named[exponent], low.scope(base, env))
    return low.work.combine("power", low.scope(base, env), low.scope(exponent, env))


@lowers(factorial)
def factorials(low: Lowering, expr: Expr, env: Env) -> Array:
    """n!, through its logarithm."""
    inner = low.work.combine("log_factorial", low.scope(expr.args[0], env))
    return low.work.combine("exp", inner)
