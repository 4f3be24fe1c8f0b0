"""What topics declare beside derivations: by name, in the order of declaration."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from derive.errors import DeriveError
from derive.kernel.adopt import adopt
from derive.kernel.facts import Context, Definition, Fact
from derive.kernel.language import Expr, Symbol
from derive.notation import Quantity

Made = TypeVar("Made")


class Defining(Protocol):
    """Whatever a topic's definitions can be written on: a derivation, a refutation, numbers."""

    def define(self, lhs: Expr, body: Expr) -> None:
        """Name a quantity: ``lhs := body``."""


@dataclass
class Givens:
    """What a builder is told before it states anything."""

    about: About
    context: Context = field(default_factory=Context)

    def quantity(self, *declared: Quantity) -> None:
        """Declare quantities (they replace the default notation's)."""
        self.context = self.context.with_quantities(*declared)

    def define(self, lhs: Expr, body: Expr) -> None:
        """Name a quantity: ``lhs := body``."""
        made = Definition(lhs, adopt(body))
        self.context = self.context.without_shadowed(lhs, made.body).with_definitions(made)

    def assume(self, *facts: Fact) -> None:
        """State facts that are granted."""
        self.context = self.context.with_facts(*facts)

    def range(self, symbol: Symbol, lower: Any, upper: Any) -> None:
        """Let an index run over lower..upper."""
        self.context = self.context.with_range(symbol, adopt(lower), adopt(upper))


Writer = Callable[[Any], None]


@dataclass(frozen=True)
class About:
    """What every declaration says of itself."""

    name: str
    title: str
    topic: str
    statement: str
    references: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declared(Generic[Made]):
    """A declaration that has not been carried out yet."""

    about: About
    write: Writer
    make: Callable[[About, Writer], Made]

    @property
    def name(self) -> str:
        return self.about.name

    @cached_property
    def made(self) -> Made:
        """The declaration, carried out."""
        return self.make(self.about, self.write)


@dataclass
class Registry(Generic[Made]):
    """Declarations of one kind. ``noun`` names the kind in messages."""

    noun: str
    make: Callable[[About, Writer], Made]
    found: dict[str, Declared[Made]] = field(default_factory=dict)

    def __call__(
        self,
        name: str,
        *,
        title: str,
        statement: str,
        reference: str | tuple[str, ...] = (),
        sources: str = "",
    ) -> Callable[[Writer], Declared[Made]]:
        """Declare one. The topic is the module's ``TOPIC``, or the module's name."""

        def declare(write: Writer) -> Declared[Made]:
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
                raise DeriveError(
                    f"{name!r} cannot be the name of a {self.noun}",
                    hint="use small letters, digits and single hyphens",
                )
            refs = (reference,) if isinstance(reference, str) else reference
            module = write.__module__.rsplit(".", 1)[-1].replace("_", " ")
            topic = str(getattr(write, "__globals__", {}).get("TOPIC", module))
            about = About(name, title, topic, statement, refs, tuple(sources.split()))
            old = self.found.get(name)
            if old is not None and old.write.__module__ != write.__module__:
                raise DeriveError(f"two declarations of a {self.noun} are called {name!r}")
            self.found[name] = Declared(about, write, self.make)
            return self.found[name]

        return declare

    def withdraw(self, module: str) -> list[Declared[Made]]:
        """Take a module's declarations out: a reader's own file keeps its names."""
        out = [d for d in self.found.values() if d.write.__module__ == module]
        for d in out:
            del self.found[d.name]
        return out
