"""The Hessian of softmax regression times a direction (V, v), without forming it."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum
from derive.kernel.step import Output
from derive.notation import D, K, W, b, d, e, i, j, m, n
from derive.rules.algebra import distribute, factor_out
from derive.rules.definitions import cite
from derive.rules.double_sums import move_out, one_sum
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import X, Y
from derive.topics.softmax_regression_chain import (
    TOTAL,
    bias_and_weight,
    two_biases,
    two_weights,
    weight_and_bias,
)
from derive.topics.softmax_regression_direction import CHANGE, MOVES, V, direction, moved, v
from derive.topics.softmax_regression_penalty import AT, OPTION, F, penalised, weight

TOPIC = "softmax regression"


@derivation(
    "softmax-regression-hvp-bias",
    title="The change of the gradient in the biases",
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
    made.by(cite(bias_and_weight))
    made.by(cite(two_biases))
    made.by(move_out(n))
    made.by(move_out(n), "The examples come first.")
    made.by(pull_out)
    made.by(pull_out)
    made.by(one_sum)
    made.by(factor_out(TOTAL / m))
    made.by(cite(moved))
    made.by(pull_out)
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
    made.by(cite(two_weights))
    made.by(cite(weight_and_bias))
    made.by(distribute)
    made.by(sum_of_terms)
    made.by(sum_of_terms)
    made.by(sifting)
    made.by(sifting, "The penalty adds its own direction.")
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
