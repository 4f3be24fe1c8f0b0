"""Cross-entropy: from probabilities, and from logits."""

from __future__ import annotations

from typing import Any

from derive.kernel.declared import Defining
from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, log
from derive.notation import Domain, H, K, L, Quantity, ell, i, k, p, q, y, z
from derive.rules.algebra import distribute
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.log_softmax import log_softmax
from derive.topics.softmax import BISHOP, log_sum_exp, softmax

TOPIC = "cross-entropy"
NUMBERS: dict[str, Any] = {"z": ("-3", "3/2", "27/10"), "y": ("0", "1", "0")}
NUMBERED = (
    r"The classes are numbered $1, \dots, K$ in the formulas, and $0, \dots, K - 1$ in the code."
)
SOFT: dict[str, Any] = {"z": ("-3", "3/2", "27/10"), "y": ("1/10", "7/10", "1/5")}


def loss(d: Defining) -> None:
    """p = softmax(z) and L := −Σ_k y_k log p_k."""
    softmax(d)
    d.define(L, -Sum(y[k] * log(p[k]), (k, 1, K)))


@derivation(
    "cross-entropy-gradient-probabilities",
    title="The gradient of cross-entropy in the probabilities",
    statement="The derivative of the cross-entropy $H(p, q)$ with respect to each predicted "
    "probability.",
    reference="Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.13",
    sources="B6 B7",
)
def by_probabilities(d: Builder) -> None:
    d.quantity(Quantity(p, "target probabilities", Domain.UNIT, (K,), "p", may_sum_to_one=True))
    d.define(H, -Sum(p[k] * log(q[k]), (k, 1, K)))
    d.start(Partial(H, q[i]))
    d.by(expand(H), "Cross-entropy written out.")
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(linearity, "The targets $p_{k}$ do not depend on $q$.")
    d.by(derivative_of_log)
    d.by(coordinates_are_independent, "As variables the components of $q$ are independent.")
    d.by(sifting)
    d.conclude(-p[i] / q[i])
    d.example(p=("1/2", "1/3", "1/6"), q=("1/4", "1/4", "1/2"))
    d.function("cross_entropy_gradient", (p, q), (i,), "Gradient of H(p, q) in q.")


@derivation(
    "softmax-cross-entropy",
    title="Cross-entropy from logits",
    statement=r"The loss $-\sum_k y_k \log p_k$ in terms of the logits, without forming a "
    r"probability.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="A6 D5 D6",
)
def from_logits(d: Builder) -> None:
    loss(d)
    log_sum_exp(d)
    d.start(L)
    d.by(expand(L), "The loss written out.")
    d.by(cite(log_softmax))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out, "Log-sum-exp is the same in every term.")
    d.conclude(ell * Sum(y[k], (k, 1, K)) - Sum(y[k] * z[k], (k, 1, K)))
    d.example(**SOFT)
    value = -Sum(y[k] * log(p[k]), (k, 1, K))
    d.function("softmax_cross_entropy", (z, y), (), "Cross-entropy from logits.", value=value)
