"""What an article is made of. The templates ask each block for its ``kind``."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from derive.errors import DeriveError
from derive.render.document import Document, Link, Source
from derive.render.prose import Formula
from derive.templating import template_directory


@dataclass(frozen=True)
class Code:
    """A name or a piece of code in a sentence."""

    text: str


Runs = tuple[str | Formula | Code, ...]
_MARKED = re.compile(r"\$([^$]+)\$|`([^`]+)`")


def runs(text: str) -> Runs:
    """A sentence with formulas between dollars and code between back quotes."""
    found: list[str | Formula | Code] = []
    at = 0
    for mark in _MARKED.finditer(text):
        found += [text[at : mark.start()]]
        found += [Formula(mark[1], mark[1]) if mark[1] else Code(mark[2])]
        at = mark.end()
    return tuple(run for run in (*found, text[at:]) if run)


@dataclass(frozen=True)
class Heading:
    """The title of a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    kind: ClassVar[str] = "words"
    runs: Runs


@dataclass(frozen=True)
class Display:
    """A formula on a line of its own."""

    kind: ClassVar[str] = "display"
    formula: Formula


@dataclass(frozen=True)
class Proved:
    """The statement of a derivation, with a link to it."""

    kind: ClassVar[str] = "proved"
    link: Link
    formula: Formula


@dataclass(frozen=True)
class Listing:
    """A part of a program that runs."""

    kind: ClassVar[str] = "listing"
    source: Source


@dataclass(frozen=True)
class Table:
    """Columns after the first are set to the right."""

    kind: ClassVar[str] = "table"
    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A picture that lies beside the page, as SVG or, for LaTeX, as PDF."""

    kind: ClassVar[str] = "figure"
    name: str
    says: str
    caption: Runs


@dataclass(frozen=True)
class Claim:
    """The head of a statement: its name, the verdict, and the statement in words."""

    kind: ClassVar[str] = "claim"
    name: str
    verdict: Runs
    words: Runs


@dataclass(frozen=True)
class Also:
    """Other derivations that bear on what stands above."""

    kind: ClassVar[str] = "also"
    words: str
    links: tuple[Link, ...]


Block = Heading | Words | Display | Proved | Listing | Table | Figure | Claim | Also


ELSEWHERE = "What is stated elsewhere"


@dataclass(frozen=True)
class Article:
    """A page of blocks."""

    name: str
    title: str
    statement: str
    blocks: tuple[Block, ...]
    group: str = "Using the functions"


def groups(articles: Sequence[Article]) -> list[tuple[str, list[Article]]]:
    """The articles by what they are about, in the order in which they come."""
    names = dict.fromkeys(a.group for a in articles)
    return [(name, [a for a in articles if a.group == name]) for name in names]


def proved(document: Document) -> Proved:
    """What a derivation states, as its own page shows it."""
    return Proved(Link(document.name, document.title), document.main)


def definitions(document: Document) -> tuple[Display, ...]:
    """The definitions that the statement of a derivation uses, directly or through others."""
    own = document.main.latex.partition(" = ")[0]
    text, used = document.main.latex, []
    for formula in reversed(document.definitions):
        name = formula.latex.partition(" := ")[0]
        if name in text and name != own:
            used.append(Display(formula))
            text += formula.latex
    return tuple(reversed(used))


def table(head: list[str], rows: list[list[str]]) -> Table:
    """A table of sentences."""
    return Table(tuple(map(runs, head)), tuple(tuple(map(runs, row)) for row in rows))


def program(file: str) -> str:
    """The text of a program among the templates."""
    return (template_directory() / "programs" / file).read_text(encoding="utf-8")


def listing(file: str, *names: str, imports: bool = False) -> Listing:
    """Functions of a program, as they stand in it; ``imports`` puts its imports in front."""
    text = program(file)
    lines = text.splitlines()
    places = {n.name: n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}
    missing = [name for name in names if name not in places]
    if missing:
        raise DeriveError(f"{file} has no function {', '.join(missing)}")
    parts = ["\n".join(lines[places[n].lineno - 1 : places[n].end_lineno]) for n in names]
    shown = "\n\n".join(parts)
    if imports:
        shown = _imports(text) + "\n\n" + shown
    return Listing(Source(f"templates/programs/{file}", shown + "\n"))


def _imports(text: str) -> str:
    found = [n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom)]
    lines = text.splitlines()[found[0].lineno - 1 : found[-1].end_lineno]
    return "\n".join(lines)
