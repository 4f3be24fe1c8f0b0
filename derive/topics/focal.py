"""The focal loss: cross-entropy with a factor that plays down what is already right."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, exp, log
from derive.notation import L, gamma
from derive.rules.algebra import factor_out
from derive.rules.calculus import derivative_of_log, linearity, power_rule, product_rule
from derive.rules.definitions import cite, expand
from derive.topics.sigmoid import sigma, sigmoid, slope, symmetry, x
from derive.topics.softplus import log_sigmoid, zeta

TOPIC = "focal loss"
LIN = "Lin et al., Focal loss for dense object detection (2017)"
NUMBERS: dict[str, Any] = {"x": "3/2", "gamma": "2"}


def focal(d: Builder) -> None:
    """L := −(1 − σ(x))^γ log σ(x), x the logit of the true class."""
    sigmoid(d)
    d.define(L, -((1 - sigma(x)) ** gamma) * log(sigma(x)))


@derivation(
    "focal-loss",
    title="The focal loss from the logit",
    statement="The focal loss of the true class without the difference 1 − σ(x).",
    reference=f"{LIN}, eq. 4",
    sources="X17",
)
def from_logit(d: Builder) -> None:
    focal(d)
    d.define(zeta(x), log(1 + exp(x)))
    d.start(L)
    d.by(expand(L), "Definition of the focal loss.")
    d.by(cite(log_sigmoid))
    d.by(cite(symmetry))
    d.conclude(sigma(-x) ** gamma * zeta(-x))
    d.example(**NUMBERS)
    value = (1 / (1 + exp(x))) ** gamma * log(1 + exp(-x))
    d.function("focal_loss", (x, gamma), (), "Focal loss of the true class.", value=value)


@derivation(
    "focal-loss-derivative",
    title="The derivative of the focal loss",
    statement="The derivative by the logit of the true class, for every focusing exponent γ > 0.",
    reference=f"{LIN}, appendix B",
    sources="X17",
)
def gradient(d: Builder) -> None:
    focal(d)
    d.start(Partial(L, x))
    d.by(expand(L), "Definition of the focal loss.")
    d.by(linearity)
    d.by(product_rule)
    d.by(derivative_of_log)
    d.by(power_rule)
    d.by(linearity)
    d.by(cite(slope), "The derivative of the sigmoid.")
    d.by(factor_out((1 - sigma(x)) ** gamma))
    d.conclude((1 - sigma(x)) ** gamma * (gamma * sigma(x) * log(sigma(x)) + sigma(x) - 1))
    d.example(**NUMBERS)
    rest = 1 / (1 + exp(x))
    value = -(rest**gamma) * (gamma / (1 + exp(-x)) * log(1 + exp(-x)) + rest)
    summary = "Derivative of the focal loss by the logit of the true class."
    d.function("focal_loss_derivative", (x, gamma), (), summary, value=value)
