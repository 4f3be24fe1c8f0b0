"""The normal form: an expression as a form over atoms, the same for equal expressions.

``Normaliser.form(expr)`` reads an expression; ``Normaliser.rebuild(form)`` builds a form again
after indices have been renamed or more facts have come into play. Every constructor keeps to
rewrites that hold wherever both sides are defined; what has to be true for the expression to be
defined at all is noted in ``obligations``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from typing import Any

from derive.errors import LanguageError
from derive.kernel.facts import Context, Fixed, OneHot, SumsTo
from derive.kernel.language import Expr, Symbol
from derive.kernel.normal import fractions
from derive.kernel.normal.factor import (
    Factors,
    as_product,
    factors,
    log_number,
    powered,
    primes,
)
from derive.kernel.normal.form import (
    ONE,
    Atom,
    Form,
    Idx,
    Monomial,
    atom,
    constant,
    monomial,
    total,
)
from derive.kernel.normal.indices import Indices, index_of
from derive.kernel.normal.memo import Memo
from derive.kernel.normal.read import read
from derive.kernel.normal.rebuild import rebuild_atom
from derive.kernel.normal.signals import Undecidable, Undefined
from derive.kernel.normal.signs import Signs


@dataclass(frozen=True)
class Obligation:
    """``form`` must be ``"positive"`` or ``"nonzero"`` for the expression to be defined."""

    kind: str
    form: Form


MAX_POWER = 32
MAX_STEPS = 60_000


@dataclass
class Normaliser:
    """Reads expressions under one context. ``atomic``: defined names that are not expanded."""

    context: Context
    indices: Indices
    atomic: frozenset[Any] = frozenset()
    suspended: frozenset[Any] = frozenset()
    symbols: dict[str, Any] = field(default_factory=dict)
    obligations: dict[str, Obligation] = field(default_factory=dict)
    memo: Memo = field(default_factory=Memo)
    steps: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.fixed = [f for f in self.context.facts if isinstance(f, Fixed)]
        self.signs = Signs(self)
        self.totals = {
            str(f.base): f.total for f in self.context.facts if isinstance(f, SumsTo)
        }
        self.one_hot = {
            str(f.base): f.label for f in self.context.facts if isinstance(f, OneHot)
        }

    # -- names ---------------------------------------------------------------------------------

    def note(self, symbol: Any) -> str:
        """The name of a symbol. Two symbols with one name would be confused: an error."""
        name = str(symbol)
        known = self.symbols.setdefault(name, symbol)
        if known != symbol:
            raise LanguageError(
                f"two different symbols are called {name}",
                hint="take both from derive.notation, or give one another name",
            )
        return name

    def fresh(self) -> str:
        return self.memo.fresh()

    # -- reading -------------------------------------------------------------------------------

    def form(self, expr: Expr, env: Mapping[Any, Idx] | None = None) -> Form:
        """The normal form of an expression; ``env`` gives the bound letters' current names."""
        return read(self, expr, env or {})

    def symbol(self, s: Symbol, env: Mapping[Any, Idx]) -> Form:
        if s in env:
            return self.value(env[s])
        definition = self.context.definition_of(s)
        if definition and s not in self.atomic:
            return self.form(definition.body)
        return self.value(Idx(self.note(s), 0))

    def value(self, idx: Idx) -> Form:
        """An index as a number in the formula."""
        offset = constant(idx.offset)
        return atom("sym", idx.name) + offset if idx.name else offset

    def component(self, base: Any, where: tuple[Idx, ...]) -> Form:
        """The component base[where], expanded if it is defined, 0 or 1 if it is one-hot."""
        name = str(base)
        probe = base[tuple(Symbol(f"_{n}", integer=True) for n in range(len(where)))]
        definition = self.context.definition_of(probe)
        if definition and base not in self.atomic:
            own = definition.lhs.indices
            inner = {s: w for s, w in zip(own, where, strict=True) if isinstance(s, Symbol)}
            body = definition.body
            return self.memo.read(self, (name, where), lambda: self.form(body, inner))
        if name in self.one_hot and base not in self.suspended:
            return self.delta(where[-1], index_of(self.one_hot[name], {}, self))
        for f in self.fixed:
            if f.component.base == base and base not in self.suspended:
                given = tuple(index_of(e, {}, self) for e in f.component.indices)
                if given == where:
                    return self.form(f.value)
        closing = self._closing_component(base, where)
        return closing if closing is not None else atom("ix", name, *where)

    def _closing_component(self, base: Any, where: tuple[Idx, ...]) -> Form | None:
        """Of a vector of explicit length with a known total, the last component is the rest."""
        name = str(base)
        declared = self.context.quantities.get(name)
        if name not in self.totals or base in self.suspended or not declared or not where:
            return None
        end = index_of(declared.shape[-1], {}, self)
        if end.name or where[-1] != end:
            return None
        *before, _ = where
        others = (atom("ix", name, *before, Idx("", v)) for v in range(1, end.offset))
        return self.form(self.totals[name]) - total(others)

    def same_end(self, upper: Idx, size: Expr) -> bool:
        """Whether a range ends where a declared shape does."""
        return self.indices.equal(upper, index_of(size, {}, self)) is True

    # -- constructors --------------------------------------------------------------------------

    def delta(self, left: Idx, right: Idx) -> Form:
        """δ, decided where the ranges decide it."""
        same = self.indices.equal(left, right)
        if same is not None:
            return constant(int(same))
        low = min(left.offset, right.offset) if left.name and right.name else 0
        if not left.name or not right.name:  # keep the symbol bare: δ(k+1, 3) is δ(k, 2)
            low = left.offset if left.name else right.offset
        pair = sorted((left.moved(-low), right.moved(-low)))
        return atom("delta", *pair)

    def at_most(self, left: Idx, right: Idx) -> Form:
        """The indicator of left ≤ right."""
        known = self.indices.at_most(left, right)
        if known is not None:
            return constant(int(known))
        missing = self.indices.exceptions(left, right)
        if missing is not None:
            symbol, values = missing
            return constant(1) - total(self.delta(symbol, v) for v in values)
        return atom("le", left.moved(-left.offset), right.moved(-left.offset))

    def exp(self, form: Form) -> Form:
        """e^form: a product over the terms."""
        out = constant(1)
        for mono, c in fractions.reduced(form).terms.items():
            out = out * self._exp_of(mono, c)
        return out

    def _exp_of(self, mono: Monomial, c: Fraction) -> Form:
        logs = [a for a, e in mono if a.kind == "log" and e == 1]
        if len(logs) == 1:
            rest = tuple((a, e) for a, e in mono if a != logs[0])
            inside: Form = logs[0].data[0]
            if self.signs.positive(inside):
                return self.power(inside, monomial(rest, c))
        return Form({((Atom("exp", (mono,)), c),): ONE})

    def log(self, form: Form) -> Form:
        """log form: a sum over the factors where they are known to be positive."""
        self.require("positive", form)
        coefficient, parts = factors(form)
        return self.log_product(coefficient, parts)

    def log_product(self, coefficient: Fraction, parts: Factors) -> Form:
        """log of a factored form; one opaque logarithm where a sign is not known."""
        flipped = []
        for f, e in parts:
            odd = e.denominator == 1 and bool(e % 2)
            if odd and not self.signs.positive(f) and self.signs.positive(-f):
                flipped.append((-f, e))
                coefficient = -coefficient
            else:
                flipped.append((f, e))
        if coefficient <= 0 or not all(self.signs.positive(f) for f, _ in flipped):
            return atom("log", as_product(coefficient, flipped))
        logs = [log_number(coefficient)]
        logs += [self._log_factor(f).scaled(e) for f, e in flipped]
        return total(logs)

    def _log_factor(self, f: Form) -> Form:
        single = f.single
        if single and len(single[0]) == 1:
            a = single[0][0][0]
            if a.kind == "exp":
                return monomial(a.data[0])
            if a.kind == "pow":
                return monomial(a.data[1]) * self.log(a.data[0])
            if a.kind == "num":
                return atom("log", constant(a.data[0]))
        return atom("log", f)

    def power(self, base: Form, exponent: Form) -> Form:
        """base^exponent."""
        n = exponent.number
        if n is not None and n.denominator == 1 and n >= 0:
            if n > MAX_POWER and not base.single:
                raise Undecidable(f"a power of {n} is too large to multiply out")
            return base.power(int(n))
        if not base.terms:
            return self._power_of_zero(exponent)
        if n is not None and n.denominator == 1:
            self.require("nonzero", base)
            coefficient, parts = factors(base)
            return as_product(coefficient ** int(n), [(f, e * n) for f, e in parts])
        return self._real_power(base, exponent)

    def _power_of_zero(self, exponent: Form) -> Form:
        if self.signs.positive(exponent):
            return constant(0)
        if exponent.number is None:
            raise Undecidable("a power of zero whose exponent has no known sign")
        raise Undefined("a power of zero")

    def _real_power(self, base: Form, exponent: Form) -> Form:
        if exponent.number is None and base.number is not None and base.number < 0:
            raise Undecidable("a power of a negative number")  # a whole exponent has a value
        self.require("positive", base)
        coefficient, parts = factors(base)
        if coefficient <= 0 or not all(self.signs.positive(f) for f, _ in parts):
            # x^(-2) is positive, x may not be: its square root is not 1/x.
            if base.single or not self.signs.positive(base):
                return atom("fn", "power", base, exponent)
            coefficient, parts = Fraction(1), [(base, ONE)]
        out = constant(1)
        for f, e in [*primes(coefficient), *parts]:
            for mono, c in exponent.terms.items():
                out = out * self._factor_power(f, e * c, mono)
        return out

    def _factor_power(self, f: Form, e: Fraction, mono: Monomial) -> Form:
        """f^(e · mono) for an irreducible positive f."""
        if not mono:
            return powered(f, e) * constant(1)
        single = f.single
        if single and len(single[0]) == 1:
            a = single[0][0][0]
            if a.kind == "exp":
                return self.exp(monomial(a.data[0]) * monomial(mono, e))
            if a.kind == "pow":
                inner = monomial(a.data[1]) * monomial(mono, e)
                return self.power(a.data[0], inner)
        return Form({((Atom("pow", (f, mono)), e),): ONE})

    # -- obligations ---------------------------------------------------------------------------

    def require(self, kind: str, form: Form) -> None:
        """Note what must hold for the expression to be defined, unless it is known to."""
        number = form.number
        if number is not None:
            if number > 0 or (number and kind == "nonzero"):
                return
            raise Undefined(f"{number} must be {kind}")
        known = self.signs.positive(form)
        if kind == "nonzero" and not known:
            known = self.signs.nonzero(form)
        if not known:
            scope = self.indices.scope(form.names)
            self.obligations[f"{kind}:{form.key}{scope}"] = Obligation(kind, form)

    # -- rebuilding ----------------------------------------------------------------------------

    def rebuild(self, form: Form, moved: Mapping[str, Idx] | None = None) -> Form:
        """The form again, with indices replaced, under this normaliser's facts and names."""
        moved = moved or {}
        if moved and not (form.names & set(moved)):
            return form
        parts = []
        for mono, c in form.terms.items():
            parts.append(self.rebuild_monomial(mono, moved).scaled(c))
        return total(parts)

    def rebuild_monomial(self, mono: Monomial, moved: Mapping[str, Idx]) -> Form:
        if next(self.steps) > MAX_STEPS:
            raise Undecidable("the expression is too long to write out")
        out = constant(1)
        for a, e in mono:
            if moved and not (a.names & set(moved)):
                out = out * monomial(((a, e),))
            else:
                out = out * self.power(rebuild_atom(self, a, moved), constant(e))
        return out

    def variant(self, **changes: Any) -> Normaliser:
        """A normaliser with other facts or names, sharing symbols, obligations and fresh names."""
        return replace(self, **changes)
