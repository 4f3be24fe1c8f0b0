"""The gradient against the error: where the quadratic cost learns slowly."""

from __future__ import annotations

from typing import Any

from derive.render.figures.canvas import BLUE, DASHED, ORANGE, SOLID, plain_axes, rounded
from derive.render.figures.registry import Data, Labels, drawing


def slowdown_data() -> Data:
    import numpy as np

    from generated import (
        binary_cross_entropy_with_logits_gradient,
        quadratic_cost_sigmoid_gradient,
        quadratic_cost_softmax_gradient,
        sigmoid,
        softmax,
        softmax_cross_entropy_gradient,
    )

    x = np.linspace(-9, 9, 121)  # the target is 0, so that the output is the error
    z = np.stack([-x, x, 0 * x], axis=-1)  # the target is the first of three classes
    y = np.broadcast_to([1.0, 0.0, 0.0], z.shape)
    found = {
        "sigmoid": (
            sigmoid(x),
            binary_cross_entropy_with_logits_gradient(x, 0 * x),
            quadratic_cost_sigmoid_gradient(x, 0 * x),
        ),
        "softmax": (
            1 - softmax(z)[:, 0],
            softmax_cross_entropy_gradient(z, y)[:, 0],
            quadratic_cost_softmax_gradient(z, y)[:, 0],
        ),
    }
    return {name: [rounded(np.abs(part)) for part in parts] for name, parts in found.items()}


@drawing(
    "figure-learning-slowdown",
    caption="The size of the gradient by the logit of the target against the error. Left: one "
    "sigmoid $a = \\sigma(z)$ with target $0$. Right: softmax with logits $z = (-t, t, 0)$ and the "
    "first class as target. With cross-entropy the gradient is the error itself; with the "
    "quadratic cost it vanishes where the output is confidently wrong.",
    alt="Two panels with the error from 0 to 1 across and the size of the gradient upwards. In "
    "both, cross-entropy is the straight diagonal from 0 to 1, and the quadratic cost is a low "
    "hump that returns to 0 as the error approaches 1.",
    shown=(
        "quadratic-cost-sigmoid", "quadratic-cost-softmax", "binary-cross-entropy-gradient",
        "cross-entropy-gradient-normalised",
        "slowdown-sigmoid-quadratic", "slowdown-sigmoid-cross-entropy",
        "slowdown-softmax-quadratic", "slowdown-softmax-target",
    ),
    functions=(
        "sigmoid", "softmax", "binary_cross_entropy_with_logits_gradient",
        "quadratic_cost_sigmoid_gradient", "quadratic_cost_softmax_gradient",
        "softmax_cross_entropy_gradient",
    ),
    data=slowdown_data,
    size=(6.2, 3.0),
)  # fmt: skip
def slowdown_figure(figure: Any, data: Data, labels: Labels) -> None:
    across = {"sigmoid": "error $a$", "softmax": "error $1 - p_1$"}
    upwards = {"sigmoid": r"$|\partial C/\partial z|$", "softmax": r"$|\partial C/\partial z_1|$"}
    for place, (name, (error, entropy, quadratic)) in enumerate(data.items()):
        axes = plain_axes(figure.add_axes((0.085 + 0.505 * place, 0.155, 0.40, 0.75)))
        axes.plot(error, entropy, color=BLUE, linestyle=SOLID)
        axes.plot(error, quadratic, color=ORANGE, linestyle=DASHED)
        axes.text(0.50, 0.60, "cross-entropy", color=BLUE, ha="right")
        axes.text(0.66, max(quadratic) + 0.03, "quadratic", color=ORANGE, ha="center")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
        axes.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
        axes.set_title(name, fontsize=10.5, loc="left")
        axes.set_xlabel(across[name], labelpad=1)
        axes.set_ylabel(upwards[name], labelpad=2)
