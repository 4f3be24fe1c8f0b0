"""The Hessian of penalised softmax regression: its three blocks."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.kernel.step import Output
from derive.notation import W, b, d, e, i, j, m, n
from derive.rules.definitions import cite
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import X
from derive.topics.softmax_regression_chain import two_biases, two_weights, weight_and_bias
from derive.topics.softmax_regression_hessian import HIT, probability, probability_bias
from derive.topics.softmax_regression_penalty import AT, GIVEN, OPTION, F, penalised, weight

TOPIC = "softmax regression"
WEIGHTS = Sum(HIT * X[n, d] * X[n, e], (n, 1, m)) / m + weight * delta(i, j) * delta(d, e)
MIXED = Sum(HIT * X[n, d], (n, 1, m)) / m
BIASES = Sum(HIT, (n, 1, m)) / m


@derivation(
    "softmax-regression-penalised-hessian-weights",
    title="The penalised Hessian in the weights",
    statement="The penalty adds λ on the diagonal.",
    reference=f"{BISHOP}, eq. 4.110; cf. eq. 3.27",
    sources="X15",
)
def hessian_weights(made: Builder) -> None:
    penalised(made)
    made.start(Partial(Partial(F, W[j, d]), W[i, e]))
    made.by(cite(two_weights))
    made.by(cite(probability))
    made.conclude(WEIGHTS)
    made.example(**AT)


@derivation(
    "softmax-regression-penalised-hessian-mixed",
    title="The penalised Hessian in weights and biases",
    statement="The penalty does not occur in it.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def mixed(made: Builder) -> None:
    penalised(made)
    made.start(Partial(Partial(F, W[j, d]), b[i]))
    made.by(cite(weight_and_bias))
    made.by(cite(probability_bias))
    made.conclude(MIXED)
    made.example(**AT)


@derivation(
    "softmax-regression-penalised-hessian",
    title="The Hessian of penalised softmax regression",
    statement="The block of the biases, with those of the weights and of both beside it.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="B14 X15",
)
def blocks(made: Builder) -> None:
    penalised(made)
    made.start(Partial(Partial(F, b[j]), b[i]))
    made.by(cite(two_biases))
    made.by(cite(probability_bias))
    made.conclude(BIASES)
    made.rest_on(hessian_weights, mixed)
    made.example(**AT)
    summary = "Hessian of the loss of softmax regression, in blocks."
    also = (Output("H_Wb", MIXED, (j, d, i)), Output("H_bb", BIASES, (j, i)))
    made.function(
        "softmax_regression_hessian", GIVEN, (j, d, i, e), summary, WEIGHTS,
        output="H_WW", also=also, options=OPTION,
    )  # fmt: skip
