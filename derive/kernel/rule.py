"""Rules: named, justified rewrites. A rule that does not apply raises; it never returns its input.

A rule is declared once, with its law, an example and a case that it refuses, and those are its
tests::

    @rule(title="sifting", law=r"\\sum_k f_k\\delta_{kj} = f_j", words="…", domain="j in range",
          reference="…", example=(before, after), refuses=expression)
    def sifting(node, context): ...          # the new node, or None

A function with further parameters declares a family: ``expand(p)`` is one rule of ``expand``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from inspect import signature
from typing import Any, TypeAlias

from derive.errors import RuleDoesNotApply
from derive.kernel.facts import Context
from derive.kernel.language import Equation, Expr, Indexed, Ranged, Relational, Symbol
from derive.kernel.proof import Proof

Line: TypeAlias = Expr | Equation
Act = Callable[..., Line | None]
# From the rule, the line before and after it, the context and the place: the proof of the step.
Proves = Callable[["Rule", Line, Line, Context, Any], Proof]


@dataclass(frozen=True)
class Example:
    """One application: ``before`` becomes ``after`` under ``args`` and ``context``."""

    before: Line
    after: Line
    args: tuple[Any, ...] = ()
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, repr=False)
class Rule:
    """A law that rewrites one node of an expression (or a whole equation)."""

    name: str
    title: str
    law: str
    words: str
    domain: str
    reference: str
    example: Example
    refuses: Example
    act: Act
    args: tuple[Any, ...] = ()
    proves: Proves | None = None  # how, if what it makes of a line is not equal to it
    whole: bool = False  # whether it acts on a whole line only

    def __repr__(self) -> str:
        return f"<rule {self.name}: {self.words}>"

    @property
    def parameters(self) -> list[str]:
        """What a family of rules must be called with."""
        given = list(signature(self.act).parameters.values())[2:]
        needed = (p for p in given if p.default is p.empty and p.kind is not p.VAR_POSITIONAL)
        return [p.name for p in needed]

    def __call__(self, *args: Any) -> Rule:
        """The rule of this family with these parameters."""
        return replace(self, args=args)

    def apply(self, line: Line, context: Context, at: Any = None) -> Line:
        """The line after the rule.

        ``at`` is a subexpression to act in, ``"lhs"`` or ``"rhs"`` of an equation, or nothing for
        every outermost place where the rule applies.

        Raises RuleDoesNotApply when it applies nowhere.
        """
        if len(self.args) < len(self.parameters):
            raise RuleDoesNotApply(
                f"the rule {self.name} needs {', '.join(self.parameters)}",
                hint=f"write {self.name}({', '.join(self.parameters)})",
            )
        done = _Walk(self, at).visit(line, context, active=at is None)
        if done == line:
            place = f" at {at}" if at is not None else ""
            raise RuleDoesNotApply(
                f"the rule “{self.title}” does not apply{place}\n"
                f"  law:   {self.law}\n  holds: {self.domain}\n  line:  {line}",
                hint="choose another place with at=…, or a rule whose left side occurs in the line",
            )
        return done


@dataclass
class _Walk:
    """One traversal: outermost first; a rewritten node is not entered again."""

    rule: Rule
    at: Any

    def visit(self, node: Any, context: Context, active: bool) -> Any:
        active = active or (not isinstance(self.at, str) and node == self.at)
        if active:
            new = self.rule.act(node, context, *self.rule.args)
            if new is not None and new != node:
                return new
        if self.rule.whole:
            return node
        if isinstance(node, Indexed | Symbol | Relational) or not node.args:
            return node
        if isinstance(node, Ranged):
            inner = context.with_range(node.index, node.lower, node.upper)
            body = self.visit(node.body, inner, active)
            return node if body is node.body else node.func(body, *node.args[1:])
        sides = {"lhs": 0, "rhs": 1}
        here = [
            active or (isinstance(node, Equation) and sides.get(self.at) == place)
            for place in range(len(node.args))
        ]
        args = [self.visit(a, context, on) for a, on in zip(node.args, here, strict=True)]
        changed = any(a is not b for a, b in zip(args, node.args, strict=True))
        return node.func(*args) if changed else node


_RULES: dict[str, Rule] = {}


def rules() -> dict[str, Rule]:
    """Every declared rule by name (what the modules of ``derive.rules`` have registered)."""
    return dict(_RULES)


def withdraw(module: str) -> None:
    """Take a module's rules out of the registry: a reader's own file keeps its names."""
    for name in [n for n, r in _RULES.items() if r.act.__module__ == module]:
        del _RULES[name]


def rule(
    *,
    title: str,
    law: str,
    words: str,
    domain: str,
    reference: str,
    example: tuple[Any, Any] | Example,
    refuses: Any,
    args: tuple[Any, ...] = (),
    context: Context | None = None,
    proves: Proves | None = None,
    whole: bool = False,
) -> Callable[[Act], Rule]:
    """Declare a rule. ``args`` and ``context`` are those of the example and the refused case."""
    ctx = context or Context()

    def declare(act: Act) -> Rule:
        shown = example if isinstance(example, Example) else Example(*example, args, ctx)
        refused = refuses if isinstance(refuses, Example) else Example(refuses, refuses, args, ctx)
        name = act.__name__
        if name in _RULES and _RULES[name].act.__module__ != act.__module__:
            raise ValueError(f"two rules are called {name}")
        made = Rule(
            name, title, law, words, domain, reference, shown, refused, act, (), proves, whole
        )
        _RULES[name] = made
        return made

    return declare
