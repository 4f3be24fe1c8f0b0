"""Softmax regression is convex in its weights."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Rational, Sum
from derive.notation import D, K, Quantity, W, d, e, i, j, m, n, vector
from derive.rules.definitions import cite
from derive.rules.probability import use_total
from derive.topics.softmax import BOYD
from derive.topics.softmax_regression import NUMBERS, J, P, X, Y, regression
from derive.topics.softmax_regression_hessian import hessian

TOPIC = "softmax regression"
V, u = vector("V"), vector("u")
PAIR = P[n, j] * P[n, i] * (u[n, j] - u[n, i]) ** 2


@derivation(
    "softmax-regression-convex",
    title="Softmax regression is convex",
    statement="For targets that sum to 1 the Hessian by the weights is positive semidefinite: "
    "the loss is convex.",
    reference=f"{BOYD}, sections 3.1.4 and 7.1.1",
    sources="X15",
)
def convex(made: Builder) -> None:
    regression(made)
    made.assume(SumsTo(Y))
    made.quantity(
        Quantity(V, "a direction of the weights", shape=(K, D), latex="V"),
        Quantity(u, "change of the logits in that direction", shape=(m, K), latex="u"),
    )
    made.define(u[n, j], Sum(V[j, d] * X[n, d], (d, 1, D)))
    curvature = V[j, d] * Partial(Partial(J, W[j, d]), W[i, e]) * V[i, e]
    made.start(Sum(curvature, (j, 1, K), (d, 1, D), (i, 1, K), (e, 1, D)))
    made.by(cite(hessian), "The Hessian by the weights.")
    made.by(use_total(Y))
    spread = Sum(PAIR, (j, 1, K), (i, 1, K), (n, 1, m))
    made.conclude_sign("≥", Rational(1, 2) * spread / m)
    made.example(**NUMBERS, V=(("1", "0"), ("-1", "2"), ("1", "1")))
