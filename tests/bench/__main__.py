"""`make bench`: what deriving, proving and checking costs, a line for each derivation.

The table is printed, and recorded in build/bench.json.
"""

import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

from derive.catalogue import names
from derive.kernel.check import claim_of, report
from derive.kernel.decide import established
from derive.kernel.derivation import Derivation, recipes
from derive.kernel.explicit.instantiate import recheck

RECORD = Path(__file__).parents[2] / "build" / "bench.json"
COLUMNS = ("derive", "prove", "recheck", "mutants")


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def prove(made: Derivation) -> None:
    for step in made.steps:
        established(*claim_of(step.before, step.after), made.context)


def check_again(made: Derivation) -> None:
    for step in made.steps:
        recheck(*claim_of(step.before, step.after), made.context, conditions=made.facts)


def measure(name: str) -> dict[str, float]:
    """Seconds for deriving, for each route over all steps, and for every mutant of every step."""
    recipe = recipes()[name]
    row = {"derive": seconds(lambda: recipe.made)}
    made = recipe.made
    row["prove"] = seconds(lambda: prove(made))
    row["recheck"] = seconds(lambda: check_again(made))
    plain = report(made, with_mutants=False)  # from here on the evidence is at hand
    started = time.perf_counter()
    full = report(made)
    row["mutants"] = time.perf_counter() - started
    return row | {"steps": plain.steps, "tried": full.mutants}


def main() -> int:
    known = names()
    wanted = sys.argv[1:] or known
    width = max(len(name) for name in ["all", *wanted])
    print(f"{'seconds':<{width}}", *(f"{column:>9}" for column in COLUMNS), "  steps mutants")
    rows: dict[str, dict[str, float]] = {}
    for name in wanted:
        rows[name] = measure(name)
        print(line(name, rows[name], width), flush=True)
    total = {key: sum(row[key] for row in rows.values()) for key in next(iter(rows.values()))}
    print(line("all", total, width))
    RECORD.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "processor": platform.machine()}
    RECORD.write_text(json.dumps({"machine": machine, "seconds": rows, "all": total}, indent=2))
    return 0


def line(name: str, row: dict[str, float], width: int) -> str:
    times = " ".join(f"{row[column]:>9.3f}" for column in COLUMNS)
    return f"{name:<{width}} {times} {row['steps']:>7.0f} {row['tried']:>7.0f}"


if __name__ == "__main__":
    raise SystemExit(main())
