"""The formats. A new one is one entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.errors import UnknownName
from derive.render import html, json, latex, markdown, text
from derive.render.articles.blocks import Article
from derive.render.document import Document


@dataclass(frozen=True)
class Format:
    """A way to write a document down."""

    name: str
    suffix: str
    page: Callable[[Document], str]
    article: Callable[[Article], str]


FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("text", ".txt", text.page, text.article),
        Format("latex", ".tex", latex.article, latex.worked),
        Format("markdown", ".md", markdown.page, markdown.article),
        Format("html", ".html", html.page, html.article),
        Format("json", ".json", json.page, json.article),
    )
}


def render(document: Document | Article, format: str) -> str:
    """The document in one format. Raises UnknownName for a format that does not exist."""
    if format not in FORMATS:
        raise UnknownName("format", format, FORMATS)
    if isinstance(document, Article):
        return FORMATS[format].article(document)
    return FORMATS[format].page(document)
