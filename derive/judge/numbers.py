"""Numbers by the digits written: a correct rounding of the exact value, or not, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING

from sympy import Float, Rational, Symbol

from derive.errors import DeriveError
from derive.judge.judgement import Judgement
from derive.judge.scope import Scope
from derive.judge.values import Meaning
from derive.kernel.language import Expr, Indexed
from derive.kernel.rounding import cut_off, half_unit, places, rounded, rounded_first
from derive.kernel.verdicts import Witness

if TYPE_CHECKING:
    from derive.judge.claims import Claim
    from derive.judge.judgement import Judgement
    from derive.judge.tokens import Token

DIGITS = 40
CLOSE = Rational(1, 10**30)
MOST_DECIMALS = 6


def is_numeric(expr: Expr, scope: Scope) -> bool:
    """Whether nothing but numbers is in it, after definitions."""
    if expr.atoms(Indexed):
        return False
    return all(_value(s, scope) is not None for s in expr.atoms(Symbol))


def _value(s: Symbol, scope: Scope) -> Expr | None:
    for d in scope.definitions.values():
        if d.lhs == s and not d.body.free_symbols and not d.body.atoms(Indexed):
            return d.body
    return None


def compare(
    lhs: Expr, rhs: Expr, claim: Claim, scope: Scope, earlier: frozenset[str] = frozenset()
) -> Judgement:
    """Exact where both sides are; a written decimal must be a correct rounding.

    ``earlier`` are decimals that stand as results before this claim: in an expression each of
    them may be off by half a unit of its last digit.
    """
    left, right = (_closed(e, scope) for e in (lhs, rhs))
    if left == right or abs(_number(left) - _number(right)) < CLOSE:
        return Judgement("proved")
    half = _half_unit(right, claim.tokens[1], claim.sign) or _half_unit(
        left, claim.tokens[0], claim.sign
    )
    exact, written = (left, right) if _written(right, claim.tokens[1]) else (right, left)
    witness = Witness({}, {}, {}, left, right)
    if half is None:
        slack = _slack(claim, earlier, (left, right))
        if slack and abs(_number(left) - _number(right)) <= slack:
            return Judgement("proved", why="equal within the rounding of the numbers in it")
        why = f"left {_shown(left)}, right {_shown(right)}"
        return Judgement("refuted", why=why, witness=witness)
    if abs(_number(exact) - _number(written)) <= half:
        return Judgement("proved", why=f"the exact value is {_shown(exact)}")
    slack = _slack(claim, earlier, (exact,))
    if slack and abs(_number(exact) - _number(written)) <= half + slack:
        return Judgement("proved", why="right within the rounding of the numbers it is made of")
    why = _explained(exact, _as_text(written, half))
    return Judgement("refuted", why=why, witness=witness)


def digits(lhs: Expr, rhs: Expr, scope: Scope) -> tuple[Expr, Expr, bool]:
    """Two numbers, and whether they are the same to many digits."""
    left, right = (_number(_closed(e, scope)) for e in (lhs, rhs))
    return left, right, bool(abs(left - right) < CLOSE)


def _closed(expr: Expr, scope: Scope) -> Expr:
    values = {s: _value(s, scope) for s in expr.atoms(Symbol)}
    return expr.xreplace({s: v for s, v in values.items() if v is not None})


def _number(expr: Expr) -> Expr:
    found = expr.evalf(DIGITS)
    if not found.is_Float and not found.is_Rational:
        raise Meaning(f"{expr} has no value that is a real number")
    return found


def _decimals(tokens: Iterable[Token]) -> list[str]:
    return [t.text for t in tokens if t.kind == "num" and "." in t.text]


def _written(value: Expr, tokens: Iterable[Token]) -> str | None:
    """The decimal that a side consists of, if it is one written number."""
    if not value.is_Rational:
        return None
    return next((t for t in _decimals(tokens) if Rational(t) == abs(value)), None)


def _half_unit(value: Expr, tokens: Iterable[Token], sign: str) -> Rational | None:
    text = _written(value, tokens)
    if text is not None:
        return half_unit(text)
    return Rational(1, 2) if sign == "≈" and value.is_Integer else None


def _slack(claim: Claim, earlier: frozenset[str], sides: tuple[Expr, ...]) -> Expr | None:
    """How far rounded numbers in an expression can move it."""
    texts = [t for side in claim.tokens for t in _decimals(side) if t in earlier]
    texts = sorted(set(texts))[:MOST_DECIMALS]
    if not texts:
        return None
    total: Expr = Rational(0)
    for side in sides:
        if side.is_Rational and _written(side, claim.tokens[1]):
            continue
        total += _spread(side, claim, texts)
    return total or None


def _spread(side: Expr, claim: Claim, texts: list[str]) -> Expr:
    from derive.judge.elaborate import Elaborator
    from derive.judge.tree import Node, Num, mapped

    def moved(node: Node, by: dict[str, str]) -> Node:
        if isinstance(node, Num):
            return Num(by.get(node.text, node.text))
        return mapped(node, lambda n: moved(n, by))

    worst: Expr = Rational(0)
    for tree in claim.trees or ():
        for signs in product((-1, 1), repeat=len(texts)):
            by = {t: _moved(t, s) for t, s in zip(texts, signs, strict=True)}
            try:
                value = Elaborator(Scope()).value(moved(tree, by))
                base = Elaborator(Scope()).value(tree)
            except Meaning:
                continue
            if isinstance(value, Expr) and isinstance(base, Expr) and base == side:
                worst = max(worst, abs(_number(value) - _number(side)))
    return worst


def _moved(text: str, sign: int) -> str:
    """The written number moved by half a unit of its last digit."""
    digits = places(text)
    scaled = int(text.replace(".", "")) * 10 + 5 * sign
    whole = str(abs(scaled)).rjust(digits + 2, "0")
    return f"{whole[: -digits - 1]}.{whole[-digits - 1 :]}"


def _as_text(written: Expr, half: Rational) -> str:
    """The written number with all its digits, and its sign."""
    return rounded(written, len(str(int(1 / (2 * half)))) - 1)


def _explained(exact: Expr, text: str) -> str:
    """What the number should be, and whether rounding the exponentials first explains it."""
    try:
        why = f"exactly {_shown(exact)}, so it rounds to {rounded(exact, places(text))}"
        first = rounded_first(exact, text)
        if first is not None:
            how = f"rounding the exponentials to {first.digits} digits first"
            return f"{why}; {how} gives the number written"
        return f"{why}; it was cut off, not rounded" if cut_off(exact, text) else why
    except DeriveError:  # not made of powers, exponentials and logarithms alone
        return f"exactly {_shown(exact)}"


def _shown(value: Expr) -> str:
    if value.is_Rational and len(str(value)) < 12:
        return str(value)
    return str(Float(_number(value), 8))
