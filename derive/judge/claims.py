"""A document as claims: each relation sign with its neighbours, and what is given around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.judge import words
from derive.judge.heads import folded
from derive.judge.lines import Piece, pieces
from derive.judge.parse import IsCall, parse
from derive.judge.spans import Source, Span
from derive.judge.tokens import Token, Unread, tokenise
from derive.judge.tree import Dots, Name, Node, Num, Rel

MAX_RELATIONS = 2_000
INDEX_LETTERS = set("ijklmnrst")
_BEHIND = {"for", "if", "when", "whenever", "where", "with", "for all", "provided", "provided that"}
_IN_PROSE = re.compile(
    r"(?<![A-Za-z\\])([a-z])\s*(={1,2}|!=|≠|\\neq?(?![a-z]))\s*([a-z])(?![A-Za-z(])"
)


@dataclass
class Claim:
    """``lhs sign rhs`` as written, with its trees (or why there are none)."""

    n: int
    lhs: str
    sign: str
    rhs: str
    start: int
    tokens: tuple[tuple[Token, ...], tuple[Token, ...]]
    conditions: tuple[Rel, ...] = ()
    chain: int = 0
    span: int = 0
    first: bool = True
    continued: bool = False
    prose: str = ""
    hidden: bool = False
    reasons: tuple[Claim, ...] = ()
    trees: tuple[Node, Node] | None = None
    problem: Unread | None = None

    def read(self, is_call: IsCall) -> None:
        """Parse both sides; note what cannot be read."""
        self.problem = None
        try:
            left, right = (folded(parse(side, is_call)) for side in self.tokens)
            self.trees = (left, right)
        except Unread as error:
            self.trees, self.problem = None, error
        except RecursionError:
            self.trees, self.problem = None, Unread("nested too deeply", self.start)


@dataclass
class Document:
    """The claims of a document in order, with its prose."""

    source: Source
    claims: list[Claim] = field(default_factory=list)
    stated: list[tuple[int, Rel]] = field(default_factory=list)
    problems: list[Unread] = field(default_factory=list)


class Collector:
    """Goes through the spans in order; remembers conditions and the side to go on from."""

    def __init__(self, source: Source, vocabulary: frozenset[str]) -> None:
        self.source, self.vocabulary = source, vocabulary
        self.document = Document(source)
        self.active: tuple[Rel, ...] = ()
        self.last: tuple[Token, ...] = ()
        self.last_display = True
        self.chain = 0

    def collect(self) -> Document:
        for number, span in enumerate(self.source.spans):
            if len(self.document.claims) > MAX_RELATIONS:
                break
            self._prose(span.before)
            try:
                found = pieces(tokenise(span.text, span.start, self.source.macros, self.vocabulary))
            except Unread as error:
                self.document.problems.append(error)
                continue
            self._span(number, span, found)
        return self.document

    def _prose(self, prose: str) -> None:
        """A new paragraph ends a case; conditions in it begin another."""
        paragraphs = [p for p in prose.split("\n")[1:] if re.search(r"[^\W\d_]", p)]
        if paragraphs or re.search(r"[.。;；]\s*\S*[^\W\d_]", prose):
            self.active = ()
        found = [_relation(*m.groups()) for m in _IN_PROSE.finditer(prose)]
        if found:
            self.active = tuple(found)

    def _span(self, number: int, span: Span, found: list[Piece]) -> None:
        conditions: dict[int, list[Rel]] = {}
        alone = all(_is_condition(p) for p in found) and bool(found)
        for piece in found:
            later = piece is not found[0]
            if (condition := _is_condition(piece, later)) is not None:
                conditions.setdefault(piece.row, []).append(condition)
        if alone and self._follows(number, span):
            stated = tuple(c for cs in conditions.values() for c in cs)
            for claim in self.document.claims:
                if claim.span == number - 1:
                    claim.conditions += stated
            return
        if alone:
            self.active = tuple(c for cs in conditions.values() for c in cs)
            return
        if len(conditions) == 1 and len({p.row for p in found if p.signs}) > 1:
            only = next(iter(conditions.values()))
            conditions = {p.row: only for p in found}
        fresh, before = True, tuple[Claim, ...]()
        for n, piece in enumerate(found):
            if _is_condition(piece, n > 0) is not None or _is_range(piece, found, n):
                continue
            given = (*self.active, *conditions.get(piece.row, ()))
            count = len(self.document.claims)
            fresh = self._piece(number, span, piece, given, fresh)
            own = self.document.claims[count:]
            for claim in own if piece.implied else ():
                claim.reasons = before
            before = tuple(own)

    def _follows(self, number: int, span: Span) -> bool:
        """``…, if $i = j$``: a condition behind the formula that it belongs to."""
        words_ = span.before.strip(" ,(\n").lower()
        near = bool(self.document.claims) and self.document.claims[-1].span == number - 1
        return near and "\n\n" not in span.before and words_ in _BEHIND

    def _piece(
        self, number: int, span: Span, piece: Piece, given: tuple[Rel, ...], fresh: bool
    ) -> bool:
        sides = [tuple(s) for s in piece.sides]
        if not piece.signs:
            if sides[0] and sides[0][0].text in ("+", "-") and not fresh and self.document.claims:
                self._prolong(sides[0])
            elif sides[0] and not self._fill(sides[0]) and len(sides[0]) > 3:
                self.last = sides[0]
            return fresh
        first = bool(sides[0])
        if first and self._fill(sides[0]):
            first = False
        elif not first:
            words_between = not span.display and re.search(r"[^\W\d_]", span.before)
            sides[0] = () if words_between and fresh else self.last
        if first:
            self.chain += 1
        for n, sign in enumerate(piece.signs):
            self._add(number, span, sides[n], sign, sides[n + 1], given, first and n == 0)
        if piece.stop and sides[-1]:
            self.document.claims[-1].rhs = self.source.text[sides[-1][0].start : piece.stop]
        self.last = sides[-1]
        return False

    def _fill(self, side: tuple[Token, ...]) -> bool:
        """Give the side to a relation that ended with its row."""
        claims = self.document.claims
        if claims and not claims[-1].tokens[1]:
            claims[-1].tokens = (claims[-1].tokens[0], side)
            claims[-1].rhs = self._text(side)
            self.last = side
            return True
        return False

    def _prolong(self, more: tuple[Token, ...]) -> None:
        claim = self.document.claims[-1]
        whole = (*claim.tokens[1], *more)
        claim.tokens, claim.rhs = (claim.tokens[0], whole), self._text(whole)
        self.last = whole

    def _add(
        self,
        number: int,
        span: Span,
        lhs: tuple[Token, ...],
        sign: str,
        rhs: tuple[Token, ...],
        given: tuple[Rel, ...],
        first: bool,
    ) -> None:
        if sign in ("∈", "∉") or len(self.document.claims) > MAX_RELATIONS:
            return
        start = lhs[0].start if lhs and first else (rhs[0].start if rhs else span.start)
        self.document.claims.append(
            Claim(
                len(self.document.claims) + 1, self._text(lhs), sign, self._text(rhs), start,
                (lhs, rhs), given, self.chain, number, first, not first, span.before,
            )
        )  # fmt: skip

    def _text(self, side: Sequence[Token]) -> str:
        if not side:
            return ""
        return self.source.text[side[0].start : side[-1].stop].strip().rstrip(",.;")


def _relation(left: str, sign: str, right: str) -> Rel:
    return Rel(Name(left), "=" if sign.startswith("=") else "≠", Name(right))


def _bare(side: list[Token]) -> list[Token]:
    return [
        t for t in side if t.kind not in ("space", "sep") and t.text not in ("(", ")", "&", ".")
    ]


def _is_condition(piece: Piece, later: bool = False) -> Rel | None:
    """``i = j`` or ``i ≠ j`` between letters of indices."""
    if len(piece.signs) != 1 or piece.signs[0] not in ("=", "≠"):
        return None
    left, right = (_bare(s) for s in piece.sides)
    if len(left) != 1 or len(right) != 1 or left[0].kind != "name" or right[0].kind != "name":
        return None
    letters = {left[0].text, right[0].text}
    if any(len(x) > 1 or not x.islower() for x in letters):
        return None
    beside = bool(letters & INDEX_LETTERS) and (later or piece.signs[0] == "≠")
    if len(letters) == 2 and piece.signs[0] == "≠" and not later:
        return Rel(Name(left[0].text), "≠", Name(right[0].text))
    if len(letters) == 2 and (letters <= INDEX_LETTERS or beside):
        return Rel(Name(left[0].text), piece.signs[0], Name(right[0].text))
    return None


def _is_range(piece: Piece, found: list[Piece], n: int) -> bool:
    """``i = 1`` before ``…, m``, or ``c = 1 ⋯ C``."""
    if not piece.signs or piece.signs[0] != "=":
        return False
    left, right = _bare(piece.sides[0]), _bare(piece.sides[1])
    if len(left) != 1 or left[0].text not in INDEX_LETTERS:
        return False
    if any(t.text in words.DOTS for t in right):
        return True
    follows = found[n + 1].sides[0] if n + 1 < len(found) else []
    dotted = bool(follows) and any(t.text in words.DOTS or t.kind == "num" for t in follows)
    return len(right) == 1 and right[0].kind == "num" and (dotted or piece.lead.strip() == "for")


def vocabulary(source: Source) -> frozenset[str]:
    """Words of several letters that stand alone on the left of = or before a bracket."""
    found: set[str] = set()
    for span in source.spans:
        for m in re.finditer(
            r"(?<![A-Za-z\\])([A-Za-z]{3,24})\s*(?:\([^()=]{1,40}\)\s*(?:_\w)?)?\s*&?=", span.text
        ):
            found.add(m[1])
        for m in re.finditer(  # dW = …, as programmers name ∂L/∂W
            r"(?:^|[&$\n\\,;(]|\s)(d[A-Za-z])(?:[_^](?:\{[^{}]*\}|\w))*\s*&?\s*(?:=|:=)", span.text
        ):
            found.add(m[1])
        for m in re.finditer(r"partial\s+([A-Z]?[a-z]{2,24})(?![A-Za-z])", span.text):
            found.add(m[1])
    return frozenset(w for w in found if w not in words.FUNCTIONS and not _compound(w))


def _compound(word: str) -> bool:
    return any(
        len(f) > 1 and word.startswith(f) and len(word) - len(f) <= 2 for f in words.FUNCTIONS
    )


__all__ = ["Claim", "Collector", "Document", "Dots", "Num", "vocabulary"]
