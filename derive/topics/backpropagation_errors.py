"""Back-propagation of the errors: of the last layer, and from one layer to the one before."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, exp
from derive.notation import Domain, K, N, Quantity, W, j, k, t, u, vector, z
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import expand, outer_derivative
from derive.rules.sums import pull_out, sifting
from derive.topics.backpropagation import AT, a, back, layers
from derive.topics.linear import NIELSEN
from derive.topics.sigmoid import sigma, sigmoid, slope

TOPIC = "back-propagation"
h, gain = vector("h"), vector("da")
OUT = (
    "The cost depends on $z$ through the outputs alone; $da$ stands for its derivatives by them, "
    "so that the chain rule gives the sum in the first line."
)
SLOPE = r"The slope $\sigma' = \sigma (1 - \sigma)$ at the weighted input."


def outputs(d: Builder) -> None:
    """a_k := σ(z_k), with derivatives of the cost by the outputs that are given."""
    sigmoid(d)
    d.quantity(
        Quantity(z, "weighted inputs of the last layer", shape=(K,), latex="z"),
        Quantity(a, "outputs of the last layer", Domain.UNIT, (K,), "a"),
        Quantity(gain, "cost by the outputs", shape=(K,), latex=r"\mathrm{da}"),
    )
    d.define(a[k], sigma(z[k]))
    d.remark(OUT)


def hidden(d: Builder) -> None:
    """a_t := σ(h_t), which feeds z_k := Σ_t W_kt a_t + b_k."""
    sigmoid(d)
    layers(d)
    d.quantity(Quantity(h, "weighted inputs of this layer", shape=(N,), latex="h"))
    d.define(a[t], sigma(h[t]))


@derivation(
    "backpropagation-output",
    title="The error of the last layer",
    statement="The derivative of the cost by an output, times the slope of its sigmoid.",
    reference=f"{NIELSEN}, chapter 2, eq. BP1",
    sources="X16",
)
def output_error(d: Builder) -> None:
    outputs(d)
    d.start(Sum(gain[k] * Partial(a[k], z[j]), (k, 1, K)))
    d.by(expand(a), "An output is the sigmoid of its own weighted input.")
    d.by(outer_derivative(slope), SLOPE)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.conclude(gain[j] * sigma(z[j]) * (1 - sigma(z[j])))
    d.example(z=("1/2", "-1", "2"), da=("1/2", "-1", "1/2"))


@derivation(
    "backpropagation-hidden",
    title="From one layer back to the one before",
    statement="The errors of the next layer flow back through the transposed weights and are "
    "multiplied by the slope of the sigmoid.",
    reference=f"{NIELSEN}, chapter 2, eq. BP2",
    sources="X16",
)
def hidden_error(d: Builder) -> None:
    hidden(d)
    d.start(Sum(back[k] * Partial(z[k], h[u]), (k, 1, K)))
    d.by(expand(z), "The next layer written out.")
    d.by(linearity, "The biases do not depend on $h$.")
    d.by(derivative_through_sum)
    d.by(linearity)
    d.by(expand(a), "An output is the sigmoid of its own weighted input.")
    d.by(outer_derivative(slope), SLOPE)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(pull_out)
    d.conclude(sigma(h[u]) * (1 - sigma(h[u])) * Sum(W[k, u] * back[k], (k, 1, K)))
    d.example(**AT, h=("1/2", "-1"))
    value = exp(-h[u]) / (1 + exp(-h[u])) ** 2 * Sum(W[k, u] * back[k], (k, 1, K))
    summary = "Errors of a layer of sigmoids, from those of the layer that it feeds."
    d.function("hidden_layer_backward", (W, h, back), (u,), summary, value)
