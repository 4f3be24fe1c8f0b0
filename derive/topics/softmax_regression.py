"""Softmax regression over m examples: the loss, its logits and its log-probabilities."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta, exp, log
from derive.notation import D, Domain, K, Quantity, W, b, d, e, j, k, l, m, n, scalar, vector
from derive.rules.algebra import factor_out
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import log_of_product
from derive.rules.sums import sifting
from derive.topics.softmax import BISHOP

TOPIC = "softmax regression"
J = scalar("J")
X = vector("X")
Y = vector("y")
Z = vector("Z")
P = vector("P", Domain.UNIT)
MEAN = Sum(-Sum(Y[n, k] * log(P[n, k]), (k, 1, K)), (n, 1, m)) / m
NUMBERS: dict[str, Any] = {
    "W": (("1", "-1"), ("1/2", "2"), ("0", "1")),
    "b": ("0", "1/2", "-1/2"),
    "X": (("1", "2"), ("-1", "1")),
    "y": (("0", "1", "0"), ("1", "0", "0")),
}


def regression(made: Builder) -> None:
    """Z_nk := Σ_d W_kd X_nd + b_k, P their softmax, J the mean cross-entropy over m examples."""
    made.quantity(
        Quantity(X, "features, one row an example", shape=(m, D), latex="X"),
        Quantity(Y, "targets, one row an example", shape=(m, K), latex="y"),
        Quantity(Z, "logits, one row an example", shape=(m, K), latex="Z"),
        Quantity(P, "probabilities, one row an example", Domain.UNIT, (m, K), "P"),
        Quantity(J, "mean loss", latex="J"),
    )
    made.define(Z[n, k], Sum(W[k, d] * X[n, d], (d, 1, D)) + b[k])
    made.define(P[n, k], exp(Z[n, k]) / Sum(exp(Z[n, l]), (l, 1, K)))
    made.define(J, MEAN)


@derivation(
    "softmax-regression-loss",
    title="The loss of softmax regression",
    statement="The mean cross-entropy of m examples from the logits.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="B13 B14 C6",
)
def loss(made: Builder) -> None:
    regression(made)
    made.start(J)
    made.by(expand(J), "Definition of the mean loss.")
    made.by(expand(P))
    made.by(log_of_product)
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-logits",
    title="The derivatives of the logits of m examples in the weights",
    statement="A weight moves the logits of its own class, each example by its feature.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="B13",
)
def logits(made: Builder) -> None:
    regression(made)
    made.start(Partial(Z[n, k], W[j, e]))
    made.by(expand(Z), "Definition of the logits.")
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.conclude(delta(k, j) * X[n, e])
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-log-probability",
    title="The derivatives of a log-probability in the weights",
    statement="The derivative of each log-probability of each example by each weight.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="B14",
)
def log_probability(made: Builder) -> None:
    regression(made)
    made.start(Partial(log(P[n, k]), W[j, e]))
    made.by(expand(P))
    made.by(log_of_product)
    made.by(linearity)
    made.by(derivative_of_log)
    made.by(derivative_through_sum)
    made.by(derivative_of_exp)
    made.by(cite(logits))
    made.by(sifting)
    made.by(fold(P))
    made.by(factor_out(X[n, e]))
    made.conclude(X[n, e] * (delta(k, j) - P[n, j]))
    made.example(**NUMBERS)
