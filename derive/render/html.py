"""HTML: a page a derivation, an index and a graph; native MathML, a shipped font, no network.

One script of our own adds search, copying and the choice of light or dark; without it the pages
lose only these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape
from math_core import LatexError, LatexToMathML

from derive.errors import DeriveError
from derive.render.articles.blocks import Article, Code, Runs, groups
from derive.render.document import Document, Line, Link
from derive.render.graph_views import Drawing, Graphs, slug
from derive.render.prose import Formula, Prose
from derive.render.prose import prose as words
from derive.templating import environment, fill, template_directory

FONT = "STIXTwoMath-Regular.ttf"
LICENCE = "STIXTwoMath-OFL.txt"
_LISTED_MINUS = re.compile(r"(<mo>,</mo><mtext>\s*</mtext>)<mo>−")
STYLE, SCRIPT = "style.css", "site.js"


@dataclass(frozen=True)
class Place:
    """Where a page stands on the site: its neighbours in reading order, topic and graph."""

    before: Link | None
    after: Link | None
    siblings: tuple[Link, ...]
    drawing: Drawing | None


def mathml(latex: str, *, display: bool) -> Markup:
    """A formula as MathML. Raises DeriveError for LaTeX that the converter does not know."""
    converter = LatexToMathML(fancy_error=False)
    try:
        made = converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise DeriveError(
            f"no MathML for {latex}\n  {error}", hint="write it with commands that math-core knows"
        ) from error
    # A minus after a comma and a space is a sign and no operator.
    made = _LISTED_MINUS.sub(r'\1<mo lspace="0" rspace="0">−', made)
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


def copied(line: Line) -> str:
    """One line as LaTeX to copy, with its relation sign."""
    return line.shown.latex


def aligned(document: Document) -> str:
    """The whole chain as LaTeX to copy."""
    rows = [f"  &{line.sign} {line.formula.latex}" for line in document.lines]
    body = " \\\\\n".join(rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def page(
    document: Document,
    pages: frozenset[str] | None = None,
    *,
    alone: bool = True,
    place: Place | None = None,
) -> str:
    """One derivation as a page. ``alone`` puts the style into the page, for a single file.

    ``pages`` are the names that have a page of their own and may be linked to.
    """
    values = {
        "doc": document,
        "pages": pages or frozenset(),
        "alone": alone,
        "style": Markup(re.sub(r"@font-face \{.*?\}\s*", "", style(), flags=re.S)) if alone else "",
        "aligned": aligned(document),
        "place": place,
        "drawing": place.drawing if place else None,
    }
    return _fill("html/derivation.html.jinja", values)


def article(made: Article) -> str:
    """An article as a page of the site."""
    return _fill("html/article.html.jinja", {"article": made, "alone": False})


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
    values = {
        "topics": topics,
        "count": len(documents),
        "pdfs": pdfs,
        "book": book,
        "groups": groups(articles),
        "alone": False,
    }
    return _fill("html/index.html.jinja", values)


def graph(graphs: Graphs) -> str:
    """The page that shows which result rests on which."""
    values = {
        "overview": graphs.overview(),
        "topics": graphs.families(),
        "everything": graphs.everything(),
        "alone": False,
    }
    return _fill("html/graph.html.jinja", values)


def style() -> str:
    """The style sheet."""
    return (template_directory() / "html" / STYLE).read_text(encoding="utf-8")


def assets() -> dict[str, bytes]:
    """What lies beside the pages: style sheet, script, font, and the font's licence."""
    ours = (STYLE, SCRIPT, LICENCE)
    found = {name: (template_directory() / "html" / name).read_bytes() for name in ours}
    return found | {FONT: _font().read_bytes()}


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
    env.filters.update(copied=copied, slug=slug)
    return env


def _fill(template: str, values: dict[str, Any]) -> str:
    return fill(template, values, env=_environment())
