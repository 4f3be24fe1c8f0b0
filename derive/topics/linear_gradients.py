"""A linear layer backwards: from the derivatives by the logits of one example."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum
from derive.notation import K, Quantity, W, b, e, j, k, vector, x, z
from derive.rules.definitions import cite
from derive.rules.sums import sifting
from derive.topics.linear import NIELSEN, by_bias, by_weights, layer

TOPIC = "linear layer"
back = vector("dz")
LAYER: dict[str, Any] = {
    "W": (("1", "-1"), ("1/2", "2"), ("0", "1")),
    "b": ("0", "1/2", "-1/2"),
}
ONE: dict[str, Any] = {**LAYER, "x": ("1", "2"), "dz": ("1/2", "-1", "1/2")}
ROWS: dict[str, Any] = {
    **LAYER,
    "x": (("1", "2"), ("-1", "1")),
    "dz": (("1/2", "-1", "1/2"), ("-1/4", "1/2", "-1/4")),
}
FLOW = (
    r"The loss depends on the layer through the logits $z$ alone; $dz$ stands for its derivatives "
    r"by them, so that the chain rule gives the sum in the first line."
)


def one_example(made: Builder) -> None:
    """z = W x + b for one example, with derivatives dz_k that are given."""
    made.quantity(Quantity(back, "adjoints: loss by logits", shape=(K,), latex=r"\mathrm{dz}"))
    layer(made)
    made.remark(FLOW)


@derivation(
    "linear-layer-backward-weights",
    title="From logits back to weights",
    statement="For one example the derivatives by the weights are the outer product of $dz$ and "
    "the features.",
    reference=f"{NIELSEN}, chapter 2, eq. BP4",
    sources="X16",
)
def one_by_weights(made: Builder) -> None:
    one_example(made)
    made.start(Sum(back[k] * Partial(z[k], W[j, e]), (k, 1, K)))
    made.by(cite(by_weights))
    made.by(sifting, "A weight moves only the logit of its own class.")
    made.conclude(back[j] * x[e])
    made.example(**ONE)


@derivation(
    "linear-layer-backward-bias",
    title="From logits back to biases",
    statement="For one example the derivatives by the biases are those by the logits.",
    reference=f"{NIELSEN}, chapter 2, eq. BP3",
    sources="X16",
)
def one_by_bias(made: Builder) -> None:
    one_example(made)
    made.start(Sum(back[k] * Partial(z[k], b[j]), (k, 1, K)))
    made.by(cite(by_bias))
    made.by(sifting)
    made.conclude(back[j])
    made.example(**ONE)
