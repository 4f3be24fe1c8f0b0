"""The Kullback–Leibler divergence: cross-entropy less entropy, and its gradients."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, exp, log
from derive.notation import H, K, Quantity, i, k, p, q, scalar, z
from derive.rules.algebra import distribute
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import expand, fold
from derive.rules.exponentials import log_of_product
from derive.rules.probability import use_total
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.entropy import COVER, PAIR, entropy
from derive.topics.softmax import LOGITS, Z

TOPIC = "cross-entropy"
cross = scalar("C")
divergence = scalar("D_KL")
CROSS = Quantity(cross, "cross-entropy", latex="C")
KL = Quantity(divergence, "Kullback–Leibler divergence", latex=r"D_{\mathrm{KL}}")


def kl(d: Builder) -> None:
    """D := Σ_k p_k log(p_k/q_k)."""
    d.quantity(KL)
    d.define(divergence, Sum(p[k] * log(p[k] / q[k]), (k, 1, K)))


def crossed(d: Builder) -> None:
    """C := −Σ_k p_k log q_k."""
    d.quantity(CROSS)
    d.define(cross, -Sum(p[k] * log(q[k]), (k, 1, K)))


@derivation(
    "cross-entropy-decomposition",
    title="Cross-entropy is entropy and divergence",
    statement="The cross-entropy of p and q is the entropy of p and the divergence between them.",
    reference=f"{COVER}, section 2.3",
    sources="X7 B6",
)
def decomposition(d: Builder) -> None:
    entropy(d)
    kl(d)
    crossed(d)
    d.start(H + divergence)
    d.by(expand(divergence))
    d.by(log_of_product, "The logarithm of a quotient is a difference.")
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(expand(H), "The entropy is minus the first sum: they cancel.")
    d.by(fold(cross))
    d.conclude(cross)
    d.example(**PAIR)
    value = -Sum(p[k] * log(q[k]), (k, 1, K))
    d.function("cross_entropy", (p, q), (), "Cross-entropy H(p, q).", value=value)


@derivation(
    "kl-divergence-gradient",
    title="The gradient of the divergence in the predicted probabilities",
    statement="The derivative by each predicted probability is that of the cross-entropy.",
    reference=f"{COVER}, section 2.3",
    sources="X7",
)
def kl_by_probabilities(d: Builder) -> None:
    kl(d)
    d.start(Partial(divergence, q[i]))
    d.by(expand(divergence), "Definition of the divergence.")
    d.by(log_of_product)
    d.by(derivative_through_sum)
    d.by(linearity, "p does not depend on q.")
    d.by(linearity)
    d.by(derivative_of_log)
    d.by(coordinates_are_independent, "As variables the components of q are independent.")
    d.by(pull_out)
    d.by(sifting)
    d.conclude(-p[i] / q[i])
    d.example(**PAIR)
    value = Sum(p[k] * log(p[k] / q[k]), (k, 1, K))
    summary = "Kullback–Leibler divergence of q from p."
    d.function("kl_divergence", (p, q), (), summary, value=value)


@derivation(
    "kl-divergence-softmax-gradient",
    title="The gradient of the divergence through softmax",
    statement="If q is the softmax of the logits and p a distribution, the gradient is q − p.",
    reference=f"{COVER}, section 2.3",
    sources="X7",
)
def kl_gradient(d: Builder) -> None:
    kl(d)
    d.define(q[i], exp(z[i]) / Z)
    d.assume(SumsTo(p))
    d.start(Partial(divergence, z[i]))
    d.by(expand(divergence), "Definition of the divergence.")
    d.by(log_of_product)
    d.by(expand(q))
    d.by(log_of_product, "log qₖ is the logit less log-sum-exp.")
    d.by(derivative_through_sum)
    d.by(linearity, "p does not depend on the logits.")
    d.by(linearity)
    d.by(derivative_of_log)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(fold(q))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(sifting)
    d.by(use_total(p), "The targets sum to 1.")
    d.conclude(q[i] - p[i])
    d.example(z=LOGITS, p=("1/2", "1/3", "1/6"))
