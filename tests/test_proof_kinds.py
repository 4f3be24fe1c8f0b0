"""Inequalities, limits and inductions: what is false is not proved, and is refuted."""

import pytest
from sympy import oo

from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.bounds import Bound, combined, least_sign, log_gap
from derive.kernel.derivation import Builder
from derive.kernel.facts import AtLeast, Context, DifferentIndex, NotLess, Positive, SumsTo
from derive.kernel.induction import Case, Induction, Recursion
from derive.kernel.language import Gt, Indicator, Integer, Rational, Sum, Symbol, exp, log
from derive.kernel.limits import Tends, limit_of
from derive.kernel.tending import Open
from derive.kernel.verdicts import Status
from derive.notation import K, c, i, j, k, l, p, q, scalar, tau, vector, y, z
from derive.rules.bounds import bound_exp, bound_log, leave_out
from derive.rules.induction import LEFT, RIGHT, SHARE, TREES, induction
from derive.rules.limits import tends

x, a, b = scalar("x"), scalar("a"), scalar("b")
v = vector("v")
Z = Sum(exp(z[k]), (k, 1, K))
PLAIN = Context()
SOFTMAX = Builder("s", "S", "t", "s.")
SOFTMAX.define(p[i], exp(z[i]) / Z)
TOTALS = PLAIN.with_facts(SumsTo(p), SumsTo(q))
KL = Sum(p[k] * log(p[k] / q[k]), (k, 1, K))
GIBBS = Sum(p[k] * log_gap(q[k] / p[k]), (k, 1, K))
LARGEST = PLAIN.with_facts(NotLess(z[c], z[k], (k,)))
LSE = log(Sum(exp(z[k] - z[c]), (k, 1, K)))
SHORT = Sum(exp(z[k] - z[c]) * (log_gap(exp(z[c] - z[k])) + z[c] - z[k]), (k, 1, K))

