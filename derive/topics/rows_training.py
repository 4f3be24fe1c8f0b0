"""Statements C: training a softmax classifier."""

from __future__ import annotations

from derive.kernel.stated import part, row, section
from derive.notation import L, scalar

section("C", "Training a softmax classifier")

row("C1", "Softmax of four inputs in numbers.", "four-logits")
row(
    "C2",
    "Hardmax marks the largest input; softmax is its gentle version.",
    part(
        "As the temperature goes to 0 softmax goes to hardmax, if one input is the largest.",
        "temperature-limit-winner",
        "temperature-limit-loser",
    ),
    part(
        "Where several are the largest it goes to the uniform vector over these.",
        "temperature-limit-tie-winner",
        "temperature-limit-tie-loser",
    ),
)
row(
    "C3",
    "Two classes are logistic regression, and one of the two outputs is redundant.",
    "softmax-two-classes",
    "softmax-two-classes-logistic",
    "softmax-two-classes-redundant",
    "softmax-two-classes-regression",
)
row(
    "C4",
    "The loss of one example, and its value in numbers.",
    part("", "cross-entropy-label", defines=L),
    part("", "loss-of-one-example"),
)
row("C5", "To minimise the loss is to maximise the likelihood.", "softmax-regression-likelihood")
row(
    "C6",
    "The cost of a batch is the mean of the losses of its examples.",
    part("", "softmax-regression-loss", defines=scalar("J")),
)
row(
    "C7",
    "The derivative by the inputs of softmax is output minus target; for a batch it gives the "
    "gradients by weights and biases.",
    part("", "cross-entropy-gradient-normalised"),
    part(
        "For a batch, an example a column.",
        "softmax-regression-columns-weights",
        "softmax-regression-columns-bias",
    ),
    part(
        "In a layer, from the derivatives by its outputs.",
        "linear-layer-backward-batch-weights",
        "linear-layer-backward-batch",
    ),
)
row(
    "C8",
    "Gradient descent with these gradients trains the classifier.",
    part("Trained on real data, and compared with other libraries.", "training"),
)
