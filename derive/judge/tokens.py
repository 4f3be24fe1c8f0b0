"""LaTeX and Unicode mathematics as a list of tokens, each with its place in the source.

Every limit is a plain number here: what is longer, deeper or larger is refused with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

from derive.errors import DeriveError
from derive.judge import words
from derive.render.styles import SMALL

MAX_TOKENS = 6_000
MAX_DEPTH = 60
MAX_DIGITS = 30
MAX_EXPANSIONS = 400


class Unread(DeriveError):
    """A formula cannot be read. ``at`` is the offset in the source of what was not understood."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True)
class Token:
    """``kind`` is one of cmd, name, num, text, op, row, sep, space, env, unenv, end."""

    kind: str
    text: str
    start: int
    stop: int

    def __str__(self) -> str:
        return "\\" + self.text if self.kind == "cmd" else self.text


_SCAN = re.compile(
    r"(?P<space>[ \t\n\r~]+)"
    r"|(?P<row>\\\\\*?(?:\s*\[[^\]\n]{0,20}\])?(?:\s*\\\\(?:\[[^\]\n]{0,20}\])?)*|\\newline\b|\\cr\b)"
    r"|(?P<under>\\_)"
    r"|\\(?P<cmd>[A-Za-z]+\*?|.)"
    r"|(?P<num>\d+(?:\.\d+)?(?:[eE][-+]?\d+(?![\w.]))?|\.\d+)"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<assign>:=|==|!=|<=|>=|=>|->|\.\.\.|\.\.|\|\|)"
    r"|(?P<cjk>[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef\u0400-\u04ff]+)"
    r"|(?P<comment>%[^\n]*)"
    r"|(?P<op>.)",
    re.DOTALL,
)
_ASSIGN = {":=": ":=", "==": "=", "!=": "ne", "<=": "le", ">=": "ge"}


def tokenise(
    source: str,
    start: int = 0,
    macros: Mapping[str, tuple[int, str]] | None = None,
    vocabulary: frozenset[str] = frozenset(),
) -> list[Token]:
    """The tokens of a formula. Raises Unread where a limit is passed."""
    if len(source) > 200_000:
        raise Unread("the formula is longer than 200000 characters", start)
    out: list[Token] = []
    for token in _Scanner(dict(macros or {}), vocabulary).scan(source, start):
        out.append(token)
        if len(out) > MAX_TOKENS:
            raise Unread(f"the formula has more than {MAX_TOKENS} symbols", token.start)
    return out


