"""What is known while the sides of one claim are read, and how a tree is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from derive.judge.scope import Function, Scope
from derive.judge.tree import Node
from derive.judge.values import (
    Axis,
    Meaning,
    Tensor,
    Value,
)
from derive.kernel.language import (
    Expr,
    Symbol,
)

MAX_EXPONENT = 64
MAX_TERMS = 64
MAX_CALLS = 30


PLAIN = "\u2032"  # marks what a letter means where it has no components


class BySign(Meaning):
    """A formula has cases x > 0 and x < 0: read it once for each."""

    def __init__(self) -> None:
        super().__init__("cases on a sign inside another definition")


@dataclass
class State:
    """The names, letters and places of one claim while it is read."""

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
    data: bool = False  # y stands for all y^{(i)}, as X does for all x^{(i)}
    regime: int = 0
    linear: bool = True
    called: frozenset[str] = frozenset(("sigma", "zeta", "varsigma"))
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

    # -- what later classes add ----------------------------------------------------------------

    def _known(self, name: str, bold: bool) -> Value:
        raise NotImplementedError

    def _whole(self, name: str) -> Tensor:
        raise NotImplementedError

    def _usual(self, name: str, f: Function) -> list[Value]:
        raise NotImplementedError

    def _index(self, name: str) -> Symbol:
        raise NotImplementedError

    def _component(self, name: str, indices: tuple[Node, ...]) -> Value:
        raise NotImplementedError

    def _indexed(self, name: str, where: tuple[Expr, ...]) -> Expr:
        raise NotImplementedError

    def _place(self, node: Node) -> Expr:
        raise NotImplementedError

    def _inlined(self, f: Function, args: list[Value], places: tuple[Expr, ...] | None) -> Value:
        raise NotImplementedError

    def _differentiated(self, value: Value, by: Node) -> Value:
        raise NotImplementedError

    def _bare_function(self, name: str) -> Value:
        raise NotImplementedError

    def _list(self, items: tuple[Node, ...]) -> Tensor:
        raise NotImplementedError

    def upper(self, node: Node) -> Expr:
        """What stands over a Σ."""
        raise NotImplementedError
