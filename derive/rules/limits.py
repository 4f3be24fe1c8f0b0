"""Limits: a variable tends to infinity, or to zero from above."""

from __future__ import annotations

from typing import Any

from sympy import oo

from derive.kernel.facts import Context
from derive.kernel.language import Equation, Expr, Symbol, exp
from derive.kernel.limits import Tends, limit_of
from derive.kernel.rule import Line, Rule, rule
from derive.kernel.tending import Open, ends_of
from derive.notation import i, scalar, z

t = scalar("t")
RUDIN = "Rudin, Principles of Mathematical Analysis (1976)"


def _tends(made: Rule, before: Line, after: Line, context: Context, at: Any) -> Tends:
    variable, to, _ = made.args
    return Tends(variable, ends_of(to))


@rule(
    title="limit",
    law=r"\lim (f + g) = \lim f + \lim g, \quad \lim f g = \lim f \cdot \lim g",
    words="the limits of the parts, taken together",
    domain="every part has a limit, and they do not meet as ∞ − ∞ or 0 · ∞",
    reference=f"{RUDIN}, theorems 4.4 and 8.6",
    example=(z[i] / (1 + exp(-t)) + 1 / t, z[i]),
    refuses=t * exp(-t) + z[i],
    args=(t, oo, z[i]),
    proves=_tends,
    whole=True,
)
def tends(node: Line, context: Context, variable: Symbol, to: Expr, limit: Expr) -> Line | None:
    """The line becomes the limit that is claimed; the checker works it out by itself."""
    if isinstance(node, Equation):
        return None
    try:
        limit_of(node, variable, ends_of(to), context)
    except Open:
        return None
    return limit
