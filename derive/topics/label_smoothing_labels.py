"""Label smoothing for class labels: loss and gradient."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import OneHot
from derive.kernel.language import Partial, Sum, delta, log
from derive.kernel.step import Output
from derive.notation import K, L, c, i, k, p, y, z
from derive.rules.algebra import collect, distribute
from derive.rules.definitions import cite, expand
from derive.rules.probability import one_hot
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.cross_entropy import NUMBERED
from derive.topics.cross_entropy import NUMBERS as HARD
from derive.topics.label_smoothing import OPTION, SZEGEDY, epsilon, smoothed, soft, total
from derive.topics.label_smoothing_derivatives import gradient

TOPIC = "label smoothing"
NUMBERS: dict[str, Any] = {**HARD, "epsilon": "1/10"}
LOSS = -(1 - epsilon) * log(p[c]) - epsilon / K * Sum(log(p[k]), (k, 1, K))
SLOPE = p[i] - (1 - epsilon) * delta(i, c) - epsilon / K


def labelled(d: Builder) -> None:
    """The smoothed loss, for the one-hot target of a class label c."""
    smoothed(d)
    d.assume(OneHot(y, c))
    d.remark(NUMBERED)


@derivation(
    "label-smoothing-label",
    title="The smoothed loss of a class label",
    statement="The labelled class counts with 1 − ε, and every class with ε/K.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def loss(d: Builder) -> None:
    labelled(d)
    d.start(L)
    d.by(expand(L), "Definition of the loss.")
    d.by(expand(soft))
    d.by(one_hot(y))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(sifting, "Only the labelled class is left of the first sum.")
    d.by(collect(log(p[c])))
    d.conclude(LOSS)
    d.example(**NUMBERS)
    summary = "Cross-entropy from logits for class labels, smoothed."
    name = "softmax_cross_entropy_labels"
    d.function(name, (z, c, epsilon), (), summary, options=OPTION, widens=True)


@derivation(
    "label-smoothing-gradient-label",
    title="The smoothed gradient of a class label",
    statement="The prediction, less 1 − ε in the labelled class, less ε/K in every class.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def gradient_label(d: Builder) -> None:
    labelled(d)
    d.start(Partial(L, z[i]))
    d.by(cite(gradient))
    d.by(cite(total))
    d.by(expand(soft))
    d.by(one_hot(y))
    d.by(sifting, "A one-hot target sums to 1.")
    d.conclude(SLOPE)
    d.example(**NUMBERS)
    summary = "Gradient in z of smoothed cross-entropy, for class labels."
    name = "softmax_cross_entropy_gradient_labels"
    d.function(name, (z, c, epsilon), (i,), summary, options=OPTION, widens=True)


@derivation(
    "label-smoothing-value-and-gradient-label",
    title="Smoothed loss and gradient of a class label together",
    statement="Loss and gradient rest on the same probabilities: one pass over the logits gives "
    "both.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def value_and_gradient_label(d: Builder) -> None:
    labelled(d)
    d.start(Partial(L, z[i]))
    d.by(cite(gradient_label))
    d.rest_on(loss)
    d.example(**NUMBERS)
    summary = "Smoothed cross-entropy for class labels, and its gradient in z."
    name, also = "softmax_cross_entropy_value_and_gradient_labels", Output("gradient", SLOPE, (i,))
    given = (z, c, epsilon)
    d.function(name, given, (), summary, LOSS, also=(also,), options=OPTION, widens=True)
