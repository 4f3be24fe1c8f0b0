"""What a document declares: its functions, and its definitions in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.judge import functions, tree, words
from derive.judge.assumptions import rest_of
from derive.judge.claims import Claim, Document
from derive.judge.heads import marked_above, overloaded
from derive.judge.layers import absorbed
from derive.judge.patterns import free_letters
from derive.judge.samples import marked, one_beside_rows, turned_vectors
from derive.judge.scope import head, survey
from derive.judge.shapes import ranks
from derive.judge.tree import Call, Fn, Group, Name, Node, Num, Prime, Rel, Sub, Sup

_ALWAYS = {"P", "Pr", "E", "Var", "Cov", "KL", "Cat", "max", "min"}
_PLAIN = {"sigma", "varsigma", "zeta"}


@dataclass(frozen=True)
class Declared:
    """``name := body`` at one claim, with what stood around the name."""

    name: str
    indices: tuple[Node, ...]
    arguments: tuple[Node, ...] | None
    before: bool
    body: Node
    claim: int


@dataclass
class Declarations:
    """All of them, in order; ``functions`` are the names that take brackets."""

    functions: set[str] = field(default_factory=set)
    found: list[Declared] = field(default_factory=list)
    arity: dict[str, int] = field(default_factory=dict)
    letters: set[str] = field(default_factory=set)
    applied: set[str] = field(default_factory=set)
    named_softmax: bool = False
    ends: set[str] = field(default_factory=set)

    def is_call(self, node: Node, group: Group) -> bool:
        """Whether a name before a bracket is a function applied, not a factor."""
        name = base_name(node)
        if name is None or name == "e":
            return False
        if group.kind == "[" and name not in ("E", "Var"):
            return False
        if isinstance(node, Prime):
            return True
        if any(isinstance(i, Rel) for i in group.items) and name in ("I", "1", "ones", "P", "Pr"):
            return True
        if _bare(name, group):
            return False
        simple = all(isinstance(i, Name | Sub | Num) for i in group.items)
        if isinstance(node, Name) and name in self.applied and simple:
            return True  # S(θ): never seen without its brackets
        if isinstance(node, Sub) and name not in _ALWAYS:
            whole = f"{name}_" + "".join(str(getattr(i, "text", "")) for i in node.indices)
            return whole in self.functions or (name in self.functions and simple)
        if len(group.items) > 1 or name in self.functions or name in _ALWAYS:
            return True
        if name in functions.NAMES:
            return name not in self.arity or simple
        return (
            (len(name) > 2 or (name.isupper() and len(name) > 1))
            and " " not in name
            and name not in words.LETTERS
            and name.isalpha()
        )


def base_name(node: Node) -> str | None:
    if isinstance(node, Name):
        return node.text
    if isinstance(node, Sub | Sup | Prime):
        return base_name(node.base)
    return None


def _bare(name: str, group: Group) -> bool:
    """σ(1 − σ): the function itself stands in the bracket, without an argument."""

    def look(node: Node) -> bool:
        if isinstance(node, Call):
            return any(look(a) for a in node.args)
        if isinstance(node, Name):
            return node.text == name
        return any(look(c) for c in tree.children(node))

    return any(look(i) for i in group.items)


def declare(document: Document) -> Declarations:
    """Parse every claim, and find what is declared, in order."""
    known = Declarations()
    permissive = Declarations()
    for claim in document.claims:
        claim.read(lambda node, group: _could_be(node, group))
        if claim.trees and claim.sign in ("=", ":="):
            found = head(claim.trees[0])
            if found and found[2] is not None and _names_only(found[2]):
                permissive.functions.add(found[0])
    known.functions = {
        f for f in permissive.functions if f not in words.FUNCTIONS or f in functions.NAMES
    }
    known.applied = _only_applied(document)
    for claim in document.claims:
        claim.read(known.is_call)
    read = [c for c in document.claims if c.trees]
    for claim, trees_ in zip(read, absorbed([c.trees for c in read if c.trees]), strict=True):
        claim.trees = trees_
    _tell_apart(document, known)
    _mark_samples(document)
    trees = [t for c in document.claims if c.trees for t in c.trees]
    known.arity, known.letters = survey(trees, _derivatives_below(document))
    for f in known.functions:
        known.arity.pop(f, None)
    known.arity = turned_vectors(trees, known.arity, {*known.functions, *known.applied})
    known.named_softmax = any(
        isinstance(n, Fn) and n.name == "softmax" for t in trees for n in tree.walk(t)
    )
    known.ends = _ends(trees)
    pairs = [c.trees for c in document.claims if c.trees]
    taken = {*known.arity, *known.functions, *known.letters, *known.applied}
    known.arity |= ranks(pairs, taken, dict(known.arity))
    return known


def _tell_apart(document: Document, known: Declarations) -> None:
    """H(p) and H(p, q) are two functions."""
    introduced = [c.trees[0] for c in document.claims if c.trees and c.sign in ("=", ":=")]
    rename = overloaded(introduced)
    for claim in document.claims if rename is not None else ():
        if claim.trees and rename is not None:
            claim.trees = rename(claim.trees[0]), rename(claim.trees[1])
            made = head(claim.trees[0])
            if made and made[2] is not None and _names_only(made[2]):
                known.functions.add(made[0])


def _mark_samples(document: Document) -> None:
    """x^{(i)} is another thing than x, where both stand in a document; z^s is another than z^t."""
    for found in (marked, marked_above, one_beside_rows):
        rename = found([t for c in document.claims for t in c.trees or ()])
        for claim in document.claims if rename is not None else ():
            if claim.trees and rename is not None:
                claim.trees = rename(claim.trees[0]), rename(claim.trees[1])


def _ends(trees: list[Node]) -> set[str]:
    """The letters that stand over a Σ and run nowhere: φ_k beside Σ_{i=1}^k is the last one."""
    bigs = [n for t in trees for n in tree.walk(t) if isinstance(n, tree.Big)]
    above = {x for n in bigs if n.above is not None for x in tree.names(n.above)}
    short = {x for n in bigs if isinstance(n.above, tree.Add) for x in tree.names(n.above)}
    below = {x for n in bigs for b in n.below for x in tree.names(b)}
    left: set[str] = set()
    loose: set[str] = set()  # η_i = log(φ_i/φ_k): what k is, is not said on the left
    for one, other in zip(trees[::2], trees[1::2], strict=True):
        own = {x for i in (head(one) or ((), ()))[1] for x in tree.names(i)}
        left |= own | {x for i in (head(other) or ((), ()))[1] for x in tree.names(i)}
        loose |= free_letters(other) - own
    left -= loose | short
    return {x for x in above - below - left if len(x) == 1 and x.islower()}


def _derivatives_below(document: Document) -> frozenset[tuple[str, tuple[Node, ...]]]:
    """σ_x where σ(x) is defined: the letter below is what is differentiated by."""
    found = set()
    for claim in document.claims:
        made = head(claim.trees[0]) if claim.trees else None
        if made and made[2] is not None and not made[1]:
            found |= {(made[0], (a,)) for a in made[2] if isinstance(a, Name)}
    return frozenset(found)


def _only_applied(document: Document) -> set[str]:
    """The letters that always stand before a bracket with a name in it."""
    heads: set[str] = set()
    others: set[str] = set()
    for node in (n for c in document.claims for t in c.trees or () for n in tree.walk(t)):
        single = isinstance(node, Call) and len(node.args) == 1 and isinstance(node.args[0], Name)
        if isinstance(node, Call) and single and isinstance(node.head, Name):
            heads.add(node.head.text)
            continue
        for child in tree.children(node):
            if isinstance(child, Name) and not (isinstance(node, Call) and child is node.head):
                others.add(child.text)
    whole = {t.text for c in document.claims for t in c.trees or () if isinstance(t, Name)}
    return heads - others - whole


def _could_be(node: Node, group: Group) -> bool:
    return group.kind == "(" and all(
        isinstance(i, Name | Sub | Num | tree.Given | Rel) for i in group.items
    )


def _names_only(args: tuple[Node, ...]) -> bool:
    return all(isinstance(a, Name | Sub | Num | Rel | tree.Given) for a in args)


def definition(claim: Claim, known: Declarations, defined: set[str]) -> Declared | None:
    """What a claim declares, if it introduces a name that has no meaning yet."""
    if claim.trees is None or claim.sign not in ("=", ":="):
        return None
    left, right = claim.trees
    if rest_of(left, right):
        return None  # φ_K = 1 − Σ_{i<K} φ_i says that they sum to one
    made = _declared(left, right, claim, defined)
    if made is None and isinstance(right, Name | Sub) and base_name(right) in ("Sigma", "Pi"):
        made = _declared(right, left, claim, defined)  # Σ… = \Sigma
    if made is None and _names_the_end(left, right, known) and not claim.first:
        made = _declared(right, left, claim, defined)  # ∂a/∂η_i = … = φ_i
    return made


def _names_the_end(left: Node, right: Node, known: Declarations) -> bool:
    """A chain that ends with a name of its own, used for a mean or a slope."""
    name = base_name(right)
    return (
        isinstance(right, Sub) and name in ("phi", "mu", "g", "h", "v", "r")
        and name in known.arity and name not in tree.names(left)
    )  # fmt: skip


def _declared(left: Node, right: Node, claim: Claim, defined: set[str]) -> Declared | None:
    found = head(left)
    if found is None:
        inner = _argument(left) if isinstance(left, Fn) and left.name == "log" else None
        if isinstance(inner, Call) and base_name(inner.head) not in {*functions.NAMES, *defined}:
            return _opaque(left, right, claim, defined)  # log P(x; θ)
        return None
    name, indices, arguments, before = found
    if arguments is not None and any(_probability(a) for a in arguments):
        return _opaque(left, right, claim, defined)
    word = len(indices) == 1 and len(_text_of(indices[0])) > 1 and isinstance(indices[0], Name)
    seen = f"{name}_{_text(indices[0])}" in defined if word else name in defined
    if name in ("1", "ones", "pi", "e") or (seen and claim.sign != ":="):
        return None
    if (name in functions.NAMES and name not in _PLAIN) or name in ("diag", "max", "min"):
        return None
    if arguments is not None and not all(isinstance(a, Name) for a in arguments):
        if name not in _ALWAYS and not any(isinstance(a, Rel | tree.Given) for a in arguments):
            return None
        return _opaque(left, right, claim, defined)
    if any(isinstance(i, Name) and i.text.isupper() and len(i.text) == 1 for i in indices):
        if name in defined or arguments is not None:
            return None
        return Declared(f"{name}_" + ",".join(map(_text, indices)), (), None, False, right, claim.n)
    if indices and all(isinstance(i, Num) for i in indices):
        label = f"{name}_" + ",".join(i.text for i in indices if isinstance(i, Num))
        return None if label in defined else Declared(label, (), None, False, right, claim.n)
    if not all(isinstance(i, Name) for i in indices) or len(set(indices)) != len(indices):
        return None
    if any(len(i.text) > 1 for i in indices if isinstance(i, Name)):
        if len(indices) > 1 or " " in _text_of(indices[0]) or arguments is not None:
            return None
        label = f"{name}_{_text(indices[0])}"  # L_{CE}
        return None if label in defined else Declared(label, (), None, False, right, claim.n)
    if _mentions(right, name) or (indices and _is_number(right)):
        return None
    return Declared(name, indices, arguments, before, right, claim.n)


def _probability(node: Node) -> bool:
    """y = 1 | x within the brackets of a probability."""
    return isinstance(node, Rel | tree.Given) and any(isinstance(n, Rel) for n in tree.walk(node))


def _opaque(left: Node, right: Node, claim: Claim, defined: set[str]) -> Declared | None:
    name = canonical(left)
    return None if name in defined else Declared(name, (), None, False, right, claim.n)


def _argument(node: Fn) -> Node:
    inner = node.arg
    return inner.items[0] if isinstance(inner, Group) and len(inner.items) == 1 else inner


def _is_number(node: Node) -> bool:
    return isinstance(node, Num) or (isinstance(node, tree.Neg) and _is_number(node.arg))


def _mentions(node: Node, name: str) -> bool:
    if isinstance(node, Sub) and all(_marks(i) for i in node.indices):
        return False  # z = z_1 − z_2, L = L_{CE} + L_{KD}
    if isinstance(node, Name):
        return node.text == name
    return any(_mentions(n, name) for n in tree.children(node))


def _marks(node: Node) -> bool:
    """What makes another name of a letter when it stands below it."""
    return isinstance(node, Num) or (
        isinstance(node, Name) and (len(node.text) > 1 or node.text.isupper())
    )


def _text_of(node: Node) -> str:
    return str(getattr(node, "text", " "))


def _text(node: Node) -> str:
    return str(getattr(node, "text", "?")).replace(" ", "")


def canonical(node: Node) -> str:
    """A call with arguments that are no names, P(y = 1 | x), as one name."""
    inside = [_text(n) for n in tree.walk(node) if isinstance(n, Name | Num)]
    return ("log" if isinstance(node, Fn) else "") + "".join(inside) + "()"


__all__ = ["Declarations", "Declared", "declare", "definition", "free_letters"]
