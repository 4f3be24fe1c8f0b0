"""Batches with the class index last: Σ = 1 of a target runs over classes, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from derive.judge.judgement import Judgement
from derive.judge.scope import Scope
from derive.kernel.facts import Context, Definition
from derive.kernel.language import Expr, Indexed, Pow, Sum, exp, log, walk
from derive.kernel.verdicts import Witness


def turned(lhs: Expr, rhs: Expr, context: Context, scope: Scope) -> tuple[set[Any], set[Any]]:
    """The targets with two indices of which the first is over classes; those where it may be."""
    names = {str(scope.base(n).label): n for n in scope.arity}
    sides = [lhs, rhs, *(d.body for d in context.definitions)]
    classes = {
        scope.axes.root((names[label], place))
        for side in (lhs, rhs, *(d.body for d in scope.definitions.values()))
        for label, place in _normalised(side) if label in names
    }  # fmt: skip
    first: set[Any] = set()
    either: set[Any] = set()
    for base in {n.base for side in sides for n in walk(side) if isinstance(n, Indexed)}:
        quantity, name = context.quantity(base), names.get(str(base.label))
        if name is None or quantity is None or not quantity.may_sum_to_one:
            continue
        if len(quantity.shape) == 2:
            told = [scope.axes.root((name, n)) in classes for n in (0, 1)]
            if told == [True, False]:
                first.add(base)
            elif told[0] == told[1]:
                either.add(base)
    return first, either


def _normalised(side: Expr) -> Iterator[tuple[str, int]]:
    """Where the index of Σ_k stands in what e^{z_k} / Σ_k e^{z_k} and log Σ_k e^{z_k} sum."""
    for node in walk(side):
        total = node.args[0] if isinstance(node, Pow | log) else None
        if not isinstance(total, Sum) or (isinstance(node, Pow) and node.args[1] != -1):
            continue
        if isinstance(node, log) and not total.body.has(exp):
            continue
        for part in walk(total.body):
            if isinstance(part, Indexed) and total.index in part.indices:
                yield str(part.base.label), part.indices.index(total.index)


def put(expr: Expr, bases: set[Any]) -> Expr:
    """The two indices of these quantities, exchanged."""
    return expr.replace(
        lambda n: isinstance(n, Indexed) and n.base in bases,
        lambda n: n.base[tuple(reversed(n.indices))],
    )


def laid_out(context: Context, bases: set[Any]) -> Context:
    """The same for all that a context says."""
    quantities = dict(context.quantities)
    for base in bases:
        q = quantities[str(base.label)]
        quantities[str(base.label)] = replace(q, shape=tuple(reversed(q.shape)))
    made = tuple(Definition(d.lhs, put(d.body, bases)) for d in context.definitions)
    return replace(context, quantities=quantities, definitions=made)


def back(found: Judgement, sides: tuple[Expr, Expr], context: Context, bases: set[Any]) -> (
    Judgement
):  # fmt: skip
    """What is found for exchanged indices, said of the line as it is written."""
    witness = found.witness and _as_written(found.witness, bases)
    return replace(found, sides=sides, context=context, witness=witness, turned=frozenset(bases))


def _as_written(witness: Witness, bases: set[Any]) -> Witness:
    labels = {str(b.label) for b in bases}

    def name(key: str) -> str:
        label, _, places = key.rpartition("_")
        return f"{label}_{','.join(reversed(places.split(',')))}" if label in labels else key

    return replace(witness, values={name(k): v for k, v in witness.values.items()})
