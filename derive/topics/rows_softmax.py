"""Statements A: softmax, the log-likelihood cost, and their partial derivatives."""

from __future__ import annotations

from derive.kernel.stated import part, row, section
from derive.notation import L, p

section("A", "Softmax, the log-likelihood cost, and their partial derivatives")

row(
    "A1",
    "Softmax: the exponential of each input, divided by the sum of all exponentials.",
    part("", "softmax-positive", defines=p),
)
row(
    "A2",
    "Softmax as the share of a neuron's input in the sum of all inputs.",
    "softmax-is-not-a-share-of-inputs",
    "shares-of-inputs",
)
row(
    "A3",
    "The outputs are positive and sum to 1.",
    "softmax-positive",
    "softmax-sums-to-one",
)
row(
    "A4",
    "A larger input gives a larger output.",
    part("The order is kept.", "softmax-order", "softmax-order-strict"),
    part("Each output increases with its own input.", "softmax-own-slope-positive"),
)
row(
    "A5",
    "The derivative of each output by each input, in two cases.",
    "softmax-jacobian-cases",
)
row(
    "A6",
    "The log-likelihood cost.",
    part("", "cross-entropy-label", defines=L),
    part("For a one-hot target it is minus the logarithm of one output.", "label-log-likelihood"),
    part("It falls as that output rises.", "cross-entropy-decreasing"),
)
row(
    "A7",
    "The derivative of the cost by a bias is output minus target.",
    "linear-layer-gradient-bias",
)
row(
    "A8",
    "The derivative of the cost by a weight is the input that it weighs, times output minus "
    "target.",
    "linear-layer-gradient-weights",
)
row(
    "A9",
    "Softmax with the log-likelihood cost has no learning slowdown; the quadratic cost has.",
    part("The gradients that are compared.", "quadratic-cost-sigmoid", "quadratic-cost-softmax"),
    part(
        "Cross-entropy, where the output is confidently wrong: the gradient does not vanish.",
        "slowdown-softmax-target",
        "slowdown-softmax-winner",
    ),
    part(
        "The quadratic cost through a sigmoid, in the same place: it vanishes.",
        "slowdown-sigmoid-quadratic",
    ),
    part(
        "The quadratic cost through softmax: it vanishes.",
        "slowdown-softmax-quadratic",
        "slowdown-softmax-quadratic-winner",
    ),
)
row(
    "A10",
    "The derivative of an output by its own input, line by line.",
    "softmax-own-derivative",
)
row(
    "A11",
    "The derivative of softmax as a vector, one entry for each component.",
    "jacobian-is-not-diagonal",
)
