"""HTML: a page a derivation and an index; native MathML, a shipped font, no script, no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape
from math_core import LatexError, LatexToMathML

from derive.errors import DeriveError
from derive.render.articles.blocks import Article, Code, Runs
from derive.render.document import Document
from derive.render.prose import Formula, Prose
from derive.render.prose import prose as words
from derive.templating import environment, fill, template_directory

FONT = "STIXTwoMath-Regular.ttf"
LICENCE = "STIXTwoMath-OFL.txt"


def mathml(latex: str, *, display: bool) -> Markup:
    """A formula as MathML. Raises DeriveError for LaTeX that the converter does not know."""
    converter = LatexToMathML(fancy_error=False)
    try:
        made = converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise DeriveError(
            f"no MathML for {latex}\n  {error}", hint="write it with commands that math-core knows"
        ) from error
    # Fractions in the rows of cases are as large as outside.
    return Markup(made.replace('<mtable displaystyle="false"', '<mtable displaystyle="true"'))


def inline(formula: Formula) -> Markup:
    return mathml(formula.latex, display=False)


def display(formula: Formula) -> Markup:
    """A formula of its own, in a box that scrolls where the screen is narrow."""
    inner = mathml(formula.latex, display=True)
    return Markup('<div class="formula" tabindex="0">{}</div>').format(inner)


def prose(runs: Prose) -> Markup:
    return Markup("").join(escape(r) if isinstance(r, str) else inline(r) for r in runs)


def runs(parts: Runs) -> Markup:
    """A sentence of an article."""
    return Markup("").join(
        escape(r) if isinstance(r, str)
        else Markup("<code>{}</code>").format(r.text) if isinstance(r, Code)
        else inline(r)
        for r in parts
    )  # fmt: skip


def aligned(document: Document) -> str:
    """The whole chain as LaTeX to copy."""
    rows = []
    for line in document.lines:
        sign = f"&{line.sign} " if line.relation else "& "
        rows.append(f"  {sign}{line.formula.latex}")
    body = " \\\\\n".join(rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def page(document: Document, pages: frozenset[str] | None = None, *, alone: bool = True) -> str:
    """One derivation as a page. ``alone`` puts the style into the page, for a single file.

    ``pages`` are the names that have a page of their own and may be linked to.
    """
    values = {
        "doc": document,
        "pages": pages or frozenset(),
        "alone": alone,
        "style": Markup(re.sub(r"@font-face \{.*?\}\s*", "", style(), flags=re.S)) if alone else "",
        "aligned": aligned(document),
    }
    return _fill("html/derivation.html.jinja", values)


def article(made: Article) -> str:
    """An article as a page of the site."""
    return _fill("html/article.html.jinja", {"article": made})


def index(
    documents: Sequence[Document],
    pdfs: frozenset[str] = frozenset(),
    book: str = "",
    articles: Sequence[Article] = (),
) -> str:
    """The index of the site; ``pdfs`` and ``book`` are linked to where they exist."""
    topics: dict[str, list[Document]] = {}
    for doc in documents:
        topics.setdefault(doc.topic, []).append(doc)
    values = {"topics": topics, "pdfs": pdfs, "book": book, "articles": articles}
    return _fill("html/index.html.jinja", values)


def style() -> str:
    """The style sheet."""
    return (template_directory() / "html" / "style.css").read_text(encoding="utf-8")


def assets() -> dict[str, bytes]:
    """What lies beside the pages: style sheet, font, and the font's licence."""
    font = _font().read_bytes()
    licence = Path(template_directory() / "html" / LICENCE).read_bytes()
    return {"style.css": style().encode(), FONT: font, LICENCE: licence}


def _font() -> Path:
    """The font inside the wheel of ziamath, which need not be imported for it."""
    found = find_spec("ziamath")
    if found is None or found.origin is None:
        raise DeriveError(
            "the maths font is missing: ziamath is not installed", hint="pip install ziamath"
        )
    return Path(found.origin).parent / "fonts" / FONT


@cache
def _environment() -> Environment:
    env = environment()
    env.autoescape = True
    env.filters.update(inline=inline, display=display, prose=prose, words=words, runs=runs)
    return env


def _fill(template: str, values: dict[str, Any]) -> str:
    return fill(template, values, env=_environment())
