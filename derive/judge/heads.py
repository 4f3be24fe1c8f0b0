r"""Names of functions: h_θ(x), D_{KL}(p ‖ q), and H(p) beside H(p, q)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derive.judge.tree import Call, Group, Name, Node, Sub, Sup, children, mapped

_LAST = Name("L")
_PARAMETERS = {"w", "b"}


def folded(node: Node) -> Node:
    """What stands below a function and is no index belongs to its name."""
    node = mapped(node, folded)
    if isinstance(node, Sup) and node.exponent in (_LAST, Group((_LAST,))):
        return _of_last_layer(node)
    if isinstance(node, Sub) and len(node.indices) > 1 and isinstance(node.base, Name):
        letters = [i.text if isinstance(i, Name) else "" for i in node.indices]
        if all(len(x) == 1 and x.isupper() for x in letters):  # L_{CE}
            return Sub(node.base, (Name("".join(letters)),))
    if isinstance(node, Call) and isinstance(node.head, Sub) and isinstance(node.head.base, Name):
        below = node.head.indices
        if below and all(isinstance(i, Name) and _no_index(i.text) for i in below):
            mark = "".join(str(getattr(i, "text", "")) for i in below)
            return Call(Name(f"{node.head.base.text}_{mark}"), node.args)
    return node


def _of_last_layer(node: Sup) -> Node:
    """a_i^{(L)}, a_i^L: the L is part of the name."""
    if isinstance(node.base, Name) and node.base.text != "e":
        return Name(f"{node.base.text}^L", node.base.bold)
    if isinstance(node.base, Sub) and isinstance(node.base.base, Name):
        return Sub(Name(f"{node.base.base.text}^L", node.base.base.bold), node.base.indices)
    return node


def _no_index(text: str) -> bool:
    return len(text) > 1 or text.isupper() or text in _PARAMETERS


def marked_above(sides: Iterable[Node]) -> Callable[[Node], Node] | None:
    """z^s and z^t, where no z stands alone and s and t mean nothing else: marks, not powers."""
    above: dict[str, set[str]] = {}
    alone: set[str] = set()

    def look(node: Node) -> None:
        found = _mark_of(node)
        if found is not None:
            above.setdefault(found[0].text, set()).add(found[1])
            for child in found[2]:
                look(child)
        elif isinstance(node, Name):
            alone.add(node.text)
        else:
            for child in children(node):
                look(child)

    for side in sides:
        look(side)
    names = {n for n, marks in above.items() if n not in alone and not marks & alone}
    if not names:
        return None

    def rename(node: Node) -> Node:
        found = _mark_of(node)
        if found is None or found[0].text not in names:
            return mapped(node, rename)
        own = Name(f"{found[0].text}^{found[1]}", found[0].bold)
        return Sub(own, tuple(rename(i) for i in found[2])) if found[2] else own

    return rename


def _mark_of(node: Node) -> tuple[Name, str, tuple[Node, ...]] | None:
    """(z, s, indices) of z_i^s."""
    if not isinstance(node, Sup) or not isinstance(node.exponent, Name):
        return None
    mark, base = node.exponent.text, node.base
    if not (len(mark) == 1 and mark.isalpha()) or (base == Name("e")):
        return None
    if isinstance(base, Name):
        return base, mark, ()
    if isinstance(base, Sub) and isinstance(base.base, Name):
        return base.base, mark, base.indices
    return None


def overloaded(sides: Iterable[Node]) -> Callable[[Node], Node] | None:
    """A renaming that tells functions of one name apart by how many arguments they take."""
    counts: dict[str, list[int]] = {}
    for side in sides:
        if not (isinstance(side, Call) and isinstance(side.head, Name)):
            continue
        seen = counts.setdefault(side.head.text, [])
        if all(isinstance(a, Name) for a in side.args) and len(side.args) not in seen:
            seen.append(len(side.args))
    several = {name: seen for name, seen in counts.items() if len(seen) > 1}
    if not several:
        return None

    def rename(node: Node) -> Node:
        node = mapped(node, rename)
        if isinstance(node, Call) and isinstance(node.head, Name):
            seen = several.get(node.head.text, [])
            if len(node.args) in seen[1:]:
                return Call(Name(f"{node.head.text}^{len(node.args)}"), node.args)
        return node

    return rename


__all__ = ["folded", "marked_above", "overloaded"]
