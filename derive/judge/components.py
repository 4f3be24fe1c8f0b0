"""What stands below a letter: components, slices, names of their own."""

from __future__ import annotations

from typing import Any

from derive.judge import tree
from derive.judge.arrays import Arrays
from derive.judge.scope import head, is_index
from derive.judge.state import BySign
from derive.judge.tree import Node
from derive.judge.values import (
    Axis,
    Meaning,
    Tensor,
    Value,
)
from derive.kernel.language import (
    Expr,
    Ge,
    Gt,
    Indicator,
    Integer,
    Le,
    Lt,
    Symbol,
    delta,
)

_ORDERS = {"<": Lt, ">": Gt, "≤": Le, "≥": Ge}


class Components(Arrays):
    """What stands below a letter: components, slices, names of their own."""

    def _sub(self, node: tree.Sub) -> Value:
        if (
            isinstance(node.base, tree.Name)
            and node.base.text in ("1", "ones", "I")
            and len(node.indices) == 1
            and isinstance(node.indices[0], tree.Rel)
        ):
            return self._indicator(node.indices[0])
        found = head(node)
        if found is None or found[2] is not None:
            return self._picked(self.value(node.base), node.indices)
        bold = isinstance(node.base, tree.Name) and node.base.bold
        if bold and self.scope.arity.get(found[0]) == 2 and len(node.indices) == 1:
            return self._vector_of(found[0], node.indices[0])
        return self._component(found[0], node.indices)

    def _vector_of(self, name: str, index: Node) -> Value:
        """Bold X with one index of two: the row with this index, as a vector."""
        if not is_index(index):
            raise Meaning(f"what stands below {name} is not an index")
        n = self._place(index)
        axis = self.scope.axis((name, 1))
        return Tensor((axis,), lambda where: self._indexed(name, (n, where[0])), False)

    def _indicator(self, rel: tree.Rel) -> Expr:
        left, right = self._place(rel.left), self._place(rel.right)
        if rel.sign in _ORDERS:
            return Indicator(_ORDERS[rel.sign](left, right))
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
        if value is not None and self.plain:
            raise Meaning(f"{name} stands for a number here, which has no components")
        if name == "delta" and len(indices) == 2 and name not in scope.definitions:
            return delta(self._place(indices[0]), self._place(indices[1]))
        if name == "I" and len(indices) == 2 and name not in scope.definitions:
            return delta(self._place(indices[0]), self._place(indices[1]))
        if name in scope.concrete:
            return self._picked(scope.concrete[name], indices)
        if (by := self._derivative_below(name, indices)) is not None:
            return by
        if name in scope.functions and (f := scope.functions[name]).component and not f.before:
            return self._inlined(f, self._usual(name, f), tuple(self._place(n) for n in indices))
        if self._own_name(name, indices):
            label = f"{name}_" + ",".join(_text(n) for n in indices)
            return self._known(label, False)
        if any(isinstance(n, tree.Blank) for n in indices):
            return self._slice(name, indices)
        if not all(is_index(n) for n in indices):
            raise Meaning(f"what stands below {name} is not an index")
        where = tuple(self._place(n) for n in indices)
        if len(where) == 1 and scope.arity.get(name) == 2:
            return self._row(name, where[0])
        return self._indexed(name, where)

    def _row(self, name: str, at: Expr) -> Tensor:
        """p_i beside p_ik: the row i, a vector."""
        axis = self.scope.axis((name, 1))
        return Tensor((axis,), lambda w: self._indexed(name, (at, w[0])), self.rows)

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
        if f is not None and not f.parameters:
            return self._by_its_variable(name, by)
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

    def _by_its_variable(self, name: str, by: Node) -> Value | None:
        """``L_x`` where L is a formula that x stands in."""
        try:
            whole, variable = self._bare_function(name), self.value(by)
        except BySign:
            raise
        except Meaning:
            return None
        if not isinstance(variable, Symbol) or variable.is_integer or isinstance(whole, Tensor):
            return None
        return self._differentiated(whole, by) if variable in whole.free_symbols else None

    def _place(self, node: Node) -> Expr:
        """An index: a letter, a number, i + 1."""
        if isinstance(node, tree.Name):
            name = node.text
            if name in self.env and not isinstance(self.env[name], Tensor):
                return self.env[name]
            if name in self.bound:
                return self.bound[name]
            last = name.isupper() or name in self.scope.ends
            if ("size", name) in self.scope.axes.parent and last:
                return self.scope.size_named(name)
            if len(name.rstrip("\u2032")) == 1 or name in ("ell",):
                return self._index(name)
            raise Meaning(f"{name} is not an index")
        if isinstance(node, tree.Num) and node.text.isdigit():
            return Integer(int(node.text))
        if isinstance(node, tree.Sub):
            return self._label(node)
        if isinstance(node, tree.Add):
            return sum((self._place(t) for t in node.terms), Integer(0))
        if isinstance(node, tree.Neg):
            return -self._place(node.arg)
        raise Meaning("an index is expected here")

    def _label(self, node: tree.Sub) -> Expr:
        """p_{y_i}: the label of an example, as an index."""
        at = [self._place(i) for i in node.indices]
        summed = {s for e in at for s in e.free_symbols} & {*self.bound.values()}
        if summed or not isinstance(node.base, tree.Name):
            raise Meaning("an index with an index of its own is not read")
        return self._index(f"{node.base.text}_" + ",".join(map(str, at)))

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


def _text(node: Node) -> str:
    return str(getattr(node, "text", "?")).replace(" ", "")
