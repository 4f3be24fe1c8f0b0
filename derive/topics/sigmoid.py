"""The logistic function: its range, its symmetry, its derivative."""

from __future__ import annotations

from sympy import Function

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, exp
from derive.notation import Domain, Quantity, scalar
from derive.rules.algebra import common_denominator, extend_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    linearity,
    power_rule,
)
from derive.rules.definitions import cite, expand, fold
from derive.topics.softmax import BISHOP

TOPIC = "sigmoid"
GOODFELLOW = "Goodfellow, Bengio and Courville, Deep Learning (2016)"
POINT = "3/2"
x = scalar("x")
INPUT = Quantity(x, "input, a number")
share = scalar("p", Domain.UNIT)
sigma = Function("sigma", positive=True)


def sigmoid(d: Builder) -> None:
    """σ(x) := 1 / (1 + e^{−x})."""
    d.quantity(INPUT)
    d.define(sigma(x), 1 / (1 + exp(-x)))


@derivation(
    "sigmoid-positive",
    title="The sigmoid is positive",
    statement="The sigmoid of every number is positive.",
    reference=f"{BISHOP}, eq. 4.59",
    sources="B1",
)
def positive(d: Builder) -> None:
    sigmoid(d)
    d.start(sigma(x))
    d.by(expand(sigma), "An exponential is positive.")
    d.conclude_positive()
    d.example(x=POINT)
    d.function("sigmoid", (x,), (), "The logistic function, 1 / (1 + exp(−x)).")


@derivation(
    "sigmoid-rest",
    title="What the sigmoid leaves of one",
    statement="The difference 1 − σ(x) as one fraction, a quotient of positive numbers.",
    reference=f"{BISHOP}, eq. 4.60",
    sources="B1",
)
def rest(d: Builder) -> None:
    sigmoid(d)
    d.start(1 - sigma(x))
    d.by(expand(sigma))
    d.by(common_denominator)
    d.conclude(exp(-x) / (1 + exp(-x)))
    d.example(x=POINT)


@derivation(
    "sigmoid-below-one",
    title="The sigmoid is less than one",
    statement="1 − σ(x) is positive: with positivity, σ(x) lies between 0 and 1.",
    reference=f"{BISHOP}, eq. 4.59",
    sources="B1",
)
def below_one(d: Builder) -> None:
    sigmoid(d)
    d.start(1 - sigma(x))
    d.by(cite(rest), "A quotient of positive numbers is positive.")
    d.conclude_positive()
    d.example(x=POINT)


@derivation(
    "sigmoid-symmetry",
    title="The symmetry of the sigmoid",
    statement="The sigmoid of −x is what the sigmoid of x leaves of 1.",
    reference=f"{BISHOP}, eq. 4.60",
    sources="B1",
)
def symmetry(d: Builder) -> None:
    sigmoid(d)
    d.start(1 - sigma(x))
    d.by(cite(rest))
    d.by(extend_fraction(exp(x)))
    d.by(fold(sigma(-x)))
    d.conclude(sigma(-x))
    d.example(x=POINT)


@derivation(
    "sigmoid-derivative",
    title="The derivative of the sigmoid",
    statement="The derivative is the sigmoid times what it leaves of 1.",
    reference=f"{BISHOP}, eq. 4.88",
    sources="B2",
)
def slope(d: Builder) -> None:
    sigmoid(d)
    d.start(Partial(sigma(x), x))
    d.by(expand(sigma), "Definition of the sigmoid.")
    d.by(power_rule)
    d.by(linearity)
    d.by(derivative_of_exp)
    d.by(linearity)
    d.by(coordinates_are_independent, "∂x/∂x = 1.")
    d.by(fold(rest), "One of the two fractions is 1 − σ(x), …")
    d.by(fold(sigma), "… the other is σ(x).")
    d.conclude(sigma(x) * (1 - sigma(x)))
    d.example(x=POINT)
    value = exp(-x) / (1 + exp(-x)) ** 2
    d.function("sigmoid_derivative", (x,), (), "Derivative of the sigmoid.", value=value)
