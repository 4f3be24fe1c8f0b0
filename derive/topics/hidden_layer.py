"""One hidden layer of sigmoids under softmax cross-entropy, from end to end: the last layer."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum
from derive.notation import D, Domain, K, L, N, Quantity, W, b, d, j, k, p, t, u, vector, y, z
from derive.rules.calculus import (
    chain_rule,
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.probability import use_total
from derive.rules.sums import sifting
from derive.topics.cross_entropy import loss
from derive.topics.cross_entropy_gradient import gradient
from derive.topics.linear import NIELSEN
from derive.topics.sigmoid import sigma, sigmoid

TOPIC = "back-propagation"
V, v, X, h = (vector(name) for name in ("V", "v", "X", "h"))
a = vector("a", Domain.UNIT)
NUMBERS: dict[str, Any] = {
    "V": (("1", "-1"), ("1/2", "2")),
    "v": ("0", "-1/2"),
    "W": (("1", "-1"), ("1/2", "2"), ("0", "1")),
    "b": ("0", "1/2", "-1/2"),
    "X": ("1", "1/2"),
    "y": ("0", "1", "0"),
}
QUANTITIES = (
    Quantity(D, "number of inputs", Domain.LABEL, latex="D"),
    Quantity(N, "number of hidden units", Domain.LABEL, latex="N"),
    Quantity(X, "inputs of the network", shape=(D,), latex="X"),
    Quantity(V, "weights of the hidden layer", shape=(N, D), latex="V"),
    Quantity(v, "biases of the hidden layer", shape=(N,), latex="v"),
    Quantity(h, "weighted inputs of the hidden layer", shape=(N,), latex="h"),
    Quantity(a, "outputs of the hidden layer", Domain.UNIT, (N,), "a"),
    Quantity(W, "weights of the last layer", shape=(K, N), latex="W"),
    Quantity(b, "biases of the last layer", shape=(K,), latex="b"),
)


def network(made: Builder) -> None:
    """h := V X + v, a := σ(h), z := W a + b, p := softmax(z), L := −Σ y log p, Σ y = 1."""
    sigmoid(made)
    made.quantity(*QUANTITIES)
    made.define(h[t], Sum(V[t, d] * X[d], (d, 1, D)) + v[t])
    made.define(a[t], sigma(h[t]))
    made.define(z[k], Sum(W[k, t] * a[t], (t, 1, N)) + b[k])
    loss(made)
    made.assume(SumsTo(y))


@derivation(
    "hidden-layer-output",
    title="The error of a softmax layer",
    statement="For softmax and cross-entropy the error of the last layer is prediction less "
    "target.",
    reference=f"{NIELSEN}, chapter 3",
    sources="A7 X16",
)
def output_error(made: Builder) -> None:
    network(made)
    made.start(Partial(L, z[j]))
    made.by(cite(gradient), "The gradient of softmax cross-entropy.")
    made.by(use_total(y), "The targets sum to 1.")
    made.conclude(p[j] - y[j])
    made.example(**NUMBERS)


@derivation(
    "hidden-layer-last-bias",
    title="The gradient in a bias of the last layer",
    statement="It is the error of the class: prediction less target.",
    reference=f"{NIELSEN}, chapter 3",
    sources="A7 X16",
)
def last_bias(made: Builder) -> None:
    network(made)
    made.start(Partial(L, b[j]))
    made.by(chain_rule(z), "The loss depends on the bias through the logits.")
    made.by(cite(output_error))
    made.by(expand(z), at=Partial(z[k], b[j]))
    made.by(linearity, "The hidden outputs do not depend on this bias.")
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.conclude(p[j] - y[j])
    made.example(**NUMBERS)


@derivation(
    "hidden-layer-last-weight",
    title="The gradient in a weight of the last layer",
    statement="It is the hidden output at the start of the weight, times prediction less target "
    "at its end.",
    reference=f"{NIELSEN}, chapter 3",
    sources="A8 X16",
)
def last_weight(made: Builder) -> None:
    network(made)
    made.start(Partial(L, W[j, u]))
    made.by(chain_rule(z), "The loss depends on the weight through the logits.")
    made.by(cite(output_error))
    made.by(expand(z), at=Partial(z[k], W[j, u]))
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity, "The hidden outputs do not depend on this weight.")
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.by(sifting, "A weight moves only the logit of its own class.")
    made.conclude(a[u] * (p[j] - y[j]))
    made.example(**NUMBERS)
