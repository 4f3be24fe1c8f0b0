"""The articles of a build, with the files that lie beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from derive.render.articles.blocks import Article
from derive.render.articles.larger import larger
from derive.render.articles.measured import measured
from derive.render.articles.training import CURVE, training
from derive.render.document import Document
from derive.render.figures.curve import learning_curve
from derive.render.figures.pictures import Pictures, pictures
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
    drawn: Pictures = field(default_factory=Pictures)

    @property
    def pictures(self) -> dict[str, str]:
        """Those of the files that pages show."""
        return {name: text for name, text in self.files.items() if name.endswith(".svg")}

    def figures(self) -> dict[str, bytes]:
        """The pictures for LaTeX; none where Matplotlib is not installed."""
        found = self.drawn.pdfs()
        if self.curves and "matplotlib" not in missing():
            found[f"{CURVE}.pdf"] = learning_curve(self.curves, "pdf")
        return found


def worked(documents: Sequence[Document], package: Mapping[str, str], folder: Path) -> Worked:
    """The articles for a generated package, and the figures of its pages."""
    found, drawn = _articles(documents, package, folder), pictures(documents, package, folder)
    notes = (*found.notes, *drawn.notes)
    return replace(found, files={**found.files, **drawn.files}, notes=notes, drawn=drawn)


def _articles(documents: Sequence[Document], package: Mapping[str, str], folder: Path) -> Worked:
    """The articles; none for a part of the package, or for another."""
    if any(name not in package for name in USED):
        return Worked()
    measures = measured(folder)
    others = (larger(),) if measures is None else (larger(), measures)
    found = record(package, folder)
    if found is None:
        return Worked(others, notes=(LEFT_OUT.format(" ".join(missing())),))
    articles = (training(found.values, documents), *others)
    return Worked(articles, found.files, curves=found.values["curves"])
