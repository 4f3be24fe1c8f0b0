"""Layers written above a letter: a^{(L-1)}, W^L, δ^{[L]} are names, not powers."""

from __future__ import annotations

from derive.judge import tree
from derive.judge.tree import Add, Diff, Group, Name, Neg, Node, Num, Sub, Sup


def absorbed(pairs: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """The sides with what stands for a layer taken into the name that carries it.

    A capital letter in brackets above a name is a layer; so is a number, unless letters stand
    there too, as in x^{(i)}. Without brackets it is one if it only
    ever stands above names, and is L or stands above one that is defined or differentiated by.
    """
    trees = [t for pair in pairs for t in pair]
    above = [n for t in trees for n in tree.walk(t) if isinstance(n, Sup)]
    letters = {x for n in above if (x := _letter(n.exponent, bare=True)) and _named(n.base)}
    elsewhere = {x for t in trees for x in _outside(t)}
    targets = [left for left, _ in pairs]
    targets += [v for t in trees for n in tree.walk(t) if isinstance(n, Diff) for v in n.variables]
    marked = {_letter(t.exponent, bare=True) for t in targets if isinstance(t, Sup)}
    bare = {x for x in (letters & (marked | {"L"})) - elsewhere if x}
    counted = _counted(trees)

    def changed(node: Node) -> Node:
        if isinstance(node, Sub) and isinstance(node.base, Sup):  # a^L_k as a_k^L
            node = Sup(Sub(node.base.base, node.indices), node.base.exponent)
        if isinstance(node, Sup) and _named(node.base):
            bracketed = isinstance(node.exponent, Group) and (
                _letter(node.exponent, bare=False) or _name(node.base) in counted
            )
            if bracketed or _letter(node.exponent, bare=True) in bare:
                return _renamed(node.base, _text(node.exponent))
        return tree.mapped(node, changed)

    return [(changed(left), changed(right)) for left, right in pairs]


def _counted(trees: list[Node]) -> set[str]:
    """The names above which only numbers stand in brackets: W^{(1)}, W^{[2]}."""
    found: dict[str, bool] = {}
    for node in (n for t in trees for n in tree.walk(t)):
        if isinstance(node, Sub) and isinstance(node.base, Sup):
            node = node.base
        if isinstance(node, Sup) and _named(node.base) and isinstance(node.exponent, Group):
            number = len(node.exponent.items) == 1 and isinstance(node.exponent.items[0], Num)
            name = _name(node.base)
            found[name] = found.get(name, True) and number
    return {name for name, only in found.items() if only}


def _name(node: Node) -> str:
    base = node.base if isinstance(node, Sub) else node
    return base.text if isinstance(base, Name) else ""


def _named(node: Node) -> bool:
    return isinstance(node, Name) or (isinstance(node, Sub) and isinstance(node.base, Name))


def _letter(exponent: Node, bare: bool) -> str:
    """The capital letter of L, L − 1, (L) or [L + 1]; nothing for anything else."""
    if isinstance(exponent, Group):
        return "" if bare or len(exponent.items) != 1 else _letter(exponent.items[0], True)
    if isinstance(exponent, Add) and len(exponent.terms) == 2:
        first, second = exponent.terms
        number = second.arg if isinstance(second, Neg) else second
        return _letter(first, True) if number == Num("1") else ""
    capital = isinstance(exponent, Name) and len(exponent.text) == 1 and exponent.text.isupper()
    return exponent.text if capital and isinstance(exponent, Name) and exponent.text != "T" else ""


def _outside(node: Node) -> set[str]:
    """The names that stand anywhere but above another."""
    if isinstance(node, Name):
        return {node.text}
    if isinstance(node, Sup) and _named(node.base):
        return _outside(node.base) | (set() if _letter(node.exponent, True) else
                                      _outside(node.exponent))  # fmt: skip
    return {x for child in tree.children(node) for x in _outside(child)}


def _renamed(node: Node, layer: str) -> Node:
    if isinstance(node, Sub):
        return Sub(_renamed(node.base, layer), node.indices)
    assert isinstance(node, Name)
    return Name(f"{node.text}^{layer}", node.bold)


def _text(node: Node) -> str:
    if isinstance(node, Group):
        return _text(node.items[0])
    if isinstance(node, Add):
        sign = "-" if isinstance(node.terms[1], Neg) else "+"
        return f"{_text(node.terms[0])}{sign}1"
    return str(getattr(node, "text", ""))
