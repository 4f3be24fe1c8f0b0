"""Binary cross-entropy is softmax cross-entropy of two classes."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import exp, log
from derive.notation import Quantity, p, z
from derive.rules.algebra import distribute
from derive.rules.definitions import cite, cite_at
from derive.topics.binary_cross_entropy import difference, target
from derive.topics.sigmoid import x
from derive.topics.softmax import BISHOP
from derive.topics.softplus import log_sigmoid, zeta
from derive.topics.two_classes import first_class, second_class, two_classes

TOPIC = "binary cross-entropy"


@derivation(
    "binary-cross-entropy-two-classes",
    title="Two-class softmax cross-entropy is binary cross-entropy",
    statement="With two classes softmax cross-entropy is binary cross-entropy at the difference of "
    "the logits.",
    reference=f"{BISHOP}, eqs. 4.57 and 4.90",
    sources="X8 C3",
)
def two_class_loss(d: Builder) -> None:
    two_classes(d)
    d.define(zeta(x), log(1 + exp(x)))
    d.quantity(Quantity(target, "the target of the first class"))
    gap = z[1] - z[2]
    d.start(-(target * log(p[1]) + (1 - target) * log(p[2])))
    d.by(cite(first_class))
    d.by(cite(second_class))
    d.by(cite_at(log_sigmoid, x, gap))
    d.by(cite_at(log_sigmoid, x, -gap))
    d.by(cite_at(difference, x, -gap))
    d.by(distribute)
    d.conclude(zeta(gap) - target * z[1] + target * z[2])
    d.example(z=("3/2", "-1/2"), y="1/4")
