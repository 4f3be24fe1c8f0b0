"""`python -m tests.bench.measured`: the last reports of speed and accuracy, for the page."""

import json
from pathlib import Path
from typing import Any

from derive.render.articles.measured import RECORD

DOCS = Path(__file__).parents[2] / "generated" / "docs"


def record(speed: dict[str, Any], accuracy: dict[str, Any]) -> dict[str, Any]:
    """What the page shows, in words and rounded numbers."""
    machine = speed["machine"]
    versions = ", ".join(
        f"{title} {machine[name]}"
        for name, title in (("python", "Python"), ("numpy", "NumPy"), ("scipy", "SciPy"),
                            ("torch", "PyTorch"))
        if machine.get(name)
    )  # fmt: skip
    return {
        "date": machine["date"],
        "machine": f"{machine['processor']}, one thread, {versions}",
        "speed": [
            {
                "function": row["function"],
                "other": row["other"],
                **{name: f"{row[name]:.2f}" for name in ("mean", "least")},
                "passes": f"{row['passes']:.1f}",
            }
            for row in speed["summary"]
        ],
        "grid": "short rows, one set of numbers" if accuracy["quick"] else "all of it",
        "accuracy": errors(accuracy["rows"]),
    }


def errors(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The worst errors of both types of a function on one line."""
    names = sorted({row["function"] for row in rows})
    found = []
    for name in names:
        own = {row["type"]: row for row in rows if row["function"] == name}
        line = {"function": name}
        for who in ("ours", "SciPy", "PyTorch"):
            cells = [said(own[kind].get(who)) for kind in ("float32", "float64") if kind in own]
            line[who] = cells[0] if len(set(cells)) == 1 else " / ".join(cells)
        found.append(line)
    return found


def said(cell: dict[str, Any] | None) -> str:
    """An error as a reader wants it: a number, or that digits or all was lost."""
    if not cell or not cell["rows"]:
        return "–"
    text = f"{cell['error']:.2f}" if cell["error"] < 1000 else f"{cell['error']:.0e}"
    return f"{text} (NaN)" if cell["lost"] else text


def main() -> None:
    reports = [
        json.loads((DOCS / "bench" / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("speed", "accuracy")
    ]
    text = json.dumps(record(*reports), ensure_ascii=False, indent=1)
    (DOCS / RECORD).write_text(text + "\n", encoding="utf-8")
    print(f"written to {DOCS / RECORD}")


if __name__ == "__main__":
    main()
