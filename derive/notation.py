"""The notation, once: every quantity with its meaning, domain, shape and LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol


class Domain(Enum):
    """Where a component of a quantity lives."""

    REAL = "real"
    POSITIVE = "positive"
    NONNEGATIVE = "nonnegative"
    UNIT = "in (0, 1)"
    COUNT = "a count 0, 1, 2, …"
    LABEL = "a class label"
    SIGN = "1 or −1"


ASSUMPTIONS: dict[Domain, dict[str, bool]] = {
    Domain.REAL: {"real": True},
    Domain.POSITIVE: {"positive": True},
    Domain.NONNEGATIVE: {"nonnegative": True},
    Domain.UNIT: {"positive": True},
    Domain.COUNT: {"integer": True, "nonnegative": True},
    Domain.LABEL: {"integer": True, "positive": True},
    Domain.SIGN: {"real": True},
}


@dataclass(frozen=True)
class Quantity:
    """A declared symbol. ``shape`` gives the last value of each index (all start at 1).

    ``may_sum_to_one``: Σ = 1 over its last index is a fact worth trying (targets, probabilities).
    Nothing here states that it holds.
    """

    symbol: IndexedBase | Symbol
    meaning: str
    domain: Domain = Domain.REAL
    shape: tuple[Expr, ...] = ()
    latex: str = ""
    may_sum_to_one: bool = False

    @property
    def name(self) -> str:
        return str(self.symbol)


@dataclass(frozen=True)
class Range:
    """The values that an index takes: lower, …, upper."""

    lower: Expr
    upper: Expr


def index(name: str) -> Symbol:
    """An index symbol (an integer, at least 1)."""
    return Symbol(name, integer=True, positive=True)


def vector(name: str, domain: Domain = Domain.REAL) -> IndexedBase:
    """An indexed quantity with the assumptions of its domain."""
    return IndexedBase(name, **ASSUMPTIONS[domain])


def scalar(name: str, domain: Domain = Domain.REAL) -> Symbol:
    """A scalar symbol with the assumptions of its domain."""
    return Symbol(name, **ASSUMPTIONS[domain])


K, D, m, N = index("K"), index("D"), index("m"), index("N")
i, j, k, l = (index(s) for s in "ijkl")  # noqa: E741 - the field's letters
d, e = index("d"), index("e")
n, r = index("n"), index("r")
t, u = index("t"), index("u")
c = index("c")

ONE = Integer(1)
INDEX_RANGES: dict[Symbol, Range] = {
    **{s: Range(ONE, K) for s in (i, j, k, l, c)},
    **{s: Range(ONE, D) for s in (d, e)},
    **{s: Range(ONE, m) for s in (n, r)},
    **{s: Range(ONE, N) for s in (t, u)},
}

z = vector("z")
p = vector("p", Domain.UNIT)
q = vector("q", Domain.UNIT)
y = vector("y")
x = vector("x")
W = vector("W")
b = vector("b")
eta = vector("eta")
phi = vector("phi", Domain.UNIT)
T = vector("T")
L, H, a, ell = (scalar(s) for s in ("L", "H", "a", "ell"))
shift = scalar("s")
tau = scalar("tau", Domain.POSITIVE)
gamma = scalar("gamma", Domain.POSITIVE)

QUANTITIES: tuple[Quantity, ...] = (
    Quantity(K, "number of classes", Domain.LABEL, latex="K"),
    Quantity(D, "number of features", Domain.LABEL, latex="D"),
    Quantity(m, "number of examples", Domain.LABEL, latex="m"),
    Quantity(N, "number of trials", Domain.LABEL, latex="N"),
    Quantity(c, "class label", Domain.LABEL, latex="c"),
    Quantity(z, "logits", shape=(K,), latex="z"),
    Quantity(p, "probabilities", Domain.UNIT, (K,), "p", may_sum_to_one=True),
    Quantity(q, "predicted probabilities", Domain.UNIT, (K,), "q", may_sum_to_one=True),
    Quantity(y, "targets", shape=(K,), latex="y", may_sum_to_one=True),
    Quantity(x, "features", shape=(D,), latex="x"),
    Quantity(W, "weights", shape=(K, D), latex="W"),
    Quantity(b, "biases", shape=(K,), latex="b"),
    Quantity(eta, "natural parameters", shape=(K,), latex=r"\eta"),
    Quantity(phi, "mean parameters", Domain.UNIT, (K,), r"\phi", may_sum_to_one=True),
    Quantity(T, "sufficient statistic", shape=(K,), latex="T"),
    Quantity(L, "loss", latex="L"),
    Quantity(H, "cross-entropy", latex="H"),
    Quantity(a, "log-partition", latex="a"),
    Quantity(ell, "log-sum-exp of the logits", latex=r"\ell"),
    Quantity(shift, "a real constant", latex="s"),
    Quantity(tau, "temperature", Domain.POSITIVE, latex=r"\tau"),
    Quantity(gamma, "focusing exponent", Domain.POSITIVE, latex=r"\gamma"),
)


def base_of(expr: Expr) -> Expr:
    """The declared symbol behind ``z[j]``, ``z`` or ``x``."""
    return expr.base if isinstance(expr, Indexed) else expr
