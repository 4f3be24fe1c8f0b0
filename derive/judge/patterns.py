"""What … leaves out: lists, sums and matrices with dots, as a body with a letter for the index."""

from __future__ import annotations

from derive.judge.tree import (
    Add,
    Big,
    Cases,
    Dots,
    Group,
    Matrix,
    Mul,
    Name,
    Neg,
    Node,
    Num,
    Rel,
    Sub,
    Sup,
    mapped,
)
from derive.judge.values import Meaning

LETTER, OTHER = "\u0131", "\u0237"  # indices that no author writes


def replaced(node: Node, old: Node, new: Node) -> Node:
    """The tree with an index replaced, below and in y^{(1)}, nowhere else."""
    if isinstance(node, Sub):
        base = replaced(node.base, old, new)
        return Sub(base, tuple(_index(n, old, new) for n in node.indices))
    if isinstance(node, Sup) and isinstance(node.exponent, Group):
        inside = tuple(_index(n, old, new) for n in node.exponent.items)
        return Sup(replaced(node.base, old, new), Group(inside, node.exponent.kind))
    if isinstance(node, Rel):
        return Rel(_index(node.left, old, new), node.sign, _index(node.right, old, new))
    if isinstance(node, Big):  # its own limits stay
        return Big(node.kind, node.below, node.above, replaced(node.body, old, new))
    return mapped(node, lambda n: replaced(n, old, new))


def _index(node: Node, old: Node, new: Node) -> Node:
    return new if node == old else replaced(node, old, new)


def _indices(node: Node) -> set[Node]:
    if isinstance(node, Big):
        return _indices(node.body)
    found: set[Node] = set()
    if isinstance(node, Sub):
        found |= set(node.indices)
    elif isinstance(node, Sup) and isinstance(node.exponent, Group):
        found |= set(node.exponent.items)
    elif isinstance(node, Rel):
        found.add(node.right)
    for child in _children(node):
        found |= _indices(child)
    return found


def general(first: Node, last: Node) -> tuple[Node, Node, Node]:
    """(body with LETTER, first index, last index) such that both given terms are its instances."""
    for start in (Num("1"), Num("0")):
        if start not in _indices(first):
            continue
        body = replaced(first, start, Name(LETTER))
        for end in sorted(_indices(last) - _indices(first), key=str) or [start]:
            if replaced(body, Name(LETTER), end) == last:
                return body, start, end
    raise Meaning("the pattern of … cannot be told")


def vector_of_dots(items: tuple[Node, ...]) -> tuple[str, Node, Node]:
    """[a_1, …, a_n]: (letter, body, last index)."""
    plain = [n for n in items if not isinstance(n, Dots)]
    if len(plain) < 2:
        raise Meaning("the pattern of … cannot be told")
    body, _, last = general(plain[0], plain[-1])
    for n, item in enumerate(plain[1:-1], 2):
        if replaced(body, Name(LETTER), Num(str(n))) != item:
            raise Meaning("the pattern of … cannot be told")
    return LETTER, body, last


def sum_of_dots(node: Add) -> Node | None:
    """a_1 + a_2 + … + a_n (+ more) as a Σ; None without dots.

    A term between two … that is not of the pattern stands at its own place i.
    """
    places = [n for n, t in enumerate(node.terms) if _is_dots(t)]
    if not places:
        return None
    first, last = places[0], places[-1]
    for start in range(first):
        try:
            body, lower, upper = general(node.terms[start], node.terms[last + 1])
        except (Meaning, IndexError):
            continue
        return _written_out(node, (start, first, last), body, lower, upper)
    raise Meaning("the pattern of … cannot be told")


def product_of_dots(node: Mul) -> Node:
    """a_1 a_2 ⋯ a_n as a Π, with other factors before and after it."""
    factors = node.factors
    places = [n for n, f in enumerate(factors) if isinstance(f, Dots)]
    if len(places) == 1 and set(node.ops) <= {"", ".", "x"}:
        [at] = places
        for start in range(at):
            try:
                body, lower, upper = general(factors[start], factors[at + 1])
            except (Meaning, IndexError):
                continue
            for n, f in enumerate(factors[start + 1 : at], 2):
                if replaced(body, Name(LETTER), Num(str(n))) != f:
                    raise Meaning("the pattern of … cannot be told")
            whole = Big("prod", (Rel(Name(LETTER), "=", lower),), upper, body)
            rest = (*factors[:start], whole, *factors[at + 2 :])
            return whole if len(rest) == 1 else Mul(rest, ("",) * (len(rest) - 1))
    raise Meaning("the pattern of … cannot be told")


