"""Rewrites for the sake of floating point: the value stays, what overflows or cancels goes.

Each holds for every shift s and every index l that it introduces. Which s and l are best depends on
the numbers, so the generated code chooses them (s the largest exponent, l its place); the choice
changes accuracy, never the value.
"""

from __future__ import annotations

from derive.kernel.facts import Context, Definition
from derive.kernel.language import (
    Add,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    Mul,
    Pow,
    Product,
    Ranged,
    Sum,
    Symbol,
    exp,
    factorial,
    log,
    substitute,
)
from derive.kernel.rule import rule
from derive.notation import ASSUMPTIONS, Domain, K, base_of, i, index, j, k, p, shift, z

_s = shift
_l = index("l")
_SOFTMAX = exp(z[i]) / Sum(exp(z[k]), (k, 1, K))
_SHIFTED = exp(z[i] - _s) / Sum(exp(z[k] - _s), (k, 1, K))
_NAMED = Context().with_definitions(Definition(p[i], _SOFTMAX))
_COPY = IndexedBase("p̃", **ASSUMPTIONS[Domain.UNIT])
_NUMBERS = "Blanchard, Higham and Higham, IMA J. Numer. Anal. 41 (2021), section 1"


def sum_of_exponentials(expr: Expr) -> bool:
    """Σ_k e^{f_k}, or a sum of such sums, lone exponentials and positive numbers."""
    terms = Add.make_args(expr)
    if not all(_is_term(t) for t in terms):
        return False
    return any(not t.is_number for t in terms) and (len(terms) > 1 or isinstance(expr, Sum))


def _is_term(term: Expr) -> bool:
    if isinstance(term, Sum):
        return any(isinstance(f, exp) for f in Mul.make_args(term.body)) and all(
            isinstance(f, exp) or f.is_positive for f in Mul.make_args(term.body)
        )
    return isinstance(term, exp) or bool(term.is_number and term.is_positive)


def shifted(expr: Expr, s: Expr) -> Expr:
    """A sum of exponentials times e^{−s}, the factor taken into each exponent."""
    return Add(*(_shifted_term(t, s) for t in Add.make_args(expr)))


def _shifted_term(term: Expr, s: Expr) -> Expr:
    if isinstance(term, Sum):
        return Sum(_scaled(term.body, -s), term.args[1], *term.excluded)
    return _scaled(term, -s)


def _scaled(expr: Expr, power: Expr) -> Expr:
    """expr · e^{power}, the power put into the exponentials that are there: in equal shares."""
    exps = [f for f in Mul.make_args(expr) if isinstance(f, exp)]
    rest = Mul(*(f for f in Mul.make_args(expr) if not isinstance(f, exp)))
    share = power / max(len(exps), 1)
    if exps and share.as_coeff_Mul()[0].is_Integer:
        return rest * Mul(*(exp(_joined(f.args[0], share)) for f in exps))
    first, *others = exps or [exp(Add())]
    power = _joined(first.args[0], power) if exps else power
    return rest * exp(power) * Mul(*others)


def _joined(power: Expr, more: Expr) -> Expr:
    """The sum of two exponents; what both are divided by stands outside, so that it rounds once."""
    common = [f for f in Mul.make_args(power) if isinstance(f, Pow) and f in Mul.make_args(more)]
    if not common:
        return power + more
    factor = Mul(*common)
    return factor * (power / factor + more / factor)


def common_divisor(total: Expr) -> Expr:
    """What the exponents of a sum of exponentials are all divided by, as a factor: 1/τ, or 1."""
    powers = [f.args[0] for t in Add.make_args(total) for f in _exponentials(t)]
    bound = {t.index for t in Add.make_args(total) if isinstance(t, Sum)}
    if not powers or any(not _exponentials(t) for t in Add.make_args(total)):
        return Integer(1)
    shared = [f for f in Mul.make_args(powers[0]) if isinstance(f, Pow) and not f.is_number]
    shared = [f for f in shared if not bound & f.free_symbols]
    return Mul(*(f for f in shared if all(f in Mul.make_args(p) for p in powers)))


