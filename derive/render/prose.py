"""Sentences with formulas: ``$…$``, and formulas as people type them, ``p_i (1 − p_j)``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from derive.render.styles import GREEK, SMALL


@dataclass(frozen=True)
class Formula:
    """One formula in both notations."""

    latex: str
    plain: str
    marked: bool = False  # by the author, with dollars


Prose = tuple[str | Formula, ...]

_LETTERS = {sign: f"\\{name}" for name, sign in GREEK.items()} | {
    "Σ": r"\sum", "Π": r"\prod", "∏": r"\prod", "∂": r"\partial",
}  # fmt: skip
_OPERATORS = {
    "−": "-", "·": r"\cdot", "≠": r"\neq", "≤": r"\leq", "≥": r"\geq", "×": r"\times",
    "↦": r"\mapsto", "′": "'", "..": r", \dots, ",
}  # fmt: skip
_SMALL_SIGNS = re.escape("".join(SMALL))
_STEM = rf"[^\W\d_{_SMALL_SIGNS}]"
_SILENT = "left|right|displaystyle|mathbf|boldsymbol|mathrm|operatorname|text"
_PLACE = r"(?:\{[^{}]*\}|[^\W_]+'?)"
_GREEK_SIGNS = "".join(GREEK.values())
_LONE_A = r"a(?=\()|(?<=[−+=·(] )a(?= ?[)=+−])|(?<=[−·(])a(?= ?[)=+−])"
_ALONE = rf"∂?[{_GREEK_SIGNS}]|∂[A-Za-z]|[b-zB-HJ-Z]|{_LONE_A}"  # all but the words a, A and I
_TYPED = re.compile(
    rf"\$(?P<dollar>[^$]+)\$"
    rf"|(?<![\w\\])(?P<small>(?:{_STEM}[{_SMALL_SIGNS}]+)+)(?!\w)"
    rf"|(?<![\w\\])(?P<stem>[^\W\d_]|∂²?[^\W\d_]|Σ|Π)"
    rf"(?:_(?P<sub>{_PLACE})(?:\^(?P<sup>{_PLACE}))?|\^(?P<only>{_PLACE}))"
    rf"|(?<![\w\\∂])(?<![.'’])(?P<alone>{_ALONE})(?![\w’]|'\w|\.\w)"
    rf"|(?<![\w\\])(?P<compared>1\.\.[KDmNn](?: ?[−-] ?1)?|[aA] ?[=≠≤≥<>] ?\w)(?!\w)"
)
_OPEN_BEFORE = re.compile(r"[\[∇∂²/^_|√]$|[\w)\]]\([^()]*$|[−+=·] ?$")
_OPEN_AFTER = re.compile(r"[\[(!∂²/^_|]|,? [<>]|\][\[(]| ?[−+=·] ?[^\W\d_]")
_HALF = re.compile(r"[/=−+·]\s*$")
_JOINT = re.compile(r"[\s()+−=·/×≥≤<>≠↦\d!′]*(?:\b(?:log|exp|diag)\b[\s(\d+−]*)?")
_TAIL = re.compile(r"[)′]+|\s*[=≥≤<>≠−+]\s*\d+(?!\w|\.\d)")
_HEAD = re.compile(
    r"(?:(?<![\w)])[−-]|(?<!\w)\d+ [−+] \(?|(?<!\w)(?:log|exp|diag) ?\(?|1/|(?<!\w)\()+$"
)


def prose(text: str) -> Prose:
    """The sentence as runs of words and formulas; neighbouring formulas become one."""
    runs: list[str | Formula] = []
    at = 0
    for found in _TYPED.finditer(text):
        between = text[at : found.start()]
        formula = _formula(found)
        last = runs[-1] if runs else None
        marked = formula.marked or (isinstance(last, Formula) and last.marked)
        near = _JOINT.fullmatch(between) and not between.startswith("\n")
        if isinstance(last, Formula) and near and not marked:
            runs[-1] = _joined(last, between, formula)
        else:
            between, formula = (between, formula) if marked else _with_head(between, formula)
            runs += [between, formula] if between else [formula]
        at = found.end()
        if not formula.marked and (tail := _TAIL.match(text, at)):
            runs[-1], at = _with_tail(runs[-1], tail[0], at)
    runs += [text[at:]] if at < len(text) else []
    settled = [part for run in runs for part in _balanced(run)]
    return tuple(_merged(_as_typed(settled, n) for n in range(len(settled))))


def plain_text(runs: Prose) -> str:
    """The sentence without markup."""
    return "".join(r if isinstance(r, str) else r.plain for r in runs)


def _joined(left: Formula, between: str, right: Formula) -> Formula:
    return Formula(left.latex + _signs(between) + right.latex, left.plain + between + right.plain)


def _with_head(between: str, formula: Formula) -> tuple[str, Formula]:
    head = _HEAD.search(between)
    if not head:
        return between, formula
    text = head[0]
    return between[: head.start()], Formula(_signs(text) + formula.latex, text + formula.plain)


def _with_tail(run: str | Formula, tail: str, at: int) -> tuple[str | Formula, int]:
    if not isinstance(run, Formula):
        return run, at
    spare = run.plain.count("(") - run.plain.count(")")
    while tail.count(")") > max(0, spare):
        tail = tail[: tail.rindex(")")]
    return Formula(run.latex + _signs(tail), run.plain + tail), at + len(tail)


def _as_typed(runs: list[str | Formula], place: int) -> str | Formula:
    """A formula stays as it was typed where signs around it show that it is part of a larger one.

    Half a formula is worse than none; what an author marks with ``$`` is whole.
    """
    run = runs[place]
    if isinstance(run, str) or run.marked:
        return run
    before, after = ("".join(map(_words, part)) for part in (runs[:place], runs[place + 1 :]))
    partial = _OPEN_BEFORE.search(before) or _OPEN_AFTER.match(after)
    return run.plain if partial or _HALF.search(run.plain) else run


def _words(run: str | Formula) -> str:
    return run if isinstance(run, str) else run.plain


def _merged(runs: Iterable[str | Formula]) -> list[str | Formula]:
    """Neighbouring words in one run."""
    found: list[str | Formula] = []
    for run in runs:
        if isinstance(run, str) and found and isinstance(found[-1], str):
            found[-1] += run
        else:
            found.append(run)
    return found


def _balanced(run: str | Formula) -> Prose:
    """A run whose parentheses do not match is left as the author typed it, piece by piece."""
    if isinstance(run, str) or run.marked or run.plain.count("(") == run.plain.count(")"):
        return (run,)
    parts: list[str | Formula] = []
    at = 0
    for found in _TYPED.finditer(run.plain):
        parts += [run.plain[at : found.start()], _formula(found)]
        at = found.end()
    return tuple(p for p in (*parts, run.plain[at:]) if p)


def _formula(found: re.Match[str]) -> Formula:
    if found["dollar"]:
        return Formula(found["dollar"], unlatex(found["dollar"]), True)
    if found["alone"] or found["compared"]:
        return Formula(_signs(found[0]).strip(), found[0])
    if found["small"]:
        parts = re.findall(rf"({_STEM})([{_SMALL_SIGNS}]+)", found["small"])
        return Formula(" ".join(_with_places(*part) for part in parts), found[0])
    sub, sup = _inner(found["sub"]), _inner(found["sup"] or found["only"])
    head = _signs(found["stem"].replace("²", "^{2}")).strip()
    latex = head + (f"_{{{sub}}}" if sub else "") + (f"^{{{sup}}}" if sup else "")
    return Formula(latex, found[0])


def _with_places(stem: str, places: str) -> str:
    low, high = ("".join(SMALL[s][1] for s in places if SMALL[s][0] == at) for at in "_^")
    high = r"\top" if high == "T" else high
    return _signs(stem).strip() + f"_{{{low}}}" * bool(low) + f"^{{{high}}}" * bool(high)


def _inner(place: str | None) -> str:
    """What stands in a typed sub- or superscript, as LaTeX."""
    text = (place or "").removeprefix("{").removesuffix("}")
    return _signs(re.sub(r"_(\w)", r"_{\1}", text)).strip()


def _signs(text: str) -> str:
    text = re.sub(r"\b(log|exp)\b", r"\\\1 ", text)
    text = re.sub(r"\bdiag\b", r"\\operatorname{diag}", text)
    for sign, name in (_LETTERS | _OPERATORS).items():
        text = text.replace(sign, f"{name} " if name[-1].isalpha() else name)
    return re.sub(r" {2,}", " ", text)


def unlatex(latex: str) -> str:
    """A formula that an author wrote in LaTeX, readable in a terminal."""
    text = re.sub(rf"\\(?:{_SILENT})(?![a-z])\s?", "", latex)
    for name, sign in (
        *GREEK.items(), ("sum", "Σ"), ("prod", "Π"), ("partial", "∂"), ("neq", "≠"), ("ne", "≠"),
        ("leq", "≤"), ("le", "≤"), ("geq", "≥"), ("ge", "≥"), ("cdot", "·"), ("top", "ᵀ"),
        ("infty", "∞"), ("to", "→"), ("dots", "…"), ("nabla", "∇"), ("in", "∈"), ("times", "×"),
        ("otimes", "⊗"), ("quad", "  "), ("qquad", "   "), ("iff", "⇔"), ("Rightarrow", "⇒"),
    ):  # fmt: skip
        text = re.sub(rf"\\{name}(?![a-zA-Z])\s?", sign, text)
    text = re.sub(r"\{(\w)\}", r"\1", text)
    inner = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
    for _ in range(3):
        text = re.sub(rf"\\[dt]?frac{inner}\s*{inner}", _over, text)
    text = re.sub(r"\\[,;!: ]|\\(?=[a-zA-Z{}])", "", text).replace("^ᵀ", "ᵀ").replace("-", "−")
    return re.sub(r"(?<![_^])\{([^{}]*)\}", r"\1", text)


def _over(found: re.Match[str]) -> str:
    def part(text: str) -> str:
        return text if re.fullmatch(r"[^\s+−-]+", text) else f"({text})"

    return f"{part(found[1])}/{part(found[2])}"
