"""The numbers of the second route: exact ones, samples, and derivatives beside SymPy's."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.kernel.explicit import jets
from derive.kernel.explicit.arithmetic import Answer, ExactArithmetic, SampleArithmetic
from derive.kernel.explicit.exact import Exact, Undefined
from derive.kernel.explicit.instantiate import recheck
from derive.kernel.language import (
    Integer,
    Partial,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
)
from derive.notation import (
    K,
    L,
    index,
    y,
    z,
)
from tests.instances import (
    FALSE,
    LOSS,
    PLAIN,
    TRUE,
    u,
    v,
)


def values(arithmetic: ExactArithmetic, rng: Random, depth: int) -> Any:
    """A random exact number and its value in digits, computed on the way."""
    if depth == 0:
        number = Fraction(rng.randint(1, 9), rng.randint(1, 5))
        pick = rng.choice(("plain", "log", "root", "exp"))
        value: Any = number
        if pick == "log":
            value = arithmetic.log(number + 1)
        if pick == "root":
            value = arithmetic.power(number, Fraction(1, rng.randint(2, 3)))
        if pick == "exp":
            value = arithmetic.exp(number / 3)
        return value, arithmetic.digits(value)
    (a, da), (b_, db) = (values(arithmetic, rng, depth - 1) for _ in range(2))
    match rng.choice("+-*/lep"):
        case "+":
            return a + b_, da + db
        case "-":
            return a - b_, da - db
        case "*":
            return a * b_, da * db
        case "/":
            return (a * arithmetic.inverse(b_), da / db) if b_ else (a, da)
        case "l":
            return (arithmetic.log(a), mpmath.log(da)) if da > 0 else (a, da)
        case "e":
            return (arithmetic.exp(a), mpmath.exp(da)) if abs(da) < 9 else (a, da)
        case _:
            return (arithmetic.power(a, Fraction(3, 2)), da**1.5) if da > 0 else (a, da)


@pytest.mark.parametrize("seed", range(60))
def test_exact_numbers_have_the_right_digits(seed: int) -> None:
    with mpmath.workdps(60):
        arithmetic = ExactArithmetic()
        value, digits = values(arithmetic, Random(seed), 3)
        assert mpmath.almosteq(arithmetic.digits(value), digits, mpmath.mpf(10) ** -45)
        closed = arithmetic.to_sympy(value)
        assert mpmath.almosteq(mpmath.mpf(str(closed.evalf(50))), digits, mpmath.mpf(10) ** -45)


def test_tiny_differences_are_differences() -> None:
    a, tiny = ExactArithmetic(), Fraction(1, 10**80)
    two, three = a.log(Fraction(2)), a.log(Fraction(3))
    assert a.compare(two, two * (1 + tiny)) is Answer.DIFFERENT
    assert a.compare(two + three * tiny, two) is Answer.DIFFERENT
    assert a.compare(two * three, two * three * (1 + tiny)) is Answer.DIFFERENT


def test_identities_between_exact_numbers_are_found_exactly() -> None:
    a = ExactArithmetic()
    two, three, six = (a.log(Fraction(n)) for n in (2, 3, 6))
    assert two + three - six == 0
    assert a.exp(two * 3 - three) == Fraction(8, 3)
    root = a.power(Fraction(2), Fraction(1, 2))
    assert root * root == 2
    assert (root + 1) * (root - 1) == 1
    assert a.inverse(root) * 2 - root == 0
    e_ = a.exp(Fraction(1))
    assert a.log(e_) == 1
    assert a.log(a.exp(two * three)) - two * three == 0
    assert a.exp(a.log(two)) - two == 0
    assert a.inverse(1 + two) * (1 + two) == 1
    third = a.exp(Fraction(1, 3))
    assert third * third * third - e_ == 0
    quotient = two * a.inverse(two + three)
    assert quotient + three * a.inverse(two + three) - 1 == 0
    assert a.exp(quotient) * a.exp(-quotient) == 1
    assert a.compare(two, three) is Answer.DIFFERENT
    for bad in (Fraction(0), Fraction(-1), -two):
        with pytest.raises(Undefined):
            a.log(bad)


def test_an_exact_number_is_never_a_hidden_rational() -> None:
    a = ExactArithmetic()
    two = a.log(Fraction(2))
    assert isinstance(two, Exact)
    for plain in (two - two, two * 0, two * a.inverse(two), a.exp(two)):
        assert not isinstance(plain, Exact)


SCALARS = (u, v)


def random_expression(rng: Random, depth: int) -> Any:
    if depth == 0:
        return rng.choice((u, v, Integer(rng.randint(1, 4)), Rational(rng.randint(1, 5), 3)))
    one, two = (random_expression(rng, depth - 1) for _ in range(2))
    match rng.choice("+*/-elpw"):
        case "+":
            return one + two
        case "*":
            return one * two
        case "/":
            return one / (1 + two**2)
        case "-":
            return one - two
        case "e":
            return exp(one / (1 + one**2))
        case "l":
            return log(1 + one**2)
        case "p":
            return one ** rng.choice((2, 3))
        case _:
            return (1 + one**2) ** (two / (2 + two**2))


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_derivatives_are_those_of_sympy(seed: int) -> None:
    """Jets against SymPy's diff, mixed and repeated, on random expressions."""
    expr = random_expression(Random(seed), 3)
    for order in ((u,), (u, v), (u, u)):
        ours, theirs = expr, expr
        for symbol in order:
            ours, theirs = Partial(ours, symbol), sympy.diff(theirs, symbol)
        found = recheck(ours, theirs, PLAIN)
        assert found.agrees, (expr, order, found)


