"""Tokens to a tree: atoms, big operators, derivatives, environments."""

from __future__ import annotations

from dataclasses import replace

from derive.judge import words
from derive.judge.parse_binders import Binders, as_cases
from derive.judge.tokens import Token
from derive.judge.tree import (
    Abs,
    Big,
    Blank,
    Div,
    Dots,
    Fn,
    Group,
    Infinity,
    Matrix,
    Mul,
    Name,
    Neg,
    Node,
    Num,
    Rel,
    Sub,
)

_FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac"}
_INDICATORS = {"1", "ones", "I", "1I", "delta", "bbone"}


class Atoms(Binders):
    """The parser's smallest parts."""

    def atom(self) -> Node:
        self.deeper()
        token = self.peek()
        if token.kind == "num":
            node = self._number()
        elif token.kind == "name":
            node = self._name()
        elif token.kind == "op" and token.text in ("(", "[", r"\{", "langle", "lbrace", "lbrack"):
            node = self._group()
        elif self.sees("{"):
            node = self._braces()
        elif self.sees("|", "||", "lvert", "mid"):
            node = self._absolute()
        elif token.kind == "cmd":
            node = self._command()
        elif token.kind == "env":
            node = self._environment(self.take().text)
        elif token.kind == "text":
            raise self.problem("expected a formula, not words")
        else:
            raise self.problem("expected a number, a name or a bracket")
        self.depth -= 1
        return node

    def _number(self) -> Node:
        text = self.take().text
        if text == "1" and self.sees("_", r"\{", "{") and self._relation_follows():
            return self._indicator()
        return Num(text)

    def _relation_follows(self) -> bool:
        depth = 0
        for n in range(12):
            token = self.peek(n)
            depth += {"{": 1, r"\{": 1, "(": 1, "[": 1, "}": -1, r"\}": -1, ")": -1, "]": -1}.get(
                token.text, 0
            )
            if depth > 0 and token.text in ("=", "ne", "neq", "<", "le", ">", "ge"):
                return True
            if n and depth <= 0:
                return False
        return False

    def _indicator(self) -> Node:
        if self.sees("_"):
            self.take()
            return Sub(Name("1"), self.index_list())
        if self.sees("{"):
            return Sub(Name("1"), (self._braces(),))
        group = self._group()
        return Sub(Name("1"), group.items) if isinstance(group, Group) else group

    # -- names ---------------------------------------------------------------------------------

    def _name(self) -> Node:
        token = self.take()
        known = words.FUNCTIONS.get(token.text)
        if known == "sum":
            return self._big("sum", token)
        if known in ("max", "min", "argmax", "argmin", "lim", "inf", "sup"):
            return self._optimum(known)
        if known in words.PREFIX and known is not None:
            return self._function(known)
        if token.text in ("d", "D") and (found := self._quotient_of_differentials()):
            return found
        return Name(known or token.text)

    def _function(self, name: str) -> Node:
        power: Node | None = None
        base: Node | None = None
        while self.sees("^", "_", "'"):
            if self.sees("'"):
                self.take()
                name = name + "'"
            elif self.take().text == "^":
                power = self._exponent()
            else:
                base = (*self.index_list(), Blank())[0]
        if self._ended() or self.sees("cdot", "times"):
            made: Node = Name(name)  # a function named, not applied
            return Sub(made, (base,)) if base else made
        if name in ("softmax", "diag") and not self.sees("(", "[", "{") and self.sees("_"):
            return Name(name)
        argument = self._argument()
        return Fn(name, argument, power, base)

    def _argument(self) -> Node:
        """What a function without brackets takes: one factor, a whole Σ, a whole fraction."""
        if self.sees("(", "["):
            return self.atom()
        if self.sees("{") and self.peek(1).text in ("(", "["):
            return self.atom()
        if self.sees("-"):
            self.take()
            return Neg(self.factor())
        node = self.factor()
        if isinstance(node, Num) and self.peek().kind == "name":
            return Mul((node, self.factor()), ("",))
        return node

    def _optimum(self, name: str) -> Node:
        below: tuple[Node, ...] = ()
        if self.sees("_"):
            self.take()
            below = self.index_list()
        if self._ended():
            return Name(name)
        body = self.atom_with_scripts() if self.sees("(", "{", "[", r"\{") else self.product()
        return Big(name, below, None, body)

    # -- brackets ------------------------------------------------------------------------------

    def _group(self) -> Node:
        opener = self.take()
        items: list[Node] = []
        stack = self.is_call
        while not self.sees(*words.CLOSE):
            if self.peek().kind == "sep" and self.peek().text in (",", ";", ":"):
                self.take()
            elif self.sees(":"):
                self.take()
                items.append(Blank())
            elif self.peek().kind == "end":
                raise self.problem(f"expected the bracket that closes {opener}")
            else:
                items.append(self._item())
        self.take()
        self.is_call = stack
        if opener.text in (r"\{", "lbrace") and len(items) == 1 and isinstance(items[0], Matrix):
            return as_cases(items[0])
        if len(items) == 1 and isinstance(items[0], Matrix) and items[0].rows:
            return items[0]
        if opener.text == "[" and len(items) == 1 and isinstance(items[0], Rel):
            return Sub(Name("1"), (items[0],))
        return Group(tuple(items), "[" if opener.text == "[" else "(")

    def _item(self) -> Node:
        if self.peek().kind == "text":
            return Name(self.take().text.strip())
        node = self.relation()
        if self.peek().kind == "num" or self.peek().kind == "name":
            raise self.problem("expected , or a closing bracket")
        return node

    def _braces(self) -> Node:
        opener = self.take()
        depth = 0
        for n in range(len(self.tokens) - self.at):
            token = self.peek(n)
            depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "op" else 0
            if depth < 0:
                break
            if depth == 0 and token.kind == "cmd" and token.text == "over":
                top = self.expression()
                self.expect("over")
                bottom = self.expression()
                self.expect("}")
                return self._fraction_of(top, bottom)
        if self.sees("}"):
            self.take()
            return Group((), "{") if self._ended() else self.factor()
        node = self.relation()
        if not self.sees("}"):
            raise self.problem(f"expected }} for the {{ at {opener.start}")
        self.take()
        return node

    def _absolute(self) -> Node:
        self.take()
        node = self.expression()
        self.expect("|", "||", "rvert", "mid")
        return Abs(node)

    # -- commands ------------------------------------------------------------------------------

    def _command(self) -> Node:
        token = self.take()
        name = token.text
        if name in _FRACTIONS:
            return self._fraction()
        if name in words.ACCENTS:
            return _accented(self.single_argument(), words.ACCENTS[name])
        if name in words.STYLES:
            return self._styled(name)
        if name in words.SCRIPTS:
            inner = self.single_argument()
            return _accented(inner, words.SCRIPTS[name])
        if name in ("sum", "prod", "Sigma", "Pi"):
            return self._big("prod" if name in ("prod", "Pi") else "sum", token)
        if name == "partial":
            return self._partial()
        if name == "nabla":
            return self._nabla()
        if name in words.DOTS:
            return Dots()
        if name == "infty":
            return Infinity()
        if name == "sqrt":
            return Fn("sqrt", self.single_argument())
        if name == "cases":
            self.expect("{")
            made = as_cases(Matrix(self._rows()))
            self.expect("}")
            return made
        raise self.unknown(token)

    def unknown(self, token: Token) -> Exception:
        self.at -= 1
        return self.problem(f"the command \\{token.text} is not known")

    def single_argument(self) -> Node:
        """{group}, or one symbol with nothing attached: \\frac12 is ½, as TeX takes one digit."""
        if self.sees("{"):
            return self._braces()
        token = self.peek()
        if token.kind == "num" and len(token.text) > 1 and token.text.isdigit():
            first = replace(token, text=token.text[0], stop=token.start + 1)
            rest = replace(token, text=token.text[1:], start=token.start + 1)
            self.tokens[self.at : self.at + 1] = [first, rest]
        return self.atom()

    def _styled(self, style: str) -> Node:
        node = self.single_argument()
        if isinstance(node, Num) and node.text == "1":
            if self.sees("_", r"\{", "(", "[", "{") and self._relation_follows():
                return self._indicator()
            return Name("ones", True)
        if isinstance(node, Name):
            bold = style != "mathbb" or node.text.islower()
            return replace(node, bold=bold, text="E" if node.text == "E" else node.text)
        return _bold(node)

    def _fraction(self) -> Node:
        here, tokens = self.at, list(self.tokens)
        top = self._differential_top()
        if top is not None:
            bottom = self._differential_bottom()
            if bottom is not None:
                return self._operated(top, bottom)
        self.at, self.tokens = here, tokens  # dp is one name again
        first = self.single_argument()
        return self._fraction_of(first, self.single_argument())

    def _fraction_of(self, top: Node, bottom: Node) -> Node:
        return Div(top, bottom)


def _accented(node: Node, accent: str) -> Node:
    """A letter with an accent; \\hat{y_i} means the hat on y."""
    if isinstance(node, Name):
        return replace(node, text=f"{accent} {node.text}")
    if isinstance(node, Sub):
        return Sub(_accented(node.base, accent), node.indices)
    if isinstance(node, Mul) and isinstance(node.factors[0], Name):
        return Name(f"{accent} " + "".join(str(getattr(f, "text", "")) for f in node.factors))
    return node


def _bold(node: Node) -> Node:
    if isinstance(node, Name):
        return replace(node, bold=True)
    if isinstance(node, Sub):
        return Sub(_bold(node.base), node.indices)
    return node
