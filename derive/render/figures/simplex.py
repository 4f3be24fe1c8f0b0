"""Softmax against the temperature, as paths in the triangle of three probabilities."""

from __future__ import annotations

from typing import Any

from derive.render.figures.canvas import (
    BLUE,
    DASHED,
    INK,
    ORANGE,
    QUIET,
    RULE,
    SOLID,
    bare_axes,
    rounded,
)
from derive.render.figures.registry import Data, Labels, drawing

UNIQUE, TIE = (2.0, 1.0, 0.0), (1.0, 1.0, 0.0)
MARKED = (4.0, 1.0, 0.5)
HEIGHT = 0.75**0.5
CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.5, HEIGHT))


def temperature_data() -> Data:
    import numpy as np

    from generated import softmax

    # From nearly infinite to nearly zero, and evenly along the path.
    tau = 1 / np.concatenate([np.linspace(0.001, 4, 60), np.linspace(4.2, 16, 30)])
    found: Data = {}
    for name, z in (("unique", UNIQUE), ("tie", TIE)):
        many = np.broadcast_to(z, (len(tau), 3))
        path = softmax(many, temperature=tau)
        marks = softmax(np.broadcast_to(z, (len(MARKED), 3)), temperature=np.array(MARKED))
        found[name] = {"path": rounded(path), "marks": rounded(marks)}
    return found


def place(p: Any) -> tuple[float, float]:
    """Where a vector of three probabilities lies in the triangle."""
    x, y = (round(sum(w * c[n] for w, c in zip(p, CORNERS, strict=True)), 6) for n in (0, 1))
    return x, y


@drawing(
    "figure-temperature",
    caption="The probabilities $p = \\operatorname{softmax}(z/\\tau)$ of three classes as the "
    "temperature falls. Each corner is one class for certain. From the middle, where "
    "$\\tau$ is large, the path of $z = (2, 1, 0)$ ends in the corner of its only maximum; that of "
    "$z = (1, 1, 0)$, where two are equal, ends halfway between them.",
    alt="A triangle whose corners are the three classes. Both paths start at its centre. The path "
    "for logits 2, 1, 0 bends towards the first corner and reaches it; the path for logits "
    "1, 1, 0 runs straight to the middle of the edge between the first and the second corner. "
    "Points mark the temperatures 4, 1 and one half.",
    shown=(
        "temperature-softmax", "temperature-derivative", "temperature-jacobian",
        "temperature-limit-winner", "temperature-limit-tie-winner", "temperature-limit-high",
    ),
    functions=("softmax",),
    data=temperature_data,
    size=(5.4, 4.3),
)
def temperature_figure(figure: Any, data: Data, labels: Labels) -> None:
    axes = bare_axes(figure.add_axes((0.02, 0.02, 0.96, 0.96)))
    for level in (0.25, 0.5, 0.75):
        for n in range(3):
            _line(axes, [_mixed(n, level, (n + 1) % 3), _mixed(n, level, (n + 2) % 3)], RULE, 0.6)
    _line(axes, [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)], INK, 0.9)
    styles = {"unique": (BLUE, SOLID, (0, 7)), "tie": (ORANGE, DASHED, (6, -3))}
    for name, (color, dashes, (right, up)) in styles.items():
        xs, ys = zip(*map(place, data[name]["path"]), strict=True)
        axes.plot(xs, ys, color=color, linestyle=dashes)
        for tau, p in zip(MARKED, data[name]["marks"], strict=True):
            axes.plot(*place(p), marker="o", markersize=4, color=color)
            axes.annotate(
                _number(tau), place(p), (right, up), textcoords="offset points", color=color,
                fontsize=9, ha="center" if name == "unique" else "left",
            )  # fmt: skip
    axes.plot(*place((1 / 3, 1 / 3, 1 / 3)), marker="o", markersize=5, color=INK)
    axes.text(0.5, HEIGHT / 3 + 0.03, r"$\tau \to \infty$", ha="center", color=INK)
    axes.text(0.10, 0.19, "$z = (2, 1, 0)$", color=BLUE, ha="right")
    axes.text(0.60, 0.10, "$z = (1, 1, 0)$", color=ORANGE)
    axes.text(-0.02, -0.05, "$p_1 = 1$", ha="right", color=QUIET)
    axes.text(1.02, -0.05, "$p_2 = 1$", ha="left", color=QUIET)
    axes.text(0.5, HEIGHT + 0.025, "$p_3 = 1$", ha="center", color=QUIET)
    axes.set_xlim(-0.17, 1.17)
    axes.set_ylim(-0.1, HEIGHT + 0.08)


def _mixed(main: int, share: float, other: int) -> list[float]:
    p = [0.0, 0.0, 0.0]
    p[main], p[other] = share, 1 - share
    return p


def _line(axes: Any, points: Any, color: str, width: float) -> None:
    xs, ys = zip(*map(place, points), strict=True)
    axes.plot(xs, ys, color=color, linewidth=width, solid_joinstyle="round")


def _number(tau: float) -> str:
    return rf"${tau:g}$"
