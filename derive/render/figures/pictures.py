"""The figures of a build: sampled from its own functions, drawn, and kept beside the pages.

The record has the sampled numbers and a digest of all that the pictures follow from, so that they
are drawn again when something of that changes. Where Matplotlib is not installed, pictures that
are there are used as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

from derive.errors import DeriveError
from derive.render.document import Document, Figure
from derive.render.figures import canvas, fresh
from derive.render.figures.registry import Data, Drawing, all_drawings
from derive.render.prose import prose

RECORD = "figures.json"
LEFT_OUT = "Figures left out: for them, python -m pip install matplotlib"


@dataclass(frozen=True)
class Pictures:
    """The figures that there are, what is written beside the pages, and what there is to tell."""

    drawings: tuple[Drawing, ...] = ()
    data: Mapping[str, Data] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def svgs(self) -> dict[str, str]:
        """The pictures for pages, by file name."""
        return {name: text for name, text in self.files.items() if name.endswith(".svg")}

    def pdfs(self) -> dict[str, bytes]:
        """The pictures for LaTeX; none where Matplotlib is not installed."""
        if not installed():
            return {}
        return {f"{d.name}.pdf": self._drawn(d, "pdf") for d in self.drawings}

    def illustrated(self, docs: Iterable[Document]) -> list[Document]:
        """The documents with the figures that belong to them."""
        return [replace(doc, figures=self._of(doc.name)) for doc in docs]

    def _of(self, page: str) -> tuple[Figure, ...]:
        return tuple(
            Figure(d.name, prose(d.caption), d.alt) for d in self.drawings if page in d.shown
        )

    def _drawn(self, drawing: Drawing, format: str) -> bytes:
        def draw(figure: object) -> None:
            drawing.draw(figure, self.data.get(drawing.name, {}), self.labels)

        try:
            return canvas.drawn(draw, drawing.size, format)
        except ValueError as error:  # Matplotlib sets a part of LaTeX only
            formulas = ", ".join(self.labels[name] for name in drawing.labels)
            raise DeriveError(
                f"{drawing.name} cannot be drawn: {error}", hint=f"its formulas are {formulas}"
            ) from error


def installed() -> bool:
    """Whether figures can be drawn."""
    return find_spec("matplotlib") is not None


def pictures(docs: Sequence[Document], package: Mapping[str, str], folder: Path) -> Pictures:
    """The figures of these pages and functions; ``folder`` is where earlier ones may lie."""
    results = {d.name: d.main.latex for d in docs}
    possible = tuple(d for d in all_drawings() if _possible(d, results, package))
    if not possible:
        return Pictures()
    labels = {name: results[name] for d in possible for name in d.labels}
    now = _digest(possible, labels, package)
    before = _kept(folder, possible, labels)
    if before and (_digest_of(folder) == now or not installed()):
        return before
    if not installed():
        return Pictures(notes=(LEFT_OUT,))
    return _made(possible, labels, package, now)


def _possible(drawing: Drawing, results: Mapping[str, str], package: Mapping[str, str]) -> bool:
    """Whether a page would show it, and all that it takes is there."""
    return (
        any(name in results for name in drawing.shown)
        and all(name in results for name in drawing.labels)
        and all(_homes(package, name) for name in drawing.functions)
    )


def _homes(package: Mapping[str, str], function: str) -> list[str]:
    """The modules of the package that define a function."""
    return [f for f, text in package.items() if re.search(rf"^def {function}\(", text, re.M)]


def _digest(
    drawings: Sequence[Drawing], labels: Mapping[str, str], package: Mapping[str, str]
) -> str:
    """A hash of the code that samples and draws, of the functions, and of the formulas."""
    here = sorted(Path(__file__).parent.glob("*.py"))
    homes = {home for d in drawings for name in d.functions for home in _homes(package, name)}
    texts = [path.read_text(encoding="utf-8") for path in here]
    texts += [package[home] for home in sorted(homes)]
    texts += [d.name for d in drawings] + [f"{n}: {f}" for n, f in sorted(labels.items())]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _made(
    drawings: tuple[Drawing, ...], labels: dict[str, str], package: Mapping[str, str], now: str
) -> Pictures:
    sampled = [d.name for d in drawings if d.functions]
    found = fresh.run(
        package, "derive.render.figures.sample", *sampled, what="the figures cannot be sampled"
    )
    data = json.loads(found)
    made = Pictures(drawings, data, labels)
    files = {f"{d.name}.svg": made._drawn(d, "svg").decode() for d in drawings}
    return replace(made, files=files | {RECORD: _record(now, data)})


def _record(now: str, data: Mapping[str, Data]) -> str:
    """A line for each figure, so that a change can be read."""
    rows = [f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in data.items()]
    return f'{{\n "digest": "{now}",\n "data": {{\n' + ",\n".join(rows) + "\n }\n}\n"


def _kept(
    folder: Path, drawings: tuple[Drawing, ...], labels: Mapping[str, str]
) -> Pictures | None:
    """What lies in the folder, if it is all there."""
    try:
        text = (folder / RECORD).read_text(encoding="utf-8")
        data = json.loads(text)["data"]
        names = [f"{d.name}.svg" for d in drawings]
        files = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    except (OSError, ValueError, KeyError):
        return None
    return Pictures(drawings, data, labels, files | {RECORD: text})


def _digest_of(folder: Path) -> str:
    return str(json.loads((folder / RECORD).read_text(encoding="utf-8")).get("digest"))
