"""The computational graph of softmax, forwards and backwards.

The derivatives on its edges are the results of derivations; nothing of them is written here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from derive.errors import DeriveError
from derive.render.figures.canvas import BLUE, DASHED, INK, ORANGE, QUIET, bare_axes
from derive.render.figures.registry import Data, Labels, drawing

EXPONENTIAL, SUM = "graph-exponential", "graph-sum"
NUMERATOR, DENOMINATOR = "graph-quotient-numerator", "graph-quotient-denominator"
BACKWARD = "graph-backward"
RADIUS = 0.27
NODES = {
    "z_{i}": (0.0, 1.5), "u_{i}": (1.9, 1.5), "z_{k}": (0.0, 0.0), "u_{k}": (1.9, 0.0),
    "s": (3.6, 0.0), "p_{i}": (5.2, 1.5),
}  # fmt: skip
OPERATIONS = {"u_{i}": r"\exp", "u_{k}": r"\exp", "s": r"\sum_{k}", "p_{i}": r"u_{i} / s"}


@dataclass(frozen=True)
class Edge:
    """From one node to another; its derivative is that of a derivation, with k renamed.

    ``aside`` is how far the derivative stands from the middle of the edge.
    """

    start: str
    end: str
    label: str
    aside: tuple[float, float]
    index: str = "k"


EDGES = (
    Edge("z_{i}", "u_{i}", EXPONENTIAL, (0, 0.27), "i"),
    Edge("z_{k}", "u_{k}", EXPONENTIAL, (0, 0.27)),
    Edge("u_{i}", "s", SUM, (0.42, 0.17), "i"),
    Edge("u_{k}", "s", SUM, (0, -0.3)),
    Edge("u_{i}", "p_{i}", NUMERATOR, (0, 0.28)),
    Edge("s", "p_{i}", DENOMINATOR, (0.52, -0.16)),
)


@drawing(
    "figure-computational-graph",
    caption="The computational graph of softmax, $z \\to u = e^z \\to s = \\sum_k u_k \\to "
    "p = u / s$, for one output $i$ and any other input $k$. Above, forwards, each edge "
    "with its local derivative. Below, backwards: the gradient that arrives at the end of an edge "
    "is multiplied by the derivative, and where edges meet the products are added.",
    alt="Two drawings of one graph with the nodes z, u, s and p. Forwards: z i leads to u i and "
    "z k to u k by the exponential, both u lead to the sum s, and u i and s lead to the quotient "
    "p i; each edge bears its derivative. Backwards: the same edges with the arrows reversed, each "
    "with the factor by which the gradient is multiplied, from p i to z i and z k.",
    shown=(BACKWARD, EXPONENTIAL, SUM, NUMERATOR, DENOMINATOR),
    labels=(EXPONENTIAL, SUM, NUMERATOR, DENOMINATOR, BACKWARD),
    size=(6.3, 5.2),
)
def graph_figure(figure: Any, data: Data, labels: Labels) -> None:
    for bottom, backwards in ((0.54, False), (0.09, True)):
        axes = bare_axes(figure.add_axes((0.01, bottom, 0.98, 0.45)))
        axes.text(-0.35, 2.12, "backwards" if backwards else "forwards", color=QUIET)
        for node, (x, y) in NODES.items():
            _node(axes, node, x, y)
        for edge in EDGES:
            formula = renamed(labels[edge.label], edge.index)
            shown = rf"\times\,{result(formula)}" if backwards else formula
            _edge(axes, edge, shown, backwards)
        if backwards:
            _gradient_in(axes)
        axes.set_xlim(-0.4, 6.1)
        axes.set_ylim(-0.55, 2.3)
    figure.text(0.5, 0.045, set_large(labels[BACKWARD]), ha="center", va="center")


def result(formula: str) -> str:
    """The right side of an equation. Raises DeriveError for anything else."""
    left, sign, right = formula.partition(" = ")
    if not (left and sign and right):
        raise DeriveError(f"the graph wants a derivative with its value, and not {formula}")
    return right if not re.match(r"\s*-", right) else rf"\left({right}\right)"


def renamed(formula: str, index: str) -> str:
    """What holds for every k, for another index."""
    found = re.sub(r"(?<![A-Za-z\\])k(?![A-Za-z])", index, formula)
    return re.sub(r"\\delta_\{([a-z])([a-z])\}", lambda m: _delta(m, index), found)


def _delta(found: re.Match[str], index: str) -> str:
    letters = sorted(index if letter == "k" else letter for letter in found.groups())
    return rf"\delta_{{{''.join(letters)}}}"


def set_large(formula: str) -> str:
    """A formula for Matplotlib, its fractions as large as on a line of their own."""
    return "$" + formula.replace(r"\frac", r"\dfrac") + "$"


def _node(axes: Any, name: str, x: float, y: float) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle((x, y), RADIUS, facecolor="white", edgecolor=INK, linewidth=1))
    axes.text(x, y - 0.01, f"${name}$", ha="center", va="center", fontsize=12)
    if name in OPERATIONS:
        above = y > 1
        axes.text(x, y + (0.36 if above else -0.36), f"${OPERATIONS[name]}$", color=QUIET,
                  ha="center", va="bottom" if above else "top", fontsize=9)  # fmt: skip


def _edge(axes: Any, edge: Edge, formula: str, backwards: bool) -> None:
    start, end = NODES[edge.start], NODES[edge.end]
    color = ORANGE if backwards else BLUE
    first, last = (end, start) if backwards else (start, end)
    _arrow(axes, first, last, color, DASHED if backwards else "-")
    x, y = ((a + b) / 2 + move for a, b, move in zip(start, end, edge.aside, strict=True))
    axes.text(x, y, set_large(formula), ha="center", va="center", color=color, fontsize=9.5)


def _arrow(axes: Any, start: Any, end: Any, color: str, dashes: Any) -> None:
    from matplotlib.patches import FancyArrowPatch

    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    right, up = (RADIUS * 1.15 * (b - a) / length for a, b in zip(start, end, strict=True))
    near = round(start[0] + right, 6), round(start[1] + up, 6)
    far = round(end[0] - right, 6), round(end[1] - up, 6)
    axes.add_patch(
        FancyArrowPatch(near, far, arrowstyle="-|>", mutation_scale=9, color=color, linewidth=1.1,
                        linestyle=dashes, shrinkA=0, shrinkB=0)
    )  # fmt: skip


def _gradient_in(axes: Any) -> None:
    """The gradient of whatever loss stands behind the graph."""
    x, y = NODES["p_{i}"]
    _arrow(axes, (x + 1.15, y), (x, y), ORANGE, DASHED)
    axes.text(x + 0.66, y + 0.28, r"$\partial L / \partial p_{i}$", color=ORANGE, ha="center",
              va="center")  # fmt: skip
