"""A linear layer under softmax cross-entropy: the gradients for one example."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum
from derive.notation import K, L, W, b, e, j, k, p, x, y, z
from derive.rules.calculus import (
    chain_rule,
)
from derive.rules.definitions import cite
from derive.rules.probability import use_total
from derive.rules.sums import pull_out, sifting
from derive.topics.cross_entropy import loss
from derive.topics.cross_entropy_gradient import gradient
from derive.topics.linear import NIELSEN, NUMBERS, by_bias, by_inputs, by_weights, layer

TOPIC = "linear layer"


@derivation(
    "linear-layer-gradient-bias",
    title="The gradient in a bias",
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
    title="The gradient in a weight",
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
    title="The gradient in an input",
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
