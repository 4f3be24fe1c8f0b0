"""Slips: typical human mistakes as transformations of an expression.

Each slip looks at one node and offers the ways in which people get it wrong. ``mutants`` applies
every slip at every place. They try the checker (none may be proved unless it is true all the
same), and they explain a refuted line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import Integer

from derive.kernel.language import (
    Add,
    Basic,
    Cases,
    Equation,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Partial,
    Pow,
    Product,
    Ranged,
    Relational,
    Sum,
    Symbol,
    delta,
    exp,
    free_indices,
    log,
)
from derive.kernel.matrices import Array, scalars
from derive.notation import K, i

Offer = Callable[[Expr, frozenset[Symbol]], Iterator[Expr]]


@dataclass(frozen=True)
class Slip:
    """One kind of mistake: what it is called, an expression that invites it, and the mistake."""

    name: str
    words: str
    example: Expr
    offers: Offer


_SLIPS: dict[str, Slip] = {}


def slips() -> dict[str, Slip]:
    """Every declared slip by name."""
    return dict(_SLIPS)


def slip(name: str, words: str, example: Expr) -> Callable[[Offer], Slip]:
    """Declare a slip; ``example`` must be offered at least one mistake."""

    def declare(offers: Offer) -> Slip:
        made = Slip(name, words, example, offers)
        _SLIPS[name] = made
        return made

    return declare


def mutants(line: Basic) -> Iterator[tuple[Slip, Basic]]:
    """Every slip at every place of a line (of an equation: on its right side), without repeats."""
    seen = {line}
    for made, new in _all_mutants(line):
        if new not in seen:
            seen.add(new)
            yield made, new


def _all_mutants(line: Basic) -> Iterator[tuple[Slip, Basic]]:
    if isinstance(line, Equation):
        for made, side in mutants(line.rhs):
            yield made, Equation(line.lhs, side)
        return
    expr = scalars(line) if line.has(Array) else line
    letters = frozenset(free_indices(expr) - {K})
    for made in _SLIPS.values():
        for new in everywhere(made, expr, letters):
            yield made, new


def everywhere(made: Slip, expr: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    """The expression with one slip made at each place in turn."""
    yield from made.offers(expr, letters)
    if isinstance(expr, Indexed | Symbol | Relational | KroneckerDelta) or not expr.args:
        return
    if isinstance(expr, Ranged):
        for new in everywhere(made, expr.body, letters | {expr.index}):
            yield expr.func(new, *expr.args[1:])
        return
    if isinstance(expr, Partial):
        for new in everywhere(made, expr.expr, letters):
            yield Partial(new, expr.var)
        return
    if isinstance(expr, Cases):
        for n, (value, _) in enumerate(expr.pairs):
            for new in everywhere(made, value, letters):
                pairs = [(new if m == n else f, c) for m, (f, c) in enumerate(expr.pairs)]
                yield Cases(*pairs)
        return
    for n, arg in enumerate(expr.args):
        for new in everywhere(made, arg, letters):
            yield expr.func(*expr.args[:n], new, *expr.args[n + 1 :])


_D, _Z = delta(i, Symbol("j", integer=True, positive=True)), Symbol("x", real=True)
_J = Symbol("j", integer=True, positive=True)


def _sum(body: Expr) -> Sum:
    return Sum(body, (_J, 1, K))


def _vector(index: Expr) -> Expr:
    from derive.notation import z

    return z[index]


@slip("sign", "a sign is wrong", _Z - _vector(i))
def sign(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Add):
        for n, t in enumerate(e.args):
            yield Add(*e.args[:n], -t, *e.args[n + 1 :])
    elif isinstance(e, Mul | Indexed | Sum | exp):
        yield -e


@slip("dropped term", "a term is missing", _Z - _vector(i))
def dropped_term(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Add):
        for n in range(len(e.args)):
            yield Add(*e.args[:n], *e.args[n + 1 :])


@slip("dropped factor", "a factor is missing", _Z * _vector(i))
def dropped_factor(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Mul):
        for n in range(len(e.args)):
            yield Mul(*e.args[:n], *e.args[n + 1 :])


@slip("dropped sum", "a sum over the classes is missing", _sum(_vector(_J)))
def dropped_sum(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Sum | Product):
        for letter in sorted(letters, key=str) or [e.lower]:
            yield e.at(letter)


@slip("diagonal only", "only the diagonal i = j is right", _vector(i) * _vector(_J))
def diagonal_only(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, KroneckerDelta):
        yield Integer(1)
    if isinstance(e, Mul) and len(letters) >= 2:
        first, second = sorted(letters, key=str)[:2]
        if {first, second} <= free_indices(e) and not e.has(KroneckerDelta):
            yield e * delta(first, second)


@slip("dropped delta", "a Kronecker delta is missing", _vector(i) * _D)
def dropped_delta(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, KroneckerDelta):
        yield Integer(0)


@slip("swapped index", "an index is the wrong one", _vector(i) * _vector(_J))
def swapped_index(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Indexed):
        for n, old in enumerate(e.indices):
            for letter in sorted(letters, key=str):
                if letter != old:
                    yield e.base[(*e.indices[:n], letter, *e.indices[n + 1 :])]


@slip("missing 1 +", "a 1 + is missing", 1 + exp(_Z))
def missing_one(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Add) and Integer(1) in e.args:
        yield e - 1
        yield e - 2


@slip("off by one", "a limit of a sum is off by one", _sum(_vector(_J)))
def off_by_one(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Sum | Product):
        index, lower, upper = e.args[1]
        # One past a declared range does not exist; only moves inwards are offered for full ranges.
        yield e.func(e.body, (index, lower + 1, upper), *e.excluded)
        yield e.func(e.body, (index, lower, upper - 1), *e.excluded)


@slip("ignored exclusion", "the excluded class is counted too", Sum(_vector(_J), (_J, 1, K), i))
def ignored_exclusion(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Sum | Product) and e.excluded:
        yield e.func(e.body, e.args[1])


@slip("forgotten total", "a total is taken to be 1", _sum(_vector(_J)))
def forgotten_total(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Sum):
        yield Integer(1)


@slip("log base", "the logarithm is to another base", log(1 + exp(_Z)))
def log_base(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, log):
        yield e / log(2)


@slip("dropped log", "a logarithm is missing", log(1 + exp(_Z)))
def dropped_log(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, log):
        yield e.args[0]


@slip("dropped exp", "an exponential is missing", exp(_Z))
def dropped_exp(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, exp):
        yield e.args[0]
        yield exp(-e.args[0])


@slip("wrong power", "a power is wrong (squared, or upside down)", 1 / (1 + exp(_Z)))
def wrong_power(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Pow) and e.exp.is_number:
        yield e.base
        yield 1 / e
        yield e.base ** (e.exp - 1)


@slip("squared", "a factor is squared", _vector(i))
def squared(e: Expr, letters: frozenset[Symbol]) -> Iterator[Expr]:
    if isinstance(e, Indexed):
        yield e**2
