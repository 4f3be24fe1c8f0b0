"""Which axes of vectors and matrices are the same, by the sums and products they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from derive.judge import functions
from derive.judge.patterns import tighter
from derive.judge.tree import (
    Add,
    Call,
    Diff,
    Div,
    Fn,
    Group,
    Mul,
    Name,
    Neg,
    Node,
    Num,
    Sub,
    Turned,
    label,
)

Keys = tuple[Any, ...]
_THROUGH = {*functions.NAMES, "sigma", "f", "g", "phi"}


class Alignment:
    """Goes through formulas; ``pairs`` are the axes that have to be of one length."""

    def __init__(self, arity: Mapping[str, int]) -> None:
        self.arity = arity
        self.pairs: list[tuple[Any, Any]] = []

    def equation(self, left: Node, right: Node) -> None:
        """Both sides of a definition."""
        self._same(self.of(left), self.of(right))

    def of(self, node: Node) -> Keys | None:
        """One key for each axis of a formula; None where that is not known."""
        if isinstance(node, Name | Sub):
            return self._named(node)
        if isinstance(node, Num):
            return ()
        if isinstance(node, Neg):
            return self.of(node.arg)
        if isinstance(node, Turned):
            inner = self.of(node.base)
            return inner[::-1] if inner is not None else None
        if isinstance(node, Group):
            return self.of(node.items[0]) if len(node.items) == 1 else None
        if isinstance(node, Fn):
            return self.of(node.arg) if node.name in _THROUGH else None
        if isinstance(node, Call) and len(node.args) == 1 and isinstance(node.head, Name):
            return self.of(node.args[0]) if node.head.text in _THROUGH else None
        if isinstance(node, Div):
            return self.of(node.top)
        if isinstance(node, Add):
            return self._added([self.of(t) for t in node.terms])
        if isinstance(node, Mul):
            return self._multiplied(node)
        if isinstance(node, Diff):
            return self._differentiated(node)
        return None

    def _named(self, node: Name | Sub) -> Keys | None:
        name = label(node)
        if not name:
            return None
        if isinstance(node, Sub) and name not in self.arity:
            return () if isinstance(node.base, Name) and node.base.text in self.arity else None
        return tuple((name, n) for n in range(self.arity.get(name, 0)))

    def _added(self, terms: list[Keys | None]) -> Keys | None:
        known = [t for t in terms if t]
        if not known:
            return () if None not in terms else None
        widest = max(known, key=len)
        for t in known:
            self._same(widest[-len(t) :], t)
        return widest

    def _multiplied(self, node: Mul) -> Keys | None:
        if "o" in node.ops and "" in node.ops:
            node = tighter(node)
        parts = [self.of(f) for f in node.factors]
        if any(p is None for p in parts):
            return None
        whole: Keys = parts[0] or ()
        for op, part in zip(node.ops, parts[1:], strict=True):
            part = part or ()
            if not whole or not part:
                whole = whole or part
            elif op == "o":
                self._same(whole, part)
            elif op == "" and len(whole) + len(part) > 2:
                self.pairs.append((whole[-1], part[0]))
                whole = (*whole[:-1], *part[1:])
            else:
                return None
        return whole

    def _differentiated(self, node: Diff) -> Keys | None:
        parts = [self.of(n) for n in (node.body, *node.variables) if n is not None]
        return None if None in parts else tuple(k for p in parts for k in p or ())

    def _same(self, a: Keys | None, b: Keys | None) -> None:
        if a and b and len(a) == len(b):
            self.pairs += zip(a, b, strict=True)


def aligned(
    relations: Iterable[tuple[bool, tuple[Node, Node]]], arity: Mapping[str, int]
) -> list[tuple[Any, Any]]:
    """The pairs of axes that a document makes equal: by its definitions (True) first.

    What is only claimed may be wrong, so that it counts only for axes that no definition has.
    """
    sure, claimed = Alignment(arity), Alignment(arity)
    for certain, (left, right) in relations:
        (sure if certain else claimed).equation(left, right)
    known = {key for pair in sure.pairs for key in pair}
    more = [(a, b) for a, b in claimed.pairs if a not in known or b not in known]
    return [*sure.pairs, *more]
