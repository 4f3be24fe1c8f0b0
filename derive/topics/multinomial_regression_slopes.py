"""Softmax regression from the family: gradient and Hessian of the log-likelihood."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta, log
from derive.notation import d, e, i, j, m, n
from derive.rules.algebra import factor_out
from derive.rules.calculus import (
    derivative_through_sum,
    linearity,
    logarithmic_derivative,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import log_of_product
from derive.rules.sums import sifting
from derive.topics.multinomial_regression import (
    MCCULLAGH,
    NUMBERS,
    a,
    model,
    partition,
    phi,
    response,
    score,
    theta,
)
from derive.topics.softmax_regression import X, Y

TOPIC = "multinomial regression"


@derivation(
    "multinomial-regression-gradient",
    title="The gradient of the log-likelihood",
    statement="For $j < K$ each example adds its features times outcome less probability.",
    reference=MCCULLAGH,
    sources="B14",
)
def gradient(made: Builder) -> None:
    model(made)
    made.start(Partial(score, theta[j, e]))
    made.by(expand(score))
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity, "The outcomes do not depend on the parameters.")
    made.by(cite(response))
    made.by(cite(partition))
    made.by(sifting)
    made.by(factor_out(X[n, e]))
    made.conclude(Sum((Y[n, j] - phi[n, j]) * X[n, e], (n, 1, m)))
    made.example(**NUMBERS)


@derivation(
    "multinomial-regression-probability",
    title="The derivative of a probability in a parameter",
    statement="The derivative of each probability of each example by each parameter.",
    reference=MCCULLAGH,
    sources="B14",
)
def probability(made: Builder) -> None:
    model(made)
    made.start(Partial(phi[n, j], theta[i, d]))
    made.by(logarithmic_derivative)
    made.by(expand(phi), at=log(phi[n, j]))
    made.by(log_of_product)
    made.by(fold(a))
    made.by(linearity)
    made.by(cite(response))
    made.by(cite(partition))
    made.by(factor_out(X[n, d]))
    made.conclude(phi[n, j] * (delta(i, j) - phi[n, i]) * X[n, d])
    made.example(**NUMBERS)


@derivation(
    "multinomial-regression-hessian",
    title="The Hessian of the log-likelihood",
    statement="Minus the covariance of the outcomes of each example, times products of features.",
    reference=MCCULLAGH,
    sources="B14",
)
def hessian(made: Builder) -> None:
    model(made)
    made.start(Partial(Partial(score, theta[j, e]), theta[i, d]))
    made.by(cite(gradient))
    made.by(derivative_through_sum)
    made.by(linearity, "Outcomes and features do not depend on the parameters.")
    made.by(linearity)
    made.by(cite(probability))
    made.conclude(Sum(-phi[n, j] * (delta(i, j) - phi[n, i]) * X[n, d] * X[n, e], (n, 1, m)))
    made.example(**NUMBERS)
