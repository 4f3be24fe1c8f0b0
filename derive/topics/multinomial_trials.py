"""Mean and covariance of N trials."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.notation import N, a, eta, i, j, t, u
from derive.rules.definitions import cite
from derive.rules.sums import count, sifting
from derive.topics.multinomial import BISHOP
from derive.topics.multinomial_moments import (
    COUNT,
    COVARIANCE,
    INDEPENDENT,
    STATISTIC,
    covariance,
    moment,
)
from derive.topics.multinomial_partition import COIN, minimal, partition_gradient

TOPIC = "multinomial"


@derivation(
    "multinomial-trials-mean",
    title="The mean of N trials",
    statement=r"$E[y_{i}] = N\, \partial a/\partial \eta_{i}$: the trials have the same "
    r"expectation.",
    reference=f"{BISHOP}, eq. 2.226",
    sources="X11 X12",
)
def trials_mean(d: Builder) -> None:
    minimal(d)
    d.remark(STATISTIC)
    d.remark(COUNT)
    d.start(Sum(moment(i), (t, 1, N)))
    d.by(sifting, r"Expectation is linear, and every trial has $E[T_{i}] = \phi_{i}$.")
    d.by(count)
    d.by(cite(partition_gradient, "backwards"))
    d.conclude(N * Partial(a, eta[i]))
    d.example(**COIN, N="4")


@derivation(
    "multinomial-trials-covariance",
    title="The covariance of N trials",
    statement=r"The trials are independent: only a trial with itself contributes, which gives $N$ "
    "times the covariance of one trial.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X11 X12",
)
def trials_covariance(d: Builder) -> None:
    minimal(d)
    for remark in (STATISTIC, COVARIANCE, COUNT, INDEPENDENT):
        d.remark(remark)
    single = moment(i, j) - moment(i) * moment(j)
    d.start(Sum(Sum(delta(t, u) * single, (u, 1, N)), (t, 1, N)))
    d.by(sifting, "Of the pairs of trials only those of a trial with itself are left.")
    d.by(cite(covariance))
    d.by(count)
    d.conclude(N * Partial(Partial(a, eta[i]), eta[j]))
    d.example(**COIN, N="4")
