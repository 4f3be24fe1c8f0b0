"""The gradient of softmax cross-entropy through log-softmax, and that both routes agree."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, log
from derive.notation import K, L, i, k, p, y, z
from derive.rules.algebra import distribute
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_log,
    derivative_through_sum,
    fold_log_derivative,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.cross_entropy import SOFT, loss
from derive.topics.log_softmax_jacobian import log_softmax_jacobian
from derive.topics.softmax import BISHOP, log_sum_exp

TOPIC = "cross-entropy"


@derivation(
    "cross-entropy-gradient-direct",
    title="The gradient of softmax cross-entropy, through log-softmax",
    statement="The same gradient in fewer steps: the logarithm first, then the derivative.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="D7",
)
def gradient_direct(d: Builder) -> None:
    loss(d)
    log_sum_exp(d)
    d.start(Partial(L, z[i]))
    d.by(expand(L), "The loss written out.")
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
    d.by(
        fold_log_derivative,
        r"$\partial \log p_{k}/\partial z_{i} = (1/p_{k})\, \partial p_{k}/\partial z_{i}$, "
        "read backwards.",
    )
    d.by(pull_out)
    d.conclude(-Sum(y[k] * Partial(log(p[k]), z[i]), (k, 1, K)))
    d.example(**SOFT)
