"""Statements X: what a reader expects next."""

from __future__ import annotations

from derive.kernel.stated import part, row, section

section("X", "Beyond the sources")

row("X1", "Log-softmax and its Jacobian.", "log-softmax", "log-softmax-jacobian")
row(
    "X2",
    "Log-sum-exp: its gradient is softmax, and it is a smooth maximum.",
    part("Gradient and Hessian.", "log-sum-exp-gradient", "log-sum-exp-hessian"),
    part("The vector of ones is in the null space.", "softmax-jacobian-rows"),
    part("The Hessian is positive semidefinite.", "log-sum-exp-semidefinite"),
    part("It is flat along that vector alone: its rank is K − 1.", "log-sum-exp-definite"),
    part(
        "Log-sum-exp lies between the maximum and the maximum plus the logarithm of K.",
        "log-sum-exp-above-maximum",
        "log-sum-exp-below-bound",
    ),
)
row(
    "X3",
    "Products of the Jacobians with a vector, without the matrix.",
    "softmax-jvp",
    "softmax-vjp",
    "log-softmax-jvp",
    "log-softmax-vjp",
)
row(
    "X4",
    "The Hessian of cross-entropy, for any targets.",
    "cross-entropy-hessian",
    "cross-entropy-hessian-matrix",
)
row("X5", "Temperature.", "temperature-jacobian", "temperature-derivative")
row(
    "X6",
    "Label smoothing: its gradient, and its loss as a mixture.",
    "label-smoothing-gradient",
    "label-smoothing-mixture",
)
row(
    "X7",
    "The Kullback–Leibler divergence.",
    part("", "cross-entropy-decomposition", "kl-divergence-softmax-gradient"),
    part("It is never negative.", "kl-divergence-nonnegative"),
)
row(
    "X8",
    "Binary cross-entropy from logits; softmax cross-entropy of two classes is the same.",
    "binary-cross-entropy",
    "binary-cross-entropy-gradient",
    "binary-cross-entropy-two-classes",
)
row(
    "X9",
    "The hyperbolic tangent and the sigmoid; the logarithm of the sigmoid.",
    "tanh-sigmoid",
    "tanh-derivative",
    "log-sigmoid",
)
row("X10", "The entropy of softmax, and its gradient.", "entropy-softmax-gradient")
row(
    "X11",
    "The multinomial distribution with N trials as a family.",
    "multinomial-trials",
    "multinomial-log-partition",
)
row(
    "X12",
    "The gradient of the log-partition is the mean, its Hessian the covariance.",
    part("With K − 1 parameters.", "multinomial-mean", "multinomial-covariance"),
    part(
        "With K parameters the link is fixed only up to a constant, and the covariance is "
        "singular.",
        "multinomial-symmetric-mean",
        "multinomial-symmetric-covariance",
        "multinomial-symmetric-singular",
    ),
)
row(
    "X13",
    "Another reference class.",
    "multinomial-change-reference",
    "multinomial-change-reference-partition",
    "multinomial-change-reference-outcome",
)
row("X14", "The divergence of two members as a Bregman divergence.", "multinomial-bregman")
row(
    "X15",
    "The Hessian of softmax regression.",
    part("As an array with four indices.", "softmax-regression-hessian"),
    part(
        "As a matrix, for both ways of flattening the weights.",
        "softmax-regression-hessian-columns",
        "softmax-regression-hessian-rows",
    ),
    part("It is positive semidefinite: the loss is convex.", "softmax-regression-convex"),
)
row(
    "X16",
    "The four equations of back-propagation.",
    "backpropagation-output",
    "backpropagation-hidden",
    "backpropagation-biases",
    "backpropagation-weights",
)
row("X17", "The gradient of the focal loss.", "focal-loss-derivative")
