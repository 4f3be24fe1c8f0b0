"""The report as one HTML page: the person's own lines, with a mark on each."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from sympy import latex

from derive.errors import DeriveError
from derive.judge.report import Relation, Report
from derive.judge.terminal import MARKS, summary, why_of
from derive.kernel.verdicts import Witness
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
        "condition": relation.condition, "why": why_of(relation),
        "witness": _instance(witness) if witness and relation.verdict == "refuted" else "",
        "slip": relation.slip, "right": _converted(relation.slip.right) if relation.slip else "",
    }  # fmt: skip


def _instance(witness: Witness) -> Markup:
    """The values of a witness, each a formula that no line is broken in; nothing without any."""
    given = {**witness.sizes, **witness.indices, **witness.values}
    parts = [_short(f"{_named(name)} = {_latex(value)}", f"{name} = {value}")
             for name, value in given.items()]  # fmt: skip
    if not parts:
        return Markup()
    sides = [_short(_latex(side), str(side)) for side in (witness.lhs, witness.rhs)]
    return Markup(", ").join(parts) + Markup(": left {}, right {}").format(*sides)


def _named(name: str) -> str:
    stem, _, below = name.partition("_")
    return f"{stem}_{{{below}}}" if below else stem


def _latex(value: object) -> str:
    found = str(latex(value, fold_short_frac=True)).replace(r"\log", r"\ln ")
    return found.replace(r"\left(", "(").replace(r"\right)", ")")


def _short(formula: str, plain: str) -> Markup:
    return Markup(_converted(formula, display=False)) or Markup("{}").format(plain)


def _converted(formula: str, display: bool = True) -> str:
    """MathML, or nothing where math-core does not know a command."""
    from derive.render.html import mathml as converted

    try:
        return str(converted(formula, display=display))
    except DeriveError:
        return ""


def mathml(relation: Relation) -> str:
    """The relation as MathML, or nothing where math-core does not know a command."""
    signs = {"≈": r"\approx", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "∝": r"\propto", "~": r"\sim"}
    sides = [side.replace("&", " ") for side in (relation.lhs, relation.rhs)]
    return _converted(f"{sides[0]} {signs.get(relation.rel, relation.rel)} {sides[1]}")
