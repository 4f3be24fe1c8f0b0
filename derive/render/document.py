"""A derivation as a document: blocks of words and formulas, with no trace of any output format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from derive.errors import DeriveError
from derive.kernel.derivation import Derivation, Recipe
from derive.kernel.facts import Context
from derive.kernel.language import Equation, Gt
from derive.kernel.step import Step
from derive.kernel.verdicts import Status
from derive.render.assumptions import (
    Row,
    definition,
    definitions,
    fact,
    fact_formula,
    formula,
    notation,
    ranges,
)
from derive.render.established import NATURE, established
from derive.render.example import Example, example
from derive.render.letters import copies, with_own_letters
from derive.render.prose import Formula, Prose, prose, unlatex
from derive.render.styles import visible

WIDE = 50  # signs


@dataclass(frozen=True)
class Link:
    """Another derivation."""

    name: str
    title: str


@dataclass(frozen=True)
class Line:
    """One numbered line: what it says, the rule that gives it, and why that is allowed.

    ``relation`` ties the line to the one before ("=" or ""); line 0 is where it starts.
    """

    number: int
    relation: str
    formula: Formula
    rule: str
    name: str
    reason: Prose
    law: Formula | None
    domain: str
    reference: str
    cites: Link | None = None
    verdict: str = ""

    @property
    def shown(self) -> Formula:
        """The line with its relation sign in front."""
        lead = f"{self.relation} " if self.relation else ""
        return Formula(lead + self.formula.latex, lead + self.formula.plain)

    @property
    def is_wide(self) -> bool:
        """Whether the formula wants the whole width, so that the reason stands below it."""
        return visible(self.formula.latex) > WIDE


@dataclass(frozen=True)
class Law:
    """One of the rules that the lines use."""

    title: str
    law: Formula
    domain: str
    reference: str


@dataclass(frozen=True)
class Numerical:
    """The form in which the function computes a result: a derivation of its own."""

    title: str
    note: Prose
    definitions: tuple[Formula, ...]
    remarks: tuple[Prose, ...]
    lines: tuple[Line, ...]
    established: tuple[Prose, ...]


@dataclass(frozen=True)
class Source:
    """A generated function as text."""

    file: str
    text: str


@dataclass(frozen=True)
class Settled:
    """What the evidence says of the statement as a whole, and the ids that it answers to."""

    status: str
    relation: str
    conditions: tuple[Formula, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """Everything that a page shows, in order."""

    name: str
    title: str
    topic: str
    statement: Prose
    main: Formula
    definitions: tuple[Formula, ...]
    ranges: tuple[Prose, ...]
    facts: tuple[Prose, ...]
    remarks: tuple[Prose, ...]
    notation: tuple[Row, ...]
    lines: tuple[Line, ...]
    established: tuple[Prose, ...]
    nature: str
    examples: tuple[Example, ...]
    numerical: tuple[Numerical, ...]
    source: Source | None
    references: tuple[str, ...]
    uses: tuple[Link, ...]
    used_by: tuple[Link, ...]
    settled: Settled | None = None

    @property
    def rules(self) -> tuple[Law, ...]:
        """The rules with a law, each once, in the order of use."""
        found = {
            line.name: Law(line.rule, line.law, line.domain, line.reference)
            for line in (*self.lines, *(line for n in self.numerical for line in n.lines))
            if line.law
        }
        return tuple(found.values())


@dataclass(frozen=True)
class Extras:
    """What the caller adds to a page: numerical forms, the function, titles of neighbours."""

    numerical_forms: tuple[Derivation, ...] = ()
    function_source: str = ""
    function_file: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    used_by: tuple[str, ...] = ()


def document(derivation: Derivation, extras: Extras | None = None) -> Document:
    """The document of one derivation. Raises DeriveError where something cannot be written."""
    given = extras or Extras()
    titles = given.titles
    context = derivation.context
    return Document(
        name=derivation.name,
        title=derivation.title,
        topic=derivation.topic,
        statement=prose(derivation.statement),
        main=main_formula(derivation),
        definitions=tuple(definition(d, context) for d in definitions(derivation)),
        ranges=tuple(ranges(derivation)),
        facts=tuple(fact(f, context) for f in derivation.facts),
        remarks=tuple(prose(r) for r in derivation.remarks),
        notation=notation(derivation),
        lines=lines(derivation, titles=titles),
        established=established(derivation),
        nature=NATURE,
        examples=tuple(example(derivation, e) for e in derivation.examples),
        numerical=tuple(_numerical(f, derivation, titles) for f in given.numerical_forms),
        source=_source(given),
        references=derivation.references,
        uses=_links(derivation.uses, titles),
        used_by=_links(given.used_by, titles),
        settled=settled(derivation),
    )


def settled(derivation: Derivation) -> Settled:
    """The verdict on the statement; what is not established line by line is undecided."""
    last = derivation.evidence[-1].verdict
    sure = all(e.established for e in derivation.evidence)
    conditions = tuple(fact_formula(f, derivation.context) for f in last.conditions)
    status = last.status if sure else Status.UNDECIDED
    return Settled(status.value, derivation.relation, conditions, derivation.sources)


def lines(
    derivation: Derivation,
    verdicts: Sequence[str] | None = None,
    titles: Mapping[str, str] | None = None,
) -> tuple[Line, ...]:
    """The start and every step, numbered; step n gives line n.

    The verdicts come from the evidence, unless others (or none) are given.
    """
    context = derivation.context
    first = Line(0, "", formula(derivation.start, context), "", "", ("Start.",), None, "", "")
    if verdicts is None:
        verdicts = [e.verdict.status.value for e in derivation.evidence]
    rest = [
        _line(n, step, context, verdict, titles or {})
        for n, (step, verdict) in enumerate(zip_longest(derivation.steps, verdicts), 1)
        if step
    ]
    return (first, *_positive(derivation, rest))


def _line(
    number: int, step: Step, context: Context, verdict: str | None, titles: Mapping[str, str]
) -> Line:
    rule = step.rule
    cited = next((a for a in rule.args if isinstance(a, Derivation | Recipe)), None)
    # What the rule's own words add nothing to is left unsaid.
    known = {rule.title, rule.words} if cited else {rule.title}
    return Line(
        number=number,
        relation="" if isinstance(step.after, Equation) else "=",
        formula=formula(step.after, context),
        rule=rule.title,
        name=rule.name,
        reason=prose(step.reason) if step.reason not in known else (),
        law=Formula(rule.law, unlatex(rule.law)) if rule.law and not cited else None,
        domain=rule.domain,
        reference=rule.reference,
        cites=Link(cited.name, titles.get(cited.name, cited.title)) if cited else None,
        verdict=verdict or "",
    )


def _positive(derivation: Derivation, rest: list[Line]) -> list[Line]:
    """The last line of a positivity proof says so."""
    if derivation.relation != ">" or not rest:
        return rest
    last = rest[-1]
    shown = Formula(f"{last.formula.latex} > 0", f"{last.formula.plain} > 0")
    return [*rest[:-1], Line(**{**vars(last), "formula": shown})]


def main_formula(derivation: Derivation) -> Formula:
    """The statement as one formula."""
    context = derivation.context
    if derivation.relation == ">":
        if isinstance(derivation.start, Equation):
            raise DeriveError(f"{derivation.name}: an equation cannot be positive")
        return formula(Gt(derivation.start, 0, evaluate=False), context)
    return formula(derivation.equation, context)


def _numerical(form: Derivation, parent: Derivation, titles: Mapping[str, str]) -> Numerical:
    new = [d for d in form.definitions if d not in definitions(parent)]
    return Numerical(
        form.title.rpartition(": ")[2].capitalize(),
        prose(form.statement),
        tuple(definition(d, form.context) for d in new),
        tuple(copies(form)),
        lines(with_own_letters(form), titles=titles),
        established(form) if form.steps else (),
    )


def _source(given: Extras) -> Source | None:
    if not given.function_source:
        return None
    return Source(given.function_file, given.function_source.rstrip() + "\n")


def _links(names: tuple[str, ...], titles: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(Link(n, titles.get(n, n)) for n in names)
