"""What is declared beside derivations, tried, shown and counted; the page about the statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive import catalogue
from derive.catalogue import Other
from derive.codegen.trial import run
from derive.kernel.check import Report
from derive.kernel.numbers import WorkedNumbers
from derive.kernel.refutation import Refutation
from derive.kernel.trial import Trial
from derive.render.articles import entries, training
from derive.render.articles.blocks import Article
from derive.render.articles.stated import Material, stated, verdicts
from derive.render.articles.worked import Worked
from derive.render.document import Document


def failures(other: Other) -> list[str]:
    """What does not come out as declared."""
    return (run(other) if isinstance(other, Trial) else other).failures()


def report(other: Other) -> Report:
    """One of them for the counts of ``derive check``."""
    return Report(refutations_and_numbers=1, failures=failures(other))


def page(other: Other) -> Article:
    """One of them as a page of its own."""
    if found := failures(other):
        return entries.page(other.about, entries.failed(found))
    match other:
        case Refutation():
            return entries.page(other.about, entries.refuted(other))
        case WorkedNumbers():
            return entries.page(other.about, entries.numbers(other))
        case Trial():
            return entries.page(other.about, entries.tried(other, run(other)))


def material(documents: Sequence[Document], articles: Sequence[Article]) -> Material:
    """All that may settle a statement."""
    others = catalogue.all_others()
    tried = {name: run(one) for name, one in others.items() if isinstance(one, Trial)}
    return Material(
        {d.name: d for d in documents},
        others,
        tried,
        {a.name: a for a in articles},
        frozenset({training.NAME}),
    )


def with_statements(worked: Worked, documents: Sequence[Document]) -> Worked:
    """The articles of a build, with the page about what the sources state in front.

    A build of some derivations only has no such page.
    """
    rows, titles = catalogue.statements()
    named = {name for one in rows for part in one.parts for name in part.by}
    if not worked.articles or named & {*catalogue.names()} - {d.name for d in documents}:
        return worked
    found = verdicts(rows, material(documents, worked.articles))
    return replace(worked, articles=(stated(found, titles, documents), *worked.articles))
