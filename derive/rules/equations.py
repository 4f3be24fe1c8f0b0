"""What is done to both sides of an equation."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import Add, Equation, Expr, Pow, Sum, Symbol, exp, log
from derive.kernel.matching import divided
from derive.kernel.rule import Line, rule
from derive.notation import K, eta, i, phi, x, y

E = Sum(exp(eta[i]), (i, 1, K - 1))


@rule(
    title="exponential of both sides",
    law=r"a = b \Rightarrow e^{a} = e^{b}",
    words="exp is applied to both sides",
    domain="everywhere",
    reference="substitution",
    example=(
        Equation(eta[i], log(phi[i] / phi[K])),
        Equation(exp(eta[i]), phi[i] / phi[K]),
    ),
    refuses=eta[i],
)
def exponentiate(node: Line, context: Context) -> Line | None:
    if not isinstance(node, Equation):
        return None
    return Equation(exp(node.lhs), exp(node.rhs))


@rule(
    title="logarithm of both sides",
    law=r"a = b \Rightarrow \log a = \log b",
    words="the logarithm is taken of both sides",
    domain="both sides positive",
    reference="substitution",
    example=(
        Equation(exp(eta[i]), phi[i] / phi[K]),
        Equation(eta[i], log(phi[i] / phi[K])),
    ),
    refuses=Equation(eta[i], phi[i] / phi[K]),
)
def take_logarithm(node: Line, context: Context) -> Line | None:
    if not isinstance(node, Equation) or not node.lhs.is_positive:
        return None
    return Equation(log(node.lhs), log(node.rhs))


@rule(
    title="both sides times a factor",
    law=r"a = b \Rightarrow c\,a = c\,b",
    words="both sides are multiplied by the same factor",
    domain=r"everywhere (reversible where $c \neq 0$)",
    reference="substitution",
    example=(
        Equation(exp(eta[i]), phi[i] / phi[K]),
        Equation(phi[K] * exp(eta[i]), phi[i]),
    ),
    refuses=eta[i],
    args=(phi[K],),
)
def multiply_both_sides(node: Line, context: Context, factor: Expr) -> Line | None:
    if not isinstance(node, Equation):
        return None
    return Equation(factor * node.lhs, factor * node.rhs)


@rule(
    title="sum of both sides",
    law=r"a_i = b_i \text{ for all } i \Rightarrow \sum_i a_i = \sum_i b_i",
    words="the equations for all values of the index are added up",
    domain="the equation holds for every index of the range",
    reference="substitution",
    example=(
        Equation(x[i], y[i]),
        Equation(Sum(x[i], (i, 1, K - 1)), Sum(y[i], (i, 1, K - 1))),
    ),
    refuses=x[i],
    args=(i, 1, K - 1),
)
def sum_both_sides(
    node: Line, context: Context, letter: Symbol, lower: Expr, upper: Expr
) -> Line | None:
    if not isinstance(node, Equation):
        return None
    limits = (letter, lower, upper)
    return Equation(Sum(node.lhs, limits), Sum(node.rhs, limits))


@rule(
    title="sides exchanged",
    law=r"a = b \Rightarrow b = a",
    words="the sides are exchanged",
    domain="everywhere",
    reference="symmetry of equality",
    example=(Equation(x[i], y[i]), Equation(y[i], x[i])),
    refuses=x[i],
)
def exchange(node: Line, context: Context) -> Line | None:
    return Equation(node.rhs, node.lhs) if isinstance(node, Equation) else None


@rule(
    title="solve a linear equation",
    law=r"a\,x = b - c\,x \Rightarrow x = \frac{b}{a + c}",
    words="linear in the unknown: collected on one side and divided",
    domain="both sides linear in the unknown, with a coefficient that is not 0",
    reference="field axioms",
    example=(Equation(phi[K] * E, 1 - phi[K]), Equation(phi[K], 1 / (1 + E))),
    refuses=Equation(phi[K] ** 2, 1 - phi[K]),
    args=(phi[K],),
)
def solve_for(node: Line, context: Context, unknown: Expr) -> Line | None:
    if not isinstance(node, Equation):
        return None
    left, right = _linear(node.lhs, unknown), _linear(node.rhs, unknown)
    if left is None or right is None:
        return None
    slope, offset = left[0] - right[0], right[1] - left[1]
    return None if slope == 0 else Equation(unknown, offset * Pow(slope, -1))


def _linear(expr: Expr, unknown: Expr) -> tuple[Expr, Expr] | None:
    """``(a, b)`` with expr = a·unknown + b, if it is linear."""
    slope, offset = [], []
    for t in Add.make_args(expr):
        if not t.has(unknown):
            offset.append(t)
            continue
        rest = divided(t, unknown)
        if rest is None or rest.has(unknown):
            return None
        slope.append(rest)
    return Add(*slope), Add(*offset)
