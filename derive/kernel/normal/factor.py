"""Products out of sums: the factors of a form, by SymPy's polynomial factorisation."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from sympy import QQ, factorint
from sympy.polys.rings import ring

from derive.kernel.normal.form import (
    ONE,
    ZERO,
    Atom,
    Form,
    Monomial,
    _product,
    atom,
    cleared,
    constant,
    total,
)
from derive.kernel.normal.signals import Undecidable

Factors = list[tuple[Form, Fraction]]
MAX_TERMS = 200
MAX_FACTORED = 10**40


def factors(form: Form) -> tuple[Fraction, Factors]:
    """``coefficient, [(factor, exponent), …]``: single atoms, and irreducible sums of terms.

    Sums are primitive over the integers and their first term is positive, so that the same factor
    is always written the same way.
    """
    if not form.terms:
        return ZERO, []
    if form.single:
        mono, c = form.single
        return c, [_of_atom(a, e) for a, e in mono]
    numerator, powers = _without_bigs(form)
    content, rest = _content(numerator)
    for a, e in content:
        powers[a] = powers.get(a, ZERO) + e
    out: Factors = [_of_atom(a, e) for a, e in powers.items() if e]
    if rest.single:
        return rest.single[1], out
    coefficient, parts = _polynomial_factors(rest)
    return coefficient, out + parts


def _of_atom(a: Atom, e: Fraction) -> tuple[Form, Fraction]:
    return (a.data[0], e) if a.kind == "big" else (Form({((a, ONE),): ONE}), e)


def _without_bigs(form: Form) -> tuple[Form, dict[Atom, Fraction]]:
    """A numerator without sums in denominators, and the powers that were taken out."""
    worst: dict[Atom, Fraction] = {}
    for mono in form.terms:
        for a, e in mono:
            if a.kind == "big":
                worst[a] = min(worst.get(a, ZERO), Fraction(e.numerator // e.denominator))
    return cleared(form), {a: e for a, e in worst.items() if e}


def _content(form: Form) -> tuple[Monomial, Form]:
    """The common monomial with lowest exponents, and the rest, whose exponents start at 0."""
    monos = list(form.terms)
    lowest = dict(monos[0])
    for mono in monos[1:]:
        there = dict(mono)
        for a in set(lowest) | set(there):
            lowest[a] = min(lowest.get(a, ZERO), there.get(a, ZERO))
    low = tuple((a, e) for a, e in lowest.items() if e)
    inverse = tuple((a, -e) for a, e in low)
    rest = Form({_product(mono, inverse)[0]: c for mono, c in form.terms.items()})
    return low, rest


def _polynomial_factors(form: Form) -> tuple[Fraction, Factors]:
    """Irreducible factors over the rationals of a form with non-negative exponents."""
    atoms = sorted({a for mono in form.terms for a, _ in mono}, key=lambda a: a.key)
    scale = {a: lcm(*(e.denominator for m in form.terms for b, e in m if b == a)) for a in atoms}
    if len(form.terms) > MAX_TERMS:
        c, primitive = _primitive(form)
        return c, [(primitive, ONE)]
    domain, *_ = ring([f"x{n}" for n in range(len(atoms))], QQ)
    place = {a: n for n, a in enumerate(atoms)}
    terms = {}
    for mono, c in form.terms.items():
        exponents = [0] * len(atoms)
        for a, e in mono:
            exponents[place[a]] = int(e * scale[a])
        terms[tuple(exponents)] = QQ(c.numerator, c.denominator)
    coefficient, found = domain.from_dict(terms).factor_list()
    out: Factors = []
    value = Fraction(int(coefficient.numerator), int(coefficient.denominator))
    for poly, n in found:
        c, primitive = _primitive(_back(poly, atoms, scale))
        value *= c**n
        out.append((primitive, Fraction(n)))
    return value, out


def _back(poly: object, atoms: list[Atom], scale: dict[Atom, int]) -> Form:
    out: dict[Monomial, Fraction] = {}
    for exponents, c in poly.items():  # type: ignore[attr-defined]
        pairs = zip(atoms, exponents, strict=True)
        mono = tuple((a, Fraction(n, scale[a])) for a, n in pairs if n)
        out[mono] = Fraction(int(c.numerator), int(c.denominator))
    return Form(out)


def _primitive(form: Form) -> tuple[Fraction, Form]:
    """``c, f`` with form = c·f, the coefficients of f coprime integers, its first term positive."""
    first = min(form.terms, key=lambda mono: [(a.key, e) for a, e in mono])
    below = lcm(*(c.denominator for c in form.terms.values()))
    above = gcd(*(int(c * below) for c in form.terms.values()))
    c = Fraction(above, below) * (1 if form.terms[first] > 0 else -1)
    return c, form.scaled(1 / c)


def as_product(coefficient: Fraction, parts: Factors) -> Form:
    """The product with whole sums kept together as atoms where their exponent is not 1."""
    out = constant(coefficient)
    for f, e in parts:
        out = out * powered(f, e)
    return out


def powered(f: Form, e: Fraction) -> Form:
    """f^e for an irreducible factor f."""
    if f.single:
        mono, c = f.single
        if c == 1 and len(mono) == 1:
            return Form({((mono[0][0], mono[0][1] * e),): ONE})
    if e.denominator == 1 and e > 0:
        return f.power(int(e))
    return Form({((Atom("big", (f,)), e),): ONE})


def primes(c: Fraction) -> Factors:
    """A positive number as prime factors, whose exponents may become fractions."""
    return [(Form({((Atom("num", (p,)), ONE),): ONE}), Fraction(e)) for p, e in _prime_powers(c)]


def log_number(c: Fraction) -> Form:
    """log of a positive number over the logarithms of primes."""
    return total(atom("log", constant(p)).scaled(Fraction(e)) for p, e in _prime_powers(c))


def _prime_powers(c: Fraction) -> list[tuple[int, int]]:
    if max(c.numerator, c.denominator) > MAX_FACTORED:
        raise Undecidable("a number is too large to be factored")
    above = [(int(p), int(e)) for p, e in factorint(c.numerator).items()]
    return above + [(int(p), -int(e)) for p, e in factorint(c.denominator).items()]
