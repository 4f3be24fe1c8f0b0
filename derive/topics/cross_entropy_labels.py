"""Softmax cross-entropy for class labels: loss, gradient, Hessian and its product with a vector."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import OneHot
from derive.kernel.language import Partial, Sum, delta, log
from derive.kernel.step import Output
from derive.notation import K, L, c, ell, i, j, p, y, z
from derive.rules.definitions import cite, expand
from derive.rules.probability import one_hot
from derive.rules.sums import sifting
from derive.topics.cross_entropy import NUMBERED, NUMBERS, loss
from derive.topics.cross_entropy_gradient import gradient
from derive.topics.cross_entropy_hessian import cross_entropy_hvp, hessian
from derive.topics.log_softmax import log_softmax
from derive.topics.products import DIRECTION, v
from derive.topics.softmax import BISHOP, log_sum_exp

TOPIC = "cross-entropy"


def labelled(d: Builder) -> None:
    """The loss of softmax, for the one-hot target of a class label c."""
    loss(d)
    d.assume(OneHot(y, c))
    d.remark(NUMBERED)


@derivation(
    "cross-entropy-label",
    title="Cross-entropy of a class label",
    statement="For a class label $c$ the loss is log-sum-exp minus the labelled logit.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="A6 C4 D5 D6",
)
def label_loss(d: Builder) -> None:
    labelled(d)
    log_sum_exp(d)
    d.start(L)
    d.by(expand(L))
    d.by(one_hot(y))
    d.by(sifting, r"Only the labelled class contributes: $-\log p_{c}$.")
    d.by(cite(log_softmax))
    d.conclude(ell - z[c])
    d.example(**NUMBERS)
    summary = "Cross-entropy from logits, for class labels."
    d.function("softmax_cross_entropy_labels", (z, c), (), summary, value=-log(p[c]))


@derivation(
    "cross-entropy-gradient-label",
    title="The gradient for a class label",
    statement="For a class label $c$ the gradient is the prediction, minus 1 in the labelled "
    "class.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="A6 D6",
)
def gradient_label(d: Builder) -> None:
    labelled(d)
    d.start(Partial(L, z[i]))
    d.by(cite(gradient))
    d.by(one_hot(y))
    d.by(sifting, "A one-hot target sums to 1.")
    d.conclude(p[i] - delta(i, c))
    d.example(**NUMBERS)
    summary = "Gradient in z of softmax cross-entropy, for class labels."
    d.function("softmax_cross_entropy_gradient_labels", (z, c), (i,), summary)


@derivation(
    "cross-entropy-value-and-gradient-label",
    title="Loss and gradient of a class label together",
    statement="Loss and gradient rest on the same probabilities: one pass over the logits gives "
    "both.",
    reference=f"{BISHOP}, eqs. 4.108 and 4.109",
    sources="A6 D6",
)
def value_and_gradient_label(d: Builder) -> None:
    labelled(d)
    log_sum_exp(d)
    d.start(Partial(L, z[i]))
    d.by(cite(gradient_label))
    d.rest_on(label_loss)
    d.example(**NUMBERS)
    summary = "Cross-entropy from logits for class labels, and its gradient in z."
    name, also = "softmax_cross_entropy_value_and_gradient_labels", p[i] - delta(i, c)
    d.function(name, (z, c), (), summary, -log(p[c]), also=(Output("gradient", also, (i,)),))


@derivation(
    "cross-entropy-hessian-label",
    title="The Hessian for a class label",
    statement="It is the Jacobian of softmax: the label does not occur in it.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X4",
)
def hessian_label(d: Builder) -> None:
    labelled(d)
    d.start(Partial(Partial(L, z[i]), z[j]))
    d.by(cite(hessian))
    d.by(one_hot(y))
    d.by(sifting, "A one-hot target sums to 1.")
    d.conclude(p[i] * (delta(i, j) - p[j]))
    d.example(**NUMBERS)
    summary = "Hessian in z of softmax cross-entropy, for class labels."
    d.function("softmax_cross_entropy_hessian_labels", (z, c), (i, j), summary)


@derivation(
    "cross-entropy-hvp-label",
    title="The Hessian for a class label times a vector",
    statement="It is the Jacobian of softmax times the vector: the label does not occur in it.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X3 X4",
)
def hvp_label(d: Builder) -> None:
    labelled(d)
    d.quantity(DIRECTION)
    d.start(Sum(Partial(Partial(L, z[i]), z[j]) * v[j], (j, 1, K)))
    d.by(cite(cross_entropy_hvp))
    d.by(one_hot(y))
    d.by(sifting)
    d.conclude(p[i] * (v[i] - Sum(p[j] * v[j], (j, 1, K))))
    d.example(**NUMBERS, v=("1", "-2", "1/2"))
    summary = "Hessian in z of softmax cross-entropy times a vector, for class labels."
    d.function("softmax_cross_entropy_hvp_labels", (z, c, v), (i,), summary)
