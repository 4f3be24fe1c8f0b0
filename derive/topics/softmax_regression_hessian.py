"""The probabilities by the parameters, and the Hessian of softmax regression by the weights."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.notation import K, W, b, d, e, i, j, k, m, n
from derive.rules.calculus import derivative_through_sum, linearity, logarithmic_derivative
from derive.rules.definitions import cite
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import NUMBERS, J, P, X, Y, log_probability, regression
from derive.topics.softmax_regression_gradient import gradient
from derive.topics.softmax_regression_training import log_probability as log_probability_bias

TOPIC = "softmax regression"
HIT = P[n, j] * (delta(i, j) - P[n, i]) * Sum(Y[n, k], (k, 1, K))


@derivation(
    "softmax-regression-probability",
    title="The derivatives of a probability in the weights",
    statement="The derivative of each probability of each example by each weight.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="B14",
)
def probability(made: Builder) -> None:
    regression(made)
    made.start(Partial(P[n, j], W[i, e]))
    made.by(logarithmic_derivative)
    made.by(cite(log_probability))
    made.conclude(P[n, j] * X[n, e] * (delta(i, j) - P[n, i]))
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-probability-bias",
    title="The derivatives of a probability in the biases",
    statement="The derivative of each probability of each example by each bias.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="B14",
)
def probability_bias(made: Builder) -> None:
    regression(made)
    made.start(Partial(P[n, j], b[i]))
    made.by(logarithmic_derivative)
    made.by(cite(log_probability_bias))
    made.conclude(P[n, j] * (delta(i, j) - P[n, i]))
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-hessian",
    title="The Hessian of softmax regression in the weights",
    statement="The second derivatives by the weights, an array (K, D, K, D), for any targets.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="B14 X15",
)
def hessian(made: Builder) -> None:
    regression(made)
    made.start(Partial(Partial(J, W[j, d]), W[i, e]))
    made.by(cite(gradient))
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(linearity)
    made.by(cite(probability))
    made.conclude(Sum(HIT * X[n, d] * X[n, e], (n, 1, m)) / m)
    made.example(**NUMBERS)
