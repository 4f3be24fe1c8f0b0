"""Laws of exp and log, and products as exponentials of sums."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Expr,
    Mul,
    Pow,
    Product,
    Sum,
    exp,
    factorial,
    log,
)
from derive.kernel.rule import rule
from derive.notation import K, gamma, i, k, phi, q, shift, y, z

S = Sum(exp(z[k]), (k, 1, K))


@rule(
    title="exponential of a sum",
    law=r"e^{a+b} = e^{a}\,e^{b}",
    words="the exponential of a sum is a product",
    domain="everywhere",
    reference="DLMF 4.2.30",
    example=(exp(z[i] + shift), exp(z[i]) * exp(shift)),
    refuses=exp(z[i] * shift),
)
def exp_of_sum(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, exp) and isinstance(node.args[0], Add)):
        return None
    return Mul(*(exp(t) for t in node.args[0].args))


@rule(
    title="one exponential",
    law=r"e^{a}\,e^{b} = e^{a+b}",
    words="a product of exponentials is the exponential of the sum",
    domain="everywhere",
    reference="DLMF 4.2.30",
    example=(exp(z[i]) * exp(-shift) * phi[i], exp(z[i] - shift) * phi[i]),
    refuses=exp(z[i]) + exp(shift),
)
def one_exp(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Mul):
        return None
    exps = [f for f in node.args if isinstance(f, exp)]
    if len(exps) < 2:
        return None
    rest = [f for f in node.args if not isinstance(f, exp)]
    return Mul(*rest, exp(Add(*(f.args[0] for f in exps))))


def _positive(e: Expr) -> bool:
    """Whether an expression is positive by its form; a factorial is, wherever it is defined."""
    if isinstance(e, Product):
        return _positive(e.body)
    return isinstance(e, factorial) or bool(e.is_positive)


@rule(
    title="logarithm of a product",
    law=r"\log\frac{a\,b}{c} = \log a + \log b - \log c",
    words="the logarithm turns products and quotients into sums and differences",
    domain="all factors positive",
    reference="DLMF 4.8",
    example=(log(exp(z[i]) / S), z[i] - log(S)),
    refuses=log(y[i] * z[i]),
)
def log_of_product(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, log) and isinstance(node.args[0], Mul)):
        return None
    factors = node.args[0].args
    bases = [f.base if isinstance(f, Pow) and f.exp.is_number else f for f in factors]
    if not all(map(_positive, bases)):
        return None
    logs = [
        f.exp * log(f.base) if isinstance(f, Pow) and f.exp.is_number else log(f) for f in factors
    ]
    return Add(*logs)


@rule(
    title="one logarithm",
    law=r"\log a - \log b = \log\frac{a}{b}",
    words="a difference of logarithms is the logarithm of the quotient",
    domain="$a > 0$ and $b > 0$",
    reference="DLMF 4.8",
    example=(y[i] * (log(phi[i]) - log(phi[K])), y[i] * log(phi[i] / phi[K])),
    refuses=log(phi[i]) - z[i],
)
def one_log(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Add):
        return None
    logs = [(t, 1) for t in node.args if isinstance(t, log)]
    logs += [(-t, -1) for t in node.args if isinstance(-t, log)]
    if len(logs) < 2:
        return None
    used = {t * sign for t, sign in logs}
    rest = [t for t in node.args if t not in used]
    return Add(*rest, log(Mul(*(t.args[0] ** sign for t, sign in logs))))


@rule(
    title="logarithm of a power",
    law=r"\log a^{b} = b \log a",
    words="the exponent comes in front of the logarithm",
    domain="$a > 0$",
    reference="DLMF 4.8",
    example=(log(Pow(q[i], gamma, evaluate=False)) + 1, gamma * log(q[i]) + 1),
    refuses=log(y[i] ** 2),
)
def log_of_power(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, log) and isinstance(node.args[0], Pow)):
        return None
    base, e = node.args[0].args
    return e * log(base) if base.is_positive else None


@rule(
    title="logarithm of the reciprocal",
    law=r"-\log\frac{a}{b} = \log\frac{b}{a}",
    words="minus a logarithm is the logarithm of the reciprocal",
    domain="a, b > 0",
    reference="DLMF 4.8",
    example=(z[i] - log(phi[i] / phi[K]), z[i] + log(phi[K] / phi[i])),
    refuses=z[i] + log(phi[i] / phi[K]),
)
def log_of_reciprocal(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Mul):
        return None
    sign, inner = node.as_coeff_Mul()
    if not isinstance(inner, log) or not sign.is_negative:
        return None
    return -sign * log(1 / inner.args[0])


@rule(
    title="logarithm of a product over an index",
    law=r"\log\prod_k f_k = \sum_k \log f_k",
    words="the logarithm of a product is the sum of the logarithms",
    domain="every factor positive",
    reference="DLMF 4.8",
    example=(
        log(Product(phi[k], (k, 1, K))) + z[i],
        Sum(log(phi[k]), (k, 1, K)) + z[i],
    ),
    refuses=log(Product(y[k], (k, 1, K))),
)
def log_of_all(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, log) and isinstance(node.args[0], Product)):
        return None
    inner = node.args[0]
    return Sum(log(inner.body), *inner.args[1:]) if _positive(inner.body) else None


@rule(
    title="product as an exponential",
    law=r"\prod_k f_k = \exp\Bigl(\sum_k \log f_k\Bigr)",
    words="a product of positive factors is the exponential of the sum of their logarithms",
    domain="every factor positive",
    reference="DLMF 4.2.30",
    example=(
        Product(phi[k] ** y[k], (k, 1, K)),
        exp(Sum(y[k] * log(phi[k]), (k, 1, K))),
    ),
    refuses=Product(y[k] ** 2, (k, 1, K)),
)
def product_as_exp(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Product):
        return None
    base, e = (node.body.base, node.body.exp) if isinstance(node.body, Pow) else (node.body, 1)
    if not base.is_positive:
        return None
    return exp(Sum(e * log(base), *node.args[1:]))
