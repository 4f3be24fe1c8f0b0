"""The report on a function: text for a terminal, or a page."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from derive.judge.code.verdict import CodeReport, Failure
from derive.templating import fill

MARKS = {
    "agrees": ("✓", "green"), "loses digits": ("✓", "green"), "agrees except": ("◐", "yellow"),
    "refuted": ("✗", "bold red"), "undecided": ("?", "magenta"),
}  # fmt: skip


def show(report: CodeReport) -> None:
    """Print a report; colours where standard output is a terminal."""
    console = Console(highlight=False, soft_wrap=True)
    mark, style = MARKS[report.verdict]
    console.print(f"[{style}]{mark} {report.verdict}[/]  {escape(summary(report))}")
    for slip in report.slips:
        console.print(f"   likely slip: {escape(slip.words)}  [dim]\\[{slip.name}][/]")
    if report.why:
        console.print(f"   {escape(report.why)}")
    if report.failure is not None:
        word = "smallest failing input" if report.verdict == "refuted" else "for instance"
        console.print(f"   {word}: {escape(place(report.failure))}")
        for name, value in lines(report.failure):
            console.print(f"      {escape(name):<6} {escape(value)}")
    for text in report.exceptions:
        console.print(f"   [yellow]except[/] {escape(text)}")
    for text in report.notes:
        console.print(f"   [dim]note: {escape(text)}[/]")
    if report.output.strip():
        console.print("   [dim]it printed:[/]")
        for line in report.output.strip().splitlines()[-8:]:
            console.print(f"      [dim]{escape(line[:200])}[/]")


def summary(report: CodeReport) -> str:
    """One line on everything."""
    text = f"{report.function} as {report.name}"
    if not report.tried:
        return text
    return f"{text}: right on {report.agreed} of {report.tried} inputs"


def place(failure: Failure) -> str:
    """Where the function fails, in words."""
    parts = [f"K = {failure.K}"] if failure.K else []
    parts.append(f"batch {failure.batch}" if failure.batch else "no batch")
    return ", ".join([*parts, failure.dtype, f"numbers: {failure.numbers}"])


def lines(failure: Failure) -> list[tuple[str, str]]:
    """The arguments and both values, each with its name."""
    given = [(k, v) for k, v in failure.arguments.items()]
    return [*given, ("right", failure.right), ("yours", failure.yours)]


def page(report: CodeReport) -> str:
    """The report as one HTML page."""
    failure = report.failure
    return fill(
        "html/verify_code.html.jinja",
        {
            "report": report,
            "mark": MARKS[report.verdict][0],
            "summary": summary(report),
            "place": place(failure) if failure else "",
            "lines": lines(failure) if failure else [],
        },
    )
