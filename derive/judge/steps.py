"""The rule that explains a right step, where one is plain to see."""

from __future__ import annotations

from derive.judge.judgement import Judgement
from derive.kernel.language import Expr, KroneckerDelta, Partial, Sum, exp, log, walk


def rule_of(found: Judgement) -> str:
    """A rule's name for a proved step, or nothing. It is a description, not a proof."""
    if found.sides is None:
        return ""
    left, right = found.sides
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


def _derivative(left: Expr) -> str:
    inner = [n.expr for n in walk(left) if isinstance(n, Partial)]
    if len(inner) == 1 and inner[0].is_Pow:
        return "quotient_rule"
    return "differentiate"
