"""Names: write a definition out, fold it back, and use what another derivation has shown."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from sympy import Function
from sympy.core.function import AppliedUndef

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
    Symbol,
    delta,
    exp,
    free_indices,
    log,
    substitute,
    walk,
)
from derive.kernel.matching import alike, divided, match
from derive.kernel.rule import Example, rule
from derive.notation import K, a, i, j, k, l, p, q, shift, z

if TYPE_CHECKING:
    from derive.kernel.derivation import Derivation

S = Sum(exp(z[k]), (k, 1, K))
_F = Function("f", positive=True)
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
    """A definition of this context, one value f(…) of it, or an earlier result."""
    source = getattr(name, "made", name)
    if hasattr(source, "equation"):
        _same_ground(source, context)
        return Definition(source.equation.lhs, source.equation.rhs)
    if isinstance(name, AppliedUndef):
        known = context.definition_of(name)
        return Definition(name, known.applied(name)) if known else None
    return next((d for d in context.definitions if d.name == name), None)


def _instances(definition: Definition, node: Expr) -> list[Expr]:
    """Instances of the left side with the indices that occur in the node, in order."""
    if not isinstance(definition.lhs, Indexed):
        return [definition.lhs]
    places = [w for n in walk(node) if isinstance(n, Indexed) for w in n.indices]
    bound = free_indices(node)
    seen = [w for w in dict.fromkeys(places) if w.free_symbols <= bound]
    places_each = product(seen, repeat=len(definition.lhs.indices))
    return [definition.lhs.base[where] for where in places_each]


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


@rule(
    title="earlier derivation at another input",
    law=r"f(x) = g(x) \text{ for every } x \Rightarrow f(a) = g(a)",
    words="shown in an earlier derivation for every input",
    domain="the input is free in the earlier result: neither defined nor assumed to be anything",
    reference="the derivation that is named",
    example=Example(
        log(exp(-a) / S),
        -a - log(S),
        (Equation(log(exp(shift) / S), shift - log(S)), shift, -a),
    ),
    refuses=Example(
        log(exp(-a)) * S,
        log(exp(-a)) * S,
        (Equation(log(exp(shift) / S), shift - log(S)), shift, -a),
    ),
)
def cite_at(
    node: Expr, context: Context, source: Any, variable: Symbol, value: Expr, direction: str = ""
) -> Any:
    """An earlier equation, with another real expression for its free real variable."""
    known = _for_every(source, variable, context)
    if not value.is_real:
        return None
    sides = [substitute(side, {variable: value}) for side in known.args]
    if direction == "backwards":
        sides.reverse()
    whole = rewrite.act(node, context, Equation(*sides))
    if whole is not None or not (isinstance(node, Mul) and isinstance(sides[0], Mul)):
        return whole
    rest = divided(node, sides[0])  # its factors among others
    return None if rest is None else rest * sides[1]


@rule(
    title="chain rule for a function of one variable",
    law=r"\frac{\partial}{\partial z} f(g) = f'(g)\,\frac{\partial g}{\partial z}",
    words="the derivative of the outer function is known from an earlier derivation",
    domain="f is the function of the earlier result, which holds for every input",
    reference="DLMF 1.4(iii)",
    example=Example(
        Partial(_F(2 * z[i]), z[j]),
        2 * _F(2 * z[i]) * Partial(2 * z[i], z[j]),
        (Equation(Partial(_F(shift), shift), 2 * _F(shift)),),
        Context().with_definitions(Definition(_F(shift), exp(2 * shift))),
    ),
    refuses=Example(
        Partial(exp(2 * z[i]), z[j]),
        Partial(exp(2 * z[i]), z[j]),
        (Equation(Partial(_F(shift), shift), 2 * _F(shift)),),
        Context().with_definitions(Definition(_F(shift), exp(2 * shift))),
    ),
)
def outer_derivative(node: Expr, context: Context, source: Any) -> Expr | None:
    if not isinstance(node, Partial) or not isinstance(node.expr, AppliedUndef):
        return None
    equation = source if isinstance(source, Equation) else getattr(source, "made", source).equation
    known = _for_every(source, equation.lhs.var, context)
    outer: AppliedUndef = known.lhs.expr
    if node.expr.func != outer.func or outer.args != (known.lhs.var,):
        return None
    (inner,) = node.expr.args
    return substitute(known.rhs, {known.lhs.var: inner}) * Partial(inner, node.var)


def _for_every(source: Any, variable: Symbol, context: Context) -> Equation:
    """An earlier equation that holds for every value of a real variable."""
    made: Any = getattr(source, "made", source)
    if isinstance(made, Equation):
        return made
    _same_ground(made, context)
    loose = [d for d in made.definitions if variable in d.body.free_symbols - set(d.parameters)]
    if loose or made.facts or not variable.is_real or variable.is_positive:
        raise RuleDoesNotApply(
            f"{variable} is not free in {made.name}",
            hint="only a variable that nothing defines or restricts may be replaced",
        )
    return made.equation


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
