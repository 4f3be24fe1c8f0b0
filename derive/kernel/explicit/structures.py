"""The second route for inductions: build structures at random and work out every node.

Every node draws values of its own for all that its case mentions, so that nothing is shared which
the recursion does not share. The quantity is worked out from the leaves up, with 60 digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import mpmath
import sympy

from derive.kernel.explicit.exact import DIGITS, Undefined, Unsupported
from derive.kernel.explicit.instances import Claim, points
from derive.kernel.explicit.instantiate import SEED
from derive.kernel.explicit.points import value_of
from derive.kernel.facts import Context, Fact
from derive.kernel.language import Expr, Symbol
from derive.kernel.verdicts import Recheck, Witness

SIZES = (1, 2, 3)
STRUCTURES = 12
DEPTH = 4


@dataclass(frozen=True)
class Shape:
    """One way to build a structure: the value of the whole by the values of its parts."""

    body: Expr
    parts: tuple[Symbol, ...]


def built_everywhere(
    shapes: Sequence[Shape], claim: Expr, context: Context, conditions: Iterable[Fact] = ()
) -> Recheck:
    """Whether the quantity is ``claim`` (a number) for structures of every kind."""
    if claim.free_symbols:
        return Recheck(False, why="not evaluated: the claim is not a number")
    try:
        works = _Works([Claim((s.body,), context, conditions) for s in shapes], shapes)
        count, sizes = 0, []
        with mpmath.workdps(DIGITS):
            for size in SIZES if any(c.sizes for c in works.claims) else (0,):
                for n in range(STRUCTURES):
                    value, nodes = works.build(Random(f"{SEED} {size} {n}"), size, n % DEPTH)
                    if not _same(value, claim):
                        shown = sympy.nan if value is None else sympy.Float(value, 30)
                        at = {"nodes": sympy.Integer(nodes)}
                        found = Witness({}, {}, at, shown, claim)
                        return Recheck(False, (), (), count, found, "the sides differ")
                    count += 1
                sizes.append(size)
        words = (
            f"{count} structures were built at random, up to depth {DEPTH - 1}, with values of "
            "their own at every node, and worked out from the leaves up to 40 digits."
        )
        return Recheck(True, (), tuple(s for s in sizes if s), count, words=words)
    except Unsupported as error:
        return Recheck(False, why=f"not evaluated: {error}")


def _same(value: Any, claim: Expr) -> bool:
    if value is None:
        return False
    goal = mpmath.mpf(claim.p) / claim.q if claim.is_Rational else mpmath.mpf(claim.evalf(DIGITS))
    return bool(abs(value - goal) <= mpmath.mpf(10) ** -40)


@dataclass
class _Works:
    claims: list[Claim]
    shapes: Sequence[Shape]

    def build(self, rng: Random, size: int, depth: int) -> tuple[Any, int]:
        """The value of a structure of this depth, and how many nodes it has."""
        fits = [n for n, s in enumerate(self.shapes) if bool(s.parts) == (depth > 0)]
        if not fits:
            raise Unsupported("no way to build a structure of this depth")
        n = rng.choice(fits)
        # One part is as deep as asked, the others as it comes.
        deep = rng.randrange(max(1, len(self.shapes[n].parts)))
        values, nodes = {}, 1
        for place, part in enumerate(self.shapes[n].parts):
            below = depth - 1 if place == deep else rng.randrange(depth)
            values[part], count = self.build(rng, size, below)
            nodes += count
        return self._at(n, values, rng, size), nodes

    def _at(self, n: int, values: dict[Symbol, Any], rng: Random, size: int) -> Any:
        if any(v is None for v in values.values()):
            return None
        claim = self.claims[n]
        point = next(points(claim, size, False, rng.randrange(10**9)), None)
        if point is None:
            raise Unsupported("no instance satisfies the conditions")
        point.state.globals.update(values)
        try:
            value = value_of(claim.codes[0], point.at(next(iter(claim.indices(point)))))
        except Undefined:
            return None
        return None if value is None else mpmath.mpf(value)

