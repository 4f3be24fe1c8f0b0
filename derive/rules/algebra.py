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
    exp,
    log,
    substitute,
    walk,
)
from derive.kernel.matching import divided
from derive.kernel.rule import rule
from derive.notation import i, j, p, q, x, y, z


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
    title="take a factor out",
    law=r"a + b = f\,\Bigl(\frac{a}{f} + \frac{b}{f}\Bigr)",
    words="a factor is taken out of every term, whether it is there or not",
    domain="f ≠ 0",
    reference="field axioms",
    example=(y[i] * log(1 + exp(z[i])), y[i] * log(exp(z[i]) * (exp(-z[i]) + 1))),
    refuses=y[i] * log(z[i] * exp(z[i])),
    args=(exp(z[i]),),
)
def take_out(node: Expr, context: Context, factor: Expr) -> Expr | None:
    if not isinstance(node, Add) or not factor.is_nonzero:
        return None
    return factor * Add(*(t / factor for t in node.args))


@rule(
    title="collect terms",
    law=r"a\,f + b\,f + c = (a + b)\,f + c",
    words="the terms with the same factor are collected",
    domain="two terms at least contain the factor",
    reference="distributive law",
    example=(x[i] * p[j] + y[i] * p[j] + q[i], (x[i] + y[i]) * p[j] + q[i]),
    refuses=x[i] * p[j] + y[i] * q[i],
    args=(p[j],),
)
def collect(node: Expr, context: Context, factor: Expr) -> Expr | None:
    if not isinstance(node, Add):
        return None
    inside, outside = [], []
    for term in node.args:
        rest, opposite = divided(term, factor), divided(-term, factor)
        if rest is not None:
            inside.append(rest)
        elif opposite is not None:
            inside.append(-opposite)
        else:
            outside.append(term)
    return Add(*inside) * factor + Add(*outside) if len(inside) > 1 else None


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


@rule(
    title="common denominator",
    law=r"a + \frac{b}{c} = \frac{a\,c + b}{c}",
    words="all terms are put over one denominator",
    domain="c ≠ 0",
    reference="field axioms",
    example=(x[i] - y[j] / p[i], (x[i] * p[i] - y[j]) / p[i]),
    refuses=x[i] - y[j] * p[i],
)
def common_denominator(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Add):
        return None
    below: dict[Expr, Expr] = {}
    for term in node.args:
        for base, power in (f.as_base_exp() for f in Mul.make_args(term)):
            if power.is_integer and power.is_negative and not base.is_number:
                below[base] = max(below.get(base, -power), -power)
    if not below:
        return None
    shared = Mul(*(Pow(base, power) for base, power in below.items()))
    above = Add(*(distribute.act(t * shared, context) or t * shared for t in node.args))
    return above / shared


@rule(
    title="extend the fraction",
    law=r"\frac{a}{b} = \frac{a\,f}{b\,f}",
    words="numerator and denominator are multiplied by the same factor",
    domain="f ≠ 0",
    reference="field axioms",
    example=(y[i] / (1 + q[i] / p[i]), y[i] * p[i] / (p[i] + q[i])),
    refuses=y[i] * (1 + q[i] / p[i]),
    args=(p[i],),
)
def extend_fraction(node: Expr, context: Context, factor: Expr) -> Expr | None:
    """Every sum below the line times a factor; a sum above it takes the factor in."""
    if not factor.is_nonzero or not isinstance(node, Mul | Pow):
        return None
    below = [f for f in Mul.make_args(node) if _is_sum_below(f)]
    if not below:
        return None
    above = Mul(*(f for f in Mul.make_args(node) if f not in below))
    for f in below:
        above = _times(above, factor ** (-f.exp))
    return above * Mul(*(Pow(_times(f.base, factor), f.exp) for f in below))


def _is_sum_below(factor: Expr) -> bool:
    power = factor.as_base_exp()[1]
    below = bool(power.is_integer and power.is_negative)
    return below and isinstance(factor, Pow) and isinstance(factor.base, Add)


def _times(expr: Expr, factor: Expr) -> Expr:
    """A product, term by term where the expression is a sum."""
    return Add(*(t * factor for t in Add.make_args(expr)))
