"""A blank figure and its bytes: the same for the same numbers, wherever it is drawn.

No date, no version, no identifier that is drawn by lot; the reader's own settings stay out.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

# Apart in hue for most eyes, and apart in brightness and in dashes on grey paper.
BLUE, ORANGE, GREEN = "#1f4e79", "#b45309", "#0f766e"
INK, QUIET, RULE, PAPER = "#1d2329", "#5c6670", "#dfe3e6", "#fdfdfb"
SOLID, DASHED, DOTTED = "-", (0, (6, 2)), (0, (1.2, 1.8))
DIGITS = 5  # of every sampled number
SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "derive",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "pdf.compression": 0,
    "path.simplify": False,
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 10.5,
    "lines.linewidth": 1.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
}
# Neither the day nor the version of Matplotlib.
UNSAID = {"svg": ("Creator", "Date"), "pdf": ("Creator", "Producer", "CreationDate")}


def drawn(draw: Any, size: tuple[float, float], format: str) -> bytes:
    """What ``draw`` puts on a figure of this size in inches, as "svg" or "pdf"."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings: Any = {**mpl.rcParamsDefault, "backend": mpl.get_backend(), **SETTINGS}
    with mpl.rc_context(settings):
        figure = Figure(figsize=size)
        draw(figure)
        # On a page of the site a card, on paper nothing.
        paper = PAPER if format == "svg" else "none"
        canvas = FigureCanvasSVG(figure) if format == "svg" else FigureCanvasPdf(figure)
        stream = BytesIO()
        metadata: Mapping[str, None] = dict.fromkeys(UNSAID[format])
        canvas.print_figure(stream, format=format, facecolor=paper, metadata=metadata)
    return stream.getvalue()


def rounded(values: Any, digits: int = DIGITS) -> Any:
    """Numbers as lists, so far rounded that every machine has the same; no negative zero."""
    import numpy as np

    return (np.round(np.asarray(values, dtype=float), digits) + 0.0).tolist()


def plain_axes(axes: Any) -> Any:
    """Axes with a fine grid, and no frame above or to the right."""
    axes.set_facecolor("none")
    axes.grid(color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes


def bare_axes(axes: Any) -> Any:
    """Axes of equal scale without anything drawn."""
    axes.set_facecolor("none")
    axes.set_aspect("equal")
    axes.set_axis_off()
    return axes
