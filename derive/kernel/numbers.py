"""Worked numbers: written decimals, each judged to be a correct rounding of the exact value.

The numbers are text with digits. ``d.states`` stands for numbers that are right, ``d.misstates``
for a line with a wrong one, which rounding on the way must explain; what comes out otherwise is
a failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Rational

from derive.errors import DeriveError
from derive.kernel.adopt import adopt
from derive.kernel.declared import About, Givens, Registry
from derive.kernel.derivation import Derivation, Recipe
from derive.kernel.facts import Context
from derive.kernel.instance import at_instance, component_name
from derive.kernel.language import Expr, Symbol, free_indices
from derive.kernel.rounding import (
    RoundedFirst,
    beginning,
    is_rounding,
    places,
    rounded,
    rounded_first,
)

MORE = 4  # decimals than are written
_DECIMAL = re.compile(r"[-−]?\d+(\.\d+)?")


@dataclass(frozen=True)
class Number:
    """One written number: the exact value, what it rounds to, and what explains a wrong one."""

    text: str
    exact: str
    right: bool
    should: str
    because: RoundedFirst | None = None


@dataclass(frozen=True)
class Claim:
    """An expression and the numbers that are written for it, one for each index value."""

    expr: Expr
    texts: tuple[str, ...]
    wrong: bool = False
    is_list: bool = True


@dataclass(frozen=True)
class WorkedNumbers:
    """Given numbers, and numbers that are said to follow."""

    about: About
    context: Context
    given: Mapping[str, tuple[str, ...]]
    claims: tuple[Claim, ...]
    derivations: tuple[Derivation, ...] = ()

    @property
    def name(self) -> str:
        return self.about.name

    @cached_property
    def evidence(self) -> tuple[tuple[Number, ...], ...]:
        """Every written number judged, claim by claim."""
        return tuple(tuple(self._judged(c)) for c in self.claims)

    def _judged(self, claim: Claim) -> Iterator[Number]:
        values = list(self._values(claim.expr))
        if len(values) != len(claim.texts):
            raise DeriveError(
                f"{self.name}: {len(claim.texts)} numbers for the {len(values)} values "
                f"of {claim.expr}"
            )
        for value, text in zip(values, claim.texts, strict=True):
            plain, decimals = text.replace("−", "-"), places(text)
            right = is_rounding(value, plain)
            yield Number(
                text,
                beginning(value, decimals + MORE),
                right,
                rounded(value, decimals),
                None if right else rounded_first(value, plain),
            )

    def _values(self, expr: Expr) -> Iterator[Expr]:
        sizes, values = self._setting()
        letters = [s for s in sorted(free_indices(expr), key=str) if s not in sizes]
        if len(letters) > 1:
            raise DeriveError(f"{self.name}: {expr} has more than one free index")
        if not letters:
            yield at_instance(expr, self.context, sizes, values)
            return
        span = self.context.ranges[letters[0]]
        low, high = (int(at_instance(e, self.context, sizes)) for e in (span.lower, span.upper))
        for n in range(low, high + 1):
            yield at_instance(expr, self.context, {**sizes, letters[0]: n}, values)

    def _setting(self) -> tuple[dict[Symbol, int], dict[str, Expr]]:
        sizes: dict[Symbol, int] = {}
        values: dict[str, Expr] = {}
        for name, texts in self.given.items():
            declared = self.context.quantities.get(name)
            if declared is None or len(declared.shape) > 1:
                raise DeriveError(f"{self.name}: {name} is not a declared vector or number")
            if not declared.shape:
                values[name] = Rational(texts[0])
                continue
            for size in declared.shape[0].free_symbols:
                if sizes.setdefault(size, len(texts)) != len(texts):
                    raise DeriveError(f"{self.name}: the given numbers differ in length")
            for n, text in enumerate(texts, 1):
                values[component_name(name, (n,))] = Rational(text)
        return sizes, values

    def failures(self) -> list[str]:
        """Numbers that came out otherwise than declared."""
        out = []
        for claim, found in zip(self.claims, self.evidence, strict=True):
            wrong = [n for n in found if not n.right]
            if claim.wrong and not wrong:
                out.append(f"{self.name}: every number written for {claim.expr} is right")
            if claim.wrong:
                out += [f"{self.name}: nothing explains {n.text}" for n in wrong if not n.because]
                continue
            out += [f"{self.name}: {n.text} should be {n.should} ({n.exact})" for n in wrong]
        return out


@dataclass
class Builder(Givens):
    """What a topic writes on."""

    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    derivations: list[Derivation] = field(default_factory=list)

    def values(self, **given: str | tuple[str, ...]) -> None:
        """The numbers that are given, exact: ``z=("5", "2", "-1", "3")``."""
        self.given |= {n: (v,) if isinstance(v, str) else v for n, v in given.items()}

    def states(self, expr: Any, texts: str | tuple[str, ...], *, wrong: bool = False) -> None:
        """Numbers as they are written for an expression."""
        listed = not isinstance(texts, str)
        several = (texts,) if isinstance(texts, str) else texts
        for text in several:
            if not _DECIMAL.fullmatch(text):
                raise DeriveError(f"{self.about.name}: {text!r} is not a written number")
        self.claims.append(Claim(adopt(expr), several, wrong, listed))

    def misstates(self, expr: Any, texts: str | tuple[str, ...]) -> None:
        """Numbers of which one at least is wrong, by rounding on the way."""
        self.states(expr, texts, wrong=True)

    def rests_on(self, *recipes: Recipe) -> None:
        """The derivations of what is calculated here."""
        self.derivations += [recipe.made for recipe in recipes]


def _made(about: About, write: Callable[[Any], None]) -> WorkedNumbers:
    d = Builder(about)
    write(d)
    if not d.claims:
        raise DeriveError(f"{about.name} states no number", hint="call d.states(expr, numbers)")
    return WorkedNumbers(about, d.context, d.given, tuple(d.claims), tuple(d.derivations))


numbers: Registry[WorkedNumbers] = Registry("worked number", _made)
