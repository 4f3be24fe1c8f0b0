"""Two classes: one of the two outputs is redundant, and what is left is logistic regression."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Sum
from derive.notation import D, Quantity, W, b, d, k, p, vector, z
from derive.rules.algebra import factor_out
from derive.rules.definitions import cite, cite_at, expand, fold
from derive.rules.double_sums import one_sum
from derive.topics.sigmoid import sigma, symmetry, x
from derive.topics.softmax import BISHOP
from derive.topics.two_classes import PAIR, TWO, first_class, second_class, two_classes

TOPIC = "two classes"
X, w = vector("X"), vector("w")


@derivation(
    "softmax-two-classes-redundant",
    title="The second output is redundant",
    statement="The second of two softmax components is what the first one leaves of 1.",
    reference=f"{BISHOP}, eqs. 4.57 to 4.60",
    sources="C3",
)
def redundant(made: Builder) -> None:
    two_classes(made)
    made.start(1 - p[1])
    made.by(cite(first_class))
    made.by(cite_at(symmetry, x, z[1] - z[2]), "The symmetry of the sigmoid.")
    made.by(cite(second_class, "backwards"))
    made.conclude(p[2])
    made.example(z=PAIR)


@derivation(
    "softmax-two-classes-regression",
    title="Softmax regression of two classes is logistic regression",
    statement="With the differences of the weights and biases of the two classes the first output "
    "is the sigmoid of one linear score.",
    reference=f"{BISHOP}, eqs. 4.57 and 4.87",
    sources="C3",
)
def regression(made: Builder) -> None:
    two_classes(made)
    made.quantity(
        Quantity(X, "features", shape=(D,), latex="X"),
        Quantity(W, "weights", shape=(TWO, D), latex="W"),
        Quantity(b, "biases", shape=(TWO,), latex="b"),
        Quantity(w, "differences of the weights", shape=(D,), latex="w"),
    )
    made.define(z[k], Sum(W[k, d] * X[d], (d, 1, D)) + b[k])
    made.define(w[d], W[1, d] - W[2, d])
    made.start(p[1])
    made.by(cite(first_class))
    made.by(expand(z), "The two linear scores.")
    made.by(one_sum)
    made.by(factor_out(X[d]))
    made.by(fold(w), "Only the differences of the weights matter.")
    made.conclude(sigma(Sum(w[d] * X[d], (d, 1, D)) + b[1] - b[2]))
    made.example(W=(("1", "-1"), ("1/2", "2")), b=("0", "1/2"), X=("1", "2"))
