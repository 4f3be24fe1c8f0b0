"""Trees to expressions of the kernel, under the names of a document."""

from __future__ import annotations

from derive.judge import tree
from derive.judge.calls import Calls
from derive.judge.tree import Node
from derive.judge.values import (
    Meaning,
    Tensor,
    Value,
    elementwise,
)
from derive.kernel.language import (
    Expr,
    Indexed,
    Integer,
    Partial,
    Symbol,
)


class Elaborator(Calls):
    """Trees to expressions of the kernel, under the names of a document."""

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
        variable = node.variable or self._only_parameter(node.body)
        if variable is None:
            raise Meaning("∇ does not say by what")
        for _ in range(node.order):
            value = self._differentiated(value, variable)
        return value

    def _only_parameter(self, body: Node) -> Node | None:
        """What a function of one thing, f(z), is differentiated by."""
        found = self.scope.functions.get(body.text) if isinstance(body, tree.Name) else None
        return tree.Name(found.parameters[0]) if found and len(found.parameters) == 1 else None

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