class _Scanner:
    def __init__(self, macros: dict[str, tuple[int, str]], vocabulary: frozenset[str]) -> None:
        self.macros, self.vocabulary = macros, vocabulary
        self.expansions = 0

    def scan(
        self, source: str, start: int, fixed: tuple[int, int] | None = None
    ) -> Iterator[Token]:
        """``fixed``: the place that every token has, for those out of a macro."""
        at: int = 0
        before = ""
        while m := _SCAN.match(source, at):
            where = fixed or (start + m.start(), start + m.end())
            at = m.end()
            kind = str(m.lastgroup)
            if kind == "cmd":
                at = yield from self._command(source, m, start, fixed)
            elif kind == "op":
                yield from self._sign(m[0], where)
            elif kind == "word":
                yield from self._word(m[0], where, before, source[at : at + 1], fixed is not None)
            elif kind == "num":
                if len(m[0]) > MAX_DIGITS:
                    raise Unread(f"a number has more than {MAX_DIGITS} digits", where[0])
                yield Token("num", m[0], *where)
            elif kind == "assign":
                yield _assigned(m[0], where)
            elif kind in ("space", "row"):
                yield Token(kind, m[0], *where)
            elif kind == "under":
                yield Token("op", "_", *where)
            elif kind == "cjk":
                yield from self._foreign(m[0], where)
            before = before if kind == "space" else m[0]

    def _foreign(self, text: str, where: tuple[int, int]) -> Iterator[Token]:
        parts = re.split("([，；：（）＝。、【】])", text)
        for part in filter(None, parts):
            if part in words.SIGNS:
                kind = "sep" if words.SIGNS[part] in ",;:." else "op"
                yield Token(kind, words.SIGNS[part], *where)
            else:
                yield Token("text", part, *where)

    def _sign(self, sign: str, where: tuple[int, int]) -> Iterator[Token]:
        if sign in words.GREEK_LETTERS:
            letter = words.GREEK_LETTERS[sign]
            yield Token("cmd" if letter in ("Sigma", "Pi") else "name", letter, *where)
        elif sign in words.SIGNS:
            yield from self.scan(words.SIGNS[sign], 0, where)
        elif sign in SMALL:
            place, letter = SMALL[sign]
            yield Token("op", place, *where)
            yield from self.scan(words.GREEK_LETTERS.get(letter, letter), 0, where)
        elif len(parts := unicodedata.normalize("NFD", sign)) == 2 and parts[0].isalpha():
            accent = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}.get(parts[1], "")
            yield Token("name", f"{accent} {parts[0]}".strip(), *where)
        elif sign == "\u0302":
            return
        else:
            kind = "sep" if sign in ",;#" else "op"
            yield Token(kind, sign, *where)

    def _word(
        self, word: str, where: tuple[int, int], before: str, after: str, fixed: bool
    ) -> Iterator[Token]:
        at = where[0]
        for part in self._split(word, before, after):
            place = where if fixed else (at, at + len(part))
            yield Token("name", part, *place)
            at += len(part)

    def _split(self, word: str, before: str, after: str) -> list[str]:
        """A run of letters: names that are known, functions, or a product of letters."""
        if before in ("_", "^", "\\_"):
            merged = len(word) == 2 and before != "^" and set(word) <= set("ijklmncd")
            if merged and after not in ("_", "^"):
                return [word[0] + "," + word[1]]
            return [word[0], *(self._split(word[1:], "", after) if word[1:] else [])]
        spelt = len(word) > 3 and word in words.LETTERS  # sigma is a letter, not sigm(a)
        if len(word) == 1 or spelt or word in self.vocabulary or word in words.FUNCTIONS:
            return [word]
        for head in sorted((*words.FUNCTIONS, *self.vocabulary), key=len, reverse=True):
            if len(head) > 1 and word.startswith(head) and word[len(head)].islower():
                rest = word[len(head) :]
                if len(rest) <= 2 or after in ("_", "^") or rest in words.FUNCTIONS:
                    return [head, *self._split(rest, "", after)]
        for tail in words.FUNCTIONS:
            if len(tail) > 2 and word.endswith(tail) and len(word) - len(tail) <= 2:
                return [*word[: -len(tail)], tail]
        if (len(word) > 2 and set(word) & set("aeiou")) or (
            len(word) > 1 and after in ("(",) and (word.isupper() and len(word) <= 4)
        ):
            return [word]
        return list(word)

    # -- commands ------------------------------------------------------------------------------

    def _command(
        self, source: str, m: re.Match[str], start: int, fixed: tuple[int, int] | None
    ) -> Generator[Token, None, int]:
        name, at = m["cmd"].rstrip("*"), m.end()
        where = fixed or (start + m.start(), start + m.end())
        if name in self.macros:
            return (yield from self._expand(name, source, m, start, fixed))
        if name in words.DROPPED:
            if name in ("left", "right", "middle") and source[at : at + 1] == ".":
                yield Token("op", "nullopen" if name == "left" else "null", *where)
                return at + 1
            return at
        if name in words.WITH_ARGUMENT:
            found = re.compile(r"\s*\{[^{}]*\}").match(source, at)
            return found.end() if found else at
        if name in words.TEXTS:
            return (yield from self._text(name, source, m, start, fixed))
        if name in ("begin", "end"):
            found = re.compile(r"\s*\{([A-Za-z]+\*?)\}").match(source, at)
            if found is None:
                raise Unread(f"expected {{name}} after \\{name}", where[0])
            stop = found.end()
            array = re.compile(r"\s*\{[^{}]*\}|\s*\[[tbc]\]").match(source, stop)
            if (
                name == "begin"
                and array
                and found[1].rstrip("*") in ("array", "alignat", "tabular")
            ):
                stop = array.end()
            kind = "env" if name == "begin" else "unenv"
            yield Token(kind, found[1].rstrip("*"), *(fixed or (where[0], start + stop)))
            return stop
        if name == "not":
            found = re.compile(r"\s*(=|\\[A-Za-z]+|[A-Za-z])").match(source, at)
            yield Token("cmd", "ne", *where)
            return found.end() if found and found[1] in ("=", r"\equiv") else at
        if name == "stackrel" or name == "overset":
            found = re.compile(r"\s*\{(?:[^{}]|\{[^{}]*\})*\}\s*\{\s*(=|\\sim)\s*\}").match(
                source, at
            )
            if found is not None:
                defining = re.search(r"def|Delta|triangle|:", found[0])
                yield Token(
                    "op", ":=" if defining else "=", *(fixed or (where[0], start + found.end()))
                )
                return found.end()
        yield _plain(name, where)
        return at

    def _expand(
        self, name: str, source: str, m: re.Match[str], start: int, fixed: tuple[int, int] | None
    ) -> Generator[Token, None, int]:
        self.expansions += 1
        count, body = self.macros[name]
        if self.expansions > MAX_EXPANSIONS or len(body) > 5_000:
            raise Unread(f"the macro \\{name} never ends", start + m.start())
        at, given = m.end(), []
        for _ in range(count):
            argument, at = _argument(source, at)
            given.append(argument)
        body = re.sub(r"#(\d)", lambda n: (given + [""] * 9)[int(n[1]) - 1], body)
        where = fixed or (start + m.start(), start + at)
        hidden = self.macros.pop(name)  # a macro does not contain itself
        try:
            yield from self.scan(body, 0, where)
        finally:
            self.macros[name] = hidden
        return at

    def _text(
        self, name: str, source: str, m: re.Match[str], start: int, fixed: tuple[int, int] | None
    ) -> Generator[Token, None, int]:
        inner, at = _argument(source, m.end())
        where = fixed or (start + m.start(), start + at)
        word = inner.strip()
        if re.fullmatch(r"\\[A-Za-z]+", word) or (word.isdigit() and name == "mathrm"):
            yield from self.scan(word, 0, where)
        elif re.fullmatch(r"[A-Za-z]+[A-Za-z0-9]*", word) and word not in words.STOPWORDS:
            yield Token("name", word, *where)
        else:
            yield Token("text", inner, *where)
        return at


