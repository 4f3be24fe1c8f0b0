"""Limits: arithmetic with the limits of the parts, and a second route by numbers.

``limit_of`` reads an expression from the inside: what does not contain the variable stays, and the
laws for sums, products, quotients, powers, exp and log carry limits outwards as long as they are
determined; ∞ − ∞, 0·∞ and quotients by something of unknown sign are not. Sums over the classes
have finitely many terms, so that they are taken term by term. The sign of what multiplies an
infinity must be provable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Add, Mul, Pow, oo

from derive.kernel.binding import differ, opened, settings
from derive.kernel.bounds import least_sign, negated, upheld
from derive.kernel.decide import established, subsets
from derive.kernel.explicit.approach import approaches
from derive.kernel.facts import Context, Fact
from derive.kernel.language import (
    Basic,
    Expr,
    Indexed,
    Integer,
    Ranged,
    Relational,
    Sum,
    Symbol,
    Tuple,
    exp,
    log,
)
from derive.kernel.normal.prove import defined
from derive.kernel.proof import Mutant
from derive.kernel.slips import mutants
from derive.kernel.tending import Open, ends_of, free_to_move
from derive.kernel.verdicts import Evidence, Recheck, Status, Verdict
from derive.notation import Domain

ZERO = Integer(0)


@dataclass(frozen=True)
class Value:
    """A limit: finite, ∞ or −∞. ``side`` is 1 where 0 is approached from above."""

    expr: Expr
    side: int = 0

    @property
    def infinite(self) -> bool:
        return bool(self.expr in (oo, -oo))


def limit_of(expr: Expr, variable: Symbol | Indexed, to: Expr, context: Context) -> Expr:
    """The limit as ``variable`` tends to ``to`` (∞, −∞, or 0 from above). Raises Open."""
    free_to_move(variable, to, context)
    return _Reader(variable, to, context).read(expr).expr


@dataclass(frozen=True)
class _Reader:
    variable: Symbol | Indexed
    to: Expr
    context: Context

    def read(self, expr: Expr) -> Value:
        definition = self.context.definition_of(expr)
        if definition is not None and self._moves(definition.applied(expr)):
            return self.read(definition.applied(expr))
        if not self._moves(expr):
            return Value(expr)
        if expr == self.variable:
            return Value(self.to, 1 if self.to == 0 else 0)
        if isinstance(expr, Add):
            return self._sum([self.read(a) for a in expr.args])
        if isinstance(expr, Mul):
            return self._product([self.read(a) for a in expr.args])
        if isinstance(expr, Pow) and not self._moves(expr.exp):
            return self._power(self.read(expr.base), expr.exp)
        if isinstance(expr, exp):
            return self._exp(self.read(expr.args[0]))
        if isinstance(expr, log):
            return self._log(self.read(expr.args[0]))
        if isinstance(expr, Sum):
            return self._over(expr)
        raise Open(f"no law for the limit of {expr}")

    def _moves(self, expr: Basic) -> bool:
        """Whether the variable stands in the expression, or in a definition that it uses."""
        definition = self.context.definition_of(expr)
        if definition is not None:
            return self._moves(definition.applied(expr))
        if isinstance(expr, Indexed):
            return self._is_variable(expr)
        if isinstance(expr, Ranged):
            ends = (expr.lower, expr.upper, *expr.excluded)
            expr, context = opened(expr, self.context, self.variable)
            inner = replace(self, context=context)
            return self._meets(expr) or any(map(self._moves, ends)) or inner._moves(expr.body)
        if isinstance(expr, Symbol) and expr != self.variable and str(expr) == str(self.variable):
            raise Open(f"two symbols are called {expr}")
        return expr == self.variable or any(map(self._moves, _parts(expr)))

    def _is_variable(self, component: Indexed) -> bool:
        own = self.variable
        if component == own or not isinstance(own, Indexed):
            return bool(component == own)
        if str(component.base) != str(own.base):
            return False
        pairs = zip(component.indices, own.indices, strict=True)
        if any(differ(a, b, self.context) for a, b in pairs):
            return False
        raise Open(f"{component} may be {own}")

    def _meets(self, expr: Ranged) -> bool:
        """Whether one of the terms of a sum contains the variable, as a component."""
        own = self.variable
        if not isinstance(own, Indexed) or own.indices[-1] in expr.excluded:
            return False
        return self._reaches(expr.body, expr.index)

    def _reaches(self, expr: Basic, index: Symbol) -> bool:
        """Whether a component of the variable's quantity at this index stands here."""
        definition = self.context.definition_of(expr)
        if definition is not None:
            return self._reaches(definition.applied(expr), index)
        if isinstance(expr, Indexed):
            own = self.variable
            return isinstance(own, Indexed) and expr.base == own.base and index in expr.indices
        return any(self._reaches(a, index) for a in _parts(expr))

    def _left_out(self, parts: list[Value], kept: Expr) -> None:
        """What is not seen in a limit must have a value all the same."""
        for part in parts:
            seen = part.infinite or part.expr in (kept, *kept.args)
            if not seen and not defined(part.expr, self.context):
                raise Open(f"{part.expr} may be undefined")

    def _sign(self, expr: Expr) -> int:
        """1 or −1 for a value that is provably positive or negative; else undetermined."""
        if least_sign(expr, self.context) == 1:
            return 1
        if least_sign(negated(expr), self.context) == 1:
            return -1
        raise Open(f"the sign of {expr} is not known")

    def _sum(self, parts: list[Value]) -> Value:
        infinities = {p.expr for p in parts if p.infinite}
        if len(infinities) > 1:
            raise Open("∞ − ∞")
        total = infinities.pop() if infinities else Add(*(p.expr for p in parts))
        self._left_out(parts, total)
        if infinities or total in (oo, -oo):
            return Value(total)
        above = all(p.expr == 0 and p.side > 0 for p in parts)
        return Value(total, 1 if total == 0 and above else 0)

    def _product(self, parts: list[Value]) -> Value:
        finite = Mul(*(p.expr for p in parts if not p.infinite))
        if not any(p.infinite for p in parts):
            above = all(p.side > 0 or least_sign(p.expr, self.context) == 1 for p in parts)
            self._left_out(parts, finite)
            return Value(finite, 1 if finite == 0 and above else 0)
        if finite == 0 or any(p.expr == 0 for p in parts):
            raise Open("0 · ∞")
        self._left_out(parts, ZERO)
        sign = self._sign(finite) * (-1) ** sum(p.expr == -oo for p in parts)
        return Value(sign * oo)

    def _power(self, base: Value, power: Expr) -> Value:
        sign = self._sign(power)
        if base.infinite or base.expr == 0:
            self._left_out([Value(power)], ZERO)
        whole = power.is_Integer
        if not whole and (base.expr == -oo or (base.expr == 0 and base.side == 0)):
            raise Open(f"a power {power} of what may be negative")
        if base.infinite:
            if sign < 0:
                return Value(ZERO, 1 if base.expr == oo else 0)
            if base.expr == -oo and power != 1:
                raise Open(f"a power {power} of −∞")
            return base
        if base.expr == 0:
            if sign > 0:
                return Value(ZERO, base.side)
            if base.side > 0:
                return Value(oo)
            raise Open("a quotient by 0")
        if (sign < 0 or not whole) and self._sign(base.expr) < 0 and not whole:
            raise Open(f"a power {power} of what is negative")
        return Value(base.expr**power)

    def _exp(self, inner: Value) -> Value:
        if inner.infinite:
            return Value(oo) if inner.expr == oo else Value(ZERO, 1)
        return Value(exp(inner.expr))

    def _log(self, inner: Value) -> Value:
        if inner.expr == oo:
            return Value(oo)
        if inner.expr == 0 and inner.side > 0:
            return Value(-oo)
        if inner.infinite or self._sign(inner.expr) < 0:
            raise Open("a logarithm of what is not positive")
        return Value(log(inner.expr))

    def _over(self, expr: Sum) -> Value:
        """Term by term: the range does not move, so there are finitely many terms."""
        if any(self._moves(e) for e in (expr.lower, expr.upper, *expr.excluded)):
            raise Open("the range of a sum moves with the variable")
        expr, _ = opened(expr, self.context, self.variable)
        if self._meets(expr):
            return self._apart(expr)
        expr, context = opened(expr, self.context, self.variable)
        body = replace(self, context=context).read(expr.body)
        if body.infinite:
            raise Open("a sum of infinities, which may be empty")
        return Value(ZERO if body.expr == 0 else expr.func(body.expr, *expr.args[1:]))

    def _apart(self, expr: Sum) -> Value:
        """The term with the variable, and the others."""
        assert isinstance(self.variable, Indexed)
        place = self.variable.indices[-1]
        span = self.context.ranges.get(place)
        if span is None or (span.lower, span.upper) != (expr.lower, expr.upper):
            raise Open(f"the sum may or may not reach {self.variable}")
        others = [differ(place, e, self.context) for e in expr.excluded]
        if not all(others):
            raise Open(f"the sum may leave out {self.variable}")
        rest = expr.func(expr.body, expr.args[1], *expr.excluded, place)
        return self._sum([self.read(expr.at(place)), self.read(rest)])


