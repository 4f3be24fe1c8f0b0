"""Tokens to a tree: what stands below and above, primes and factorials."""

from __future__ import annotations

from dataclasses import replace

from derive.judge.stream import Stream
from derive.judge.tree import (
    Blank,
    Fn,
    Group,
    Matrix,
    Mul,
    Name,
    Node,
    Num,
    Prime,
    Rel,
    Sub,
    Sup,
    Turned,
)


class Scripts(Stream):
    """Subscripts, superscripts and primes."""

    def scripts(self, node: Node) -> Node:
        """Subscripts, superscripts and primes."""
        while True:
            if self.sees("_"):
                self.take()
                node = self._below(node)
            elif self.sees("^"):
                self.take()
                node = self._above(node)
            elif self.sees("'", "prime"):
                self.take()
                node = Prime(node.base, node.count + 1) if isinstance(node, Prime) else Prime(node)
            elif self.sees("!"):
                self.take()
                node = Fn("factorial", node)
            else:
                return node

    def _below(self, node: Node) -> Node:
        indices = self.index_list()
        if isinstance(node, Sup) and _takes_script(node):
            return Sup(node.base, Sub(node.exponent, indices))
        if isinstance(node, Sup):
            return Sup(sub(node.base, indices), node.exponent)
        if isinstance(node, Turned):
            return Turned(sub(node.base, indices))
        return sub(node, indices)

    def index_list(self) -> tuple[Node, ...]:
        """What stands below: ``i``, ``ij``, ``i,j``, ``i=j``, ``2,1``, ``\\text{CE}``."""
        if not self.sees("{"):
            return _split_letters(self.single())
        self.take()
        self.deeper()
        items: list[Node] = []
        while not self.sees("}"):
            if self.peek().kind == "sep":
                self.take()
            elif self.sees(":", "cdot", "bullet", "ast"):
                self.take()
                items.append(Blank())
            elif self.peek().kind == "text":
                items.append(Name(self.take().text.strip()))
            elif self.peek().kind == "end":
                raise self.problem("expected }")
            else:
                items += _split_letters(self.relation())
        self.take()
        self.depth -= 1
        return tuple(items)

    def single(self) -> Node:
        """One symbol, as TeX takes it after ^ or _."""
        token = self.peek()
        if token.kind == "num" and len(token.text) > 1 and "." not in token.text:
            return Num(self.take().text)
        return self.atom()

    def _above(self, node: Node) -> Node:
        if self.sees("'", "prime"):
            self.take()
            return Prime(node)
        if self.sees("*", "ast", "star", "dagger"):
            self.take()
            return _decorated(node, "*")
        if self.sees("{"):
            if self.peek(1).text in ("'", "prime") and self.peek(2).text == "}":
                self.at += 3
                return Prime(node)
            if self.peek(1).text in ("*", "ast", "star") and self.peek(2).text == "}":
                self.at += 3
                return _decorated(node, "*")
            if self.peek(1).kind == "text":
                word = self.peek(1).text
                self.at += 3
                return _decorated(node, word)
        if (mark := self._capitals()) is not None:
            return _decorated(node, mark)
        exponent = self._exponent()
        if isinstance(exponent, Name) and exponent.text in ("T", "top", "intercal", "mathsf T"):
            return Turned(node)
        if isinstance(node, Sup) and not isinstance(node.exponent, Group):
            return Sup(node.base, Sup(node.exponent, exponent))
        return Sup(node, exponent)

    def _capitals(self) -> str | None:
        """``y^{LS}``: several capitals are a mark on the name, not a product."""
        letters: list[str] = []
        for n in range(1, 8):
            token = self.peek(n)
            if token.text == "}" and len(letters) > 1 and self.sees("{"):
                self.at += n + 1
                return "".join(letters)
            if token.kind != "name" or len(token.text) != 1 or not token.text.isupper():
                return None
            letters.append(token.text)
        return None

    def _exponent(self) -> Node:
        if self.sees("top", "intercal"):
            self.take()
            return Name("T")
        if (
            self.sees("{")
            and self.peek(1).text in ("top", "intercal")
            and (self.peek(2).text == "}")
        ):
            self.at += 3
            return Name("T")
        if not self.sees("{"):
            return self.single()
        self.take()
        self.deeper()
        node = self.relation()
        self.depth -= 1
        self.expect("}")
        return node


def _takes_script(node: Sup) -> bool:
    """In e^z_i and h(x)^y_i the index belongs to the exponent."""
    bare = isinstance(node.exponent, Name)
    whole = isinstance(node.base, Name) and node.base.text == "e"
    return bare and (whole or not isinstance(node.base, Name))


def sub(base: Node, indices: tuple[Node, ...]) -> Node:
    if isinstance(base, Matrix):  # its size stands below it
        return base
    if isinstance(base, Sub):
        return Sub(base.base, (*base.indices, *indices))
    return Sub(base, indices)


def _decorated(node: Node, mark: str) -> Node:
    if isinstance(node, Name):
        return Name(f"{node.text}^{mark}", node.bold)
    if isinstance(node, Sub) and isinstance(node.base, Name):
        return Sub(Name(f"{node.base.text}^{mark}"), node.indices)
    return node


def _split_letters(node: Node) -> tuple[Node, ...]:
    """``ij`` below a letter is two indices, not a product."""
    if isinstance(node, Rel):
        return (replace(node, left=_index(node.left)),)
    if isinstance(node, Prime):
        return (_index(node),)
    if isinstance(node, Name) and "," in node.text:
        return tuple(Name(part) for part in node.text.split(","))
    if (
        isinstance(node, Mul)
        and all(isinstance(_index(f), Name | Num | Sub) for f in node.factors)
        and all(op == "" for op in node.ops)
    ):
        return tuple(_index(f) for f in node.factors)
    return (node,)


def _index(node: Node) -> Node:
    """c′ below a letter or a Σ is an index of its own, not a derivative."""
    if isinstance(node, Prime) and isinstance(node.base, Name) and len(node.base.text) == 1:
        return Name(node.base.text + "\u2032" * node.count)
    return node
