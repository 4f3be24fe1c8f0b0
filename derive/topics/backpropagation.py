"""The four equations of back-propagation, for any layer of a network of sigmoids."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum
from derive.notation import Domain, K, N, Quantity, W, b, j, k, t, u, vector, z
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import expand
from derive.rules.sums import sifting
from derive.topics.linear import NIELSEN

TOPIC = "back-propagation"
back = vector("dz")
a = vector("a", Domain.UNIT)
FLOW = (
    "The cost depends on all of this through the weighted inputs $z$ of the next layer alone; $dz$ "
    "stands for its derivatives by them, so that the chain rule gives the sum in the first line."
)
LETTERS = (
    r"In Nielsen's letters $h = z^{l}$, $a = a^{l}$, $W = W^{l+1}$, $b = b^{l+1}$, $z = z^{l+1}$ "
    r"and $dz = \delta^{l+1}$, for any layer $l$; $N$ and $K$ count the units of the two layers."
)
AT: dict[str, Any] = {
    "W": (("1", "-1"), ("1/2", "2"), ("0", "1")),
    "b": ("0", "1/2", "-1/2"),
    "dz": ("1/2", "-3/4", "1/4"),
}


def layers(d: Builder) -> None:
    """z_k := Σ_t W_kt a_t + b_k, with derivatives dz_k of the cost that are given."""
    d.quantity(
        Quantity(N, "number of units of this layer", Domain.LABEL, latex="N"),
        Quantity(K, "number of units of the next layer", Domain.LABEL, latex="K"),
        Quantity(a, "outputs of this layer", Domain.UNIT, (N,), "a"),
        Quantity(W, "weights of the next layer", shape=(K, N), latex="W"),
        Quantity(b, "biases of the next layer", shape=(K,), latex="b"),
        Quantity(z, "weighted inputs of the next layer", shape=(K,), latex="z"),
        Quantity(back, "errors of the next layer: cost by z", shape=(K,), latex=r"\mathrm{dz}"),
    )
    d.define(z[k], Sum(W[k, t] * a[t], (t, 1, N)) + b[k])
    d.remark(FLOW)
    d.remark(LETTERS)


@derivation(
    "backpropagation-weights",
    title="The gradient in the weights of a layer",
    statement="The error of the unit at the end of a weight, times the output at its start.",
    reference=f"{NIELSEN}, chapter 2, eq. BP4",
    sources="A8 X16",
)
def weights(d: Builder) -> None:
    layers(d)
    d.start(Sum(back[k] * Partial(z[k], W[j, u]), (k, 1, K)))
    d.by(expand(z), "The next layer written out.")
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(linearity, "The outputs of this layer do not depend on these weights.")
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(sifting)
    d.conclude(back[j] * a[u])
    d.example(**AT, a=("1/4", "3/4"))


@derivation(
    "backpropagation-biases",
    title="The gradient in the biases of a layer",
    statement="The derivative of the cost by a bias is the error of its unit.",
    reference=f"{NIELSEN}, chapter 2, eq. BP3",
    sources="A7 X16",
)
def biases(d: Builder) -> None:
    layers(d)
    d.start(Sum(back[k] * Partial(z[k], b[j]), (k, 1, K)))
    d.by(expand(z), "The next layer written out.")
    d.by(linearity)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.conclude(back[j])
    d.example(**AT, a=("1/4", "3/4"))
