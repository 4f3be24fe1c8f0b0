"""One claim, decided: the two sides read in every plausible way, and the kernel asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from derive.errors import DeriveError
from derive.judge import examples, functions, tree, variants
from derive.judge.cautions import (
    apart,
    independent,
    on_the_diagonal,
    reached,
    targets_sum_to_one,
    vacuous,
)
from derive.judge.claims import Claim
from derive.judge.elaborate import Elaborator
from derive.judge.judgement import Judgement
from derive.judge.limits import OutOfTime, limited
from derive.judge.model import Model
from derive.judge.readings import Reading, readings
from derive.judge.scope import Scope, head, is_loss, shown
from derive.judge.values import Concrete, Meaning, Tensor, fresh_index, same_length
from derive.kernel.decide import decide, established
from derive.kernel.explicit.witness import find_witness
from derive.kernel.facts import DifferentIndex, Fact, SameIndex, words
from derive.kernel.language import Expr, Integer, Partial, Symbol, free_indices, walk
from derive.kernel.verdicts import Status, Verdict
from derive.notation import Range, base_of, index

LATER = 2.0  # seconds for what is defined further on


def judge(claim: Claim, model: Model) -> Judgement:
    """The verdict on one claim of a document."""
    if claim.problem is not None:
        return Judgement("unread", why=claim.problem.message)
    if claim.sign not in ("=", ":=", "≈"):
        return Judgement("undecided", why=f"relations with {claim.sign} are not decided")
    scope = model.scope_at(claim.n - (claim.n in model.again))
    if claim.n in model.definitions:
        return _definition(claim, model, scope)
    if claim.n in model.partial:
        return Judgement("definition", why="one case of a definition")
    found = _first(claim, model, scope)
    if claim.n in model.inverses and found.verdict in ("undecided", "unread"):
        return Judgement("definition", why="taken as given")
    if claim.n in model.given and found.verdict in ("refuted", "undecided", "unread"):
        return Judgement("definition", why="stated as given")
    if found.verdict != "proved" and claim.n not in model.again:
        found = variants.otherwise(_best, claim, model, found)
    if claim.n in model.again and found.verdict in ("refuted", "undecided", "unread"):
        found = _redefinition(claim, model, found)
    if found.verdict == "refuted" and (dark := model.unread_names(claim, scope)):
        why = f"the definition of {', '.join(map(shown, sorted(dark)))} is not read"
        return Judgement("undecided", why=why, sides=found.sides, context=found.context)
    if found.verdict == "proved" and (empty := vacuous(claim, model, scope, found)):
        return Judgement("undecided", why=empty, sides=found.sides, context=found.context)
    if found.verdict == "refuted" and (open_ := _only_named(claim, scope, found)):
        return Judgement("undecided", why=open_, sides=found.sides, context=found.context)
    return found


def _first(claim: Claim, model: Model, scope: Scope) -> Judgement:
    """As the names stand so far; with what is defined further on if that does not settle it."""
    if not model.forward(claim):
        return _best(claim, model, scope)
    early = _best(claim, model, model.scope_at(claim.n - (claim.n in model.again), forward=False))
    if early.verdict == "proved" or claim.n in model.again:
        return early
    try:
        with limited(LATER):
            late = _best(claim, model, scope)
    except OutOfTime:
        return early
    if late.verdict in ("undecided", "unread") and early.verdict == "refuted":
        return early
    return late


def _only_named(claim: Claim, scope: Scope, judged: Judgement) -> str:
    """Whether one side is just a name with no meaning, which nothing can contradict."""
    for side in claim.trees or ():
        found = head(side)
        if found is None:
            continue
        name = found[0]
        known = {*scope.definitions, *scope.functions, *scope.concrete, *functions.NAMES}
        other = [t for t in claim.trees or () if t is not side]
        if name in scope.assumed and not found[1] and is_loss(name):
            return f"{scope.assumed[name]}, which is not said"
        if name in known or name in ("delta", "1") or any(name in tree.names(t) for t in other):
            fixed = found[1] and _is_number(other[0]) and name not in scope.concrete
            if name in known and fixed:
                return f"this fixes a component of {shown(name)}"
            continue
        if judged.sides and judged.context is not None:
            place = 0 if other and other[0] is (claim.trees or (None,))[0] else 1
            if scope.base(name) in reached(judged.sides[place], judged.context):
                continue  # the other side is made of it
        return f"{shown(name)} is not defined"
    return ""


def _is_number(node: tree.Node) -> bool:
    return isinstance(node, tree.Num)


def _definition(claim: Claim, model: Model, scope: Scope) -> Judgement:
    made = model.definitions[claim.n]
    if made.name in functions.NAMES and made.name not in ("sigma_",):
        plain = replace_scope(scope, made.name)
        found = _best(claim, model, plain)
        if found.verdict == "proved":
            return found
    return Judgement("definition", why=f"introduces {shown(made.name)}")


def replace_scope(scope: Scope, name: str) -> Scope:
    """The names without one definition, so that the usual meaning counts."""
    functions_ = {n: f for n, f in scope.functions.items() if n != name}
    return replace(scope, functions=functions_)


def _redefinition(claim: Claim, model: Model, found: Judgement) -> Judgement:
    made = model.again[claim.n]
    known = made.indices and not made.before and not is_loss(made.name)
    if known and not variants.of_new_names(made, model):
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
        found = _compare(reading, claim, scope, model)
        if reading.note and found.why:
            found = replace(found, why=f"{found.why}; {reading.note}")
        elif reading.note:
            found = replace(found, why=reading.note)
        if best is None or order.index(found.verdict) < order.index(best.verdict):
            best = found
        if best.verdict in ("proved", "conditional"):
            break
    return best or Judgement("unread", why=problem)


def _compare(reading: Reading, claim: Claim, scope: Scope, model: Model) -> Judgement:
    if reading.square:
        return variants.square(_compare, reading, claim, scope, model)
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
            found = variants.for_one(_compare, (lhs, rhs), reading, claim, scope, model)
            if found.verdict not in ("proved", "conditional") or examples.about_one(claim):
                return found
            return Judgement("undecided", why="this holds for a batch of one example only")
        return Judgement("undecided", why=f"{lhs.rank} indices on the left, {rhs.rank} right")
    lengths = [a.length or b.length for a, b in zip(lhs.axes, rhs.axes, strict=True)]
    if all(lengths):
        if any(a.length != b.length for a, b in zip(lhs.axes, rhs.axes, strict=True)):
            return Judgement("undecided", why="the two sides have different lengths")
        from itertools import product as every

        for where in every(*(range(1, (n or 0) + 1) for n in lengths)):
            at = tuple(Integer(n) for n in where)
            found = _scalars(lhs.entry(at), rhs.entry(at), reading, claim, scope, model)
            if found.verdict != "proved":
                place = ",".join(map(str, where))
                return replace(found, why=f"component {place}: {found.why}")
        return Judgement("proved")
    if not all(same_length(a, b) for a, b in zip(lhs.axes, rhs.axes, strict=True)):
        return variants.square(_compare, reading, claim, scope, model)
    if examples.about_one(claim) and examples.batch(lhs, rhs):
        return variants.for_one(_compare, (lhs, rhs), reading, claim, scope, model)
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
    from derive.judge.numbers import compare, is_numeric

    if is_numeric(lhs, scope) and is_numeric(rhs, scope):
        return compare(lhs, rhs, claim, scope, _results(claim, model))
    if claim.sign == "≈":
        return Judgement("undecided", why="how close ≈ means is not said")
    facts = [*conditions(claim, lhs, rhs), *model.facts_at(claim)]
    ranges = _ranges(lhs, rhs, reading.reader, scope, facts)
    context = scope.context(ranges, (lhs, rhs))
    context = context.with_facts(*facts)
    one = variants.of_one_example(_compare, (lhs, rhs), reading, claim, scope, model, context)
    if one is not None:
        return one
    try:
        found = decide(lhs, rhs, context)
    except (
        DeriveError,
        ArithmeticError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        return Judgement("undecided", why=f"{type(error).__name__}: {error}")
    if not found.holds and (free := _by_name(lhs, rhs, context)) is not None:
        return free
    if found.status is Status.REFUTED and (case := apart(claim, model)) is not None:
        again = decide(lhs, rhs, context.with_facts(case))
        if again.holds:
            why = "the case i = j stands on a line of its own"
            return replace(_said(again, lhs, rhs, context), why=why)
    if found.status is Status.REFUTED and (totals := targets_sum_to_one(lhs, rhs, context)):
        witness = find_witness(lhs, rhs, context, conditions=(*context.facts, *totals))
        if witness is None:
            return Judgement("undecided", why="no counterexample in which the targets sum to 1")
        found = replace(found, witness=witness)
    if found.status is Status.REFUTED and (loose := independent(lhs, rhs, context)):
        return Judgement("undecided", why=loose, sides=(lhs, rhs), context=context)
    return _said(found, lhs, rhs, context)


def _by_name(lhs: Expr, rhs: Expr, context: Any) -> Judgement | None:
    """∂L/∂q_i for a named q: whatever q is made of, if the line holds for every q."""
    bases = {base_of(n.var) for e in (lhs, rhs) for n in walk(e) if isinstance(n, Partial)}
    kept = tuple(d for d in context.definitions if d.name not in bases)
    if len(bases) != 1 or len(kept) == len(context.definitions):
        return None
    found = established(lhs, rhs, replace(context, definitions=kept))
    return _said(found, lhs, rhs, context) if found.holds else None


def _results(claim: Claim, model: Model) -> frozenset[str]:
    """The decimals that stand as results of claims before this one."""
    return frozenset(
        t.text for c in model.document.claims if c.n < claim.n and c.chain != claim.chain
        for t in c.tokens[1] if t.kind == "num" and "." in t.text and len(c.tokens[1]) < 60
    )  # fmt: skip


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

    if s == K or s in scope.axes.sizes.values():
        return True
    return ("size", s.name) in scope.axes.parent and s.name not in scope.letters
