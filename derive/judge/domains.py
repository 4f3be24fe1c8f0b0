"""Where what nothing defines lives, so that what is written of it is defined."""

from __future__ import annotations

import re

from derive.judge import tree
from derive.judge.claims import Document
from derive.judge.declarations import Declarations, base_name
from derive.judge.tree import Name, Node
from derive.notation import Domain

PROBABILITIES = {"p", "q", "a", "s", "S", "P", "Q", "hat y", "hat p", "phi", "mu", "pi"}
_ONE_HOT = re.compile(
    r"one[- ]?hot|独热|獨熱|ワンホット|원-?핫|0\s*或者?\s*1|0 or 1|0/1", re.IGNORECASE
)


def domains(document: Document, known: Declarations, defined: set[str]) -> dict[str, Domain]:
    """Where undefined quantities live so that what is written is defined: log q needs q > 0."""
    found: dict[str, Domain] = {}
    for claim in document.claims:
        for side in claim.trees or ():
            for node in tree.walk(side):
                domain_of(node, found)
    if not _ONE_HOT.search(document.source.text):  # probabilities are not taken for labels
        for name in PROBABILITIES & set(known.arity):
            found.setdefault(name, Domain.NONNEGATIVE)
    return {n: d for n, d in found.items() if n not in defined}


def _of_quotient(node: tree.Div, found: dict[str, Domain]) -> None:
    """log(p_i/p_K) and log(p/(1 − p))."""
    top, below = base_name(node.top), node.bottom
    if top is None or isinstance(node.top, tree.Call):
        return
    if isinstance(below, tree.Group) and len(below.items) == 1:
        below = below.items[0]
    rest = below.terms[1] if isinstance(below, tree.Add) and len(below.terms) == 2 else None
    if isinstance(rest, tree.Neg) and base_name(rest.arg) == top:
        found[top] = Domain.UNIT
    elif (bottom := base_name(below)) and not isinstance(below, tree.Call):
        for name in (top, bottom):
            found.setdefault(name, Domain.POSITIVE)


def domain_of(node: Node, found: dict[str, Domain]) -> None:
    """Note what has to be positive for this logarithm, or below this fraction."""
    if isinstance(node, tree.Fn) and node.name in ("log", "log2", "log10"):
        inner = (
            node.arg.items[0] if isinstance(node.arg, tree.Group) and node.arg.items else node.arg
        )
        if isinstance(inner, tree.Div):
            _of_quotient(inner, found)
        if (
            (name := base_name(inner))
            and not isinstance(inner, tree.Call)
            and found.get(name) is not Domain.UNIT
        ):
            found[name] = Domain.POSITIVE
        if isinstance(inner, tree.Add) and len(inner.terms) == 2:
            last = inner.terms[1]
            if (
                inner.terms[0] == tree.Num("1")
                and isinstance(last, tree.Neg)
                and (name := base_name(last.arg))
            ):
                found[name] = Domain.UNIT
    if isinstance(node, tree.Div):
        below = base_name(node.bottom)
        if below in ("T", "tau", "beta") and isinstance(node.bottom, Name):
            found[below] = Domain.POSITIVE
