"""What the author takes as given: Σ z = 0, p_k = 1 for the right class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.judge.claims import Claim
from derive.judge.scope import Scope
from derive.judge.tree import Add, Big, Name, Neg, Node, Num, Rel, Sub
from derive.kernel.facts import Fact, Fixed, Positive, SumsTo
from derive.kernel.language import Expr, Rational
from derive.notation import index


@dataclass(frozen=True)
class Assumption:
    """A claim that is stated, not shown; ``fact`` is what it says where the kernel can use it."""

    claim: int
    chain: int
    about: str
    fact: Fact | None
    lasting: bool


def assumptions(claims: Sequence[Claim], scope: Scope) -> list[Assumption]:
    """The claims about undefined quantities that only fix a total or a component."""
    found: list[Assumption] = []
    known = {*scope.definitions, *scope.functions, *scope.concrete, *scope.assumed}
    for claim in claims:
        if claim.trees is None or claim.sign not in ("=", "<", ">"):
            continue
        if claim.sign != "=":
            found += _positive(claim, known, scope)
            continue
        if (name := rest_of(*claim.trees)) and name not in known:
            fact = SumsTo(scope.base(name), Rational(1))
            found.append(Assumption(claim.n, claim.chain, name, fact, True))
            continue
        chain = [c for c in claims if c.chain == claim.chain and c.trees]
        last = chain[-1].trees[1] if chain and chain[-1].trees else claim.trees[1]
        value = number(last)
        if value is None:
            continue
        names = [total_of(side) for side in claim.trees]
        about = names[0]
        if about and about not in known and (names[1] or number(claim.trees[1]) is not None):
            if about in scope.labels and value == 1:
                continue
            fact = SumsTo(scope.base(about), value)
            found.append(Assumption(claim.n, claim.chain, about, fact, True))
        elif (part := component_of(claim.trees[0])) and part[0] not in known:
            component = scope.base(part[0])[index(part[1])]
            lasting = len([c for c in claims if c.span == claim.span]) == 1
            found.append(
                Assumption(claim.n, claim.chain, part[0], Fixed(component, value), lasting)
            )
    return found


def _positive(claim: Claim, known: set[str], scope: Scope) -> list[Assumption]:
    """x > 0 and 0 < x_i for something that nothing defines."""
    assert claim.trees is not None
    large, small = claim.trees if claim.sign == ">" else claim.trees[::-1]
    if number(small) != 0:
        return []
    part = component_of(large)
    if part is not None and part[0] not in known:
        fact: Fact = Positive(scope.base(part[0]))
        return [Assumption(claim.n, claim.chain, part[0], fact, True)]
    if isinstance(large, Name) and large.text not in {*known, *scope.arity, *scope.letters}:
        fact = Positive(scope.scalar(large.text))
        return [Assumption(claim.n, claim.chain, large.text, fact, True)]
    return []


def number(node: Node) -> Expr | None:
    """A plain number."""
    if isinstance(node, Num) and "e" not in node.text:
        return Rational(node.text)
    if isinstance(node, Neg) and (inner := number(node.arg)) is not None:
        return -inner
    return None


def rest_of(left: Node, right: Node) -> str | None:
    """The name φ of φ_K = 1 − Σ_{i<K} φ_i: the last component is what the others leave."""
    part = component_of(left, capitals=True)
    if part is None or not isinstance(right, Add) or len(right.terms) != 2:
        return None
    first, second = right.terms
    if first != Num("1") or not isinstance(second, Neg) or not isinstance(second.arg, Big):
        return None
    whole, last = second.arg, Name(part[1])
    short = whole.above == Add((last, Neg(Num("1"))))
    apart = any(isinstance(b, Rel) and b.sign in ("≠", "<") and b.right == last
                for b in whole.below)  # fmt: skip
    body = whole.body
    same = isinstance(body, Sub) and body.base == Name(part[0]) and body.indices != (last,)
    return part[0] if whole.kind == "sum" and same and (short or apart) else None


def total_of(node: Node) -> str | None:
    """The name z of Σ_i z_i over everything."""
    if not isinstance(node, Big) or node.kind != "sum" or not isinstance(node.body, Sub):
        return None
    body = node.body
    if not isinstance(body.base, Name) or len(body.indices) != 1 or len(node.below) > 1:
        return None
    letters = {b.left if isinstance(b, Rel) else b for b in node.below}
    if letters and body.indices[0] not in letters:
        return None
    if any(isinstance(b, Rel) and b.sign != "=" for b in node.below):
        return None
    return body.base.text


def component_of(node: Node, capitals: bool = False) -> tuple[str, str] | None:
    """(p, k) of p_k."""
    if isinstance(node, Sub) and isinstance(node.base, Name) and len(node.indices) == 1:
        letter = node.indices[0]
        if (
            isinstance(letter, Name)
            and len(letter.text) == 1
            and (capitals or letter.text.islower())
        ):
            return node.base.text, letter.text
    return None
