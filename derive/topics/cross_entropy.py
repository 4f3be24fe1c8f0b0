"""Cross-entropy and its derivatives, from probabilities and from logits, for general targets."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import OneHot, SumsTo
from derive.kernel.language import Partial, Sum, delta, log
from derive.kernel.matrices import Component, Diag, Entry, Outer, Vec
from derive.notation import H, K, L, c, ell, i, j, k, p, q, y, z
from derive.rules.algebra import distribute
from derive.rules.calculus import (
    chain_rule,
    coordinates_are_independent,
    derivative_of_log,
    fold_log_derivative,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.matrices import matrix_form, vector_form
from derive.rules.probability import one_hot, use_total
from derive.rules.sums import join, pull_out, sifting, split_at_delta, sum_of_terms
from derive.topics.softmax import (
    BISHOP,
    jacobian,
    log_softmax,
    log_softmax_jacobian,
    log_sum_exp,
    softmax,
)

NUMBERS = {"z": ("-3", "3/2", "27/10"), "y": ("0", "1", "0")}
SOFT = {"z": ("-3", "3/2", "27/10"), "y": ("1/10", "7/10", "1/5")}


def loss(d: Builder) -> None:
    """p = softmax(z) and L := −Σ_k y_k log p_k."""
    softmax(d)
    log_sum_exp(d)
    d.define(L, -Sum(y[k] * log(p[k]), (k, 1, K)))


@derivation(
    "cross-entropy-gradient-probabilities",
    title="Cross-entropy by the predicted probabilities",
    statement="The derivative of the cross-entropy H(p, q) by each predicted probability.",
    reference="Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.13",
    sources="B6 B7",
)
def by_probabilities(d: Builder) -> None:
    d.define(H, -Sum(p[k] * log(q[k]), (k, 1, K)))
    d.start(Partial(H, q[i]))
    d.by(expand(H), "Definition of cross-entropy.")
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(linearity, "The targets pₖ do not depend on q.")
    d.by(derivative_of_log)
    d.by(coordinates_are_independent, "As variables the components of q are independent.")
    d.by(sifting)
    d.conclude(-p[i] / q[i])
    d.example(p=("1/2", "1/3", "1/6"), q=("1/4", "1/4", "1/2"))
    d.function("cross_entropy_gradient", (p, q), (i,), "Gradient of H(p, q) in q.")


@derivation(
    "softmax-cross-entropy",
    title="Cross-entropy from logits",
    statement="The loss −Σ y log p in terms of the logits, without forming a probability.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="A6 D5 D6",
)
def from_logits(d: Builder) -> None:
    loss(d)
    d.start(L)
    d.by(expand(L), "Definition of the loss.")
    d.by(cite(log_softmax))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out, "Log-sum-exp is the same in every term.")
    d.conclude(ell * Sum(y[k], (k, 1, K)) - Sum(y[k] * z[k], (k, 1, K)))
    d.example(**SOFT)
    value = -Sum(y[k] * log(p[k]), (k, 1, K))
    d.function("softmax_cross_entropy", (z, y), (), "Cross-entropy from logits.", value=value)


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
    d.by(coordinates_are_independent, "As variables the components of p are independent.")
    d.by(sifting, "∂L/∂pₖ = −yₖ / pₖ.")
    d.by(cite(jacobian), "The Jacobian of softmax.")
    d.by(split_at_delta(i), "The part k = i of the Jacobian apart from the parts k ≠ i.")
    d.by(pull_out)
    d.by(distribute)
    d.by(join, "The term that was missing completes the sum over all classes.")
    d.conclude(p[i] * Sum(y[k], (k, 1, K)) - y[i])
    d.example(**SOFT)
    summary = "Gradient in z of softmax cross-entropy, for any targets."
    d.function("softmax_cross_entropy_gradient", (z, y), (i,), summary)


@derivation(
    "cross-entropy-gradient-direct",
    title="The gradient of softmax cross-entropy, through log-softmax",
    statement="The same gradient in fewer steps: the logarithm first, then the derivative.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="D7",
)
def gradient_direct(d: Builder) -> None:
    loss(d)
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
    d.conclude(p[i] * Sum(y[k], (k, 1, K)) - y[i])
    d.example(**SOFT)


@derivation(
    "cross-entropy-gradient-routes",
    title="Both routes to the gradient agree",
    statement="The chain-rule sum over all classes equals the derivative through log-softmax.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="D7",
)
def routes_agree(d: Builder) -> None:
    loss(d)
    d.start(Sum(Partial(L, p[k]) * Partial(p[k], z[i]), (k, 1, K)))
    d.by(expand(L))
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(linearity)
    d.by(derivative_of_log)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(fold_log_derivative, "∂log pₖ/∂zᵢ = (1/pₖ) ∂pₖ/∂zᵢ, read backwards.")
    d.by(pull_out)
    d.conclude(-Sum(y[k] * Partial(log(p[k]), z[i]), (k, 1, K)))
    d.example(**SOFT)


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
    "cross-entropy-gradient-label",
    title="The gradient for a class label",
    statement="For a class label c the gradient is the prediction, less 1 in the labelled class.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="A6 D6",
)
def gradient_label(d: Builder) -> None:
    loss(d)
    d.assume(OneHot(y, c))
    d.start(Partial(L, z[i]))
    d.by(cite(gradient))
    d.by(one_hot(y))
    d.by(sifting, "A one-hot target sums to 1.")
    d.conclude(p[i] - delta(i, c))
    d.example(**NUMBERS)
    summary = "Gradient in z of softmax cross-entropy, for class labels."
    d.function("softmax_cross_entropy_gradient_labels", (z, c), (i,), summary)


@derivation(
    "cross-entropy-label",
    title="Cross-entropy of a class label",
    statement="For a class label c the loss is log-sum-exp less the labelled logit.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="A6 D5 D6",
)
def label_loss(d: Builder) -> None:
    loss(d)
    d.assume(OneHot(y, c))
    d.start(L)
    d.by(expand(L))
    d.by(one_hot(y))
    d.by(sifting, "Only the labelled class contributes: −log p_c.")
    d.by(cite(log_softmax))
    d.conclude(ell - z[c])
    d.example(**NUMBERS)
    summary = "Cross-entropy from logits, for class labels."
    d.function("softmax_cross_entropy_labels", (z, c), (), summary, value=-log(p[c]))


@derivation(
    "cross-entropy-hessian",
    title="The Hessian of softmax cross-entropy",
    statement="All second derivatives by the logits, for any targets.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X4",
)
def hessian(d: Builder) -> None:
    loss(d)
    d.start(Partial(Partial(L, z[i]), z[j]))
    d.by(cite(gradient))
    d.by(linearity, "The targets do not depend on the logits.")
    d.by(cite(jacobian))
    d.conclude(Sum(y[k], (k, 1, K)) * p[i] * (delta(i, j) - p[j]))
    d.example(**SOFT)
    summary = "Hessian in z of softmax cross-entropy."
    d.function("softmax_cross_entropy_hessian", (z, y), (i, j), summary)


@derivation(
    "cross-entropy-hessian-matrix",
    title="The Hessian of softmax cross-entropy as a matrix",
    statement="For targets that sum to 1 the Hessian is diag(p) − p pᵀ; it does not depend on them.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X4",
)
def hessian_matrix(d: Builder) -> None:
    loss(d)
    d.assume(SumsTo(y))
    d.start(Partial(Partial(L, z[i]), z[j]))
    d.by(cite(hessian))
    d.by(use_total(y))
    d.by(distribute)
    d.by(matrix_form(i, j))
    d.conclude(Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), i, j))
    d.example(**SOFT)