def _parts(expr: Basic) -> list[Basic]:
    """Where a variable may stand: in the cases of an expression too, and in their conditions."""
    return [a for a in expr.args if isinstance(a, Expr | Tuple | Relational)]


@dataclass(frozen=True)
class Tends:
    """The proof that a line tends to the next one as a variable tends to ∞, −∞ or 0⁺."""

    variable: Symbol | Indexed
    to: Expr

    relation = "→"

    def __post_init__(self) -> None:
        ends_of(self.to)

    def verdict(self, before: Basic, after: Basic, context: Context) -> Verdict:
        """The first route, under the fewest facts."""
        assert isinstance(before, Expr)
        assert isinstance(after, Expr)
        used: tuple[Fact, ...] = ()
        for used in ((), *subsets(context.facts)):
            for under in settings(used, context):
                found = self._under(before, after, under)
                if not found.holds:
                    break
            if found.holds:
                break
        if not found.holds:
            return found
        finite = ZERO if after in (oo, -oo) else after
        return upheld(used, before, finite, context, found.why)

    def _under(self, before: Expr, after: Expr, context: Context) -> Verdict:
        """The laws of limits, then an equality of what they give."""
        try:
            if _Reader(self.variable, self.to, context)._moves(after):
                return Verdict(Status.UNDECIDED, why=f"{self.variable} stands in its own limit")
            found = limit_of(before, self.variable, self.to, context)
        except Open as error:
            return Verdict(Status.UNDECIDED, why=f"the laws of limits do not determine it: {error}")
        if found in (oo, -oo) or after in (oo, -oo):
            status = Status.PROVED if found == after else Status.UNDECIDED
            return Verdict(status, why="by the laws of limits")
        return established(found, after, context)

    def check(self, before: Basic, after: Basic, context: Context) -> Evidence:
        """Both routes; the second one follows the line along growing values of the variable."""
        verdict = self.verdict(before, after, context)
        second = self.recheck(before, after, context)
        if second.witness is not None and not verdict.holds:
            verdict = Verdict(Status.REFUTED, witness=second.witness, why=verdict.why)
        return Evidence(verdict, second)

    def recheck(self, before: Basic, after: Basic, context: Context) -> Recheck:
        """The second route: growing values of the variable, at explicit instances."""
        assert isinstance(before, Expr)
        assert isinstance(after, Expr)
        return approaches(before, after, self.variable, self.to, context, context.facts)

    def mutants(self, before: Basic, after: Basic, context: Context) -> Iterator[Mutant]:
        """Every slip in the limit and in what tends to it, and the other end of the variable."""
        for made, broken in mutants(after):
            yield self._mutant(made.name, before, broken, context)
        for made, broken in mutants(before):
            yield self._mutant(made.name, broken, after, context)
        yield self._turned(context)._mutant("other end", before, after, context)

    def _turned(self, context: Context) -> Tends:
        """The limit at the other end of what the variable may be."""
        declared = context.quantity(self.variable)
        real = declared is None or declared.domain is Domain.REAL
        return Tends(self.variable, -self.to if real else ZERO if self.to == oo else oo)

    def _mutant(self, name: str, before: Basic, after: Basic, context: Context) -> Mutant:
        found = self.check(before, after, context)
        second = found.recheck
        refuted = second.witness is not None
        return Mutant(name, before, after, found.verdict.holds, refuted, second.agrees)
