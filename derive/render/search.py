"""What the search of the site looks through: a script that pages can load without a server."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from derive.render.articles.blocks import Article, Heading
from derive.render.document import Document
from derive.render.prose import plain_text
from derive.render.styles import GREEK

FILE = "search-index.js"
_SAID = {sign: name for name, sign in GREEK.items()} | {
    "Σ": "sum", "Π": "product", "∂": "derivative", "∇": "gradient", "√": "root", "∞": "infinity",
}  # fmt: skip
_FUNCTION = re.compile(r"^def ([a-z]\w*)\(", re.M)


def search_index(documents: Sequence[Document], articles: Sequence[Article]) -> str:
    """All that can be found, as one assignment to a global name."""
    entries = [*map(_derivation, documents), *map(_article, articles)]
    text = json.dumps(entries, ensure_ascii=False, indent=0, sort_keys=True)
    return f"window.searchIndex = {text};\n"


def _derivation(doc: Document) -> dict[str, str]:
    formula = doc.main.plain
    return {
        "href": f"{doc.name}.html",
        "title": doc.title,
        "topic": doc.topic.capitalize(),
        "statement": plain_text(doc.statement),
        "formula": formula,
        "words": " ".join((doc.name, *functions(doc), *spoken(formula))),
    }


def _article(article: Article) -> dict[str, str]:
    headings = [b.text for b in article.blocks if isinstance(b, Heading)]
    return {
        "href": f"{article.name}.html",
        "title": article.title,
        "topic": "Page",
        "statement": article.statement,
        "formula": "",
        "words": " ".join((article.name, *headings)),
    }


def functions(doc: Document) -> list[str]:
    """The names that its generated module offers for this result."""
    return _FUNCTION.findall(doc.source.text) if doc.source else []


def spoken(formula: str) -> list[str]:
    """The names of the signs in a formula, as a person types them."""
    return [_SAID[sign] for sign in dict.fromkeys(formula) if sign in _SAID]
