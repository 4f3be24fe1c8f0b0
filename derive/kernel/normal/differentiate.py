"""Partial derivatives of forms: ∂z_k/∂z_j = δ_kj; a named quantity is a variable by its name."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.errors import LanguageError
from derive.kernel.facts import Fixed, OneHot, SumsTo
from derive.kernel.language import Indexed, Partial, Symbol
from derive.kernel.normal import closing, sums
from derive.kernel.normal.form import ONE, Atom, Form, Idx, Monomial, constant, monomial, total
from derive.kernel.normal.indices import index_of
from derive.kernel.normal.signals import Undecidable
from derive.notation import base_of

if TYPE_CHECKING:
    from derive.kernel.normal.normaliser import Normaliser


def partial(norm: Normaliser, expr: Partial, env: Mapping[Any, Idx]) -> Form:
    """∂expr/∂var. Facts about the variable, and its own definition, wait until it is done."""
    base = base_of(expr.var)
    if expr.var in env or (isinstance(expr.var, Symbol) and expr.var.is_integer):
        raise LanguageError(f"{expr.var} is a whole number: there is no derivative by it")
    inner = norm.variant(
        atomic=norm.atomic | {base}, suspended=norm.suspended | {base, *_constrained(norm)}
    )
    body = inner.form(expr.expr, env)
    _unambiguous(norm, base, body, expr)
    where: tuple[Idx, ...] = ()
    if isinstance(expr.var, Indexed):
        where = tuple(index_of(e, env, norm) for e in expr.var.indices)
    norm.note(base)
    out = Derivative(inner, str(base), where).of(body)
    return norm.rebuild(out)


def _constrained(norm: Normaliser) -> set[Any]:
    """Every quantity that a fact constrains: its value may be made of the variable."""
    facts = norm.context.facts
    fixed = {f.component.base for f in facts if isinstance(f, Fixed)}
    return fixed | {f.base for f in facts if isinstance(f, SumsTo | OneHot)}


def _unambiguous(norm: Normaliser, base: Any, body: Form, expr: Partial) -> None:
    """By a named quantity: what is left must not also depend on what that name is made of."""
    definition = next((d for d in norm.context.definitions if d.name == base), None)
    if definition is None or base in norm.atomic:
        return
    made_of = {str(base_of(a)) for a in definition.body.atoms(Indexed, Symbol)}
    made_of = {n for n in made_of if n in norm.context.quantities}
    sizes = {s for q in norm.context.quantities.values() for e in q.shape for s in _names(e)}
    used = {a.data[0] for a in body.atoms() if a.kind in ("ix", "sym")}
    both = (made_of - sizes) & used
    if both:
        raise Undecidable(
            f"{expr.expr} depends on {', '.join(sorted(both))}, of which {base} is made: "
            f"its partial derivative with respect to {expr.var} is ambiguous"
        )


def _names(e: Any) -> set[str]:
    return {str(s) for s in e.free_symbols}


class Derivative:
    """d/d base[where] on forms."""

    def __init__(self, norm: Normaliser, base: str, where: tuple[Idx, ...]) -> None:
        self.norm = norm
        self.base = base
        self.where = where

    def of(self, form: Form) -> Form:
        return total(self._monomial(mono).scaled(c) for mono, c in form.terms.items())

    def _monomial(self, mono: Monomial) -> Form:
        parts = []
        for a, e in mono:
            inner = self._atom(a)
            if inner.terms:
                rest = monomial(mono) * monomial(((a, Fraction(-1)),)) if e != 1 else None
                if rest is None:
                    rest = monomial(tuple((b, f) for b, f in mono if b != a))
                parts.append(rest * inner.scaled(e))
        return total(parts)

    def _atom(self, a: Atom) -> Form:
        """The derivative of one atom."""
        x = a.data
        match a.kind:
            case "ix":
                return self._component(a)
            case "sym":
                return constant(1 if x[0] == self.base and not self.where else 0)
            case "num" | "delta" | "le":
                return constant(0)
            case "exp":
                return monomial(((a, ONE),)) * self.of(monomial(x[0]))
            case "log":
                inner = self.of(x[0])
                return inner * self.norm.power(x[0], constant(-1)) if inner.terms else inner
            case "big":
                return self.of(x[0])
            case "pow":
                return self._power(a)
            case "sum":
                spans, body = closing.opened(self.norm, a)
                out = self._monomial(body)
                for s in reversed(spans):
                    out = sums.sum_over(self.norm, out, s) if out.terms else out
                return out
            case _:
                return self._opaque(a)

    def _component(self, a: Atom) -> Form:
        name, *where = a.data
        if name != self.base:
            return constant(0)
        if len(where) != len(self.where):
            raise LanguageError(f"{name} is used with {len(where)} and {len(self.where)} indices")
        out = constant(1)
        for own, of in zip(where, self.where, strict=True):
            out = out * self.norm.delta(own, of)
        return out

    def _power(self, a: Atom) -> Form:
        """d f^t = f^t (t' log f + t f'/f)."""
        f, exponent = a.data
        t = monomial(exponent)
        change = self.of(t)
        out = change * self.norm.log(f) if change.terms else change
        inner = self.of(f)
        if inner.terms:
            out = out + t * inner * self.norm.power(f, constant(-1))
        return monomial(((a, ONE),)) * out

    def _opaque(self, a: Atom) -> Form:
        """Functions that the kernel does not know may only be constants here."""
        if any(b.kind in ("ix", "sym") and b.data[0] == self.base for b in monomial_parts(a)):
            raise Undecidable(f"no derivative rule for {a.data[0]}")
        return constant(0)


def monomial_parts(a: Atom) -> list[Atom]:
    """Every atom inside an atom."""
    return list(monomial(((a, ONE),)).atoms())
