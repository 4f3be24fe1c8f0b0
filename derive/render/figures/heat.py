"""The Jacobian of softmax as a map of its entries."""

from __future__ import annotations

from typing import Any

from derive.render.figures.canvas import INK, QUIET, bare_axes, rounded
from derive.render.figures.registry import Data, Labels, drawing

LOGITS = (2.0, 1.5, 1.0, 0.5, 0.0, -1.0)
BELOW, ABOVE = (180, 83, 9), (31, 78, 121)  # orange and blue, the strongest shade of each


def jacobian_data() -> Data:
    import numpy as np

    from generated import softmax, softmax_jacobian

    z = np.array(LOGITS)
    return {"p": rounded(softmax(z)), "J": rounded(softmax_jacobian(z))}


@drawing(
    "figure-jacobian",
    caption="The Jacobian $\\partial p_i / \\partial z_j = p_i (\\delta_{ij} - p_j)$ at "
    "$z = (2, 1.5, 1, 0.5, 0, -1)$: positive on the diagonal (blue), negative off it (orange), "
    "symmetric, and every row and column adds up to zero.",
    alt="A square of six by six cells, one for each pair of a probability and a logit, with "
    "the number in each cell. The diagonal is positive, largest at the top; all others are "
    "negative, largest in size where both probabilities are large.",
    shown=("softmax-jacobian-matrix", "softmax-jacobian", "softmax-jacobian-cases",
           "softmax-jacobian-rows"),
    functions=("softmax", "softmax_jacobian"),
    data=jacobian_data,
    size=(4.9, 4.4),
)  # fmt: skip
def jacobian_figure(figure: Any, data: Data, labels: Labels) -> None:
    from matplotlib.patches import Rectangle

    axes = bare_axes(figure.add_axes((0.01, 0.01, 0.98, 0.98)))
    J, p = data["J"], data["p"]
    K = len(p)
    largest = max(abs(entry) for row in J for entry in row)
    for i, row in enumerate(J):
        for j, entry in enumerate(row):
            share = abs(entry) / largest
            color = shade(ABOVE if entry > 0 else BELOW, share)
            axes.add_patch(
                Rectangle((j, -i - 1), 1, 1, facecolor=color, edgecolor="white", linewidth=1.2)
            )
            ink = "white" if share > 0.6 else INK
            axes.text(j + 0.5, -i - 0.52, signed(entry), ha="center", va="center", color=ink,
                      fontsize=9.5)  # fmt: skip
        axes.text(-0.12, -i - 0.5, f"$p_{i + 1} = {p[i]:.2f}$", ha="right", va="center")
        axes.text(i + 0.5, 0.13, f"$z_{i + 1}$", ha="center")
    axes.text(-0.12, 0.13, r"$\partial p_i/\partial z_j$", ha="right", color=QUIET)
    axes.set_xlim(-1.5, K + 0.05)
    axes.set_ylim(-K - 0.05, 0.6)


def shade(strongest: tuple[int, int, int], share: float) -> str:
    """A colour between white and the strongest, as a share of the way."""
    return "#" + "".join(f"{round(255 + (c - 255) * share):02x}" for c in strongest)


def signed(number: float) -> str:
    """At three decimals, with a sign that is as wide as the digits beside it."""
    return f"{number:+.3f}".replace("-", "−")