@pytest.mark.parametrize("classes", [1, 2, 3])
def test_indexed_derivatives_are_those_of_sympy(classes: int) -> None:
    """The written-out softmax loss, differentiated by SymPy on plain scalars."""
    zs = [Symbol(f"z{n}", real=True) for n in range(classes)]
    ys = [Symbol(f"y{n}", real=True) for n in range(classes)]
    norm = sum(exp(s) for s in zs)
    loss = -sum(t * log(exp(s) / norm) for s, t in zip(zs, ys, strict=True))
    for row in range(classes):
        for column in range(classes):
            theirs = sympy.diff(loss, zs[row], zs[column])
            back = {s: z[n + 1] for n, s in enumerate(zs)} | {s: y[n + 1] for n, s in enumerate(ys)}
            ours = Partial(Partial(L, z[row + 1]), z[column + 1])
            found = recheck(ours, theirs.subs(back), LOSS, exact_sizes=(classes,), sampled_sizes=())
            assert found.agrees, found


def test_jets_at_the_edge_of_a_domain() -> None:
    a = ExactArithmetic()
    step = jets.Jet({0: Fraction(0), 1: 1})
    assert jets.coefficient(jets.power(a, step, 2), 1) == 0
    assert jets.coefficient(jets.power(a, step, 1), 1) == 1
    for bad in (Fraction(1, 2), Fraction(5, 2)):
        with pytest.raises(Undefined):
            jets.power(a, step, bad)
    with pytest.raises(Undefined):
        jets.inverse(a, step)
    with pytest.raises(Undefined):
        jets.log(a, step)


def test_samples_see_a_zero_denominator() -> None:
    with mpmath.workdps(60):
        third = mpmath.mpf(1) / 3
        with pytest.raises(Undefined):
            SampleArithmetic().inverse(third * 3 - 1 + mpmath.mpf(10) ** -58)


def test_bigger_sizes_are_dropped_when_the_sums_are_too_long() -> None:
    letters = [index(f"a{n}") for n in range(7)]
    lhs: Any = Integer(1)
    for letter in letters:
        lhs = lhs * y[letter]
    body = lhs + sum(letters)
    for letter in letters:
        body = Sum(body, (letter, 1, K))
    found = recheck(body, body, PLAIN)
    assert found.agrees
    assert found.sampled_sizes == ()
    assert "too long for K = 7" in found.why


def test_a_typical_step_is_fast() -> None:
    """Loose bounds: the machine may be busy."""
    import time

    lhs, rhs, context, _ = FALSE["only the diagonal"]
    start = time.perf_counter()
    for _ in range(10):
        recheck(lhs, rhs, context)
    assert (time.perf_counter() - start) / 10 < 0.1
    lhs, rhs, context, _ = TRUE["full Hessian"]
    start = time.perf_counter()
    recheck(lhs, rhs, context)
    assert time.perf_counter() - start < 2
