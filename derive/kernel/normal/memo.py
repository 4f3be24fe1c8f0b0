"""Readings that are remembered: the proofs of many claims in one case share their parts.

A bound index is named after the names around it and its range, so that the same part of another
expression is read under the same names, and whatever is known of a name holds wherever it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from derive.kernel.language import Expr
from derive.kernel.normal.form import Form, Idx
from derive.kernel.normal.signals import NeedCase

if TYPE_CHECKING:
    from collections.abc import Callable

    from derive.kernel.normal.normaliser import Normaliser


@dataclass(frozen=True)
class _Reading:
    form: Form
    obligations: Mapping[str, Any]
    symbols: Mapping[str, Any]


@dataclass
class Memo:
    """What has been read in one case: under one context, with one set of known relations."""

    fresh_names: Iterator[int] = field(default_factory=count)
    _names: dict[Any, str] = field(default_factory=dict)
    _free: dict[Expr, frozenset[Any]] = field(default_factory=dict)
    _readings: dict[Any, _Reading] = field(default_factory=dict)

    def fresh(self) -> str:
        """A name that nothing has."""
        return f"@_{next(self.fresh_names)}"

    def binder(self, env: Mapping[Any, Idx], span: tuple[Any, ...]) -> str:
        """The name of a bound index with this range, inside these."""
        key = (frozenset(idx.name for idx in env.values()), span)
        if key not in self._names:
            self._names[key] = self.fresh()
        return self._names[key]

    def read(self, norm: Normaliser, key: Any, reader: Callable[[], Form]) -> Form:
        """The form under this key: remembered, or read; with all that reading it notes."""
        key = (key, norm.atomic, norm.suspended)
        found = self._readings.get(key)
        if found is None:
            found = self._readings[key] = _observed(norm, reader)
        norm.obligations.update(found.obligations)
        for symbol in found.symbols.values():
            norm.note(symbol)
        return found.form

    def key(self, expr: Expr, env: Mapping[Any, Idx]) -> Any:
        """An expression with the current names of the letters that are free in it."""
        free = self._free.get(expr)
        if free is None:
            free = self._free[expr] = frozenset(expr.free_symbols)
        return expr, frozenset((s, idx) for s, idx in env.items() if s in free)


def _observed(norm: Normaliser, reader: Callable[[], Form]) -> _Reading:
    """A reading with the obligations and symbols that are its own."""
    outer = norm.obligations, norm.symbols
    norm.obligations, norm.symbols = {}, {}
    try:
        return _Reading(reader(), norm.obligations, norm.symbols)
    except NeedCase as need:
        need.symbols = {**outer[1], **need.symbols}
        raise
    finally:
        norm.obligations, norm.symbols = outer
