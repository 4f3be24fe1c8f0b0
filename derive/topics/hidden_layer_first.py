"""One hidden layer of sigmoids under softmax cross-entropy, from end to end: the hidden layer."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum
from derive.notation import K, L, W, e, k, p, t, u, y, z
from derive.rules.calculus import (
    chain_rule,
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand, fold, outer_derivative
from derive.rules.sums import pull_out, rename, sifting
from derive.topics.hidden_layer import NUMBERS, V, X, a, h, network, output_error, v
from derive.topics.linear import NIELSEN
from derive.topics.sigmoid import slope

TOPIC = "back-propagation"
ERROR = a[u] * (1 - a[u]) * Sum(W[k, u] * (p[k] - y[k]), (k, 1, K))


@derivation(
    "hidden-layer-error",
    title="The error of a hidden unit",
    statement="The errors of all classes flow back through the weights of the unit and are "
    "multiplied by the slope of its sigmoid.",
    reference=f"{NIELSEN}, chapter 2, eq. BP2",
    sources="X16",
)
def hidden_error(made: Builder) -> None:
    network(made)
    made.start(Partial(L, h[u]))
    made.by(chain_rule(z), "The loss depends on the hidden unit through every logit.")
    made.by(cite(output_error))
    made.by(expand(z), at=Partial(z[k], h[u]))
    made.by(linearity, "The biases do not depend on the hidden unit.")
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(expand(a), at=Partial(a[t], h[u]))
    made.by(outer_derivative(slope), "The slope of the sigmoid.")
    made.by(coordinates_are_independent)
    made.by(fold(a))
    made.by(sifting)
    made.by(pull_out)
    made.conclude(ERROR)
    made.example(**NUMBERS)


@derivation(
    "hidden-layer-first-bias",
    title="The gradient in a bias of the hidden layer",
    statement="The derivative of the loss by a bias is the error of its unit.",
    reference=f"{NIELSEN}, chapter 2, eq. BP3",
    sources="X16",
)
def first_bias(made: Builder) -> None:
    network(made)
    made.start(Partial(L, v[u]))
    made.by(chain_rule(h), "The loss depends on the bias through the hidden units.")
    made.by(rename(k, t))
    made.by(expand(h), at=Partial(h[t], v[u]))
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting, "A bias moves its own unit alone.")
    made.by(cite(hidden_error))
    made.conclude(ERROR)
    made.example(**NUMBERS)


@derivation(
    "hidden-layer-first-weight",
    title="The gradient in a weight of the hidden layer",
    statement="The input at the start of the weight, times the error of the unit at its end.",
    reference=f"{NIELSEN}, chapter 2, eq. BP4",
    sources="X16",
)
def first_weight(made: Builder) -> None:
    network(made)
    made.start(Partial(L, V[u, e]))
    made.by(chain_rule(h), "The loss depends on the weight through the hidden units.")
    made.by(rename(k, t))
    made.by(expand(h), at=Partial(h[t], V[u, e]))
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(linearity, "The inputs do not depend on the weights.")
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.by(sifting, "A weight moves its own unit alone.")
    made.by(cite(hidden_error))
    made.conclude(X[e] * ERROR)
    made.example(**NUMBERS)
