"""Lists, columns, matrices and cases."""

from __future__ import annotations

from typing import Any

from derive.judge import patterns, tree
from derive.judge.arithmetic import Arithmetic
from derive.judge.state import BySign
from derive.judge.tree import Node
from derive.judge.values import (
    Axis,
    Concrete,
    Meaning,
    Tensor,
    Value,
    listed,
)
from derive.kernel.language import (
    Cases,
    Expr,
    Integer,
    Rational,
    Symbol,
)
from derive.kernel.language import Eq as Equal
from derive.kernel.language import Ne as Unequal
from derive.notation import index


class Arrays(Arithmetic):
    """Lists, columns, matrices and cases."""

    def _group(self, node: tree.Group) -> Value:
        if not node.items:
            raise Meaning("an empty bracket")
        if len(node.items) == 1:
            inner = self.value(node.items[0])
            if node.kind == "[" and isinstance(inner, Integer | Rational):
                return listed([inner])
            return inner
        return self._list(node.items)

    def _list(self, items: tuple[Node, ...]) -> Tensor:
        if any(isinstance(n, tree.Dots) for n in items):
            letter, body, last = patterns.vector_of_dots(items)
            upper = self._limit(last)
            return Tensor((Axis(upper),), lambda w: self._with(letter, w[0], body), self.rows)
        made = listed([self.scalar(n) for n in items])
        return Tensor(made.axes, made.entry, self.rows)

    def _limit(self, last: Node) -> Expr:
        """The size that the last index of a list with … stands for."""
        upper = self.upper(last)
        if isinstance(upper, Symbol):
            self.scope.axes.limit(("list", self.claim, upper.name), 1, upper)
            return self.scope.size_named(upper.name)
        return upper.xreplace({s: self.scope.size_named(s.name) for s in upper.free_symbols})

    def upper(self, node: Node) -> Expr:
        """What stands over a Σ: a number, a letter, K − 1."""
        if isinstance(node, tree.Num) and node.text.isdigit():
            return Integer(int(node.text))
        if isinstance(node, tree.Name):
            value = self.env.get(node.text)
            if isinstance(value, Expr):
                return value
            return index(node.text)
        if isinstance(node, tree.Add):
            return sum((self.upper(t) for t in node.terms), Integer(0))
        if isinstance(node, tree.Neg):
            return -self.upper(node.arg)
        raise Meaning("the upper limit of a sum is not read")

    def _with(self, letter: str, value: Expr, body: Node) -> Expr:
        kept = dict(self.env)
        self.env[letter] = value
        try:
            return self.scalar(body)
        finally:
            self.env = kept

    def _matrix(self, node: tree.Matrix) -> Value:
        if all(len(r) == 1 for r in node.rows):
            return self._column(tuple(r[0] for r in node.rows))
        if any(isinstance(c, tree.Dots) for r in node.rows for c in r):
            diagonal_body, other, last = patterns.matrix_of_dots(node)
            axis = Axis(self._limit(last))

            def entry(where: tuple[Expr, ...]) -> Expr:
                kept = dict(self.env)
                self.env.update({patterns.LETTER: where[0], patterns.OTHER: where[1]})
                try:
                    on, off = self.scalar(diagonal_body), self.scalar(other)
                finally:
                    self.env = kept
                if isinstance(where[0], Integer) and isinstance(where[1], Integer):
                    return on if where[0] == where[1] else off
                return Cases((on, Equal(*where)), (off, Unequal(*where)))

            return Tensor((axis, axis), entry)
        cells = [[self.scalar(c) for c in r] for r in node.rows]
        if len({len(r) for r in cells}) != 1:
            raise Meaning("the rows of a matrix have different lengths")
        if len(cells) == 1:
            made = listed(cells[0])
            return Tensor(made.axes, made.entry, True)

        def cell(where: tuple[Expr, ...]) -> Expr:
            for n, w in enumerate(where):
                if not isinstance(w, Integer):
                    raise Concrete(len(cells) if n == 0 else len(cells[0]))
            return cells[int(where[0]) - 1][int(where[1]) - 1]

        return Tensor((Axis(Integer(len(cells))), Axis(Integer(len(cells[0])))), cell)

    def _column(self, items: tuple[Node, ...]) -> Tensor:
        made = self._list(items)
        return Tensor(made.axes, made.entry, False)

    def _cases(self, node: tree.Cases) -> Value:
        pairs: list[tuple[Expr, Any]] = []
        by_sign = [c for _, cs in node.rows for c in cs or () if isinstance(c, tree.Rel)]
        if by_sign and all(c.sign in ("<", ">", "≤", "≥") for c in by_sign):
            if not self.regime:
                raise BySign
            for value, conditions in node.rows:
                if conditions is None or all(
                    isinstance(c, tree.Rel) and self._holds(c) for c in conditions
                ):
                    return self.value(value)
        for value, conditions in node.rows:
            if conditions is None or len(conditions) != 1:
                if conditions is None and len(pairs) == 1 and len(node.rows) == 2:
                    pairs.append((self.scalar(value), _opposite(pairs[0][1])))
                    continue
                raise Meaning("the condition of a case is not read")
            [only] = conditions
            if not isinstance(only, tree.Rel):
                raise Meaning("the condition of a case is not read")
            pairs.append((self.scalar(value), self.condition(only)))
        return Cases(*pairs)

    def condition(self, node: tree.Rel) -> Any:
        """A condition between indices."""
        left, right = self._place(node.left), self._place(node.right)
        if node.sign == "=":
            return Equal(left, right)
        if node.sign in ("≠", "!="):
            return Unequal(left, right)
        raise Meaning(f"a case with {node.sign} between its indices is not read")


def _opposite(condition: Any) -> Any:
    if isinstance(condition, Equal):
        return Unequal(*condition.args)
    if isinstance(condition, Unequal):
        return Equal(*condition.args)
    raise Meaning("the condition of a case is not read")
