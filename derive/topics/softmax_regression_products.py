"""The Hessian of softmax regression times a direction (V, v), without forming it."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.kernel.step import Output
from derive.notation import D, K, Quantity, W, b, d, e, i, j, k, m, n, vector
from derive.rules.algebra import distribute, factor_out
from derive.rules.calculus import coordinates_are_independent, derivative_through_sum, linearity
from derive.rules.definitions import cite, fold
from derive.rules.double_sums import move_out
from derive.rules.sums import one_sum, pull_out, push_in, sifting, sum_of_terms
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import NUMBERS, P, X, Y, regression
from derive.topics.softmax_regression_hessian import probability, probability_bias
from derive.topics.softmax_regression_penalty import (
    AT,
    OPTION,
    F,
    by_biases,
    by_weights,
    penalised,
    weight,
)

TOPIC = "softmax regression"
V, v, U = vector("V"), vector("v"), vector("U")
MOVES: dict[str, Any] = {"V": (("1", "0"), ("-1", "2"), ("1/2", "1")), "v": ("1", "0", "-1")}
TOTAL = Sum(Y[n, k], (k, 1, K))
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


@derivation(
    "softmax-regression-hvp-bias",
    title="The change of the gradient by the biases",
    statement="The rows of the Hessian that belong to the biases, times the direction (V, v).",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X3 X15",
)
def by_bias(made: Builder) -> None:
    penalised(made)
    direction(made)
    slope = Partial(F, b[j])
    by_weight = Sum(Sum(Partial(slope, W[i, e]) * V[i, e], (e, 1, D)), (i, 1, K))
    made.start(by_weight + Sum(Partial(slope, b[i]) * v[i], (i, 1, K)))
    made.by(cite(by_biases))
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity, "The targets do not depend on the parameters.")
    made.by(push_in(V[i, e]))
    made.by(pull_out)
    made.by(pull_out)
    made.by(push_in(v[i]))
    made.by(move_out(n))
    made.by(move_out(n), "The examples come first.")
    made.by(pull_out)
    made.by(pull_out)
    made.by(factor_out(1 / m))
    made.by(one_sum)
    made.by(factor_out(TOTAL))
    made.by(cite(moved))
    made.conclude(Sum(TOTAL * CHANGE, (n, 1, m)) / m)
    made.example(**AT, **MOVES)


@derivation(
    "softmax-regression-hvp",
    title="The Hessian of softmax regression times a direction",
    statement="The rows of the Hessian that belong to the weights, times the direction (V, v); "
    "those of the biases stand beside.",
    reference=f"{BISHOP}, eq. 4.110; cf. eq. 3.27",
    sources="X3 X15",
)
def by_weight(made: Builder) -> None:
    penalised(made)
    direction(made)
    slope = Partial(F, W[j, d])
    by_weights_ = Sum(Sum(Partial(slope, W[i, e]) * V[i, e], (e, 1, D)), (i, 1, K))
    made.start(by_weights_ + Sum(Partial(slope, b[i]) * v[i], (i, 1, K)))
    made.by(cite(by_weights))
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(linearity, "Features and targets do not depend on the parameters.")
    made.by(distribute)
    made.by(sum_of_terms)
    made.by(sum_of_terms)
    made.by(sifting)
    made.by(sifting)
    made.by(push_in(V[i, e]))
    made.by(pull_out)
    made.by(pull_out)
    made.by(push_in(v[i]))
    made.by(move_out(n))
    made.by(move_out(n), "The examples come first.")
    made.by(pull_out)
    made.by(pull_out)
    made.by(one_sum)
    made.by(factor_out(X[n, d] * TOTAL / m))
    made.by(cite(moved))
    made.by(pull_out)
    made.conclude(Sum(X[n, d] * TOTAL * CHANGE, (n, 1, m)) / m + weight * V[j, d])
    made.rest_on(by_bias)
    made.example(**AT, **MOVES)
    value = Sum(X[n, d] * TOTAL * CHANGE, (n, 1, m)) / m + weight * V[j, d]
    biases = Output("for_b", Sum(TOTAL * CHANGE, (n, 1, m)) / m, (j,))
    summary = "Hessian of the loss of softmax regression times a direction (V, v)."
    given = (W, b, X, Y, V, v, weight)
    made.function(
        "softmax_regression_hvp", given, (j, d), summary, value,
        output="for_W", also=(biases,), options=OPTION,
    )  # fmt: skip
