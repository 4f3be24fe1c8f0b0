"""False statements that look true: lost conditions, empty ranges, shadowed and captured letters."""

import pytest
from sympy import Integer, Rational, sympify

from derive.kernel.decide import decide
from derive.kernel.explicit.instantiate import recheck
from derive.kernel.facts import Context, Definition, Fixed, OneHot, SameIndex, SumsTo
from derive.kernel.language import (
    Cases,
    Eq,
    Mul,
    Ne,
    Partial,
    Pow,
    Sum,
    Symbol,
    delta,
    exp,
    log,
)
from derive.kernel.normal.prove import prove
from derive.notation import (
    Domain,
    K,
    Quantity,
    Range,
    c,
    gamma,
    i,
    index,
    j,
    k,
    l,
    phi,
    q,
    scalar,
    vector,
    x,
    y,
    z,
)
from tests.statements import over, quotient

HALF = Rational(1, 2)
PLAIN = Context()
s = scalar("S")
u = vector("u")
counts = vector("cnt", Domain.COUNT)
COUNTS = PLAIN.with_quantities(Quantity(counts, "counts", Domain.COUNT, (K,)))
real_t = Symbol("t", real=True)
g, named = index("g"), vector("V")
CAPTURE = PLAIN.with_definitions(Definition(named[j], u[j] * u[g])).with_range(g, Integer(1), K)
SHARE = over(phi[k]) * counts[j] - counts[j] * phi[i]
LAST = over(1 / (K - 1), k, 1, K - 1)
OTHERS = over(1 / (K - 1), k, 1, K, i)
LATER = over(1 / (K - i), l, i + 1, K)
HIDDEN = over(quotient(y[k], y[k] * (K - 1)), k, 1, K - 1)
GAPS = over(1 / (z[k] - z[i]), k, 1, K, i)


def root(e):
    return Pow(e, HALF, evaluate=False)


FALSE = {
    "root of an even negative power": (root(Pow(s, -2)), 1 / s, PLAIN),
    "a real letter of an index": (root(real_t**2), real_t, PLAIN),
    "a letter captured by a parameter": (
        delta(g, j) * named[i],
        delta(g, j) * u[i] ** 2,
        CAPTURE,
    ),
    "a part of a sum that may be 0": (quotient(SHARE, SHARE), 1, COUNTS),
    "nothing to sum at K = 1": (2 * LAST, 1 + LAST, PLAIN),
    "nothing to sum without i": (2 * OTHERS, 1 + OTHERS, PLAIN),
    "nothing to sum after i": (2 * LATER, 1 + LATER, PLAIN),
    "a condition on a product": (2 * HIDDEN, 1 + HIDDEN, PLAIN),
    "a case that is undefined where it does not hold": (
        Cases((1 / (z[i] - z[j]), Ne(i, j)), (0, Eq(i, j))),
        Cases((1 / (z[i] - z[j]), Ne(i, j)), (1, Eq(i, j))),
        PLAIN,
    ),
    "undefined only at the excluded value": (
        delta(K, 1) * z[1] + GAPS,
        delta(K, 1) * z[1] + 2 * GAPS,
        PLAIN,
    ),
    "the only share is 1": (quotient(1 - q[i], 1 - q[i]), 1, PLAIN.with_facts(SumsTo(q))),
    "the only share and a logarithm": (
        log(Mul(2, 1 - q[i], evaluate=False)) - log(1 - q[i]),
        log(2),
        PLAIN.with_facts(SumsTo(q)),
    ),
    "fixed at 1": (
        quotient(1 - q[i], 1 - q[i]),
        1,
        PLAIN.with_facts(Fixed(q[K], Integer(1))),
    ),
    "a value made of the variable": (
        Partial(x[1], z[1]),
        1,
        PLAIN.with_facts(Fixed(x[1], z[1])),
    ),
    "a total made of the variable": (Partial(over(y[k]), s), 1, PLAIN.with_facts(SumsTo(y, s))),
    "a derivative by a size": (Partial(over(u[k]), K), 0, PLAIN),
    "a derivative by an index": (Partial(u[i], i), 0, PLAIN),
    "a δ of a real number": (delta(s, 0), 0, PLAIN),
    "defined on a shorter range": (
        over(quotient(y[k], y[k])) - 1,
        over(quotient(y[k], y[k]), k, 1, K - 1),
        PLAIN,
    ),
    "defined without i": (
        over(quotient(y[k], y[k])) - 1,
        over(quotient(y[k], y[k]), k, 1, K, i),
        PLAIN,
    ),
    "powers of a negative number": (
        delta(K, 1) * z[1] + Pow(-2, K - 1),
        delta(K, 1) * z[1] + 2 * Pow(-2, K - 1) - 1,
        PLAIN,
    ),
}

