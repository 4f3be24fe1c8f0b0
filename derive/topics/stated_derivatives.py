"""What is often stated of the derivatives of softmax, and is false."""

from __future__ import annotations

from derive.kernel.facts import OneHot, SameIndex
from derive.kernel.language import Partial, Sum, delta
from derive.kernel.refutation import Builder, refutation
from derive.notation import K, L, c, i, j, k, p, y, z
from derive.topics.cross_entropy import loss
from derive.topics.cross_entropy_gradient import gradient
from derive.topics.softmax import BISHOP, softmax
from derive.topics.softmax_jacobian import jacobian

TOPIC = "refutations"


@refutation(
    "jacobian-is-not-diagonal",
    title="The derivative of softmax is not a vector",
    statement="The derivative of softmax is said to be the vector of the $p_{i} (1 - p_{i})$, "
    "as if no component depended on the other logits.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="A11",
)
def not_diagonal(d: Builder) -> None:
    softmax(d)
    d.stated(
        Partial(p[i], z[j]),
        delta(i, j) * p[i] * (1 - p[i]),
        "Every logit stands in the denominator of every component: off the diagonal the "
        "derivative is not 0.",
    )
    d.right(p[i] * (delta(i, j) - p[j]), jacobian)
    d.differs_by(-(1 - delta(i, j)) * p[i] * p[j])
    d.holds_where(SameIndex(i, j))


@refutation(
    "chain-rule-cut-short",
    title="The gradient is not the error times the label",
    statement="From $\\partial p_{i}/\\partial z_{i}$ alone the gradient of cross-entropy is said "
    "to be the softmax output minus 1, times the label.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="B9",
)
def cut_short(d: Builder) -> None:
    loss(d)
    d.assume(OneHot(y, c))
    d.stated(
        Partial(L, z[i]),
        y[i] * (p[i] - 1),
        "The chain rule goes through every probability: the terms of the other components are "
        "left out.",
    )
    d.right(p[i] * Sum(y[k], (k, 1, K)) - y[i], gradient)
    d.differs_by(p[i] * Sum(y[k], (k, 1, K), i))
    d.holds_where(SameIndex(i, c))
