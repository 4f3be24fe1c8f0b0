"""Derivatives: linearity, products and quotients, exp and log, the chain rule, ∂z_k/∂z_j = δ_kj."""

from __future__ import annotations

from derive.kernel.facts import Context, Definition
from derive.kernel.language import (
    Add,
    Expr,
    Indexed,
    Integer,
    Mul,
    Partial,
    Pow,
    Ranged,
    Sum,
    Symbol,
    bound_indices,
    delta,
    exp,
    free_indices,
    fresh,
    log,
    walk,
)
from derive.kernel.rule import rule
from derive.notation import K, base_of, i, j, k, p, q, x, y, z

DLMF = "DLMF 1.4"
S = Sum(exp(z[k]), (k, 1, K))


def depends(expr: Expr, var: Expr, context: Context) -> bool:
    """Whether an expression may change with the variable: directly or through a definition."""
    base = base_of(var)
    for node in walk(expr):
        if isinstance(node, Indexed | Symbol):
            if base_of(node) == base:
                return True
            definition = context.definition_of(node)
            if definition and depends(definition.body, var, context):
                return True
    return False


@rule(
    title="quotient rule",
    law=r"\frac{\partial}{\partial x}\frac{f}{g} = \frac{f'\,g - f\,g'}{g^{2}}",
    words="quotient rule",
    domain="g ≠ 0",
    reference=f"{DLMF}(iii)",
    example=(
        Partial(exp(z[i]) / S, z[j]),
        (Partial(exp(z[i]), z[j]) * S - exp(z[i]) * Partial(S, z[j])) / S**2,
    ),
    refuses=Partial(exp(z[i]) * S, z[j]),
)
def quotient_rule(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, Partial) and isinstance(node.expr, Mul)):
        return None
    below = [f for f in node.expr.args if isinstance(f, Pow) and f.exp.could_extract_minus_sign()]
    g = Mul(*(1 / f for f in below))
    if not below or not depends(g, node.var, context):
        return None
    f = Mul(*(a for a in node.expr.args if a not in below))
    return (Partial(f, node.var) * g - f * Partial(g, node.var)) / g**2


@rule(
    title="product rule",
    law=r"\frac{\partial}{\partial x}(f\,g) = f'\,g + f\,g'",
    words="product rule",
    domain="$f$ and $g$ differentiable",
    reference=f"{DLMF}(iii)",
    example=(
        Partial(x[k] * exp(z[k]), z[j]) + 1,
        x[k] * Partial(exp(z[k]), z[j]) + exp(z[k]) * Partial(x[k], z[j]) + 1,
    ),
    refuses=Partial(exp(z[k]), z[j]),
)
def product_rule(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, Partial) and isinstance(node.expr, Mul)):
        return None
    parts = node.expr.args
    changed = (
        Mul(*parts[:n], Partial(f, node.var), *parts[n + 1 :]) for n, f in enumerate(parts)
    )
    return Add(*changed)


@rule(
    title="linearity of the derivative",
    law=r"\frac{\partial}{\partial x}(a f + b g) = a f' + b g'",
    words="the derivative is linear; factors that do not depend on the variable come out",
    domain="$a$ and $b$ do not depend on $x$",
    reference=f"{DLMF}(iii)",
    example=(
        Partial(2 * y[i] * z[k] - log(z[k]), z[j]),
        2 * y[i] * Partial(z[k], z[j]) - Partial(log(z[k]), z[j]),
    ),
    refuses=Partial(exp(z[k]), z[j]),
)
def linearity(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Partial):
        return None
    if isinstance(node.expr, Add):
        return Add(*(_drawn_out(Partial(a, node.var), context) for a in node.expr.args))
    drawn = _drawn_out(node, context)
    return drawn if drawn != node else None


