"""The loss of a class label is positive, and falls as its probability grows."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import AtLeast
from derive.kernel.language import Partial, log
from derive.notation import K, L, c, p, y
from derive.rules.bounds import bound_log
from derive.rules.calculus import coordinates_are_independent, derivative_of_log, linearity
from derive.rules.definitions import expand
from derive.rules.probability import one_hot
from derive.rules.sums import sifting
from derive.topics.cross_entropy import NUMBERS
from derive.topics.cross_entropy_labels import labelled
from derive.topics.softmax import BISHOP

TOPIC = "cross-entropy"


@derivation(
    "cross-entropy-label-positive",
    title="The loss of a class label is positive",
    statement="With two classes or more the loss is positive: at least 1 minus the probability.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="A6",
)
def positive(d: Builder) -> None:
    labelled(d)
    d.assume(AtLeast(K, 2))
    d.start(L)
    d.by(expand(L))
    d.by(one_hot(y))
    d.by(sifting)
    d.by(bound_log, r"$-\log p_{c}$ is at least $1 - p_{c}$.")
    d.by(expand(p))
    d.conclude_positive()
    d.example(**NUMBERS)


@derivation(
    "cross-entropy-decreasing",
    title="A more probable label costs less",
    statement="The loss of a label falls strictly as its probability grows.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="A6",
)
def decreasing(d: Builder) -> None:
    d.start(Partial(-log(p[c]), p[c]))
    d.by(linearity)
    d.by(derivative_of_log)
    d.by(coordinates_are_independent)
    d.conclude_sign("<")
    d.example(p=("1/2", "1/3", "1/6"), c="2")
