"""One claim, decided: the two sides read in every plausible way, and the kernel asked."""

from __future__ import annotations

from dataclasses import replace

from derive.judge import functions, tree, variants
from derive.judge.cautions import reached, vacuous
from derive.judge.claims import Claim
from derive.judge.judgement import Judgement
from derive.judge.limits import OutOfTime, limited
from derive.judge.model import Model
from derive.judge.readings import readings
from derive.judge.relations import DECIDED, EQUAL
from derive.judge.scope import Scope, head, is_loss, shown
from derive.judge.sides import compared

LATER = 2.0  # seconds for what is defined further on


def judge(claim: Claim, model: Model) -> Judgement:
    """The verdict on one claim of a document."""
    if claim.problem is not None:
        return Judgement("unread", why=claim.problem.message)
    if claim.sign not in DECIDED:
        return Judgement("undecided", why=f"relations with {claim.sign} are not decided")
    scope = model.scope_at(claim.n - (claim.n in model.again))
    if claim.n in model.definitions:
        return _definition(claim, model, scope)
    if claim.n in model.partial:
        return Judgement("definition", why="one case of a definition")
    found = _first(claim, model, scope)
    if claim.sign not in EQUAL and found.verdict != "proved" and stated(claim, scope):
        return Judgement("definition", why="stated as given")
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


def stated(claim: Claim, scope: Scope) -> bool:
    """z_i > z_j, 0 < x, K ≥ 2: only names that nothing defines, and numbers."""
    known = {*scope.definitions, *scope.functions, *scope.concrete, *functions.NAMES}
    return any(head(side) for side in claim.trees or ()) and all(
        _is_number(side) or ((found := head(side)) is not None and found[0] not in known
                             and found[2] is None)
        for side in claim.trees or ()
    )  # fmt: skip


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
        found = compared(reading, claim, scope, model)
        if reading.note and found.why:
            found = replace(found, why=f"{found.why}; {reading.note}")
        elif reading.note:
            found = replace(found, why=reading.note)
        if best is None or order.index(found.verdict) < order.index(best.verdict):
            best = found
        if best.verdict in ("proved", "conditional"):
            break
    return best or Judgement("unread", why=problem)
