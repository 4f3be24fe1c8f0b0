"""One claim, decided: the two sides read in every plausible way, and the kernel asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from derive.errors import DeriveError
from derive.judge import tree
from derive.judge.claims import Claim
from derive.judge.elaborate import Elaborator
from derive.judge.model import Model, variable_of
from derive.judge.patterns import free_letters
from derive.judge.scope import Scope
from derive.judge.values import Concrete, Meaning, Tensor, Value, elementwise, fresh_index
from derive.kernel.decide import decide
from derive.kernel.facts import DifferentIndex, Fact, SameIndex, words
from derive.kernel.language import Expr, Integer, Symbol, free_indices
from derive.kernel.verdicts import Status, Verdict, Witness
from derive.notation import Range, index


@dataclass(frozen=True)
class Judgement:
    """What is said of one claim."""

    verdict: str
    condition: str = ""
    witness: Witness | None = None
    why: str = ""
    sides: tuple[Expr, Expr] | None = None
    context: Any = None
    conditions: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One way to read a claim."""

    lhs: Value
    rhs: Value
    reader: Elaborator
    note: str = ""


def judge(claim: Claim, model: Model) -> Judgement:
    """The verdict on one claim of a document."""
    if claim.problem is not None:
        return Judgement("unread", why=claim.problem.message)
    if claim.sign not in ("=", ":=", "≈"):
        return Judgement("undecided", why=f"relations with {claim.sign} are not decided")
    scope = model.scope_at(claim.n - (claim.n in model.again))
    if claim.n in model.definitions:
        return _definition(claim, model, scope)
    found = _best(claim, model, scope)
    if claim.n in model.again and found.verdict in ("refuted", "undecided"):
        return _redefinition(claim, model, found)
    return found


def _definition(claim: Claim, model: Model, scope: Scope) -> Judgement:
    made = model.definitions[claim.n]
    return Judgement("definition", why=f"introduces {made.name}")


def _redefinition(claim: Claim, model: Model, found: Judgement) -> Judgement:
    made = model.again[claim.n]
    if made.indices and not made.before:
        return found
    return Judgement("definition", why=f"{made.name} is defined again from here on")


def _best(claim: Claim, model: Model, scope: Scope) -> Judgement:
    """The most favourable verdict among the readings that make sense; none is invented."""
    best: Judgement | None = None
    problem = ""
    order = ["proved", "conditional", "refuted", "undecided", "unread"]
    for reading in readings(claim, model, scope):
        if isinstance(reading, str):
            problem = problem or reading
            continue
        found = _compare(reading, claim, scope)
        if reading.note and found.why:
            found = replace(found, why=f"{found.why}; {reading.note}")
        elif reading.note:
            found = replace(found, why=reading.note)
        if best is None or order.index(found.verdict) < order.index(best.verdict):
            best = found
        if best.verdict in ("proved", "conditional"):
            break
    return best or Judgement("unread", why=problem)


def readings(claim: Claim, model: Model, scope: Scope) -> Iterator[Reading | str]:
    """Column vectors first, then row vectors where there are any."""
    assert claim.trees is not None
    chain = [c for c in model.document.claims if c.chain == claim.chain]
    by = variable_of(chain)
    left, right = claim.trees
    for rows in (False, True):
        outside = [free_letters(right) - free_letters(left), free_letters(left)]
        reader = Elaborator(scope, claim.chain, rows, scalars_only=_numeric_only(claim))
        try:
            if by is not None:
                value = Elaborator(scope, claim.chain).value(by)
                reader.primes = value if isinstance(value, Expr) else None
            reader.outside = frozenset(free_letters(right))
            lhs = reader.value(left)
            reader.outside = frozenset(free_letters(left))
            rhs = reader.value(right)
            note = "read with row vectors" if rows else ""
            yield Reading(lhs, rhs, reader, note)
        except Meaning as error:
            yield error.message
        except Concrete:
            yield "a vector of numbers is asked for a component that is a letter"
        except (DeriveError, ArithmeticError, ValueError, TypeError, AttributeError) as error:
            yield f"not read: {error}"
        del outside
        if not _has_arrays(claim, scope):
            return


def _numeric_only(claim: Claim) -> bool:
    """Whether only numbers stand below letters: then they are names, not components."""
    for side in claim.trees or ():
        for node in tree.walk(side):
            if isinstance(node, tree.Big):
                return False
            if isinstance(node, tree.Dots | tree.Matrix):
                return False
            if isinstance(node, tree.Sub) and not all(
                isinstance(i, tree.Num) for i in node.indices
            ):
                return False
    return True


def _has_arrays(claim: Claim, scope: Scope) -> bool:
    return any(
        isinstance(n, tree.Turned | tree.Nabla) or (isinstance(n, tree.Name) and (
            n.bold or n.text in scope.arity or n.text.lower() in scope.arity))
        for side in claim.trees or () for n in tree.walk(side)
    )  # fmt: skip


