"""A derivation as a document: blocks of words and formulas, with no trace of any output format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from derive.kernel.bounds import GREATER, LEMMA, STRICT, log_gap, negated
from derive.kernel.derivation import Derivation, Recipe
from derive.kernel.facts import Context, Definition
from derive.kernel.language import Equation, Expr, Gt, Symbol
from derive.kernel.limits import Tends
from derive.kernel.step import Step
from derive.render.assumptions import (
    Row,
    definition,
    definitions,
    fact,
    formula,
    notation,
    ranges,
    recursions,
)
from derive.render.established import NATURE, established
from derive.render.example import Example, example
from derive.render.letters import copies, with_own_letters
from derive.render.order import REMAINDER
from derive.render.prose import Formula, Prose, prose, unlatex
from derive.render.settled import Settled, settled
from derive.render.styles import visible

WIDE = 50  # signs
ENDS = {"oo": (r"\infty", "∞"), "-oo": (r"-\infty", "−∞"), "0": ("0^{+}", "0⁺")}
ARGUMENT, SHORT = Symbol("x", real=True), REMAINDER
SIGNS = {"≥": r"\ge", "≤": r"\le", "→": r"\to"}


@dataclass(frozen=True)
class Link:
    """Another derivation."""

    name: str
    title: str


@dataclass(frozen=True)
class Line:
    """One numbered line: what it says, the rule that gives it, and why that is allowed.

    ``relation`` ties the line to the one before ("=", "≥", "→" … or ""); line 0 is the start.
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
        if not self.relation:
            return self.formula
        return Formula(f"{self.sign} {self.formula.latex}", f"{self.relation} {self.formula.plain}")

    @property
    def sign(self) -> str:
        """The relation in LaTeX."""
        return SIGNS.get(self.relation, self.relation)

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
class Figure:
    """A picture beside the page: ``name`` with .svg, or with .pdf for LaTeX; ``alt`` in words."""

    name: str
    caption: Prose
    alt: str


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
    figures: tuple[Figure, ...] = ()  # those that a build has drawn
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
        remarks=(*recursions(derivation), *(prose(r) for r in derivation.remarks)),
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
    return (first, *_closed(derivation, rest, verdicts))


def _line(
    number: int, step: Step, context: Context, verdict: str | None, titles: Mapping[str, str]
) -> Line:
    rule = step.rule
    cited = next((a for a in rule.args if isinstance(a, Derivation | Recipe)), None)
    # What the rule's own words add nothing to is left unsaid.
    known = {rule.title, rule.words} if cited else {rule.title}
    return Line(
        number=number,
        relation="" if isinstance(step.after, Equation) else step.relation,
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


def _closed(derivation: Derivation, rest: list[Line], verdicts: Sequence[str]) -> list[Line]:
    """The last line says its sign; where its form does not show it, another form is given."""
    closing, context = derivation.closing, derivation.context
    if closing is None:
        return rest
    own = derivation.conclusion if closing.relation in GREATER else negated(derivation.conclusion)
    if closing.gap != own or not rest:
        shown = closing.gap if closing.relation in GREATER else negated(closing.gap)
        new = Line(
            len(rest) + 1, "=", formula(short_lemma(shown), context), "sign", "sign",
            _why(closing.gap, context, closing.relation in STRICT), None, "", "",
            verdict="".join(verdicts[-1:]),
        )  # fmt: skip
        rest = [*rest, new]
    last = rest[-1].formula
    sign = SIGNS.get(closing.relation, closing.relation)
    shown_sign = Formula(f"{last.latex} {sign} 0", f"{last.plain} {closing.relation} 0")
    return [*rest[:-1], replace(rest[-1], formula=shown_sign)]


def _why(gap: Expr, context: Context, strict: bool) -> Prose:
    lead = "No part of it is negative" + ", and it is not 0" * strict
    if not gap.has(log_gap):
        return (f"{lead}.",)
    lemma = formula(Definition(SHORT(ARGUMENT), LEMMA.applied(log_gap(ARGUMENT))).body, context)
    name, domain = formula(SHORT(ARGUMENT), context), formula(Gt(ARGUMENT, 0), context)
    said = Formula(rf"{name.latex} = {lemma.latex} \ge 0", f"{name.plain} = {lemma.plain} ≥ 0")
    why = "; g is least at 1, where it is 0."
    return (f"{lead}: ", said, " for ", domain, why)


def short_lemma(expr: Expr) -> Expr:
    """The expression with the lemma's function under the letter that the pages use."""
    if isinstance(expr, log_gap):
        return SHORT(short_lemma(expr.args[0]))
    if not expr.has(log_gap):
        return expr
    return expr.func(*(short_lemma(a) if isinstance(a, Expr) else a for a in expr.args))


def main_formula(derivation: Derivation) -> Formula:
    """The statement as one formula."""
    context = derivation.context
    if derivation.relation == "=":
        return formula(derivation.equation, context)
    left, right = (formula(e, context) for e in derivation.sides)
    tends = next((s.proof for s in derivation.steps if isinstance(s.proof, Tends)), None)
    if tends is None:
        sign = SIGNS.get(derivation.relation, derivation.relation)
        return Formula(
            f"{left.latex} {sign} {right.latex}",
            f"{left.plain} {derivation.relation} {right.plain}",
        )
    where = formula(tends.variable, context)
    end, text = ENDS[str(tends.to)]
    return Formula(
        rf"{left.latex} \to {right.latex} \quad ({where.latex} \to {end})",
        f"{left.plain} → {right.plain} ({where.plain} → {text})",
    )


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
