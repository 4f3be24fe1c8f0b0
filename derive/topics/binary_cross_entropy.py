"""Binary cross-entropy with logits, and its derivatives."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, exp, log
from derive.notation import L, Quantity, scalar
from derive.rules.algebra import distribute, take_out
from derive.rules.calculus import coordinates_are_independent, linearity
from derive.rules.definitions import cite, cite_at, expand, fold
from derive.rules.exponentials import log_of_product
from derive.topics.sigmoid import sigma, symmetry, x
from derive.topics.sigmoid import slope as sigmoid_slope
from derive.topics.softmax import BISHOP
from derive.topics.softplus import log_sigmoid, softplus, zeta
from derive.topics.softplus import slope as softplus_slope

TOPIC = "binary cross-entropy"
target = scalar("y")
NUMBERS: dict[str, Any] = {"x": "3/2", "y": "1/4"}


def binary(d: Builder) -> None:
    """L := −(y log σ(x) + (1 − y) log(1 − σ(x)))."""
    softplus(d)
    d.quantity(Quantity(target, "the target, 0 or 1 or between"))
    d.define(L, -(target * log(sigma(x)) + (1 - target) * log(1 - sigma(x))))


@derivation(
    "softplus-difference",
    title="Softplus of the opposite input",
    statement="Softplus of x and of −x differ by x.",
    reference="Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10",
    sources="X8",
)
def difference(d: Builder) -> None:
    softplus(d)
    d.start(zeta(x))
    d.by(expand(zeta))
    d.by(take_out(exp(x)))
    d.by(log_of_product)
    d.by(fold(zeta(-x)))
    d.conclude(x + zeta(-x))
    d.example(x="3/2")


@derivation(
    "binary-cross-entropy",
    title="Binary cross-entropy with logits",
    statement="The loss without the logarithm of a probability: softplus less target times input.",
    reference=f"{BISHOP}, eq. 4.90",
    sources="X8",
)
def with_logits(d: Builder) -> None:
    binary(d)
    d.start(L)
    d.by(expand(L), "Definition of the loss.")
    d.by(cite(symmetry))
    d.by(cite(log_sigmoid))
    d.by(cite_at(log_sigmoid, x, -x))
    d.by(cite_at(difference, x, -x), "Softplus of −x is softplus of x less x.")
    d.by(distribute)
    d.conclude(zeta(x) - target * x)
    d.example(**NUMBERS)
    value = target * log(1 + exp(-x)) + (1 - target) * log(1 + exp(x))
    summary = "Binary cross-entropy from a logit."
    d.function("binary_cross_entropy_with_logits", (x, target), (), summary, value=value)


@derivation(
    "binary-cross-entropy-gradient",
    title="The derivative of binary cross-entropy",
    statement="The derivative by the logit is prediction less target.",
    reference=f"{BISHOP}, eq. 4.91",
    sources="X8",
)
def gradient(d: Builder) -> None:
    binary(d)
    d.start(Partial(L, x))
    d.by(cite(with_logits))
    d.by(linearity)
    d.by(cite(softplus_slope))
    d.by(coordinates_are_independent)
    d.conclude(sigma(x) - target)
    d.example(**NUMBERS)
    value = (1 - target) / (1 + exp(-x)) - target / (1 + exp(x))
    summary = "Derivative of binary cross-entropy by the logit."
    d.function("binary_cross_entropy_with_logits_gradient", (x, target), (), summary, value=value)


@derivation(
    "binary-cross-entropy-curvature",
    title="The second derivative of binary cross-entropy",
    statement="The second derivative is the derivative of the sigmoid, whatever the target is.",
    reference=f"{BISHOP}, eq. 4.97",
    sources="X8",
)
def curvature(d: Builder) -> None:
    binary(d)
    d.start(Partial(Partial(L, x), x))
    d.by(cite(gradient))
    d.by(linearity, "The target does not depend on the logit.")
    d.by(cite(sigmoid_slope))
    d.conclude(sigma(x) * (1 - sigma(x)))
    d.example(**NUMBERS)
