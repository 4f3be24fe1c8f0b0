"""Statements B: sigmoid, softplus, cross-entropy; softmax regression from the family."""

from __future__ import annotations

from derive.kernel.stated import part, row, section
from derive.notation import H, T, a, eta
from derive.topics.sigmoid import sigma, x
from derive.topics.softplus import zeta

section("B", "Sigmoid, softplus, cross-entropy; softmax regression from the exponential family")

row(
    "B1",
    "The sigmoid, and its range.",
    part("", "sigmoid-positive", defines=sigma(x)),
    part("It lies between 0 and 1.", "sigmoid-positive", "sigmoid-below-one"),
)
row("B2", "The derivative of the sigmoid in terms of itself.", "sigmoid-derivative")
row(
    "B3",
    "Softplus, its range, and its derivative: it is an antiderivative of the sigmoid.",
    part("", "softplus-slope", defines=zeta(x)),
    part("It is positive.", "softplus-positive"),
    part("", "softplus-slope"),
)
row(
    "B4",
    "Softmax maps to numbers between 0 and 1 with sum 1, and keeps their order.",
    part("", "softmax-positive", "softmax-sums-to-one"),
    part("Each output is below 1.", "softmax-below-one"),
    part("The order is kept.", "softmax-order", "softmax-order-strict"),
)
row(
    "B5",
    "For two inputs softmax is the sigmoid of their difference; with the second input 0 it is the "
    "sigmoid of the first.",
    "softmax-two-classes",
    "softmax-two-classes-logistic",
)
row(
    "B6",
    "Cross-entropy of two distributions, and that their order matters.",
    part("", "cross-entropy-gradient-probabilities", defines=H),
    part("", "cross-entropy-is-not-symmetric"),
)
row(
    "B7",
    "The derivative of cross-entropy by a predicted probability.",
    "cross-entropy-gradient-probabilities",
)
row("B8", "The derivative of an output by its own input.", "softmax-own-derivative")
row(
    "B9",
    "From that alone: the derivative of the loss is the output minus 1, times the label.",
    "chain-rule-cut-short",
)
row(
    "B10",
    "One trial with K outcomes: its statistic marks the outcome, and the mean of the statistic "
    "is the probability.",
    part("", "multinomial-statistic", defines=T),
    part("The statistic is 1 for the outcome, else 0.", "multinomial-statistic"),
    part("Its expectation.", "multinomial-log-partition-gradient", "multinomial-mean"),
)
row(
    "B11",
    "The distribution of one trial as a member of the exponential family.",
    part("", "multinomial-link", defines=eta),
    part("", "multinomial-exponential-family", defines=a),
    part("", "multinomial-exponential-family"),
    part("The log-partition in the natural parameters.", "multinomial-log-partition"),
)
row(
    "B12",
    "The response function: probabilities from natural parameters, by softmax.",
    "multinomial-inverse-link",
    "multinomial-softmax",
)
row(
    "B13",
    "With natural parameters that are linear in the features this is softmax regression.",
    "softmax-regression-response",
)
row(
    "B14",
    "Its log-likelihood over all examples, the gradient and the Hessian.",
    "multinomial-regression-likelihood",
    "multinomial-regression-gradient",
    "multinomial-regression-hessian",
)