def _exponentials(term: Expr) -> list[Expr]:
    body = term.body if isinstance(term, Sum) else term
    return [f for f in Mul.make_args(body) if isinstance(f, exp)]


def _free_of(expr: Expr, s: Expr) -> bool:
    """Whether the letter of a shift s, or s/τ, is new to an expression."""
    letter = Mul(*(f for f in Mul.make_args(s) if not isinstance(f, Pow)))
    return base_of(letter) not in expr.free_symbols and letter not in expr.free_symbols


@rule(
    title="written out",
    law=r"p_i = \ldots \text{ as it was defined}",
    words="the named quantities are written out",
    domain="the names are defined",
    reference=_NUMBERS,
    args=(p,),
    context=_NAMED,
    example=(p[i] + 1, _SOFTMAX + 1),
    refuses=z[i] + 1,
)
def written_out(node: Expr, context: Context, *names: Expr) -> Expr | None:
    """Each of these names, and names inside of what it stands for, by its definition."""
    definition = context.definition_of(node) if isinstance(node, Expr) else None
    if definition is None or definition.name not in names:
        return None
    return inlined(definition.applied(node), context, names)


def inlined(expr: Expr, context: Context, names: tuple[Expr, ...]) -> Expr:
    """The expression without these names."""
    definition = context.definition_of(expr) if isinstance(expr, Expr) else None
    if definition is not None and definition.name in names:
        return inlined(definition.applied(expr), context, names)
    if isinstance(expr, Indexed | Symbol) or not expr.args:
        return expr
    if isinstance(expr, Ranged):
        return expr.func(inlined(expr.body, context, names), *expr.args[1:])
    return expr.func(*(inlined(a, context, names) for a in expr.args))


@rule(
    title="logarithm of a product",
    law=r"\log\frac{a\,e^{f}}{b} = \log a + f - \log b",
    words="the logarithm turns products into sums and undoes exponentials",
    domain="$f$ real, $a > 0$ and $b > 0$",
    reference=_NUMBERS,
    example=(log(_SOFTMAX), z[i] - log(Sum(exp(z[k]), (k, 1, K)))),
    refuses=log(z[i] / z[j]),
)
def logarithm_of_exponentials(node: Expr, context: Context) -> Expr | None:
    """log of a product with exponentials, sums of them, Π or factorials, also under a name."""
    if not isinstance(node, log):
        return None
    inner = node.args[0]
    definition = context.definition_of(inner)
    if definition is not None:
        inner = definition.applied(inner)
    factors = [f.as_base_exp() if not isinstance(f, exp) else (f, 1) for f in Mul.make_args(inner)]
    if len(factors) < 2 and not isinstance(inner, Product):
        return None
    if not any(_is_huge(base) for base, _ in factors):
        return None
    terms = [(power, _log_of_factor(base)) for base, power in factors]
    if any(inner is None for _, inner in terms):
        return None
    return Add(*(power * inner for power, inner in terms if inner is not None))


def _is_huge(factor: Expr) -> bool:
    """Whether a factor may leave the range of floating point where its logarithm does not."""
    return isinstance(factor, exp | Product | factorial) or sum_of_exponentials(factor)


def _log_of_factor(factor: Expr) -> Expr | None:
    if isinstance(factor, exp):
        return factor.args[0]
    if isinstance(factor, Product):
        base, power = factor.body.as_base_exp()
        inner = _log_of_factor(base)
        return None if inner is None else Sum(power * inner, *factor.args[1:])
    if sum_of_exponentials(factor) or isinstance(factor, factorial) or factor.is_positive:
        return log(factor)
    return None


@rule(
    title="shift of a log-sum-exp",
    law=r"\log\sum_k e^{f_k} = s + \log\sum_k e^{f_k - s}",
    words="a common factor is taken out of every term; this holds for every shift",
    domain="s real, free of k",
    reference=_NUMBERS,
    args=(_s,),
    example=(
        log(Sum(exp(z[k]), (k, 1, K))),
        _s + log(Sum(exp(z[k] - _s), (k, 1, K))),
    ),
    refuses=log(Sum(z[k], (k, 1, K))),
)
def shifted_logarithm(node: Expr, context: Context, s: Expr) -> Expr | None:
    """log of a sum of exponentials, shifted by s."""
    if not isinstance(node, log) or not sum_of_exponentials(node.args[0]):
        return None
    if not _free_of(node, s):
        return None
    return s + log(shifted(node.args[0], s))


