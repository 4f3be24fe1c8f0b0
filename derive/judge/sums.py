"""Σ and Π as people write them: full, half or no limits, exclusions, an index that is unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.judge import tree
from derive.judge.patterns import free_letters
from derive.judge.tree import Node
from derive.judge.values import Axis, Concrete, Meaning, Tensor, Value, elementwise
from derive.kernel.language import Expr, Integer, Product, Sum, Symbol
from derive.notation import K, index

if TYPE_CHECKING:
    from derive.judge.elaborate import Elaborator

MAX_WRITTEN_OUT = 64


def big(reader: Elaborator, node: tree.Big) -> Value:
    """The value of a Σ or Π."""
    letters, lower, excluded = _below(node)
    if len(letters) == 1 and _over_examples(node, letters[0]):
        return _examples(reader, node, letters[0])
    if not letters:
        letters = [_unsaid(reader, node)]
    body: Node = node.body
    for letter in reversed(letters[1:]):
        body = tree.Big(node.kind, (tree.Name(letter),), None, body)
    return _one(reader, node, letters[0], lower, excluded, body)


def _over_examples(node: tree.Big, letter: str) -> bool:
    """Σ_x over the examples: x is a quantity in the body, not an index."""
    if letter not in ("x", "n", "i", "s") or letter in free_letters(node.body):
        return False
    return letter == "x" and node.above is None and node.kind == "sum"


def _examples(reader: Elaborator, node: tree.Big, letter: str) -> Value:
    """A sum over examples is linear: what holds for each one holds for the sum.

    It is read as a number of examples that are alike; where it stands under a power or a
    function, that would be wrong, and it is not read.
    """
    if not reader.linear:
        raise Meaning("a sum over the examples inside a function is not read")
    count = reader.scope.scalar("examples")
    return elementwise(lambda v: count * v, reader.value(node.body))


def _below(node: tree.Big) -> tuple[list[str], Node | None, list[Node]]:
    """(letters, lower limit, excluded values)."""
    letters: list[str] = []
    lower: Node | None = None
    excluded: list[Node] = []
    for b in node.below:
        if isinstance(b, tree.Rel):
            left = b.left
            if b.sign == "≠" and isinstance(left, tree.Name):
                excluded.append(b.right)
            elif b.sign == "=" and isinstance(left, tree.Name):
                lower = b.right
            elif b.sign != "∈":
                raise Meaning(f"a sum with {b.sign} below it is not read")
            if isinstance(left, tree.Name) and left.text not in letters:
                letters.append(left.text)
        elif isinstance(b, tree.Name):
            letters.append(b.text)
        elif isinstance(b, tree.Add) and len(b.terms) == 2 and isinstance(b.terms[0], tree.Name):
            letters.append(b.terms[0].text)  # \sum_{i-1}^k, a misprint of i=1
        elif isinstance(b, tree.Blank):
            continue
        else:
            raise Meaning("what stands below the Σ is not an index")
    return letters, lower, excluded


def _unsaid(reader: Elaborator, node: tree.Big) -> str:
    """The index of a Σ that names none: the letter that nothing outside uses."""
    inside = free_letters(node.body)
    found = sorted(inside - reader.outside - set(reader.bound)) or sorted(
        inside - set(reader.bound)
    )
    if len(found) != 1:
        raise Meaning("the Σ names no index, and it is not clear which is meant")
    return found[0]


def _one(
    reader: Elaborator,
    node: tree.Big,
    letter: str,
    lower: Node | None,
    excluded: list[Node],
    body: Node,
) -> Value:
    limits = _limits(reader, node, lower)
    if limits[1] is None and (values := _values(node, letter)) is not None:
        limits = limits[0], values
    out = [reader._place(e) for e in excluded]
    symbol = index(letter if letter != "\u0131" else "h0")
    while symbol in reader.bound.values() or symbol in _used(out):
        symbol = index(symbol.name + "\u2032")
    key = ("bound", reader.claim, id(node))
    before = dict(reader.bound), reader.places.pop(symbol, None), dict(reader.env)
    reader.bound[letter] = symbol
    reader.env.pop(letter, None)
    reader.places[symbol] = [key]
    if lower is not None or limits[1] is not None:
        start = int(limits[0]) if isinstance(limits[0], Integer) else 1
        reader.scope.axes.limit(key, start, limits[1])
    try:
        inner = reader.value(body)
        keys = reader.places[symbol]
        for e in out:
            reader._joined(e, key)
    except Concrete as need:
        return _written_out(reader, node, letter, body, need.length, out, limits)
    finally:
        reader.bound, old, reader.env = before
        reader.places.pop(symbol, None)
        if old is not None:
            reader.places[symbol] = old
    span = reader.spans.pop(symbol, None)
    return _made(reader, node, symbol, limits, keys, span, out, inner)


def _made(
    reader: Elaborator,
    node: tree.Big,
    symbol: Symbol,
    limits: tuple[Expr, Expr | None],
    keys: list[Any],
    span: Axis | None,
    out: list[Expr],
    inner: Value,
) -> Value:
    start, upper = limits
    if upper is None:
        upper = span.upper if span is not None and len(keys) == 1 else reader.scope.size(keys[0])
        start = Integer(1)
    elif isinstance(upper, Symbol):
        upper = reader.scope.size_named(upper.name)
    elif isinstance(upper, Integer) and scope_exact(reader):
        pass
    elif isinstance(upper, Integer) and (len(keys) > 1 or span is not None):
        whole = span.upper if span is not None and len(keys) == 1 else reader.scope.size(keys[0])
        upper = whole if not isinstance(whole, Integer) else upper
    else:
        sized = {s: reader.scope.size_named(s.name) for s in upper.free_symbols}
        upper = upper.xreplace(sized)
    if start == 0:
        if reader.scope.lower(keys[0]) != 0:
            raise Meaning("indices that begin at 0 stand beside indices that begin at 1")
        start = Integer(1)
    kind = Sum if node.kind == "sum" else Product
    limits_ = (symbol, start, upper)
    if isinstance(inner, Tensor):
        tensor = inner
        return Tensor(tensor.axes, lambda w: kind(tensor.entry(w), limits_, *out), tensor.row)
    return kind(inner, limits_, *out)


def _values(node: tree.Big, letter: str) -> Expr | None:
    """Σ_{n ∈ N}: the capital names the values of n, and is taken for how many there are."""
    for b in node.below:
        mine = isinstance(b, tree.Rel) and b.sign == "∈" and b.left == tree.Name(letter)
        right = b.right if isinstance(b, tree.Rel) and mine else None
        if isinstance(right, tree.Name) and len(right.text) == 1:
            return index(right.text)
    return None


def scope_exact(reader: Elaborator) -> bool:
    """Whether limits are meant as written; a person's 10 classes are read as any K."""
    return reader.scope.exact


