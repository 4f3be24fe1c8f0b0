"""Inequalities of information theory: the divergence, cross-entropy and entropy."""

from __future__ import annotations

from derive.kernel.bounds import log_gap
from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Sum, log
from derive.notation import H, K, k, l, p, q
from derive.rules.bounds import bound_log
from derive.rules.definitions import expand
from derive.rules.forms import in_the_form
from derive.rules.probability import use_total
from derive.topics.divergence import cross, crossed, divergence, kl
from derive.topics.entropy import COVER, PAIR, entropy

TOPIC = "cross-entropy"
ONE = {"p": PAIR["p"]}


@derivation(
    "kl-divergence-nonnegative",
    title="The divergence is not negative",
    statement="The Kullback–Leibler divergence between two distributions is never negative.",
    reference=f"{COVER}, theorem 2.6.3",
    sources="X7",
)
def nonnegative(d: Builder) -> None:
    kl(d)
    d.assume(SumsTo(p), SumsTo(q))
    d.start(divergence)
    d.by(expand(divergence))
    d.by(in_the_form(-Sum(p[k] * log(q[k] / p[k]), (k, 1, K))), "The quotient is turned over.")
    d.by(bound_log)
    d.by(in_the_form(Sum(p[k], (k, 1, K)) - Sum(q[k], (k, 1, K))), "The sums are taken apart.")
    d.by(use_total(p))
    d.by(use_total(q))
    d.conclude(0)
    d.example(**PAIR)


@derivation(
    "cross-entropy-above-entropy",
    title="Cross-entropy is least at the truth",
    statement="No prediction has a cross-entropy below the entropy of the targets (Gibbs).",
    reference=f"{COVER}, theorem 2.6.3",
    sources="B6 X7",
)
def gibbs(d: Builder) -> None:
    entropy(d)
    crossed(d)
    d.assume(SumsTo(p), SumsTo(q))
    d.start(cross - H)
    d.by(expand(cross))
    d.by(expand(H))
    d.conclude_sign("≥", Sum(p[k] * log_gap(q[k] / p[k]), (k, 1, K)))
    d.example(**PAIR)


@derivation(
    "entropy-at-most-log-classes",
    title="The entropy is at most log K",
    statement="No distribution over K classes has an entropy above log K, that of the uniform one.",
    reference=f"{COVER}, theorem 2.6.4",
    sources="X10",
)
def at_most(d: Builder) -> None:
    entropy(d)
    d.assume(SumsTo(p))
    d.start(log(K) - H)
    d.by(expand(H))
    d.conclude_sign("≥", Sum(p[k] * log_gap(1 / (K * p[k])), (k, 1, K)))
    d.example(**ONE)


@derivation(
    "entropy-nonnegative",
    title="The entropy is not negative",
    statement="The entropy of a distribution is never negative.",
    reference=f"{COVER}, lemma 2.1.1",
    sources="X10",
)
def entropy_nonnegative(d: Builder) -> None:
    entropy(d)
    d.assume(SumsTo(p))
    d.start(H)
    d.by(expand(H))
    d.by(bound_log)
    d.conclude_sign("≥", Sum(p[k] * Sum(p[l], (l, 1, K), k), (k, 1, K)))
    d.example(**ONE)
