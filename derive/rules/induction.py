"""Induction: what holds for each way to build a structure holds for all that are built."""

from __future__ import annotations

from typing import Any

from derive.kernel.facts import Context
from derive.kernel.induction import Case, Induction, Recursion
from derive.kernel.language import Expr, Integer
from derive.kernel.rule import Line, Rule, rule
from derive.notation import Domain, a, scalar

LEFT, RIGHT, SHARE = scalar("A"), scalar("B"), scalar("v", Domain.UNIT)
TREES = Recursion(
    "binary tree",
    a,
    (
        Case("a leaf", Integer(1)),
        Case("an inner node", SHARE * LEFT + (1 - SHARE) * RIGHT, (LEFT, RIGHT)),
    ),
)


def _induction(made: Rule, before: Line, after: Line, context: Context, at: Any) -> Induction:
    return Induction(made.args[0])


@rule(
    title="induction",
    law=r"P(\ell), \ P(A) \land P(B) \Rightarrow P(AB)",
    words="it holds in each case if it holds for the parts, and so for every structure",
    domain="the quantity is defined by how the structure is put together",
    reference="Burstall, Proving properties of programs by structural induction (1969)",
    example=(a, Integer(1)),
    refuses=LEFT + RIGHT,
    args=(TREES, Integer(1)),
    proves=_induction,
    whole=True,
)
def induction(node: Line, context: Context, over: Recursion, claim: Expr) -> Line | None:
    return claim if node == over.value else None
