"""What the names of a document mean: sizes, indices, quantities, definitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sympy import Indexed, IndexedBase, Symbol

from derive.judge.tree import (
    Big,
    Blank,
    Call,
    Dots,
    Matrix,
    Name,
    Node,
    Num,
    Sub,
    Sup,
    Turned,
    walk,
)
from derive.judge.values import Axis, Tensor
from derive.kernel.facts import Context, Definition, Fact
from derive.kernel.language import Expr, Integer
from derive.notation import Domain, K, Quantity, Range, index, scalar, vector

_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "cal": "",
            "scr": "", "frak": "", "check": "\u030c", "ddot": "\u0308"}  # fmt: skip
_CALLIGRAPHIC = {"cal": "𝓐", "scr": "𝓐", "frak": "𝔄"}
_LOSSES = {"L", "C", "J", "E", "H", "ell", "l", "Loss", "loss", "cost", "Cost", "CE", "xi", "NLL",
           "cal L", "cal J", "scr l", "scr L", "cal C", "ll", "LL", "cal E", "nll"}  # fmt: skip


def shown(name: str) -> str:
    """A name as it is shown: ``hat y`` is ŷ."""
    *accents, stem = name.split(" ") if " " in name else [name]
    out = stem
    for accent in accents:
        if accent in _CALLIGRAPHIC and len(stem) == 1 and stem.isascii() and stem.isalpha():
            base = ord("𝓐") if stem.isupper() else ord("𝓪") - 0
            out = chr(base + ord(stem) - ord("A" if stem.isupper() else "a"))
        else:
            out += _ACCENTS.get(accent, "")
    return out.replace(" ", "_")


def is_loss(name: str) -> bool:
    """Whether a letter usually names a cost."""
    return name in _LOSSES


class Axes:
    """Which index places run over the same values: union-find, with the limits that are written."""

    def __init__(self) -> None:
        self.parent: dict[Any, Any] = {}
        self.uppers: dict[Any, list[Expr]] = {}
        self.lowers: dict[Any, set[int]] = {}
        self.weight: dict[Any, int] = {}
        self.sizes: dict[Any, Expr] = {}

    def root(self, key: Any) -> Any:
        while self.parent.get(key, key) != key:
            key = self.parent[key]
        return key

    def join(self, a: Any, b: Any) -> None:
        x, y = self.root(a), self.root(b)
        self.weight[x] = self.weight.get(x, 0) + 1
        if x != y:
            self.parent[y] = x
            self.uppers[x] = self.uppers.pop(y, []) + self.uppers.get(x, [])
            self.lowers[x] = self.lowers.pop(y, set()) | self.lowers.get(x, set())
            self.weight[x] += self.weight.pop(y, 0)

    def separate(self, keys: Iterable[Any]) -> None:
        """Give each of these places a size of its own, for those that no limit names."""
        roots = dict.fromkeys(self.root(k) for k in keys)
        self.sizes = {r: index(f"d{n}") for n, r in enumerate(roots, 1)}

    def limit(self, key: Any, lower: int, upper: Expr | None) -> None:
        """Note limits that are written under and over a sign."""
        root = self.root(key)
        self.lowers.setdefault(root, set()).add(lower)
        if upper is not None:
            self.uppers.setdefault(root, []).append(upper)
            if len(upper.free_symbols) == 1:  # K, and K − 1 too
                self.join(key, ("size", str(*upper.free_symbols)))


@dataclass(frozen=True)
class Function:
    """``f(x)_i = body``: parameters by name, and the tree of its body."""

    parameters: tuple[str, ...]
    body: Node
    component: tuple[str, ...] = ()
    before: bool = False


@dataclass
class Scope:
    """Everything that is known of the names while one claim is read."""

    axes: Axes = field(default_factory=Axes)
    arity: dict[str, int] = field(default_factory=dict)
    letters: set[str] = field(default_factory=set)
    functions: dict[str, Function] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    concrete: dict[str, Tensor] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    assumed: dict[str, str] = field(default_factory=dict)
    softmaxes: set[str] = field(default_factory=set)
    main: Any = None
    ends: set[str] = field(default_factory=set)  # letters for the last value of an index
    squashing: bool = False  # softmax is called by its name, so that σ is the sigmoid
    exact: bool = False
    circular: set[str] = field(default_factory=set)
    signed: set[str] = field(default_factory=set)

    # -- symbols -------------------------------------------------------------------------------

    def base(self, name: str) -> IndexedBase:
        label = shown(name)
        return vector(label + "_" if label in ("K", "D", "m", "N") else label, self.domain(name))

    def scalar(self, name: str) -> Symbol:
        label = shown(name)
        if name in self.letters or label in ("K", "D", "m", "N", "c") or name in self.arity:
            label += "\u2032"
        return scalar(label, self.domain(name))

    def plain(self, name: str) -> Symbol:
        """The number that a letter stands for where the same letter elsewhere has components."""
        return scalar(shown(name) + "\u2032", self.domain(name))

    def domain(self, name: str) -> Domain:
        return self.domains.get(name, Domain.REAL)

    def size(self, key: Any) -> Expr:
        """The last value of an index place: K for the place that most indices share."""
        root = self.axes.root(key)
        if root == self.axes.root(self.main) or self.main is None:
            written = set(self.axes.uppers.get(root, []))
            less = written and all(u.is_Add and u.args[0] == -1 for u in written)
            return K - 1 if less and not self._has_last(written) else K
        uppers = [u for u in self.axes.uppers.get(root, []) if isinstance(u, Symbol)]
        if not uppers:
            numbers = self.axes.uppers.get(root, [])
            if root in self.axes.sizes:
                return self.axes.sizes[root]
            return K if not numbers else self.size_named(f"n{len(numbers)}")
        return self.size_named(uppers[-1].name)

    def _has_last(self, uppers: set[Expr]) -> bool:
        """φ_K is there beside Σ_{k<K}: the index runs to K."""
        return any(s.name in self.letters for u in uppers for s in u.free_symbols)

    def named_size(self) -> bool:
        """Whether some letter stands over a Σ over the classes."""
        root = self.axes.root(self.main)
        return any(isinstance(u, Symbol) for u in self.axes.uppers.get(root, []))

    def size_named(self, name: str) -> Symbol:
        """A size by the letter that stands over a sign."""
        if self.main is not None and self.axes.root(("size", name)) == self.axes.root(self.main):
            return K
        return index(name if name != "K" else "K\u2032")

    def lower(self, key: Any) -> int:
        lowers = self.axes.lowers.get(self.axes.root(key), set())
        return 0 if lowers == {0} else 1

    def axis(self, key: Any) -> Axis:
        """The values of an index place. One that starts at 0 is counted from 1."""
        return Axis(self.size(key))

    def axes_of(self, name: str) -> tuple[Axis, ...]:
        return tuple(self.axis((name, n)) for n in range(self.arity.get(name, 1)))

    # -- the kernel's context ------------------------------------------------------------------

    def resting(self, exprs: Iterable[Expr]) -> tuple[Definition, ...]:
        """The definitions that expressions rest on, in the order of the document."""
        left, found = list(exprs), set[int]()
        known = list(self.definitions.values())
        while left:
            nodes = left.pop().atoms(Symbol, Indexed)
            names = {n.base if isinstance(n, Indexed) else n for n in nodes}
            for n, d in enumerate(known):
                if n not in found and d.name in names:
                    found.add(n)
                    left.append(d.body)
        return tuple(known[n] for n in sorted(found))

    def context(self, ranges: dict[Symbol, Range], exprs: Iterable[Expr]) -> Context:
        """What the kernel has to know for expressions of this document."""
        exprs = list(exprs)
        definitions = self.resting(exprs)
        everything = [*exprs, *(d.lhs for d in definitions), *(d.body for d in definitions)]
        quantities: dict[str, Quantity] = {"K": Quantity(K, "number of classes", Domain.LABEL)}
        by_label = {str(self.base(n).label): n for n in self.arity}
        limited = {str(self.scalar(n)): d for n, d in self.domains.items()}
        for e in everything:
            for b in e.atoms(IndexedBase):
                name = by_label.get(str(b.label), str(b.label))
                shape = tuple(a.upper for a in self.axes_of(name))
                quantities[str(b.label)] = Quantity(
                    b, "", self.domain(name), shape, may_sum_to_one=name in self.labels
                )
            for s in e.atoms(Symbol):
                if s not in ranges and s.name not in quantities:
                    domain = Domain.LABEL if s.is_integer else Domain.REAL
                    if s.is_positive and not s.is_integer:
                        domain = Domain.POSITIVE
                    labels = {str(b.label) for b in e.atoms(IndexedBase)}
                    if s.name not in labels and not s.is_integer:
                        quantities[s.name] = Quantity(s, "", limited.get(s.name, domain))
                    elif s.is_integer and s.name not in labels:
                        quantities[s.name] = Quantity(s, "", Domain.LABEL)
        return Context(quantities, definitions, tuple(self.facts), dict(ranges))


def head(node: Node) -> tuple[str, tuple[Node, ...], tuple[Node, ...] | None, bool] | None:
    """A left side that names something: (name, indices, arguments or None, indices before)."""
    if isinstance(node, Name):
        return node.text, (), None, False
    if isinstance(node, Call):
        inner = head(node.head)
        return (inner[0], inner[1], node.args, bool(inner[1])) if inner else None
    if isinstance(node, Sub):
        inner = head(node.base)
        return (inner[0], node.indices, inner[2], False) if inner else None
    if isinstance(node, Sup) and isinstance(node.base, Name | Sub):
        from derive.judge.tree import Group

        if isinstance(node.exponent, Group) and len(node.exponent.items) == 1:
            inner = head(node.base)
            return (inner[0], (*inner[1], *node.exponent.items), inner[2], False) if inner else None
    return None


def survey(
    trees: Iterable[Node], skipped: frozenset[tuple[str, tuple[Node, ...]]] = frozenset()
) -> tuple[dict[str, int], set[str]]:
    """How many letters each name carries below, and every letter that is used as an index."""
    arity: dict[str, int] = {}
    letters: set[str] = set()
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Sub) and (found := head(node)) and not found[3]:
                if found[0] in ("Sigma", "Pi") or (found[0], node.indices) in skipped:
                    continue
                plain = [n for n in node.indices if is_index(n)]
                if (
                    len(plain) == len(node.indices)
                    and any(lettered(n) for n in plain)
                    and found[2] is None
                ):
                    arity[found[0]] = max(arity.get(found[0], 0), len(found[1]))
                letters |= {n.text for n in node.indices if isinstance(n, Name) and is_index(n)}
            elif (
                isinstance(node, Sup)
                and (found := head(node))
                and found[2] is None
                and any(lettered(n) for n in found[1])
                and all(is_index(n) for n in found[1])
            ):
                arity[found[0]] = max(arity.get(found[0], 0), len(found[1]))
                letters |= {n.text for n in found[1] if isinstance(n, Name)}
    return arity, letters


def numeric_only(sides: Iterable[Node]) -> bool:
    """Whether only numbers stand below letters: then they are names, not components."""
    for side in sides:
        for node in walk(side):
            if isinstance(node, Name) and node.bold:
                return False
            if isinstance(node, Big | Dots | Matrix):
                return False
            if isinstance(node, Sub) and not all(isinstance(i, Num) for i in node.indices):
                return False
    return True


def is_index(node: Node) -> bool:
    """Whether something below a letter can be an index: a letter, a number, i + 1, y_i."""
    if isinstance(node, Name):
        letter = node.text.rstrip("\u2032")
        return (len(letter) == 1 and letter.isalpha()) or letter == "ell"
    if isinstance(node, Num):
        return node.text.isdigit()
    if isinstance(node, Blank):
        return True
    if isinstance(node, Sub):
        return isinstance(node.base, Name) and all(is_index(n) for n in node.indices)
    from derive.judge.tree import Add, Neg

    if isinstance(node, Add):
        return all(is_index(t) for t in node.terms)
    return isinstance(node, Neg) and is_index(node.arg)


def lettered(node: Node) -> bool:
    return isinstance(node, Name) and node.text.islower()


__all__ = ["Axes", "Function", "Integer", "Scope", "Turned", "head", "is_loss", "survey"]
