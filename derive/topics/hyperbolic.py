"""The hyperbolic tangent: a sigmoid, stretched and moved, and its derivative."""

from __future__ import annotations

from sympy import Function

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, exp
from derive.rules.algebra import common_denominator, extend_fraction, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    linearity,
    quotient_rule,
)
from derive.rules.definitions import expand, fold
from derive.topics.sigmoid import POINT, sigma, sigmoid, x
from derive.topics.softmax import BISHOP

TOPIC = "sigmoid"
tanh = Function("tanh", real=True)


def hyperbolic(d: Builder) -> None:
    """σ, and tanh x := (e^x − e^{−x}) / (e^x + e^{−x})."""
    sigmoid(d)
    d.define(tanh(x), (exp(x) - exp(-x)) / (exp(x) + exp(-x)))


@derivation(
    "tanh-sigmoid",
    title="The hyperbolic tangent is a sigmoid",
    statement="The hyperbolic tangent is 2σ(2x) − 1: the sigmoid at twice the input, from −1 to 1.",
    reference=(f"{BISHOP}, exercise 3.1", "DLMF 4.28"),
    sources="X9",
)
def as_sigmoid(d: Builder) -> None:
    hyperbolic(d)
    d.start(2 * sigma(2 * x) - 1)
    d.by(expand(sigma))
    d.by(common_denominator)
    d.by(extend_fraction(exp(x)))
    d.by(fold(tanh))
    d.conclude(tanh(x))
    d.example(x=POINT)


@derivation(
    "tanh-derivative",
    title="The derivative of the hyperbolic tangent",
    statement="The derivative is 1 less the square of the hyperbolic tangent.",
    reference="DLMF 4.34",
    sources="X9",
)
def slope(d: Builder) -> None:
    hyperbolic(d)
    d.start(Partial(tanh(x), x))
    d.by(expand(tanh), "Definition of the hyperbolic tangent.")
    d.by(quotient_rule)
    d.by(linearity)
    d.by(derivative_of_exp)
    d.by(linearity)
    d.by(coordinates_are_independent, "∂x/∂x = 1.")
    d.by(split_fraction)
    d.by(fold(tanh))
    d.conclude(1 - tanh(x) ** 2)
    d.example(x=POINT)
    value = 4 * exp(-2 * x) / (1 + exp(-2 * x)) ** 2
    summary = "Derivative of the hyperbolic tangent."
    d.function("tanh_derivative", (x,), (), summary, value=value)
