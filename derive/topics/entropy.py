"""Entropy, cross-entropy and the Kullback–Leibler divergence, and their gradients by logits."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, log
from derive.notation import H, K, Quantity, i, k, p, scalar, z
from derive.rules.algebra import distribute, factor_out
from derive.rules.calculus import (
    chain_rule,
    coordinates_are_independent,
    derivative_of_log,
    derivative_through_sum,
    linearity,
    product_rule,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.softmax import LOGITS, log_sum_exp, softmax, sums_to_one
from derive.topics.softmax_jacobian import jacobian

TOPIC = "cross-entropy"
COVER = "Cover and Thomas, Elements of Information Theory (2006)"
PAIR: dict[str, Any] = {"p": ("1/2", "1/3", "1/6"), "q": ("1/4", "1/4", "1/2")}
divergence = scalar("D_KL")
ENTROPY = Quantity(H, "entropy", latex="H")
cross = scalar("C")
CROSS = Quantity(cross, "cross-entropy", latex="C")
KL = Quantity(divergence, "Kullback–Leibler divergence", latex=r"D_{\mathrm{KL}}")


def entropy(d: Builder) -> None:
    """H := −Σ_k p_k log p_k."""
    d.quantity(ENTROPY)
    d.define(H, -Sum(p[k] * log(p[k]), (k, 1, K)))


@derivation(
    "entropy-gradient",
    title="The gradient of the entropy in the probabilities",
    statement="The derivative of the entropy by each probability, all of them free variables.",
    reference=f"{COVER}, section 2.1",
    sources="X10",
)
def by_probabilities(d: Builder) -> None:
    entropy(d)
    d.start(Partial(H, p[i]))
    d.by(expand(H), "Definition of entropy.")
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(product_rule)
    d.by(derivative_of_log)
    d.by(coordinates_are_independent, "As variables the components of p are independent.")
    d.by(sum_of_terms)
    d.by(sifting)
    d.conclude(-log(p[i]) - 1)
    d.example(p=("1/2", "1/3", "1/6"))
    value = -Sum(p[k] * log(p[k]), (k, 1, K))
    d.function("entropy", (p,), (), "Entropy of a distribution.", value=value)


@derivation(
    "entropy-softmax-gradient",
    title="The gradient of the entropy of softmax",
    statement="A logit raises the entropy where the surprise −log pᵢ exceeds the entropy itself.",
    reference=f"{COVER}, section 2.1",
    sources="X10",
)
def entropy_gradient(d: Builder) -> None:
    softmax(d)
    log_sum_exp(d)
    entropy(d)
    d.start(Partial(H, z[i]))
    d.by(chain_rule(p), "The entropy depends on every logit through every probability.")
    d.by(cite(by_probabilities))
    d.by(cite(jacobian))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.by(cite(sums_to_one), "The probabilities sum to 1.")
    d.by(fold(H))
    d.by(factor_out(-p[i]))
    d.conclude(-p[i] * (log(p[i]) + H))
    d.example(z=LOGITS)
