"""Hierarchical softmax: the leaves of any binary tree share a probability of one."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.induction import Case, Recursion
from derive.kernel.language import Integer, Sum, exp
from derive.notation import D, Quantity, scalar, vector
from derive.notation import d as feature
from derive.rules.algebra import common_denominator, extend_fraction
from derive.rules.definitions import expand
from derive.rules.induction import induction
from derive.topics.sigmoid import POINT, sigma, sigmoid, x

TOPIC = "hierarchical softmax"
MORIN = "Morin and Bengio, Hierarchical probabilistic neural network language model (2005)"
MIKOLOV = "Mikolov et al., Distributed representations of words and phrases (2013), section 2.1"
v, h = vector("v"), vector("h")
total, left, right = scalar("S"), scalar("S_l"), scalar("S_r")
SCORE = Sum(v[feature] * h[feature], (feature, 1, D))
NODE = sigma(SCORE) * left + sigma(-SCORE) * right
LEAF, INNER = Case("a leaf", Integer(1)), Case("an inner node", NODE, (left, right))
WHY = (
    "In a leaf $S = 1$. At an inner node, if both parts sum to 1, then "
    "$S = \\sigma(v \\cdot h) + \\sigma(-v \\cdot h) = 1$."
)
TREE = Recursion("binary tree", total, (LEAF, INNER))


def tree(d: Builder) -> None:
    """S, of a tree and of its two parts; v of the node, h of the context."""
    sigmoid(d)
    d.quantity(
        Quantity(total, "sum of the leaves' probabilities in a tree", latex="S"),
        Quantity(left, "the same sum for its left part", latex=r"S_{\mathrm{left}}"),
        Quantity(right, "the same sum for its right part", latex=r"S_{\mathrm{right}}"),
        Quantity(v, "the node's own weights", shape=(D,), latex="v"),
        Quantity(h, "features of the context", shape=(D,), latex="h"),
    )


@derivation(
    "hierarchical-softmax-sums-to-one",
    title="Hierarchical softmax sums to one",
    statement="The products of σ(±v·h) along the paths to the leaves of a binary tree sum to 1.",
    reference=(MORIN, MIKOLOV),
    sources="E5",
)
def sums_to_one(d: Builder) -> None:
    tree(d)
    d.remark(
        "A leaf's probability is the product along its path, of $\\sigma(v \\cdot h)$ where the "
        "path goes left and $\\sigma(-v \\cdot h)$ where it goes right. All leaves of a part "
        "share the factors above it, so that the sum over a tree is made of those of its parts."
    )
    d.start(total)
    d.by(induction(TREE, Integer(1)), WHY)
    d.conclude(1)


@derivation(
    "hierarchical-softmax-node",
    title="An inner node hands on what it gets",
    statement="The shares of the two parts of an inner node, σ(x) and σ(−x), sum to 1.",
    reference=MORIN,
    sources="E5",
)
def node(d: Builder) -> None:
    sigmoid(d)
    d.start(sigma(x) + sigma(-x))
    d.by(expand(sigma))
    d.by(extend_fraction(exp(x)), at=1 / (1 + exp(-x)))
    d.by(common_denominator)
    d.conclude(1)
    d.example(x=POINT)
