"""One softmax component by its own logit; the loss of a label as minus the log of one component."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, log
from derive.notation import L, c, i, p, y, z
from derive.rules.algebra import factor_out, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_through_sum,
    quotient_rule,
)
from derive.rules.definitions import expand, fold
from derive.rules.probability import one_hot
from derive.rules.sums import sifting
from derive.topics.cross_entropy import NUMBERS
from derive.topics.cross_entropy_labels import labelled
from derive.topics.softmax import BISHOP, LOGITS, softmax

TOPIC = "cross-entropy"


@derivation(
    "softmax-own-derivative",
    title="The derivative of a softmax component in its own logit",
    statement="Each component grows with its own logit, fastest at one half.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="A10 B8",
)
def own_derivative(d: Builder) -> None:
    softmax(d)
    d.start(Partial(p[i], z[i]))
    d.by(expand(p), "Softmax written out.")
    d.by(quotient_rule)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting, "Of the sum only the term $k = i$ is left.")
    d.by(split_fraction)
    d.by(fold(p))
    d.by(factor_out(p[i]))
    d.conclude(p[i] * (1 - p[i]))
    d.example(z=LOGITS)


@derivation(
    "label-log-likelihood",
    title="The loss of a class label",
    statement="For a one-hot target the cross-entropy is minus the logarithm of the probability "
    "of the labelled class.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="A6 D5 D6",
)
def label_loss(d: Builder) -> None:
    labelled(d)
    d.start(L)
    d.by(expand(L))
    d.by(one_hot(y))
    d.by(sifting, "Only the labelled class contributes.")
    d.conclude(-log(p[c]))
    d.example(**NUMBERS)
