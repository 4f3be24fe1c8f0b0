"""All write-ups at once: the committed pages, the HTML site and the PDFs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from derive.kernel.derivation import Derivation
from derive.render import book, html, latex, markdown, pdf
from derive.render.articles.worked import Worked
from derive.render.document import Document, Extras, document
from derive.render.figures.pictures import RECORD as FIGURES
from derive.render.figures.record import FILE, PICTURE

Progress = Callable[[str, int, int], None]
Neighbours = tuple[dict[str, str], dict[str, tuple[str, ...]]]
BOOK = "book"
# What nothing else writes there.
COMMITTED = ("*.tex", "*.md", "figure-*.svg", FIGURES, FILE, PICTURE)
NO_ARTICLES = Worked()


@dataclass
class Report:
    """What a build did. ``notes`` are for the reader of the terminal."""

    written: list[Path] = field(default_factory=list)
    unchanged: int = 0
    removed: list[Path] = field(default_factory=list)
    pdfs: int = 0
    notes: list[str] = field(default_factory=list)


def documents(
    derivations: Sequence[Derivation], extras: Mapping[str, Extras] | None = None
) -> list[Document]:
    """The documents of all derivations, which know each other's titles."""
    titles, users = neighbours(derivations)
    found = []
    for d in derivations:
        given = (extras or {}).get(d.name, Extras())
        found.append(document(d, replace(given, titles=titles, used_by=users[d.name])))
    return found


def neighbours(derivations: Sequence[Derivation]) -> Neighbours:
    """The titles of derivations, and by which of the others each is used."""
    users = {d.name: tuple(o.name for o in derivations if d.name in o.uses) for d in derivations}
    return {d.name: d.title for d in derivations}, users


def committed_pages(docs: Sequence[Document], worked: Worked = NO_ARTICLES) -> dict[str, str]:
    """The pages that are committed, by file name: an article and a Markdown page each, a book."""
    names = frozenset(d.name for d in docs)
    docs = worked.drawn.illustrated(docs)
    pages = {f"{d.name}.tex": latex.article(d) for d in docs}
    pages |= {f"{d.name}.md": markdown.page(d, names) for d in docs}
    pages |= {f"{a.name}.tex": latex.worked(a) for a in worked.articles}
    pages |= {f"{a.name}.md": markdown.article(a) for a in worked.articles}
    pages[f"{BOOK}.tex"] = book.book(docs, worked.articles)
    return pages | {"index.md": markdown.index(docs, worked.articles), **worked.files}


def site_pages(
    docs: Sequence[Document], pdfs: bool, worked: Worked = NO_ARTICLES
) -> dict[str, bytes]:
    """The files of the HTML site, by file name."""
    names = frozenset(d.name for d in docs)
    docs = worked.drawn.illustrated(docs)
    pages = {f"{d.name}.html": html.page(d, names, alone=False).encode() for d in docs}
    pages |= {f"{a.name}.html": html.article(a).encode() for a in worked.articles}
    pages |= {name: text.encode() for name, text in worked.pictures.items()}
    book = f"../pdf/{BOOK}.pdf" if pdfs else ""
    with_pdf = names | {a.name for a in worked.articles} if pdfs else frozenset()
    pages["index.html"] = html.index(docs, with_pdf, book, worked.articles).encode()
    return pages | html.assets()


def build_docs(
    docs: Sequence[Document],
    out: Path,
    progress: Progress | None = None,
    pdf: bool = True,
    worked: Worked = NO_ARTICLES,
) -> Report:
    """Write every format below ``out``; files that are right already are left alone."""
    report = Report(notes=[*worked.notes])
    pages = committed_pages(docs, worked)
    makes_pdf = pdf and _has_latex()
    if pdf and not makes_pdf:
        report.notes.append("PDFs skipped: no pdflatex; `make tex` installs it")
    _put(out, {name: text.encode() for name, text in pages.items()}, report, (".tex", ".md"))
    site = site_pages(docs, makes_pdf, worked)
    _put(out / "html", site, report, (".html", ".css", ".ttf", ".txt", ".svg"))
    if makes_pdf:
        sources = {n.removesuffix(".tex"): t for n, t in pages.items() if n.endswith(".tex")}
        _build_pdfs(sources, worked, out / "pdf", report, progress)
    return report


def _has_latex() -> bool:
    return pdf.available()


def _build_pdfs(
    sources: Mapping[str, str],
    worked: Worked,
    folder: Path,
    report: Report,
    progress: Progress | None,
) -> None:
    """Compile what changed since the last time; the hashes of the sources lie beside the PDFs."""
    record = folder / "sources.json"
    before = json.loads(record.read_text()) if record.exists() else {}
    figures = worked.figures()
    now = {n: _hash(t, figures) for n, t in sources.items()}
    stale = {
        n: t for n, t in sources.items()
        if before.get(n) != now[n] or not (folder / f"{n}.pdf").exists()
    }  # fmt: skip
    count = 0

    def done(name: str) -> None:
        nonlocal count
        count += 1
        if progress:
            progress(f"compiled: {name}.pdf", count, len(stale))

    made = pdf.compile_all(stale, done, {f"{folder.name}/{n}": f for n, f in figures.items()})
    kept = {f"{n}.pdf": (folder / f"{n}.pdf").read_bytes() for n in sources if n not in stale}
    fresh = {f"{n}.pdf": data for n, data in made.items()}
    _put(folder, kept | fresh | figures, report, (".pdf",))
    record.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")
    report.pdfs = len(sources)


def _hash(text: str, figures: Mapping[str, bytes]) -> str:
    """Of a source with the figures that it shows."""
    shown = [data for name, data in sorted(figures.items()) if name in text]
    return hashlib.sha256(b"".join([text.encode(), *shown])).hexdigest()


def _put(folder: Path, files: Mapping[str, bytes], report: Report, owned: tuple[str, ...]) -> None:
    """Write what differs; remove files of our own kinds that nothing produces any more."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        if path.exists() and path.read_bytes() == data:
            report.unchanged += 1
            continue
        path.write_bytes(data)
        report.written.append(path)
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in owned and path.name not in files:
            path.unlink()
            report.removed.append(path)
