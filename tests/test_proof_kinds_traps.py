"""Traps for inequalities, limits and inductions: the first route alone proves nothing false."""

import pytest
from sympy import Function, IndexedBase, oo

from derive.errors import DeriveError
from derive.kernel.bounds import LEMMA, Bound, combined, log_gap
from derive.kernel.explicit.approach import approaches
from derive.kernel.facts import (
    AtLeast,
    Context,
    Definition,
    DifferentIndex,
    Fixed,
    NotLess,
    OneHot,
    Positive,
    SameIndex,
    SumsTo,
)
from derive.kernel.induction import Case, Induction, Recursion
from derive.kernel.language import (
    Cases,
    Eq,
    Gt,
    Indicator,
    Integer,
    Ne,
    Rational,
    Sum,
    exp,
    factorial,
    log,
)
from derive.kernel.limits import Tends
from derive.kernel.verdicts import Status
from derive.notation import (
    Domain,
    H,
    K,
    L,
    Quantity,
    c,
    i,
    j,
    k,
    l,
    p,
    q,
    scalar,
    tau,
    vector,
    y,
    z,
)  # fmt: skip

x, a, b = scalar("x"), scalar("a"), scalar("b")
v = vector("v")
A = IndexedBase("A", real=True)
PLAIN = Context()
ABOVE, BELOW = NotLess(z[i], z[j], (), True), NotLess(z[j], z[i], (), True)
FIRST = PLAIN.with_range(k, 1, K - 1)


def _all(body, *rest):
    return Sum(body, (k, 1, K), *rest)


GAPS = {
    "an order of the free letter": (
        "≥", Sum(z[i] - z[j], (j, 1, K)), PLAIN.with_facts(NotLess(z[i], z[j])),
    ),
    "an order over fewer values than the sum": (
        "≥", _all(z[c] - z[k]), FIRST.with_facts(NotLess(z[c], z[k], (k,))),
    ),
    "one-hot at the free letter": (
        "≥", _all(y[k] - Rational(1, 2)), PLAIN.with_facts(OneHot(y, k)),
    ),
    "a value at the free letter": ("≥", _all(y[k]), PLAIN.with_facts(Fixed(y[k], Integer(1)))),
    "orders that exclude each other": (
        ">", (z[i] - z[j]) * exp(x) + (z[j] - z[i]) * exp(a), PLAIN.with_facts(ABOVE, BELOW),
    ),
    "a square that may be undefined": ("≥", log(x) ** 2, PLAIN),
    "an exponential that may be undefined": (">", exp(1 / x), PLAIN),
    "a probability below 1, where one class has all": (">", 1 - p[i], PLAIN.with_facts(SumsTo(p))),
    "the factorial of a real number": (">", factorial(x), PLAIN),
}  # fmt: skip


@pytest.mark.parametrize("case", GAPS.values(), ids=GAPS)
def test_a_gap_whose_sign_is_not_shown_proves_nothing(case):
    relation, gap, context = case
    assert not Bound(relation, gap).verdict(gap, Integer(0), context).holds


def test_the_same_gaps_with_what_they_need():
    everywhere = PLAIN.with_facts(NotLess(z[c], z[k], (k,)))
    for relation, gap, context in (
        ("≥", _all(z[c] - z[k]), everywhere),
        ("≥", Sum(z[c] - z[l], (l, 1, K)), everywhere),
        ("≥", _all(v[k] ** 2), PLAIN.with_facts(DifferentIndex(k, c))),
        (">", exp(1 / tau), PLAIN),
        ("≥", log(tau) ** 2, PLAIN),
        (">", factorial(K), PLAIN),
        (">", 1 - p[i], PLAIN.with_facts(SumsTo(p), AtLeast(K, 2))),
    ):
        assert Bound(relation, gap).verdict(gap, Integer(0), context).holds, gap


def test_a_bound_has_one_of_four_signs():
    with pytest.raises(DeriveError, match="is not one of"):
        Bound("=", x**2)


@pytest.mark.parametrize("name", [log_gap, Function("log_gap")])
def test_the_lemma_cannot_be_defined_otherwise(name):
    assert LEMMA.name == log_gap
    context = PLAIN.with_definitions(Definition(name(tau), -tau))
    with pytest.raises(DeriveError, match="cannot be defined otherwise"):
        Bound("≥", log_gap(tau)).verdict(-tau, Integer(0), context)


def test_a_limit_of_a_limit_is_refused():
    with pytest.raises(DeriveError, match="limit of a limit"):
        combined(["→", "=", "→"])


HIDDEN = Cases((exp(x), Eq(i, j)), (Integer(1), Ne(i, j)))
SQUARE = PLAIN.with_quantities(Quantity(A, "A", shape=(K, K))).with_facts(DifferentIndex(i, j))
NAMED = PLAIN.with_definitions(Definition(L, x**2))

