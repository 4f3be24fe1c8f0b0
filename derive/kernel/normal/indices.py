"""Indices and their ranges: what is known of equality and order, for every K at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from derive.errors import LanguageError
from derive.kernel.language import Add, Expr, Integer, Symbol
from derive.kernel.normal.form import Idx, Span
from derive.kernel.normal.signals import NeedAtLeast

MAX_EXCEPTIONS = 8


class Names(Protocol):
    """What notes the symbols that have been seen."""

    def note(self, symbol: Any) -> str: ...


def index_of(expr: Expr, env: Mapping[Any, Idx], names: Names) -> Idx:
    """Read an index expression: a symbol, a number, or their sum."""
    if isinstance(expr, Integer):
        return Idx("", int(expr))
    if isinstance(expr, Symbol) and expr in env:
        return env[expr]
    if isinstance(expr, Symbol):
        if not (expr.is_integer and expr.is_positive):
            raise LanguageError(f"{expr} is used as an index, but is not a whole number ≥ 1")
        return Idx(names.note(expr), 0)
    if isinstance(expr, Add):
        parts = [index_of(a, env, names) for a in expr.args]
        named = [p for p in parts if p.name]
        if len(named) <= 1:
            offset = sum(p.offset for p in parts)
            return Idx(named[0].name if named else "", offset)
    raise LanguageError(
        f"the index {expr} is not of the form i + number", hint="use k, K − 1, i + 1"
    )


@dataclass
class Indices:
    """Ranges of indices, least values of sizes, and which indices are known to differ."""

    ranges: dict[str, tuple[Idx, Idx]]
    least: dict[str, int]
    different: set[frozenset[Idx]] = field(default_factory=set)
    ordered: dict[tuple[Idx, Idx], bool] = field(default_factory=dict)

    def bind(self, span: Span) -> None:
        """Let a bound index range over its span."""
        self.ranges[span.name] = (span.lower, span.upper)
        for e in span.excluded:
            self.differ(Idx(span.name, 0), e)

    def scope(self, names: Iterable[str]) -> str:
        """The ranges of the bound indices among the names, for telling obligations apart."""
        found: set[str] = set()
        new = {n for n in names if n.startswith("@")}
        while new:
            found |= new
            ends = {e.name for n in new if n in self.ranges for e in self.ranges[n]}
            ends |= {x.name for n in new for p in self._left_out(n) for x in p}
            new = {n for n in ends if n.startswith("@")} - found
        texts = []
        for n in sorted(found, key=lambda n: (len(n), n)):
            lower, upper = self.ranges.get(n, ("", ""))
            left_out = ("!=".join(map(str, sorted(p))) for p in self._left_out(n))
            texts.append(f"|{n}:{lower}..{upper}," + ",".join(sorted(left_out)))
        return "".join(texts)

    def _left_out(self, name: str) -> list[frozenset[Idx]]:
        return [p for p in self.different if any(x.name == name for x in p)]

    def differ(self, a: Idx, b: Idx) -> None:
        self.different.add(_pair(a, b))

    def _known_at_most(self, a: Idx, b: Idx, depth: int = 6) -> bool:
        if a.name == b.name:
            return a.offset <= b.offset
        if not depth:
            return False
        if a.name in self.ranges:
            upper = self.ranges[a.name][1].moved(a.offset)
            if self._known_at_most(upper, b, depth - 1):
                return True
        if b.name in self.ranges:
            lower = self.ranges[b.name][0].moved(b.offset)
            return self._known_at_most(a, lower, depth - 1)
        if b.name:
            least = Idx("", self.least.get(b.name, 1) + b.offset)
            return self._known_at_most(a, least, depth - 1)
        return False

    def at_most(self, a: Idx, b: Idx) -> bool | None:
        """a ≤ b: True, False, or None when it depends on the indices."""
        if self._known_at_most(a, b):
            return True
        if self._known_at_most(b.moved(1), a):
            return False
        given = self.ordered.get((a.moved(-a.offset), b.moved(-a.offset)))
        if given is not None:
            return given
        self._ask_for_larger(a, b)
        return None

    def equal(self, a: Idx, b: Idx) -> bool | None:
        """a = b: True, False, or None when it depends on the indices."""
        if a.name == b.name:
            return a.offset == b.offset
        if self._known_at_most(a.moved(1), b) or self._known_at_most(b.moved(1), a):
            return False
        if _pair(a, b) in self.different:
            return False
        self._ask_for_larger(a, b)
        return None

    def _ask_for_larger(self, a: Idx, b: Idx) -> None:
        """A size against a number is settled as soon as the size is large enough."""
        for size, other in ((a, b), (b, a)):
            if size.name and size.name not in self.ranges and not other.name:
                raise NeedAtLeast(size.name, other.offset - size.offset + 1)

    def exceptions(self, a: Idx, b: Idx) -> tuple[Idx, list[Idx]] | None:
        """The few values at which a ≤ b fails for an index inside its range, if they are few."""
        if a.name in self.ranges:
            upper = self.ranges[a.name][1]
            n = upper.offset + a.offset - b.offset
            if upper.name == b.name and 0 <= n <= MAX_EXCEPTIONS:
                return Idx(a.name, 0), [upper.moved(-t) for t in range(n)]
        if b.name in self.ranges:
            lower = self.ranges[b.name][0]
            n = a.offset - b.offset - lower.offset
            if lower.name == a.name and 0 <= n <= MAX_EXCEPTIONS:
                return Idx(b.name, 0), [lower.moved(t) for t in range(n)]
        return None


def _pair(a: Idx, b: Idx) -> frozenset[Idx]:
    low = min(a.offset, b.offset) if a.name and b.name else (a.offset if a.name else b.offset)
    return frozenset((a.moved(-low), b.moved(-low)))
