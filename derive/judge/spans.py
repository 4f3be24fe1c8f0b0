"""Where the mathematics of a document stands: spans with line and column, and the prose between.

Markdown, LaTeX, plain text and notebooks are told apart by what they contain, never by name.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass

MAX_CHARACTERS = 2_000_000
MAX_SPAN = 200_000
ENVIRONMENTS = (
    r"equation|align|aligned|alignat|split|gather|gathered|multline|eqnarray|displaymath|math"
)
_OPENERS = re.compile(
    r"(?P<fence>^[ \t]*```[ \t]*(?:math|latex|tex)\b[^\n]*\n)"
    r"|(?P<code>^[ \t]*(?P<ticks>```+|~~~+)[^\n]*\n)"
    r"|(?P<script><script type=\"math/tex[^\"]*\">)"
    r"|(?P<comment><!--)"
    rf"|(?P<env>\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}})"
    r"|(?P<display>\\{1,2}\[(?![0-9.]+(?:em|ex|pt|mm|cm)\]))|(?P<inline>\\{1,2}\()"
    r"|(?P<dollars>(?<!\\)\$\$)|(?P<dollar>(?<!\\)\$(?!\$))"
    r"|(?P<tick>`)",
    re.MULTILINE,
)
_MACRO = re.compile(
    r"\\(?:re|provide)?(?:newcommand|DeclareMathOperator)\*?\s*\{?\\([A-Za-z]+)\}?\s*(?:\[(\d)\])?\s*\{"
)
_DEF = re.compile(r"\\def\s*\\([A-Za-z]+)((?:#\d)*)\s*\{")


@dataclass(frozen=True)
class Span:
    """One piece of mathematics: its source text, and where the text begins in the file."""

    text: str
    start: int
    display: bool
    before: str = ""


@dataclass(frozen=True)
class Source:
    """A document cut into spans. ``place`` turns an offset into (line, column), from 1."""

    text: str
    spans: tuple[Span, ...]
    macros: dict[str, tuple[int, str]]
    after: str = ""
    starts: tuple[int, ...] = (0,)

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def decoded(data: bytes) -> str:
    """Text of a file. Bytes that are not UTF-8 become U+FFFD, so that places stay right."""
    return data.decode("utf-8-sig", errors="replace")


def unpacked(text: str) -> str:
    """The Markdown cells of a notebook, or the text itself."""
    if not text.lstrip().startswith("{") or '"cells"' not in text[:MAX_CHARACTERS]:
        return text
    try:
        cells = json.loads(text).get("cells", [])
        parts = ["".join(c["source"]) for c in cells if c.get("cell_type") == "markdown"]
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return text
    return "\n\n".join(parts)


def closed(text: str, start: int) -> int | None:
    """The offset just behind the brace that closes the one before ``start``."""
    depth = 1
    for m in re.finditer(r"\\.|[{}]", text[start : start + 20_000], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(m[0], 0)
        if not depth:
            return start + m.end()
    return None


def macros(text: str) -> tuple[dict[str, tuple[int, str]], list[tuple[int, int]]]:
    """The macros that the document defines: name to (number of arguments, body); their places."""
    found: dict[str, tuple[int, str]] = {}
    bodies: list[tuple[int, int]] = []
    for pattern in (_MACRO, _DEF):
        for m in list(pattern.finditer(text))[:500]:
            end = closed(text, m.end())
            if end is None:
                continue
            count = int(m[2] or 0) if pattern is _MACRO else (m[2] or "").count("#")
            body = text[m.end() : end - 1]
            if "DeclareMathOperator" in m[0]:
                body = rf"\operatorname{{{body}}}"
            found[m[1]] = (count, body)
            bodies.append((m.start(), end))
    return found, bodies


def cut(text: str) -> Source:
    """Find the mathematics. Text without any delimiter is read line by line."""
    text = unpacked(text).replace("\r\n", "\n").replace("\r", "\n")
    known, bodies = macros(text)
    spans, before = _spans(text, bodies)
    if not spans:
        spans, before = _plain_lines(text), ""
    starts = (0, *(m.end() for m in re.finditer("\n", text)))
    return Source(text, tuple(spans), known, before, starts)


def _spans(text: str, bodies: list[tuple[int, int]]) -> tuple[list[Span], str]:
    spans: list[Span] = []
    at = shown = 0
    open_: set[str] = set()  # closers that do not come any more
    while opener := _OPENERS.search(text, at):
        kind = str(opener.lastgroup if opener.lastgroup not in ("name", "ticks") else "")
        kind = kind or ("env" if opener["env"] else "code")
        closer = _closer(opener, kind)
        end = None if closer in open_ else _closing(text, opener, kind, closer)
        if end is None or end == (-1, -1):
            open_ |= {closer} if end is None else set()
            at = opener.end()
            continue
        inside = any(a <= opener.start() < b for a, b in bodies)
        if kind in ("code", "comment", "tick") or inside:
            at = end[1]
            continue
        start = opener.start() if kind == "env" else opener.end()
        stop = end[1] if kind == "env" else end[0]
        display = kind not in ("inline", "dollar")
        spans.append(Span(text[start:stop], start, display, text[shown : opener.start()]))
        at = shown = end[1]
    return spans, text[shown:]


def _closer(opener: re.Match[str], kind: str) -> str:
    """The pattern of what closes an opener."""
    if kind == "env":
        return rf"\\end\{{{re.escape(opener['name'])}\}}"
    if kind == "code":
        return rf"^[ \t]*{opener['ticks']}"
    if kind == "display":
        return r"\\{1,2}\]" if opener[0] == r"\[" else r"\\\\\]"
    return {
        "fence": r"^[ \t]*```", "script": r"</script>", "comment": r"-->",
        "inline": r"\\{1,2}\)", "dollars": r"(?<!\\)\$\$", "dollar": r"(?<!\\)\$", "tick": r"`",
    }[kind]  # fmt: skip


def _closing(text: str, opener: re.Match[str], kind: str, closer: str) -> tuple[int, int] | None:
    """Where the span ends and where the text goes on; None if nothing closes it any more."""
    found = re.compile(closer, re.MULTILINE).search(text, opener.end())
    if found is None:
        return None
    if found.start() - opener.end() > MAX_SPAN:
        return (-1, -1)
    if kind in ("dollar", "tick", "inline") and "\n\n" in text[opener.end() : found.start()]:
        return (-1, -1)
    return found.start(), found.end()


def _plain_lines(text: str) -> list[Span]:
    spans, at, before = [], 0, ""
    for line in text.split("\n"):
        if re.search(r"[=≈≤≥∝≠]|\\(?:approx|le|ge)", line):
            spans.append(Span(line, at, True, before))
            before = ""
        else:
            before += line + "\n"
        at += len(line) + 1
    return spans
