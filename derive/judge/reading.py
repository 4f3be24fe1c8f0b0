"""Reading one formula under declared names: the inverse of the printer."""

from __future__ import annotations

from typing import Any

from sympy import IndexedBase, Symbol
from sympy.core.function import AppliedUndef

from derive.judge.declarations import Declarations
from derive.judge.elaborate import Elaborator
from derive.judge.parse import parse
from derive.judge.scope import Scope
from derive.judge.tokens import tokenise
from derive.judge.tree import Call, Fn, Group, Name, Node, Rel
from derive.judge.values import Meaning, Tensor
from derive.kernel.facts import Context
from derive.kernel.language import Equation, Expr, walk


def read(latex: str, context: Context, like: Any = None) -> Any:
    """The expression (or equation) that LaTeX stands for under the names of a context.

    ``like``: an expression whose symbols and functions count as declared too.
    Raises Unread or Meaning.
    """
    known = Declarations()
    scope = declared(context, like, known)
    long = frozenset(n for n in scope.symbols if len(n) > 1 and n.isalpha())  # dz, not d z
    tree = parse(tokenise(latex, vocabulary=long), known.is_call, relation=True)
    reader = _Declared(scope)
    if isinstance(tree, Rel):
        return Equation(_one(reader, tree.left), _one(reader, tree.right))
    return _one(reader, tree)


def _one(reader: Elaborator, tree: Node) -> Expr:
    value = reader.value(tree)
    if isinstance(value, Tensor):
        raise Meaning("a vector where a number is expected")
    return value


def declared(context: Context, like: Any, known: Declarations) -> _Scope:
    """The names of a context, and those in an expression beside it."""
    scope = _Scope(context)
    extra = like.atoms(Symbol, IndexedBase) if like is not None else set()
    for quantity in context.quantities.values():
        scope.add(
            quantity.latex.lstrip("\\") or quantity.name, quantity.symbol, len(quantity.shape)
        )
    bases = (
        {n.base.label for n in walk(like) if hasattr(n, "base") and hasattr(n, "indices")}
        if (like is not None)
        else set()
    )
    for s in sorted(extra - bases, key=str):
        if s not in context.ranges and str(s) not in scope.symbols:
            scope.add(str(s), s, 0)
    if like is not None:
        for node in walk(like):
            if isinstance(node, AppliedUndef):
                known.functions.add(node.func.__name__)
                scope.calls[node.func.__name__] = node.func
            if hasattr(node, "base") and hasattr(node, "indices"):
                scope.add(str(node.base), node.base, len(node.indices))
    for d in context.definitions:
        if isinstance(d.lhs, AppliedUndef):
            known.functions.add(d.lhs.func.__name__)
            scope.calls[d.lhs.func.__name__] = d.lhs.func
    known.arity = dict(scope.arity)
    return scope


class _Scope(Scope):
    """A scope whose symbols are those of a context."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.known = context
        self.symbols: dict[str, Any] = {}
        self.calls: dict[str, Any] = {}
        self.exact = True

    def add(self, name: str, symbol: Any, rank: int) -> None:
        self.symbols[name] = symbol
        if rank and isinstance(symbol, IndexedBase):
            self.arity[name] = rank

    def base(self, name: str) -> IndexedBase:
        return self.symbols[name] if name in self.symbols else super().base(name)

    def scalar(self, name: str) -> Symbol:
        found = self.symbols.get(name)
        return found if isinstance(found, Symbol) else super().scalar(name)

    def size(self, key: Any) -> Expr:
        if key[0] in self.arity:
            found = self.known.quantities.get(str(self.symbols[key[0]]))
            if found is not None and len(found.shape) > key[1]:
                return found.shape[key[1]]
        return super().size(key)

    def size_named(self, name: str) -> Symbol:
        found = self.symbols.get(name)
        return found if isinstance(found, Symbol) else super().size_named(name)


class _Declared(Elaborator):
    """Functions stay calls; a declared letter is never another one's capital."""

    def _fn(self, node: Fn) -> Any:
        scope = self.scope
        if isinstance(scope, _Scope) and node.name in scope.calls and node.base is None:
            inner = node.arg.items if isinstance(node.arg, Group) else (node.arg,)
            made = self._call(Call(Name(node.name), inner))
            return made if node.power is None else made ** self.scalar(node.power)
        return super()._fn(node)

    def _alias(self, name: str) -> str | None:
        declared = isinstance(self.scope, _Scope) and name in self.scope.symbols
        return None if declared else super()._alias(name)

    def _call(self, node: Call) -> Any:
        name = getattr(node.head, "text", "")
        scope = self.scope
        if isinstance(scope, _Scope) and name in scope.calls:
            return scope.calls[name](*(self.scalar(a) for a in node.args))
        return super()._call(node)


__all__ = ["read"]
