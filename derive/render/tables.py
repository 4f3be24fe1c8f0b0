"""How wide the columns of a table in an article are on paper."""

from __future__ import annotations

from collections.abc import Sequence

from derive.render.articles.blocks import Code, Runs, Table
from derive.render.styles import visible

SHORT = 26  # signs: a longer cell is text that may be broken
ROWS = 30  # more do not go on one page
FULL = 0.97  # of the line, less the room between the columns
BETWEEN = 0.025


def is_text(table: Table) -> bool:
    """Whether cells are sentences, or the rows too many for one page."""
    cells = [cell for row in table.rows for cell in row[1:]]
    return len(table.rows) > ROWS or any(length(cell) > SHORT for cell in cells)


def widths(table: Table) -> list[float]:
    """Shares of the line: by the text, but never less than the longest piece takes."""
    columns = list(zip(*(table.head, *table.rows), strict=True))
    wanted = [min(60, max(map(length, column))) + 2 for column in columns]
    least = [max(map(longest, column)) + 2 for column in columns]
    room = FULL - BETWEEN * (len(columns) - 1)
    shares = [wish / sum(wanted) for wish in wanted]
    # Signs on a line of small type.
    needed = [min(0.5, n / 100) for n in least]
    short = [need > share for need, share in zip(needed, shares, strict=True)]
    left = 1 - sum(n for n, s in zip(needed, short, strict=True) if s)
    others = sum(share for share, s in zip(shares, short, strict=True) if not s) or 1
    settled = [
        need if s else share * left / others
        for need, share, s in zip(needed, shares, short, strict=True)
    ]
    return [round(room * share / sum(settled), 4) for share in settled]


def length(cell: Runs) -> int:
    """About how many signs a cell shows."""
    return sum(_signs(run) for run in cell)


def longest(cell: Runs) -> int:
    """About how many signs stand together without a place to break."""
    return max((max(_pieces(run), default=0) for run in cell), default=0)


def _pieces(run: object) -> Sequence[int]:
    return [len(w) for w in run.split()] if isinstance(run, str) else [_signs(run)]


def _signs(run: object) -> int:
    if isinstance(run, str):
        return len(run)
    return len(run.text) if isinstance(run, Code) else visible(getattr(run, "latex", ""))
