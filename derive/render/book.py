"""The book: all derivations in reading order, with what a reader of paper looks things up by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.render import latex
from derive.render.articles.blocks import Article
from derive.render.articles.blocks import Figure as Shown
from derive.render.assumptions import Row
from derive.render.document import Document, Law

# What is known by its letters.
_LONG = {"DLMF": "NIST Digital Library of Mathematical Functions"}
_WORK = re.compile(
    r"(?P<before>cf\. )?"
    r"(?:(?P<authors>.+), (?P<title>[^,]+) \((?P<year>\d{4})\)|(?P<sign>[A-Z]{3,}))"
    r"(?:,? (?P<place>.+))?"
)


@dataclass(frozen=True)
class Work:
    """A book or a paper, with the key by which it is cited."""

    key: str
    authors: str
    title: str
    year: str

    @property
    def full_title(self) -> str:
        """The title; the words for one that consists of letters."""
        return f"{_LONG[self.title]} ({self.title})" if self.title in _LONG else self.title


@dataclass(frozen=True)
class Cited:
    """A reference as it is printed: words, the key of the work if it is one, and the place."""

    words: str
    key: str = ""
    place: str = ""


@dataclass(frozen=True)
class Entry:
    """A rule in the index, with the key that sorts it."""

    key: str
    rule: Law
    reference: Cited


class Library:
    """All works that are referred to, in alphabetical order."""

    def __init__(self, references: Iterable[str]) -> None:
        found = {_named(match) for r in references if (match := _WORK.fullmatch(r))}
        order = sorted((Work("", *work) for work in found), key=_place)
        self.works = tuple(replace(w, key=f"work{n}") for n, w in enumerate(order, 1))
        self._keys = {(w.authors, w.title, w.year): w for w in self.works}

    def cited(self, reference: str) -> Cited:
        """A reference by author and year, or as it stands if it names no work."""
        match = _WORK.fullmatch(reference)
        if match is None:
            return Cited(reference)
        work = self._keys[_named(match)]
        name = f"{work.authors} ({work.year})" if work.year else work.title
        return Cited((match["before"] or "") + name, work.key, match["place"] or "")


def _place(work: Work) -> str:
    """By authors, or by the title of what has none."""
    return f"{work.authors} {work.full_title} {work.year}".strip().casefold()


def _named(match: re.Match[str]) -> tuple[str, str, str]:
    """Authors, title and year; a work that is known by its letters has only these."""
    if match["sign"]:
        return "", match["sign"], ""
    return match["authors"], match["title"], match["year"]


def book(documents: Sequence[Document], articles: Sequence[Article] = ()) -> str:
    """All derivations as one LaTeX book: a chapter a topic, then a chapter an article."""
    chapters: dict[str, list[Document]] = {}
    for doc in documents:
        chapters.setdefault(doc.topic, []).append(doc)
    in_order = [doc for docs in chapters.values() for doc in docs]
    library = Library(_references(in_order))
    rules = index_of_rules(in_order, library)
    values = {
        "chapters": chapters,
        "articles": articles,
        "names": {doc.name for doc in documents},
        "notation": all_rows(in_order),
        "library": library,
        "rules": rules,
        "rule_keys": {name: entry.key for name, entry in rules.items()},
        "first": homes_of_figures(in_order, articles),
        "nature": in_order[0].nature if in_order else "",
        "declarations": latex.unicode_declarations(),
    }
    return latex.filled("latex/book.tex.jinja", values)


def _references(documents: Sequence[Document]) -> list[str]:
    """Those of the derivations and of their rules."""
    own = [r for doc in documents for r in doc.references]
    return [*own, *(rule.reference for doc in documents for rule in doc.rules)]


def index_of_rules(documents: Sequence[Document], library: Library) -> dict[str, Entry]:
    """The rules that the lines use, by name, in the order of their titles."""
    found: dict[str, Law] = {}
    for doc in documents:
        lines = (*doc.lines, *(line for form in doc.numerical for line in form.lines))
        for line in lines:
            if line.law:
                law = Law(line.rule, line.law, line.domain, line.reference)
                found.setdefault(line.name, law)
    order = sorted(found, key=lambda name: (found[name].title.casefold(), name))
    return {
        name: Entry(f"{n:03d}", found[name], library.cited(found[name].reference))
        for n, name in enumerate(order, 1)
    }


def homes_of_figures(
    documents: Sequence[Document], articles: Sequence[Article]
) -> Mapping[str, str]:
    """The page that prints each figure; the others refer to it."""
    homes: dict[str, str] = {}
    for doc in documents:
        for figure in doc.figures:
            homes.setdefault(figure.name, doc.name)
    for article in articles:
        for block in article.blocks:
            if isinstance(block, Shown):
                homes.setdefault(block.name, article.name)
    return homes


def all_rows(documents: Sequence[Document]) -> list[Row]:
    """Every meaning of every symbol once; a domain is stated where the quantity is given."""
    found: dict[tuple[str, str, str], Row] = {}
    for row in (row for doc in documents for row in doc.notation):
        key = (row.symbol.latex, row.meaning, row.shape.latex if row.shape else "")
        if key not in found or not row.defined:
            found[key] = row
    order = [*dict.fromkeys(symbol for symbol, *_ in found)]
    rows = sorted(found.values(), key=lambda r: order.index(r.symbol.latex))
    return [replace(r, domain="as defined") if r.defined else r for r in rows]
