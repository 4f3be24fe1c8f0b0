"""Examples x^{(i)} beside a plain x, and vectors that show themselves only by a transpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derive.judge.tree import Group, Mul, Name, Node, Sub, Sup, Turned, capital, mapped, walk

_MATRICES = {"W", "U", "V"}
MARK = "\u207d\u2071\u207e"  # x⁽ⁱ⁾: the examples, where x alone is any one of them


def _raised(node: Node) -> bool:
    """x^{(i)}, x_j^{(i)}: a letter in brackets above a name."""
    return (
        isinstance(node, Sup)
        and isinstance(node.exponent, Group)
        and len(node.exponent.items) == 1
        and isinstance(node.exponent.items[0], Name)
        and (isinstance(node.base, Name) or (
            isinstance(node.base, Sub) and isinstance(node.base.base, Name)))
    )  # fmt: skip


def _stem(node: Node) -> Name:
    """The letter itself."""
    while not isinstance(node, Name):
        assert isinstance(node, Sup | Sub)
        node = node.base
    return node


def marked(sides: Iterable[Node]) -> Callable[[Node], Node] | None:
    """A renaming of the examples x^{(i)} where the same letter also stands without (i)."""
    raised: set[str] = set()
    plain: set[str] = set()
    wholes: set[str] = set()  # a bold y is the vector of all y^{(i)}

    def look(node: Node) -> None:
        if _raised(node):
            assert isinstance(node, Sup)
            raised.add(_stem(node).text)
            for child in (node.exponent, *(getattr(node.base, "indices", ()))):
                look(child)
            return
        if isinstance(node, Name):
            (wholes if node.bold else plain).add(node.text)
        for f in _parts(node):
            look(f)

    for side in sides:
        look(side)
    both = (raised & plain) - wholes
    if not both:
        return None

    def rename(node: Node) -> Node:
        if _raised(node) and _stem(node).text in both:
            assert isinstance(node, Sup)
            own = _stem(node)
            new = Name(own.text + MARK, own.bold)
            below = node.base
            if isinstance(below, Sub):
                return Sup(Sub(new, tuple(rename(i) for i in below.indices)), node.exponent)
            return Sup(new, node.exponent)
        return mapped(node, rename)

    return rename


def _parts(node: Node) -> Iterable[Node]:
    from derive.judge.tree import children

    return children(node)


def one_beside_rows(sides: Iterable[Node]) -> Callable[[Node], Node] | None:
    """A renaming of x in wᵀx, where x_i are the examples: x is any one of them, not all."""
    known = list(sides)
    rows: set[str] = set()
    whole: set[str] = set()
    for node in (n for side in known for n in walk(side) if isinstance(n, Mul)):
        for a, b in zip(node.factors, node.factors[1:], strict=False):
            if isinstance(a, Turned) and isinstance(a.base, Name) and not capital(a.base):
                unit = _unit(b)
                if unit and isinstance(b, Sub) and unit[1] == 1:
                    rows.add(unit[0])  # wᵀx_i: x_i is a vector
                elif isinstance(b, Name) and not b.bold and not capital(b):
                    whole.add(b.text)
    both = rows & whole
    if not both:
        return None

    def rename(node: Node) -> Node:
        if isinstance(node, Name):
            one = node.text in both and not node.bold
            return Name(node.text + "\u2032") if one else node
        if isinstance(node, Sub) and isinstance(node.base, Name):
            return Sub(node.base, tuple(rename(i) for i in node.indices))
        return mapped(node, rename)

    return rename


def turned_vectors(sides: Iterable[Node], arity: dict[str, int], taken: set[str]) -> dict[str, int]:
    """Arities in which u and v of uᵀv are vectors, with one index more than they carry."""
    found = dict(arity)
    for node in (n for side in sides for n in walk(side) if isinstance(n, Mul)):
        for op, a, b in zip(node.ops, node.factors, node.factors[1:], strict=False):
            if op == "" and isinstance(a, Name) and a.text in _MATRICES and isinstance(b, Sub):
                unit = _unit(b)  # W x_i: x_i is a vector
                if unit and unit[0] not in taken and arity.get(unit[0], 0) == unit[1]:
                    found[unit[0]] = unit[1] + 1
            if op in ("", ".") and isinstance(a, Turned) and not isinstance(b, Turned):
                units = [_unit(a.base), _unit(b)]
                if None in units or any(u and (u[0] in taken or u[2]) for u in units):
                    continue
                for name, count, _ in (u for u in units if u is not None):
                    if arity.get(name, 0) == count:
                        found[name] = count + 1
    return found


def _unit(node: Node) -> tuple[str, int, bool] | None:
    """(name, how many indices it carries, whether it is a capital)."""
    if isinstance(node, Name):
        return node.text, 0, capital(node)
    named = isinstance(node, Sub) and all(isinstance(i, Name) for i in node.indices)
    if isinstance(node, Sub) and named and isinstance(node.base, Name):
        return node.base.text, len(node.indices), False
    if _raised(node) and isinstance(node, Sup):
        return _stem(node).text, 1 + len(getattr(node.base, "indices", ())), False
    return None
