"""Algebra on one line: multiply out, take factors out, split fractions, cases, signs."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Cases,
    Eq,
    Expr,
    Mul,
    Ne,
    Pow,
    Symbol,
    delta,
    substitute,
    walk,
)
from derive.kernel.matching import divided
from derive.kernel.rule import rule
from derive.notation import i, j, p, q, x, y


@rule(
    title="multiply out",
    law=r"a\,(b + c) = a\,b + a\,c",
    words="each term of the bracket is multiplied",
    domain="everywhere",
    reference="distributive law",
    example=(p[i] * (delta(i, j) - p[j]), p[i] * delta(i, j) - p[i] * p[j]),
    refuses=p[i] * p[j],
)
def distribute(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Mul):
        return None
    for n, f in enumerate(node.args):
        if isinstance(f, Add):
            rest = Mul(*node.args[:n], *node.args[n + 1 :])
            done = [rest * t for t in f.args]
            return Add(*(distribute.act(t, context) or t for t in done))
    return None


@rule(
    title="common factor",
    law=r"a\,b + a\,c = a\,(b + c)",
    words="every term contains it",
    domain="every term contains the factor",
    reference="distributive law",
    example=(p[i] * delta(i, j) - p[i] * p[j], p[i] * (delta(i, j) - p[j])),
    refuses=p[i] * delta(i, j) - y[i] * p[j],
    args=(p[i],),
)
def factor_out(node: Expr, context: Context, factor: Expr) -> Expr | None:
    if not isinstance(node, Add):
        return None
    rest = [divided(t, factor) for t in node.args]
    if any(r is None for r in rest):
        return None
    return Mul(factor, Add(*rest), evaluate=False) if factor.is_number else factor * Add(*rest)


@rule(
    title="split the fraction",
    law=r"\frac{a + b}{c} = \frac{a}{c} + \frac{b}{c}",
    words="the fraction is split and cancelled",
    domain=r"$c \neq 0$",
    reference="distributive law",
    example=((x[i] * p[i] - x[j] * p[j]) / p[i], x[i] - x[j] * p[j] / p[i]),
    refuses=x[i] * (p[i] + p[j]),
)
def split_fraction(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Mul):
        return None
    below = [f for f in node.args if isinstance(f, Pow) and f.exp.could_extract_minus_sign()]
    sums = [f for f in node.args if isinstance(f, Add)]
    if not below or len(sums) != 1:
        return None
    rest = Mul(*(f for f in node.args if f is not sums[0]))
    return Add(*(rest * t for t in sums[0].args))


@rule(
    title="two cases",
    law=r"f(\delta_{ij}) = \begin{cases} f(1) & i = j\\ f(0) & i \neq j\end{cases}",
    words="the delta is 1 where its indices are equal and 0 otherwise",
    domain="everywhere",
    reference="definition of the Kronecker delta",
    example=(
        p[i] * (delta(i, j) - p[j]),
        Cases((p[i] * (1 - p[i]), Eq(i, j)), (-p[i] * p[j], Ne(i, j))),
    ),
    refuses=p[i] * p[j],
    args=(i, j),
)
def split_cases(node: Expr, context: Context, left: Symbol, right: Symbol) -> Expr | None:
    here = delta(left, right)
    if isinstance(node, Cases) or here not in set(walk(node)):
        return None
    same = substitute(node, {here: Mul()})
    same = substitute(same, {right: left})
    apart = substitute(node, {here: Add()})
    return Cases((same, Eq(left, right)), (apart, Ne(left, right)))


@rule(
    title="cancel",
    law=r"\frac{a}{a}\,b = b",
    words="equal factors above and below cancel",
    domain="the factor is not 0",
    reference="field axioms",
    example=(Mul(p[i], y[j], Pow(p[i], -1), evaluate=False), y[j]),
    refuses=p[i] / q[i],
)
def shorten(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Mul):
        return None
    done = Mul(*node.args)
    return done if done != node else None
