"""Statements D and E: softmax loss; gradient and back-propagation of softmax."""

from __future__ import annotations

from derive.kernel.stated import part, row, section
from derive.notation import L, p

section("D", "Softmax loss")

row("D1", "The exponential is positive, and so are the probabilities.", "softmax-positive")
row(
    "D2",
    "Large inputs overflow; taking the same number off all of them changes nothing.",
    "softmax-shift-invariance",
)
row("D3", "Softmax of three inputs in numbers.", "rounded-too-early")
row(
    "D4",
    "The Jacobian by the quotient rule, in one line and in two cases.",
    "softmax-jacobian",
    "softmax-jacobian-cases",
)
row(
    "D5",
    "Softmax loss: minus the logarithm of one output, written with the inputs.",
    part("", "log-softmax"),
    part("For the class that is right.", "cross-entropy-label"),
)
row(
    "D6",
    "Cross-entropy, which for one-hot labels is the softmax loss.",
    part("", "cross-entropy-label", defines=L),
    part("", "label-log-likelihood"),
)
row(
    "D7",
    "The derivative of cross-entropy by an input, line by line, for any labels.",
    "cross-entropy-gradient",
)
row("D8", "It is output minus label.", "cross-entropy-gradient-normalised")

section("E", "Gradient and back-propagation of softmax")

row(
    "E1",
    "Softmax, between 0 and 1 and with sum 1.",
    part("", "softmax-positive", defines=p),
    part("", "softmax-positive", "softmax-below-one", "softmax-sums-to-one"),
)
row("E2", "Softmax of three inputs in numbers, once more.", "three-logits")
row("E3", "Softmax as one line of code.", "naive-softmax-overflows")
row(
    "E4",
    "The computational graph of softmax, forwards and backwards.",
    part(
        "The local derivative on each edge.",
        "graph-exponential",
        "graph-sum",
        "graph-quotient-numerator",
        "graph-quotient-denominator",
    ),
    part("Along all paths forwards.", "graph-forward"),
    part("Along all paths backwards.", "graph-backward", "graph-vector-jacobian"),
)
row(
    "E5",
    "What else there is to say of softmax.",
    part("Its relation to logistic regression.", "softmax-two-classes-logistic"),
    part("A strict derivation.", "softmax-jacobian"),
    part(
        "Hierarchical softmax sums to 1 over the leaves of any tree.",
        "hierarchical-softmax-sums-to-one",
    ),
    part(
        "The gradient of hierarchical softmax.",
        "hierarchical-softmax-gradient",
        "hierarchical-softmax-gradient-features",
    ),
    part("Classification with softmax, for instance of texts.", "training"),
)
