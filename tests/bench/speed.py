"""`python -m tests.bench.speed`: generated functions beside SciPy and PyTorch, on one thread.

Each line is one function, shape and type: the time of ours, how many times as long the others take,
and ours as a multiple of one bare pass of np.exp into memory that is there, the practical limit.
The calls take turns, and the shortest of each counts, so that a busy machine slows all alike. What
is not installed is left out. The report, its numbers and a figure go to generated/docs/bench/.
"""

import os

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
os.environ.update(dict.fromkeys(THREADS, "1"))  # before NumPy is loaded

import argparse  # noqa: E402
import datetime  # noqa: E402
import importlib  # noqa: E402
import importlib.metadata  # noqa: E402
import json  # noqa: E402
import platform  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

import generated  # noqa: E402

FOLDER = Path(__file__).parents[2] / "generated" / "docs" / "bench"
SHAPES = (
    (1, 10), (32, 10), (1000, 10), (10_000, 10), (100_000, 10), (200_000, 3), (65_536, 128),
    (16_384, 256), (4096, 1000), (256, 32_000), (64, 128_256),
)  # fmt: skip
QUICK = ((1, 10), (1000, 10), (20, 300))
TYPES = (np.float32, np.float64)
SMALL = 1000  # entries below which many calls are timed together
LOSS = "softmax_cross_entropy_value_and_gradient"
Calls = dict[str, Callable[[], object]]


def module(name: str) -> Any:
    """A module, or nothing where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def beside_scipy(name: str) -> Callable[[np.ndarray, np.random.Generator], Calls]:
    """The calls for a function that scipy.special has under the same name."""

    def calls(z: np.ndarray, rng: np.random.Generator) -> Calls:
        made: Calls = {"ours": lambda: getattr(generated, name)(z)}
        special = module("scipy.special")
        if special:
            made["SciPy"] = lambda: getattr(special, name)(z, axis=-1)
        return made

    return calls


def beside_torch(labels: bool) -> Callable[[np.ndarray, np.random.Generator], Calls]:
    """The calls for the loss of each row together with its gradient."""

    def calls(z: np.ndarray, rng: np.random.Generator) -> Calls:
        count, length = z.shape
        target = rng.random(z.shape).astype(z.dtype)
        target /= target.sum(axis=1, keepdims=True)
        if labels:
            target = rng.integers(0, length, count)
        function = getattr(generated, LOSS + ("_labels" if labels else ""))
        made: Calls = {"ours": lambda: function(z, target)}
        torch = module("torch")
        if torch:
            torch.set_num_threads(1)
            logits, targets = torch.tensor(z, requires_grad=True), torch.tensor(target)

            def both() -> None:
                logits.grad = None
                loss = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
                loss.sum().backward()

            made["PyTorch"] = both
        return made

    return calls


CASES = {
    **{name: beside_scipy(name) for name in ("softmax", "log_softmax", "logsumexp")},
    LOSS: beside_torch(labels=False),
    LOSS + "_labels": beside_torch(labels=True),
}


def shortest(calls: Calls, seconds: float, size: int) -> dict[str, float]:
    """The shortest time of each call; the calls take turns."""
    together = 50 if size < SMALL else 1
    best = dict.fromkeys(calls, float("inf"))
    until = time.perf_counter() + seconds
    turns = 0
    while turns < 5 or time.perf_counter() < until:
        turns += 1
        for name, call in calls.items():
            started = time.perf_counter()
            for _ in range(together):
                call()
            best[name] = min(best[name], (time.perf_counter() - started) / together)
    return best


def rows(
    functions: Sequence[str], shapes: Sequence[tuple[int, int]], scale: float, seconds: float
) -> Iterator[dict[str, Any]]:
    """What is measured, a line for each function, type and shape."""
    rng = np.random.default_rng(0)
    for name in functions:
        for dtype in TYPES:
            for shape in shapes:
                z = (rng.standard_normal(shape) * scale).astype(dtype)
                room = np.empty_like(z)
                calls = CASES[name](z, rng) | {"np.exp": lambda z=z, room=room: np.exp(z, out=room)}
                took = shortest(calls, seconds, z.size)
                yield {"function": name, "shape": shape, "type": str(np.dtype(dtype)), **took}


def mean(values: Sequence[float]) -> float:
    """The geometric mean."""
    return float(np.exp(np.mean(np.log(values))))


def summary(name: str, measured: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One function over all shapes and types: geometric means and the least ratio."""
    own = [row for row in measured if row["function"] == name]
    other = next((key for key in ("SciPy", "PyTorch") if key in own[0]), "")
    ratios = [row[other] / row["ours"] for row in own] if other else []
    return {
        "function": name,
        "other": other,
        "mean": mean(ratios) if ratios else None,
        "least": min(ratios, default=None),
        "passes": mean([row["ours"] / row["np.exp"] for row in own]),
    }


