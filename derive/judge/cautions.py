"""When a line is not called wrong: unsaid dependence, a case that has a line of its own."""

from __future__ import annotations

from typing import Any

from derive.judge import tree
from derive.judge.claims import Claim
from derive.judge.model import Model
from derive.judge.scope import Scope, head
from derive.judge.values import Tensor, diagonal
from derive.kernel.facts import DifferentIndex, Fact, SumsTo
from derive.kernel.language import Expr, Indexed, Partial, Symbol, walk
from derive.notation import base_of, index


def apart(claim: Claim, model: Model) -> DifferentIndex | None:
    """i ≠ j, where another line differentiates the component i by its own variable."""
    pair = _indices_of(claim.trees[0]) if claim.trees else None
    chain = next((c for c in model.document.claims if c.chain == claim.chain), claim)
    pair = pair or (_indices_of(chain.trees[0]) if chain.trees else None)
    if pair is None or pair[2] == pair[3]:
        return None
    for other in model.document.claims:
        own = _indices_of(other.trees[0]) if other.trees else None
        if own and own[:2] == pair[:2] and own[2] == own[3] and own[2] in pair[2:]:
            return DifferentIndex(index(pair[2]), index(pair[3]))
    return None


def _indices_of(node: tree.Node) -> tuple[str, str, str, str] | None:
    """∂y_i/∂z_j: (y, z, i, j)."""
    if not isinstance(node, tree.Diff) or node.body is None or len(node.variables) != 1:
        return None
    top, by = head(node.body), head(node.variables[0])
    if top is None or by is None or len(top[1]) != 1 or len(by[1]) != 1:
        return None
    i, j = top[1][0], by[1][0]
    if isinstance(i, tree.Name) and isinstance(j, tree.Name):
        return top[0], by[0], i.text, j.text
    return None


def independent(lhs: Expr, rhs: Expr, context: Any) -> str:
    """What is differentiated by something on which, for all that is said, it does not depend."""
    for side in (lhs, rhs):
        for node in walk(side):
            if isinstance(node, Partial):
                by = base_of(node.var)
                if by not in reached(node.expr, context):
                    return f"nothing says how {node.expr} depends on {by}"
    return ""


def vacuous(claim: Claim, model: Model, scope: Scope, found: Any) -> str:
    """0 = 0, because nothing is known of a cost: no proof where its definition is not read,
    nor where a transpose stands that zeros cannot test."""
    if found.sides is None or found.context is None:
        return ""
    left, right = found.sides
    loose = independent(left, right, found.context)
    turned = any(isinstance(n, tree.Turned) for t in claim.trees or () for n in tree.walk(t))
    return loose if loose and (turned or model.unread_names(claim, scope)) else ""


def reached(expr: Expr, context: Any) -> set[Any]:
    """Every name in an expression, after definitions."""
    found: set[Any] = set()
    left = [expr]
    while left:
        for node in walk(left.pop()):
            if isinstance(node, Symbol | Indexed) and (b := base_of(node)) not in found:
                found.add(b)
                made = context.definition_of(node)
                if made is not None:
                    left.append(made.body)
    return found


def on_the_diagonal(claim: Claim, left: Tensor, right: Tensor) -> Tensor | None:
    """A list of n numbers for the Jacobian of a vector: what it can mean is the diagonal."""
    if claim.trees is None or (left.rank, right.rank) != (2, 1):
        return None
    written = isinstance(claim.trees[1], tree.Group | tree.Matrix)
    first = claim.trees[0]
    primed = (isinstance(first, tree.Call) and isinstance(first.head, tree.Prime)) or (
        isinstance(first, tree.Fn) and first.name.endswith("'")
    )
    jacobian = primed or isinstance(first, tree.Diff | tree.Nabla)
    return diagonal(right) if written and jacobian else None


def targets_sum_to_one(lhs: Expr, rhs: Expr, context: Any) -> list[Fact]:
    """Σ = 1 for every free target: what is false without it may be true with it."""
    sides = [lhs, rhs, *(d.body for d in context.definitions)]
    bases = {base_of(n) for e in sides for n in walk(e) if isinstance(n, Indexed)}
    free = bases - {d.name for d in context.definitions}
    stated = {getattr(f, "base", None) for f in context.facts}
    known = ((b, context.quantity(b)) for b in sorted(free - stated, key=str))
    return [SumsTo(b) for b, q in known if q is not None and q.may_sum_to_one]
