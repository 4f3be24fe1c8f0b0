"""Finite sums over a symbolic range: distribute, pull out, sift, split, join, rename."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Sum,
    Symbol,
    bound_indices,
    delta,
    exp,
    free_indices,
    fresh,
)
from derive.kernel.matching import alike, canonical_letters, divided, powers
from derive.kernel.rule import rule
from derive.notation import K, c, i, j, k, phi, q, x, y, z

GKP = "Graham, Knuth, Patashnik, Concrete Mathematics (1994), section 2.3"


def total(f: Expr, *without: Expr) -> Sum:
    return Sum(f, (k, 1, K), *without)


@rule(
    title="sum of a sum",
    law=r"\sum_k (f_k + g_k) = \sum_k f_k + \sum_k g_k",
    words="the sum is taken term by term",
    domain="finite sums",
    reference=f"{GKP}, associative law",
    example=(total(y[k] + z[k]), total(y[k]) + total(z[k])),
    refuses=total(y[k] * z[k]),
)
def sum_of_terms(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, Sum) and isinstance(node.body, Add)):
        return None
    return Add(*(node.func(t, *node.args[1:]) for t in node.body.args))


@rule(
    title="constant factor",
    law=r"\sum_k a\,f_k = a \sum_k f_k",
    words="a factor that does not depend on the index comes out of the sum",
    domain="$a$ does not depend on $k$",
    reference=f"{GKP}, distributive law",
    example=(total(-y[i] * z[k]), -y[i] * total(z[k])),
    refuses=total(y[k] * z[k]),
)
def pull_out(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Sum):
        return None
    factors = Mul.make_args(node.body)
    fixed = [f for f in factors if node.index not in _indices(f)]
    rest = [f for f in factors if node.index in _indices(f)]
    if not fixed or fixed == [1]:
        return None
    return Mul(*fixed) * node.func(Mul(*rest), *node.args[1:])


@rule(
    title="factor into the sum",
    law=r"a \sum_k f_k = \sum_k a\,f_k",
    words="a factor that does not depend on the index goes into the sum",
    domain="a does not depend on k",
    reference=f"{GKP}, distributive law",
    example=(y[i] * x[j] * total(z[k]), x[j] * total(y[i] * z[k])),
    refuses=x[j] * total(z[k]),
    args=(y[i],),
)
def push_in(node: Expr, context: Context, factor: Expr) -> Expr | None:
    rest = divided(node, factor) if isinstance(node, Mul) else None
    sums = [f for f in Mul.make_args(rest) if isinstance(f, Sum)] if rest is not None else []
    if rest is None or len(sums) != 1:
        return None
    (inner,) = sums
    if inner.index in _indices(factor) | bound_indices(factor):
        inner = inner.rebound(fresh(inner.index, inner, factor))
    return rest / sums[0] * inner.func(factor * inner.body, *inner.args[1:])


def _indices(expr: Expr) -> set[Symbol]:
    return free_indices(expr) | {s for s in expr.free_symbols if isinstance(s, Symbol)}


@rule(
    title="sifting",
    law=r"\sum_{k=1}^{K} f_k\,\delta_{kj} = f_j",
    words="the delta leaves one term of the sum",
    domain="j lies in the range of the sum",
    reference="definition of the Kronecker delta",
    example=(total(exp(z[k]) * delta(k, j)), exp(z[j])),
    refuses=Sum(exp(z[k]) * delta(k, j), (k, 1, K - 1)),
)
def sifting(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Sum):
        return None
    factors = Mul.make_args(node.body)
    for d in (f for f in factors if isinstance(f, KroneckerDelta)):
        if node.index not in d.args:
            continue
        value = next(a for a in d.args if a != node.index)
        if value.has(node.index) or not _inside(value, node, context):
            continue
        rest = Mul(*(f for f in factors if f is not d))
        return node.func(rest, *node.args[1:]).at(value)
    return None


def _inside(value: Expr, node: Sum, context: Context) -> bool:
    """Whether the value is certainly one of the sum's indices."""
    if node.excluded:
        return False
    span = context.range_of(value) if isinstance(value, Symbol) else None
    low, high = (span.lower, span.upper) if span else (value, value)
    above = (low - node.lower).is_nonnegative
    below = (node.upper - high).is_nonnegative
    return bool(above and below)


@rule(
    title="insert a delta",
    law=r"f_j = \sum_{k=1}^{K} \delta_{jk}\,f_k",
    words="sifting, read backwards: a term is the sum of all terms with all but one switched off",
    domain="j lies in 1..K",
    reference="definition of the Kronecker delta",
    example=(phi[i], Sum(delta(i, c) * phi[c], (c, 1, K))),
    refuses=q[i],
    args=(phi, c),
)
def insert_delta(node: Expr, context: Context, base: Expr, letter: Symbol) -> Expr | None:
    if getattr(node, "base", None) != base:
        return None
    *before, last = node.indices
    if letter in before:
        return None
    probe = Sum(base[(*before, letter)], (letter, 1, K))
    if not _inside(last, probe, context):
        return None
    return Sum(delta(last, letter) * base[(*before, letter)], (letter, 1, K))


@rule(
    title="split off one term",
    law=r"\sum_{k=1}^{K} f_k = f_j + \sum_{k \neq j} f_k",
    words="the term with this index is written apart",
    domain="j lies in the range",
    reference=f"{GKP}, perturbation",
    example=(total(exp(z[k])), exp(z[j]) + total(exp(z[k]), j)),
    refuses=Sum(exp(z[k]), (k, 1, K - 1)),
    args=(j,),
)
def split_off(node: Expr, context: Context, value: Expr) -> Expr | None:
    if not isinstance(node, Sum) or not _inside(value, node, context):
        return None
    return node.at(value) + node.func(node.body, node.args[1], value)


