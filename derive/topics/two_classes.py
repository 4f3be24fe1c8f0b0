"""Two classes: softmax is the sigmoid of the difference, one of the two logits is redundant."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import Fixed
from derive.kernel.language import Integer, Sum, exp
from derive.notation import Domain, Quantity, i, k, p, z
from derive.rules.algebra import extend_fraction
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import one_exp
from derive.rules.probability import known_component
from derive.rules.sums import write_out
from derive.topics.sigmoid import sigma, sigmoid
from derive.topics.softmax import BISHOP

TOPIC = "two classes"
TWO = Integer(2)
PAIR = ("3/2", "-1/2")


def two_classes(d: Builder) -> None:
    """σ, and p_i := e^{z_i} / Σ_k e^{z_k} over two classes."""
    sigmoid(d)
    d.quantity(Quantity(z, "the two logits", shape=(TWO,), latex="z"))
    d.quantity(Quantity(p, "the two probabilities", Domain.UNIT, (TWO,), "p"))
    d.range(i, 1, TWO)
    d.define(p[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, TWO)))


@derivation(
    "softmax-two-classes",
    title="Softmax of two classes is the sigmoid",
    statement="The first of two softmax components is the sigmoid of the difference of the logits.",
    reference=f"{BISHOP}, eqs. 4.57 and 4.58",
    sources="B5 C3",
)
def first_class(d: Builder) -> None:
    two_classes(d)
    d.start(p[1])
    d.by(expand(p))
    d.by(write_out)
    d.by(extend_fraction(exp(-z[1])))
    d.by(one_exp)
    d.by(fold(sigma(z[1] - z[2])))
    d.conclude(sigma(z[1] - z[2]))
    d.example(z=PAIR)


@derivation(
    "softmax-two-classes-second",
    title="The second of two classes",
    statement="The second component is the sigmoid of the opposite difference.",
    reference=f"{BISHOP}, eqs. 4.57 and 4.58",
    sources="B5 C3",
)
def second_class(d: Builder) -> None:
    two_classes(d)
    d.start(p[2])
    d.by(expand(p))
    d.by(write_out)
    d.by(extend_fraction(exp(-z[2])))
    d.by(one_exp)
    d.by(fold(sigma(z[2] - z[1])))
    d.conclude(sigma(z[2] - z[1]))
    d.example(z=PAIR)


@derivation(
    "softmax-two-classes-logistic",
    title="Two classes with one logit fixed",
    statement="With the second logit at 0, softmax of the first is its sigmoid: logistic "
    "regression.",
    reference=f"{BISHOP}, eqs. 4.57 and 4.58",
    sources="B5 C3 E5",
)
def logistic(d: Builder) -> None:
    two_classes(d)
    d.assume(Fixed(z[2], Integer(0)))
    d.start(p[1])
    d.by(cite(first_class))
    d.by(known_component(z))
    d.conclude(sigma(z[1]))
    d.example(z=("3/2", "0"))