LIMITS = {
    "in a case": (exp(-x) * HIDDEN, Integer(0), x, oo, PLAIN),
    "in its own limit, in a case": (HIDDEN, HIDDEN, x, oo, PLAIN),
    "a size": (z[K], z[K], K, oo, PLAIN),
    "a size in a condition": (Indicator(Gt(K, 2)) * tau, Indicator(Gt(K, 2)) * tau, K, oo, PLAIN),
    "an index": (exp(-z[i]), exp(-z[i]), i, oo, PLAIN),
    "a named quantity": (exp(-L) + x, exp(-L) + x, L, oo, NAMED),
    "another symbol of that name": (
        exp(-scalar("x", Domain.POSITIVE)), exp(-scalar("x", Domain.POSITIVE)), x, oo, PLAIN,
    ),
    "a factor that may be undefined": (exp(-x) * log(a), Integer(0), x, oo, PLAIN),
    "a term that may be undefined": (x + log(a), oo, x, oo, PLAIN),
    "a term that cancels": (log(a) * (1 + 1 / x) - log(a), Integer(0), x, oo, PLAIN),
    "an exponent that may be undefined": (x ** exp(1 / a), oo, x, oo, PLAIN),
    "a root of −∞": ((-x) ** Rational(-1, 2), Integer(0), x, oo, PLAIN),
    "a root of 0 from below": ((-1 / x) ** Rational(1, 2), Integer(0), x, oo, PLAIN),
    "below its domain": (exp(tau), Integer(0), tau, -oo, PLAIN),
    "above its domain": (exp(-p[i]), Integer(0), p[i], oo, PLAIN),
    "the letter of a component, bound": (
        Sum(exp(-A[i, j]), (i, 1, K)), Integer(0), A[i, j], oo, SQUARE,
    ),
    "a factor that is 0 for one class": (
        x * (1 - p[i]), oo, x, oo, PLAIN.with_facts(SumsTo(p)),
    ),
    "a total that is stated": (_all(y[k]), oo, y[l], oo, PLAIN.with_facts(SumsTo(y))),
    "a total that is stated, used": (
        _all(y[k]) / exp(y[l]), Integer(0), y[l], oo, PLAIN.with_facts(SumsTo(y)),
    ),
    "orders that exclude each other": (
        ((z[i] - z[j]) * exp(b) + (z[j] - z[i]) * exp(a)) * x, oo, x, oo,
        PLAIN.with_facts(ABOVE, BELOW),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LIMITS.values(), ids=LIMITS)
def test_a_limit_that_is_not_shown_is_not_proved(case):
    before, after, variable, to, context = case
    assert not Tends(variable, to).verdict(before, after, context).holds


def test_a_limit_names_the_facts_that_it_needs():
    found = Tends(x, oo).verdict(a * x, oo, PLAIN.with_facts(DifferentIndex(i, j), Positive(a)))
    assert found.status is Status.CONDITIONAL
    assert found.conditions == (Positive(a),)
    assert Tends(x, oo).verdict(exp(-x) * log(tau), Integer(0), PLAIN).status is Status.PROVED
    with pytest.raises(DeriveError, match="no limit at 3"):
        Tends(x, Integer(3))


def test_a_bound_letter_is_not_the_variable():
    """Σ_l e^{−z_l} loses one term as z_l → ∞, whatever the bound letter is called."""
    for letter in (k, l):
        before = Sum(exp(-z[letter]), (letter, 1, K))
        assert Tends(z[l], oo).verdict(before, _all(exp(-z[k]), l), PLAIN).holds
        assert not Tends(z[l], oo).verdict(before, Integer(0), PLAIN).holds


NEAR = {
    "a thousandth that stays": (1 / x + Rational(1, 1000), Integer(0)),
    "what is bounded": (2 - exp(-x), oo),
    "what is bounded far out": (2000 * x / (x + 1000), oo),
    "what turns": (x - x**2 / 10000, oo),
}


@pytest.mark.parametrize("case", NEAR.values(), ids=NEAR)
def test_the_second_route_for_limits_looks_far_enough(case):
    assert not approaches(*case, x, oo, PLAIN).agrees


def test_the_second_route_for_limits_still_sees_limits():
    for before, after in ((exp(x), oo), (a + b / x, a), (x, oo)):
        assert approaches(before, after, x, oo, PLAIN).agrees, before


S, LEFT, SHARE = scalar("S"), scalar("A"), scalar("v")
LEAF, ONE = Case("a leaf", Integer(1)), Integer(1)
INDUCTIONS = {
    "a value that nodes do not share": (
        SHARE, PLAIN, Case("a leaf", SHARE), Case("a node", LEFT, (LEFT,)),
    ),
    "a node that may be undefined": (
        Integer(0), PLAIN, Case("a leaf", Integer(0)), Case("a node", LEFT * log(SHARE), (LEFT,)),
    ),
    "the whole in its own case": (
        ONE, PLAIN.with_definitions(Definition(S, ONE)), LEAF, Case("a node", S, (LEFT,)),
    ),
    "the whole among its parts": (ONE, PLAIN, LEAF, Case("a node", S, (S,))),
    "a part in a definition": (
        ONE, PLAIN.with_definitions(Definition(H, LEFT)), LEAF, Case("a node", H, (LEFT,)),
    ),
    "a part in a fact": (
        ONE, PLAIN.with_facts(Positive(LEFT)), LEAF, Case("a node", LEFT, (LEFT,)),
    ),
    "facts that exclude each other": (
        ONE,
        PLAIN.with_facts(Fixed(y[i], ONE), Fixed(q[j], Integer(2)), SameIndex(i, j)),
        Case("a leaf", y[i] * q[j] / 2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", INDUCTIONS.values(), ids=INDUCTIONS)
def test_an_induction_that_is_not_shown_is_not_proved(case):
    claim, context, *cases = case
    assert not Induction(Recursion("tree", S, tuple(cases))).verdict(claim, context).holds


def test_an_induction_with_a_share_of_the_parts_holds():
    node = Case("a node", SHARE * LEFT + (1 - SHARE) * LEFT, (LEFT,))
    assert Induction(Recursion("tree", S, (LEAF, node))).verdict(ONE, PLAIN).holds


def test_far_values_are_left_out_where_numbers_grow_too_large():
    order = NotLess(z[c], z[k], (k,), strict=True, besides=c)
    context = PLAIN.with_facts(order, DifferentIndex(i, c))
    before = exp((z[i] - z[c]) / tau**2) / (1 + _all(exp((z[k] - z[c]) / tau), c))
    found = approaches(before, Integer(0), tau, Integer(0), context, context.facts)
    assert found.agrees, found.why