def _drawn_out(node: Partial, context: Context) -> Expr:
    factors = Mul.make_args(node.expr)
    fixed = [f for f in factors if not depends(f, node.var, context)]
    rest = [f for f in factors if depends(f, node.var, context)]
    if not rest:
        return Integer(0)
    return Mul(*fixed, Partial(Mul(*rest), node.var))


@rule(
    title="derivative through a sum",
    law=r"\frac{\partial}{\partial x}\sum_k f_k = \sum_k \frac{\partial f_k}{\partial x}",
    words="a finite sum is differentiated term by term",
    domain="finite sums",
    reference=f"{DLMF}(iii)",
    example=(Partial(S, z[j]), Sum(Partial(exp(z[k]), z[j]), (k, 1, K))),
    refuses=Partial(exp(z[k]), z[j]),
)
def derivative_through_sum(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, Partial) and isinstance(node.expr, Sum)):
        return None
    inner: Ranged = node.expr
    if inner.index in free_indices(node.var):
        inner = inner.rebound(fresh(inner.index, inner, node.var))
    return inner.func(Partial(inner.body, node.var), *inner.args[1:])


@rule(
    title="derivative of the exponential",
    law=r"\frac{\partial}{\partial x} e^{f} = e^{f}\,\frac{\partial f}{\partial x}",
    words="(eᶠ)′ = eᶠ f′",
    domain="everywhere",
    reference="DLMF 4.7.7",
    example=(Partial(exp(z[i]), z[j]), exp(z[i]) * Partial(z[i], z[j])),
    refuses=Partial(log(z[i]), z[j]),
)
def derivative_of_exp(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, Partial) and isinstance(node.expr, exp)):
        return None
    return node.expr * Partial(node.expr.args[0], node.var)


@rule(
    title="derivative of the logarithm",
    law=r"\frac{\partial}{\partial x}\log f = \frac{1}{f}\,\frac{\partial f}{\partial x}",
    words="(log f)′ = f′ / f",
    domain="f > 0",
    reference="DLMF 4.7.1",
    example=(Partial(log(q[k]), q[i]), Partial(q[k], q[i]) / q[k]),
    refuses=Partial(exp(z[i]), z[j]),
)
def derivative_of_log(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, Partial) and isinstance(node.expr, log)):
        return None
    return Partial(node.expr.args[0], node.var) / node.expr.args[0]


@rule(
    title="power rule",
    law=r"\frac{\partial}{\partial x} f^{a} = a\,f^{a-1}\,\frac{\partial f}{\partial x}",
    words="power rule",
    domain="$a$ does not depend on $x$; $f > 0$ unless $a$ is a positive integer",
    reference="DLMF 4.7.11",
    example=(Partial(z[i] ** 3, z[j]), 3 * z[i] ** 2 * Partial(z[i], z[j])),
    refuses=Partial(2 ** z[i], z[j]),
)
def power_rule(node: Expr, context: Context) -> Expr | None:
    if not (isinstance(node, Partial) and isinstance(node.expr, Pow)):
        return None
    f, a = node.expr.base, node.expr.exp
    if depends(a, node.var, context):
        return None
    return a * f ** (a - 1) * Partial(f, node.var)


@rule(
    title="coordinates are independent",
    law=r"\frac{\partial z_k}{\partial z_j} = \delta_{kj}",
    words="each component is a variable of its own: its derivative with respect to itself is 1, "
    "with respect to another 0",
    domain="the components are variables of their own (a constraint on them comes in afterwards)",
    reference="definition of the partial derivative",
    example=(
        Sum(exp(z[k]) * Partial(z[k], z[j]), (k, 1, K)),
        Sum(exp(z[k]) * delta(k, j), (k, 1, K)),
    ),
    refuses=Partial(exp(z[k]), z[j]),
)
def coordinates_are_independent(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Partial):
        return None
    if isinstance(node.expr, Indexed) and isinstance(node.var, Indexed):
        if node.expr.base != node.var.base:
            return None
        pairs = zip(node.expr.indices, node.var.indices, strict=True)
        return Mul(*(delta(a, b) for a, b in pairs))
    return Integer(1) if node.expr == node.var else None


