"""`python -m tests.bench.accuracy`: the worst errors of ours, SciPy's and PyTorch's side by side.

Each function is measured on the grid of tests/reference/grid.py against mpmath at 50 digits. An
error is given in quarters of its budget, which is eps · size where nothing else is unavoidable: the
floor for ours is 4. What another library does not have is left empty. The report is written to
generated/docs/bench/: accuracy.md, accuracy.json and, if matplotlib is there, accuracy.svg.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is loaded

import argparse
import datetime
import json
import platform
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from tests.reference import FLOOR, grid
from tests.reference.arguments import FUNCTIONS, is_entrywise, is_row
from tests.reference.others import others

PLACE = Path(__file__).parents[2] / "generated" / "docs" / "bench"
LIBRARIES = {"ours": "derive", "SciPy": "scipy", "PyTorch": "torch"}
TYPES = (np.dtype(np.float32), np.dtype(np.float64))
SQUARE = ("jacobian", "hessian", "hessian_labels", "hessian_symmetric")


@dataclass
class Worst:
    """The worst error over the rows of the grid, and how many of them were NaN or infinite."""

    error: float = 0.0
    rows: int = 0
    lost: int = 0

    def add(self, error: float) -> None:
        self.rows += 1
        if np.isfinite(error):
            self.error = max(self.error, float(error))
        else:
            self.lost += 1

    def __str__(self) -> str:
        if not self.rows:
            return ""
        number = f"{self.error:.2f}" if self.error < 100 else f"{self.error:.1e}"
        return number + (f", NaN in {100 * self.lost / self.rows:.2g} %" if self.lost else "")


def processor() -> str:
    """The name of the processor."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def cases(name: str, dtype: Any, quick: bool) -> Iterator[grid.Case]:
    """The grid of a function; the whole of it has more numbers, longer rows and very long ones."""
    short = not is_row(FUNCTIONS[name]) or name.endswith(SQUARE)
    sizes = (1, 2, 3, 10) if quick or short else (*grid.SIZES, 300)
    for seed in (7,) if quick else (7, 8, 9):
        yield from grid.cases(name, dtype, sizes, 0 if quick or short else grid.LONG, seed)


def call(library: str, name: str) -> Callable[[grid.Case], tuple[Any, ...]] | None:
    """A function of a library for a case of the grid."""
    if library == "ours":
        return lambda case: grid.call(FUNCTIONS[name], case)
    other = others(LIBRARIES[library]).get(name)
    if other is None:
        return None
    single = not is_row(FUNCTIONS[name]) and not is_entrywise(FUNCTIONS[name])

    def made(case: grid.Case) -> tuple[Any, ...]:
        given = {n: a[0] if single else a for n, a in case.full().items()}
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            result = other(**given, **case.options)
        parts = result if isinstance(result, tuple) else (result,)
        return tuple(np.asarray(p)[None] if single else np.asarray(p) for p in parts)

    return made


def measure(name: str, dtype: Any, quick: bool) -> dict[str, Worst]:
    """The worst errors of the libraries that have a function."""
    calls = {library: call(library, name) for library in LIBRARIES}
    found = {library: Worst() for library in LIBRARIES}
    for case in cases(name, dtype, quick):
        for library, one in calls.items():
            if one is None:
                continue
            try:
                got = one(case)
            except TypeError:
                continue  # an option that the library does not have
            except (RuntimeError, ValueError, FloatingPointError):
                if library == "ours":
                    raise
                continue  # an argument that it refuses, such as a column of no classes
            for error in grid.errors(name, case, got, dtype):
                found[library].add(error)
    return found


def versions() -> str:
    """Of everything that took part."""
    known = [f"Python {platform.python_version()}"]
    for package in ("numpy", "scipy", "torch", "mpmath"):
        try:
            known.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(known)


def figure(rows: Sequence[dict[str, Any]], place: Path) -> bool:
    """Draw the table, one panel a type; what is NaN stands at the right edge."""
    if find_spec("matplotlib") is None:
        return False
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "accuracy"
    names = sorted({r["function"] for r in rows}, reverse=True)
    drawn, panels = plt.subplots(1, 2, figsize=(10, 1.2 + 0.22 * len(names)), sharey=True)
    edge = 1e18
    for panel, dtype in zip(panels, TYPES, strict=True):
        for (library, mark), shift in zip(
            {"ours": "o", "SciPy": "s", "PyTorch": "^"}.items(), (0.2, 0, -0.2), strict=True
        ):
            some = [r for r in rows if r["type"] == str(dtype) and r[library]["rows"]]
            x = [edge if r[library]["lost"] else max(r[library]["error"], 0.1) for r in some]
            y = [names.index(r["function"]) + shift for r in some]
            panel.plot(x, y, mark, label=library, markersize=4)
        panel.axvline(FLOOR, color="0.6", linewidth=0.8)
        panel.set(xscale="log", xlim=(0.08, edge * 3), title=str(dtype))
        panel.set_xlabel("worst error (floor: 4; NaN at the right edge)")
        panel.grid(axis="y", color="0.92")
        panel.set_axisbelow(True)
    panels[0].set_yticks(range(len(names)), names, fontsize=7)
    panels[1].legend(loc="lower right", fontsize=8)
    drawn.tight_layout()
    drawn.savefig(place, metadata={"Date": None})
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="short rows and one set of numbers")
    parser.add_argument("functions", nargs="*", help="all if none is given")
    chosen = parser.parse_args()
    lines = [
        "# Worst errors beside SciPy and PyTorch", "",
        f"{datetime.date.today()}, {processor()}, {versions()}"
        f"{'; a quick run' if chosen.quick else ''}. In quarters of the budget, which is "
        "4 · eps · size plus what is unavoidable: at most 4 is within the floor.", "",
        "| function | type | ours | SciPy | PyTorch |", "|---|---|---:|---:|---:|",
    ]  # fmt: skip
    print("\n".join(lines), flush=True)
    rows: list[dict[str, Any]] = []
    for name in chosen.functions or FUNCTIONS:
        for dtype in TYPES:
            found = measure(name, dtype, chosen.quick)
            cells = " | ".join(str(found[library]) for library in LIBRARIES)
            lines.append(f"| {name} | {dtype} | {cells} |")
            print(lines[-1], flush=True)
            rows.append({"function": name, "type": str(dtype)} | {
                library: vars(worst) for library, worst in found.items()
            })  # fmt: skip
    PLACE.mkdir(parents=True, exist_ok=True)
    if figure(rows, PLACE / "accuracy.svg"):
        lines += ["", "![Worst errors](accuracy.svg)"]
    (PLACE / "accuracy.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    about = {"date": str(datetime.date.today()), "machine": processor(), "versions": versions(),
             "quick": chosen.quick, "floor": FLOOR, "rows": rows}  # fmt: skip
    (PLACE / "accuracy.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"written to {PLACE}")
    missed = [r for r in rows if r["ours"]["lost"] or r["ours"]["error"] > FLOOR]
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
