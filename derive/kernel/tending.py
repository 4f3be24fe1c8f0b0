"""Where a variable may tend to: not every symbol moves, and none leaves its domain."""

from __future__ import annotations

from sympy import oo

from derive.errors import DeriveError
from derive.kernel.binding import names_behind, parts_of
from derive.kernel.facts import Context, DifferentIndex, Fact, Positive, SameIndex
from derive.kernel.language import Expr, Indexed, Integer, Symbol
from derive.notation import Domain, base_of

ZERO = Integer(0)
ENDS = {
    Domain.REAL: (oo, -oo, ZERO),
    Domain.POSITIVE: (oo, ZERO),
    Domain.NONNEGATIVE: (oo, ZERO),
    Domain.UNIT: (ZERO,),
    Domain.COUNT: (oo,),
}


class Open(Exception):
    """The laws do not determine a limit."""


def free_to_move(variable: Symbol | Indexed, to: Expr, context: Context) -> None:
    """Raises Open for a variable that cannot tend there: a name, a size, a bounded quantity."""
    base, declared = base_of(variable), context.quantity(variable)
    if context.definition_of(variable) is not None:
        raise Open(f"{variable} stands for something else")
    ends = {s for r in context.ranges.values() for e in (r.lower, r.upper) for s in e.free_symbols}
    if base in ends | set(context.ranges):
        raise Open(f"{variable} is a size or an index")
    domain = declared.domain if declared is not None else Domain.REAL
    below = bool(base.is_nonnegative) and to == -oo
    if to not in ENDS.get(domain, ()) or below:
        raise Open(f"{variable} does not tend to {to}: it is {domain.value}")
    for fact in context.facts:
        if _holds_fast(fact, variable, to, context):
            raise Open(f"what is stated of {base} does not let it tend to {to}")


def _holds_fast(fact: Fact, variable: Symbol | Indexed, to: Expr, context: Context) -> bool:
    """Whether a fact may fail on the way. Facts about indices alone do not."""
    if isinstance(fact, SameIndex | DifferentIndex) or (isinstance(fact, Positive) and to != -oo):
        return False
    name = str(base_of(variable))
    return any(name in names_behind(e, context) for e in parts_of(fact))


def ends_of(to: Expr) -> Expr:
    """The end of a limit. Raises DeriveError for one that there are no laws for."""
    if to not in (oo, -oo, ZERO):
        raise DeriveError(f"no limit at {to}", hint="take ∞, −∞, or 0 (from above)")
    return to
