"""Tokens to a tree: derivatives, Σ and Π, environments."""

from __future__ import annotations

from dataclasses import replace

from derive.judge.parse import Parser
from derive.judge.tokens import Token
from derive.judge.tree import (
    Big,
    Cases,
    Diff,
    Group,
    Matrix,
    Mul,
    Nabla,
    Name,
    Neg,
    Node,
    Num,
    Rel,
    Sub,
    Sup,
    walk,
)

_MATRICES = {"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "array", "smallmatrix"}


class Binders(Parser):
    """What takes an operand or a body."""

    def atom_with_scripts(self) -> Node:
        """An atom with what stands above and below it."""
        return self.scripts(self.atom())

    # -- derivatives ---------------------------------------------------------------------------

    def _differential_top(self) -> tuple[int, Node | None] | None:
        """``{∂ f}``, ``{d^2}``, ``{-∂ f}``: (sign, f)."""
        if not self.sees("{"):
            if self.sees("partial") or (self.peek().text == "d" and self.peek().kind == "name"):
                self.take()
                return 1, None
            return None
        here = self.at
        self.take()
        sign = -1 if self.sees("-") else 1
        if sign < 0:
            self.take()
        if not self._differential_sign():
            self.at = here
            return None
        if self.sees("^"):
            self.take()
            self._exponent()
        if self.sees("}"):
            self.take()
            return sign, None
        try:
            body = self.expression()
            self.expect("}")
        except Exception:
            self.at = here
            return None
        return sign, body

    def _apart(self) -> None:
        """``da`` of a fraction is d and a, though ``da = …`` elsewhere makes it one name."""
        token = self.peek()
        if token.kind == "name" and len(token.text) == 2 and token.text[0] == "d":
            d, x = (replace(token, text=letter) for letter in token.text)
            self.tokens[self.at : self.at + 1] = [d, x]

    def _differential_sign(self) -> bool:
        self._apart()
        if self.sees("partial") or (self.peek().kind == "name" and self.peek().text == "d"):
            self.take()
            return True
        return False

    def _differential_bottom(self) -> tuple[Node, ...] | None:
        """``{∂ x ∂ y}`` or ``{dz^2}``: the variables."""
        braced = self.sees("{")
        if not braced:
            return None
        here = self.at
        self.take()
        variables: list[Node] = []
        while not self.sees("}"):
            if not self._differential_sign():
                self.at = here
                return None
            node = self.factor()
            if isinstance(node, Sup) and isinstance(node.exponent, Num):
                variables += [node.base] * min(int(float(node.exponent.text)), 4)
            else:
                variables.append(node.items[0] if isinstance(node, Group) and node.items else node)
        self.take()
        return tuple(variables)

    def _operated(self, top: tuple[int, Node | None], variables: tuple[Node, ...]) -> Node:
        sign, body = top
        if body is None:
            body = self._operand()
        node: Node = Diff(body, variables)
        if self.sees("{") and self.peek(1).text == "}":
            self.at += 2
        return Neg(node) if sign < 0 else node

    def _operand(self) -> Node:
        """What ∂/∂x, ∂_x or ∇ acts on: a bracket alone, else a product up to a sign."""
        if self._ended():
            raise self.problem("expected what is differentiated")
        if self.sees("(", "["):
            return self.atom_with_scripts()
        factors = [self.factor()]
        while not self._ended() and not self.sees("cdot", "times", "*", "/"):
            factors.append(self.factor())
        return factors[0] if len(factors) == 1 else Mul(tuple(factors), ("",) * (len(factors) - 1))

    def _partial(self) -> Node:
        """``∂L/∂z``, ``∂_z L``, ``∂^2_{z_i z_j} L``."""
        twice = self._squared()
        if self.sees("_"):
            self.take()
            variables = self.index_list()
            if (self._squared() or twice) and len(variables) == 1:
                variables *= 2
            return Diff(self._operand(), variables)
        body = self.factor()
        if self.sees("/"):
            self.take()
            variables_ = []
            while self.sees("partial"):
                self.take()
                variables_.append(self.factor())
            if variables_:
                return Diff(body, tuple(variables_))
        raise self.problem("expected / ∂ and the variable")

    def _squared(self) -> bool:
        """The 2 of ∂²; an order that is written in any way is passed over."""
        if not self.sees("^"):
            return False
        self.take()
        return self._exponent() == Num("2")

    def _quotient_of_differentials(self) -> Node | None:
        """``dL/dz_i`` out of bare letters."""
        here = self.at
        try:
            if self.peek().kind in ("name",) or self.sees("hat"):
                body = self.factor()
                if self.sees("/") and self.peek(1).text == "d":
                    self.at += 2
                    return Diff(body, (self.factor(),))
        except Exception:
            pass
        self.at = here
        return None

    def _nabla(self) -> Node:
        variable, order = None, 1
        while self.sees("_", "^"):
            if self.take().text == "_":
                variable = self.index_list()[0]
            else:
                power = self._exponent()
                order = 2 if isinstance(power, Num) and power.text == "2" else 1
        return Nabla(self._operand(), variable, order)

    # -- big operators -------------------------------------------------------------------------

    def _big(self, kind: str, token: Token) -> Node:
        below: tuple[Node, ...] = ()
        above: Node | None = None
        while self.sees("_", "^"):
            if self.take().text == "_":
                below = self.index_list()
            else:
                above = self._exponent()
        if below and above is None and isinstance(below[-1], Rel) and self.sees("{"):
            inside = self.peek(1)
            if inside.kind in ("name", "num") and self.peek(2).text == "}":
                self.at += 3  # \sum_{i=1}{m}: the ^ is missing
                above = Num(inside.text) if inside.kind == "num" else Name(inside.text)
        named = "Sigma" if kind == "sum" else "Pi"
        letter = bool(below) and all(isinstance(b, Name) and b.text.isupper() for b in below)
        if (
            self._ended()
            or self.sees("'", "cdot", "times", "/", "prime")
            or (token.text in ("Sigma", "Pi") and not below and above is None)
            or (letter and above is None and self.peek().kind == "op" and self.peek().text in "^'(")
        ):
            node: Node = Name(named)
            if below:
                node = Sub(node, below)
            if isinstance(above, Num):
                node = Sup(node, above)
            return node
        if letter and above is None:
            node = Sub(Name(named), below)
            return node
        return Big(kind, below, above, self.product())

    # -- environments --------------------------------------------------------------------------

    def _environment(self, name: str) -> Node:
        rows = self._rows()
        if self.peek().kind != "unenv":
            raise self.problem(f"expected \\end{{{name}}}")
        self.take()
        if name in ("cases", "dcases", "rcases"):
            return as_cases(Matrix(rows))
        if name in _MATRICES:
            return Matrix(rows)
        if len(rows) == 1 and len(rows[0]) == 1:  # an alignment of one line
            return rows[0][0]
        raise self.problem(f"the environment {name} stands inside a formula")

    def _rows(self) -> tuple[tuple[Node, ...], ...]:
        rows: list[tuple[Node, ...]] = []
        cells: list[Node] = []
        while not (self.peek().kind == "unenv" or self.sees("}")):
            if self.peek().kind == "end":
                raise self.problem("expected the end of the rows")
            if self.peek().kind == "row":
                self.take()
                if cells:
                    rows.append(tuple(cells))
                cells = []
            elif self.sees("&") or self.peek().kind == "sep":
                self.take()
            else:
                cells.append(self._cell())
        if cells:
            rows.append(tuple(cells))
        return tuple(rows)

    def _cell(self) -> Node:
        words_: list[str] = []
        while self.peek().kind == "text":
            words_.append(self.take().text.strip())
        if self.sees("&", "}") or self.peek().kind in ("row", "sep", "end", "unenv"):
            return Name(" ".join(words_) or "otherwise")
        if self.peek().kind == "name" and self.peek().text in ("if", "otherwise", "else", "for"):
            self.take()
            return self._cell()
        if self.peek().kind == "name" and self.peek(1).text == "f" and self.peek().text == "i":
            self.at += 2
        node = self.relation()
        while self.peek().kind == "text" or self.sees("."):
            self.take()
        return node


def as_cases(matrix: Matrix) -> Node:
    rows: list[tuple[Node, tuple[Node, ...] | None]] = []
    for row in matrix.rows:
        conditions = tuple(n for c in row[1:] for n in walk(c) if isinstance(n, Rel))
        rows.append((row[0], conditions or None))
    return Cases(tuple(rows))
