"""The gradient of softmax cross-entropy in the logits, for all kinds of targets."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, log
from derive.kernel.matrices import Component, Vec
from derive.kernel.step import Output
from derive.notation import K, L, i, k, p, y, z
from derive.rules.algebra import distribute
from derive.rules.calculus import (
    chain_rule,
    coordinates_are_independent,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.matrices import vector_form
from derive.rules.probability import use_total
from derive.rules.sums import join, pull_out, sifting, split_at_delta
from derive.topics.cross_entropy import SOFT, loss
from derive.topics.softmax import BISHOP
from derive.topics.softmax_jacobian import jacobian

TOPIC = "cross-entropy"


@derivation(
    "cross-entropy-gradient",
    title="The gradient of softmax cross-entropy",
    statement="By the chain rule and the Jacobian of softmax, for any targets, normalised or not.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="D7 B9",
)
def gradient(d: Builder) -> None:
    loss(d)
    d.start(Partial(L, z[i]))
    d.by(chain_rule(p), "The loss depends on every logit through every probability.")
    d.by(expand(L), at=Partial(L, p[k]))
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(linearity)
    d.by(derivative_of_log)
    d.by(coordinates_are_independent, "As variables the components of $p$ are independent.")
    d.by(sifting, r"$\partial L/\partial p_{k} = -y_{k}/p_{k}$.")
    d.by(cite(jacobian), "The Jacobian of softmax; $p_{k}$ cancels.")
    d.by(split_at_delta(i), r"The part $k = i$ of the Jacobian apart from the parts $k \neq i$.")
    d.by(pull_out)
    d.by(distribute)
    d.by(join, "The term that was missing completes the sum over all classes.")
    d.conclude(p[i] * Sum(y[k], (k, 1, K)) - y[i])
    d.example(**SOFT)
    summary = "Gradient in z of softmax cross-entropy, for any targets."
    d.function("softmax_cross_entropy_gradient", (z, y), (i,), summary)


@derivation(
    "cross-entropy-gradient-normalised",
    title="The gradient for normalised targets",
    statement="If the targets sum to 1, the gradient is prediction minus target.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="A7 C7 D8",
)
def gradient_normalised(d: Builder) -> None:
    loss(d)
    d.assume(SumsTo(y))
    d.start(Partial(L, z[i]))
    d.by(cite(gradient))
    d.by(use_total(y), "The targets sum to 1.")
    d.by(vector_form(i))
    d.conclude(Component(Vec(p) - Vec(y), i))
    d.example(**SOFT)


@derivation(
    "cross-entropy-value-and-gradient",
    title="Loss and gradient together",
    statement="Loss and gradient rest on the same probabilities: one pass over the logits gives "
    "both.",
    reference=f"{BISHOP}, eqs. 4.108 and 4.109",
    sources="D7",
)
def value_and_gradient(d: Builder) -> None:
    loss(d)
    d.start(Partial(L, z[i]))
    d.by(cite(gradient))
    d.example(**SOFT)
    slope = p[i] * Sum(y[k], (k, 1, K)) - y[i]
    value, also = -Sum(y[k] * log(p[k]), (k, 1, K)), (Output("gradient", slope, (i,)),)
    summary = "Cross-entropy from logits, and its gradient in z."
    name = "softmax_cross_entropy_value_and_gradient"
    d.function(name, (z, y), (), summary, value, also=also)
