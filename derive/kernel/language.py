"""The language: SymPy expressions with indices, and the few nodes that SymPy has not got safely.

SymPy gives ``Indexed``, ``KroneckerDelta``, ``exp``, ``log``, powers and factorials. Here are the
nodes that bind or differentiate. SymPy's own are unsafe for indices: its ``Derivative(p[i], z[j])``
is 0 at once because ``i`` and ``j`` differ, and its ``Sum`` follows Karr's convention.

=====================  ===================================================================
``Sum(f, (k, 1, K))``      Σ over k = 1..K; empty ranges give 0
``Sum(f, (k, 1, K), i)``   Σ over k = 1..K with k ≠ i; f need not be defined at i
``Product(f, (k, 1, K))``  Π, likewise; empty ranges give 1
``Partial(f, z[j])``       ∂f/∂z_j, not evaluated
``Cases((f, c), (g, d))``  f where c holds, g where d holds; conditions on indices, one of them true
``Indicator(a <= b)``      1 if the relation between indices holds, else 0
=====================  ===================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, count
from typing import Any

from sympy import (
    Add,
    Basic,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    Symbol,
    Tuple,
    exp,
    factorial,
    log,
    sympify,
)
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational

from derive.errors import LanguageError

__all__ = [
    "Add", "Basic", "Cases", "Eq", "Equation", "Expr", "Ge", "Gt", "Indexed", "IndexedBase",
    "Indicator",
    "Integer", "KroneckerDelta", "Le", "Lt", "Mul", "Ne", "Partial", "Pow", "Product", "Ranged",
    "Rational", "Relational", "Sum", "Symbol", "Tuple", "bound_indices", "delta", "exp",
    "factorial", "free_indices", "fresh", "log", "occurs", "substitute", "walk",
]  # fmt: skip

delta = KroneckerDelta
# Letters that nothing else in the notation uses.
FRESH_LETTERS = ("l", "r", "h")


class Ranged(Expr):
    """``func(body, (index, lower, upper), *excluded)``: one bound index, some values left out."""

    is_commutative = True

    def __new__(cls, body: Any, *rest: Any) -> Any:
        ranges = [r for r in rest if isinstance(r, tuple | list | Tuple)]
        excluded = [sympify(r) for r in rest if not isinstance(r, tuple | list | Tuple)]
        if not ranges:
            raise LanguageError(
                f"{cls.__name__} needs a range (index, lower, upper)",
                hint=f"write {cls.__name__}(f, (k, 1, K))",
            )
        *outer, last = ranges[::-1]
        node = cls._one(sympify(body), last, excluded if not outer else [])
        for r in outer[::-1]:
            node = cls._one(node, r, excluded if r is outer[0] else [])
        return node

    @classmethod
    def _one(cls, body: Expr, limits: Any, excluded: list[Expr]) -> Expr:
        if len(limits) != 3:
            raise LanguageError(
                f"the range {tuple(limits)} of a {cls.__name__} is not (index, lower, upper)",
                hint="write (k, 1, K)",
            )
        index, lower, upper = (sympify(x) for x in limits)
        if not isinstance(index, Symbol):
            raise LanguageError(f"{index} cannot be bound: an index is a Symbol")
        if any(index in e.free_symbols for e in (lower, upper, *excluded)):
            raise LanguageError(f"the bound index {index} stands in its own range")
        ordered = sorted(set(excluded), key=str)
        return Expr.__new__(cls, body, Tuple(index, lower, upper), *ordered)

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def index(self) -> Symbol:
        return self.args[1][0]

    @property
    def lower(self) -> Expr:
        return self.args[1][1]

    @property
    def upper(self) -> Expr:
        return self.args[1][2]

    @property
    def excluded(self) -> tuple[Expr, ...]:
        return tuple(self.args[2:])

    @property
    def free_symbols(self) -> set[Basic]:
        inner = {s for s in self.body.free_symbols if not _mentions(s, self.index)}
        outer: set[Basic] = set()
        for e in (self.lower, self.upper, *self.excluded):
            outer |= e.free_symbols
        return inner | outer

    def rebound(self, index: Symbol) -> Ranged:
        """The same sum with another letter for its index."""
        body = substitute(self.body, {self.index: index})
        return self.func(body, (index, self.lower, self.upper), *self.excluded)

    def at(self, value: Expr) -> Expr:
        """The summand at one value of the index."""
        return substitute(self.body, {self.index: value})

    def _xreplace(self, rule: Mapping[Basic, Basic]) -> tuple[Basic, bool]:
        if self in rule:
            return rule[self], True
        new = _descend(self, lambda e, inner: e._xreplace(inner)[0], rule)
        return new, new != self

    def _eval_subs(self, old: Basic, new: Basic) -> Basic:
        return _descend(self, lambda e, inner: e.subs(inner), {old: sympify(new)})

    def _eval_is_real(self) -> bool | None:
        return self.body.is_real

    def _eval_is_extended_real(self) -> bool | None:
        return self.body.is_extended_real

    def _eval_is_nonnegative(self) -> bool | None:
        return self.body.is_nonnegative or None

    def _eval_is_positive(self) -> bool | None:
        nonempty = (self.upper - self.lower).is_nonnegative and not self.excluded
        return True if self.body.is_positive and nonempty else None

    def _sympystr(self, printer: Any) -> str:
        limits = "".join(f", {printer._print(e)}" for e in self.args[1:])
        return f"{type(self).__name__}({printer._print(self.body)}{limits})"


def _mentions(symbol: Basic, index: Symbol) -> bool:
    return symbol == index or (isinstance(symbol, Indexed) and index in symbol.free_symbols)


def _descend(node: Ranged, change: Any, rule: Mapping[Basic, Basic]) -> Ranged:
    """Replace inside a binder: the bound index is left alone, and never captures."""
    inner = {a: b for a, b in rule.items() if a != node.index}
    lower, upper = (change(e, inner) for e in (node.lower, node.upper))
    excluded = [change(e, inner) for e in node.excluded]
    index, body = node.index, node.body
    if any(index in b.free_symbols for a, b in inner.items() if occurs(a, body)):
        index = fresh(index, body, *inner.keys(), *inner.values())
        body = substitute(body, {node.index: index})
    return node.func(change(body, inner), (index, lower, upper), *excluded)


class Sum(Ranged):
    """Σ over one index. The empty sum is 0."""


class Product(Ranged):
    """Π over one index. The empty product is 1."""


class Partial(Expr):
    """∂expr/∂var, held. ``var`` is a symbol or an indexed quantity, possibly a *named* one."""

    is_commutative = True

    def __new__(cls, expr: Any, var: Any) -> Any:
        var = sympify(var)
        if not isinstance(var, Symbol | Indexed):
            raise LanguageError(
                f"cannot differentiate with respect to {var}",
                hint="differentiate with respect to a symbol such as x or a component such as z[j]",
            )
        return Expr.__new__(cls, sympify(expr), var)

    @property
    def expr(self) -> Expr:
        return self.args[0]

    @property
    def var(self) -> Expr:
        return self.args[1]

    @property
    def free_symbols(self) -> set[Basic]:
        return self.expr.free_symbols | self.var.free_symbols

    def _eval_is_real(self) -> bool | None:
        return True


class Cases(Expr):
    """A value for each condition on the indices; exactly one condition holds."""

    is_commutative = True

    def __new__(cls, *pairs: Any) -> Any:
        return Expr.__new__(cls, *(Tuple(sympify(f), sympify(c)) for f, c in pairs))

    @property
    def pairs(self) -> tuple[tuple[Expr, Relational], ...]:
        return tuple((p[0], p[1]) for p in self.args)

    def _eval_is_real(self) -> bool | None:
        return True


class Indicator(Expr):
    """1 if a relation between indices holds, else 0. Equalities become Kronecker deltas."""

    is_commutative = True
    is_real = True

    def __new__(cls, relation: Any) -> Any:
        relation = sympify(relation)
        if relation in (True, False):
            return Integer(1 if relation else 0)
        if isinstance(relation, Eq):
            return delta(relation.lhs, relation.rhs)
        if isinstance(relation, Ne):
            return 1 - delta(relation.lhs, relation.rhs)
        if not isinstance(relation, Relational):
            raise LanguageError(f"{relation} is not a relation between indices")
        return Expr.__new__(cls, relation)

    @property
    def relation(self) -> Relational:
        return self.args[0]


class Equation(Basic):
    """A line ``lhs = rhs`` of a derivation that transforms both sides."""

    def __new__(cls, lhs: Any, rhs: Any) -> Any:
        return Basic.__new__(cls, sympify(lhs), sympify(rhs))

    @property
    def lhs(self) -> Expr:
        return self.args[0]

    @property
    def rhs(self) -> Expr:
        return self.args[1]


def fresh(like: Symbol, *avoid: Basic) -> Symbol:
    """A symbol with the assumptions of ``like`` whose name none of ``avoid`` uses."""
    used = {s.name for e in avoid for s in e.atoms(Symbol)}
    stem = like.name.rstrip("'")
    primed = (stem + "'" * n for n in count(1))
    names = chain((stem,), FRESH_LETTERS if like.is_integer else (), primed)
    return Symbol(next(name for name in names if name not in used), **like.assumptions0)


def substitute(expr: Expr, values: Mapping[Basic, Basic]) -> Expr:
    """Replace symbols or components, never a bound index, never capturing one."""
    return expr.xreplace(dict(values))


def occurs(part: Basic, expr: Basic) -> bool:
    """Whether ``part`` stands in ``expr`` as a subtree."""
    return any(node == part for node in walk(expr))


def walk(expr: Basic) -> Iterator[Basic]:
    """Every node, outermost first, left to right; the label inside a component is not a node."""
    yield expr
    if isinstance(expr, Indexed):
        for index in expr.indices:
            yield from walk(index)
    elif isinstance(expr, Relational | Symbol | IndexedBase):
        return
    else:
        for arg in expr.args:
            yield from walk(arg)


def free_indices(expr: Basic) -> set[Symbol]:
    """The symbols that stand free in index places: subscripts, deltas, ranges, conditions."""
    if isinstance(expr, Indexed):
        return {s for i in expr.indices for s in i.free_symbols if isinstance(s, Symbol)}
    if isinstance(expr, KroneckerDelta | Relational):
        return {s for s in expr.free_symbols if isinstance(s, Symbol)}
    if isinstance(expr, Ranged):
        inner = free_indices(expr.body) - {expr.index}
        ends = (expr.lower, expr.upper, *expr.excluded)
        return inner.union(*(e.free_symbols for e in ends))
    return {s for a in expr.args for s in free_indices(a)}


def bound_indices(expr: Basic) -> set[Symbol]:
    """The letters bound by some Σ or Π of the expression."""
    return {node.index for node in walk(expr) if isinstance(node, Ranged)}
