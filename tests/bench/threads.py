"""`python -m tests.bench.threads`: one thread beside two, over blocks of rows into one array.

The calls take turns and the shortest time of each counts. The ratio is 2 where two cores share the
work without loss; memory that both wait for, and a busy machine, make it smaller. The report is
also written to generated/docs/bench/threads.md.
"""

import datetime
import platform
import runpy
from pathlib import Path

import numpy as np

from tests.bench.speed import SHAPES, processor, shortest

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "generated" / "docs" / "bench" / "threads.md"
PROGRAM = runpy.run_path(str(ROOT / "templates" / "programs" / "threads.py"))
LARGE = [shape for shape in SHAPES if shape[0] * shape[1] >= 10**6]
BLOCK = 1 << 17  # entries of a block of rows
SECONDS = 2.0


def measure(z: np.ndarray, seconds: float = SECONDS) -> list[float]:
    """Seconds with one thread and with two."""
    out = np.empty_like(z)
    rows = max(1, BLOCK // z.shape[1])
    work = PROGRAM["softmax_in_threads"]
    calls = {str(n): lambda n=n: work(z, out, n, rows) for n in (1, 2)}
    return list(shortest(calls, seconds, z.size).values())


def main() -> int:
    rng = np.random.default_rng(0)
    lines = [
        "# softmax: one thread beside two", "",
        f"{datetime.date.today()}, {processor()}, Python {platform.python_version()}, NumPy "
        f"{np.__version__}.", "",
        "| shape | type | one thread, ms | two, ms | ratio |", "|---|---|---:|---:|---:|",
    ]  # fmt: skip
    print("\n".join(lines), flush=True)
    for dtype in (np.float32, np.float64):
        for shape in LARGE:
            one, two = measure(rng.standard_normal(shape).astype(dtype))
            lines.append(
                f"| {shape[0]} × {shape[1]} | {np.dtype(dtype)} | {one * 1e3:.2f} "
                f"| {two * 1e3:.2f} | {one / two:.2f} |"
            )
            print(lines[-1], flush=True)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"written to {REPORT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