TRUE = {
    "multiples of a sum with gaps": (over(2 / (z[k] - z[i]), k, 1, K, i), 2 * GAPS, PLAIN),
    "one-hot below exp": (
        exp(y[i]),
        1 + (exp(1) - 1) * delta(i, c),
        PLAIN.with_facts(OneHot(y, c)),
    ),
    "a case is needed only where it holds": (
        Cases((1 / (z[i] - z[j]), Ne(i, j)), (1, Eq(i, j))),
        Cases((1, Eq(i, j)), (1 / (z[i] - z[j]), Ne(i, j))),
        PLAIN,
    ),
    "zero to a positive power": (delta(i, j) ** gamma * z[i], delta(i, j) * z[j], PLAIN),
}


@pytest.mark.parametrize("name", FALSE)
def test_traps_are_not_proved(name):
    lhs, rhs, context = FALSE[name]
    assert not prove(sympify(lhs), sympify(rhs), context).proved


@pytest.mark.parametrize("name", FALSE)
def test_the_second_route_agrees_with_no_trap(name):
    lhs, rhs, context = FALSE[name]
    assert not recheck(sympify(lhs), sympify(rhs), context, conditions=context.facts).agrees


# Without the fact these hold: a share is then strictly below 1.
ONLY_UNDER_THE_FACT = {"the only share is 1", "fixed at 1"}


@pytest.mark.parametrize("name", [n for n in FALSE if n not in ONLY_UNDER_THE_FACT])
def test_no_trap_holds_by_some_verdict(name):
    lhs, rhs, context = FALSE[name]
    verdict = decide(sympify(lhs), sympify(rhs), context)
    assert not verdict.holds or verdict.conditions


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_beside_the_traps_is_proved(name):
    lhs, rhs, context = TRUE[name]
    lhs, rhs = sympify(lhs), sympify(rhs)
    proof = prove(lhs, rhs, context)
    assert proof.proved, proof.why
    assert recheck(lhs, rhs, context, conditions=context.facts).agrees


def test_an_undeclared_letter_has_no_declared_sign():
    real = vector("phi")  # not the positive one of the notation
    assert not prove(root(real[i] ** 2), real[i], PLAIN).proved


def test_a_fact_about_numbers_is_no_crash():
    context = PLAIN.with_facts(SameIndex(Integer(1), Integer(2)))
    assert not prove(z[i], z[j], context).proved


def test_long_expressions_are_given_up():
    many = sum((u[n] for n in range(1, 10)), Integer(0)) ** 20
    assert "too long" in prove(many, Integer(0), PLAIN).why
    large = log(Integer(10) ** 70 + 33)
    assert "too large" in prove(large, log(3), PLAIN).why
    assert not decide(Integer(10) ** 5000 * z[1], z[1], PLAIN).holds


def test_ranges_of_other_letters_stay():
    assert PLAIN.range_of(i) == Range(Integer(1), K)
    assert prove(real_t * Sum(z[k], (k, 1, K)), Sum(real_t * z[l], (l, 1, K)), PLAIN).proved