def _limits(reader: Elaborator, node: tree.Big, lower: Node | None) -> tuple[Expr, Expr | None]:
    start: Expr = Integer(1)
    if lower is not None:
        value = reader.value(lower) if not isinstance(lower, tree.Blank) else Integer(1)
        if not isinstance(value, Integer) and not scope_exact(reader):
            raise Meaning("a sum that begins at a letter is not read")
        start = value
    if node.above is None or isinstance(node.above, tree.Blank):
        return start, None
    return start, reader.upper(node.above)


def _written_out(
    reader: Elaborator,
    node: tree.Big,
    letter: str,
    body: Node,
    length: int,
    out: list[Expr],
    limits: tuple[Expr, Expr | None],
) -> Value:
    """A sum over the components of a vector of numbers."""
    if length > MAX_WRITTEN_OUT:
        raise Meaning(f"a vector of {length} numbers is too long")
    total: Expr = Integer(0 if node.kind == "sum" else 1)
    for n in range(1, length + 1):
        if Integer(n) in out:
            continue
        term = reader._with(letter, Integer(n), body)
        total = total + term if node.kind == "sum" else total * term
    return total


def _used(exprs: list[Expr]) -> set[Any]:
    return {s for e in exprs for s in e.free_symbols}


__all__ = ["K", "big"]
