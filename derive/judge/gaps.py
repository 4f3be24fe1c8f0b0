"""A gap for an inequality that is linear in logarithms: each c·log t is bounded by the lemma.

With c ≥ 0, c log t ≥ c (1 − 1/t); what is lost is c·log_gap(1/t). The logarithms with the same
factor are taken together first: Σ p log p − Σ p log q is Σ p log(p/q). This only guesses a gap;
the kernel proves that the difference is that gap, and that the gap is not negative.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import expand_mul

from derive.errors import DeriveError
from derive.kernel.bounds import Bound, log_gap
from derive.kernel.decide import established
from derive.kernel.facts import Context
from derive.kernel.language import Add, Expr, Integer, Mul, Sum, Symbol, log

Groups = dict[Expr, Expr]  # c: t, for c·log t


def bounded_by_a_gap(difference: Expr, context: Context) -> bool:
    """Whether the difference is proved not to be negative under the facts of the context."""
    if not difference.has(log) and not any(d.body.has(log) for d in context.definitions):
        return False
    for gap in _gaps(named(difference, context), context):
        try:
            if Bound("≥", gap).verdict(difference, Integer(0), context).holds:
                return True
        except (DeriveError, ValueError, TypeError, AttributeError):
            continue
    return False


def named(expr: Expr, context: Context) -> Expr:
    """Named numbers, such as H and D, by what they stand for."""
    scalar = {d.lhs: d.body for d in context.definitions if isinstance(d.lhs, Symbol)}
    for _ in scalar:
        expr = expr.xreplace(scalar)
    return expr


def _gaps(expr: Expr, context: Context) -> Iterator[Expr]:
    alone: Groups = {}
    sums: dict[tuple[Expr, ...], tuple[Symbol, Groups]] = {}
    for term in Add.make_args(expand_mul(expr)):
        outer, inner = _sum_in(term)
        if inner is None:
            _collect(term, alone)
            continue
        key = (inner.lower, inner.upper, *inner.excluded)
        letter, groups = sums.setdefault(key, (inner.index, {}))
        body = inner.body.xreplace({inner.index: letter})
        for part in Add.make_args(expand_mul(outer * body)):
            _collect(part, groups)
    if not sums:
        yield from _total([c * log_gap(1 / t) for c, t in alone.items()])
        return
    for key, (letter, groups) in sums.items():
        taken_in = _with_those_outside(key, letter, groups, alone, context)
        gaps = [_summed(c * log_gap(1 / t), letter, key) for c, t in taken_in.items()]
        yield from _total(gaps)


def _total(gaps: list[Expr]) -> Iterator[Expr]:
    if gaps:
        yield Add(*gaps)


def _sum_in(term: Expr) -> tuple[Expr, Sum | None]:
    """(c, Σ) of c·Σ."""
    found = [f for f in Mul.make_args(term) if isinstance(f, Sum)]
    if len(found) != 1:
        return term, None
    return Mul(*(f for f in Mul.make_args(term) if f is not found[0])), found[0]


def _collect(term: Expr, groups: Groups) -> None:
    """r·c·log t as c: t^r."""
    logs = [f for f in Mul.make_args(term) if isinstance(f, log)]
    if len(logs) != 1:
        return
    number, factor = Mul(*(f for f in Mul.make_args(term) if f is not logs[0])).as_coeff_Mul()
    groups[factor] = groups.get(factor, Integer(1)) * logs[0].args[0] ** number


def _with_those_outside(
    key: tuple[Expr, ...], letter: Symbol, groups: Groups, alone: Groups, context: Context
) -> Groups:
    """log t beside Σ_k c_k log t_k, where Σ_k c_k = 1, as Σ_k c_k log t."""
    out = dict(groups)
    for factor, t in alone.items():
        for c in groups:
            if established(_summed(c, letter, key), factor, context).holds:
                out[c] = out[c] * t
                break
    return out


def _summed(body: Expr, letter: Symbol, key: tuple[Expr, ...]) -> Expr:
    lower, upper, *excluded = key
    return Sum(body, (letter, lower, upper), *excluded)
