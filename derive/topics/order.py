"""Softmax keeps the order of the logits, lies below 1, and grows with its own logit."""

from __future__ import annotations

from derive.kernel.bounds import log_gap
from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import AtLeast, NotLess
from derive.kernel.language import Partial, exp
from derive.notation import K, i, j, p, z
from derive.rules.definitions import cite, expand
from derive.topics.softmax import BISHOP, LOGITS, Z, softmax
from derive.topics.softmax_jacobian import jacobian

TOPIC = "softmax"
AHEAD = exp(z[j]) / Z * (log_gap(exp(z[i] - z[j])) + z[i] - z[j])


@derivation(
    "softmax-order",
    title="Softmax keeps the order of the logits",
    statement="A logit that is not smaller has a probability that is not smaller.",
    reference=f"{BISHOP}, section 4.2",
    sources="A4 B4",
)
def order(d: Builder) -> None:
    softmax(d)
    d.assume(NotLess(z[i], z[j]))
    d.start(p[i] - p[j])
    d.by(expand(p))
    d.conclude_sign("≥", AHEAD)
    d.example(z=LOGITS)


@derivation(
    "softmax-order-strict",
    title="A larger logit has a larger probability",
    statement="Of two logits the larger one has the larger probability.",
    reference=f"{BISHOP}, section 4.2",
    sources="A4 B4",
)
def strict_order(d: Builder) -> None:
    softmax(d)
    d.assume(NotLess(z[i], z[j], strict=True))
    d.start(p[i] - p[j])
    d.by(expand(p))
    d.conclude_sign(">", AHEAD)
    d.example(z=LOGITS)


@derivation(
    "softmax-below-one",
    title="Softmax is less than one",
    statement="With two classes or more every softmax component lies below 1.",
    reference=f"{BISHOP}, eq. 4.104",
    sources="A3 B4 E1",
)
def below_one(d: Builder) -> None:
    softmax(d)
    d.assume(AtLeast(K, 2))
    d.start(1 - p[i])
    d.by(expand(p), "The other classes have their share of the sum.")
    d.conclude_positive()
    d.example(z=LOGITS)


@derivation(
    "softmax-own-slope-positive",
    title="A probability grows with its own logit",
    statement="With two classes or more the derivative by its own logit is positive.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="A4",
)
def own_slope(d: Builder) -> None:
    softmax(d)
    d.assume(AtLeast(K, 2))
    d.start(Partial(p[i], z[i]))
    d.by(cite(jacobian), "The Jacobian on its diagonal.")
    d.by(expand(p))
    d.conclude_positive()
    d.example(z=LOGITS)
