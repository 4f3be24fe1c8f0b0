"""Softmax at a temperature: its derivatives by the logits and by the temperature."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta, exp
from derive.kernel.step import Option
from derive.notation import K, i, j, k, p, tau, z
from derive.rules.algebra import factor_out, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_through_sum,
    linearity,
    power_rule,
    quotient_rule,
)
from derive.rules.definitions import expand, fold
from derive.rules.sums import pull_out, push_in, sifting
from derive.topics.softmax import LOGITS

TOPIC = "softmax"
HINTON = "Hinton, Vinyals and Dean, Distilling the knowledge in a neural network (2015)"
WARM: dict[str, Any] = {"z": LOGITS, "tau": "2"}
OPTION = {tau: Option("temperature", 1)}
Z_TAU = Sum(exp(z[k] / tau), (k, 1, K))


def warm_softmax(d: Builder) -> None:
    """p_i := e^{z_i/τ} / Σ_k e^{z_k/τ}."""
    d.define(p[i], exp(z[i] / tau) / Z_TAU)


@derivation(
    "temperature-softmax",
    title="Softmax at a temperature is positive",
    statement="Softmax at the temperature τ is softmax of the logits over τ, and positive.",
    reference=f"{HINTON}, eq. 1",
    sources="X5",
)
def positive(d: Builder) -> None:
    warm_softmax(d)
    d.start(p[i])
    d.by(expand(p), "An exponential is positive, and so is a sum of exponentials.")
    d.conclude_positive()
    d.example(**WARM)
    summary = "Softmax at a temperature."
    d.function("softmax", (z, tau), (i,), summary, options=OPTION, widens=True)


@derivation(
    "temperature-jacobian",
    title="The Jacobian of softmax at a temperature",
    statement="At the temperature τ all derivatives by the logits are divided by τ.",
    reference=f"{HINTON}, eq. 1",
    sources="X5",
)
def jacobian(d: Builder) -> None:
    warm_softmax(d)
    d.start(Partial(p[i], z[j]))
    d.by(expand(p), "Definition of softmax at a temperature.")
    d.by(quotient_rule)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(linearity, "The temperature does not depend on the logits.")
    d.by(coordinates_are_independent)
    d.by(pull_out)
    d.by(sifting)
    d.by(split_fraction)
    d.by(fold(p))
    d.by(factor_out(p[i] / tau))
    d.conclude(p[i] / tau * (delta(i, j) - p[j]))
    d.example(**WARM)
    summary = "Jacobian of softmax at a temperature."
    d.function("softmax_jacobian", (z, tau), (i, j), summary, options=OPTION, widens=True)


@derivation(
    "temperature-derivative",
    title="The derivative of softmax in the temperature",
    statement="A class gains from a higher temperature if its logit is below the mean of the "
    "logits under p, and loses if it is above.",
    reference=f"{HINTON}, eq. 1",
    sources="X5",
)
def by_temperature(d: Builder) -> None:
    warm_softmax(d)
    d.start(Partial(p[i], tau))
    d.by(expand(p))
    d.by(quotient_rule)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(linearity, "The logits do not depend on the temperature.")
    d.by(power_rule)
    d.by(coordinates_are_independent)
    d.by(pull_out)
    d.by(split_fraction)
    d.by(fold(p))
    d.by(push_in(1 / Z_TAU))
    d.by(fold(p), "The logits weighted by the probabilities: their mean under p.")
    d.by(factor_out(p[i] / tau**2))
    d.conclude(p[i] / tau**2 * (Sum(p[k] * z[k], (k, 1, K)) - z[i]))
    d.example(**WARM)
    summary = "Derivative of softmax by the temperature."
    name = "softmax_temperature_derivative"
    d.function(name, (z, tau), (i,), summary, options=OPTION)
