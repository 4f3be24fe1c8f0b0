"""The gradient of softmax regression by the weights."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.notation import K, W, e, j, k, m, n
from derive.rules.algebra import distribute, factor_out
from derive.rules.calculus import (
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import NUMBERS, J, P, X, Y, log_probability, regression

TOPIC = "softmax regression"


@derivation(
    "softmax-regression-gradient",
    title="The gradient of softmax regression",
    statement="The gradient of the mean loss by the weights, for any targets.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="B14 C7",
)
def gradient(made: Builder) -> None:
    regression(made)
    made.start(Partial(J, W[j, e]))
    made.by(expand(J), "Definition of the mean loss.")
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity, "The targets do not depend on the weights.")
    made.by(cite(log_probability))
    made.by(distribute)
    made.by(sum_of_terms)
    made.by(sifting, at=Sum(X[n, e] * Y[n, k] * delta(j, k), (k, 1, K)))
    made.by(pull_out, at=Sum(-X[n, e] * P[n, j] * Y[n, k], (k, 1, K)))
    made.by(factor_out(X[n, e]))
    made.conclude(Sum(X[n, e] * (P[n, j] * Sum(Y[n, k], (k, 1, K)) - Y[n, j]), (n, 1, m)) / m)
    made.example(**NUMBERS)
