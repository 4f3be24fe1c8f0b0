"""Tokens to a tree: sums, products and scripts. What cannot be read is said, with its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.judge import words
from derive.judge.tokens import MAX_DEPTH, Token, Unread
from derive.judge.tree import (
    Add,
    Blank,
    Call,
    Div,
    Fn,
    Given,
    Group,
    Matrix,
    Mul,
    Name,
    Neg,
    Node,
    Num,
    Prime,
    Rel,
    Sub,
    Sup,
    Turned,
)

IsCall = Callable[[Node, Group], bool]
_TIMES = {"cdot": ".", "times": "x", "ast": "x", "odot": "o", "circ": "o", "bullet": ".",
          "otimes": "t", "star": "x"}  # fmt: skip
_ENDS = {"&", ")", "]", "}", r"\}", "null", "mid", "|", "rangle", "rvert", "rVert", "rbrace",
         "rbrack", "rfloor", "rceil"}  # fmt: skip


def parse(
    tokens: Sequence[Token], is_call: IsCall | None = None, relation: bool = False
) -> Node:
    """The tree of one side of a relation, or of the whole relation. Raises Unread."""
    from derive.judge.parse_atoms import Atoms

    useful = [t for t in tokens if t.kind != "space"]
    useful = [t for t, deep in zip(useful, _in_environment(useful)) if deep or t.text != "&"]
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


class Parser:
    """Recursive descent over a list of tokens."""

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
        while self.sees("|", "mid") and self.peek(1).text not in ("", ")", "}", "]"):
            self.take()
            left = Given(left, self.relation())
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
            elif self.sees("/", "div"):
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
                node = self.scripts(_sub(node, group.items))
                continue
            called = isinstance(group, Group) and (
                self.is_call(node, group) or self._component_of_call(node, group)
            )
            if not called or not isinstance(group, Group):
                self.at = here
                break
            node = self.scripts(Call(node, group.items))
        return node

    def _component_of_call(self, node: Node, group: Group) -> bool:
        """``s(x + c)_i``: an index behind the bracket says that this is a vector."""
        return self.sees("_") and isinstance(node, Name) and node.text.islower() and (
            group.kind == "(" and node.text != "e"
        )

    def atom(self) -> Node:
        raise NotImplementedError

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
            return Sup(_sub(node.base, indices), node.exponent)
        if isinstance(node, Turned):
            return Turned(_sub(node.base, indices))
        return _sub(node, indices)

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
        exponent = self._exponent()
        if isinstance(exponent, Name) and exponent.text in ("T", "top", "intercal", "mathsf T"):
            return Turned(node)
        if isinstance(node, Sup) and not isinstance(node.exponent, Group):
            return Sup(node.base, Sup(node.exponent, exponent))
        return Sup(node, exponent)

    def _exponent(self) -> Node:
        if self.sees("top", "intercal"):
            self.take()
            return Name("T")
        if self.sees("{") and self.peek(1).text in ("top", "intercal") and (
            self.peek(2).text == "}"
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


def _is_place(node: Node, group: Group) -> bool:
    """``A[i,:]`` and ``R_i[k,l]``: indices in square brackets."""
    if group.kind != "[" or len(group.items) < 2 or not isinstance(node, Name | Sub):
        return False
    return all(isinstance(n, Blank | Name | Num) for n in group.items)


def _takes_script(node: Sup) -> bool:
    """In e^z_i and h(x)^y_i the index belongs to the exponent."""
    bare = isinstance(node.exponent, Name)
    whole = isinstance(node.base, Name) and node.base.text == "e"
    return bare and (whole or not isinstance(node.base, Name))


def _sub(base: Node, indices: tuple[Node, ...]) -> Node:
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
    if isinstance(node, Name) and "," in node.text:
        return tuple(Name(part) for part in node.text.split(","))
    if isinstance(node, Mul) and all(isinstance(f, Name | Num | Sub) for f in node.factors):
        if all(op == "" for op in node.ops):
            return node.factors
    return (node,)


__all__ = ["IsCall", "Parser", "parse"]
