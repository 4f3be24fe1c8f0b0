"""A point of evaluation: values, the letters in force, and the infinitesimals of open ∂'s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from derive.kernel.explicit.arithmetic import Arithmetic, ExactArithmetic, SampleArithmetic
from derive.kernel.explicit.exact import TooLong, Undefined, Unsupported
from derive.kernel.explicit.jets import Jet, main
from derive.kernel.language import Symbol

Key = tuple[str, tuple[int, ...]]
Code = Callable[["State"], Any]
Scope = frozenset[Symbol]
Sizes = dict[Symbol, int]
Indices = dict[Symbol, int]

BUDGET = 50_000  # terms of sums that are written out at one point


@dataclass
class State:
    """A point (sizes, scalars, components) with the letters and infinitesimals in force.

    ``shifted`` says which components are being differentiated by; values are remembered
    separately for each such shift.
    """

    arithmetic: Arithmetic
    globals: dict[Symbol, Any]
    component: Callable[[Key], Any]
    letters: dict[Symbol, Any] = field(default_factory=dict)
    shifted: dict[Key, tuple[int, ...]] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)
    memos: dict[Any, dict[Any, Any]] = field(default_factory=dict)
    bit: int = 1
    budget: int = BUDGET
    outer: tuple[Any, ...] = ()

    def enter(self, indices: Mapping[Symbol, int]) -> None:
        """Set the free indices, and forget what an evaluation that broke off has left."""
        self.globals.update(indices)
        self.letters = dict(indices)
        self.outer = tuple(indices.values())
        self.shifted, self.bit = {}, 1
        self.memo = self.memos.setdefault((), {})


@dataclass
class Point:
    """Values for everything but the free indices (the labels that facts name are set)."""

    sizes: Sizes
    labels: Indices
    values: dict[Key, Any]
    state: State
    _numeric: Point | None = None

    def at(self, indices: Indices) -> State:
        """The state at these values of the free indices."""
        self.state.enter({**self.labels, **indices})
        return self.state

    def refill(self) -> None:
        """Allow another claim as many terms as the first one had here."""
        self.state.budget = BUDGET
        if self._numeric is not None:
            self._numeric.refill()

    def numeric(self) -> Point:
        """The same point with 60-digit values."""
        exact, old = self.state.arithmetic, self.state
        if not isinstance(exact, ExactArithmetic):
            return self

        def digits(value: Any) -> Any:
            return value if isinstance(value, int) else exact.digits(value)

        if self._numeric is None:
            globals_ = {s: digits(v) for s, v in old.globals.items()}
            state = State(SampleArithmetic(), globals_, lambda key: digits(old.component(key)))
            self._numeric = Point(self.sizes, self.labels, self.values, state)
        return self._numeric


def spend(s: State, terms: int) -> None:
    """Count the terms of sums that are written out. Raises TooLong when they are too many."""
    s.budget -= terms
    if s.budget < 0:
        raise TooLong("its sums have too many terms")


def value_of(code: Code, state: State) -> Any:
    """The value of an expression, or None where it is undefined."""
    try:
        return main(code(state))
    except (Undefined, ZeroDivisionError):
        return None


def shift(s: State, key: Key, value: Any, named: bool = False) -> Any:
    """Add the ε of every open ∂ by this component.

    A named quantity is atomic in a ∂ by it, so a ∂ by what it is made of must not stand inside.
    """
    if not s.shifted:
        return value
    if named and type(value) is Jet:
        own = [bit for (name, _), bits in s.shifted.items() if name == key[0] for bit in bits]
        if own and any(bits > min(own) for bits in value.parts):
            raise Unsupported(f"∂ by {key[0]} of a ∂ by what {key[0]} is made of")
    bits = s.shifted.get(key)
    return value if bits is None else Jet({**dict.fromkeys(bits, 1), 0: 0}) + value
