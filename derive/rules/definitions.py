"""Names: write a definition out, fold it back, and use what another derivation has shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.errors import RuleDoesNotApply
from derive.kernel.facts import Context, Definition
from derive.kernel.language import (
    Add,
    Equation,
    Expr,
    Indexed,
    Mul,
    Partial,
    Pow,
    Sum,
    delta,
    exp,
    free_indices,
    log,
    substitute,
    walk,
)
from derive.kernel.matching import alike, divided, match
from derive.kernel.rule import Example, rule
from derive.notation import K, i, j, k, l, p, q, z

if TYPE_CHECKING:
    from derive.kernel.derivation import Derivation

S = Sum(exp(z[k]), (k, 1, K))
SOFTMAX = Context().with_definitions(Definition(p[i], exp(z[i]) / S))


@rule(
    title="definition",
    law=r"p_i := \ldots",
    words="the name is written out",
    domain="the name is defined in this derivation",
    reference="a definition",
    example=(p[j] + 1, exp(z[j]) / S + 1),
    refuses=q[j] + 1,
    args=(p,),
    context=SOFTMAX,
)
def expand(node: Expr, context: Context, name: Any) -> Expr | None:
    definition = context.definition_of(node)
    if definition is None or definition.name != name:
        return None
    return definition.applied(node)


@rule(
    title="fold",
    law=r"\ldots =: p_i",
    words="this is the definition (or an earlier result), read backwards",
    domain="the defining expression, or its factors, occur",
    reference="a definition, or the derivation that is named",
    example=(exp(z[i]) * exp(z[j]) / S**2, p[i] * p[j]),
    refuses=exp(z[i]) * S,
    args=(p,),
    context=SOFTMAX,
)
def fold(node: Expr, context: Context, name: Any) -> Expr | None:
    definition = _read_as_definition(name, context)
    if definition is None:
        return None
    for value in _instances(definition, node):
        body = definition.applied(value)
        if alike(node, body):
            return value
        if isinstance(body, Mul | Pow | exp) and isinstance(node, Mul):
            rest = divided(node, body)
            if rest is not None:
                again = fold.act(rest, context, name) if rest != 1 else rest
                return value * (rest if again is None else again)
        if not isinstance(node, Add) and body.could_extract_minus_sign() and alike(-node, body):
            return -value
    return None


def _read_as_definition(name: Any, context: Context) -> Definition | None:
    """A definition of this context, or an earlier result that expresses one component."""
    source = getattr(name, "made", name)
    if hasattr(source, "equation"):
        _same_ground(source, context)
        return Definition(source.equation.lhs, source.equation.rhs)
    return next((d for d in context.definitions if d.name == name), None)


def _instances(definition: Definition, node: Expr) -> list[Expr]:
    """Instances of the left side with the indices that occur in the node, in order."""
    if not isinstance(definition.lhs, Indexed):
        return [definition.lhs]
    places = [w for n in walk(node) if isinstance(n, Indexed) for w in n.indices]
    bound = free_indices(node)
    seen = [w for w in dict.fromkeys(places) if w.free_symbols <= bound]
    return [definition.lhs.base[w] for w in seen] if len(definition.lhs.indices) == 1 else []


@rule(
    title="earlier result",
    law=r"\text{an equation that has been derived}",
    words="shown before",
    domain="an instance of the earlier equation's left side occurs, under the same definitions",
    reference="the derivation that is named",
    example=Example(
        z[j] * p[j], z[j] * (exp(z[j]) / S), (Equation(p[i], exp(z[i]) / S),), SOFTMAX
    ),
    refuses=Example(q[j], q[j], (Equation(p[i], exp(z[i]) / S),), SOFTMAX),
)
def rewrite(node: Expr, context: Context, known: Equation) -> Expr | None:
    letters = frozenset(free_indices(known.lhs) - {K})
    found = match(known.lhs, node, letters)
    return None if found is None else substitute(known.rhs, found)


@rule(
    title="earlier derivation",
    law=r"\text{a derived result}",
    words="shown in an earlier derivation",
    domain="its left side occurs, its definitions are the same, its facts are assumed here",
    reference="the derivation that is named",
    example=Example(
        Partial(log(p[l]), z[j]),
        delta(l, j) - p[j],
        (Equation(Partial(log(p[i]), z[j]), delta(i, j) - p[j]),),
        SOFTMAX,
    ),
    refuses=Example(
        Partial(q[l], z[j]),
        Partial(q[l], z[j]),
        (Equation(Partial(log(p[i]), z[j]), delta(i, j) - p[j]),),
        SOFTMAX,
    ),
)
def cite(node: Expr, context: Context, source: Any, direction: str = "") -> Expr | None:
    if isinstance(source, Equation):
        known = source
    else:
        made: Derivation = getattr(source, "made", source)
        _same_ground(made, context)
        known = made.equation
    if direction == "backwards":
        known = Equation(known.rhs, known.lhs)
    return rewrite.act(node, context, known)


def _same_ground(made: Derivation, context: Context) -> None:
    """A result may be used only where what it rests on is in force."""
    missing = [d for d in made.definitions if d not in context.definitions]
    if missing:
        raise RuleDoesNotApply(
            f"{made.name} rests on {missing[0].lhs} := {missing[0].body}, not defined here",
            hint="define the same quantities before citing it",
        )
    loose = [f for f in made.facts if f not in context.facts]
    if loose:
        raise RuleDoesNotApply(
            f"{made.name} assumes a fact that is not assumed here: {loose[0]}",
            hint="state it with d.assume(…)",
        )
