"""Trees to expressions of the kernel, under the names of a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import E as EULER
from sympy import Pow, pi

from derive.judge import functions, patterns, tree
from derive.judge.scope import Function, Scope, head, is_index
from derive.judge.tree import Node
from derive.judge.values import (
    Axis,
    Concrete,
    Meaning,
    Tensor,
    Value,
    diagonal,
    dot,
    elementwise,
    fresh_index,
    listed,
    product,
    transposed,
)
from derive.kernel.language import (
    Cases,
    Expr,
    Indexed,
    Integer,
    Partial,
    Product,
    Rational,
    Sum,
    Symbol,
    delta,
    exp,
    factorial,
)
from derive.kernel.language import Eq as Equal
from derive.kernel.language import Ne as Unequal
from derive.notation import K, index

MAX_EXPONENT = 64
MAX_TERMS = 64
MAX_CALLS = 30
MAX_FACTORIAL = 170


PLAIN = "\u2032"  # marks what a letter means where it has no components


class BySign(Meaning):
    """A formula has cases x > 0 and x < 0: read it once for each."""

    def __init__(self) -> None:
        super().__init__("cases on a sign inside another definition")


@dataclass
class Elaborator:
    """Reads the sides of one claim. ``free`` collects the free indices with their places."""

    scope: Scope
    claim: int = 0
    rows: bool = False
    primes: Expr | None = None
    env: dict[str, Value] = field(default_factory=dict)
    bound: dict[str, Symbol] = field(default_factory=dict)
    places: dict[Symbol, list[Any]] = field(default_factory=dict)
    spans: dict[Symbol, Axis] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    outside: frozenset[str] = frozenset()
    scalars_only: bool = False
    calls: int = 0
    plain: bool = False
    regime: int = 0
    linear: bool = True
    tested: list[Node] = field(default_factory=list)
    arguments: dict[str, tuple[Node, ...]] = field(default_factory=dict)

    # -- entry points --------------------------------------------------------------------------

    def scalar(self, node: Node) -> Expr:
        value = self.value(node)
        if isinstance(value, Tensor):
            raise Meaning("a vector stands where a number is expected")
        return value

    def value(self, node: Node) -> Value:
        """What a tree means. Raises Meaning."""
        method = getattr(self, "_" + type(node).__name__.lower(), None)
        if method is None:
            raise Meaning(f"{type(node).__name__.lower()} cannot stand here")
        found: Value = method(node)
        return found

    # -- leaves --------------------------------------------------------------------------------

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
            return Tensor((Axis(K),), lambda w: Integer(1), self.rows)
        if (alias := self._alias(name)) is not None:
            return self._whole(alias)
        if ("size", name) in scope.axes.parent or ("size", name) in scope.axes.uppers:
            return scope.size_named(name)
        if name in scope.letters and len(name) == 1 and name not in self.env:
            return self._index(name)
        if name in functions.NAMES or " " in name and name.split(" ")[0] not in _ACCENTED:
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

    # -- arithmetic ----------------------------------------------------------------------------

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
            raise Meaning("a product with … is not read")
        total = self.value(node.factors[0])
        for op, factor in zip(node.ops, node.factors[1:], strict=True):
            follows = self.value(factor)
            if op in ("o", "x"):
                both = isinstance(total, Tensor) and isinstance(follows, Tensor)
                total = (
                    elementwise(lambda x, y: x * y, total, follows)
                    if both and op == "o" or not both
                    else product(total, follows)
                )
            elif op == ".":
                total = dot(total, follows)
            else:
                total = product(total, follows)
        return total

    def _div(self, node: tree.Div) -> Value:
        top, bottom = self.value(node.top), self.value(node.bottom)
        return elementwise(lambda x, y: x / y, top, bottom)

    def _sup(self, node: tree.Sup) -> Value:
        found = head(node)
        if found and found[1] and found[2] is None and not self._power_of(node, found):
            return self._component(found[0], found[1])
        if any(isinstance(n, tree.Big) and n.below == (tree.Name("x"),) for n in tree.walk(node)):
            raise Meaning("a sum over the examples inside a power is not read")
        exponent = self.value(node.exponent)
        if isinstance(node.base, tree.Name) and node.base.text == "e" and "e" not in self.env:
            return elementwise(exp, exponent)
        base = self.value(node.base)
        if isinstance(exponent, Tensor):
            raise Meaning("a vector as an exponent")
        return elementwise(lambda x: power(x, exponent), base)

    def _power_of(self, node: tree.Sup, found: Any) -> bool:
        """Whether a raised letter is a power, not an index: only y^{(i)} is an index."""
        return not isinstance(node.exponent, tree.Group)

    def _turned(self, node: tree.Turned) -> Value:
        return transposed(self.value(node.base))

    def _abs(self, node: tree.Abs) -> Value:
        if not self.regime:
            raise BySign
        self._test(node.arg)
        sign = self.regime
        return elementwise(lambda x: sign * x, self.value(node.arg))

    def _test(self, node: Node) -> None:
        """Sides of zero are told apart for one expression only."""
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
            pairs.append((self.scalar(value), self.condition(conditions[0])))
        return Cases(*pairs)

    def condition(self, node: tree.Rel) -> Any:
        """A condition between indices."""
        left, right = self._place(node.left), self._place(node.right)
        if node.sign == "=":
            return Equal(left, right)
        if node.sign in ("≠", "!="):
            return Unequal(left, right)
        raise Meaning(f"a case with {node.sign} between its indices is not read")

    # -- components ----------------------------------------------------------------------------

    def _sub(self, node: tree.Sub) -> Value:
        if isinstance(node.base, tree.Name) and node.base.text in ("1", "ones", "I"):
            if len(node.indices) == 1 and isinstance(node.indices[0], tree.Rel):
                return self._indicator(node.indices[0])
        found = head(node)
        if found is None or found[2] is not None:
            return self._picked(self.value(node.base), node.indices)
        return self._component(found[0], node.indices)

    def _indicator(self, rel: tree.Rel) -> Expr:
        left, right = self._place(rel.left), self._place(rel.right)
        if rel.sign not in ("=", "≠"):
            raise Meaning(f"an indicator of {rel.sign} is not read")
        same = delta(left, right)
        return same if rel.sign == "=" else 1 - same

    def _picked(self, value: Value, indices: tuple[Node, ...]) -> Value:
        if not isinstance(value, Tensor):
            raise Meaning("a number has no components")
        if len(indices) != value.rank:
            raise Meaning(f"{len(indices)} indices below something with {value.rank}")
        where = tuple(self._place(n) for n in indices)
        for w, axis in zip(where, value.axes, strict=True):
            self._span(w, axis)
        return value.entry(where)

    def _component(self, name: str, indices: tuple[Node, ...]) -> Value:
        scope = self.scope
        value = self.env.get(name)
        if isinstance(value, Tensor):
            return self._picked(value, indices)
        if name == "delta" and len(indices) == 2 and name not in scope.definitions:
            return delta(self._place(indices[0]), self._place(indices[1]))
        if name in scope.concrete:
            return self._picked(scope.concrete[name], indices)
        if (by := self._derivative_below(name, indices)) is not None:
            return by
        if name in scope.functions and (f := scope.functions[name]).component and not f.before:
            return self._inlined(
                f, self._usual(name, f), tuple(self._place(n) for n in indices)
            )
        if self._own_name(name, indices):
            label = f"{name}_" + ",".join(_text(n) for n in indices)
            return self._known(label, False)
        if any(isinstance(n, tree.Blank) for n in indices):
            return self._slice(name, indices)
        if not all(is_index(n) for n in indices):
            raise Meaning(f"what stands below {name} is not an index")
        where = tuple(self._place(n) for n in indices)
        return self._indexed(name, where)

    def _indexed(self, name: str, where: tuple[Expr, ...]) -> Expr:
        for n, w in enumerate(where):
            self._joined(w, (name, n))
            if w == 0:
                self.scope.axes.limit((name, n), 1, None)
        if Integer(0) in where:
            return self.scope.scalar(f"{name}_" + ",".join(map(str, where)))
        arity = self.scope.arity.get(name, len(where))
        if arity != len(where):
            raise Meaning(f"{name} has {arity} indices elsewhere and {len(where)} here")
        return self.scope.base(name)[where if len(where) > 1 else where[0]]

    def _slice(self, name: str, indices: tuple[Node, ...]) -> Value:
        open_ = [n for n, i in enumerate(indices) if isinstance(i, tree.Blank)]
        if len(open_) != 1 or len(indices) != 2:
            raise Meaning(f"the slice of {name} is not read")
        [at] = open_
        fixed = self._place(indices[1 - at])

        def entry(where: tuple[Expr, ...]) -> Expr:
            pair = (fixed, where[0]) if at == 1 else (where[0], fixed)
            return self._indexed(name, pair)

        return Tensor((self.scope.axis((name, at)),), entry, at == 1)

    def _own_name(self, name: str, indices: tuple[Node, ...]) -> bool:
        """Whether what stands below belongs to the name: x_1 of a layer, L_{CE}, w_0."""
        label = f"{name}_" + ",".join(_text(n) for n in indices)
        if label in self.scope.definitions or label in self.scope.concrete:
            return True
        if not all(is_index(n) for n in indices):
            return all(isinstance(n, tree.Name) for n in indices)
        numbers = all(isinstance(n, tree.Num) for n in indices)
        if numbers and (name not in self.scope.arity or self.scalars_only):
            return name not in self.scope.arity or name not in self.scope.definitions
        capital = all(isinstance(n, tree.Name) and n.text.isupper() for n in indices)
        return capital and name not in self.scope.arity

    def _derivative_below(self, name: str, indices: tuple[Node, ...]) -> Value | None:
        """``L_x`` is ∂L/∂x where L is defined with x and has no components."""
        f = self.scope.functions.get(name)
        definition = self.scope.definitions.get(name)
        if len(indices) != 1 or name in self.scope.arity or (f and f.component):
            return None
        by = indices[0]
        if f is not None and isinstance(by, tree.Name) and by.text in f.parameters:
            return self._differentiated(self._bare_function(name), by)
        if definition is None or not isinstance(definition.lhs, Symbol):
            return None
        if isinstance(by, tree.Name) and by.text.isupper():
            return None
        try:
            variable = self.value(by)
        except Meaning:
            return None
        if isinstance(variable, Symbol) and not variable.is_integer:
            return self._differentiated(definition.lhs, by)
        return None

    def _place(self, node: Node) -> Expr:
        """An index: a letter, a number, i + 1."""
        if isinstance(node, tree.Name):
            name = node.text
            if name in self.env and not isinstance(self.env[name], Tensor):
                return self.env[name]
            if name in self.bound:
                return self.bound[name]
            if ("size", name) in self.scope.axes.parent and name.isupper():
                return self.scope.size_named(name)
            if len(name) == 1 or name in ("ell",):
                return self._index(name)
            raise Meaning(f"{name} is not an index")
        if isinstance(node, tree.Num) and node.text.isdigit():
            return Integer(int(node.text))
        if isinstance(node, tree.Sub):
            raise Meaning("an index with an index of its own is not read")
        if isinstance(node, tree.Add):
            return sum((self._place(t) for t in node.terms), Integer(0))
        if isinstance(node, tree.Neg):
            return -self._place(node.arg)
        raise Meaning("an index is expected here")

    def _joined(self, where: Expr, key: Any) -> None:
        for s in where.free_symbols:
            if s in self.places:
                for other in self.places[s][:1]:
                    self.scope.axes.join(other, key)
                self.places[s].append(key)
        if isinstance(where, Symbol) and where.name.startswith("h"):
            return

    def _span(self, where: Expr, axis: Axis) -> None:
        if isinstance(where, Symbol):
            self.spans.setdefault(where, axis)

    # -- calls ---------------------------------------------------------------------------------

    def _call(self, node: tree.Call) -> Value:
        if isinstance(node.head, tree.Prime) and isinstance(node.head.base, tree.Name):
            return self._primed_call(node.head, node.args)
        found = head(node.head)
        if found is None:
            raise Meaning("what stands before the bracket is not a function")
        name, indices = found[0], found[1]
        if name in ("1", "ones", "I") and len(node.args) == 1:
            if isinstance(node.args[0], tree.Rel):
                return self._indicator(node.args[0])
        f = self.scope.functions.get(name)
        if f is not None:
            places = tuple(self._place(n) for n in indices) if f.before and f.component else None
            return self._inlined(f, [self.value(a) for a in node.args], places)
        known = "softmax" if name in self.scope.softmaxes else name
        if known in functions.NAMES and len(node.args) == 1:
            made = self._applied(known, node.args[0])
            return self._picked(made, indices) if indices else made
        if name in self.scope.definitions or name in self.scope.concrete:
            return self._known(name, False)  # L(θ) where L is a number
        if name in self.scope.arity and all(is_index(a) for a in node.args):
            return self._component(name, tuple(node.args))
        raise Meaning(f"the function {name} is not defined")

    def _applied(self, name: str, arg: Node) -> Value:
        """A known function; softmax(o_j) is the component j of softmax(o)."""
        value = self.value(arg)
        if name != "diag" and any(isinstance(n, tree.Big) for n in tree.walk(arg)):
            kept, self.linear = self.linear, False
            try:
                value = self.value(arg)
            finally:
                self.linear = kept
        if name == "relu" and not isinstance(value, Tensor):
            if not self.regime:
                raise BySign
            self._test(arg.items[0] if isinstance(arg, tree.Group) else arg)
            return value if self.regime > 0 else Integer(0)
        only = name in functions.OF_VECTORS and name not in functions.ELEMENTWISE
        if only and isinstance(arg, tree.Name) and arg.text in self.scope.arity:
            return functions.apply(name, self._whole(arg.text))
        if isinstance(value, Indexed) and name in functions.OF_VECTORS:
            inner = arg.items[0] if isinstance(arg, tree.Group) and arg.items else arg
            base = inner.base if isinstance(inner, tree.Sub) else inner
            if only and isinstance(base, tree.Name) and base.text in self.scope.arity:
                whole = functions.apply(name, self._whole(base.text))
                if isinstance(whole, Tensor):
                    return whole.entry(tuple(value.indices))
        return functions.apply(name, value)

    def _primed_call(self, head_: tree.Prime, args: tuple[Node, ...]) -> Value:
        name = getattr(head_.base, "text", "")
        x = self.scope.scalar("x'" + name)
        if name == "relu":
            if not self.regime:
                raise BySign
            self._test(args[0])
            return Integer(1 if self.regime > 0 else 0)
        argument = self.scalar(args[0]) if len(args) == 1 else None
        if argument is None:
            raise Meaning(f"{name}' with several arguments")
        f = self.scope.functions.get(name)
        if f is not None:
            body = self._inlined(f, [x], None)
        elif name in functions.NAMES:
            body = functions.apply(name, x)
        else:
            raise Meaning(f"the function {name} is not defined")
        if isinstance(body, Tensor):
            raise Meaning(f"{name}' of a vector")
        for _ in range(head_.count):
            body = functions.derivative(body, x)
        return body.xreplace({x: argument})

    def _inlined(self, f: Function, args: list[Value], places: tuple[Expr, ...] | None) -> Value:
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise Meaning("functions call each other without an end")
        if len(args) != len(f.parameters):
            if len(args) < len(f.parameters):
                args = [*args, *(self._known(p, True) for p in f.parameters[len(args) :])]
            args = args[: len(f.parameters)]
        inner = Elaborator(
            self.scope, self.claim, self.rows, self.primes, dict(zip(f.parameters, args, strict=True)),
            {}, self.places, self.spans, self.notes, frozenset(), self.scalars_only, self.calls + 1,
            self.plain, self.regime, self.linear, self.tested, self.arguments,
        )  # fmt: skip
        if not f.component:
            return _function_value(inner, f, args)
        tensors = [a for a in args if isinstance(a, Tensor)]
        axes = tensors[0].axes[-1:] if tensors else (Axis(K),)

        def entry(where: tuple[Expr, ...]) -> Expr:
            inner.env.update(dict(zip(f.component, where, strict=False)))
            return inner.scalar(f.body)

        made = Tensor(axes, entry, self.rows)
        if places is None:
            return made
        for w in places:
            self._span(w, axes[0])
        return made.entry(places)

    def _fn(self, node: tree.Fn) -> Value:
        name = node.name
        if name == "factorial":
            argument = self.scalar(node.arg)
            if argument.is_number and not (argument.is_Integer and argument <= MAX_FACTORIAL):
                raise Meaning("a factorial that is out of reach")
            return factorial(argument)
        if name == "diag":
            return diagonal(self.value(node.arg))
        if name.endswith("'"):
            return self._primed_call(tree.Prime(tree.Name(name.rstrip("'"))), (node.arg,))
        if name in self.scope.functions:
            call = tree.Call(tree.Name(name), _items(node.arg))
            value = self._call(call)
        else:
            value = self._applied(name, node.arg)
        if node.base is not None and name == "log":
            base = self.scalar(node.base)
            value = elementwise(lambda x: x / functions.log(base), value)
        if node.power is not None:
            exponent = self.scalar(node.power)
            value = elementwise(lambda x: power(x, exponent), value)
        return value

    # -- what binds ----------------------------------------------------------------------------

    def _big(self, node: tree.Big) -> Value:
        if node.kind not in ("sum", "prod"):
            return self._extreme(node)
        from derive.judge.sums import big

        return big(self, node)

    def _extreme(self, node: tree.Big) -> Value:
        """A maximum: a number that nothing more is known of."""
        if node.kind not in ("max", "min"):
            raise Meaning(f"{node.kind} is not read")
        inner = self.value(node.body)
        items = inner if isinstance(inner, Tensor) else None
        if items is not None and items.axes[0].length:
            values = [items.at(Integer(n + 1)) for n in range(items.axes[0].length)]
            return (max if node.kind == "max" else min)(values)
        return self.scope.scalar(f"{node.kind}_" + "".join(sorted(tree.names(node.body))))

    def _diff(self, node: tree.Diff) -> Value:
        if node.body is None:
            raise Meaning("∂ without anything to differentiate")
        value = self.value(node.body)
        for by in reversed(node.variables):
            value = self._differentiated(value, by)
        return value

    def _nabla(self, node: tree.Nabla) -> Value:
        value = self.value(node.body)
        if node.variable is None:
            raise Meaning("∇ does not say by what")
        for _ in range(node.order):
            value = self._differentiated(value, node.variable)
        return value

    def _differentiated(self, value: Value, by: Node) -> Value:
        variable = self.value(by)
        if isinstance(variable, Tensor):
            return self._gradient(value, variable)
        if not isinstance(variable, Symbol | Indexed):
            raise Meaning("∂ by something that is not a name")
        return elementwise(lambda x: Partial(x, variable), value)

    def _gradient(self, value: Value, by: Tensor) -> Value:
        def entry(where: tuple[Expr, ...]) -> Expr:
            outer = where[: value.rank] if isinstance(value, Tensor) else ()
            variable = by.entry(where[len(outer) :])
            if not isinstance(variable, Symbol | Indexed):
                raise Meaning("∂ by something that is not a name")
            inside = value.entry(outer) if isinstance(value, Tensor) else value
            return Partial(inside, variable)

        axes = (*(value.axes if isinstance(value, Tensor) else ()), *by.axes)
        return Tensor(axes, entry, self.rows)

    def _prime(self, node: tree.Prime) -> Value:
        if self.primes is None:
            raise Meaning("′ does not say by what is differentiated")
        variable = self.primes
        return elementwise(lambda x: Partial(x, variable), self.value(node.base))


_ACCENTED = {"hat", "bar", "tilde", "dot", "ddot", "cal", "scr", "frak", "check"}


def _function_value(inner: Elaborator, f: Function, args: list[Value]) -> Value:
    """f at its arguments; a function of numbers goes through vectors component by component."""
    try:
        return inner.value(f.body)
    except Meaning:
        if len(args) != 1 or not isinstance(args[0], Tensor):
            raise
    [vector] = args

    def at(x: Expr) -> Expr:
        inner.env[f.parameters[0]] = x
        return inner.scalar(f.body)

    return elementwise(at, vector)


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, tree.Group) else (node,)


def _text(node: Node) -> str:
    return str(getattr(node, "text", "?")).replace(" ", "")


def _opposite(condition: Any) -> Any:
    if isinstance(condition, Equal):
        return Unequal(*condition.args)
    if isinstance(condition, Unequal):
        return Equal(*condition.args)
    raise Meaning("the condition of a case is not read")


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


__all__ = ["Elaborator", "Product", "Sum", "fresh_index"]
