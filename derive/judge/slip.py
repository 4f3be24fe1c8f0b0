"""Which slip turns the right line into the person's, and how the line should read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from derive.errors import DeriveError
from derive.judge.cautions import targets_sum_to_one
from derive.judge.confirm import NoValue, Unknown, Walk
from derive.judge.inequalities import FLIPPED, shown
from derive.judge.judgement import Judgement
from derive.judge.layout import laid_out, put
from derive.judge.limits import OutOfTime, limited
from derive.judge.mends import mended, outwards, own_term, whole
from derive.kernel.facts import DifferentIndex, Fact, SameIndex, words
from derive.kernel.language import Expr, Sum, delta, walk
from derive.kernel.normal.prove import prove
from derive.kernel.slips import mutants
from derive.kernel.verdicts import Witness

MOST = 90
SECONDS = 1.5
FAR = 1e-12
OWN_TERM = "only one term of the sum is differentiated; the others depend on this component too"
SIGNS = {"<": "<", ">": ">", "≤": r"\le", "≥": r"\ge"}


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
    if found.sign != "=":
        return _turned(found)
    try:
        with limited(SECONDS):
            return _Search(*found.sides, found.context, found.witness, found.turned).found()
    except (OutOfTime, RecursionError, DeriveError):
        return None


def _turned(found: Judgement) -> Explanation | None:
    """An inequality that holds the other way round."""
    assert found.sides is not None
    (left, right), sign = found.sides, FLIPPED.get(found.sign)
    try:
        with limited(SECONDS):
            if sign is None or not shown(left, sign, right, found.context):
                return None
    except (OutOfTime, RecursionError, DeriveError):
        return None
    line = f"{_latex(left, found.context)} {SIGNS[sign]} {_latex(right, found.context)}"
    return Explanation("reversed inequality", "the inequality points the other way", line)


@dataclass
class _Search:
    """The slips of one line, one at a time and then two; most are ruled out at the witness."""

    left: Expr
    right: Expr
    context: Any
    witness: Witness | None
    turned: frozenset[Any] = frozenset()

    def __post_init__(self) -> None:
        self.walk = Walk(self.witness, self.context) if self.witness else None
        self.targets = {e: self._at(e) for e in (self.left, self.right)}

    def found(self) -> Explanation | None:
        return self._changed_limit() or self._one() or self._own_term() or self._in_left() or (
            self._two()
        )  # fmt: skip

    def _at(self, expr: Expr) -> Any:
        """The value at the witness; None where nothing is known of it, "" where there is none."""
        if self.walk is None:
            return None
        try:
            return self.walk.at(expr)
        except NoValue:
            return ""
        except (Unknown, RecursionError, AttributeError, TypeError):
            return None

    def _equal(self, one: Expr, fixed: Expr) -> tuple[Fact, ...] | None:
        value, target = self._at(one), self.targets[fixed]
        if value is not None and target not in (None, "") and (
            value == "" or abs(value - target) > FAR * max(1, abs(target))
        ):  # fmt: skip
            return None
        if not self.turned:
            return _equal(one, fixed, self.context)
        sides = [put(e, set(self.turned)) for e in (one, fixed)]
        return _equal(sides[0], sides[1], laid_out(self.context, set(self.turned)))

    def _changed_limit(self) -> Explanation | None:
        for new in outwards(self.left):
            if self._equal(new, self.right) is not None:
                right = _latex(new, self.context)
                return Explanation("off by one", "a limit of a sum is off by one", right)
        return None

    def _own_term(self) -> Explanation | None:
        for own, whole_ in own_term(self.left, self.context):
            if self._equal(own, self.right) is not None:
                return Explanation("own term only", OWN_TERM, _latex(whole_, self.context))
        return None

    def _one(self) -> Explanation | None:
        for name, why, better in islice(mended(self.left, self.right, self.context), MOST):
            if better != self.right and (equal := self._equal(better, self.left)) is not None:
                return Explanation(name, _under(why, equal), _latex(better, self.context))
        return None

    def _in_left(self) -> Explanation | None:
        if not self.left.atoms(Sum) and len(list(islice(walk(self.left), 40))) >= 40:
            return None
        for slip, wrong in islice(mutants(self.left), MOST):
            if self._equal(wrong, self.right) is not None:
                return Explanation(slip.name, slip.words, _latex(self.left, self.context))
        return None

    def _two(self) -> Explanation | None:
        """Two slips at once, one of them in the side as a whole; only where a witness sorts."""
        if self.targets[self.left] in (None, ""):
            return None
        for first, why, new in islice(mended(self.left, self.right, self.context), MOST):
            for second, also, better in whole(self.left, new, self.context):
                if first == second or better == self.right:
                    continue
                if (equal := self._equal(better, self.left)) is not None:
                    both = f"two slips at once: {also}, and {why}"
                    right = _latex(better, self.context)
                    return Explanation(f"{second} and {first}", _under(both, equal), right)
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
