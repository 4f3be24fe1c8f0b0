"""A list of tokens that is read from left to right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.judge.tokens import MAX_DEPTH, Token, Unread
from derive.judge.tree import (
    Group,
    Node,
)

IsCall = Callable[[Node, Group], bool]


class Stream:
    """Tokens, a place in them, and how deep the reading is."""

    def __init__(self, tokens: Sequence[Token], is_call: IsCall) -> None:
        self.tokens, self.is_call = list(tokens), is_call
        self.at = self.depth = 0

    # -- looking -------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token:
        n = self.at + ahead
        if n < len(self.tokens):
            return self.tokens[n]
        last = self.tokens[-1].stop if self.tokens else 0
        return Token("end", "", last, last)

    def take(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def sees(self, *texts: str) -> bool:
        token = self.peek()
        return token.kind in ("op", "cmd") and token.text in texts

    def expect(self, *texts: str) -> Token:
        if not self.sees(*texts):
            raise self.problem(f"expected {' or '.join(texts)}")
        return self.take()

    def problem(self, message: str) -> Unread:
        token = self.peek()
        found = f"found {token}" if token.kind != "end" else "the formula ends"
        return Unread(f"{message}, {found}", token.start)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unread(f"nested deeper than {MAX_DEPTH} levels", self.peek().start)

    # -- what later classes add ----------------------------------------------------------------

    def atom(self) -> Node:
        """A number, a name, a bracket."""
        raise NotImplementedError

    def relation(self) -> Node:
        """An expression, or two with a relation between them."""
        raise NotImplementedError
