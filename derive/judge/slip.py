"""Which slip turns the right line into the person's, and how the line should read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from derive.errors import DeriveError
from derive.judge.cautions import targets_sum_to_one
from derive.judge.judgement import Judgement
from derive.judge.limits import OutOfTime, limited
from derive.judge.mends import mended, outwards
from derive.kernel.facts import DifferentIndex, Fact, SameIndex, words
from derive.kernel.language import Expr, Sum, delta, walk
from derive.kernel.normal.prove import prove
from derive.kernel.slips import mutants

MOST = 90
SECONDS = 1.5


@dataclass(frozen=True)
class Explanation:
    """A slip by name, in words, and the right line."""

    name: str
    words: str
    right: str

    def as_dict(self) -> dict[str, str]:
        return {"name": self.name, "words": self.words, "right": self.right}


def explain(found: Judgement) -> Explanation | None:
    """The likely slip of a refuted line, found by undoing one slip at a time."""
    if found.sides is None or found.context is None:
        return None
    try:
        with limited(SECONDS):
            return _explain(*found.sides, found.context)
    except (OutOfTime, RecursionError, DeriveError):
        return None


def _explain(left: Expr, right: Expr, context: Any) -> Explanation | None:
    for new in outwards(left):
        if _equal(new, right, context) is not None:
            return Explanation("off by one", "a limit of a sum is off by one", _latex(new, context))
    for name, why, better in islice(mended(left, right, context), MOST):
        if better != right and (equal := _equal(left, better, context)) is not None:
            return Explanation(name, _under(why, equal), _latex(better, context))
    if left.atoms(Sum) or len(list(islice(walk(left), 40))) < 40:
        for slip, wrong in islice(mutants(left), MOST):
            if _equal(wrong, right, context) is not None:
                return Explanation(slip.name, slip.words, _latex(left, context))
    return None


def _equal(left: Expr, right: Expr, context: Any) -> tuple[Fact, ...] | None:
    """The totals under which two expressions agree: none, or Σ = 1 of the targets."""
    cases = [f for f in context.facts if isinstance(f, SameIndex | DifferentIndex)]
    totals = targets_sum_to_one(left, right, context)
    try:
        for facts in ((), tuple(totals)) if totals else ((),):
            if prove(left, right, context.only_facts([*cases, *facts])).proved:
                return facts
    except (DeriveError, ArithmeticError, ValueError, TypeError, AttributeError):
        return None
    return None


def _under(said: str, facts: tuple[Fact, ...]) -> str:
    return f"{said} (with {' and '.join(map(words, facts))})" if facts else said


def _latex(expr: Expr, context: Any) -> str:
    from derive.render.maths import latex

    try:
        return latex(expr, context)
    except (DeriveError, AttributeError, TypeError):
        return str(expr)


__all__ = ["Explanation", "delta", "explain"]
