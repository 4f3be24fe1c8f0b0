"""exp and log: the places where digits are lost, and the operations that keep them."""

from __future__ import annotations

from sympy import default_sort_key

from derive.codegen.lower import Env, Lowering, lowers
from derive.codegen.lower_sums import opened
from derive.codegen.program import Array, Placed
from derive.kernel.language import (
    Add,
    Expr,
    Integer,
    Mul,
    Pow,
    Sum,
    exp,
    factorial,
    log,
    walk,
)
from derive.notation import base_of


@lowers(exp)
def exponential(low: Lowering, expr: Expr, env: Env) -> Array:
    """exp, and the exponential of the largest term where a formula sets it apart."""
    power = expr.args[0]
    below = _divisor(power)
    if below is None:
        return low.work.combine("exp", exponent(low, power, env))
    parts = exponent(low, power * below, env), low.scope(below, env)
    return low.work.combine("exp_quotient", *parts)


def _divisor(power: Expr) -> Expr | None:
    """τ in (z_k − s)/τ."""
    divisors = [f for f in Mul.make_args(power) if isinstance(f, Pow) and f.exp == -1]
    if not divisors or not any(isinstance(f, Add) for f in power.args):
        return None
    return Mul(*(f.base for f in divisors))


def exponent(low: Lowering, expr: Expr, env: Env) -> Array:
    """What stands in an exponent: the largest term less the shift is a maximum already known."""
    pivots = [s for s in expr.free_symbols if s in low.choices and low.choices[s].kind == "pivot"]
    below = _divisor(expr)
    if below is not None:
        above = exponent(low, expr * below, env)
        return low.work.combine("divide", above, low.scope(below, env))
    for pivot in pivots:
        choice = low.choices[pivot]
        rest = expr - choice.at(pivot)
        if pivot not in rest.free_symbols:
            top = choice.top(low, env)
            return low.work.combine("add", top, low.scope(-rest, env), data=(1, -1))
    reflected = _of_two(low, expr, env)
    return low.scope(expr, env) if reflected is None else reflected


def _of_two(low: Lowering, expr: Expr, env: Env) -> Array | None:
    """f − s and f − 2 s where s = max(f, 0): −max(−f, 0) and −max(f, −f), also at f = ±∞."""
    for name, choice in low.choices.items():
        power = next((t.args[0] for t in Add.make_args(choice.total) if isinstance(t, exp)), None)
        if choice.kind != "shift" or power is None or choice.total != 1 + exp(power):
            continue
        s = name[choice.parameters] if choice.parameters else name
        for other, times in ((Integer(0), 1), (power, 2)):
            if expr == power - times * s:
                sides = low.scope(-power, env), low.scope(other, env)
                return low.work.combine("negative", low.work.combine("maximum", *sides))
    return None


@lowers(log)
def logarithm(low: Lowering, expr: Expr, env: Env) -> Array:
    """log; log1p where the argument is 1 plus something, or holds the largest term apart."""
    inner = expr.args[0]
    shifted = _shifted_sum(low, inner, env)
    if shifted is not None:
        return shifted
    if isinstance(inner, factorial):
        return low.work.combine("log_factorial", low.scope(inner.args[0], env))
    if isinstance(inner, Add):
        split = _one_plus(low, inner, env)
        return low.work.combine("log", low.scope(inner, env)) if split is None else split
    ratio = ratio_of(inner)
    if ratio is not None and ratio[1] == 1 - ratio[0]:
        return low.work.combine("log_odds", low.scope(ratio[0], env))
    if ratio is not None:
        return low.work.combine("log_ratio", *(low.scope(part, env) for part in ratio))
    return low.work.combine("log", low.scope(inner, env))


def _shifted_sum(low: Lowering, inner: Expr, env: Env) -> Array | None:
    """log(e^{−s} + Σ_k e^{f_k − s}) with s the largest exponent: one term is 1, or nearly."""
    terms = Add.make_args(inner)
    sums = [t for t in terms if isinstance(t, Sum) and isinstance(t.body, exp) and not t.excluded]
    lone = [t for t in terms if isinstance(t, exp)]
    shifts = [s for s in low.choices if low.choices[s].kind == "shift"]
    if len(sums) != 1 or len(lone) > 1 or len(terms) != len(sums) + len(lone):
        return None
    if not any(base_of(n) in shifts for n in walk(sums[0].body)):
        return None
    total, inside = opened(low, sums[0], env)
    body = low.scope(total.body, inside)
    if total.index not in body.indices:
        return None
    array = low.work.arrange(body, total.index)
    own = Placed(array.node, tuple(range(array.node.rank)))
    rest = array.indices[:-1]
    inputs = (own, *(low.work.place(low.scope(t, env), rest) for t in lone))
    return Array(low.work.node("log_sum", inputs, array.node.spans[:-1]), rest)


def ratio_of(inner: Expr) -> tuple[Expr, Expr] | None:
    """What stands above and below the line in a quotient that is not just a number."""
    above = [f for f in Mul.make_args(inner) if not _is_below(f)]
    below = [1 / f for f in Mul.make_args(inner) if _is_below(f)]
    if not above or not below or inner.is_number:
        return None
    return Mul(*above), Mul(*below)


def _is_below(factor: Expr) -> bool:
    return isinstance(factor, Pow) and bool(factor.exp.as_coeff_Mul()[0].is_negative)


def _one_plus(low: Lowering, inner: Add, env: Env) -> Array | None:
    """log(1 + x) as log1p(x), and log(e^{f_l − s} + x) as log1p(expm1(f_l − s) + x)."""
    terms = list(inner.args)
    if Integer(1) in terms:
        terms.remove(Integer(1))
        if len(terms) == 1 and isinstance(terms[0], exp):
            return low.work.combine("log_one_plus_exp", exponent(low, terms[0].args[0], env))
        return low.work.combine("log1p", low.scope(Add(*terms), env))
    pivots = {s for s in low.choices if low.choices[s].kind == "pivot"}
    for term in terms:
        if isinstance(term, exp) and pivots & term.args[0].free_symbols:
            apart = low.work.combine("expm1", exponent(low, term.args[0], env))
            rest = low.scope(inner - term, env)
            return low.work.combine("log1p", low.work.combine("add", apart, rest, data=(1, 1)))
    if len(terms) == 2 and all(isinstance(t, exp) for t in terms):
        sides = sorted(terms, key=default_sort_key)
        return low.work.combine("logaddexp", *(exponent(low, t.args[0], env) for t in sides))
    return None
