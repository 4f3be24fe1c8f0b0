"""Vectors and matrices that are written without an index: what softmax takes, what is bold.

A rank is only given where the document shows it: softmax takes a vector, a bold letter is one,
and what is added to a vector, or set equal to one, is one too. A capital that multiplies a
vector is a matrix.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.judge import functions
from derive.judge.tree import Add, Call, Fn, Group, Mul, Name, Neg, Node, Num, Sub, Turned, walk

ROUNDS = 6
_NUMBERS = {"e", "pi", "delta", "1", "ones", "I", "K", "N", "n", "m", "tau", "T", "i", "j", "k",
            "c", "C", "M", "alpha", "beta", "gamma", "epsilon", "lambda", "eta", "rho",
            "max"}  # fmt: skip
_THROUGH = {*functions.ELEMENTWISE, "softmax", "logsoftmax", "relu", "diag"}


class Shapes:
    """Ranks of names, spread from what is certain over sums, products and equations."""

    def __init__(self, taken: Iterable[str]) -> None:
        known = {*taken, *_NUMBERS}
        self.taken = known | {n.upper() for n in taken if len(n) == 1}  # X is the vector of x_i
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
        if isinstance(node, Neg | Turned):
            return self.of(node.arg if isinstance(node, Neg) else node.base)
        if isinstance(node, Group) and len(node.items) == 1:
            return self.of(node.items[0])
        if isinstance(node, Fn) and node.name in _THROUGH - {"diag"}:
            return 1 if node.name == "softmax" else self.of(node.arg)
        if isinstance(node, Add):
            return next((r for t in node.terms if (r := self.of(t))), None)
        if isinstance(node, Mul) and set(node.ops) <= {"o", ""}:
            return self._of_product(node)
        return None

    def _of_product(self, node: Mul) -> int | None:
        ranks = [self.of(f) for f in node.factors]
        if "o" in node.ops:
            return next((r for r in ranks if r), None)
        if ranks.count(1) == 1 and all(r or isinstance(f, Num) for f, r in
                                       zip(node.factors, ranks, strict=True)):  # fmt: skip
            return 1
        return None

    def expect(self, node: Node, rank: int) -> None:
        """Give the names of a formula the ranks that make the whole have this one."""
        if (label := self.label(node)) is not None:
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
                    self.expect(t, rank)
        elif isinstance(node, Mul) and rank == 1:
            self._product(node)

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


def ranks(pairs: Sequence[tuple[Node, Node]], taken: Iterable[str]) -> dict[str, int]:
    """The ranks of names without letters below them; ``taken`` are read otherwise."""
    found = Shapes(taken)
    for node in (n for pair in pairs for side in pair for n in walk(side)):
        if isinstance(node, Fn) and node.name == "softmax":
            found.expect(node.arg, 1)
        label = found.label(node)
        if label and isinstance(node, Name) and node.bold:
            found.rank.setdefault(label, 2 if _capital(label) else 1)
    for _ in range(ROUNDS):
        before = len(found.rank)
        for left, right in pairs:
            for a, b in ((left, right), (right, left)):
                if (rank := found.of(a)) is not None:
                    found.expect(b, rank)
        if len(found.rank) == before:
            break
    return found.rank
