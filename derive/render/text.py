"""Plain text for the terminal."""

from __future__ import annotations

import re
import textwrap

from derive.render.articles.blocks import Article, Code, Runs
from derive.render.document import Document
from derive.render.prose import Formula, Prose, plain_text
from derive.templating import environment, fill

WIDTH = 88


def shown(formula: Formula, indent: int = 2) -> str:
    """A formula in lines of its own; matrices keep their rows."""
    return textwrap.indent(formula.plain, " " * indent)


def wrapped(words: str, indent: int = 0) -> str:
    """A sentence in lines of at most WIDTH signs."""
    return textwrap.fill(
        words, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def prose(runs: Prose, indent: int = 0) -> str:
    return wrapped(plain_text(runs), indent)


def runs(parts: Runs) -> str:
    """A sentence of an article."""
    return wrapped("".join(r if isinstance(r, str) else r.text if isinstance(r, Code) else r.plain
                           for r in parts))  # fmt: skip


def article(made: Article) -> str:
    """An article of words, formulas and links as text."""
    env = environment()
    env.filters.update(shown=shown, wrapped=wrapped, runs=runs)
    written = fill("text/article.txt.jinja", {"article": made}, env=env)
    return re.sub(r"\n{3,}", "\n\n", written).strip() + "\n"


def page(document: Document) -> str:
    """One derivation as text."""
    env = environment()
    env.filters.update(shown=shown, wrapped=wrapped, prose=prose, plain=plain_text)
    written = fill("text/derivation.txt.jinja", {"doc": document}, env=env)
    return re.sub(r"\n{3,}", "\n\n", written).strip() + "\n"
