"""Second derivatives of penalised softmax regression, by the derivatives of the probabilities."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.notation import K, W, b, d, e, i, j, k, m, n
from derive.rules.calculus import coordinates_are_independent, derivative_through_sum, linearity
from derive.rules.definitions import cite
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import P, X, Y
from derive.topics.softmax_regression_penalty import (
    AT,
    F,
    by_biases,
    by_weights,
    penalised,
    weight,
)

TOPIC = "softmax regression"
TOTAL = Sum(Y[n, k], (k, 1, K))


@derivation(
    "softmax-regression-change-weights",
    title="The Hessian from the Jacobian: two weights",
    statement="The second derivatives of the penalised loss by those of the probabilities.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def two_weights(made: Builder) -> None:
    penalised(made)
    made.start(Partial(Partial(F, W[j, d]), W[i, e]))
    made.by(cite(by_weights))
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(linearity)
    made.conclude(
        Sum(X[n, d] * TOTAL * Partial(P[n, j], W[i, e]), (n, 1, m)) / m
        + weight * delta(i, j) * delta(d, e)
    )
    made.example(**AT)


@derivation(
    "softmax-regression-change-mixed",
    title="The Hessian from the Jacobian: weight and bias",
    statement="The second derivatives of the penalised loss by those of the probabilities.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def weight_and_bias(made: Builder) -> None:
    penalised(made)
    made.start(Partial(Partial(F, W[j, d]), b[i]))
    made.by(cite(by_weights))
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(linearity)
    made.conclude(Sum(X[n, d] * TOTAL * Partial(P[n, j], b[i]), (n, 1, m)) / m)
    made.example(**AT)


@derivation(
    "softmax-regression-change-bias-weight",
    title="The Hessian from the Jacobian: bias and weight",
    statement="The second derivatives of the penalised loss by those of the probabilities.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def bias_and_weight(made: Builder) -> None:
    penalised(made)
    made.start(Partial(Partial(F, b[j]), W[i, e]))
    made.by(cite(by_biases))
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.conclude(Sum(TOTAL * Partial(P[n, j], W[i, e]), (n, 1, m)) / m)
    made.example(**AT)


@derivation(
    "softmax-regression-change-biases",
    title="The Hessian from the Jacobian: two biases",
    statement="The second derivatives of the penalised loss by those of the probabilities.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def two_biases(made: Builder) -> None:
    penalised(made)
    made.start(Partial(Partial(F, b[j]), b[i]))
    made.by(cite(by_biases))
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.conclude(Sum(TOTAL * Partial(P[n, j], b[i]), (n, 1, m)) / m)
    made.example(**AT)
