"""`python -m tests.bench.speed`: generated functions beside scipy.special, on one thread.

Each line is one function, shape and type: the time of ours, how many times as long SciPy takes, and
ours as a multiple of one bare pass of np.exp into memory that is there. The calls take turns, and
the shortest of each counts, so that a busy machine slows all alike. The report is also written to
generated/docs/bench/speed.md.
"""

import os

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
os.environ.update(dict.fromkeys(THREADS, "1"))  # before NumPy is loaded

import argparse  # noqa: E402
import datetime  # noqa: E402
import platform  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy import special  # noqa: E402

import generated  # noqa: E402

REPORT = Path(__file__).parents[2] / "generated" / "docs" / "bench" / "speed.md"
FUNCTIONS = ("softmax", "log_softmax", "logsumexp")
SHAPES = (
    (1, 10), (32, 10), (1000, 10), (100_000, 10), (200_000, 3), (65_536, 128), (16_384, 256),
    (4096, 1000), (256, 32_000), (64, 128_256),
)  # fmt: skip
TYPES = (np.float32, np.float64)
SMALL = 1000  # entries below which many calls are timed together


def shortest(calls: Sequence[Callable[[], object]], seconds: float, size: int) -> list[float]:
    """The shortest time of each call; the calls take turns."""
    together = 50 if size < SMALL else 1
    best = [float("inf")] * len(calls)
    until = time.perf_counter() + seconds
    turns = 0
    while turns < 5 or time.perf_counter() < until:
        turns += 1
        for place, call in enumerate(calls):
            started = time.perf_counter()
            for _ in range(together):
                call()
            best[place] = min(best[place], (time.perf_counter() - started) / together)
    return best


def measure(name: str, z: np.ndarray, seconds: float) -> tuple[float, float, float]:
    """Seconds for ours, for SciPy's, and for a bare np.exp."""
    ours, theirs, room = getattr(generated, name), getattr(special, name), np.empty_like(z)
    calls = (lambda: ours(z), lambda: theirs(z, axis=-1), lambda: np.exp(z, out=room))
    mine, other, bare = shortest(calls, seconds, z.size)
    return mine, other, bare


def mean(values: Sequence[float]) -> float:
    """The geometric mean."""
    return float(np.exp(np.mean(np.log(values))))


def processor() -> str:
    """The name of the processor."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="standard deviation of logits")
    parser.add_argument("--seconds", type=float, default=0.3, help="for each line")
    parser.add_argument("functions", nargs="*", default=FUNCTIONS)
    chosen = parser.parse_args()
    lines = [
        "# Speed beside scipy.special, one thread", "",
        f"{datetime.date.today()}, {processor()}, Python {platform.python_version()}, NumPy "
        f"{np.__version__}, SciPy {scipy.__version__}; normal logits, deviation {chosen.scale:g}.",
        "",
        "| function | shape | type | µs | SciPy ÷ ours | ours ÷ np.exp |",
        "|---|---|---|---:|---:|---:|",
    ]  # fmt: skip
    print("\n".join(lines), flush=True)
    rng = np.random.default_rng(0)
    for name in chosen.functions:
        ratios, passes = [], []
        for dtype in TYPES:
            for shape in SHAPES:
                z = (rng.standard_normal(shape) * chosen.scale).astype(dtype)
                ours, theirs, bare = measure(name, z, chosen.seconds)
                ratios.append(theirs / ours)
                passes.append(ours / bare)
                lines.append(
                    f"| {name} | {shape[0]} × {shape[1]} | {np.dtype(dtype)} | {ours * 1e6:.1f} "
                    f"| {ratios[-1]:.2f} | {passes[-1]:.2f} |"
                )
                print(lines[-1], flush=True)
        lines.append(
            f"| **{name}** | geometric mean, least {min(ratios):.2f} | | | **{mean(ratios):.2f}** "
            f"| {mean(passes):.2f} |"
        )
        print(lines[-1], flush=True)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"written to {REPORT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
