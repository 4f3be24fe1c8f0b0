"""The record of a worked example: measured with freshly generated functions, and kept beside it.

It carries a digest of all that it follows from, and is measured again when that changes. Where
what the measuring takes is not installed, a record that is there is used as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from derive.render.figures import fresh
from derive.templating import template_directory

# What measuring and drawing take: the names to import and the names to install.
NEEDS = {
    "matplotlib": "matplotlib",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "statsmodels": "statsmodels",
}
FILE, PICTURE = "training.json", "training-curve.svg"
FUNCTIONS = ("softmax.py", "softmax_regression.py")


@dataclass(frozen=True)
class Record:
    """The numbers and the picture of the page."""

    values: dict[str, Any]
    picture: str

    @property
    def files(self) -> dict[str, str]:
        """What is written beside the page."""
        text = json.dumps(self.values, ensure_ascii=False, indent=1)
        return {FILE: text + "\n", PICTURE: self.picture}


def missing() -> list[str]:
    """The packages that measuring takes and that are not installed."""
    return [package for name, package in NEEDS.items() if find_spec(name) is None]


def record(package: Mapping[str, str], folder: Path) -> Record | None:
    """The record for a generated package; ``folder`` is where an earlier one may lie.

    None where there is nothing to measure, or nothing to measure it with.
    """
    if any(name not in package for name in FUNCTIONS):
        return None
    now = digest(package)
    before = _read(folder)
    if before and (before.values.get("digest") == now or missing()):
        return before
    return None if missing() else _measured(package, now)


def digest(package: Mapping[str, str]) -> str:
    """A hash of the functions, the program and the code that measures and draws."""
    here = Path(__file__).parent
    sources = [*(here / name for name in ("study.py", "curve.py"))]
    sources += [template_directory() / "programs" / "train.py"]
    texts = [package[name] for name in FUNCTIONS]
    texts += [path.read_text(encoding="utf-8") for path in sources]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _read(folder: Path) -> Record | None:
    try:
        values = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Record(values, (folder / PICTURE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _measured(package: Mapping[str, str], now: str) -> Record:
    said = fresh.run(package, "derive.render.figures", what="the worked example cannot be measured")
    found = json.loads(said)
    return Record({"digest": now, **found["record"]}, found["svg"])
