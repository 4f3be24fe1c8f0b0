"""Markdown as GitHub and GitLab render it: ``$`…`$`` in the line, ``math`` blocks on their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment

from derive.render.articles.blocks import Article, Code, Runs, groups
from derive.render.document import Document
from derive.render.prose import Formula, Prose
from derive.render.prose import prose as words
from derive.templating import environment, fill

FUNCTION = re.compile(r"^def (\w+)\(", re.MULTILINE)


def text(words: str) -> str:
    """Plain words with Markdown's own signs escaped."""
    return re.sub(r"([\\`*_\[\]<>|#$~])", r"\\\1", words)


def inline(formula: Formula) -> str:
    """Between back quotes no sign means anything else."""
    return f"$`{_safe(formula.latex)}`$"


def display(formula: Formula, indent: int = 0) -> str:
    lines = ["```math", _safe(formula.latex), "```"]
    return ("\n" + " " * indent).join(lines)


def prose(runs: Prose) -> str:
    return "".join(text(r) if isinstance(r, str) else inline(r) for r in runs)


def cell(formula: Formula) -> str:
    """A formula in a table, where a bar would end the cell."""
    return inline(Formula(formula.latex.replace("|", r"\vert "), ""))


def _safe(latex: str) -> str:
    # GitHub refuses \operatorname.
    return latex.replace(r"\operatorname{", r"\mathrm{")


def runs(parts: Runs, *, in_table: bool = False) -> str:
    """A sentence of an article."""
    formula = cell if in_table else inline
    return "".join(
        text(r) if isinstance(r, str) else f"`{r.text}`" if isinstance(r, Code) else formula(r)
        for r in parts
    )


def page(document: Document, pages: frozenset[str] | None = None) -> str:
    """One derivation as Markdown."""
    values = {"doc": document, "pages": pages or frozenset()}
    return _fill("markdown/derivation.md.jinja", values)


def article(made: Article) -> str:
    """An article as Markdown."""
    return _fill("markdown/article.md.jinja", {"article": made})


def results(documents: Sequence[Document], folder: str) -> str:
    """A table of all results, with a link to each page in ``folder`` and the function's name."""
    rows = ["| topic | result | function |", "|---|---|---|"]
    for doc in documents:
        name = FUNCTION.search(doc.source.text) if doc.source else None
        link = f"[{text(doc.title)}]({folder}/{doc.name}.md)"
        rows.append(f"| {doc.topic} | {link} | {f'`{name[1]}`' if name else ''} |")
    return "\n".join(rows) + "\n"


def index(documents: Sequence[Document], articles: Sequence[Article] = ()) -> str:
    """The list of all derivations, with the articles in front."""
    topics: dict[str, list[Document]] = {}
    for doc in documents:
        topics.setdefault(doc.topic, []).append(doc)
    return _fill("markdown/index.md.jinja", {"topics": topics, "groups": groups(articles)})


@cache
def _environment() -> Environment:
    env = environment()
    env.filters.update(
        text=text, inline=inline, display=display, prose=prose, words=words, cell=cell, runs=runs
    )
    return env


def _fill(template: str, values: dict[str, Any]) -> str:
    written = fill(template, values, env=_environment())
    return re.sub(r"\n{3,}", "\n\n", written).strip() + "\n"
