"""Comparing and matching expressions up to the letters of their bound indices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.kernel.language import Basic, Expr, Indexed, Integer, Mul, Pow, Ranged, Symbol, exp


def canonical_letters(expr: Basic, depth: int = 0) -> Any:
    """The expression with its bound letters named by nesting depth."""
    if not expr.args or isinstance(expr, Symbol):
        return expr
    if isinstance(expr, Ranged):
        name = Symbol(f"_{depth}", **expr.index.assumptions0)
        expr = expr.rebound(name)
        body = canonical_letters(expr.body, depth + 1)
        return expr.func(body, *expr.args[1:])
    args = [canonical_letters(a, depth) for a in expr.args]
    changed = any(a is not b for a, b in zip(args, expr.args, strict=True))
    return expr.func(*args) if changed else expr


def alike(a: Basic, b: Basic) -> bool:
    """Whether two lines are the same but for bound letters."""
    return a == b or canonical_letters(a) == canonical_letters(b)


def match(pattern: Basic, expr: Basic, free: frozenset[Symbol]) -> dict[Symbol, Expr] | None:
    """Values of the ``free`` index letters that make ``pattern`` into ``expr``, or nothing.

    Matching is syntactic; sums match up to their bound letters, products and sums of terms in
    the order in which SymPy keeps them or any other.
    """
    return _match(canonical_letters(pattern), canonical_letters(expr), free, {})


def _match(
    pattern: Basic, expr: Basic, free: frozenset[Symbol], found: Mapping[Symbol, Expr]
) -> dict[Symbol, Expr] | None:
    if isinstance(pattern, Symbol) and pattern in free:
        if pattern in found:
            return dict(found) if found[pattern] == expr else None
        return {**found, pattern: expr}
    if pattern == expr and not (pattern.free_symbols & free):
        return dict(found)
    if type(pattern) is not type(expr) or len(pattern.args) != len(expr.args) or not pattern.args:
        return None
    if isinstance(pattern, Indexed) and pattern.base != expr.base:
        return None
    if pattern.is_Add or pattern.is_Mul:
        return _match_any_order(list(pattern.args), list(expr.args), free, found)
    now: dict[Symbol, Expr] | None = dict(found)
    for a, b in zip(pattern.args, expr.args, strict=True):
        now = _match(a, b, free, now) if now is not None else None
    return now


def _match_any_order(
    patterns: list[Basic],
    parts: list[Basic],
    free: frozenset[Symbol],
    found: Mapping[Symbol, Expr],
) -> dict[Symbol, Expr] | None:
    if not patterns:
        return dict(found)
    for n, part in enumerate(parts):
        now = _match(patterns[0], part, free, found)
        if now is not None:
            rest = _match_any_order(patterns[1:], parts[:n] + parts[n + 1 :], free, now)
            if rest is not None:
                return rest
    return None


def powers(expr: Expr) -> dict[Expr, Expr]:
    """The factors of a product with their exponents; letters made canonical."""
    return {base: e for base, (_, e) in _powers(expr).items()}


def _powers(expr: Expr) -> dict[Expr, tuple[Expr, Expr]]:
    """By canonical factor: the factor with its own letters, and its exponent."""
    out: dict[Expr, tuple[Expr, Expr]] = {}
    for f in Mul.make_args(expr):
        base, e = (f.base, f.exp) if isinstance(f, Pow) else (f, Integer(1))
        if isinstance(f, exp) and f.args[0].is_Mul and f.args[0].args[0].is_Integer:
            n, *rest = f.args[0].args  # e^{2z} is two factors e^z
            base, e = exp(Mul(*rest)), n
        key = canonical_letters(base)
        out[key] = (base, out[key][1] + e) if key in out else (base, e)
    return out


def divided(expr: Expr, divisor: Expr) -> Expr | None:
    """expr / divisor if every factor of the divisor is a factor of the product, else nothing."""
    have, want = _powers(expr), powers(divisor)
    for key, e in want.items():
        if key not in have:
            return None
        base, present = have[key]
        enough = (e - present).is_nonpositive if e.is_positive else (e - present).is_nonnegative
        if not enough and not (key.is_number and present == e):
            return None
        have[key] = (base, present - e)
    return Mul(*(Pow(base, e) for base, e in have.values()))