@rule(
    title="one term set apart",
    law=r"\log\sum_k e^{f_k} = \log\Big(e^{f_l} + \sum_{k\ne l} e^{f_k}\Big)",
    words="one term is set apart, so that log1p can keep what the others add to it",
    domain="l in the range of the sum",
    reference=_NUMBERS,
    args=(_l,),
    example=(
        log(Sum(exp(z[k] - _s), (k, 1, K))),
        log(exp(z[_l] - _s) + Sum(exp(z[k] - _s), (k, 1, K), _l)),
    ),
    refuses=log(1 + exp(z[i])),
)
def term_apart(node: Expr, context: Context, apart: Symbol) -> Expr | None:
    """One term of a sum inside a logarithm, outside of the sum."""
    if not isinstance(node, log) or not isinstance(node.args[0], Sum):
        return None
    total = node.args[0]
    span = context.range_of(apart)
    if total.excluded or not isinstance(total.body, exp) or span is None:
        return None
    if (span.lower, span.upper) != (total.lower, total.upper):
        return None
    return log(total.at(apart) + Sum(total.body, total.args[1], apart))


@rule(
    title="shift of exponentials in a quotient",
    law=r"\frac{e^{f_i}}{\sum_k e^{f_k}} = \frac{e^{f_i - s}}{\sum_k e^{f_k - s}}",
    words="numerator and denominator are multiplied by the same factor; this holds for every shift",
    domain="s real, free of k",
    reference=_NUMBERS,
    args=(_s,),
    example=(_SOFTMAX, _SHIFTED),
    refuses=exp(z[i]) * Sum(exp(z[k]), (k, 1, K)),
)
def shifted_quotient(node: Expr, context: Context, s: Expr) -> Expr | None:
    """Every sum of exponentials of a quotient times e^{−s}, made up for in the numerator."""
    if not isinstance(node, Mul | Pow) or not _free_of(node, s):
        return None
    sums = [f.as_base_exp() for f in Mul.make_args(node)]
    sums = [(b, n) for b, n in sums if sum_of_exponentials(b)]
    if not any(n.is_negative for _, n in sums):
        return None
    rest = node / Mul(*(Pow(b, n) for b, n in sums))
    power = s * Add(*(n for _, n in sums))
    return _scaled(rest, power) * Mul(*(Pow(shifted(b, s), n) for b, n in sums))


@rule(
    title="shifted copy",
    law=r"p_i = \tilde p_i \text{ with } \tilde p_i := \frac{e^{f_i-s}}{\sum_k e^{f_k-s}}",
    words="the same quantity from shifted exponentials; this holds for every shift",
    domain="the copy is defined by the shifted quotient",
    reference=_NUMBERS,
    args=(p, _COPY, _s),
    context=_NAMED.with_definitions(Definition(_COPY[i], _SHIFTED)),
    example=(p[i] * p[j], _COPY[i] * _COPY[j]),
    refuses=z[i],
)
def shifted_copy(
    node: Expr, context: Context, name: Expr, copy: Expr, s: Expr, *inline: Expr
) -> Expr | None:
    """A named quotient by its shifted copy, which must be defined as exactly that."""
    if not isinstance(node, Indexed | Symbol) or base_of(node) != name:
        return None
    old = context.definition_of(node)
    renamed = copy[node.indices] if isinstance(node, Indexed) else copy
    new = context.definition_of(renamed)
    if old is None or new is None:
        return None
    parameters = dict(zip(new.parameters, old.parameters, strict=True))
    given = inlined(old.body, context, inline)
    expected = shifted_quotient.act(given, context, substitute(s, parameters))
    return renamed if substitute(new.body, parameters) == expected else None
