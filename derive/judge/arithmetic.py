"""Names, numbers and arithmetic."""

from __future__ import annotations

from functools import reduce
from typing import Any

from sympy import E as EULER
from sympy import Pow, pi

from derive.judge import functions, patterns, tree
from derive.judge.samples import MARK
from derive.judge.scope import Function, head
from derive.judge.shapes import NUMBERS
from derive.judge.state import MAX_EXPONENT, PLAIN, BySign, State
from derive.judge.tree import Node
from derive.judge.values import (
    FREE,
    Axis,
    Meaning,
    Tensor,
    Value,
    dot,
    elementwise,
    kronecker,
    product,
    transposed,
)
from derive.kernel.language import (
    Expr,
    Integer,
    Rational,
    Symbol,
    delta,
    exp,
)
from derive.notation import K, index


class Arithmetic(State):
    """Names, numbers and arithmetic."""

    def _num(self, node: tree.Num) -> Value:
        text = node.text
        if "e" in text.lower():
            digits, _, power = text.lower().partition("e")
            if abs(int(power)) > MAX_EXPONENT:
                raise Meaning(f"the number {text} is out of reach")
            return Rational(digits) * Integer(10) ** int(power)
        return Rational(text)

    def _name(self, node: tree.Name) -> Value:
        name = node.text
        if name in self.env:
            return self.env[name]
        if name in self.bound:
            return self.bound[name]
        return self._known(name, node.bold)

    def _known(self, name: str, bold: bool) -> Value:
        scope = self.scope
        if self.data and name + MARK in scope.arity:
            return self._whole(name + MARK)
        if name in scope.arity and not bold:
            if self.plain and name in scope.definitions:
                return scope.definitions[name].lhs
            if self.plain or (self.scalars_only and name + PLAIN in scope.definitions):
                return scope.plain(name)
        if name in scope.concrete:
            return scope.concrete[name]
        if name in scope.definitions and name not in scope.arity:
            return scope.definitions[name].lhs
        if name in scope.arity and not (name in scope.letters and self._letter(name)):
            return self._whole(name)
        if name in scope.functions:
            return self._bare_function(name)
        if name == "e":
            return EULER
        if name == "pi" and "pi" not in scope.domains:
            return pi
        if name == "I" and bold:
            return Tensor((Axis(K), Axis(K)), lambda w: delta(w[0], w[1]))
        if name == "ones":
            return Tensor((Axis(FREE),), lambda w: Integer(1), self.rows)
        if (rows := self._all_examples(name)) is not None:
            return rows
        if (alias := self._alias(name)) is not None:
            return self._whole(alias)
        if ("size", name) in scope.axes.parent or ("size", name) in scope.axes.uppers:
            return scope.size_named(name)
        if name in scope.letters and len(name) == 1 and name not in self.env:
            return self._index(name)
        if name == "K" and not scope.named_size():
            self.notes.append("K read as the number of classes")
            return K
        if name in ("sigma", "zeta", "varsigma") and name not in self.called:
            return scope.scalar(name)
        if name in functions.NAMES or (" " in name and name.split(" ")[0] not in _ACCENTED):
            raise Meaning(f"{name} has no argument here")
        return scope.scalar(name)

    def _letter(self, name: str) -> bool:
        return name in self.bound

    def _alias(self, name: str) -> str | None:
        """The capital of an indexed quantity is the whole vector."""
        *accents, stem = name.split(" ")
        lower = " ".join([*accents, stem.lower()])
        if stem.isupper() and lower != name and lower in self.scope.arity:
            return lower
        upper = " ".join([*accents, stem.upper()])
        if upper != name and len(stem) == 1 and self.scope.arity.get(upper) == 2:
            return upper if name == "w" and name not in self.scope.letters else None
        return None

    def _all_examples(self, name: str) -> Tensor | None:
        """X, whose rows are the examples x^{(i)}."""
        data = name.lower() + MARK
        if name.isupper() and self.scope.arity.get(data) == 2:
            return transposed(self._whole(data))
        return None

    def _whole(self, name: str) -> Tensor:
        base, axes = self.scope.base(name), self.scope.axes_of(name)
        if len(axes) == 1:
            return Tensor(axes, lambda w: base[w[0]], self.rows)
        return Tensor(axes, lambda w: base[w])

    def _bare_function(self, name: str) -> Value:
        f = self.scope.functions[name]
        return self._inlined(f, self._usual(name, f), None)

    def _usual(self, name: str, f: Function) -> list[Value]:
        """The arguments of a function that is written without any: those written last."""
        written = self.arguments.get(name)
        if written is not None and len(written) == len(f.parameters):
            return [self.value(a) for a in written]
        return [self._known(p, True) for p in f.parameters]

    def _index(self, name: str) -> Symbol:
        symbol = index(name)
        self.places.setdefault(symbol, [("letter", self.claim, name)])
        return symbol

    def _dots(self, node: tree.Dots) -> Value:
        raise Meaning("… stands where its pattern cannot be told")

    def _infinity(self, node: tree.Infinity) -> Value:
        raise Meaning("∞ is not a number that can be calculated with")

    def _neg(self, node: tree.Neg) -> Value:
        return elementwise(lambda x: -x, self.value(node.arg))

    def _add(self, node: tree.Add) -> Value:
        written = patterns.sum_of_dots(node)
        if written is not None:
            return self.value(written)
        wide = patterns.widened(node, self.outside)
        if wide is not node:
            return self.value(wide)
        total = self.value(node.terms[0])
        for term in node.terms[1:]:
            total = elementwise(lambda x, y: x + y, total, self.value(term))
        return total

    def _mul(self, node: tree.Mul) -> Value:
        if any(isinstance(f, tree.Dots) for f in node.factors):
            return self.value(patterns.product_of_dots(node))
        if "t" in node.ops:
            first, *others = map(self.value, patterns.tighter(node, "t").factors)
            return reduce(kronecker, others, first)
        if "o" in node.ops and "" in node.ops:
            try:  # a ⊙ δWᵀ: the matrix product binds tighter
                return self._product(patterns.tighter(node))
            except Meaning:
                pass
        return self._product(node)

    def _product(self, node: tree.Mul) -> Value:
        values = [self.value(f) for f in node.factors]
        self._shapes_known(node, values)
        total = values[0]
        for op, follows in zip(node.ops, values[1:], strict=True):
            if op in ("o", "x"):
                both = isinstance(total, Tensor) and isinstance(follows, Tensor)
                total = (
                    elementwise(lambda x, y: x * y, total, follows)
                    if (both and op == "o") or not both
                    else product(total, follows)
                )
            elif op == ".":
                total = dot(total, follows)
            else:
                total = product(total, follows)
        return total

    def _shapes_known(self, node: tree.Mul, values: list[Value]) -> None:
        """Between matrices a capital that nothing declares is one too, not a number."""
        if any(isinstance(v, Tensor) and v.rank == 2 for v in values):
            for factor, v in zip(node.factors, values, strict=True):
                loose = isinstance(v, Symbol) and not v.is_integer and tree.capital(factor)
                if loose and tree.label(factor) not in (*self.scope.definitions, *NUMBERS):
                    raise Meaning(f"the shape of {tree.label(factor)} is not known")

    def _div(self, node: tree.Div) -> Value:
        top, bottom = self.value(node.top), self.value(node.bottom)
        return elementwise(lambda x, y: x / y, top, bottom)

    def _sup(self, node: tree.Sup) -> Value:
        found = head(node)
        if found and found[1] and found[2] is None and not self._power_of(node, found):
            if len(found[1]) == 1 and self.scope.arity.get(found[0]) == 2:
                return self._example(found[0], found[1][0])
            return self._component(found[0], found[1])
        if any(isinstance(n, tree.Big) and n.below == (tree.Name("x"),) for n in tree.walk(node)):
            raise Meaning("a sum over the examples inside a power is not read")
        exponent = self.value(node.exponent)
        if isinstance(node.base, tree.Name) and node.base.text == "e" and "e" not in self.env:
            return elementwise(exp, exponent)
        base = self.value(node.base)
        if isinstance(exponent, Tensor):
            raise Meaning("a vector as an exponent")
        if isinstance(base, Tensor) and base.rank == 2 and exponent.is_negative:
            raise Meaning("the inverse of a matrix is not read")
        return elementwise(lambda x: power(x, exponent), base)

    def _example(self, name: str, letter: Node) -> Tensor:
        """x^{(i)} of x_j^{(i)}: a vector."""
        at = self._place(letter)
        return Tensor((self.scope.axis((name, 0)),), lambda w: self._indexed(name, (w[0], at)),
                      self.rows)  # fmt: skip

    def _power_of(self, node: tree.Sup, found: Any) -> bool:
        """Whether a raised letter is a power, not an index: only y^{(i)} is an index."""
        return not isinstance(node.exponent, tree.Group)

    def _turned(self, node: tree.Turned) -> Value:
        value = self.value(node.base)
        if not isinstance(value, Tensor) and tree.capital(node.base):
            raise Meaning(f"the shape of {tree.label(node.base)} is not known")
        return transposed(value)

    def _abs(self, node: tree.Abs) -> Value:
        if not self.regime:
            raise BySign
        self._test(node.arg)
        sign = self.regime
        return elementwise(lambda x: sign * x, self.value(node.arg))

    def _test(self, node: Node) -> None:
        """Sides of zero are told apart for one expression only."""
        while isinstance(node, tree.Group) and len(node.items) == 1:
            node = node.items[0]
        if any(name in self.bound for name in tree.names(node)):
            raise Meaning("a sign under a Σ is not read")
        if self.tested and node not in self.tested:
            raise Meaning("cases on the signs of two different things")
        self.tested.append(node)

    def _holds(self, rel: tree.Rel) -> bool:
        """Whether x > 0 and the like hold on the side of zero that is looked at."""
        if rel.right != tree.Num("0"):
            raise Meaning("a case by a size other than 0 is not read")
        self._test(rel.left)
        return (self.regime > 0) == (rel.sign in (">", "≥"))


_ACCENTED = {"hat", "bar", "tilde", "dot", "ddot", "cal", "scr", "frak", "check"}


def power(base: Expr, exponent: Expr) -> Expr:
    """base^exponent with numbers kept small enough to calculate with."""
    if base.is_number and exponent.is_number:
        if not exponent.is_Rational or abs(exponent) > MAX_EXPONENT:
            raise Meaning("a power of numbers that is out of reach")
        if base.is_Rational and max(abs(base.p), base.q) > 10**15 and abs(exponent) > 8:
            raise Meaning("a power of numbers that is out of reach")
    if exponent.is_Integer and abs(exponent) > MAX_EXPONENT:
        raise Meaning(f"the exponent {exponent} is out of reach")
    return Pow(base, exponent)
