"""Inequalities: an identity with a manifestly non-negative remainder, the *gap*.

``before ≥ after`` is proved by ``before − after = gap`` (both routes of equations apply) and by
reading off gap ≥ 0 from its form: sums and products of what is not negative, even powers, declared
domains, assumed orders, and one lemma, log x ≤ x − 1, which the gap mentions as ``log_gap(x)``.
The second route works out both sides at explicit instances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from sympy import Dummy, Function

from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.binding import differ, opened, settings
from derive.kernel.decide import established, subsets
from derive.kernel.explicit.instantiate import ordered_everywhere, satisfiable
from derive.kernel.facts import Context, Definition, Fact, NotLess
from derive.kernel.language import (
    Add,
    Basic,
    Expr,
    Indicator,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    Symbol,
    exp,
    free_indices,
    log,
    substitute,
)
from derive.kernel.normal.prove import defined, provably_positive, prove
from derive.kernel.proof import Mutant
from derive.kernel.slips import mutants
from derive.kernel.verdicts import Evidence, Recheck, Status, Verdict

GREATER, LESS = (">", "≥"), ("<", "≤")
STRICT = (">", "<")


def combined(relations: Iterable[str]) -> str:
    """The sign between the ends of a chain. Raises DeriveError where it has none."""
    signs = [r for r in relations if r != "="]
    found = set(signs)
    if signs.count("→") > 1:
        raise DeriveError("a limit of a limit is not one limit of the first line")
    if "→" in found and len(found) > 1:
        raise DeriveError("a chain with a limit and a bound says nothing of its ends")
    if found <= {"→"}:
        return "→" if found else "="
    for strict, weak in (GREATER, LESS):
        if found <= {strict, weak}:
            return strict if strict in found else weak
    raise DeriveError("a chain that goes up and down says nothing of its ends")


_x = Symbol("x", positive=True)
log_gap = Function("log_gap", nonnegative=True)
LEMMA = Definition(log_gap(_x), _x - 1 - log(_x))


def with_lemma(context: Context) -> Context:
    """The context in which ``log_gap`` stands for what it abbreviates."""
    if any(str(d.name) == "log_gap" and d != LEMMA for d in context.definitions):
        raise DeriveError("log_gap is x − 1 − log x and cannot be defined otherwise")
    return context if LEMMA in context.definitions else context.with_definitions(LEMMA)


def least_sign(expr: Expr, context: Context) -> int:
    """1 if the expression is positive, 0 if it is not negative, −1 if its form does not say."""
    sign = _by_form(expr, context)
    if sign < 1 and provably_positive(expr, _without_orders(context)):
        return 1
    return max(sign, _assumed(expr, context)) if sign < 1 else sign


def _by_form(expr: Expr, context: Context) -> int:
    if expr.is_Rational:
        return 1 if expr > 0 else 0 if expr == 0 else -1
    if isinstance(expr, log_gap):
        return 0 if least_sign(expr.args[0], context) == 1 else -1
    if isinstance(expr, exp):
        return 1
    if isinstance(expr, KroneckerDelta | Indicator):
        return 0
    if isinstance(expr, Sum):
        return _of_sum(expr, context)
    if isinstance(expr, Pow):
        return _of_power(expr, context)
    if isinstance(expr, Add | Mul):
        signs = [least_sign(a, context) for a in expr.args]
        if min(signs) < 0:
            return _beside_orders(expr, context) if isinstance(expr, Add) else -1
        return max(signs) if isinstance(expr, Add) else min(signs)
    return -1


def _of_sum(expr: Sum, context: Context) -> int:
    expr, inner = opened(expr, context)
    sign = least_sign(expr.body, inner)
    if sign < 1 or expr.excluded:
        return min(sign, 0)
    length = expr.upper - expr.lower + 1
    return 1 if provably_positive(length, _without_orders(context)) else 0


def _of_power(expr: Pow, context: Context) -> int:
    sign = least_sign(expr.base, context)
    if sign == 1 or not expr.exp.is_Integer:
        return 1 if sign == 1 else -1
    if expr.exp < 0:
        return -1
    if expr.exp % 2 == 0:
        return max(sign, 1 if least_sign(-expr.base, context) == 1 else 0)
    return sign


def _beside_orders(expr: Add, context: Context) -> int:
    """The sign of a sum some of whose terms are an assumed difference."""
    for assumed, strict in _orders(expr, context):
        rest = expr - assumed
        if len(Add.make_args(rest)) < len(expr.args):
            sign = least_sign(rest, context)
            if sign >= 0:
                return max(sign, strict)
    return -1


def _assumed(expr: Expr, context: Context) -> int:
    """What the assumed orders say of the expression as a whole."""
    for assumed, strict in _orders(expr, context):
        if prove(expr, assumed, context.only_facts(()), explain=False).proved:
            return strict
    return -1


def _orders(expr: Expr, context: Context) -> Iterator[tuple[Expr, int]]:
    """The assumed differences, at every choice of the expression's own letters."""
    letters = sorted(free_indices(expr) & set(context.ranges), key=str)
    for fact in context.facts:
        if not isinstance(fact, NotLess):
            continue
        for values in product(letters, repeat=len(fact.over)):
            given = dict(zip(fact.over, values, strict=True))
            ranges = all(context.ranges.get(a) == context.ranges[b] for a, b in given.items())
            if ranges and all(differ(b, fact.besides, context) for b in given.values()):
                yield substitute(fact.left - fact.right, given), int(fact.strict)


