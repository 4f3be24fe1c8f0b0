"""The learning curve as SVG and as PDF: the same bytes for the same numbers, wherever it is drawn.

The numbers come in as powers of ten that are rounded already, so that drawing adds and multiplies
only; text is drawn as outlines of the font that Matplotlib carries; there is no date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

Lines = Mapping[str, Sequence[Sequence[float]]]

# Dark enough on paper, and apart in brightness too.
STYLES = {
    "gradient descent": {"color": "#b45309", "linestyle": "-", "marker": ""},
    "L-BFGS": {"color": "#1f4e79", "linestyle": "-", "marker": "."},
    "Newton": {"color": "#0f766e", "linestyle": "-", "marker": "o"},
}
LABELS = {"gradient descent": (130, -2.1), "L-BFGS": (19, -5.3), "Newton": (0.1, -6.7)}
LOWEST = -9  # the lowest power of ten in the picture
INK, RULE, PAPER = "#1d2329", "#dfe3e6", "#fdfdfb"
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "derive",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "pdf.compression": 0,
    "path.simplify": False,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "xtick.color": INK,
    "ytick.color": INK,
}


def power(exponent: int) -> str:
    """A power of ten as a label."""
    return "1" if exponent == 0 else "10" + str(exponent).translate(SUPERSCRIPT)


def _place(n: float) -> float:
    """Where an iteration stands: by its number, and closer together further on."""
    return float(round((n + 1) ** 0.3, 6))


def learning_curve(lines: Lines, format: str) -> bytes:
    """The picture, as "svg" or "pdf". Iteration 0 is where all methods start."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # The reader's own settings of Matplotlib stay out.
    settings: Any = {**mpl.rcParamsDefault, "backend": mpl.get_backend(), **SETTINGS}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(6.4, 3.6), facecolor=PAPER)
        axes = figure.add_axes((0.11, 0.14, 0.86, 0.82), facecolor=PAPER)
        _draw(axes, lines)
        canvas = FigureCanvasSVG(figure) if format == "svg" else FigureCanvasPdf(figure)
        stream = BytesIO()
        # Neither the day nor the version of Matplotlib.
        fields = ("Creator", "Date") if format == "svg" else ("Creator", "Producer", "CreationDate")
        canvas.print_figure(stream, format=format, facecolor=PAPER, metadata=dict.fromkeys(fields))
    return stream.getvalue()


def _draw(axes: Any, lines: Lines) -> None:
    for name, points in lines.items():
        style = STYLES[name]
        axes.plot([_place(n) for n, _ in points], [y for _, y in points],
                  linewidth=1.4, markersize=4, **style)  # fmt: skip
        at, level = LABELS[name]
        axes.text(_place(at), level, name, color=style["color"])
    last = max(points[-1][0] for points in lines.values())
    ticks = [n for n in (0, 1, 3, 10, 30, 100, 300, 1000) if n <= last]
    axes.set_xticks([_place(n) for n in ticks], [str(n) for n in ticks])
    levels = range(LOWEST + LOWEST % 2, 1, 2)
    axes.set_yticks(list(levels), [power(n) for n in levels])
    axes.set_xlim(_place(-0.3), _place(last) * 1.02)
    axes.set_ylim(LOWEST, 0.6)
    axes.grid(color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.set_xlabel("iteration")
    axes.set_ylabel("loss above its minimum")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
