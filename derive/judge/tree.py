"""What a formula says, before names mean anything: a small tree with places in the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Node:
    """Base of the tree."""


@dataclass(frozen=True)
class Num(Node):
    text: str


@dataclass(frozen=True)
class Name(Node):
    text: str
    bold: bool = False


@dataclass(frozen=True)
class Dots(Node):
    """… between terms, factors or entries."""


@dataclass(frozen=True)
class Infinity(Node):
    """∞."""


@dataclass(frozen=True)
class Blank(Node):
    """``:`` or ``\\cdot`` in an index place: every value."""


@dataclass(frozen=True)
class Sub(Node):
    base: Node
    indices: tuple[Node, ...]


@dataclass(frozen=True)
class Sup(Node):
    base: Node
    exponent: Node


@dataclass(frozen=True)
class Turned(Node):
    """A transpose."""

    base: Node


@dataclass(frozen=True)
class Prime(Node):
    base: Node
    count: int = 1


@dataclass(frozen=True)
class Group(Node):
    """( … ) or [ … ]: one item is a bracket, several are a list."""

    items: tuple[Node, ...]
    kind: str = "("


@dataclass(frozen=True)
class Call(Node):
    head: Node
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Neg(Node):
    arg: Node


@dataclass(frozen=True)
class Add(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Mul(Node):
    """``ops[n]`` stands between factors n and n + 1: "" for nothing, ".", "x", "o" or "*"."""

    factors: tuple[Node, ...]
    ops: tuple[str, ...]


@dataclass(frozen=True)
class Div(Node):
    top: Node
    bottom: Node


@dataclass(frozen=True)
class Fn(Node):
    """A known function of one argument, perhaps to a power or with a base below it."""

    name: str
    arg: Node
    power: Node | None = None
    base: Node | None = None


@dataclass(frozen=True)
class Big(Node):
    """Σ or Π. ``below`` is what stands under the sign: an index, a relation, nothing."""

    kind: str
    below: tuple[Node, ...]
    above: Node | None
    body: Node


@dataclass(frozen=True)
class Diff(Node):
    """∂body/∂variables. ``body`` None: an operator without its operand."""

    body: Node | None
    variables: tuple[Node, ...]


@dataclass(frozen=True)
class Nabla(Node):
    body: Node
    variable: Node | None
    order: int = 1


@dataclass(frozen=True)
class Rel(Node):
    left: Node
    sign: str
    right: Node


@dataclass(frozen=True)
class Cases(Node):
    """Values with their conditions; None is "otherwise"."""

    rows: tuple[tuple[Node, tuple[Node, ...] | None], ...]


@dataclass(frozen=True)
class Matrix(Node):
    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Abs(Node):
    arg: Node


@dataclass(frozen=True)
class Given(Node):
    """``a | b`` in the argument of a probability, or ``p ‖ q`` of a divergence."""

    left: Node
    right: Node
    double: bool = False


def children(node: Any) -> Iterator[Node]:
    """The nodes directly below a node."""
    for f in fields(node):
        yield from _inside(getattr(node, f.name))


def _inside(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for v in value:
            yield from _inside(v)


def walk(node: Node) -> Iterator[Node]:
    """Every node, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with every direct child changed."""
    new = {f.name: _mapped(getattr(node, f.name), change) for f in fields(node)}
    return replace(node, **new) if new else node


def _mapped(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(v, change) for v in value)
    return value


def called(*nodes: Node) -> frozenset[str]:
    """The names that stand before a bracket, or are primed."""
    found: set[str] = set()
    for n in (n for node in nodes for n in walk(node)):
        if isinstance(n, Fn):
            found.add(n.name.rstrip("'"))
        head = n.head if isinstance(n, Call) else n.base if isinstance(n, Prime) else None
        found |= names(head) if head is not None else set()
    return frozenset(found)


def names(node: Node) -> set[str]:
    """Every name that stands in it."""
    return {n.text for n in walk(node) if isinstance(n, Name)}


def wholes(node: Node) -> set[str]:
    """The names in it; where numbers below a letter make a name of their own, that one."""
    if name := label(node):
        return {name}
    return {x for child in children(node) for x in wholes(child)}


def label(node: Node) -> str:
    """z, or z_2 for a letter with numbers below it: the name of a whole; "" for others."""
    if isinstance(node, Name):
        return node.text
    if not isinstance(node, Sub) or not isinstance(node.base, Name):
        return ""
    numbers = [i.text for i in node.indices if isinstance(i, Num)]
    whole = len(numbers) == len(node.indices)
    return f"{node.base.text}_" + ",".join(numbers) if whole else ""


def capital(node: Node) -> bool:
    """Whether the name of a whole is a capital letter, as matrices have."""
    stem = label(node).split("_")[0].split(" ")[-1]
    return len(stem) == 1 and stem.isupper()


def outside_logs(name: str, node: Node) -> bool:
    """Whether components of a quantity stand outside of logarithms."""
    if isinstance(node, Fn) and node.name == "log":
        return False
    if isinstance(node, Sub) and node.base == Name(name):
        return True
    return any(outside_logs(name, child) for child in children(node))
