"""Softmax regression with a squared penalty on the weights; the biases are not penalised."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Rational, Sum, delta
from derive.kernel.step import Option, Output
from derive.notation import D, Domain, K, Quantity, W, b, d, e, j, k, m, n, scalar
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
    power_rule,
)
from derive.rules.definitions import cite, expand
from derive.rules.sums import pull_out, sifting
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import MEAN, NUMBERS, J, P, X, Y, regression
from derive.topics.softmax_regression_gradient import gradient
from derive.topics.softmax_regression_training import gradient_bias

TOPIC = "softmax regression"
F, weight = scalar("F"), scalar("lambda")
SQUARES = Sum(Sum(W[k, d] ** 2, (d, 1, D)), (k, 1, K))
PENALTY = weight * Rational(1, 2) * SQUARES
GIVEN = (W, b, X, Y, weight)
OPTION = {weight: Option("l2", 0, Domain.NONNEGATIVE)}
AT: dict[str, Any] = {**NUMBERS, "lambda": "1/10"}
ERROR = P[n, j] * Sum(Y[n, k], (k, 1, K)) - Y[n, j]
SLOPE = Sum(X[n, e] * ERROR, (n, 1, m)) / m + weight * W[j, e]


def penalised(made: Builder) -> None:
    """F := J + λ/2 Σ_k Σ_d W_kd²."""
    regression(made)
    made.quantity(
        Quantity(F, "mean loss with the penalty", latex="F"),
        Quantity(weight, "weight of the penalty", latex=r"\lambda"),
    )
    made.define(F, J + PENALTY)


@derivation(
    "softmax-regression-penalised",
    title="The penalised loss of softmax regression",
    statement="The mean cross-entropy of m examples plus half the squared weights, times λ.",
    reference=f"{BISHOP}, eq. 4.108; cf. eq. 3.27",
    sources="C6",
)
def loss(made: Builder) -> None:
    penalised(made)
    made.start(F)
    made.by(expand(F), "Definition of the penalised loss.")
    made.by(expand(J), "Definition of the mean loss.")
    made.conclude(MEAN + PENALTY)
    made.example(**AT)
    summary = "Mean cross-entropy of softmax regression, with a squared penalty on the weights."
    made.function("softmax_regression_loss", GIVEN, (), summary, options=OPTION)


@derivation(
    "softmax-regression-penalised-gradient-weights",
    title="The penalised gradient in the weights",
    statement="To the gradient of the mean loss the penalty adds λ times the weight.",
    reference=f"{BISHOP}, eq. 4.109; cf. eq. 3.27",
    sources="B14 C7",
)
def by_weights(made: Builder) -> None:
    penalised(made)
    made.start(Partial(F, W[j, e]))
    made.by(expand(F), "Definition of the penalised loss.")
    made.by(linearity)
    made.by(cite(gradient))
    made.by(derivative_through_sum)
    made.by(derivative_through_sum)
    made.by(power_rule)
    made.by(coordinates_are_independent)
    made.by(pull_out, at=Sum(2 * W[k, d] * delta(j, k) * delta(d, e), (d, 1, D)))
    made.by(sifting)
    made.by(sifting, "Of all squares only that of this weight is left.")
    made.conclude(SLOPE)
    made.example(**AT)


@derivation(
    "softmax-regression-penalised-gradient",
    title="The penalised gradient of softmax regression",
    statement="The penalty does not touch the biases; the gradient by the weights stands beside.",
    reference=f"{BISHOP}, eq. 4.109; cf. eq. 3.27",
    sources="B14 C7",
)
def by_biases(made: Builder) -> None:
    penalised(made)
    made.start(Partial(F, b[j]))
    made.by(expand(F), "Definition of the penalised loss.")
    made.by(linearity, "The penalty does not depend on the biases.")
    made.by(cite(gradient_bias))
    made.conclude(Sum(ERROR, (n, 1, m)) / m)
    made.rest_on(by_weights)
    made.example(**AT)
    summary = "Gradients of the loss of softmax regression by weights and biases."
    biases = Output("db", Sum(ERROR, (n, 1, m)) / m, (j,))
    name = "softmax_regression_gradient"
    made.function(name, GIVEN, (j, e), summary, SLOPE, output="dW", also=(biases,), options=OPTION)
