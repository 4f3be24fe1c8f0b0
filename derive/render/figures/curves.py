"""Functions of one variable: sigmoid, softplus and tanh; log-sum-exp beside the maximum."""

from __future__ import annotations

from typing import Any

from derive.render.figures.canvas import (
    BLUE,
    DASHED,
    DOTTED,
    GREEN,
    INK,
    ORANGE,
    QUIET,
    SOLID,
    plain_axes,
    rounded,
)
from derive.render.figures.registry import Data, Labels, drawing


def sigmoid_data() -> Data:
    import numpy as np

    from generated import sigmoid, softplus

    x = np.linspace(-6, 6, 121)
    # tanh x = 2σ(2x) − 1, as derived.
    curves = {"sigmoid": sigmoid(x), "softplus": softplus(x), "tanh": 2 * sigmoid(2 * x) - 1}
    return {"x": rounded(x), **{name: rounded(y) for name, y in curves.items()}}


@drawing(
    "figure-sigmoid",
    caption="The sigmoid $\\sigma(x)$, its antiderivative softplus $\\zeta(x)$, and "
    "$\\tanh x = 2\\sigma(2x) - 1$. Softplus approaches $0$ on the left and $x$ on the right.",
    alt="Three curves against x from −6 to 6. The sigmoid rises from 0 through one half at x = 0 "
    "to 1. The hyperbolic tangent rises from −1 through 0 to 1. Softplus rises from 0 through "
    "log 2 and approaches the line y = x.",
    shown=("sigmoid-derivative", "sigmoid-symmetry", "softplus-slope", "tanh-sigmoid"),
    functions=("sigmoid", "softplus"),
    data=sigmoid_data,
    size=(6.2, 3.3),
)
def sigmoid_figure(figure: Any, data: Data, labels: Labels) -> None:
    axes = plain_axes(figure.add_axes((0.06, 0.13, 0.92, 0.84)))
    axes.plot([0, 4], [0, 4], color=QUIET, linewidth=0.8, linestyle=DOTTED)
    for level in (-1, 1):
        axes.plot([-6, 6], [level, level], color=QUIET, linewidth=0.8, linestyle=DOTTED)
    styles = {"softplus": (ORANGE, DASHED), "sigmoid": (BLUE, SOLID), "tanh": (GREEN, (0, (3, 1)))}
    for name, (color, dashes) in styles.items():
        axes.plot(data["x"], data[name], color=color, linestyle=dashes)
    axes.text(2.15, 2.75, r"$\zeta(x)$", color=ORANGE, ha="right")
    axes.text(-1.45, 0.42, r"$\sigma(x)$", color=BLUE, ha="right")
    axes.text(0.25, -0.5, r"$\tanh x$", color=GREEN, ha="left")
    axes.text(3.35, 3.0, "$y = x$", color=QUIET, fontsize=9.5)
    axes.set_xlim(-6, 6)
    axes.set_ylim(-1.25, 4)
    axes.set_xlabel("$x$", labelpad=1)


def maximum_data() -> Data:
    import numpy as np

    from generated import logsumexp

    x = np.linspace(-5, 5, 101)
    return {"x": rounded(x), "lse": rounded(logsumexp(np.stack([x, 0 * x], axis=-1)))}


@drawing(
    "figure-log-sum-exp",
    caption="Log-sum-exp as a soft maximum: $\\log(e^x + e^0)$ lies above $\\max(x, 0)$ by "
    "at most $\\log 2$, which it reaches where the two are equal. For $K$ numbers it is $\\log K$.",
    alt="Against x from −5 to 5: the maximum of x and 0 has a corner at the origin; log-sum-exp "
    "of x and 0 is a smooth curve above it. A band of height log 2 above the maximum contains the "
    "curve, which touches the top of the band at x = 0 only.",
    shown=(
        "log-sum-exp-gradient", "log-sum-exp-above-maximum", "log-sum-exp-below-bound",
    ),
    functions=("logsumexp",),
    data=maximum_data,
    size=(6.2, 3.2),
)
def maximum_figure(figure: Any, data: Data, labels: Labels) -> None:
    axes = plain_axes(figure.add_axes((0.06, 0.13, 0.92, 0.84)))
    top = data["lse"][data["x"].index(0.0)]  # log 2
    corner = [(-5, 0), (0, 0), (5, 5)]
    x, low = zip(*corner, strict=True)
    axes.fill_between(x, low, [y + top for y in low], color=BLUE, alpha=0.13, linewidth=0)
    axes.plot(x, low, color=INK, linestyle=DASHED, linewidth=1.1)
    axes.plot(data["x"], data["lse"], color=ORANGE)
    axes.plot([0], [top], marker="o", markersize=4, color=ORANGE)
    axes.annotate(
        "", (-3.5, top), (-3.5, 0),
        arrowprops={"arrowstyle": "<->", "color": BLUE, "lw": 0.8, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    axes.text(-3.4, top / 2, r"$\log 2$", color=BLUE, va="center")
    axes.text(1.1, 2.25, r"$\log(e^{x} + e^{0})$", color=ORANGE, ha="right")
    axes.text(2.9, 2.45, r"$\max(x, 0)$", color=INK)
    axes.set_xlim(-5, 5)
    axes.set_ylim(-0.4, 5)
    axes.set_xlabel("$x$", labelpad=1)