@rule(
    title="constant",
    law=r"\frac{\partial c}{\partial x} = 0",
    words="what does not depend on the variable has derivative 0",
    domain="$c$ does not depend on $x$, neither directly nor through a definition",
    reference=f"{DLMF}(iii)",
    example=(Partial(y[k] * x[i], z[j]) + 1, Integer(1)),
    refuses=Partial(y[k] * z[i], z[j]),
)
def constant(node: Expr, context: Context) -> Expr | None:
    if isinstance(node, Partial) and not depends(node.expr, node.var, context):
        return Integer(0)
    return None


_P = Definition(p[i], exp(z[i]) / S)


@rule(
    title="chain rule",
    law=r"\frac{\partial L}{\partial z_j}"
    r" = \sum_{k=1}^{K} \frac{\partial L}{\partial p_k}\,\frac{\partial p_k}{\partial z_j}",
    words="every component that lies between contributes",
    domain="$L$ is a function of $p$ (and of what does not depend on $z$)",
    reference="DLMF 1.5(i)",
    example=(
        Partial(log(p[i]), z[j]),
        Sum(Partial(log(p[i]), p[k]) * Partial(p[k], z[j]), (k, 1, K)),
    ),
    refuses=Partial(p[i] * z[i], z[j]),
    args=(p,),
    context=Context().with_definitions(_P),
)
def chain_rule(node: Expr, context: Context, through: Expr) -> Expr | None:
    if not isinstance(node, Partial):
        return None
    declared = context.quantity(through)
    if declared is None or not declared.shape:
        return None
    if _direct(node.expr, node.var, through, context):
        return None
    letter = fresh(k, node) if k in free_indices(node) | bound_indices(node) else k
    component = through[letter]
    body = Partial(node.expr, component) * Partial(component, node.var)
    return Sum(body, (letter, 1, declared.shape[-1]))


def _direct(expr: Expr, var: Expr, through: Expr, context: Context) -> bool:
    """Whether the variable is reached by another way than through the named quantity."""
    for node in walk(expr):
        if isinstance(node, Indexed | Symbol) and base_of(node) != through:
            if base_of(node) == base_of(var):
                return True
            definition = context.definition_of(node)
            if definition and _direct(definition.body, var, through, context):
                return True
    return False


@rule(
    title="derivative of the logarithm, backwards",
    law=r"\frac{1}{f}\,\frac{\partial f}{\partial x} = \frac{\partial}{\partial x}\log f",
    words="f′ / f = (log f)′",
    domain="f > 0",
    reference="DLMF 4.7.1",
    example=(y[k] * Partial(q[k], q[i]) / q[k], y[k] * Partial(log(q[k]), q[i])),
    refuses=y[k] * Partial(q[k], q[i]),
)
def fold_log_derivative(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Mul):
        return None
    for f in node.args:
        if isinstance(f, Partial) and 1 / f.expr in node.args and f.expr.is_positive:
            rest = Mul(*(a for a in node.args if a not in (f, 1 / f.expr)))
            return rest * Partial(log(f.expr), f.var)
    return None


@rule(
    title="logarithmic derivative",
    law=r"\frac{\partial f}{\partial x} = f\,\frac{\partial}{\partial x}\log f",
    words="f′ = f (log f)′",
    domain="f > 0",
    reference="DLMF 4.7.1",
    example=(y[k] * Partial(q[k], q[i]), y[k] * q[k] * Partial(log(q[k]), q[i])),
    refuses=Partial(y[k], y[i]),
)
def logarithmic_derivative(node: Expr, context: Context) -> Expr | None:
    if not isinstance(node, Partial) or not node.expr.is_positive:
        return None
    return node.expr * Partial(log(node.expr), node.var)
