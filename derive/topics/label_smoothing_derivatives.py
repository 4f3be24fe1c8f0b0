"""Label smoothing: the gradient of the smoothed loss, for any targets."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, log
from derive.kernel.step import Output
from derive.notation import K, L, i, k, p, y, z
from derive.rules.algebra import distribute
from derive.rules.calculus import derivative_through_sum, linearity
from derive.rules.definitions import cite, expand
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.label_smoothing import (
    NUMBERS,
    OPTION,
    SZEGEDY,
    epsilon,
    normalised,
    smoothed,
    soft,
)
from derive.topics.log_softmax_jacobian import log_softmax_jacobian

TOPIC = "label smoothing"
LOSS = -Sum(soft[k] * log(p[k]), (k, 1, K))


@derivation(
    "label-smoothing-gradient",
    title="The gradient with label smoothing",
    statement="It is that of cross-entropy with the smoothed targets, whatever their total is.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def gradient(d: Builder) -> None:
    smoothed(d)
    d.start(Partial(L, z[i]))
    d.by(expand(L), "Definition of the loss.")
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(linearity, "The targets do not depend on the logits.")
    d.by(cite(log_softmax_jacobian))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(sifting)
    d.conclude(p[i] * Sum(soft[k], (k, 1, K)) - soft[i])
    d.example(**NUMBERS)
    summary = "Gradient in z of cross-entropy with smoothed targets."
    name, given = "softmax_cross_entropy_gradient", (z, y, epsilon)
    d.function(name, given, (i,), summary, options=OPTION, widens=True)


@derivation(
    "label-smoothing-gradient-normalised",
    title="The gradient with label smoothing, for normalised targets",
    statement="For targets that sum to 1 the gradient is the prediction less the smoothed target.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def gradient_normalised(d: Builder) -> None:
    smoothed(d)
    d.assume(SumsTo(y))
    d.start(Partial(L, z[i]))
    d.by(cite(gradient))
    d.by(cite(normalised), "The smoothed targets sum to 1.")
    d.by(expand(soft))
    d.conclude(p[i] - (1 - epsilon) * y[i] - epsilon / K)
    d.example(**NUMBERS)


@derivation(
    "label-smoothing-value-and-gradient",
    title="Smoothed loss and gradient together",
    statement="Loss and gradient rest on the same probabilities: one pass over the logits gives "
    "both.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def value_and_gradient(d: Builder) -> None:
    smoothed(d)
    d.start(Partial(L, z[i]))
    d.by(cite(gradient))
    d.example(**NUMBERS)
    slope = p[i] * Sum(soft[k], (k, 1, K)) - soft[i]
    name, given = "softmax_cross_entropy_value_and_gradient", (z, y, epsilon)
    summary = "Cross-entropy with smoothed targets, and its gradient in z."
    also = (Output("gradient", slope, (i,)),)
    d.function(name, given, (), summary, LOSS, also=also, options=OPTION, widens=True)
