"""Forms: sums of products of atoms with rational coefficients and exponents.

An *atom* is anything that the normal form does not look through: a component ``z_k``, ``e^{z_k}``,
an irreducible sum over a symbolic range, a Kronecker delta. Atoms are compared by their canonical
key, so two atoms are equal exactly when they are written the same.

======  =============================================  ==================================
kind    data                                           meaning
======  =============================================  ==================================
sym     (name,)                                        the value of a scalar or index
ix      (base, Idx, …)                                 a component
num     (prime,)                                       a prime, for fractional powers only
exp     (monomial,)                                    e^monomial
log     (form,)                                        log form
pow     (form, monomial)                               form^monomial, form > 0
big     (form,)                                        an irreducible form of several terms
sum     (ranges, monomial)                             Σ over bound indices, named ``@height.n``
prod    (ranges, form)                                 Π of a body whose sign is not known
delta   (Idx, Idx)                                     1 if equal, else 0
le      (Idx, Idx)                                     1 if ≤, else 0
fn      (name, form, …)                                any other function
======  =============================================  ==================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from derive.kernel.normal.signals import Undecidable

ZERO, ONE = Fraction(0), Fraction(1)
MAX_PRODUCT = 50_000


class Idx(NamedTuple):
    """An index value: a symbol (by name, "" for none) plus a number."""

    name: str
    offset: int

    def __str__(self) -> str:
        if not self.name:
            return str(self.offset)
        return f"{self.name}{self.offset:+d}" if self.offset else self.name

    def moved(self, by: int) -> Idx:
        return Idx(self.name, self.offset + by)


class Span(NamedTuple):
    """The range of a bound index."""

    name: str
    lower: Idx
    upper: Idx
    excluded: tuple[Idx, ...] = ()

    def __str__(self) -> str:
        left_out = "".join(f"!={e}" for e in self.excluded)
        return f"{self.name}:{self.lower}..{self.upper}{left_out}"


class Atom:
    """One indivisible factor. Equality and order are those of ``key``."""

    __slots__ = ("data", "height", "key", "kind", "names")

    def __init__(self, kind: str, data: tuple[Any, ...]) -> None:
        self.kind = kind
        self.data = data
        self.key = f"{kind}({';'.join(_key(x) for x in data)})"
        names = frozenset(n for x in data for n in _names(x))
        if kind == "sym":
            names = frozenset((data[0],))
        heights = [_height(x) for x in data]
        self.height = max(heights, default=0)
        if kind in ("sum", "prod"):
            names -= {s.name for s in data[0]}
            self.height += 1
        self.names = names

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key


Monomial = tuple[tuple[Atom, Fraction], ...]


def _key(x: Any) -> str:
    if isinstance(x, Form):
        return x.key
    if isinstance(x, tuple) and not isinstance(x, Idx | Span):
        if x and isinstance(x[0], Span):
            return ",".join(str(s) for s in x)
        return monomial_key(x)
    return str(x)


def _names(x: Any) -> Iterable[str]:
    if isinstance(x, Idx):
        return (x.name,) if x.name else ()
    if isinstance(x, Span):
        return {n for e in (x.lower, x.upper, *x.excluded) for n in _names(e)}
    if isinstance(x, Form):
        return x.names
    if isinstance(x, tuple):
        if x and isinstance(x[0], Span):
            return {n for s in x for n in _names(s)}
        return {n for a, _ in x for n in a.names}
    return ()


def _height(x: Any) -> int:
    if isinstance(x, Form):
        return max((a.height for mono in x.terms for a, _ in mono), default=0)
    if isinstance(x, tuple) and x and isinstance(x[0], tuple) and isinstance(x[0][0], Atom):
        return max(a.height for a, _ in x)
    return 0


def monomial_key(mono: Monomial) -> str:
    """The canonical text of a product of atom powers."""
    return "*".join(a.key if e == 1 else f"{a.key}^{e}" for a, e in mono) or "1"


class Form:
    """Σ coefficient · Π atom^exponent. Immutable."""

    __slots__ = ("_key", "_names", "terms")

    def __init__(self, terms: Mapping[Monomial, Fraction]) -> None:
        self.terms = {mono: c for mono, c in terms.items() if c}
        self._key: str | None = None
        self._names: frozenset[str] | None = None

    @property
    def key(self) -> str:
        if self._key is None:
            parts = sorted(f"{c}*{monomial_key(mono)}" for mono, c in self.terms.items())
            self._key = "+".join(parts) or "0"
        return self._key

    @property
    def names(self) -> frozenset[str]:
        if self._names is None:
            self._names = frozenset(n for mono in self.terms for a, _ in mono for n in a.names)
        return self._names

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key

    def __add__(self, other: Form) -> Form:
        out = dict(self.terms)
        for mono, c in other.terms.items():
            out[mono] = out.get(mono, ZERO) + c
        return Form(out)

    def __neg__(self) -> Form:
        return self.scaled(Fraction(-1))

    def __sub__(self, other: Form) -> Form:
        return self + -other

    def __mul__(self, other: Form) -> Form:
        if len(self.terms) * len(other.terms) > MAX_PRODUCT:
            raise Undecidable("a product of sums is too long to multiply out")
        out: dict[Monomial, Fraction] = {}
        extra = Form({})
        for m1, c1 in self.terms.items():
            for m2, c2 in other.terms.items():
                plain, factor, bigs = _product(m1, m2)
                if bigs:
                    extra = extra + _expanded(plain, c1 * c2 * factor, bigs)
                else:
                    out[plain] = out.get(plain, ZERO) + c1 * c2 * factor
        return Form(out) + extra if extra.terms else Form(out)

    def scaled(self, by: Fraction) -> Form:
        return Form({mono: c * by for mono, c in self.terms.items()})

    def power(self, n: int) -> Form:
        """The n-th power, n ≥ 0, multiplied out."""
        out, square = constant(1), self
        while n:
            if n & 1:
                out = out * square
            n >>= 1
            square = square * square if n else square
        return out

    @property
    def number(self) -> Fraction | None:
        """The value of a form without atoms."""
        if not self.terms:
            return ZERO
        if len(self.terms) == 1 and () in self.terms:
            return self.terms[()]
        return None

    @property
    def single(self) -> tuple[Monomial, Fraction] | None:
        """The only term, if there is just one."""
        return next(iter(self.terms.items())) if len(self.terms) == 1 else None

    def atoms(self) -> Iterator[Atom]:
        """Every atom, inner ones too (those below a bound index included)."""
        for mono in self.terms:
            yield from monomial_atoms(mono)


def monomial_atoms(mono: Monomial) -> Iterator[Atom]:
    """Every atom of a monomial, inner ones too."""
    for a, _ in mono:
        yield a
        for x in a.data:
            if isinstance(x, Form):
                yield from x.atoms()
            elif isinstance(x, tuple) and x and not isinstance(x[0], str | Span | int):
                yield from monomial_atoms(x)


def _product(m1: Monomial, m2: Monomial) -> tuple[Monomial, Fraction, list[tuple[Atom, int]]]:
    """The merged monomial, a rational factor, and positive powers of sums still to expand."""
    powers: dict[Atom, Fraction] = dict(m1)
    for a, e in m2:
        powers[a] = powers.get(a, ZERO) + e
    factor, bigs = ONE, []
    for a in list(powers):
        e = powers[a]
        if a.kind in ("delta", "le") and e > 0:
            powers[a] = ONE
        elif a.kind == "num" and not 0 <= e < 1:
            whole = e.numerator // e.denominator
            factor *= Fraction(a.data[0]) ** whole
            powers[a] = e - whole
        elif a.kind == "big" and e >= 1:
            whole = e.numerator // e.denominator
            bigs.append((a, whole))
            powers[a] = e - whole
    plain = tuple(sorted(((a, e) for a, e in powers.items() if e), key=lambda t: t[0].key))
    return plain, factor, bigs


def _expanded(plain: Monomial, c: Fraction, bigs: list[tuple[Atom, int]]) -> Form:
    out = Form({plain: c})
    for a, n in bigs:
        out = out * a.data[0].power(n)
    return out


def constant(value: int | Fraction) -> Form:
    """A number as a form."""
    return Form({(): Fraction(value)})


def monomial(mono: Monomial, c: Fraction = ONE) -> Form:
    """One term as a form."""
    return Form({mono: c})


def atom(kind: str, *data: Any, exponent: Fraction = ONE) -> Form:
    """One atom as a form."""
    return Form({((Atom(kind, data), exponent),): ONE})


def total(forms: Iterable[Form]) -> Form:
    """The sum of forms."""
    out: dict[Monomial, Fraction] = {}
    for form in forms:
        for mono, c in form.terms.items():
            out[mono] = out.get(mono, ZERO) + c
    return Form(out)


def cleared(form: Form) -> Form:
    """A multiple of the form without whole powers of sums in denominators; zero iff it is zero."""
    while True:
        worst: dict[Atom, int] = {}
        for mono in form.terms:
            for a, e in mono:
                if a.kind == "big" and e < 0:
                    worst[a] = max(worst.get(a, 0), -(e.numerator // e.denominator))
        if not worst:
            return form
        a = max(worst, key=lambda x: (x.height, x.key))
        form = _times(form, a, worst[a])


def _times(form: Form, a: Atom, n: int) -> Form:
    """form · a^n, where a^n itself must not be multiplied out before it cancels."""
    parts = []
    for mono, c in form.terms.items():
        powers = dict(mono)
        e = powers.pop(a, ZERO) + n
        whole = e.numerator // e.denominator
        if e - whole:
            powers[a] = e - whole
        rest = tuple(sorted(powers.items(), key=lambda t: t[0].key))
        parts.append(Form({rest: c}) * a.data[0].power(whole))
    return total(parts)