def _written_out(node: Add, at: tuple[int, int, int], body: Node, lower: Node, upper: Node) -> Node:
    start, first, last = at
    odd = [t for t in node.terms[first + 1 : last] if not _is_dots(t)]
    others = [*node.terms[:start], *node.terms[last + 2 :]]
    below: tuple[Node, ...] = (Rel(Name(LETTER), "=", lower),)
    if odd:
        extra = {
            i for t in odd for i in _indices(t)
            if isinstance(i, Name) and i.text.islower()
        }  # fmt: skip
        if len(odd) != 1 or len(extra) != 1:
            raise Meaning("the pattern of … cannot be told")
        [own] = extra
        if replaced(body, Name(LETTER), own) != odd[0]:
            both = (Rel(Name(LETTER), "=", lower), Rel(Name(LETTER), "≠", own))
            return Add((Big("sum", both, upper, body), odd[0], *others))
    whole = Big("sum", below, upper, body)
    return Add((whole, *others)) if others else whole


def _is_dots(node: Node) -> bool:
    return isinstance(node, Dots)


def matrix_of_dots(node: Matrix) -> tuple[Node, Node, Node]:
    """A square matrix with …: (entry on the diagonal, entry off it, last index)."""
    rows = node.rows
    try:
        first, second, below = rows[0][0], rows[0][1], rows[1][0]
        corner, far, low = rows[-1][-1], rows[0][-1], rows[-1][0]
    except IndexError:
        raise Meaning("the pattern of … cannot be told") from None
    on, _, last = general(first, corner)
    on = replaced(on, Name(LETTER), Name(LETTER))
    if Num("2") not in _indices(second):
        raise Meaning("the pattern of … cannot be told")
    off = replaced(replaced(second, Num("1"), Name(LETTER)), Num("2"), Name(OTHER))
    for cell, i, j in ((below, Num("2"), Num("1")), (far, Num("1"), last), (low, last, Num("1"))):
        if isinstance(cell, Dots):
            continue
        if replaced(replaced(off, Name(LETTER), i), Name(OTHER), j) != cell:
            raise Meaning("the pattern of … cannot be told")
    return on, off, last


def widened(node: Add, outside: frozenset[str]) -> Node:
    """Σ_i a_i + b_i: terms behind a Σ that use its index, which nothing else explains, go in."""
    terms = list(node.terms)
    for n, term in enumerate(terms[:-1]):
        found = _last_sum(term)
        if found is None:
            continue
        letters = _bound(found)
        more = 0
        for follows in terms[n + 1 :]:
            free = _free_letters(follows)
            if not (letters & free) or letters & outside:
                break
            more += 1
        if more:
            inner = Add((found.body, *(_signed(t, term) for t in terms[n + 1 : n + 1 + more])))
            whole = _with_last_sum(term, Big(found.kind, found.below, found.above, inner))
            rest = [*terms[:n], whole, *terms[n + 1 + more :]]
            return rest[0] if len(rest) == 1 else Add(tuple(rest))
    return node


def _signed(term: Node, carrier: Node) -> Node:
    """A term moved under the sign that stands before the Σ keeps its own sign inside."""
    return term


def _last_sum(node: Node) -> Big | None:
    if isinstance(node, Big) and node.kind == "sum":
        return node
    if isinstance(node, Neg):
        return _last_sum(node.arg)
    if isinstance(node, Mul):
        return _last_sum(node.factors[-1])
    return None


def _with_last_sum(node: Node, new: Big) -> Node:
    if isinstance(node, Big):
        return new
    if isinstance(node, Neg):
        return Neg(_with_last_sum(node.arg, new))
    assert isinstance(node, Mul)
    return Mul((*node.factors[:-1], _with_last_sum(node.factors[-1], new)), node.ops)


def _bound(node: Big) -> set[str]:
    out = set()
    for b in node.below:
        left = b.left if isinstance(b, Rel) else b
        if isinstance(left, Name):
            out.add(left.text)
    return out


def _free_letters(node: Node) -> set[str]:
    if isinstance(node, Big):
        return _free_letters(node.body) - _bound(node)
    out = {n.text for n in _indices_here(node)}
    for child in _children(node):
        out |= _free_letters(child)
    return out


def _indices_here(node: Node) -> list[Name]:
    if isinstance(node, Sub):
        return [n for n in node.indices if isinstance(n, Name)]
    if isinstance(node, Sup) and isinstance(node.exponent, Group):
        return [n for n in node.exponent.items if isinstance(n, Name)]
    return []


def _children(node: Node) -> list[Node]:
    from derive.judge.tree import children

    return list(children(node))


def free_letters(node: Node) -> set[str]:
    """The letters that stand below others and are not bound."""
    return _free_letters(node)


__all__ = ["Cases", "free_letters", "general", "matrix_of_dots", "sum_of_dots", "vector_of_dots"]


def tighter(node: Mul, mark: str = "o") -> Mul:
    """The factors between two ⊙ (or other marks) as one factor each."""
    runs: list[list[Node]] = [[node.factors[0]]]
    ops: list[list[str]] = [[]]
    for op, factor in zip(node.ops, node.factors[1:], strict=True):
        if op == mark:
            runs.append([factor])
            ops.append([])
        else:
            runs[-1].append(factor)
            ops[-1].append(op)
    whole = tuple(
        r[0] if len(r) == 1 else Mul(tuple(r), tuple(o)) for r, o in zip(runs, ops, strict=True)
    )
    return Mul(whole, (mark,) * (len(whole) - 1))
