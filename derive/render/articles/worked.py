"""The articles of a build, with the files that lie beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from derive.render.articles.blocks import Article
from derive.render.articles.larger import larger
from derive.render.articles.measured import measured
from derive.render.articles.training import CURVE, training
from derive.render.document import Document
from derive.render.figures.curve import learning_curve
from derive.render.figures.record import FUNCTIONS, missing, record

USED = (*FUNCTIONS, "cross_entropy.py")  # by the programs of the articles
LEFT_OUT = "Page about training left out: for it, python -m pip install {}"


@dataclass(frozen=True)
class Worked:
    """Articles, the text files beside them, and what to tell the reader of the terminal."""

    articles: tuple[Article, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    curves: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pictures(self) -> dict[str, str]:
        """Those of the files that pages show."""
        return {name: text for name, text in self.files.items() if name.endswith(".svg")}

    def figures(self) -> dict[str, bytes]:
        """The pictures for LaTeX; none where Matplotlib is not installed."""
        if not self.curves or "matplotlib" in missing():
            return {}
        return {f"{CURVE}.pdf": learning_curve(self.curves, "pdf")}


def worked(documents: Sequence[Document], package: Mapping[str, str], folder: Path) -> Worked:
    """The articles for a generated package; none for a part of it, or for another."""
    if any(name not in package for name in USED):
        return Worked()
    measures = measured(folder)
    others = (larger(),) if measures is None else (larger(), measures)
    found = record(package, folder)
    if found is None:
        return Worked(others, notes=(LEFT_OUT.format(" ".join(missing())),))
    articles = (training(found.values, documents), *others)
    return Worked(articles, found.files, curves=found.values["curves"])
