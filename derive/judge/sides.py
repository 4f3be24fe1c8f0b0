"""The two sides of one reading, put to the kernel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from derive.errors import DeriveError
from derive.judge import examples, layout, tree, variants
from derive.judge.cautions import (
    apart,
    independent,
    on_the_diagonal,
    reached,
    targets_sum_to_one,
)
from derive.judge.claims import Claim
from derive.judge.elaborate import Elaborator
from derive.judge.inequalities import ORDERS, Given
from derive.judge.judgement import Judgement, said
from derive.judge.model import Model
from derive.judge.numbers import compare, is_numeric
from derive.judge.readings import Reading
from derive.judge.relations import EQUAL, numbers_related, related
from derive.judge.scope import Scope
from derive.judge.state import BySign
from derive.judge.values import Concrete, Meaning, Tensor, fresh_index, same_length
from derive.kernel.decide import decide, established
from derive.kernel.explicit.witness import find_witness
from derive.kernel.facts import Context, DifferentIndex, Fact, Positive, SameIndex
from derive.kernel.language import Expr, Indexed, Integer, Partial, Symbol, free_indices, log, walk
from derive.kernel.verdicts import Status, Verdict
from derive.notation import ONE, Domain, K, Range, base_of, index

REFUSALS = (DeriveError, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError)


def compared(reading: Reading, claim: Claim, scope: Scope, model: Model) -> Judgement:
    if reading.square:
        return variants.square(compared, reading, claim, scope, model)
    lhs, rhs = reading.lhs, reading.rhs
    if isinstance(lhs, Tensor) != isinstance(rhs, Tensor):
        tensor = lhs if isinstance(lhs, Tensor) else rhs
        assert isinstance(tensor, Tensor)
        return Judgement("undecided", why="a vector stands on one side and a number on the other")
    try:
        if isinstance(lhs, Tensor) and isinstance(rhs, Tensor):
            return _tensors(lhs, rhs, reading, claim, scope, model)
        assert isinstance(lhs, Expr)
        assert isinstance(rhs, Expr)
        return _scalars(lhs, rhs, reading, claim, scope, model)
    except Meaning as error:
        return Judgement("unread", why=error.message)
    except Concrete:
        return Judgement("undecided", why="a vector of numbers against symbols")


def _tensors(
    lhs: Tensor, rhs: Tensor, reading: Reading, claim: Claim, scope: Scope, model: Model
) -> Judgement:
    if lhs.rank != rhs.rank:
        if (wide := on_the_diagonal(claim, lhs, rhs)) is not None:
            found = _tensors(lhs, wide, reading, claim, scope, model)
            if found.verdict == "refuted":
                return replace(found, why="as a diagonal matrix it is not the Jacobian")
        if {lhs.rank, rhs.rank} == {1, 2} and examples.batch(lhs, rhs) is not None:
            found = variants.for_one(compared, (lhs, rhs), reading, claim, scope, model)
            if found.verdict not in ("proved", "conditional") or examples.about_one(claim):
                return found
            return Judgement("undecided", why="this holds for a batch of one example only")
        return Judgement("undecided", why=f"{lhs.rank} indices on the left, {rhs.rank} right")
    lengths = [a.length or b.length for a, b in zip(lhs.axes, rhs.axes, strict=True)]
    if all(lengths):
        if any(a.length != b.length for a, b in zip(lhs.axes, rhs.axes, strict=True)):
            return Judgement("undecided", why="the two sides have different lengths")
        for where in product(*(range(1, (n or 0) + 1) for n in lengths)):
            at = tuple(Integer(n) for n in where)
            found = _scalars(lhs.entry(at), rhs.entry(at), reading, claim, scope, model)
            if found.verdict != "proved":
                place = ",".join(map(str, where))
                return replace(found, why=f"component {place}: {found.why}")
        return Judgement("proved")
    if not all(same_length(a, b) for a, b in zip(lhs.axes, rhs.axes, strict=True)):
        return variants.square(compared, reading, claim, scope, model)
    if examples.about_one(claim) and examples.batch(lhs, rhs):
        return variants.for_one(compared, (lhs, rhs), reading, claim, scope, model)
    where_ = tuple(fresh_index() for _ in lhs.axes)
    sides = lhs.entry(where_), rhs.entry(where_)
    used = {s.name for e in sides for s in e.atoms(Symbol)}
    letters = [index(x) for x in "ijklrst" if x not in used] or list(where_)
    named = dict(zip(where_, letters, strict=False))
    for w, a, b in zip(where_, lhs.axes, rhs.axes, strict=True):
        reading.reader.spans[named.get(w, w)] = a if a.length is None else b
    left, right = (e.xreplace(named) for e in sides)
    return _scalars(left, right, reading, claim, scope, model)


def _scalars(
    lhs: Expr, rhs: Expr, reading: Reading, claim: Claim, scope: Scope, model: Model
) -> Judgement:
    if is_numeric(lhs, scope) and is_numeric(rhs, scope):
        if claim.sign not in EQUAL:
            return numbers_related(lhs, claim.sign, rhs, scope)
        return compare(lhs, rhs, claim, scope, _results(claim, model))
    if claim.sign == "≈":
        return Judgement("undecided", why="how close ≈ means is not said")
    facts = [*conditions(claim, lhs, rhs), *model.facts_at(claim)]
    ranges = _ranges(lhs, rhs, reading.reader, scope, facts)
    context = scope.context(ranges, (lhs, rhs))
    context = context.with_facts(*facts)
    one = variants.of_one_example(compared, (lhs, rhs), reading, claim, scope, model, context)
    if one is not None:
        return one
    first, either = layout.turned(lhs, rhs, context, scope)
    found = _laid_out(lhs, rhs, context, first, reading.reader, claim, model)
    if found.verdict == "refuted" and either:
        other = _laid_out(lhs, rhs, context, either, reading.reader, claim, model)
        if other.verdict != "refuted":
            why = "it is not said whether the first index or the last is over the classes"
            return Judgement("undecided", why=why, sides=(lhs, rhs), context=context)
    return found


def _laid_out(
    lhs: Expr, rhs: Expr, context: Context, bases: set[Any], reader: Elaborator, claim: Claim,
    model: Model,
) -> Judgement:  # fmt: skip
    """The verdict with the first index of these quantities put last."""
    if not bases or claim.reasons:
        return _decided(lhs, rhs, context, reader, claim, model)
    sides, laid = [layout.put(e, bases) for e in (lhs, rhs)], layout.laid_out(context, bases)
    found = _decided(sides[0], sides[1], laid, reader, claim, model)
    return layout.back(found, (lhs, rhs), context, bases)


def _decided(
    lhs: Expr, rhs: Expr, context: Context, reader: Elaborator, claim: Claim, model: Model
) -> Judgement:
    try:
        if claim.sign not in EQUAL:
            return _other(lhs, rhs, context, claim, reader, model)
        found = decide(lhs, rhs, context)
        weaker, demoted = _undemanded(lhs, rhs, context, model.logged(), both=True)
        if found.holds and demoted:
            again = decide(lhs, rhs, weaker)
            found = again if again.holds else found
    except REFUSALS as error:
        return Judgement("undecided", why=f"{type(error).__name__}: {error}")
    return _equal(found, lhs, rhs, context, claim, model)


def _equal(
    found: Verdict, lhs: Expr, rhs: Expr, context: Context, claim: Claim, model: Model
) -> Judgement:
    """What an equality that is not shown may still be."""
    if not found.holds and (free := _by_name(lhs, rhs, context)) is not None:
        return free
    if found.status is Status.REFUTED and (case := apart(claim, model)) is not None:
        again = decide(lhs, rhs, context.with_facts(case))
        if again.holds:
            why = "the case i = j stands on a line of its own"
            return replace(said(again, lhs, rhs, context), why=why)
    if found.status is Status.REFUTED and (totals := targets_sum_to_one(lhs, rhs, context)):
        witness = find_witness(lhs, rhs, context, conditions=(*context.facts, *totals))
        if witness is None:
            return Judgement("undecided", why="no counterexample in which the targets sum to 1")
        found = replace(found, witness=witness)
    if found.status is Status.REFUTED and (loose := independent(lhs, rhs, context)):
        return Judgement("undecided", why=loose, sides=(lhs, rhs), context=context)
    return said(found, lhs, rhs, context)


def _other(
    lhs: Expr, rhs: Expr, context: Context, claim: Claim, reader: Elaborator, model: Model
) -> Judgement:
    """A relation of another kind; what is stated before ⇒ holds where it is looked at."""
    reasons = _reasons(claim, reader)
    if claim.reasons and not _about(reasons, lhs, rhs, context):
        reasons = ()
    context, positive = _undemanded(lhs, rhs, context, model.logged())
    totals = targets_sum_to_one(lhs, rhs, context)
    found = related(lhs, claim.sign, rhs, context, (*totals, *positive), reasons)
    if found.verdict == "refuted" and claim.reasons and not reasons:
        return Judgement("undecided", why="not shown to follow from what stands before ⇒")
    if found.verdict == "refuted" and (loose := independent(lhs, rhs, context)):
        return Judgement("undecided", why=loose, sides=(lhs, rhs), context=context)
    return found


def _reasons(claim: Claim, reader: Elaborator) -> Given:
    """The inequalities before ⇒, read as the names stand in this claim."""
    reader = replace(reader, scalars_only=False)
    found: list[tuple[Expr, str, Expr]] = []
    for c in claim.reasons:
        try:
            left, right = (reader.value(t) for t in c.trees or ())
        except (Meaning, Concrete, BySign, ValueError):
            continue
        if c.sign in ORDERS and isinstance(left, Expr) and isinstance(right, Expr):
            found.append((left, c.sign, right))
    return tuple(found)


def _about(given: Given, lhs: Expr, rhs: Expr, context: Context) -> bool:
    """Whether what is given says something of what the sides are made of."""
    made = reached(lhs, context) | reached(rhs, context)
    return bool(given) and all(reached(a, context) | reached(b, context) <= made
                               for a, _, b in given)  # fmt: skip


def _logged(*sides: Expr) -> set[str]:
    """The names inside logarithms."""
    inside = {b for e in sides for n in e.atoms(log) for b in n.free_symbols | n.atoms(Indexed)}
    return {str(base_of(b)) for b in inside if isinstance(b, Symbol | Indexed)}


def _undemanded(
    lhs: Expr, rhs: Expr, context: Context, defined: set[str], both: bool = False
) -> tuple[Context, list[Fact]]:
    """What is positive only for a logarithm in another line is not so by itself here.

    ``both``: nor is it for a logarithm on one side alone.

    That it is positive may still be tried, and is then named.
    """
    names = (
        defined
        | _logged(*(d.body for d in context.definitions))
        | (_logged(lhs) & _logged(rhs) if both else _logged(lhs, rhs))
    )
    wide = dict(context.quantities)
    for name, q in context.quantities.items():
        if q.domain in (Domain.POSITIVE, Domain.UNIT) and name not in names and not (
            isinstance(q.symbol, Symbol) and q.symbol.is_positive
        ):  # fmt: skip
            wide[name] = replace(q, domain=Domain.REAL)
    changed = [q.symbol for n, q in context.quantities.items() if wide[n] != q]
    return replace(context, quantities=wide), [Positive(b) for b in changed]


def _by_name(lhs: Expr, rhs: Expr, context: Any) -> Judgement | None:
    """∂L/∂q_i for a named q: whatever q is made of, if the line holds for every q."""
    bases = {base_of(n.var) for e in (lhs, rhs) for n in walk(e) if isinstance(n, Partial)}
    kept = tuple(d for d in context.definitions if d.name not in bases)
    if len(bases) != 1 or len(kept) == len(context.definitions):
        return None
    found = established(lhs, rhs, replace(context, definitions=kept))
    return said(found, lhs, rhs, context) if found.holds else None


def _results(claim: Claim, model: Model) -> frozenset[str]:
    """The decimals that stand as results of claims before this one."""
    return frozenset(
        t.text for c in model.document.claims if c.n < claim.n and c.chain != claim.chain
        for t in c.tokens[1] if t.kind == "num" and "." in t.text and len(c.tokens[1]) < 60
    )  # fmt: skip


def conditions(claim: Claim, lhs: Expr, rhs: Expr) -> Iterator[Fact]:
    """What the author states for this line: i = j, i ≠ j."""
    free = {s.name for s in free_indices(lhs) | free_indices(rhs)}
    for rel in claim.conditions:
        if not isinstance(rel.left, tree.Name) or not isinstance(rel.right, tree.Name):
            continue
        if rel.left.text in free and rel.right.text in free:
            kind = SameIndex if rel.sign == "=" else DifferentIndex
            yield kind(index(rel.left.text), index(rel.right.text))


def _ranges(
    lhs: Expr, rhs: Expr, reader: Elaborator, scope: Scope, facts: list[Fact]
) -> dict[Symbol, Range]:
    """The range of every index: those of the claim by their places, others over the classes."""
    out: dict[Symbol, Range] = {}
    made = scope.resting((lhs, rhs))
    exprs = [lhs, rhs, *(e for d in made for e in (d.lhs, d.body))]
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
    if s == K or s in scope.axes.sizes.values():
        return True
    return ("size", s.name) in scope.axes.parent and s.name not in scope.letters