def _argument(source: str, at: int) -> tuple[str, int]:
    """The next {group} or single symbol of TeX."""
    m = re.compile(r"\s*(\\[A-Za-z]+|\\.|[^{\s])").match(source, at)
    if m:
        return m[1], m.end()
    brace = re.compile(r"\s*\{").match(source, at)
    if brace is None:
        return "", at
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(source, at):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth:
            return source[brace.end() : found.start()], found.end()
    return source[brace.end() :], len(source)


def _assigned(sign: str, where: tuple[int, int]) -> Token:
    if sign in ("...", ".."):
        return Token("cmd", "dots", *where)
    if sign in ("=>", "->"):
        return Token("sep", "Rightarrow", *where)
    if sign == "||":
        return Token("op", sign, *where)
    named = _ASSIGN[sign]
    return Token("cmd" if named.isalpha() else "op", named, *where)


def _plain(name: str, where: tuple[int, int]) -> Token:
    if name in words.SPACES:
        return Token("space", name, *where)
    if name in words.SEPARATORS:
        return Token("sep", name, *where)
    if name in ("{", "}"):
        return Token("op", "\\" + name, *where)
    if name in words.OPEN or name in words.CLOSE:
        return Token("op", name, *where)
    if name in ("mid", "vert"):
        return Token("op", "mid" if name == "mid" else "|", *where)
    if name in ("|", "Vert", "parallel"):
        return Token("op", "||", *where)
    if name in words.LETTERS and name not in ("Sigma", "Pi"):
        return Token("name", words.SAME_LETTER.get(name, name), *where)
    if name in words.FUNCTIONS or name in ("Pr", "ell"):
        return Token("name", name, *where)
    if name == "infty":
        return Token("cmd", "infty", *where)
    return Token("cmd", name, *where)
