"""LaTeX: signs, sentences and formulas, and an article a derivation. The book is elsewhere."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment

from derive.errors import DeriveError
from derive.render.articles.blocks import Article, Code, Runs
from derive.render.document import Document, Source
from derive.render.prose import Formula, Prose
from derive.render.prose import prose as words
from derive.render.styles import GREEK, SMALL
from derive.render.tables import is_text, widths
from derive.templating import environment, fill

SIGNS: dict[str, str] = {sign: f"\\{name}" for name, sign in GREEK.items()}
SIGNS |= {sign: f"{place}{{{letter}}}" for sign, (place, letter) in SMALL.items()} | {
    "∂": r"\partial", "∏": r"\prod", "∑": r"\sum", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq",
    "−": "-", "·": r"\cdot", "×": r"\times", "∞": r"\infty", "→": r"\to", "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow", "∈": r"\in", "ᵀ": r"^{\top}", "∇": r"\nabla", "≈": r"\approx",
    "½": r"\tfrac{1}{2}", "±": r"\pm", "√": r"\surd", "′": "'",
    "ℝ": r"\mathbb{R}", "𝟏": r"\mathbf{1}", "⟨": r"\langle", "⟩": r"\rangle",
    "∀": r"\forall", "⊙": r"\odot", "≡": r"\equiv", "‖": r"\Vert", "∫": r"\int", "←": r"\leftarrow",
    "↦": r"\mapsto", "≪": r"\ll", "≫": r"\gg", "ε": r"\varepsilon",
}  # fmt: skip
WORDS = {"…": r"\dots{}", "“": "``", "”": "''", "’": "'", "‘": "`", "–": "--", "—": "---"}
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\ensuremath{<}", ">": r"\ensuremath{>}", "|": r"\ensuremath{|}",
}  # fmt: skip


def text(words: str) -> str:
    """Plain words, safe in LaTeX. Raises DeriveError for a sign that the fonts have not got."""
    straight = re.sub(r'(^|[\s(])"', r"\1“", words).replace('"', "”")
    return "".join(_sign(s) for s in straight)


def _sign(sign: str) -> str:
    if sign in SPECIAL:
        return SPECIAL[sign]
    if sign in WORDS:
        return WORDS[sign]
    if sign in SIGNS:
        return rf"\ensuremath{{{SIGNS[sign]}}}"
    if ord(sign) < 0x180:  # Latin letters with accents are in the fonts
        return sign
    raise DeriveError(
        f"no LaTeX for the sign {sign!r} (U+{ord(sign):04X})",
        hint="write it in words, or add it to derive/render/latex.py",
    )


def inline(formula: Formula) -> str:
    return f"${formula.latex}$"


def prose(runs: Prose) -> str:
    return "".join(text(r) if isinstance(r, str) else inline(r) for r in runs)


def runs(parts: Runs) -> str:
    """A sentence of an article."""
    return "".join(
        text(r) if isinstance(r, str)
        else rf"\texttt{{{text(r.text)}}}" if isinstance(r, Code)
        else inline(r)
        for r in parts
    )  # fmt: skip


def listing(source: Source) -> str:
    """Source text for a verbatim environment: signs become ASCII names where they must."""
    for sign in source.text:
        if sign != "\n":
            _sign(sign)
    return source.text


def listing_size(source: Source) -> str:
    """A type size at which the longest line fits the page."""
    longest = max(len(line) for line in source.text.splitlines())
    return r"\footnotesize" if longest <= 88 else r"\scriptsize" if longest <= 104 else r"\tiny"


def unicode_declarations() -> list[str]:
    """Signs that may stand in a listing."""
    rows = [(ord(s), rf"\ensuremath{{{name}}}") for s, name in SIGNS.items()]
    rows += [(ord(s), name) for s, name in WORDS.items()]
    return [rf"\DeclareUnicodeCharacter{{{code:04X}}}{{{name}}}" for code, name in sorted(rows)]


_FILTERS = {
    "text": text,
    "inline": inline,
    "prose": prose,
    "words": words,
    "runs": runs,
    "widths": widths,
    "listing": listing,
    "listing_size": listing_size,
}


def article(document: Document) -> str:
    """One derivation as a complete LaTeX article."""
    return filled(
        "latex/derivation.tex.jinja", {"doc": document, "declarations": unicode_declarations()}
    )


def worked(made: Article) -> str:
    """An article of its own in LaTeX."""
    values = {"article": made, "declarations": unicode_declarations()}
    return filled("latex/article.tex.jinja", values)


@cache
def _environment() -> Environment:
    env = environment(latex=True)
    env.filters.update(_FILTERS)
    env.tests["text_table"] = is_text
    return env


def filled(template: str, values: dict[str, Any]) -> str:
    """A template of LaTeX with these values."""
    written = fill(template, values, env=_environment())
    return re.sub(r"\n{3,}", "\n\n", written)
