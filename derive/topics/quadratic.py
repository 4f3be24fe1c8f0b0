"""The quadratic cost and its gradients: by the outputs, and through softmax."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Rational, Sum
from derive.notation import Domain, K, Quantity, i, k, p, scalar, vector, y, z
from derive.rules.algebra import distribute, factor_out
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
    power_rule,
)
from derive.rules.definitions import cite, expand
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.cross_entropy import SOFT
from derive.topics.sigmoid import sigma, sigmoid
from derive.topics.softmax import softmax
from derive.topics.softmax_jacobian import jacobian

TOPIC = "quadratic cost"
NIELSEN = "Nielsen, Neural Networks and Deep Learning (2015)"
C = scalar("C")
out = vector("a", Domain.UNIT)
err = vector("r")
COST = Quantity(C, "quadratic cost", latex="C")
OUTPUTS = Quantity(out, "outputs", Domain.UNIT, (K,), "a")
AT: dict[str, Any] = {"a": ("1/4", "3/4", "1/2"), "y": ("0", "1", "0")}


def quadratic(d: Builder) -> None:
    """C := ½ Σ_k (a_k − y_k)²."""
    d.quantity(COST, OUTPUTS)
    d.define(C, Rational(1, 2) * Sum((out[k] - y[k]) ** 2, (k, 1, K)))


def sigmoid_outputs(d: Builder) -> None:
    """a_i := σ(z_i)."""
    sigmoid(d)
    d.quantity(OUTPUTS)
    d.define(out[i], sigma(z[i]))


@derivation(
    "quadratic-cost-gradient",
    title="The gradient of the quadratic cost in the outputs",
    statement="The derivative by each output is output less target.",
    reference=f"{NIELSEN}, chapter 2",
    sources="A9",
)
def gradient(d: Builder) -> None:
    quadratic(d)
    d.start(Partial(C, out[i]))
    d.by(expand(C), "Definition of the quadratic cost.")
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(power_rule)
    d.by(linearity, "The targets do not depend on the outputs.")
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.conclude(out[i] - y[i])
    d.example(**AT)
    value = Rational(1, 2) * Sum((out[k] - y[k]) ** 2, (k, 1, K))
    d.function("quadratic_cost", (out, y), (), "Half the sum of squared errors.", value=value)


def errors_of_softmax(d: Builder) -> None:
    """r_i := p_i − y_i, and C := ½ Σ_k r_k²."""
    softmax(d)
    d.quantity(COST, Quantity(err, "errors", shape=(K,), latex="r"))
    d.define(err[i], p[i] - y[i])
    d.define(C, Rational(1, 2) * Sum(err[k] ** 2, (k, 1, K)))


@derivation(
    "quadratic-cost-softmax",
    title="The quadratic cost through softmax",
    statement="The gradient by the logits, with the errors r = p − y.",
    reference=f"{NIELSEN}, chapter 3",
    sources="A9",
)
def through_softmax(d: Builder) -> None:
    errors_of_softmax(d)
    d.start(Partial(C, z[i]))
    d.by(expand(C), "Definition of the quadratic cost.")
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(power_rule)
    d.by(pull_out)
    d.by(expand(err), at=Partial(err[k], z[i]))
    d.by(linearity, "The targets do not depend on the logits.")
    d.by(cite(jacobian))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.by(factor_out(p[i]))
    d.conclude(p[i] * (err[i] - Sum(p[k] * err[k], (k, 1, K))))
    d.example(**SOFT)
    summary = "Gradient in z of the quadratic cost of softmax."
    d.function("quadratic_cost_softmax_gradient", (z, y), (i,), summary)
