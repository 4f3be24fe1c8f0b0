"""The report for a terminal: the first wrong line first, then every line with its mark."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from derive.judge.report import Relation, Report

MARKS = {
    "definition": ("≔", "dim"), "proved": ("✓", "green"), "conditional": ("◐", "yellow"),
    "refuted": ("✗", "bold red"), "undecided": ("?", "magenta"), "unread": ("–", "blue"),
}  # fmt: skip


def show(report: Report) -> None:
    """Print a report; colours where standard output is a terminal."""
    console = Console(highlight=False, soft_wrap=True)
    wrong = next((r for r in report.relations if r.n == report.first_wrong), None)
    if wrong is not None:
        console.print(f"[bold red]First wrong:[/] {escape(_where(report, wrong))}")
        _details(console, wrong)
        console.print()
    for relation in report.relations:
        mark, style = MARKS[relation.verdict]
        line = f"{relation.line:>5}  [{style}]{mark}[/]  {escape(_formula(relation))}"
        console.print(line)
        if relation is not wrong:
            _details(console, relation)
    for note in report.notes:
        console.print(f"[blue]–[/] {escape(note)}")
    console.print(escape(summary(report)))


def summary(report: Report) -> str:
    """One line on everything."""
    counts = {v: sum(r.verdict == v for r in report.relations) for v in MARKS}
    parts = [f"{n} {verdict}{'s' * (verdict == 'definition' and n > 1)}"
             for verdict, n in counts.items() if n]  # fmt: skip
    text = f"{report.file or 'text'}: " + (", ".join(parts) or "no relation found")
    if report.right_end_wrong_step:
        *first, last = map(str, report.right_end_wrong_step)
        steps = f"relations {', '.join(first)} and {last}" if first else f"relation {last}"
        text += f"; right at the end, but wrong on the way: {steps}"
    return text


def _where(report: Report, relation: Relation) -> str:
    return f"{report.file or 'text'}, line {relation.line}: {_formula(relation)}"


def _formula(relation: Relation) -> str:
    return " ".join(f"{relation.lhs} {relation.rel} {relation.rhs}".split())


def _set(relation: Relation) -> bool:
    """Whether a witness sets anything; of two numbers ``why`` says all."""
    found = relation.witness
    return found is not None and bool({**found.sizes, **found.indices, **found.values})


def why_of(relation: Relation) -> str:
    """Why, in so far as a counterexample does not say it already."""
    own = "the difference does not vanish"
    if relation.verdict != "refuted" or not relation.why.startswith(own):
        return relation.why
    return relation.why.partition("; ")[2]


def _details(console: Console, relation: Relation) -> None:
    indent = " " * 10
    if relation.condition:
        console.print(f"{indent}if {escape(relation.condition)}")
    if relation.verdict == "refuted" and relation.witness is not None and _set(relation):
        console.print(f"{indent}counterexample: {escape(str(relation.witness))}")
    if relation.slip is not None:
        console.print(f"{indent}{escape(relation.slip.words)}; it should read")
        console.print(f"{indent}{escape(relation.slip.right)}")
    if (why := why_of(relation)) and relation.verdict not in ("definition",):
        console.print(f"{indent}[dim]{escape(why)}[/]")
