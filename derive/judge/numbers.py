"""Numbers by the digits written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Rational, Symbol

from derive.judge.scope import Scope
from derive.kernel.language import Expr, Indexed

if TYPE_CHECKING:
    from derive.judge.claims import Claim
    from derive.judge.verdict import Judgement


def is_numeric(expr: Expr, scope: Scope) -> bool:
    """Whether nothing but numbers is in it, after definitions."""
    if expr.atoms(Indexed):
        return False
    symbols = expr.atoms(Symbol)
    return all(_value(s, scope) is not None for s in symbols)


def _value(s: Symbol, scope: Scope) -> Expr | None:
    for d in scope.definitions.values():
        if d.lhs == s and not d.body.free_symbols:
            return d.body
    return None


def compare(lhs: Expr, rhs: Expr, claim: Claim, scope: Scope) -> Judgement:
    """Exact if both sides are; else the written digits must be a correct rounding."""
    from derive.judge.verdict import Judgement

    values = {s: _value(s, scope) for e in (lhs, rhs) for s in e.atoms(Symbol)}
    left, right = lhs.xreplace(values), rhs.xreplace(values)
    difference = (left - right).evalf(40)
    if left == right:
        return Judgement("proved")
    digits = _digits(claim)
    if digits is not None:
        if abs(difference) <= Rational(1, 2) * Rational(1, 10**digits):
            return Judgement("proved", why=f"right to {digits} digits behind the point")
        return Judgement("refuted", why=f"exactly {left.evalf(12)}, written {right.evalf(12)}")
    if abs(difference) < Rational(1, 10**30):
        return Judgement("proved")
    return Judgement("refuted", why=f"left {left.evalf(12)}, right {right.evalf(12)}")


def _digits(claim: Claim) -> int | None:
    texts = [t.text for t in claim.tokens[1] if t.kind == "num" and "." in t.text]
    texts = texts or [t.text for t in claim.tokens[0] if t.kind == "num" and "." in t.text]
    return max((len(t.partition(".")[2]) for t in texts), default=None)
