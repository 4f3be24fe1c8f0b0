"""Softplus, the antiderivative of the sigmoid, and the logarithm of the sigmoid."""

from __future__ import annotations

from sympy import Function

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, exp, log
from derive.rules.algebra import extend_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    linearity,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import log_of_power
from derive.topics.sigmoid import GOODFELLOW, POINT, sigma, sigmoid, symmetry, x

TOPIC = "sigmoid"
zeta = Function("zeta", positive=True)


def softplus(d: Builder) -> None:
    """σ, and ζ(x) := log(1 + e^x)."""
    sigmoid(d)
    d.define(zeta(x), log(1 + exp(x)))


@derivation(
    "softplus-slope",
    title="The derivative of softplus is the sigmoid",
    statement="The sigmoid is the derivative of softplus: softplus is an antiderivative of it.",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="B3",
)
def slope(d: Builder) -> None:
    softplus(d)
    d.start(Partial(zeta(x), x))
    d.by(expand(zeta), "Definition of softplus.")
    d.by(derivative_of_log)
    d.by(linearity)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent, "∂x/∂x = 1.")
    d.by(extend_fraction(exp(-x)))
    d.by(fold(sigma))
    d.conclude(sigma(x))
    d.example(x=POINT)
    d.function("softplus", (x,), (), "Softplus, log(1 + exp(x)).", value=log(1 + exp(x)))


@derivation(
    "log-sigmoid",
    title="The logarithm of the sigmoid",
    statement="The logarithm of the sigmoid is minus softplus of minus the input.",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="X9",
)
def log_sigmoid(d: Builder) -> None:
    softplus(d)
    d.start(log(sigma(x)))
    d.by(expand(sigma))
    d.by(log_of_power, "log(1/a) = −log a.")
    d.by(fold(zeta(-x)))
    d.conclude(-zeta(-x))
    d.example(x=POINT)
    value = -log(1 + exp(-x))
    d.function("log_sigmoid", (x,), (), "Logarithm of the sigmoid.", value=value)


@derivation(
    "log-sigmoid-slope",
    title="The derivative of the logarithm of the sigmoid",
    statement="The derivative of log σ(x) is what the sigmoid leaves of 1.",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="X9",
)
def log_sigmoid_slope(d: Builder) -> None:
    softplus(d)
    d.start(Partial(log(sigma(x)), x))
    d.by(cite(log_sigmoid))
    d.by(expand(zeta))
    d.by(linearity)
    d.by(derivative_of_log)
    d.by(linearity)
    d.by(derivative_of_exp)
    d.by(linearity)
    d.by(coordinates_are_independent)
    d.by(extend_fraction(exp(x)))
    d.by(fold(sigma(-x)))
    d.by(cite(symmetry, "backwards"))
    d.conclude(1 - sigma(x))
    d.example(x=POINT)
