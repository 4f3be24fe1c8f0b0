"""The rule that explains a right step, where one is plain to see."""

from __future__ import annotations

from typing import Any

from derive.errors import DeriveError
from derive.judge.judgement import Judgement
from derive.judge.limits import OutOfTime, limited
from derive.kernel.language import Expr, KroneckerDelta, Partial, Sum, exp, log, walk
from derive.kernel.rule import Rule

SECONDS = 0.5


def rule_of(found: Judgement) -> str:
    """A rule's name for a proved step, or nothing. It is a description, not a proof."""
    if found.sides is None or found.sign != "=":
        return ""
    left, right = found.sides
    if (one := _single(left, right, found.context)) is not None:
        return one
    before = {type(n) for n in walk(left)}
    after = {type(n) for n in walk(right)}
    if Partial in before and Partial not in after:
        return _derivative(left)
    if Partial in before and Partial in after:
        return "chain_rule"
    if log in before and log not in after and exp in before:
        return "log_of_exp"
    if KroneckerDelta in before and KroneckerDelta not in after:
        return "sifting"
    if Sum in before and Sum not in after and found.conditions:
        return "total"
    if Sum in before and Sum in after:
        return "linearity_of_sums"
    return "algebra"


def _single(left: Expr, right: Expr, context: Any) -> str | None:
    """The rule that alone makes the right side out of the left one."""
    from derive.rules import all_rules
    from derive.rules.definitions import expand, fold

    if context is None or left == right:
        return None
    families = (f(d.name) for d in context.definitions for f in (expand, fold))
    plain = [r for r in all_rules().values() if not r.parameters]
    plain.sort(key=lambda r: str(r.act.__module__))  # whatever was imported first
    every = [*plain, *families]
    try:
        with limited(SECONDS):
            return next((r.name for r in every if _makes(r, left, right, context)), None)
    except OutOfTime:
        return None


def _makes(rule: Rule, left: Expr, right: Expr, context: Any) -> bool:
    try:
        return bool(rule.apply(left, context) == right)
    except (DeriveError, ArithmeticError, AttributeError, TypeError, ValueError, IndexError):
        return False


def _derivative(left: Expr) -> str:
    inner = [n.expr for n in walk(left) if isinstance(n, Partial)]
    if len(inner) == 1 and inner[0].is_Pow:
        return "quotient_rule"
    return "differentiate"
