"""Displays to relations: rows, chains, and the conditions that stand beside them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from derive.judge import words
from derive.judge.tokens import Token

ALIGNMENTS = {
    "equation", "align", "aligned", "alignat", "split", "gather", "gathered", "multline",
    "eqnarray", "displaymath", "math", "alignedat", "flalign", "subequations",
}  # fmt: skip
_PAIRS = {**words.OPEN}
_CLOSERS = set(_PAIRS.values()) | {"null"}
_ASIDES = {"if", "where", "when", "for", "since", "with", "as", "because", "given", "let", "have"}


@dataclass(frozen=True)
class Side:
    """One side of a relation: its tokens, and the text as the person wrote it."""

    tokens: tuple[Token, ...]
    text: str

    @property
    def start(self) -> int:
        return self.tokens[0].start if self.tokens else 0


@dataclass
class Piece:
    """What stands between two separators: sides with the relation signs between them."""

    sides: list[list[Token]] = field(default_factory=lambda: [[]])
    signs: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    lead: str = ""
    row: int = 0
    lead_stop: int = 0
    stop: int = 0
    implied: bool = False  # what stands before it is the reason


def pieces(tokens: Sequence[Token]) -> list[Piece]:
    """The pieces of a display, in order. Every bracket is closed within its side or row."""
    out: list[Piece] = []
    for n, row in enumerate(_rows(_unwrapped(tokens))):
        out += _pieces_of(row, n)
    return out


def _unwrapped(tokens: Sequence[Token]) -> list[Token]:
    """Without alignment environments, whose rows are then rows of the display."""
    out: list[Token] = []
    for t in tokens:
        if t.kind in ("env", "unenv") and t.text in ALIGNMENTS:
            out.append(Token("row", "", t.start, t.start))
        elif t.kind == "space" or (t.kind == "op" and t.text == "%"):
            continue
        else:
            out.append(t)
    return out


def _depths(tokens: Sequence[Token], brackets: bool) -> Iterator[tuple[Token, int]]:
    """Each token with the nesting around it (an opening bracket counts as inside)."""
    depth = 0
    for t in tokens:
        if t.kind == "env" or (t.kind == "op" and _opens(t, brackets)):
            depth += 1
            yield t, depth
        elif t.kind == "unenv" or (t.kind == "op" and _closes(t, brackets)):
            yield t, depth
            depth = max(0, depth - 1)
        else:
            yield t, depth


def _opens(t: Token, brackets: bool) -> bool:
    return t.text == "{" or (brackets and t.text in (*_PAIRS, "nullopen"))


def _closes(t: Token, brackets: bool) -> bool:
    return t.text == "}" or (brackets and t.text in _CLOSERS)


def _balanced(tokens: Sequence[Token]) -> bool:
    depth = 0
    for t in tokens:
        if t.kind == "op" and t.text != "{" and t.text != "}":
            depth += (t.text in _PAIRS or t.text == "nullopen") - (t.text in _CLOSERS)
            if depth < 0:
                return False
    return depth == 0


def _rows(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    row: list[Token] = []
    brackets = _balanced(tokens)
    for t, depth in _depths(tokens, brackets):
        if t.kind == "row" and depth == 0:
            if row:
                yield row
            row = []
        else:
            row.append(t)
    if row:
        yield row


def _pieces_of(row: Sequence[Token], number: int) -> list[Piece]:
    """Cut a row at words, commas and wide spaces; then at relation signs."""
    out = [Piece(row=number)]
    brackets = _balanced(row)
    for t, depth in _depths(row, brackets):
        piece = out[-1]
        if depth == 0 and _separates(t, piece):
            if piece.signs or piece.sides[0]:
                out.append(Piece(row=number))
            out[-1].implied = out[-1].implied or t.text in words.IMPLIES
            if t.kind == "text" or t.kind == "name":
                out[-1].lead += " " + t.text
                out[-1].lead_stop = t.stop if t.kind == "text" else 0
        elif depth == 0 and t.kind in ("op", "cmd") and t.text in (*words.RELATIONS, ":="):
            piece.signs.append(words.RELATIONS.get(t.text, t.text))
            piece.sides.append([])
        elif not (t.kind == "op" and t.text == "&" and depth == 0):
            piece.sides[-1].append(t)
        elif piece.signs and piece.sides[-1] and _new_column(row, t):
            out.append(Piece(row=number))
    for before, after in itertools.pairwise(out):
        if not after.signs and not after.sides[0] and after is out[-1] and before.signs:
            before.stop = after.lead_stop  # words that end the line belong to its last side
    return [p for p in out if p.signs or p.sides[0] or p.lead]


def _separates(t: Token, piece: Piece) -> bool:
    if t.kind == "sep":
        return True
    if t.kind == "op" and t.text == ":":
        return bool(piece.signs)
    if t.kind == "text":
        return True
    if t.kind == "name" and t.text in _ASIDES:
        return True
    return t.kind == "op" and t.text == "nullopen"


def _new_column(row: Sequence[Token], mark: Token) -> bool:
    """Whether & begins another equation, not the right side of this one."""
    after = [t for t in row if t.start > mark.start]
    return any(t.kind in ("op", "cmd") and t.text in words.RELATIONS for t in after) and not (
        after and after[0].text in words.RELATIONS
    )
