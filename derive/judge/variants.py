"""A claim in another light: as first defined, with all lengths one, for a single example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from derive.judge import examples, tree
from derive.judge.claims import Claim
from derive.judge.declarations import Declared
from derive.judge.judgement import Judgement
from derive.judge.model import Model
from derive.judge.readings import Reading
from derive.judge.scope import Scope
from derive.judge.values import Tensor
from derive.kernel.language import Expr

Best: TypeAlias = Callable[[Claim, Model, Scope], Judgement]
Compare: TypeAlias = Callable[[Reading, Claim, Scope, Model], Judgement]
_ONE = "for one example"


def otherwise(best_of: Best, claim: Claim, model: Model, found: Judgement) -> Judgement:
    """The verdict with a name as it was first defined, where that is the better one."""
    order = ["proved", "conditional"] + ["refuted"] * (found.verdict == "unread")
    best = order.index(found.verdict) if found.verdict in order else len(order)
    for other, note in model.alternatives(claim):
        again = best_of(claim, model, other)
        if again.verdict in order[:best]:
            best = order.index(again.verdict)
            found = replace(again, why="; ".join(filter(None, (again.why, note))))
        if best == 0:
            break
    return found


def of_new_names(made: Declared, model: Model) -> bool:
    """η_i = θ_iᵀx, where nothing has been said of θ or x: a model, not a claim."""
    before = [t for c in model.document.claims if c.n < made.claim for t in c.trees or ()]
    earlier = {x for t in before for x in tree.names(t)}
    own = {x for i in made.indices for x in tree.names(i)}
    new = tree.names(made.body) - own
    return bool(new) and not new & earlier


def square(
    compare: Compare, reading: Reading, claim: Claim, scope: Scope, model: Model
) -> Judgement:
    """Where lengths do not fit, the claim can still be wrong even if all of them are one."""
    one, sides = examples.of_one_length(scope, reading.lhs, reading.rhs)
    alike = replace(reading, lhs=sides[0], rhs=sides[1], square=False)
    found = compare(alike, claim, one, model)
    if found.verdict == "refuted":
        return replace(found, why=f"the lengths of the factors do not fit; {found.why}")
    if found.verdict in ("proved", "conditional") and scope.axes.sizes:
        return replace(found, why="lengths of which nothing is said taken to be the same")
    return Judgement("undecided", why="the lengths of the factors do not fit")


def for_one(
    compare: Compare, sides: tuple[Tensor, Tensor], reading: Reading, claim: Claim, scope: Scope,
    model: Model,
) -> Judgement:  # fmt: skip
    """The claim for a batch of one example, whose only row stands for it."""
    lhs, rhs = sides
    size = examples.batch(lhs, rhs)
    assert size is not None
    rows = [v if lhs.rank == rhs.rank == 2 else examples.row_of(v) for v in (lhs, rhs)]
    one = [examples.with_one(v, size) for v in rows]
    alone = examples.scope_of_one(scope, size)
    found = compare(replace(reading, lhs=one[0], rhs=one[1]), claim, alone, model)
    return replace(found, why="; ".join(filter(None, (found.why, "for one example"))))


def of_one_example(
    compare: Compare, sides: tuple[Expr, Expr], reading: Reading, claim: Claim, scope: Scope,
    model: Model, context: Any,
) -> Judgement | None:  # fmt: skip
    """The claim for one example, where one side is about all and the other about one."""
    notes = reading.reader.notes
    pairs = examples.mixed(*sides, scope, context) if _ONE not in notes else {}
    if not pairs:
        return None
    notes.append(_ONE)
    alone = examples.first_example(scope, pairs)
    left, right = (examples.first_example_of(e, scope, pairs) for e in sides)
    found = compare(replace(reading, lhs=left, rhs=right), claim, alone, model)
    if found.verdict in ("proved", "conditional") and not examples.about_one(claim):
        return Judgement("undecided", why="this holds for one example, not for their sum")
    return replace(found, why="; ".join(filter(None, (found.why, _ONE))))
