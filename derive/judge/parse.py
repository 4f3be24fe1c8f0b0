"""Tokens to a tree: sums, products and scripts. What cannot be read is said, with its place."""

from __future__ import annotations

from collections.abc import Sequence

from derive.judge import words
from derive.judge.parse_scripts import Scripts, sub
from derive.judge.stream import IsCall
from derive.judge.tokens import Token, Unread
from derive.judge.tree import (
    Add,
    Blank,
    Call,
    Div,
    Given,
    Group,
    Mul,
    Name,
    Neg,
    Node,
    Num,
    Prime,
    Rel,
    Sub,
    Sup,
)

_TIMES = {"cdot": ".", "times": "x", "ast": "x", "odot": "o", "circ": "o", "bullet": ".",
          "otimes": "t", "star": "x"}  # fmt: skip
_ENDS = {"&", ")", "]", "}", r"\}", "null", "mid", "|", "||", "rangle", "rvert", "rVert", "rbrace",
         "rbrack", "rfloor", "rceil"}  # fmt: skip


def parse(tokens: Sequence[Token], is_call: IsCall | None = None, relation: bool = False) -> Node:
    """The tree of one side of a relation, or of the whole relation. Raises Unread."""
    from derive.judge.parse_atoms import Atoms

    useful = [t for t in tokens if t.kind != "space"]
    useful = [
        t for t, deep in zip(useful, _in_environment(useful), strict=False) if deep or t.text != "&"
    ]
    while useful and useful[-1].kind in ("sep", "row"):
        useful.pop()
    ends = (".", ":") if relation else (".", ":", "!")  # an exclamation ends a person's line
    while useful and useful[-1].text in ends:
        if useful[-1].text == "!" and len(useful) > 1 and useful[-2].kind == "num":
            break
        useful.pop()
    if not useful:
        raise Unread("nothing stands here", tokens[0].start if tokens else 0)
    return Atoms(useful, is_call or (lambda head, group: False)).whole(relation)


def _in_environment(tokens: Sequence[Token]) -> list[bool]:
    """For each token whether it stands inside a matrix or cases."""
    depth, out = 0, []
    for t in tokens:
        depth += {"env": 1, "unenv": -1}.get(t.kind, 0)
        plain_cases = t.kind == "cmd" and t.text == "cases"
        depth += plain_cases * 1_000
        out.append(depth > 0)
    return out


class Parser(Scripts):
    """Recursive descent over a list of tokens."""

    # -- sums and products ---------------------------------------------------------------------

    def whole(self, relation: bool = False) -> Node:
        """Everything, to the end."""
        node = self.relation() if relation else self.expression()
        if self.peek().kind != "end":
            raise self.problem("expected an operator or the end")
        return node

    def expression(self) -> Node:
        """Terms with + and −."""
        self.deeper()
        terms: list[Node] = []
        sign = self._sign()
        while True:
            term = self.product()
            terms.append(Neg(term) if sign < 0 else term)
            if not self.sees("+", "-", "pm"):
                break
            sign = self._sign()
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Add(tuple(terms))

    def _sign(self) -> int:
        sign = 1
        while self.sees("+", "-"):
            sign *= -1 if self.take().text == "-" else 1
        return sign

    def relation(self) -> Node:
        """An expression, or two with a relation between them."""
        left = self.expression()
        while self.sees("|", "mid", "||") and self.peek(1).text not in ("", ")", "}", "]"):
            double = self.take().text == "||"
            left = Given(left, self.relation(), double)
        if self.peek().text in words.RELATIONS and self.peek().kind in ("op", "cmd"):
            sign = words.RELATIONS[self.take().text]
            signed = self.sees("+", "-")
            right = self.relation() if signed or not self._ended() else Blank()
            return Rel(left, sign, right)
        return left

    def _ended(self) -> bool:
        token = self.peek()
        if token.kind in ("end", "sep", "row", "text", "unenv"):
            return True
        if token.kind == "cmd":
            return token.text in words.RELATIONS or token.text in ("over", "pm", "infty_")
        if token.kind == "op":
            return token.text in _ENDS or token.text in words.RELATIONS or token.text in "+-:.!"
        return False

    def product(self) -> Node:
        """Factors, side by side or with a sign between them; / divides by one factor."""
        factors, ops = [self.factor()], []
        while True:
            op = ""
            if self.sees(*_TIMES, "*") or (self.sees(".") and self.peek(1).kind in ("cmd", "name")):
                op = _TIMES.get(self.take().text, "x")
            elif self.sees("/", "div", "oslash"):
                self.take()
                factors[-1] = Div(factors[-1], self._signed_factor())
                continue
            elif self._ended():
                break
            follows = self._signed_factor() if op else self.factor()
            factors.append(follows)
            ops.append(op)
        return self._joined(factors, ops)

    def _signed_factor(self) -> Node:
        if self.sees("+", "-"):
            return Neg(self.factor()) if self._sign() < 0 else self.factor()
        return self.factor()

    def _joined(self, factors: list[Node], ops: list[str]) -> Node:
        """A product; operators without operand (∂/∂x, log) take what follows them."""
        if len(factors) == 1:
            return factors[0]
        return Mul(tuple(factors), tuple(ops))

    # -- factors -------------------------------------------------------------------------------

    def factor(self) -> Node:
        """An atom with its scripts, and its arguments if it is a function."""
        node = self.scripts(self.atom())
        while self.sees("(", "[") or (self.sees("{") and self.peek(1).text == "("):
            if not isinstance(node, Name | Sub | Sup | Prime):
                break
            here = self.at
            group = self.atom()
            if isinstance(group, Group) and _is_place(node, group):
                node = self.scripts(sub(node, group.items))
                continue
            called = isinstance(group, Group) and (
                self.is_call(node, group) or self._component_of_call(node, group)
            )
            if not called or not isinstance(group, Group):
                self.at = here
                break
            node = self.scripts(Call(node, _arguments(group.items)))
        return node

    def _component_of_call(self, node: Node, group: Group) -> bool:
        """``s(x + c)_i``: an index behind the bracket says that this is a vector."""
        return (
            self.sees("_")
            and isinstance(node, Name)
            and node.text.islower()
            and (group.kind == "(" and node.text != "e")
        )


def _arguments(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """The two distributions of KL(p ‖ q) are two arguments."""
    if len(items) == 1 and isinstance(items[0], Given) and items[0].double:
        return items[0].left, items[0].right
    return items


def _is_place(node: Node, group: Group) -> bool:
    """``A[i,:]`` and ``R_i[k,l]``: indices in square brackets."""
    if group.kind != "[" or len(group.items) < 2 or not isinstance(node, Name | Sub):
        return False
    return all(isinstance(n, Blank | Name | Num) for n in group.items)


__all__ = ["IsCall", "Parser", "parse"]
