"""Vectors and matrices that are written without an index: what softmax takes, what is bold.

A rank is only given where the document shows it: softmax takes a vector, a bold letter is one,
and what is added to a vector, or set equal to one, is one too. A capital that multiplies a
vector is a matrix.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from derive.judge import functions
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
    walk,
)

ROUNDS = 6
NUMBERS = {"e", "pi", "delta", "1", "ones", "I", "K", "N", "n", "m", "tau", "T", "i", "j", "k",
            "c", "C", "M", "alpha", "beta", "gamma", "epsilon", "lambda", "eta", "rho",
            "max"}  # fmt: skip
_THROUGH = {*functions.ELEMENTWISE, "softmax", "logsoftmax", "relu", "diag"}


class Shapes:
    """Ranks of names, spread from what is certain over sums, products and equations."""

    def __init__(self, taken: Iterable[str], arity: Mapping[str, int]) -> None:
        self.taken = {*taken, *NUMBERS}
        self.wholes = {n.upper() for n in taken if len(n) == 1}  # X is the vector of x_i
        self.arity = arity
        self.rank: dict[str, int] = {}

    def label(self, node: Node) -> str | None:
        """The name of a whole: z, or z_2 where z itself has no components."""
        if isinstance(node, Name) and node.text not in self.taken:
            return node.text
        if isinstance(node, Sub) and isinstance(node.base, Name):
            numbers = all(isinstance(i, Num) and i.text.isdigit() for i in node.indices)
            if numbers and node.base.text not in self.taken:
                whole = ",".join(i.text for i in node.indices if isinstance(i, Num))
                return f"{node.base.text}_{whole}"
        return None

    def of(self, node: Node) -> int | None:
        """The rank of a formula as far as it is known."""
        if (label := self.label(node)) is not None:
            return self.rank.get(label)
        if isinstance(node, Name):
            return self.arity.get(node.text)
        if isinstance(node, Neg | Turned):
            return self.of(node.arg if isinstance(node, Neg) else node.base)
        if isinstance(node, Group) and len(node.items) == 1:
            return self.of(node.items[0])
        if isinstance(node, Fn) and node.name in _THROUGH - {"diag"}:
            return self.of(node.arg)
        if isinstance(node, Call) and len(node.args) == 1 and _squashes(node):
            return self.of(node.args[0])
        if isinstance(node, Add):
            return max((r for t in node.terms if (r := self.of(t))), default=None)
        if isinstance(node, Div):
            return self.of(node.top)
        if isinstance(node, Mul) and set(node.ops) <= {"o", ""}:
            return self._of_product(node)
        if isinstance(node, Diff) and isinstance(node.body, Name):
            by = [self.of(v) for v in node.variables]
            known = [r for r in by if r is not None]
            return sum(known) + (self.of(node.body) or 0) if len(known) == len(by) else None
        return None

    def _of_product(self, node: Mul) -> int | None:
        ranks = [self.of(f) for f in node.factors if not _plain_number(f)]
        if "o" in node.ops:
            return next((r for r in ranks if r), None)
        if not ranks or None in ranks:
            return None
        wide = [r for r in ranks if r]
        return _chain(wide) if wide else 0

    def expect(self, node: Node, rank: int) -> None:
        """Give the names of a formula the ranks that make the whole have this one."""
        if (label := self.label(node)) is not None:
            if rank != 1 or label not in self.wholes:
                self.rank.setdefault(label, rank)
        elif isinstance(node, Neg | Turned):
            self.expect(node.arg if isinstance(node, Neg) else node.base, rank)
        elif isinstance(node, Group) and len(node.items) == 1:
            self.expect(node.items[0], rank)
        elif isinstance(node, Fn) and node.name in _THROUGH - {"diag"}:
            self.expect(node.arg, rank)
        elif isinstance(node, Call) and len(node.args) == 1 and _squashes(node):
            self.expect(node.args[0], rank)
        elif isinstance(node, Add):
            for t in node.terms:
                if not isinstance(_bare(t), Num):
                    label = self.label(_bare(t))
                    bias = rank == 2 and label is not None and not _capital(label)
                    self.expect(t, 1 if bias and _beside_product(node, t) else rank)
        elif isinstance(node, Div) and _plain_number(node.bottom):
            self.expect(node.top, rank)
        elif isinstance(node, Mul) and rank == 1:
            self._product(node)
        elif isinstance(node, Mul) and rank == 2:
            self._matrices(node)

    def _product(self, node: Mul) -> None:
        """W x is a vector: the capital is a matrix, what it multiplies a vector."""
        if "o" in node.ops:
            for f in node.factors:
                self.expect(f, 1)
            return
        labels = [(f, self.label(_bare(f))) for f in node.factors]
        wide = [label for _, label in labels if label and _capital(label)]
        rest = [f for f, label in labels if not (label and _capital(label))]
        rest = [f for f in rest if not isinstance(f, Num)]
        if wide and len(rest) == 1 and set(node.ops) <= {""}:
            for label in wide:
                self.rank.setdefault(label, 2)
            self.expect(rest[0], 1)

    def _matrices(self, node: Mul) -> None:
        """x W is a matrix: both are, where one of them is a capital."""
        rest = [f for f in node.factors if not _plain_number(f)]
        if "o" in node.ops or len(rest) == 1:
            for f in rest:
                self.expect(f, 2)
        elif len(rest) == 2 and set(node.ops) <= {""} and rest[0] not in (Name("d"), Name("D")):
            labels = [self.label(_bare(f)) for f in rest]
            if any(label and _capital(label) for label in labels):
                for f in rest:
                    self.expect(f, 2)

    def capitals(self, node: Node) -> bool:
        """Whether a sum holds a product of just two capitals, which is a matrix: X W + b."""
        terms = node.terms if isinstance(node, Add) else (node,)
        return any(
            isinstance(t, Mul) and set(t.ops) <= {""} and len(t.factors) == 2
            and all((n := self.label(f)) and _capital(n) for f in t.factors) for t in terms
        )  # fmt: skip


def _chain(ranks: list[int]) -> int | None:
    """The rank of a product of arrays from left to right."""
    found: int | None = ranks[0]
    for r in ranks[1:]:
        found = {(2, 2): 2, (2, 1): 1, (1, 2): 1}.get((found or 0, r))
    return found


def _plain_number(node: Node) -> bool:
    """1/N, 2, λ: what only scales."""
    if isinstance(node, Div):
        return _plain_number(node.top) and _plain_number(node.bottom)
    return isinstance(node, Num) or (isinstance(node, Name) and node.text in NUMBERS)


def _beside_product(node: Add, term: Node) -> bool:
    return any(isinstance(_bare(t), Mul) for t in node.terms if t is not term)


def _capital(label: str) -> bool:
    stem = label.split("_")[0].split(" ")[-1]
    return len(stem) == 1 and stem.isupper()


def _squashes(node: Call) -> bool:
    return isinstance(node.head, Name) and node.head.text in ("sigma", "f", "g", "phi")


def _bare(node: Node) -> Node:
    while isinstance(node, Turned | Neg) or (isinstance(node, Group) and len(node.items) == 1):
        node = node.items[0] if isinstance(node, Group) else (
            node.base if isinstance(node, Turned) else node.arg)  # fmt: skip
    return node


def ranks(
    pairs: Sequence[tuple[Node, Node]], taken: Iterable[str], arity: Mapping[str, int]
) -> dict[str, int]:
    """The ranks of names without letters below them; ``taken`` are read otherwise."""
    found = Shapes(taken, arity)
    sides = [side for pair in pairs for side in pair]
    for node in (n for side in sides for n in walk(side)):
        label = found.label(node)
        if label and isinstance(node, Name) and node.bold:
            found.rank.setdefault(label, 2 if _capital(label) else 1)
    taken_by_softmax = [
        n.arg for s in sides for n in walk(s) if isinstance(n, Fn) and n.name == "softmax"
    ]
    _spread(found, pairs)
    for node in taken_by_softmax:
        inner = node.items[0] if isinstance(node, Group) and len(node.items) == 1 else node
        if found.of(inner) is None:
            found.expect(inner, 2 if _made_of_capitals(found, inner, pairs) else 1)
    _spread(found, pairs)
    return found.rank


def _made_of_capitals(found: Shapes, node: Node, pairs: Sequence[tuple[Node, Node]]) -> bool:
    if found.capitals(node):
        return True
    label = found.label(node)
    return label is not None and any(
        found.label(a) == label and found.capitals(b) for a, b in pairs
    )


def _spread(found: Shapes, pairs: Sequence[tuple[Node, Node]]) -> None:
    for _ in range(ROUNDS):
        before = len(found.rank)
        for left, right in pairs:
            for a, b in ((left, right), (right, left)):
                if rank := found.of(a):
                    found.expect(b, rank)
        if len(found.rank) == before:
            break
