"""A linear layer, by its weights, biases and inputs."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.notation import D, W, b, d, e, j, k, x, z
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import expand
from derive.rules.sums import sifting
from derive.topics.softmax import BISHOP

TOPIC = "linear layer"
NIELSEN = "Nielsen, Neural Networks and Deep Learning (2015)"
NUMBERS: dict[str, Any] = {
    "W": (("1", "-1"), ("1/2", "2"), ("0", "1")),
    "b": ("0", "1/2", "-1/2"),
    "x": ("1", "2"),
    "y": ("0", "1", "0"),
}


def layer(made: Builder) -> None:
    """z_k := Σ_d W_kd x_d + b_k."""
    made.define(z[k], Sum(W[k, d] * x[d], (d, 1, D)) + b[k])


@derivation(
    "linear-layer-weights",
    title="The derivatives of a linear layer in its weights",
    statement="A weight moves only the logit of its own class, by its feature.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="A8",
)
def by_weights(made: Builder) -> None:
    layer(made)
    made.start(Partial(z[k], W[j, e]))
    made.by(expand(z), "Definition of the layer.")
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.conclude(delta(k, j) * x[e])
    made.example(**NUMBERS)


@derivation(
    "linear-layer-bias",
    title="The derivatives of a linear layer in its biases",
    statement="A bias moves only the logit of its own class.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="A7",
)
def by_bias(made: Builder) -> None:
    layer(made)
    made.start(Partial(z[k], b[j]))
    made.by(expand(z), "Definition of the layer.")
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.conclude(delta(k, j))
    made.example(**NUMBERS)


@derivation(
    "linear-layer-inputs",
    title="The derivatives of a linear layer in its inputs",
    statement="A feature moves every logit by its weight.",
    reference=f"{NIELSEN}, chapter 2",
    sources="X16",
)
def by_inputs(made: Builder) -> None:
    layer(made)
    made.start(Partial(z[k], x[e]))
    made.by(expand(z), "Definition of the layer.")
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.conclude(W[k, e])
    made.example(**NUMBERS)
    value = Sum(W[k, d] * x[d], (d, 1, D)) + b[k]
    made.function("linear_layer", (W, b, x), (k,), "A linear layer: W x + b.", value=value)
