"""Partial fractions, so that equal quotients below a sum are written alike."""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.normal.form import (
    ONE,
    ZERO,
    Atom,
    Form,
    Monomial,
    monomial,
    total,
)


def reduced(form: Form) -> Form:
    """No denominator's leading atom stands above it: e/(1+e) becomes 1 − 1/(1+e)."""
    for _ in range(60):
        changed = False
        parts = []
        for mono, c in form.terms.items():
            new = _reduced_once(mono)
            changed = changed or new is not None
            parts.append(monomial(mono, c) if new is None else new.scaled(c))
        if not changed:
            return form
        form = total(parts)
    return form


def _reduced_once(mono: Monomial) -> Form | None:
    powers = dict(mono)
    for a, e in mono:
        if a.kind != "big" or e.denominator != 1 or e > 0:
            continue
        divisor: Form = a.data[0]
        lead = max((b for m in divisor.terms for b, _ in m), key=lambda b: b.key)
        degree = max((f for m in divisor.terms for b, f in m if b == lead), default=ZERO)
        have = powers.get(lead, ZERO)
        if ZERO <= have < degree:
            continue
        at = degree if have >= degree else ZERO
        chosen = [m for m in divisor.terms if dict(m).get(lead, ZERO) == at]
        if len(chosen) != 1:
            continue
        # chosen = divisor − others, so chosen/divisor = 1 − others/divisor.
        pivot, c = chosen[0], divisor.terms[chosen[0]]
        others = Form({m: x for m, x in divisor.terms.items() if m != pivot})
        rest = monomial(mono) * monomial(tuple((b, -f) for b, f in pivot), 1 / c)
        lifted = monomial(_raised(rest.single, a)) if rest.single else None
        if lifted is None:
            continue
        scale = rest.single[1] if rest.single else ONE
        return lifted.scaled(scale) - rest * others
    return None


def _raised(single: tuple[Monomial, Fraction] | None, a: Atom) -> Monomial:
    """The monomial times one power of the sum ``a``."""
    assert single is not None
    return tuple((b, f + 1 if b == a else f) for b, f in single[0] if b != a or f != -1)
