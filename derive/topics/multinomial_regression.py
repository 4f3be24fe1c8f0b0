"""Softmax regression from the family: natural parameters linear in the features, class K fixed."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Product, Sum, delta, exp, log
from derive.notation import D, Domain, K, Quantity, d, e, ell, i, j, k, m, n, vector
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import log_of_all
from derive.rules.sums import sifting
from derive.topics.multinomial import REST
from derive.topics.softmax_regression import X, Y

TOPIC = "multinomial regression"
MCCULLAGH = "McCullagh and Nelder, Generalized Linear Models (1989), section 6.4"
theta, eta, a, phi = vector("theta"), vector("eta"), vector("a"), vector("phi", Domain.UNIT)
score = ell
NUMBERS: dict[str, Any] = {
    "theta": (("1", "-1"), ("1/2", "2")),
    "X": (("1", "2"), ("-1", "1")),
    "y": (("0", "1", "0"), ("1", "0", "0")),
}


def model(made: Builder) -> None:
    """η_nk := Σ_d θ_kd X_nd for k < K, a_n := log(1 + Σ_k e^{η_nk}), φ_nk := e^{η_nk − a_n}."""
    made.quantity(
        Quantity(X, "features, one row an example", shape=(m, D), latex="X"),
        Quantity(Y, "outcomes, one row an example", shape=(m, K), latex="y"),
        Quantity(theta, "parameters of the first classes", shape=(K - 1, D), latex=r"\theta"),
        Quantity(eta, "natural parameters", shape=(m, K - 1), latex=r"\eta"),
        Quantity(a, "log-partitions of the examples", shape=(m,), latex="a"),
        Quantity(phi, "probabilities of the first classes", Domain.UNIT, (m, K - 1), r"\phi"),
        Quantity(score, "log-likelihood", latex=r"\ell"),
    )
    made.range(i, 1, K - 1)
    made.range(j, 1, K - 1)
    made.define(eta[n, k], Sum(theta[k, d] * X[n, d], (d, 1, D)))
    made.define(a[n], log(1 + Sum(exp(eta[n, k]), REST)))
    made.define(phi[n, k], exp(eta[n, k]) / (1 + Sum(exp(eta[n, k]), REST)))
    made.define(score, Sum(Sum(eta[n, k] * Y[n, k], REST) - a[n], (n, 1, m)))


@derivation(
    "multinomial-regression-likelihood",
    title="The log-likelihood of m examples",
    statement="The product of the exponential-family forms of all examples becomes a sum.",
    reference=MCCULLAGH,
    sources="B13 B14",
)
def likelihood(made: Builder) -> None:
    model(made)
    made.remark(
        r"Example $n$ has probability $\exp(\sum_{k<K} \eta_{nk} y_{nk} - a_{n})$, and examples "
        "are independent."
    )
    made.start(log(Product(exp(Sum(eta[n, k] * Y[n, k], REST) - a[n]), (n, 1, m))))
    made.by(log_of_all)
    made.by(fold(score))
    made.conclude(score)
    made.example(**NUMBERS)


@derivation(
    "multinomial-regression-response",
    title="The derivatives of the natural parameters",
    statement="A parameter moves the natural parameter of its own class, by its feature.",
    reference=MCCULLAGH,
    sources="B13",
)
def response(made: Builder) -> None:
    model(made)
    made.start(Partial(eta[n, i], theta[j, e]))
    made.by(expand(eta), "Natural parameters are linear in the features.")
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.conclude(delta(i, j) * X[n, e])
    made.example(**NUMBERS)


@derivation(
    "multinomial-regression-partition",
    title="The derivative of an example's log-partition",
    statement="The probability of the class, times the feature.",
    reference=MCCULLAGH,
    sources="B14",
)
def partition(made: Builder) -> None:
    model(made)
    made.start(Partial(a[n], theta[j, e]))
    made.by(expand(a))
    made.by(derivative_of_log)
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(derivative_of_exp)
    made.by(cite(response))
    made.by(sifting)
    made.by(fold(phi))
    made.conclude(phi[n, j] * X[n, e])
    made.example(**NUMBERS)
