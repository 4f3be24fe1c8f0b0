"""The order in which a careful author writes terms and factors (SymPy sorts them arbitrarily)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Function, Number
from sympy.core.function import AppliedUndef

from derive.kernel.language import (
    Add,
    Cases,
    Expr,
    Indexed,
    Indicator,
    Integer,
    KroneckerDelta,
    Mul,
    Partial,
    Pow,
    Product,
    Ranged,
    Rational,
    Sum,
    Symbol,
    exp,
    factorial,
    log,
    walk,
)
from derive.kernel.matrices import Array, rank_of

ONE = Integer(1)
REMAINDER = Function("g")  # x − 1 − log x in what is seen to be not negative: written last


@dataclass(frozen=True)
class Factors:
    """``± numerator / denominator · outside``, each in printing order."""

    negative: bool
    numerator: tuple[Expr, ...]
    denominator: tuple[Expr, ...]
    outside: tuple[Expr, ...]


def terms(expr: Expr) -> list[Expr]:
    """The terms of a sum: positive ones first, simple ones first, a lone number by its company."""
    found = Add.make_args(expr)
    symbolic = all(_is_symbolic(t) for t in found)

    def key(term: Expr) -> tuple[Any, ...]:
        number = bool(term.is_Number)
        rank = (1 if symbolic else -1) if number else 0
        negative = is_negative(term) or _sums_negatives(term)
        last = any(_is_remainder(f) for f in Mul.make_args(term))
        return last, negative, rank, _weight(term), len(str(term)), str(term).lower()

    return sorted(found, key=key)


def _sums_negatives(term: Expr) -> bool:
    """A sum of −f_k stands after the positive terms, as −Σ f_k would."""
    return isinstance(term, Sum) and is_negative(term.body)


def is_negative(term: Expr) -> bool:
    """Whether the term is written with a minus sign."""
    if isinstance(term, Mul):
        return sum(1 for a in term.args if a.is_Number and a.is_negative) % 2 == 1
    return bool(term.is_Number and term.is_negative)


def factors(expr: Expr) -> Factors:
    """Sort the factors of a product into numerator, denominator and what stands after both."""
    coefficient: Expr = ONE
    above: list[Expr] = []
    below: list[Expr] = []
    for a in Mul.make_args(expr):
        if isinstance(a, Number):
            coefficient = coefficient * a
        elif isinstance(a, Pow) and isinstance(a.exp, Rational) and a.exp.is_negative:
            below.append(a.base if a.exp == -1 else Pow(a.base, -a.exp, evaluate=False))
        else:
            above.append(a)
    negative = bool(coefficient.is_negative)
    coefficient = abs(coefficient)
    simple = all(isinstance(b, Symbol) for b in below)
    outside = [a for a in above if _stands_outside(a, simple, len(above))]
    above = [a for a in above if a not in outside]
    if below:
        top, bottom = coefficient.p, coefficient.q
        above += [Integer(top)] if top != 1 else []
        below += [Integer(bottom)] if bottom != 1 else []
    elif coefficient != 1:
        above.append(coefficient)
    if not below:
        above, outside = above + outside, []
    return Factors(negative, _sorted(above), _sorted(below), _sorted(outside))


def _stands_outside(factor: Expr, simple: bool, company: int) -> bool:
    """Whether an author writes the factor after the fraction instead of in its numerator."""
    if isinstance(factor, Partial | Cases) or rank_of(factor):
        return True
    if isinstance(factor, Add):
        return any(_is_fraction(t) for t in factor.args)
    if isinstance(factor, exp) and factor.has(Ranged):
        return company > 1
    if isinstance(factor, Product):
        return simple or company > 1
    return isinstance(factor, Sum) and simple


def _is_fraction(term: Expr) -> bool:
    return bool(factors(term).denominator) or isinstance(term, Partial)


def _is_symbolic(term: Expr) -> bool:
    return all(isinstance(f, Symbol | Number) for f in Mul.make_args(term))


def _sorted(found: list[Expr]) -> tuple[Expr, ...]:
    return tuple(sorted(found, key=_factor_key))


def _factor_key(factor: Expr) -> tuple[Any, ...]:
    base = factor.base if isinstance(factor, Pow) else factor
    name = str(base.base if isinstance(base, Indexed) else base)
    # Sizes stand before other symbols: N a, and not a N.
    size = not (isinstance(base, Symbol) and base.is_integer)
    return _rank(factor), size, name.lower(), name, str(factor)


_RANKS: tuple[tuple[Any, int], ...] = (
    (Number, 0),
    (Symbol, 1),
    (factorial, 2),
    (Indexed, 3),
    (AppliedUndef, 3),
    (KroneckerDelta, 4),
    (Indicator, 4),
    (exp, 5),
    (Partial, 7),
    (Cases, 8),
    (log, 9),
    (Ranged, 10),
    (Array, 11),
)


OPERATOR = 12  # ∂/∂x of what is written out: last, so that nothing else seems to be under it


def _is_operator(factor: Expr) -> bool:
    body = factor
    while isinstance(body, Partial):
        body = body.expr
    return body is not factor and not isinstance(body, Symbol | Indexed | AppliedUndef)


def _rank(factor: Expr) -> int:
    if rank_of(factor):
        return 11
    base = factor.base if isinstance(factor, Pow) and not isinstance(factor, exp) else factor
    if base is factor and _is_operator(factor):
        return OPERATOR
    rank = next((r for kind, r in _RANKS if isinstance(base, kind)), 6)
    if _is_remainder(factor):
        return 9
    return 6 if base is not factor and rank > 6 else rank


def _is_remainder(factor: Expr) -> bool:
    return isinstance(factor, AppliedUndef) and factor.func == REMAINDER


def _weight(term: Expr) -> int:
    """0 symbols, 1 components and deltas, 2 functions, 3 sums: how much a term has in it."""
    weight = 0
    for node in walk(term):
        if isinstance(node, Ranged):
            return 3
        if isinstance(node, exp | log | Partial | Cases):
            weight = 2
        elif isinstance(node, Indexed | KroneckerDelta):
            weight = max(weight, 1)
    return weight
