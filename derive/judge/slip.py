"""Which slip turns the right line into the person's, and how the line should read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from derive.errors import DeriveError
from derive.judge.limits import OutOfTime, limited
from derive.judge.verdict import Judgement
from derive.kernel.facts import DifferentIndex, SameIndex
from derive.kernel.language import Expr, Sum, delta, walk
from derive.kernel.normal.prove import prove
from derive.kernel.slips import mutants

MOST = 60
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
    except (OutOfTime, RecursionError):
        return None


def _explain(left: Expr, right: Expr, context: Any) -> Explanation | None:
    for name, words, mended in islice(_mended(right), MOST):
        if mended != right and _equal(left, mended, context):
            return Explanation(name, words, _latex(mended, context))
    if left.atoms(Sum) or len(list(islice(walk(left), 40))) < 40:
        for slip, wrong in islice(mutants(left), MOST):
            if _equal(wrong, right, context):
                return Explanation(slip.name, slip.words, _latex(left, context))
    return None


def _mended(right: Expr) -> Iterator[tuple[str, str, Expr]]:
    """The person's side with one slip undone."""
    yield "sign", "the sign is wrong", -right
    for slip, new in mutants(right):
        yield slip.name, slip.words, new


def _equal(left: Expr, right: Expr, context: Any) -> bool:
    cases = [f for f in context.facts if isinstance(f, SameIndex | DifferentIndex)]
    try:
        return prove(left, right, context.only_facts(cases)).proved
    except (DeriveError, ArithmeticError, ValueError, TypeError, AttributeError):
        return False


def _latex(expr: Expr, context: Any) -> str:
    from derive.render.maths import latex

    try:
        return latex(expr, context)
    except (DeriveError, AttributeError, TypeError):
        return str(expr)


__all__ = ["Explanation", "delta", "explain"]