@rule(
    title="split off the last term",
    law=r"\sum_{k=1}^{K} f_k = \sum_{k=1}^{K-1} f_k + f_K",
    words="the last class is written apart",
    domain=r"the range reaches $K \geq 1$",
    reference=f"{GKP}, perturbation",
    example=(total(exp(z[k])), Sum(exp(z[k]), (k, 1, K - 1)) + exp(z[K])),
    refuses=total(exp(z[k]), i),
)
def split_last(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Sum) or node.excluded or node.upper != K or node.lower != 1:
        return None
    return Sum(node.body, (node.index, node.lower, K - 1)) + node.at(K)


@rule(
    title="join the sum",
    law=r"f_j + \sum_{k \neq j} f_k = \sum_{k=1}^{K} f_k",
    words="the missing term completes the sum",
    domain="j lies in the range",
    reference=f"{GKP}, perturbation",
    example=(x[i] * y[j] + x[i] * total(y[k], j), x[i] * total(y[k])),
    refuses=y[i] + total(y[k], j),
)
def join(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Add):
        return None
    for t in node.args:
        for f in Mul.make_args(t):
            if not isinstance(f, Sum) or len(f.excluded) != 1:
                continue
            outer = divided(t, f)
            missing = outer * f.at(f.excluded[0]) if outer is not None else None
            for other in node.args:
                if other is not t and missing is not None and alike(other, missing):
                    rest = Add(*(a for a in node.args if a is not t and a is not other))
                    return rest + outer * Sum(f.body, f.args[1])
    return None


@rule(
    title="split at an index",
    law=r"\sum_{k=1}^{K} g(k, \delta_{kj}) = g(j, 1) + \sum_{k \neq j} g(k, 0)",
    words="the term where the delta is 1 is set apart from the others, where it is 0",
    domain="j lies in the range",
    reference="definition of the Kronecker delta",
    example=(
        total(y[k] * (delta(k, j) - q[j])),
        y[j] * (1 - q[j]) + total(-y[k] * q[j], j),
    ),
    refuses=total(y[k] * q[j]),
    args=(j,),
)
def split_at_delta(node: Expr, context: Context, value: Expr) -> Expr | None:
    if not isinstance(node, Sum) or not _inside(value, node, context):
        return None
    d = delta(node.index, value)
    if not node.body.has(d):
        return None
    on = node.body.xreplace({d: Integer(1)})
    off = node.body.xreplace({d: Integer(0)})
    first = node.func(on, *node.args[1:]).at(value)
    return first + node.func(off, node.args[1], value)


@rule(
    title="rename the index",
    law=r"\sum_i f_i = \sum_k f_k",
    words="the letter of a bound index does not matter",
    domain="the new letter does not occur in the sum",
    reference="bound variables",
    example=(Sum(exp(z[i]), (i, 1, K)), total(exp(z[k]))),
    refuses=Sum(y[i] * z[k], (i, 1, K)),
    args=(i, k),
)
def rename(node: Expr, context: Context, old: Symbol, new: Symbol) -> Expr | None:
    if not isinstance(node, Sum) or node.index != old:
        return None
    if new in free_indices(node) | bound_indices(node.body):
        return None
    return node.rebound(new)


@rule(
    title="equal sums cancel",
    law=r"\frac{\sum_i f_i}{\sum_k f_k} = 1",
    words="the sums above and below are the same, whatever their index is called",
    domain="the sum is not 0",
    reference="bound variables",
    example=(y[j] * Sum(exp(z[i]), (i, 1, K)) / total(exp(z[k])), y[j]),
    refuses=Sum(exp(z[i]), (i, 1, K - 1)) / total(exp(z[k])),
)
def cancel_sums(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Mul):
        return None
    sums = {canonical_letters(s): s for s in node.atoms(Sum)}
    done = Mul(*(_same_letters(f, sums) for f in node.args))
    return done if len(powers(done)) < len(node.args) else None


def _same_letters(factor: Expr, sums: dict[Expr, Sum]) -> Expr:
    return factor.xreplace({s: sums[canonical_letters(s)] for s in factor.atoms(Sum)})


@rule(
    title="count",
    law=r"\sum_{k=1}^{n} a = n\,a",
    words="the same summand, as often as the range is long",
    domain=r"$a$ does not depend on $k$; the range is $1, \dots, n$",
    reference=GKP,
    example=(Sum(x[i], (k, 1, K)), K * x[i]),
    refuses=total(x[k]),
)
def count(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Sum) or node.excluded or node.lower != 1:
        return None
    if node.index in _indices(node.body) or not node.upper.is_positive:
        return None
    return node.upper * node.body


@rule(
    title="write the sum out",
    law=r"\sum_{k=1}^{2} f_k = f_1 + f_2",
    words="the sum has a fixed number of terms; each is written",
    domain="both limits are numbers",
    reference=GKP,
    example=(y[i] * Sum(exp(z[k]), (k, 1, 2)), y[i] * (exp(z[1]) + exp(z[2]))),
    refuses=total(exp(z[k])),
)
def write_out(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Sum) or node.excluded:
        return None
    if not (node.lower.is_Integer and node.upper.is_Integer):
        return None
    return Add(*(node.at(Integer(n)) for n in range(int(node.lower), int(node.upper) + 1)))
