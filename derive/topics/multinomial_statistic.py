"""The sufficient statistic of one trial, and the link of the symmetric parametrisation."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import OneHot, SumsTo
from derive.kernel.language import Integer, Sum, delta, exp, log
from derive.notation import K, Quantity, T, c, eta, i, k, phi, y
from derive.rules.definitions import expand
from derive.rules.probability import one_hot, use_total
from derive.topics.cross_entropy import NUMBERED
from derive.topics.multinomial import ALL, BISHOP, OUTCOME, PHI

TOPIC = "multinomial"


@derivation(
    "multinomial-statistic",
    title="The sufficient statistic of a class",
    statement="The first $K - 1$ components of the one-hot outcome: 1 at the class that occurs, "
    "and all 0 for the reference class.",
    reference=f"{BISHOP}, eqs. 2.209 to 2.214",
    sources="B10",
)
def statistic(d: Builder) -> None:
    d.quantity(OUTCOME, Quantity(T, "sufficient statistic", shape=(K - 1,), latex="T"))
    d.range(i, 1, K - 1)
    d.define(T[i], y[i])
    d.assume(OneHot(y, c))
    d.remark(NUMBERED)
    d.start(T[i])
    d.by(expand(T), "The reference class has no component of its own.")
    d.by(one_hot(y), "The outcome is class $c$.")
    d.conclude(delta(i, c))
    d.example(y=("0", "1", "0"))
    summary = "Sufficient statistic of a class: one-hot without the reference class."
    d.function("sufficient_statistic", (c, K), (i,), summary)


@derivation(
    "multinomial-symmetric-statistic",
    title="The sufficient statistic of a class, symmetric",
    statement="The one-hot outcome itself: 1 at the class that occurs, else 0.",
    reference=f"{BISHOP}, eq. 2.26",
    sources="B10 X12",
)
def symmetric_statistic(d: Builder) -> None:
    d.quantity(OUTCOME)
    d.define(T[i], y[i])
    d.assume(OneHot(y, c))
    d.remark(NUMBERED)
    d.start(T[i])
    d.by(expand(T))
    d.by(one_hot(y), "The outcome is class $c$.")
    d.conclude(delta(i, c))
    d.example(y=("0", "1", "0"))
    summary = "Sufficient statistic of a class, symmetric: one-hot."
    d.function("sufficient_statistic_symmetric", (c, K), (i,), summary)


@derivation(
    "multinomial-symmetric-link",
    title="A link for the symmetric parametrisation",
    statement=r"With $\eta_{k} = \log \phi_{k}$ the log-partition is 0. Adding the same number "
    r"to all $\eta_{k}$ gives the same distribution: this choice is one of many.",
    reference=f"cf. {BISHOP}, section 2.4",
    sources="X12",
)
def symmetric_link(d: Builder) -> None:
    d.assume(SumsTo(phi))
    d.define(eta[k], log(phi[k]))
    d.start(log(Sum(exp(eta[k]), ALL)))
    d.by(expand(eta), r"$e^{\log \phi_{k}} = \phi_{k}$.")
    d.by(use_total(phi), "The probabilities sum to 1.")
    d.conclude(Integer(0))
    d.example(**PHI)
    summary = "Symmetric natural from mean parameters: log φ."
    d.function("natural_parameters_symmetric", (phi,), (i,), summary, value=log(phi[i]))
