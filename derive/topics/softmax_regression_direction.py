"""Softmax regression as all parameters move in a direction (V, v)."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.notation import D, K, Quantity, W, b, d, e, i, j, k, m, n, vector
from derive.rules.algebra import distribute, factor_out
from derive.rules.definitions import cite, fold
from derive.rules.double_sums import one_sum
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import NUMBERS, P, X, regression
from derive.topics.softmax_regression_hessian import probability, probability_bias

TOPIC = "softmax regression"
V, v, U = vector("V"), vector("v"), vector("U")
MOVES: dict[str, Any] = {"V": (("1", "0"), ("-1", "2"), ("1/2", "1")), "v": ("1", "0", "-1")}
CHANGE = P[n, j] * (U[n, j] - Sum(P[n, i] * U[n, i], (i, 1, K)))


def direction(made: Builder) -> None:
    """U_nk := Σ_d V_kd X_nd + v_k: the logits' change in the direction (V, v)."""
    made.quantity(
        Quantity(V, "direction of the weights", shape=(K, D), latex="V"),
        Quantity(v, "direction of the biases", shape=(K,), latex="v"),
        Quantity(U, "change of the logits in this direction", shape=(m, K), latex="U"),
    )
    made.define(U[n, k], Sum(V[k, d] * X[n, d], (d, 1, D)) + v[k])


@derivation(
    "softmax-regression-probability-direction",
    title="A probability as all parameters move",
    statement="The derivative of a probability in the direction (V, v) is the Jacobian of softmax "
    "times the change of the logits.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X3",
)
def moved(made: Builder) -> None:
    regression(made)
    direction(made)
    by_weight = Sum(Sum(Partial(P[n, j], W[i, e]) * V[i, e], (e, 1, D)), (i, 1, K))
    made.start(by_weight + Sum(Partial(P[n, j], b[i]) * v[i], (i, 1, K)))
    made.by(cite(probability))
    made.by(cite(probability_bias))
    made.by(pull_out)
    made.by(pull_out)
    made.by(factor_out(P[n, j]))
    made.by(one_sum)
    made.by(factor_out(delta(i, j) - P[n, i]))
    made.by(fold(U), "The change of the logits.")
    made.by(distribute)
    made.by(sum_of_terms)
    made.by(sifting)
    made.by(pull_out)
    made.conclude(CHANGE)
    made.example(**NUMBERS, **MOVES)
