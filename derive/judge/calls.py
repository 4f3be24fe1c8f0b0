"""Functions with their arguments."""

from __future__ import annotations

from dataclasses import replace

from derive.judge import functions, tree
from derive.judge.arithmetic import power
from derive.judge.components import Components
from derive.judge.declarations import canonical
from derive.judge.patterns import free_letters
from derive.judge.scope import Function, head, is_index
from derive.judge.state import MAX_CALLS, BySign
from derive.judge.tree import Node
from derive.judge.values import (
    Axis,
    Meaning,
    Tensor,
    Value,
    diagonal,
    elementwise,
)
from derive.kernel.language import (
    Expr,
    Indexed,
    Integer,
    factorial,
)
from derive.notation import K

MAX_FACTORIAL = 170


class Calls(Components):
    """Functions with their arguments."""

    def _call(self, node: tree.Call) -> Value:
        if isinstance(node.head, tree.Prime) and isinstance(node.head.base, tree.Name):
            return self._primed_call(node.head, node.args)
        if (own := canonical(node)) in self.scope.definitions:
            return self.scope.definitions[own].lhs
        found = head(node.head)
        if found is None:
            raise Meaning("what stands before the bracket is not a function")
        name, indices = found[0], found[1]
        if (
            name in ("1", "ones", "I")
            and len(node.args) == 1
            and isinstance(node.args[0], tree.Rel)
        ):
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
        if name == "E" and len(node.args) == 1:
            return self._mean(node.args[0])
        raise Meaning(f"the function {name} is not defined")

    def _mean(self, body: Node) -> Value:
        """E[p_j^2]: the mean over an index that nothing else uses."""
        letters = sorted(free_letters(body) - self.outside - set(self.bound))
        if len(letters) != 1:
            raise Meaning("over what E is taken is not said")
        one = tree.Num("1")
        index_ = (tree.Name(letters[0]),)
        total, count = tree.Big("sum", index_, None, body), tree.Big("sum", index_, None, one)
        self.notes.append("E read as the mean over the classes")
        top, bottom = self.scalar(total), self.scalar(count)
        return top / bottom

    def _applied(self, name: str, arg: Node) -> Value:
        """A known function; softmax(o_j) is the component j of softmax(o)."""
        value = self.value(arg)
        name = "sigmoid" if name in ("sigma", "varsigma") and self.scope.squashing else name
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
        if len(args) != 1:
            raise Meaning(f"{name}' with several arguments")
        argument = self.value(args[0])
        if isinstance(argument, Tensor):
            return self._differentiated(self._call(tree.Call(head_.base, args)), args[0])
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
        if self.calls > MAX_CALLS:
            raise Meaning("functions call each other without an end")
        if len(args) != len(f.parameters):
            if len(args) > len(f.parameters):
                raise Meaning("more arguments than the definition has")
            if len(args) < len(f.parameters):
                args = [*args, *(self._known(p, True) for p in f.parameters[len(args) :])]
            args = args[: len(f.parameters)]
        inner = replace(
            self, env=dict(zip(f.parameters, args, strict=True)), bound={}, outside=frozenset(),
            calls=self.calls + 1,
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
        if name == "log" and (own := canonical(node)) in self.scope.definitions:
            return self.scope.definitions[own].lhs
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


def _function_value(inner: Calls, f: Function, args: list[Value]) -> Value:
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
