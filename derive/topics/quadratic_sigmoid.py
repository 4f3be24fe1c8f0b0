"""The quadratic cost through sigmoid: for a vector of outputs, and for one number."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Rational, exp
from derive.notation import Quantity, i, k, scalar, y, z
from derive.rules.calculus import (
    chain_rule,
    coordinates_are_independent,
    linearity,
    power_rule,
)
from derive.rules.definitions import cite, expand, fold, outer_derivative
from derive.rules.sums import sifting
from derive.topics.cross_entropy import SOFT
from derive.topics.quadratic import COST, NIELSEN, C, gradient, out, quadratic, sigmoid_outputs
from derive.topics.sigmoid import sigma, sigmoid, slope, x

TOPIC = "quadratic cost"
target, error = scalar("y"), scalar("rho")


@derivation(
    "quadratic-cost-sigmoid",
    title="The quadratic cost through sigmoid",
    statement="The error is multiplied by the slope of the sigmoid, a(1 − a).",
    reference=f"{NIELSEN}, chapter 3",
    sources="A9",
)
def through_sigmoid(d: Builder) -> None:
    sigmoid_outputs(d)
    quadratic(d)
    d.start(Partial(C, z[i]))
    d.by(chain_rule(out))
    d.by(cite(gradient))
    d.by(expand(out), at=Partial(out[k], z[i]))
    d.by(outer_derivative(slope))
    d.by(coordinates_are_independent)
    d.by(sifting, "An output depends on its own input alone.")
    d.by(fold(out))
    d.conclude((out[i] - y[i]) * out[i] * (1 - out[i]))
    d.example(**SOFT)


def cost_of_number(d: Builder) -> None:
    """ρ := σ(x) − y, and C := ½ρ²."""
    sigmoid(d)
    d.quantity(COST, Quantity(target, "the target, a number"))
    d.quantity(Quantity(error, "error of the output", latex=r"\rho"))
    d.define(error, sigma(x) - target)
    d.define(C, Rational(1, 2) * error**2)


@derivation(
    "quadratic-cost-sigmoid-number",
    title="The quadratic cost of one sigmoid output",
    statement="For one output and one target: the error times the slope of the sigmoid.",
    reference=f"{NIELSEN}, chapter 3",
    sources="A9",
)
def of_number(d: Builder) -> None:
    cost_of_number(d)
    d.start(Partial(C, x))
    d.by(expand(C), "Definition of the quadratic cost.")
    d.by(linearity)
    d.by(power_rule)
    d.by(expand(error), at=Partial(error, x))
    d.by(linearity, "The target does not depend on the input.")
    d.by(cite(slope), "The derivative of the sigmoid.")
    d.conclude(error * sigma(x) * (1 - sigma(x)))
    d.example(x="3/2", y="1/4")
    output = 1 / (1 + exp(-x))
    value = (output - target) * exp(-x) / (1 + exp(-x)) ** 2
    summary = "Derivative of the quadratic cost of a sigmoid output."
    d.function("quadratic_cost_sigmoid_gradient", (x, target), (), summary, value=value)
