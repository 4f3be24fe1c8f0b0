"""Log-softmax and log-sum-exp at a temperature."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, exp, log
from derive.notation import ell, i, p, tau, z
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import expand, fold
from derive.rules.exponentials import log_of_product
from derive.rules.sums import pull_out, sifting
from derive.topics.temperature import HINTON, OPTION, WARM, Z_TAU, warm_softmax

TOPIC = "softmax"


@derivation(
    "temperature-log-softmax",
    title="Log-softmax at a temperature",
    statement="The logit over τ less the logarithm of the sum of the exponentials.",
    reference=f"{HINTON}, eq. 1",
    sources="X1 X5",
)
def log_softmax(d: Builder) -> None:
    warm_softmax(d)
    d.start(log(p[i]))
    d.by(expand(p), "Definition of softmax at a temperature.")
    d.by(log_of_product)
    d.conclude(z[i] / tau - log(Z_TAU))
    d.example(**WARM)
    value = log(exp(z[i] / tau) / Z_TAU)
    summary = "Logarithm of softmax at a temperature."
    d.function("log_softmax", (z, tau), (i,), summary, value, options=OPTION, widens=True)


@derivation(
    "temperature-log-sum-exp",
    title="The gradient of log-sum-exp at a temperature",
    statement=r"The gradient of $\tau \log \sum_{k} e^{z_{k}/\tau}$ is softmax at the "
    "temperature τ.",
    reference=f"{HINTON}, eq. 1",
    sources="X2 X5",
)
def log_sum_exp_gradient(d: Builder) -> None:
    warm_softmax(d)
    d.define(ell, tau * log(Z_TAU))
    d.start(Partial(ell, z[i]))
    d.by(expand(ell), "Log-sum-exp at a temperature, written out.")
    d.by(linearity, "The temperature does not depend on the logits.")
    d.by(derivative_of_log)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(linearity)
    d.by(coordinates_are_independent)
    d.by(pull_out, "τ and 1/τ cancel.")
    d.by(sifting)
    d.by(fold(p))
    d.conclude(p[i])
    d.example(**WARM)
    value = tau * log(Z_TAU)
    summary = "Log-sum-exp at a temperature: τ log Σ exp(z / τ)."
    d.function("logsumexp", (z, tau), (), summary, value, options=OPTION, widens=True)
