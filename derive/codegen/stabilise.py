"""The numerical form: a derivation from the result to what is computed, and the choices left open.

``stabilise`` applies rules of ``derive.rules`` where they apply. The shifts s and the indices l
that they introduce are free in the last line, which holds for all of them; a ``Choice`` says what
the generated code takes: s is the largest exponent of its sum, l the place of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.codegen.choices import Choice, freedom
from derive.codegen.letters import Letters
from derive.codegen.patterns import (
    abs_term,
    distinct,
    mentions,
    names,
    parameters,
    quotient_inside,
    stands_alone,
    used,
)
from derive.codegen.program import least_length
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Builder, Derivation
from derive.kernel.facts import AtLeast, Positive
from derive.kernel.language import (
    Add,
    Equation,
    Expr,
    KroneckerDelta,
    Mul,
    Pow,
    Ranged,
    Sum,
    exp,
    free_indices,
    log,
    substitute,
    walk,
)
from derive.kernel.matrices import scalars
from derive.kernel.rule import Rule
from derive.kernel.step import FunctionSpec
from derive.rules.algebra import collect, distribute, split_cases
from derive.rules.cancellation import own_term_apart, place_apart, rest_of_probability
from derive.rules.exponentials import one_log
from derive.rules.stability import (
    common_divisor,
    inlined,
    logarithm_of_exponentials,
    shifted_copy,
    shifted_logarithm,
    shifted_quotient,
    sum_of_exponentials,
    term_apart,
    written_out,
)
from derive.rules.sums import sifting

__all__ = ["Choice", "Numerical", "numerical", "numericals", "stabilise", "stabilised"]


@dataclass(frozen=True)
class Numerical:
    """A numerical form: its derivation, and what to take for the letters that it leaves open."""

    derivation: Derivation
    choices: dict[Expr, Choice]

    @property
    def value(self) -> Expr:
        line = self.derivation.conclusion
        assert not isinstance(line, Equation)
        return line

    @property
    def rewritten(self) -> bool:
        return bool(self.derivation.steps)


def stabilised(derivation: Derivation) -> tuple[Derivation, ...]:
    """The derivations ``<name>-numerical``: from each value that is computed to its stable form."""
    return tuple(form.derivation for form in numericals(derivation))


def numerical(derivation: Derivation) -> Numerical:
    """The numerical form of the first result of the function of a derivation."""
    return numericals(derivation)[0]


def numericals(derivation: Derivation) -> tuple[Numerical, ...]:
    """The numerical forms of the results of the function of a derivation."""
    spec = derivation.function
    assert spec is not None, f"{derivation.name} has no function"
    return tuple(stabilise(spec.part(output), derivation) for output in spec.outputs)


def stabilise(spec: FunctionSpec, source: Derivation) -> Numerical:
    """The numerical form of a function with one result."""
    work = _Work(spec, _builder(spec, source), source.context)
    work.run()
    work.builder.statement += freedom({c.kind for c in work.choices.values()})
    return Numerical(work.builder.finish(), work.finished_choices())


def _builder(spec: FunctionSpec, source: Derivation) -> Builder:
    kept = [f for f in source.context.facts if isinstance(f, Positive | AtLeast)]
    several = source.function is not None and bool(source.function.also)
    words = spec.output.replace("_", " ")
    return Builder(
        name=f"{source.name}-numerical" + (f"-{words.replace(' ', '-')}" if several else ""),
        title=f"{source.title}: numerical form" + (f" of the {words}" if several else ""),
        topic=source.topic,
        statement="The form in which the generated function computes the "
        f"{words if several else 'result'}.",
        context=source.context.only_facts(kept),
    )


class _Work(Letters):
    """One numerical form in the making."""

    def run(self) -> None:
        """All rewrites, in the order in which they need each other."""
        self.builder.start(scalars(self.spec.value))
        self._hide_arguments()
        names = tuple(self._names_to_inline())
        if names:
            self.builder.by(written_out(*names))
        self._while_it_applies(sifting)
        self._while_it_applies(logarithm_of_exponentials)
        self._ratio()
        self._logarithms()
        self._copies(names)
        self._rests()
        self._quotients()

    def _hide_arguments(self) -> None:
        """What is an argument is given, even where the derivation also defines it."""
        given = set(self.spec.arguments)
        kept = tuple(d for d in self.builder.context.definitions if d.name not in given)
        self.builder.context = replace(self.builder.context, definitions=kept)

    def _names_to_inline(self) -> Iterator[Expr]:
        """Names of logarithms and of what is not a quotient of exponentials, but contains some."""
        context = self.builder.context
        everything = tuple(d.name for d in context.definitions)
        for definition in used(self.line, context):
            body = inlined(definition.body, context, everything)
            share = quotient_inside(body, deep=False) is not None  # itself such a quotient
            if body.has(log, KroneckerDelta) or (body.has(exp) and not share):
                yield definition.name

    def _ratio(self) -> None:
        """log a − log b as one logarithm, which keeps its digits where a and b are close."""
        logs = [t for t in Add.make_args(self.line) if isinstance(abs_term(t), log)]
        if len(logs) == len(self.line.args) == 2 and not self.line.has(exp):
            self._while_it_applies(one_log)

    def _while_it_applies(self, rule: Rule) -> None:
        try:
            for _ in range(20):
                self.builder.by(rule)
        except RuleDoesNotApply:
            return

    def _logarithms(self) -> None:
        """Every logarithm of a sum of exponentials: shifted, and one term set apart."""
        for node in distinct(self.line, log):
            inner = node.args[0]
            if not sum_of_exponentials(inner) or not inner.has(Ranged):
                continue
            s = self.shift_for(inner)
            moved = shifted_logarithm.act(node, self.builder.context, s)
            assert moved is not None
            self.builder.by(shifted_logarithm(s), at=node)
            self._apart(moved, inner)
            self._divide_once(common_divisor(inner))

    def _apart(self, moved: Expr, inner: Expr) -> None:
        """Set one term apart, where every term is an exponential and one place serves all."""
        logs = [t for t in Add.make_args(moved) if isinstance(t, log)]
        pure = isinstance(inner, Ranged) and isinstance(inner.body, exp) and not inner.excluded
        pure = pure and least_length(inner.upper - inner.lower + 1) > 0
        if not pure or not logs or parameters(inner, self.spec, self.builder.context):
            return
        self.builder.by(term_apart(self.pivot(inner)), at=logs[0])

    def _divide_once(self, factor: Expr) -> None:
        """z_i/τ − s/τ as (z_i − s)/τ, and τ (s/τ + …) as s + τ …"""
        if factor == 1:
            return
        for node in distinct(self.line, Mul):
            if 1 / factor in node.args and any(isinstance(f, Add) for f in node.args):
                self.builder.by(distribute, at=node)
        for node in distinct(self.line, Add):
            if collect.act(node, self.builder.context, factor) is not None:
                self.builder.by(collect(factor), at=node)

    def _copies(self, names: tuple[Expr, ...]) -> None:
        """Named quotients of exponentials, each by a copy whose exponentials are shifted."""
        context = self.builder.context
        for definition in used(self.line, context):
            everything = tuple(d.name for d in context.definitions if d.body.has(exp))
            body = inlined(definition.body, context, everything)
            total = quotient_inside(body)
            if total is None:
                continue
            s = self.shift_for(total)
            moved = shifted_quotient.act(body, context, s)
            if moved is None:
                continue
            copy = self.copy_of(definition, moved)
            self.builder.by(shifted_copy(definition.name, copy, s, *everything))

    def _rests(self) -> None:
        """1 − p_i by the other terms, if need be after splitting a δ into its cases."""
        for mark in sorted(self.line.atoms(KroneckerDelta), key=str):
            pair = sorted(mark.args, key=self._place)
            if not all(s in self.spec.axes or s in self.spec.arguments for s in pair):
                continue
            cases = split_cases.act(self.line, self.builder.context, *pair)
            if cases is not None and self._applies(rest_of_probability, cases.pairs[0][0]):
                self.builder.by(split_cases(*pair))
        for node in distinct(self.line, Add):  # p_i Σ_k y_k − y_i
            moved = own_term_apart.act(node, self.builder.context)
            if moved is not None and self._applies(rest_of_probability, moved):
                self._largest_apart(node)
        self._while_it_applies(rest_of_probability)

    def _largest_apart(self, node: Expr) -> None:
        """A difference that cancels only at the largest probability: another form there."""
        shifts = [c for c in self.choices.values() if c.kind == "shift"]
        totals = [c.total for c in shifts if not c.parameters]
        free = free_indices(node) & set(self.spec.axes)
        spans = [self.builder.context.range_of(s) for s in free]
        fitting = [t for t in totals if isinstance(t, Sum) and isinstance(t.body, exp)]
        if len(shifts) != 1 or len(fitting) != 1 or len(free) != 1:
            return
        (total,), (axis,) = fitting, free
        if spans[0] is None or (total.lower, total.upper) != (spans[0].lower, spans[0].upper):
            return
        pivot = self.pivot(total)
        self.builder.by(place_apart(axis, pivot), at=node)
        self.builder.by(own_term_apart, at=substitute(node, {axis: pivot}))

    def _place(self, index: Expr) -> int:
        return (*self.spec.axes, index).index(index)

    def _applies(self, rule: Rule, expr: Expr) -> bool:
        try:
            rule.apply(expr, self.builder.context)
        except RuleDoesNotApply:
            return False
        return True

    def _quotients(self) -> None:
        """Quotients of exponentials that bear no name."""
        for node in [*distinct(self.line, Mul), *distinct(self.line, Pow)]:
            total = quotient_inside(node, deep=False)
            if total is None or mentions(total, self.choices):
                continue
            s = self.shift_for(total)
            # Only this one: the shift of one sum is the wrong one for another.
            if node in set(walk(self.line)) and self._applies(shifted_quotient(s), node):
                self.builder.by(shifted_quotient(s), at=node)

    def finished_choices(self) -> dict[Expr, Choice]:
        """The choices; a log-sum-exp that stands alone is +∞ where an entry is."""
        old = names(self.source)
        new = [d.body for d in self.builder.context.definitions if d.name not in old]

        def finite(name: Expr) -> bool:
            copied = any(mentions(body, (name,)) for body in new)
            return not copied and stands_alone(self.line, name)

        return {
            name: replace(choice, finite=choice.kind == "shift" and finite(name))
            for name, choice in self.choices.items()
        }
