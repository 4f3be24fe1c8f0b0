"""Label smoothing: a share ε of the target is spread evenly over all classes."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, log
from derive.notation import K, L, Quantity, i, k, p, scalar, vector, y, z
from derive.rules.algebra import collect, distribute
from derive.rules.calculus import (
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.probability import use_total
from derive.rules.sums import count, pull_out, sifting, sum_of_terms
from derive.topics.cross_entropy import SOFT
from derive.topics.log_softmax import log_softmax_jacobian
from derive.topics.softmax import log_sum_exp, softmax

TOPIC = "label smoothing"
SZEGEDY = "Szegedy et al., Rethinking the Inception architecture for computer vision (2016)"
epsilon = scalar("epsilon")
soft = vector("t")
hard, uniform = scalar("A"), scalar("B")
NUMBERS: dict[str, Any] = {**SOFT, "epsilon": "1/10"}


def smoothed(d: Builder) -> None:
    """t_k := (1 − ε) y_k + ε/K, and the loss L := −Σ_k t_k log p_k."""
    d.quantity(Quantity(epsilon, "the share that is spread", latex=r"\varepsilon"))
    d.quantity(Quantity(soft, "smoothed targets", shape=(K,), latex="t"))
    softmax(d)
    log_sum_exp(d)
    d.define(soft[i], (1 - epsilon) * y[i] + epsilon / K)
    d.define(L, -Sum(soft[k] * log(p[k]), (k, 1, K)))


@derivation(
    "label-smoothing-total",
    title="Smoothed targets sum to one",
    statement="Smoothing keeps the total of the targets at 1, for every share ε.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def total(d: Builder) -> None:
    smoothed(d)
    d.assume(SumsTo(y))
    d.start(Sum(soft[k], (k, 1, K)))
    d.by(expand(soft))
    d.by(sum_of_terms)
    d.by(count, "The same share for each of the K classes.")
    d.by(pull_out)
    d.by(use_total(y), "The targets sum to 1.")
    d.conclude(1)
    d.example(**NUMBERS)


@derivation(
    "label-smoothing-mixture",
    title="The smoothed loss is a mixture",
    statement="The smoothed loss mixes the loss of the targets with that of the uniform "
    "distribution.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def mixture(d: Builder) -> None:
    smoothed(d)
    d.quantity(Quantity(hard, "loss of the targets", latex="A"))
    d.quantity(Quantity(uniform, "loss of the uniform distribution", latex="B"))
    d.define(hard, -Sum(y[k] * log(p[k]), (k, 1, K)))
    d.define(uniform, -Sum(log(p[k]), (k, 1, K)) / K)
    d.start(L)
    d.by(expand(L))
    d.by(expand(soft))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(collect(-Sum(y[k] * log(p[k]), (k, 1, K))))
    d.by(fold(hard))
    d.by(fold(uniform))
    d.conclude((1 - epsilon) * hard + epsilon * uniform)
    d.example(**NUMBERS)


@derivation(
    "label-smoothing-gradient",
    title="The gradient with label smoothing",
    statement="For targets that sum to 1 the gradient is the prediction less the smoothed target.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def gradient(d: Builder) -> None:
    smoothed(d)
    d.assume(SumsTo(y))
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
    d.by(cite(total), "The smoothed targets sum to 1.")
    d.by(expand(soft))
    d.conclude(p[i] - (1 - epsilon) * y[i] - epsilon / K)
    d.example(**NUMBERS)
    summary = "Gradient in z of smoothed cross-entropy, for targets that sum to 1."
    d.function("smoothed_cross_entropy_gradient", (z, y, epsilon), (i,), summary)
