"""Bounds: a term is replaced by one that is nowhere greater, or nowhere smaller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sympy import Dummy

from derive.errors import RuleDoesNotApply
from derive.kernel.bounds import Bound, least_sign, linear_part, log_gap, negated
from derive.kernel.facts import Context
from derive.kernel.language import Add, Expr, Sum, exp, log
from derive.kernel.rule import Line, Proves, Rule, rule
from derive.notation import K, k, p, q, tau, x, z

CONVEX = "Boyd and Vandenberghe, Convex Optimization (2004)"


def bounded(moved: Callable[..., Expr]) -> Proves:
    """The proof of a step that adds ``moved(node, …)``, of one sign, to each node it acts on."""

    def proof(made: Rule, before: Line, after: Line, context: Context, at: Any) -> Bound:
        mark = Dummy(real=True)

        def act(node: Line, inner: Context, *args: Any) -> Line | None:
            changed = made.act(node, inner, *args)
            if changed is None or not isinstance(node, Expr):
                return None
            return node + mark * moved(node, *args)

        marked = replace(made, act=act).apply(before, context, at)
        assert isinstance(marked, Expr)
        change = linear_part(marked, mark)
        for relation, gap in (("≤", change), ("≥", negated(change))):
            if least_sign(gap, context) >= 0:
                return Bound(relation, gap)
        raise RuleDoesNotApply(
            f"the rule “{made.title}” bounds a term, but the sign of its factor is not known\n"
            f"  line: {before}",
            hint="declare the domain of the factor, or assume an order",
        )

    return proof


@rule(
    title="bound of the logarithm",
    law=r"\log x \le x - 1",
    words="the logarithm lies below its tangent at 1",
    domain="x > 0; the line is linear in the logarithm, with a factor of known sign",
    reference=f"{CONVEX}, section 3.1.3 (first-order condition for −log)",
    example=(Sum(p[k] * log(q[k]), (k, 1, K)), Sum(p[k] * (q[k] - 1), (k, 1, K))),
    refuses=exp(z[k]),
    proves=bounded(lambda node: log_gap(node.args[0])),
)
def bound_log(node: Line, context: Context) -> Line | None:
    return node.args[0] - 1 if isinstance(node, log) else None


@rule(
    title="bound of the logarithm from below",
    law=r"\log x \ge 1 - \frac{1}{x}",
    words="the bound of the logarithm at 1/x",
    domain="x > 0; the line is linear in the logarithm, with a factor of known sign",
    reference=f"{CONVEX}, section 3.1.3 (first-order condition for −log)",
    example=(log(tau), 1 - 1 / tau),
    refuses=x[1] + 1,
    proves=bounded(lambda node: -log_gap(1 / node.args[0])),
)
def bound_log_below(node: Line, context: Context) -> Line | None:
    return 1 - 1 / node.args[0] if isinstance(node, log) else None


@rule(
    title="bound of the exponential",
    law=r"e^x \ge 1 + x",
    words="the exponential lies above its tangent at 0: the bound of the logarithm at $e^x$",
    domain="the line is linear in the exponential, with a factor of known sign",
    reference=f"{CONVEX}, section 3.1.3 (first-order condition for exp)",
    example=(tau * exp(z[k]), tau * (1 + z[k])),
    refuses=log(tau),
    proves=bounded(lambda node: -log_gap(node)),
)
def bound_exp(node: Line, context: Context) -> Line | None:
    return 1 + node.args[0] if isinstance(node, exp) else None


@rule(
    title="leaving out a term",
    law=r"a + b \ge a \quad (b \ge 0)",
    words="a term that is not negative is left out",
    domain="the sign of the term shows in its form",
    reference="order of the real numbers",
    example=(x[k] ** 2 + z[k], z[k]),
    refuses=z[k] - x[k],
    args=(x[k] ** 2,),
    proves=bounded(lambda node, term: -term),
)
def leave_out(node: Line, context: Context, term: Expr) -> Line | None:
    if isinstance(node, Add) and term in node.args:
        return Add(*(a for a in node.args if a != term))
    return None
