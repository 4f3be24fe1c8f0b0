"""Derivations: definitions, facts, a start, steps by rules, a conclusion. Then immutable."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from derive.errors import DeriveError, GoalNotReached
from derive.kernel.adopt import adopt
from derive.kernel.bounds import GREATER, LESS, Bound, negated
from derive.kernel.facts import Context, Definition, Fact
from derive.kernel.language import Equation, Expr, Symbol
from derive.kernel.matching import alike
from derive.kernel.rule import Line, Rule
from derive.kernel.statement import Derivation
from derive.kernel.step import FunctionSpec, Option, Output, Step, WorkedExample
from derive.notation import Quantity

__all__ = ["Builder", "Derivation", "Recipe", "derivation", "recipes", "withdraw"]


@dataclass
class Builder:
    """What a topic writes on. Each call adds to the derivation; ``finish`` freezes it."""

    name: str
    title: str
    topic: str
    statement: str
    references: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    context: Context = field(default_factory=Context)
    lines: list[Line] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)
    spec: FunctionSpec | None = None
    examples: list[WorkedExample] = field(default_factory=list)
    closing: Bound | None = None
    goal: Line | None = None
    remarks: list[str] = field(default_factory=list)
    grounds: list[Derivation] = field(default_factory=list)

    def quantity(self, *declared: Quantity) -> None:
        """Declare quantities of this derivation (they replace the default notation's)."""
        self.context = self.context.with_quantities(*declared)

    def define(self, lhs: Expr, body: Expr) -> None:
        """Name a quantity: ``lhs := body``."""
        made = Definition(lhs, adopt(body))
        self.context = self.context.without_shadowed(lhs, made.body).with_definitions(made)

    def assume(self, *facts: Fact) -> None:
        """State facts that the steps may use."""
        self.context = self.context.with_facts(*facts)

    def remark(self, sentence: str) -> None:
        """Say in a sentence what the start takes for granted, or what a letter stands for."""
        self.remarks.append(sentence)

    def range(self, symbol: Symbol, lower: Any, upper: Any) -> None:
        """Let an index run over lower..upper."""
        self.context = self.context.with_range(symbol, adopt(lower), adopt(upper))

    def start(self, line: Any, rhs: Any = None) -> None:
        """The first line: an expression, or the two sides of an equation."""
        if self.lines:
            raise DeriveError(f"{self.name}: start() was called twice")
        first = adopt(line) if rhs is None else Equation(adopt(line), adopt(rhs))
        self.context = self.context.without_shadowed(first)
        self.lines.append(first)

    def by(self, rule: Rule, note: str = "", at: Any = None) -> None:
        """The next line, by a rule."""
        if not self.lines:
            raise DeriveError(f"{self.name}: call start() before by()")
        before = self.lines[-1]
        try:
            after = rule.apply(before, self.context, at)
        except DeriveError as error:
            error.message = f"{self.name}, step {len(self.steps) + 1}: {error.message}"
            raise
        proof = rule.proves(rule, before, after, self.context, at) if rule.proves else None
        self.steps.append(Step(before, rule, after, note, proof))
        self.lines.append(after)
        self.uses += [a.name for a in rule.args if isinstance(a, Derivation | Recipe)]

    def conclude(self, goal: Any = None, rhs: Any = None) -> None:
        """State the goal; the last line must be it, or differ only in how it is written."""
        if goal is not None:
            self.goal = adopt(goal) if rhs is None else Equation(adopt(goal), adopt(rhs))

    def conclude_positive(self) -> None:
        """The last line is positive, and so is what it started from."""
        self.conclude_sign(">")

    def conclude_sign(self, relation: str, gap: Any = None) -> None:
        """The last line is > 0, ≥ 0, < 0 or ≤ 0.

        Its own form shows it, or that of ``gap``, which equals it (or, for < and ≤, its negative).
        """
        last = self.lines[-1]
        if isinstance(last, Equation) or relation not in (*GREATER, *LESS):
            raise DeriveError(
                f"{self.name}: an equation has no sign, and {relation} 0 is one of >, ≥, <, ≤",
                hint="start from an expression, or use d.conclude()",
            )
        own = last if relation in GREATER else negated(last)
        self.closing = Bound(relation, own if gap is None else adopt(gap))

    def rest_on(self, *sources: Any) -> None:
        """Let the function return lines of other derivations too, about the same quantities."""
        for source in sources:
            made: Derivation = getattr(source, "made", source)
            missing = [x for x in made.definitions if x not in self.context.definitions]
            if missing or any(f not in self.context.facts for f in made.facts):
                raise DeriveError(
                    f"{self.name}: {made.name} has definitions or facts that are not in force here",
                    hint="define and assume the same before d.rest_on(…)",
                )
            self.grounds.append(made)
            self.uses.append(made.name)

    def function(
        self,
        name: str,
        arguments: tuple[Any, ...],
        axes: tuple[Symbol, ...],
        summary: str,
        value: Expr | None = None,
        *,
        output: str = "value",
        also: tuple[Output, ...] = (),
        options: Mapping[Symbol, Option] | None = None,
        widens: bool = False,
    ) -> None:
        """Generate a NumPy function from the result (or from ``value``); see FunctionSpec."""
        keywords = [o.keyword for o in (options or {}).values()]
        for word in (name, output, *(o.name for o in also), *keywords):
            if not word.isidentifier():
                raise DeriveError(
                    f"{self.name}: {word!r} cannot be a name in a function",
                    hint="functions, outputs and options have letters, digits and underscores",
                )
        unknown = [s for s in options or {} if s not in arguments]
        if unknown or (widens and not options):
            raise DeriveError(
                f"{self.name}: the options of {name} must be among its arguments",
                hint="name the symbol: options={tau: Option('temperature', 1)}",
            )
        target = value if value is not None else self._last_value()
        self.spec = FunctionSpec(
            name, target, axes, arguments, summary, output, also, dict(options or {}), widens
        )

    def example(self, caption: str = "", **values: Any) -> None:
        """Numbers for a worked example: ``z=("-3", "1.5", "2.7")``."""
        self.examples.append(WorkedExample(values, caption))

    def _last_value(self) -> Expr:
        last = self.lines[-1]
        return last.rhs if isinstance(last, Equation) else last

    def finish(self) -> Derivation:
        """The finished derivation. Raises GoalNotReached when the last line is not the goal."""
        if not self.lines:
            raise DeriveError(f"{self.name} has no start", hint="call d.start(expression)")
        last = self.lines[-1]
        if self.goal is not None and not alike(last, self.goal):
            from derive.kernel.decide import what_is_missing

            raise GoalNotReached(
                f"{self.name}: the goal is not reached\n"
                f"  last line: {last}\n  goal:      {self.goal}",
                hint=what_is_missing(last, self.goal, self.context),
            )
        made = Derivation(
            name=self.name,
            title=self.title,
            topic=self.topic,
            statement=self.statement,
            context=self.context,
            start=self.lines[0],
            steps=tuple(self.steps),
            conclusion=last,
            references=self.references,
            sources=self.sources,
            uses=tuple(dict.fromkeys(self.uses)),
            function=self.spec,
            examples=tuple(self.examples),
            closing=self.closing,
            remarks=tuple(self.remarks),
            grounds=tuple(self.grounds),
        )
        return made.coherent()


@dataclass(frozen=True)
class Recipe:
    """A declared derivation that has not been carried out yet."""

    name: str
    title: str
    topic: str
    statement: str
    references: tuple[str, ...]
    sources: tuple[str, ...]
    write: Callable[[Builder], None]

    @cached_property
    def made(self) -> Derivation:
        """The derivation, carried out."""
        builder = Builder(
            self.name, self.title, self.topic, self.statement, self.references, self.sources
        )
        self.write(builder)
        return builder.finish()


_RECIPES: dict[str, Recipe] = {}


def recipes() -> dict[str, Recipe]:
    """Every declared derivation by name, in the order of declaration."""
    return dict(_RECIPES)


def withdraw(module: str) -> list[Recipe]:
    """Take a module's derivations out of the registry: a reader's own file keeps its names."""
    found = [r for r in _RECIPES.values() if r.write.__module__ == module]
    for made in found:
        del _RECIPES[made.name]
    return found


def derivation(
    name: str,
    *,
    title: str,
    statement: str,
    reference: str | tuple[str, ...] = (),
    sources: str = "",
) -> Callable[[Callable[[Builder], None]], Recipe]:
    """Declare a derivation. Its topic is the module's ``TOPIC``, or the module's name.

    ``statement`` is one plain sentence; ``reference`` names the book or paper with its equation;
    ``sources`` lists the ids of statements that it settles ("A5 D4").
    """

    def declare(write: Callable[[Builder], None]) -> Recipe:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            raise DeriveError(
                f"{name!r} cannot be the name of a derivation",
                hint="use small letters, digits and single hyphens, for instance my-loss-gradient",
            )
        refs = (reference,) if isinstance(reference, str) else reference
        module = write.__module__.rsplit(".", 1)[-1].replace("_", " ")
        home = str(getattr(write, "__globals__", {}).get("TOPIC", module))
        made = Recipe(name, title, home, statement, refs, tuple(sources.split()), write)
        old = _RECIPES.get(name)
        if old is not None and old.write.__module__ != write.__module__:
            raise DeriveError(f"two derivations are called {name!r}")
        _RECIPES[name] = made
        return made

    return declare
