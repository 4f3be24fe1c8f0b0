"""Letters whose place in a document says outright what they are not."""

from __future__ import annotations

from derive.judge import tree
from derive.judge.assumptions import assumptions
from derive.judge.declarations import base_name
from derive.judge.model import Model
from derive.judge.tree import Diff, Name, Node, Sub
from derive.kernel.facts import Positive, SumsTo


def exponents(trees: list[Node]) -> set[str]:
    """y of φ_i^{y_i}: a count or a target, wherever else it stands."""
    powers = (n for t in trees for n in tree.walk(t) if isinstance(n, tree.Sup))
    return {
        n.exponent.base.text for n in powers
        if isinstance(n.exponent, Sub) and isinstance(n.exponent.base, Name)
        and isinstance(n.base, Sub)
    }  # fmt: skip


def given_outright(model: Model, trees: list[Node]) -> set[str]:
    """What is stated to be positive or to sum to 1, and is never differentiated."""
    tops = {base_name(n.body) for t in trees for n in tree.walk(t)
            if isinstance(n, Diff) and n.body is not None}  # fmt: skip
    found = assumptions(model.document.claims, model.scope_at(len(model.document.claims) + 1))
    return {a.about for a in found if isinstance(a.fact, Positive | SumsTo)} - tops
