"""A linear layer backwards: from the derivatives by the logits to those by weights and biases."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum
from derive.kernel.step import Output
from derive.notation import D, K, Quantity, W, b, d, e, j, k, m, n, vector, x, z
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.sums import sifting
from derive.topics.linear import NIELSEN, by_bias, by_weights, layer

TOPIC = "linear layer"
back = vector("dz")
LAYER: dict[str, Any] = {
    "W": (("1", "-1"), ("1/2", "2"), ("0", "1")),
    "b": ("0", "1/2", "-1/2"),
}
ONE: dict[str, Any] = {**LAYER, "x": ("1", "2"), "dz": ("1/2", "-1", "1/2")}
ROWS: dict[str, Any] = {
    **LAYER,
    "x": (("1", "2"), ("-1", "1")),
    "dz": (("1/2", "-1", "1/2"), ("-1/4", "1/2", "-1/4")),
}
FLOW = (
    r"The loss depends on the layer through the logits $z$ alone; $dz$ stands for its derivatives "
    r"by them, so that the chain rule gives the sum in the first line."
)


def one_example(made: Builder) -> None:
    """z = W x + b for one example, with derivatives dz_k that are given."""
    made.quantity(Quantity(back, "derivatives of the loss by the logits", shape=(K,), latex="dz"))
    layer(made)
    made.remark(FLOW)


def rows(made: Builder) -> None:
    """z_nk := Σ_d W_kd x_nd + b_k, and given derivatives dz_nk, one row an example."""
    meaning = "derivatives of the loss by the logits, one row an example"
    made.quantity(
        Quantity(x, "features, one row an example", shape=(m, D), latex="x"),
        Quantity(z, "logits, one row an example", shape=(m, K), latex="z"),
        Quantity(back, meaning, shape=(m, K), latex="dz"),
    )
    made.define(z[n, k], Sum(W[k, d] * x[n, d], (d, 1, D)) + b[k])
    made.remark(FLOW)


@derivation(
    "linear-layer-backward-weights",
    title="From logits back to weights",
    statement="For one example the derivatives by the weights are the outer product of $dz$ and "
    "the features.",
    reference=f"{NIELSEN}, chapter 2, eq. BP4",
    sources="X16",
)
def one_by_weights(made: Builder) -> None:
    one_example(made)
    made.start(Sum(back[k] * Partial(z[k], W[j, e]), (k, 1, K)))
    made.by(cite(by_weights))
    made.by(sifting, "A weight moves only the logit of its own class.")
    made.conclude(back[j] * x[e])
    made.example(**ONE)


@derivation(
    "linear-layer-backward-bias",
    title="From logits back to biases",
    statement="For one example the derivatives by the biases are those by the logits.",
    reference=f"{NIELSEN}, chapter 2, eq. BP3",
    sources="X16",
)
def one_by_bias(made: Builder) -> None:
    one_example(made)
    made.start(Sum(back[k] * Partial(z[k], b[j]), (k, 1, K)))
    made.by(cite(by_bias))
    made.by(sifting)
    made.conclude(back[j])
    made.example(**ONE)


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
