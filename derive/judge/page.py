"""The report as one HTML page: the person's own lines, with a mark on each."""

from __future__ import annotations

from collections.abc import Sequence

from derive.errors import DeriveError
from derive.judge.report import Relation, Report
from derive.judge.terminal import MARKS, summary
from derive.templating import fill


def page(reports: Sequence[Report]) -> str:
    """One page for all reports. Formulas are MathML where they can be, else their source."""
    return fill("html/verify.html.jinja", {"reports": [_view(r) for r in reports]})


def _view(report: Report) -> dict[str, object]:
    return {
        "title": report.file or "text",
        "summary": summary(report),
        "first_wrong": report.first_wrong,
        "notes": report.notes,
        "relations": [_line(r) for r in report.relations],
    }


def _line(relation: Relation) -> dict[str, object]:
    mark, _ = MARKS[relation.verdict]
    witness = relation.witness
    return {
        "n": relation.n, "line": relation.line, "verdict": relation.verdict, "mark": mark,
        "maths": mathml(relation), "source": f"{relation.lhs} {relation.rel} {relation.rhs}",
        "condition": relation.condition, "why": relation.why,
        "witness": str(witness) if witness and relation.verdict == "refuted" else "",
        "slip": relation.slip,
    }  # fmt: skip


def mathml(relation: Relation) -> str:
    """The relation as MathML, or nothing where math-core does not know a command."""
    from derive.render.html import mathml as converted

    signs = {"≈": r"\approx", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "∝": r"\propto", "~": r"\sim"}
    sides = [side.replace("&", " ") for side in (relation.lhs, relation.rhs)]
    try:
        return str(
            converted(
                f"{sides[0]} {signs.get(relation.rel, relation.rel)} {sides[1]}", display=True
            )
        )
    except DeriveError:
        return ""