def processor() -> str:
    """The name of the processor."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def machine(scale: float) -> dict[str, Any]:
    """Where and when it was measured."""
    found = {name: module(name) for name in ("numpy", "scipy", "torch")}
    return {
        "date": str(datetime.date.today()),
        "processor": processor(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name, there in found.items() if there},
        "deviation of the logits": scale,
    }


def line(row: dict[str, Any]) -> str:
    """One line of the table."""
    other = next((row[key] for key in ("SciPy", "PyTorch") if key in row), None)
    ratio = "" if other is None else f"{other / row['ours']:.2f}"
    return (
        f"| {row['function']} | {row['shape'][0]} × {row['shape'][1]} | {row['type']} "
        f"| {row['ours'] * 1e6:.1f} | {ratio} | {row['ours'] / row['np.exp']:.2f} |"
    )


def report(where: dict[str, Any], totals: list[dict[str, Any]], table: list[str]) -> str:
    """The report in Markdown."""
    short = ["| function | beside | mean ratio | least ratio | mean multiple of np.exp |",
             "|---|---|---:|---:|---:|"]  # fmt: skip
    for total in totals:
        ratio = ("{mean:.2f} | {least:.2f}" if total["other"] else " | ").format(**total)
        short.append(
            f"| {total['function']} | {total['other']} | {ratio} | {total['passes']:.2f} |"
        )
    about = ", ".join(f"{name} {value}" for name, value in where.items())
    return "\n".join([
        "# Speed of the generated functions, on one thread", "", f"Measured: {about}.", "",
        "A ratio is the time of the other divided by ours; means are geometric.", "",
        *short, "", "| function | shape | type | µs | ratio | ours ÷ np.exp |",
        "|---|---|---|---:|---:|---:|", *table, "",
    ])  # fmt: skip


def figure(measured: list[dict[str, Any]], path: Path) -> None:
    """The ratios of each function, a point for each shape and type; needs Matplotlib."""
    if not module("matplotlib"):
        return
    pyplot = importlib.import_module("matplotlib.figure")
    names = list(dict.fromkeys(row["function"] for row in measured))
    drawn = pyplot.Figure(figsize=(8, 1 + 0.6 * len(names)), layout="constrained")
    axes = drawn.subplots()
    for place, name in enumerate(names):
        for kind, mark in (("float32", "o"), ("float64", "s")):
            chosen = [r for r in measured if r["function"] == name and r["type"] == kind]
            other = [next((r[k] for k in ("SciPy", "PyTorch") if k in r), np.nan) for r in chosen]
            ratios = [o / r["ours"] for o, r in zip(other, chosen, strict=True)]
            up = place + (-0.12 if kind == "float32" else 0.12)
            label = kind if not place else None
            axes.plot(ratios, [up] * len(ratios), mark, alpha=0.6, label=label)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set(xscale="log", xlabel="time of SciPy or PyTorch ÷ ours (right of the line: ours wins)")
    axes.set_yticks(range(len(names)), [name.replace("_value", "\n_value") for name in names])
    axes.invert_yaxis()
    axes.legend()
    drawn.savefig(path)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="standard deviation of logits")
    parser.add_argument("--seconds", type=float, default=0.5, help="for each line")
    parser.add_argument("--quick", action="store_true", help="a few small shapes, for tests")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder of the report")
    parser.add_argument("functions", nargs="*", help=", ".join(CASES))
    chosen = parser.parse_args(arguments)
    there = [name for name in CASES if hasattr(generated, name)]
    functions = [name for name in chosen.functions or there if name in there]
    shapes, seconds = (QUICK, 0.01) if chosen.quick else (SHAPES, chosen.seconds)
    measured = []
    for row in rows(functions, shapes, chosen.scale, seconds):
        measured.append(row)
        print(line(row), flush=True)
    where, totals = machine(chosen.scale), [summary(name, measured) for name in functions]
    text = report(where, totals, [line(row) for row in measured])
    chosen.output.mkdir(parents=True, exist_ok=True)
    (chosen.output / "speed.md").write_text(text, encoding="utf-8")
    record = {"machine": where, "summary": totals, "rows": measured}
    (chosen.output / "speed.json").write_text(json.dumps(record, indent=2), encoding="utf-8")
    figure(measured, chosen.output / "speed.svg")
    print("\n".join(text.splitlines()[4 : 8 + len(totals)]), f"\nwritten to {chosen.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
