"""The page about speed and accuracy: a run of the benchmarks, with its machine and date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from derive.errors import DeriveError
from derive.render.articles.blocks import Article, Heading, Words, runs, table

NAME = "speed-and-accuracy"
RECORD = "measured.json"
ROWS = 30  # of a table, so that it fits a page
STATEMENT = "The generated functions beside SciPy and PyTorch, in one run on one machine."
SPEED = (
    "Each ratio is the time of the other divided by ours, measured side by side on one thread; "
    "the mean is geometric, over shapes from 1 × 10 to 64 × 128256 in float32 and float64. PyTorch "
    "goes forward and backward. A pass is the time of `np.exp` alone over the same array, the "
    "practical limit."
)
ACCURACY = (
    "The largest error over a grid of inputs ({grid}), beside mpmath with 50 digits, in units of "
    "eps times what the error is measured against: the result where its terms do not cancel, the "
    "sum of their sizes where they do. The unavoidable rounding of z − max is taken off. At most 4 "
    "is what the tests ask of ours. A line shows float32 / float64; – where there is no such "
    "function, (NaN) where some results are NaN."
)
AGAIN = "`make bench` measures on your own machine and writes to `generated/docs/bench/`."


def measured(folder: Path) -> Article | None:
    """The page, where a run has been recorded. Raises DeriveError if the record is broken."""
    place = folder / RECORD
    if not place.is_file():
        return None
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        return _article(found)
    except (ValueError, KeyError, TypeError) as error:
        raise DeriveError(
            f"{place} is not a record of the benchmarks: {error}",
            hint="write it again: make bench, then python -m tests.bench.measured",
        ) from error


def _article(found: dict[str, Any]) -> Article:
    fast = [[f"`{r['function']}`", r["other"], r["mean"], r["least"], r["passes"]]
            for r in found["speed"]]  # fmt: skip
    good = [[f"`{r['function']}`", r["ours"], r["SciPy"], r["PyTorch"]] for r in found["accuracy"]]
    return Article(
        NAME,
        "Speed and accuracy",
        STATEMENT,
        (
            Words(runs(f"Measured on {found['date']}: {found['machine']}.")),
            Heading("Speed"),
            Words(runs(SPEED)),
            table(["function", "beside", "mean ratio", "least", "passes"], fast),
            Heading("Accuracy"),
            Words(runs(ACCURACY.format(grid=found["grid"]))),
            *(table(["function", "ours", "SciPy", "PyTorch"], good[n : n + ROWS])
              for n in range(0, len(good), ROWS)),
            Words(runs(AGAIN)),
        ),
    )