def _compare(reading: Reading, claim: Claim, scope: Scope) -> Judgement:
    lhs, rhs, reader = reading.lhs, reading.rhs, reading.reader
    if isinstance(lhs, Tensor) != isinstance(rhs, Tensor):
        tensor = lhs if isinstance(lhs, Tensor) else rhs
        assert isinstance(tensor, Tensor)
        return Judgement("undecided", why="a vector stands on one side and a number on the other")
    try:
        if isinstance(lhs, Tensor) and isinstance(rhs, Tensor):
            return _tensors(lhs, rhs, reading, claim, scope)
        assert isinstance(lhs, Expr) and isinstance(rhs, Expr)
        return _scalars(lhs, rhs, reader, claim, scope)
    except Meaning as error:
        return Judgement("unread", why=error.message)
    except Concrete:
        return Judgement("undecided", why="a vector of numbers against symbols")


def _tensors(
    lhs: Tensor, rhs: Tensor, reading: Reading, claim: Claim, scope: Scope
) -> Judgement:
    if lhs.rank != rhs.rank:
        return Judgement("undecided", why=f"{lhs.rank} indices on the left, {rhs.rank} right")
    lengths = [a.length or b.length for a, b in zip(lhs.axes, rhs.axes, strict=True)]
    if all(lengths):
        if any(a.length != b.length for a, b in zip(lhs.axes, rhs.axes, strict=True)):
            return Judgement("undecided", why="the two sides have different lengths")
        from itertools import product as every

        for where in every(*(range(1, (n or 0) + 1) for n in lengths)):
            at = tuple(Integer(n) for n in where)
            found = _scalars(lhs.entry(at), rhs.entry(at), reading.reader, claim, scope)
            if found.verdict != "proved":
                place = ",".join(map(str, where))
                return replace(found, why=f"component {place}: {found.why}")
        return Judgement("proved")
    where_ = tuple(fresh_index() for _ in lhs.axes)
    for w, a, b in zip(where_, lhs.axes, rhs.axes, strict=True):
        axis = a if a.length is None else b
        reading.reader.spans[w] = axis
    return _scalars(lhs.entry(where_), rhs.entry(where_), reading.reader, claim, scope)


def _scalars(
    lhs: Expr, rhs: Expr, reader: Elaborator, claim: Claim, scope: Scope
) -> Judgement:
    from derive.judge.numbers import compare, is_numeric

    if is_numeric(lhs, scope) and is_numeric(rhs, scope):
        return compare(lhs, rhs, claim, scope)
    if claim.sign == "≈":
        return Judgement("undecided", why="how close ≈ means is not said")
    facts = list(conditions(claim, lhs, rhs, scope))
    ranges = _ranges(lhs, rhs, reader, scope, facts)
    context = scope.context(ranges, (lhs, rhs))
    context = context.with_facts(*facts)
    try:
        found = decide(lhs, rhs, context)
    except (DeriveError, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError) as error:
        return Judgement("undecided", why=f"{type(error).__name__}: {error}")
    return _said(found, lhs, rhs, context)


def _said(found: Verdict, lhs: Expr, rhs: Expr, context: Any) -> Judgement:
    condition = " and ".join(words(f) for f in found.conditions)
    names = {
        Status.PROVED: "proved", Status.CONDITIONAL: "conditional",
        Status.REFUTED: "refuted", Status.UNDECIDED: "undecided",
    }  # fmt: skip
    return Judgement(
        names[found.status], condition, found.witness, found.why, (lhs, rhs), context,
        found.conditions,
    )  # fmt: skip


def conditions(claim: Claim, lhs: Expr, rhs: Expr, scope: Scope) -> Iterator[Fact]:
    """What the author states for this line: i = j, i ≠ j; and what the document states."""
    free = {s.name for s in free_indices(lhs) | free_indices(rhs)}
    for rel in claim.conditions:
        if not isinstance(rel.left, tree.Name) or not isinstance(rel.right, tree.Name):
            continue
        if rel.left.text in free and rel.right.text in free:
            kind = SameIndex if rel.sign == "=" else DifferentIndex
            yield kind(index(rel.left.text), index(rel.right.text))
    yield from scope.facts


def _ranges(
    lhs: Expr, rhs: Expr, reader: Elaborator, scope: Scope, facts: list[Fact]
) -> dict[Symbol, Range]:
    """The range of every index: those of the claim by their places, others over the classes."""
    from derive.notation import ONE, K

    out: dict[Symbol, Range] = {}
    exprs = [lhs, rhs, *(e for d in scope.definitions.values() for e in (d.lhs, d.body))]
    for e in exprs:
        for s in free_indices(e):
            if s.is_integer and s not in out and not _is_size(s, scope):
                if s in reader.spans:
                    out[s] = Range(ONE, reader.spans[s].upper)
                elif s in reader.places:
                    out[s] = Range(ONE, scope.size(reader.places[s][0]))
                else:
                    out[s] = Range(ONE, K)
    return out


def _is_size(s: Symbol, scope: Scope) -> bool:
    from derive.notation import K

    if s == K:
        return True
    return ("size", s.name) in scope.axes.parent and s.name not in scope.letters