def _without_orders(context: Context) -> Context:
    return context.only_facts(f for f in context.facts if not isinstance(f, NotLess))


def negated(expr: Expr) -> Expr:
    """−expr with the sign inside sums."""
    if isinstance(expr, Sum):
        return expr.func(negated(expr.body), *expr.args[1:])
    if isinstance(expr, Add):
        return Add(*(negated(a) for a in expr.args))
    if isinstance(expr, Mul):
        for n, a in enumerate(expr.args):
            if isinstance(a, Sum) and _leads(a):
                return Mul(*expr.args[:n], negated(a), *expr.args[n + 1 :])
    return -expr


def _leads(expr: Sum) -> bool:
    return bool(expr.body.could_extract_minus_sign())


def linear_part(expr: Expr, mark: Dummy) -> Expr:
    """What multiplies ``mark`` in a line that is linear in it.

    Raises RuleDoesNotApply where it is not: a bound for a part is then no bound for the line.
    """
    if expr == mark:
        return Integer(1)
    if not expr.has(mark):
        return Integer(0)
    if isinstance(expr, Add):
        return Add(*(linear_part(a, mark) for a in expr.args))
    if isinstance(expr, Mul):
        inside = [a for a in expr.args if a.has(mark)]
        if len(inside) == 1:
            rest = Mul(*(a for a in expr.args if a is not inside[0]))
            return rest * linear_part(inside[0], mark)
    if isinstance(expr, Sum):
        return expr.func(linear_part(expr.body, mark), *expr.args[1:])
    raise RuleDoesNotApply(
        f"a part of {expr} is bounded, but that does not bound the whole",
        hint="a bound acts on terms of sums, with factors that are not negative",
    )


@dataclass(frozen=True)
class Bound:
    """The proof of an inequality: the gap between the greater side and the smaller one."""

    relation: str
    gap: Expr

    def __post_init__(self) -> None:
        if self.relation not in (*GREATER, *LESS):
            raise DeriveError(f"{self.relation} is not one of >, ≥, <, ≤")

    def ends(self, before: Basic, after: Basic) -> tuple[Expr, Expr]:
        """The greater side and the smaller one."""
        if not isinstance(before, Expr) or not isinstance(after, Expr):
            raise DeriveError("an equation cannot be bounded; start from an expression")
        return (before, after) if self.relation in GREATER else (after, before)

    def verdict(
        self, before: Basic, after: Basic, context: Context, fewest: bool = True
    ) -> Verdict:
        """The first route: the identity and the sign of the gap, under the fewest facts or all."""
        greater, smaller = self.ends(before, after)
        for facts in ((), *subsets(context.facts)) if fewest else (context.facts,):
            if all(self._shows(greater - smaller, c) for c in settings(facts, context)):
                return upheld(facts, greater, smaller, context)
        why = "the difference is not the gap, or the gap may be negative or undefined"
        return Verdict(Status.UNDECIDED, why=why)

    def _shows(self, difference: Expr, context: Context) -> bool:
        """Whether the gap has its sign, is the difference, and has a value everywhere."""
        if least_sign(self.gap, context) < int(self.relation in STRICT):
            return False
        lemma = with_lemma(context)
        return established(difference, self.gap, lemma).holds and defined(self.gap, lemma)

    def check(
        self, before: Basic, after: Basic, context: Context, fewest: bool = True
    ) -> Evidence:
        """Both routes on before ≥ after (or >, ≤, <)."""
        verdict = self.verdict(before, after, context, fewest)
        second = self.recheck(before, after, context)
        if second.witness is not None and not verdict.holds:
            verdict = Verdict(Status.REFUTED, witness=second.witness, why=verdict.why)
        return Evidence(verdict, second)

    def recheck(self, before: Basic, after: Basic, context: Context) -> Recheck:
        """The second route: the sign of the difference at explicit instances."""
        strict = self.relation in STRICT
        return ordered_everywhere(*self.ends(before, after), context, context.facts, strict=strict)

    def mutants(self, before: Basic, after: Basic, context: Context) -> Iterator[Mutant]:
        """Every slip in the second line, and in the gap together with it, under the same facts."""
        own = self.verdict(before, after, context)
        context = context.only_facts(own.conditions) if own.holds else context
        for made, broken in mutants(after):
            yield self._mutant(made.name, before, broken, context)
        assert isinstance(before, Expr)
        for made, gap in mutants(self.gap):
            assert isinstance(gap, Expr)
            broken = before - gap if self.relation in GREATER else before + gap
            yield Bound(self.relation, gap)._mutant(made.name, before, broken, with_lemma(context))

    def _mutant(self, name: str, before: Basic, broken: Basic, context: Context) -> Mutant:
        found = self.check(before, broken, context, fewest=False)
        second = found.recheck
        refuted = second.witness is not None
        return Mutant(name, before, broken, found.verdict.holds, refuted, second.agrees)


def upheld(
    facts: tuple[Fact, ...],
    lhs: Expr,
    rhs: Expr,
    context: Context,
    why: str = "the difference is a form that is not negative",
) -> Verdict:
    """What is shown under facts that some instance satisfies."""
    if not facts:
        return Verdict(Status.PROVED, why=why)
    if not satisfiable(facts, lhs, rhs, context):
        return Verdict(Status.UNDECIDED, why="no instance satisfies the stated facts")
    return Verdict(Status.CONDITIONAL, facts, why=why)
