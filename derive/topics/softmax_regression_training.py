"""Softmax regression in training: biases, and targets that sum to 1."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, delta, log
from derive.notation import K, W, b, e, j, k, m, n
from derive.rules.algebra import distribute
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import log_of_product
from derive.rules.probability import use_total
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import NUMBERS, J, P, X, Y, Z, regression
from derive.topics.softmax_regression_gradient import gradient

TOPIC = "softmax regression"


@derivation(
    "softmax-regression-gradient-normalised",
    title="The gradient for normalised targets",
    statement="If the targets of every example sum to 1, the gradient by the weights is the mean "
    "of the features times prediction less target.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="A8 B14 C7",
)
def gradient_normalised(made: Builder) -> None:
    regression(made)
    made.assume(SumsTo(Y))
    made.start(Partial(J, W[j, e]))
    made.by(cite(gradient))
    made.by(use_total(Y), "The targets of an example sum to 1.")
    made.conclude(Sum(X[n, e] * (P[n, j] - Y[n, j]), (n, 1, m)) / m)
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-logits-bias",
    title="The derivatives of the logits of m examples in the biases",
    statement="A bias moves the logits of its own class, of every example alike.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="B13",
)
def logits(made: Builder) -> None:
    regression(made)
    made.start(Partial(Z[n, k], b[j]))
    made.by(expand(Z), "Definition of the logits.")
    made.by(linearity, "Weights and features do not depend on the biases.")
    made.by(coordinates_are_independent)
    made.conclude(delta(k, j))
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-log-probability-bias",
    title="The derivatives of a log-probability in the biases",
    statement="The derivative of each log-probability of each example by each bias.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="B14",
)
def log_probability(made: Builder) -> None:
    regression(made)
    made.start(Partial(log(P[n, k]), b[j]))
    made.by(expand(P))
    made.by(log_of_product)
    made.by(linearity)
    made.by(derivative_of_log)
    made.by(derivative_through_sum)
    made.by(derivative_of_exp)
    made.by(cite(logits))
    made.by(sifting)
    made.by(fold(P))
    made.conclude(delta(k, j) - P[n, j])
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-gradient-bias",
    title="The gradient of softmax regression in the biases",
    statement="The gradient of the mean loss by the biases, for any targets.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="A7 B14 C7",
)
def gradient_bias(made: Builder) -> None:
    regression(made)
    made.start(Partial(J, b[j]))
    made.by(expand(J), "Definition of the mean loss.")
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity, "The targets do not depend on the biases.")
    made.by(cite(log_probability))
    made.by(distribute)
    made.by(sum_of_terms)
    made.by(sifting)
    made.by(pull_out, at=Sum(-P[n, j] * Y[n, k], (k, 1, K)))
    made.conclude(Sum(P[n, j] * Sum(Y[n, k], (k, 1, K)) - Y[n, j], (n, 1, m)) / m)
    made.example(**NUMBERS)
