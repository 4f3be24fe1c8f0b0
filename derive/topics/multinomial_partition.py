"""The log-partition as a function of the natural parameters, and its derivatives."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta, exp, log
from derive.notation import K, a, c, eta, i, j, k, phi
from derive.rules.algebra import factor_out, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
    quotient_rule,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.sums import sifting
from derive.topics.multinomial import BISHOP, MINIMAL, REST, E

TOPIC = "multinomial"
COIN: dict[str, Any] = {"eta": ("1/2", "-1")}


def natural(d: Builder) -> None:
    """K − 1 free η_k and a := log(1 + Σ_{k<K} e^{η_k})."""
    d.quantity(MINIMAL)
    d.range(i, 1, K - 1)
    d.range(j, 1, K - 1)
    d.define(a, log(1 + E))


def minimal(d: Builder) -> None:
    """The natural parameters, and φ_c the probability of class c."""
    natural(d)
    d.define(phi[c], exp(Sum(eta[k] * delta(k, c), REST) - a))


@derivation(
    "multinomial-class-probability",
    title="The class probabilities from the natural parameters",
    statement="The exponential-family form, read as a function of $\\eta$, gives the same inverse "
    "link.",
    reference=f"{BISHOP}, eq. 2.213",
    sources="B12",
)
def class_probability(d: Builder) -> None:
    minimal(d)
    d.start(phi[i])
    d.by(
        expand(phi),
        r"$b(y) \exp(\eta \cdot T - a)$ at the class $i$, where $T_{k} = \delta_{ki}$.",
    )
    d.by(sifting)
    d.by(expand(a), "The log-partition written out; exp undoes log.")
    d.conclude(exp(eta[i]) / (1 + E))
    d.example(**COIN)


@derivation(
    "multinomial-log-partition-gradient",
    title="The gradient of the log-partition",
    statement="Differentiating the log-partition gives the class probabilities.",
    reference=f"{BISHOP}, eq. 2.226",
    sources="B10 X12",
)
def partition_gradient(d: Builder) -> None:
    minimal(d)
    d.start(Partial(a, eta[i]))
    d.by(expand(a))
    d.by(derivative_of_log)
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(fold(class_probability))
    d.conclude(phi[i])
    d.example(**COIN)
    value = exp(eta[i]) / (1 + E)
    summary = "Gradient of the log-partition of one trial."
    d.function("log_partition_gradient", (eta,), (i,), summary, value=value)


@derivation(
    "multinomial-log-partition-hessian",
    title="The Hessian of the log-partition",
    statement="The second derivatives of the log-partition with respect to the natural parameters.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def partition_hessian(d: Builder) -> None:
    minimal(d)
    d.start(Partial(Partial(a, eta[i]), eta[j]))
    d.by(cite(partition_gradient))
    d.by(cite(class_probability))
    d.by(quotient_rule)
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(split_fraction)
    d.by(fold(class_probability))
    d.by(factor_out(phi[i]))
    d.conclude(phi[i] * (delta(i, j) - phi[j]))
    d.example(**COIN)
    # φ is written out in η: the function takes natural parameters.
    mean_i, mean_j = (exp(eta[s]) / (1 + E) for s in (i, j))
    value = mean_i * (delta(i, j) - mean_j)
    summary = "Hessian of the log-partition of one trial: the covariance of T."
    d.function("log_partition_hessian", (eta,), (i, j), summary, value=value)
