"""The letters of a numerical form: a free index is bound nowhere, and a shifted copy is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from derive.kernel.derivation import Derivation
from derive.kernel.language import Basic, Ranged, Symbol, free_indices, walk
from derive.notation import INDEX_RANGES, K, i, j, k, l
from derive.render.assumptions import formula
from derive.render.prose import Prose

TILDE = "\N{COMBINING TILDE}"
LETTERS = (k, j, l, i)
Node = TypeVar("Node", bound=Basic)


def with_own_letters(form: Derivation) -> Derivation:
    """The same lines; where a letter is free in one, no sum of another has it for its index."""
    free = frozenset(s for line in _lines(form) for s in free_indices(line))
    if not any(s in INDEX_RANGES for s in free):
        return form
    steps = tuple(
        replace(s, before=_own(s.before, free), after=_own(s.after, free)) for s in form.steps
    )
    start, conclusion = _own(form.start, free), _own(form.conclusion, free)
    made = replace(form, start=start, steps=steps, conclusion=conclusion)
    made.__dict__["evidence"] = form.evidence  # the name of a bound letter changes no claim
    return made


def _lines(form: Derivation) -> list[Basic]:
    return [form.start, *(step.after for step in form.steps)]


def _own(expr: Node, taken: frozenset[Symbol]) -> Node:
    """Every sum with a letter that is not taken outside it."""
    if not expr.has(Ranged):
        return expr
    if isinstance(expr, Ranged):
        usual = INDEX_RANGES.get(expr.index)
        strange = expr.upper == K and (usual is None or usual.upper != K)
        if expr.index in taken or strange:
            used = taken | {n for n in walk(expr) if isinstance(n, Symbol)}
            expr = expr.rebound(next((s for s in LETTERS if s not in used), expr.index))
        body = _own(expr.body, taken | {expr.index})
        return expr.func(body, (expr.index, expr.lower, expr.upper), *expr.excluded)
    outer = _outermost(expr)
    return expr.xreplace({n: _own(n, taken) for n in outer})


def _outermost(expr: Basic) -> list[Ranged]:
    if isinstance(expr, Ranged):
        return [expr]
    return [n for part in expr.args if isinstance(part, Basic) for n in _outermost(part)]


def copies(form: Derivation) -> Iterable[Prose]:
    """``p̃ is p with every exponent shifted by s``, for each shifted copy."""
    context = form.context
    names = {str(d.name): d for d in form.definitions}
    for name, copy in names.items():
        old = names.get(name.removesuffix(TILDE))
        if not name.endswith(TILDE) or old is None:
            continue
        shifts = sorted(_symbols(copy.body) - _symbols(old.body), key=str)
        where = (" by ", formula(shifts[0], context)) if len(shifts) == 1 else ()
        yield (
            formula(copy.name, context), " is ", formula(old.name, context),
            " with every exponent shifted", *where, ", which leaves its value as it is.",
        )  # fmt: skip


def _symbols(expr: Basic) -> set[Symbol]:
    return {n for n in walk(expr) if isinstance(n, Symbol)} - {
        n.index for n in walk(expr) if isinstance(n, Ranged)
    }
