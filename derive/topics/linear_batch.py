"""A linear layer backwards over a batch: the gradients of weights and biases."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum
from derive.kernel.step import Output
from derive.notation import D, K, Quantity, W, b, d, e, j, k, m, n, x, z
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import expand
from derive.rules.sums import sifting
from derive.topics.linear import NIELSEN
from derive.topics.linear_gradients import FLOW, ROWS, back

TOPIC = "linear layer"


def rows(made: Builder) -> None:
    """z_nk := Σ_d W_kd x_nd + b_k, and given derivatives dz_nk, one row an example."""
    meaning = "loss by the logits (adjoints), a row an example"
    made.quantity(
        Quantity(x, "features, one row an example", shape=(m, D), latex="x"),
        Quantity(z, "logits, one row an example", shape=(m, K), latex="z"),
        Quantity(back, meaning, shape=(m, K), latex=r"\mathrm{dz}"),
    )
    made.define(z[n, k], Sum(W[k, d] * x[n, d], (d, 1, D)) + b[k])
    made.remark(FLOW)


@derivation(
    "linear-layer-backward-batch-weights",
    title="From the logits of a batch back to weights",
    statement="The outer products of all examples are added up.",
    reference=f"{NIELSEN}, chapter 2, eq. BP4",
    sources="C7 X16",
)
def batch_by_weights(made: Builder) -> None:
    rows(made)
    made.start(Sum(Sum(back[n, k] * Partial(z[n, k], W[j, e]), (k, 1, K)), (n, 1, m)))
    made.by(expand(z), "Definition of the layer.")
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.by(sifting, "A weight moves only the logits of its own class.")
    made.conclude(Sum(back[n, j] * x[n, e], (n, 1, m)))
    made.example(**ROWS)


@derivation(
    "linear-layer-backward-batch",
    title="The gradients of a linear layer over a batch",
    statement="The derivatives by the biases are the sums of $dz$ over the examples; those by the "
    "weights stand beside them.",
    reference=f"{NIELSEN}, chapter 2, eq. BP3",
    sources="C7 X16",
)
def batch_by_bias(made: Builder) -> None:
    rows(made)
    made.start(Sum(Sum(back[n, k] * Partial(z[n, k], b[j]), (k, 1, K)), (n, 1, m)))
    made.by(expand(z), "Definition of the layer.")
    made.by(linearity, "Weights and features do not depend on the biases.")
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.conclude(Sum(back[n, j], (n, 1, m)))
    made.rest_on(batch_by_weights)
    made.example(**ROWS)
    weights = Sum(back[n, j] * x[n, e], (n, 1, m))
    biases = Output("db", Sum(back[n, j], (n, 1, m)), (j,))
    summary = "Gradients of a linear layer from those of its logits, summed over a batch."
    made.function(
        "linear_layer_gradients", (x, back), (j, e), summary, weights, output="dW", also=(biases,)
    )