FALSE_BOUNDS = {
    "order without the assumed order": (
        Bound("≥", exp(z[j]) / Z * (log_gap(exp(z[i] - z[j])) + z[i] - z[j])),
        exp(z[i]) / Z - exp(z[j]) / Z, Integer(0), PLAIN,
    ),
    "divergence without totals": (Bound("≥", GIBBS), KL, Integer(0), PLAIN),
    "divergence the other way round": (Bound("≤", -GIBBS), KL, Integer(0), TOTALS),
    "strict divergence": (Bound(">", GIBBS), KL, Integer(0), TOTALS),
    "log-sum-exp without log K": (
        Bound("≤", Sum(exp(z[k] - z[c]), (k, 1, K), c)), LSE, Integer(0), LARGEST,
    ),
    "the logarithm above its tangent": (Bound("≥", log_gap(tau)), log(tau), tau - 1, PLAIN),
    "logarithm of what may be negative": (Bound("≥", log_gap(x)), x - 1, log(x), PLAIN),
    "an odd power": (Bound("≥", x**3), x**3, Integer(0), PLAIN),
    "a square is not positive": (Bound(">", x**2), x**2, Integer(0), PLAIN),
    "a sum that may be empty": (
        Bound(">", Sum(exp(z[k]), (k, 1, K), i)), Z, exp(z[i]), PLAIN,
    ),
    "a weight of unknown sign": (
        Bound("≥", Sum(y[k] * v[k] ** 2, (k, 1, K))),
        Sum(y[k] * v[k] ** 2, (k, 1, K)), Integer(0), PLAIN,
    ),
    "a gap that is something else": (Bound("≥", x**2), x, Integer(0), PLAIN),
    "a claim beyond the gap": (Bound("≥", x**2), x**2, Integer(1), PLAIN),
    "one minus a probability, for one class": (
        Bound(">", Sum(exp(z[k]), (k, 1, K), i) / Z), 1 - exp(z[i]) / Z, Integer(0), PLAIN,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FALSE_BOUNDS.values(), ids=FALSE_BOUNDS)
def test_a_false_inequality_is_refuted(case):
    proof, before, after, context = case
    found = proof.check(before, after, context)
    assert found.verdict.status is Status.REFUTED, found
    assert found.recheck.witness is not None


def test_the_same_inequalities_hold_under_what_they_need():
    ordered = PLAIN.with_facts(NotLess(z[i], z[j]))
    gap = exp(z[j]) / Z * (log_gap(exp(z[i] - z[j])) + z[i] - z[j])
    two = PLAIN.with_facts(AtLeast(K, 2))
    weights = PLAIN.with_facts(Positive(y))
    squares = Sum(y[k] * v[k] ** 2, (k, 1, K))
    for proof, before, after, context in (
        (Bound("≥", gap), exp(z[i]) / Z - exp(z[j]) / Z, Integer(0), ordered),
        (Bound("≥", GIBBS), KL, Integer(0), TOTALS),
        (Bound("≥", SHORT / K), 1 - Sum(exp(z[k] - z[c]), (k, 1, K)) / K, Integer(0), LARGEST),
        (Bound(">", 1 - exp(z[i]) / Z), 1 - exp(z[i]) / Z, Integer(0), two),
        (Bound("≥", squares), squares, Integer(0), weights),
    ):
        found = proof.check(before, after, context)
        assert found.established, found
        assert found.verdict.status is Status.CONDITIONAL


def test_an_assumed_order_says_nothing_of_other_indices():
    context = PLAIN.with_facts(NotLess(z[i], z[j]))
    assert least_sign(z[i] - z[j], context) == 0
    assert least_sign(z[j] - z[i], context) == -1
    assert least_sign(z[i] - z[k], context) == -1
    for_all = PLAIN.with_facts(NotLess(z[c], z[k], (k,), strict=True, besides=c))
    assert least_sign(z[c] - z[i], for_all) == -1  # i may be c
    apart = for_all.with_facts(DifferentIndex(i, c))
    assert least_sign(z[c] - z[i], apart) == 1
    assert least_sign(z[i] - z[c], apart) == -1


def test_a_chain_goes_one_way():
    assert combined(["=", "≥", ">"]) == ">"
    assert combined(["≤", "="]) == "≤"
    for mixed in (["≥", "≤"], ["→", ">"], [">", "<"]):
        with pytest.raises(DeriveError):
            combined(mixed)


def test_a_bound_inside_something_else_bounds_nothing():
    d = Builder("b", "B", "t", "s.")
    d.start(log(1 + log(tau)))
    with pytest.raises(RuleDoesNotApply, match="does not bound the whole"):
        d.by(bound_log, at=log(tau))
    other = Builder("b", "B", "t", "s.")
    other.start(x * log(tau))
    with pytest.raises(RuleDoesNotApply, match="sign of its factor is not known"):
        other.by(bound_log)
    third = Builder("b", "B", "t", "s.")
    third.start(tau + x)
    with pytest.raises(RuleDoesNotApply, match="sign of its factor is not known"):
        third.by(leave_out(x))


def test_a_bound_with_a_negative_factor_turns_round():
    d = Builder("b", "B", "t", "s.")
    d.start(-tau * exp(x))
    d.by(bound_exp)
    assert d.steps[-1].relation == "≤"
    assert d.steps[-1].proof.check(d.lines[0], d.lines[1], d.context).established


# --- limits ---------------------------------------------------------------------------------------

UNIQUE = PLAIN.with_facts(NotLess(z[c], z[k], (k,), strict=True, besides=c))
COLD = 1 / (1 + Sum(exp((z[k] - z[c]) / tau), (k, 1, K), c))

FALSE_LIMITS = {
    "another value": (COLD, Rational(1, 2), tau, Integer(0), UNIQUE),
    "the other end": (COLD, Integer(1), tau, oo, UNIQUE),
    "a sigmoid upwards": (1 / (1 + exp(-x)), Integer(0), x, oo, PLAIN),
    "a sign forgotten": (exp(x) / (1 + exp(x)), Integer(1), x, -oo, PLAIN),
    "a finite limit of what grows": (log(1 + exp(x)), Integer(0), x, oo, PLAIN),
    "a wrong infinity": (exp(x), -oo, x, oo, PLAIN),
    "a component that may be the variable": (exp(-z[l]) * exp(z[c]), Integer(0), z[l], oo, PLAIN),
}


@pytest.mark.parametrize("case", FALSE_LIMITS.values(), ids=FALSE_LIMITS)
def test_a_false_limit_is_refuted(case):
    before, after, variable, to, context = case
    found = Tends(variable, to).check(before, after, context)
    assert found.verdict.status is Status.REFUTED, found


OPEN = {
    "∞ − ∞": (log(1 + exp(x)) - x, x, oo),
    "0 · ∞": (x * exp(-x), x, oo),
    "∞ / ∞": (exp(x) / (1 + exp(x)), x, oo),
    "an unknown sign": (a * x, x, oo),
    "1 / 0": (1 / (exp(-x) - exp(-2 * x)), x, oo),
    "a range that moves": (Sum(exp(-tau * y[k]), (k, 1, K)), tau, oo),
    "a component that may be the variable": (exp(-z[l]) + z[c], z[l], oo),
    "no law": (Indicator(Gt(K, 2)) * Symbol("f") * x, x, oo),
}


@pytest.mark.parametrize("case", OPEN.values(), ids=OPEN)
def test_what_the_laws_leave_open_is_not_decided(case):
    with pytest.raises(Open):
        limit_of(*case, PLAIN)


def test_a_maximum_that_may_be_shared_is_not_proved_to_win():
    """Ties are too rare among samples to be met, so that this rests on the first route alone."""
    assert Tends(tau, Integer(0)).check(COLD, Integer(1), UNIQUE).established
    found = Tends(tau, Integer(0)).check(COLD, Integer(1), LARGEST)
    assert found.verdict.status is Status.UNDECIDED
    assert "sign" in found.verdict.why


def test_a_limit_sees_the_variable_inside_definitions():
    context = PLAIN.with_definitions(*SOFTMAX.context.definitions)
    assert Tends(z[l], oo).verdict(p[i], p[i], context).status is Status.UNDECIDED
    apart = context.with_facts(DifferentIndex(i, l))
    assert Tends(z[l], oo).check(p[i], Integer(0), apart).established
    assert not Tends(z[l], oo).check(p[i], Integer(0), context).established


def test_a_true_limit_that_is_too_slow_for_numbers_is_no_agreement():
    found = Tends(x, oo).check(1 / log(1 + exp(exp(x))) ** 0 / log(2 + tau * 0 + 1), a, PLAIN)
    assert not found.established
    slow = Tends(tau, oo).check(1 / log(1 + tau), Integer(0), PLAIN)
    assert slow.verdict.status is Status.PROVED
    assert not slow.recheck.agrees
    assert slow.recheck.witness is None
    assert not slow.established


def test_only_the_three_ends_are_known():
    d = Builder("b", "B", "t", "s.")
    d.start(1 / x)
    with pytest.raises(DeriveError, match="no limit at 3"):
        d.by(tends(x, Integer(3), Rational(1, 3)))


# --- induction ------------------------------------------------------------------------------------

NODE = SHARE * LEFT + (1 - SHARE) * RIGHT
S = TREES.value


def _tree(*cases):
    return Recursion("binary tree", S, cases)


def _node(body):
    return _tree(Case("a leaf", Integer(1)), Case("a node", body, (LEFT, RIGHT)))


FALSE_INDUCTIONS = {
    "both parts in full": (_node(LEFT + RIGHT), 1),
    "shares beyond one": (_node(SHARE * LEFT + (2 - SHARE) * RIGHT), 1),
    "a part too often": (_node(NODE + LEFT), 1),
    "a wrong leaf": (_tree(Case("a leaf", Integer(2)), Case("a node", NODE, (LEFT, RIGHT))), 1),
    "a wrong claim": (TREES, 2),
}


@pytest.mark.parametrize("case", FALSE_INDUCTIONS.values(), ids=FALSE_INDUCTIONS)
def test_a_false_induction_is_refuted(case):
    recursion, claim = case
    found = Induction(recursion).check(S, Integer(claim), PLAIN)
    assert found.verdict.status is Status.REFUTED, found


def test_a_true_induction_is_established():
    assert Induction(TREES).check(S, Integer(1), PLAIN).established


def test_without_a_first_case_there_is_nothing_to_build():
    with pytest.raises(DeriveError, match="never built"):
        _tree(Case("a node", NODE, (LEFT, RIGHT)))


def test_an_induction_speaks_of_its_own_quantity():
    assert not Induction(TREES).check(x, Integer(1), PLAIN).established
    claim = Induction(TREES).check(S, LEFT, PLAIN)
    assert not claim.established
    d = Builder("b", "B", "t", "s.")
    d.start(x)
    with pytest.raises(RuleDoesNotApply):
        d.by(induction(TREES, Integer(1)))
