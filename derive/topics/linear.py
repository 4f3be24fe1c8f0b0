"""A linear layer under softmax cross-entropy: the gradients for one example."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, delta
from derive.notation import D, K, L, W, b, d, e, j, k, p, x, y, z
from derive.rules.calculus import (
    chain_rule,
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.probability import use_total
from derive.rules.sums import pull_out, sifting
from derive.topics.cross_entropy import loss
from derive.topics.cross_entropy_gradient import gradient
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
    title="A linear layer by its weights",
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
    title="A linear layer by its biases",
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
    title="A linear layer by its inputs",
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


@derivation(
    "linear-layer-gradient-bias",
    title="The gradient by a bias",
    statement="For targets that sum to 1 the derivative by a bias is prediction less target.",
    reference=f"{NIELSEN}, chapter 3",
    sources="A7 C7",
)
def gradient_bias(made: Builder) -> None:
    loss(made)
    layer(made)
    made.assume(SumsTo(y))
    made.start(Partial(L, b[j]))
    made.by(chain_rule(z), "The loss depends on the bias through the logits.")
    made.by(cite(by_bias))
    made.by(sifting)
    made.by(cite(gradient))
    made.by(use_total(y), "The targets sum to 1.")
    made.conclude(p[j] - y[j])
    made.example(**NUMBERS)


@derivation(
    "linear-layer-gradient-weights",
    title="The gradient by a weight",
    statement="For targets that sum to 1 it is the feature times prediction less target.",
    reference=f"{NIELSEN}, chapter 3",
    sources="A8 C7",
)
def gradient_weights(made: Builder) -> None:
    loss(made)
    layer(made)
    made.assume(SumsTo(y))
    made.start(Partial(L, W[j, e]))
    made.by(chain_rule(z), "The loss depends on the weight through the logits.")
    made.by(cite(by_weights))
    made.by(pull_out, "The feature is the same in every term.")
    made.by(sifting)
    made.by(cite(gradient))
    made.by(use_total(y), "The targets sum to 1.")
    made.conclude(x[e] * (p[j] - y[j]))
    made.example(**NUMBERS)


@derivation(
    "linear-layer-gradient-inputs",
    title="The gradient by an input",
    statement="The errors p − y of all classes flow back through the weights.",
    reference=f"{NIELSEN}, chapter 2",
    sources="X16",
)
def gradient_inputs(made: Builder) -> None:
    loss(made)
    layer(made)
    made.assume(SumsTo(y))
    made.start(Partial(L, x[e]))
    made.by(chain_rule(z), "The loss depends on the feature through every logit.")
    made.by(cite(by_inputs))
    made.by(cite(gradient))
    made.by(use_total(y), "The targets sum to 1.")
    made.conclude(Sum(W[k, e] * (p[k] - y[k]), (k, 1, K)))
    made.example(**NUMBERS)
