"""Label smoothing: a share ε of the target is spread evenly over all classes."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Sum, log
from derive.kernel.step import Option
from derive.notation import Domain, K, L, Quantity, ell, i, k, p, scalar, vector, y, z
from derive.rules.algebra import collect, distribute
from derive.rules.definitions import cite, expand, fold
from derive.rules.probability import use_total
from derive.rules.sums import count, pull_out, sum_of_terms
from derive.topics.cross_entropy import SOFT
from derive.topics.log_softmax import log_softmax
from derive.topics.softmax import log_sum_exp, softmax

TOPIC = "label smoothing"
SZEGEDY = "Szegedy et al., Rethinking the Inception architecture for computer vision (2016)"
epsilon = scalar("epsilon")
soft = vector("t")
hard, uniform = scalar("A"), scalar("B")
NUMBERS: dict[str, Any] = {**SOFT, "epsilon": "1/10"}
OPTION = {epsilon: Option("label_smoothing", 0, Domain.UNIT)}
TOTAL = (1 - epsilon) * Sum(y[k], (k, 1, K)) + epsilon


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
    title="The total of smoothed targets",
    statement="Smoothing mixes the total of the targets with 1, in the shares 1 − ε and ε.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def total(d: Builder) -> None:
    smoothed(d)
    d.start(Sum(soft[k], (k, 1, K)))
    d.by(expand(soft), "Definition of the smoothed targets.")
    d.by(sum_of_terms)
    d.by(count, "The same share for each of the K classes.")
    d.by(pull_out)
    d.conclude(TOTAL)
    d.example(**NUMBERS)


@derivation(
    "label-smoothing-normalised",
    title="Smoothed targets sum to one",
    statement="Smoothing keeps a total of 1, for every share ε.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def normalised(d: Builder) -> None:
    smoothed(d)
    d.assume(SumsTo(y))
    d.start(Sum(soft[k], (k, 1, K)))
    d.by(cite(total))
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
    "label-smoothing-loss",
    title="The smoothed loss from the logits",
    statement="The smoothed loss without forming a probability, for any targets.",
    reference=f"{SZEGEDY}, section 7",
    sources="X6",
)
def from_logits(d: Builder) -> None:
    smoothed(d)
    d.start(L)
    d.by(expand(L), "Definition of the loss.")
    d.by(cite(log_softmax))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out, "Log-sum-exp is the same in every term.")
    d.conclude(ell * Sum(soft[k], (k, 1, K)) - Sum(soft[k] * z[k], (k, 1, K)))
    d.example(**NUMBERS)
    value = -Sum(soft[k] * log(p[k]), (k, 1, K))
    summary = "Cross-entropy from logits with smoothed targets."
    name, given = "softmax_cross_entropy", (z, y, epsilon)
    d.function(name, given, (), summary, value, options=OPTION, widens=True)
