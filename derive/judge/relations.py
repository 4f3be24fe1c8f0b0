"""Relations other than equality, each with what it says and how that is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.judge.inequalities import ORDERS, Given, decide_inequality
from derive.judge.judgement import Judgement, said
from derive.judge.numbers import digits
from derive.judge.scope import Scope
from derive.kernel.decide import decide, established
from derive.kernel.explicit.witness import ORDERS as ALLOWED
from derive.kernel.facts import Context, Fact
from derive.kernel.language import Expr, Integer, Symbol, free_indices, substitute
from derive.kernel.verdicts import Status, Verdict, Witness
from derive.notation import K, index

EQUAL = ("=", ":=", "≈")
DECIDED = (*EQUAL, *ORDERS, "∝", "≠")
_LARGEST = ("max_", "min_")


def related(
    lhs: Expr, sign: str, rhs: Expr, context: Context, extra: Iterable[Fact], given: Given
) -> Judgement:
    """The verdict on two scalar sides with a sign that is not an equality."""
    if any(s.name.startswith(_LARGEST) for e in (lhs, rhs) for s in e.atoms(Symbol)):
        return Judgement("undecided", why="nothing is known here of a maximum")
    if sign in ORDERS:
        return said(decide_inequality(lhs, sign, rhs, context, extra, given),
                    lhs, rhs, context, sign)  # fmt: skip
    if sign == "≠":
        return said(decide_unequal(lhs, rhs, context), lhs, rhs, context, sign)
    return _proportional(lhs, rhs, context)


def _proportional(lhs: Expr, rhs: Expr, context: Context) -> Judgement:
    """Whether lhs / rhs is free of the index that runs on both sides: a_i b_j = a_j b_i."""
    running = sorted((free_indices(lhs) & free_indices(rhs)) - {K}, key=str)
    running = [s for s in running if s in context.ranges]
    if len(running) != 1:
        which = "no index" if not running else "more than one index"
        return Judgement("undecided", why=f"{which} runs on both sides of ∝")
    if established(rhs, Integer(0), context).holds:
        return Judgement("undecided", why="nothing but 0 is proportional to 0")
    [i] = running
    taken = {s.name for s in (*context.ranges, *free_indices(lhs), *free_indices(rhs))}
    j = index(next(x for x in "jklrstuvwabcd" if x not in taken))
    context = replace(context, ranges={**context.ranges, j: context.ranges[i]})
    left, right = lhs * substitute(rhs, {i: j}), substitute(lhs, {i: j}) * rhs
    found = said(decide(left, right, context), left, right, context, "∝")
    if found.verdict == "refuted":
        return replace(found, why=f"the quotient differs between {i} and {j}: "
                                  "compared are the products across")  # fmt: skip
    return found


def decide_unequal(lhs: Expr, rhs: Expr, context: Context) -> Verdict:
    """≠ between formulas says that they are not the same for all values."""
    found = decide(lhs, rhs, context)
    if found.status is Status.REFUTED:
        return Verdict(Status.PROVED, why=f"not equal for all values, for instance {found.witness}")
    if found.status is Status.PROVED:
        return Verdict(Status.UNDECIDED, why="the two sides are equal wherever they are defined")
    return Verdict(Status.UNDECIDED, why=found.why)


def numbers_related(lhs: Expr, sign: str, rhs: Expr, scope: Scope) -> Judgement:
    """The verdict on two numbers."""
    left, right, close = digits(lhs, rhs, scope)
    order = 0 if close else 1 if left > right else -1
    holds = order != 0 if sign == "≠" else order in ALLOWED.get(sign, ())
    if sign == "∝":
        return Judgement("undecided", why="no index runs on both sides of ∝")
    if holds:
        return Judgement("proved")
    return Judgement(
        "refuted", why=f"left {float(left):.8g}, right {float(right):.8g}",
        witness=Witness({}, {}, {}, lhs, rhs), sides=(lhs, rhs), sign=sign,
    )  # fmt: skip
