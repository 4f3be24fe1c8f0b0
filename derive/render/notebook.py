"""What a notebook shows for a derivation."""

from __future__ import annotations

from markupsafe import Markup

from derive.kernel.derivation import Derivation
from derive.render import html
from derive.render.document import lines


def notebook_latex(derivation: Derivation) -> str:
    """The chain of lines, aligned at their relation signs."""
    rows = [
        (f"& {line.relation} " if line.relation else "& ") + line.formula.latex
        for line in lines(derivation, verdicts=())
    ]
    return r"$\displaystyle \begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}$"


def notebook_html(derivation: Derivation) -> str:
    """The chain of lines with their reasons, as a table of MathML."""
    row = Markup(
        '<tr><td style="text-align:left">({})</td><td style="text-align:left">{}</td>'
        '<td style="text-align:left"><em>{}</em> {}</td></tr>'
    )
    rows = [
        row.format(
            line.number, html.mathml(line.shown.latex, display=True), line.rule,
            html.prose(line.reason),
        )
        for line in lines(derivation, verdicts=())
    ]  # fmt: skip
    head = Markup("<strong>{}</strong>").format(derivation.title)
    return str(Markup("<div>{}<table>{}</table></div>").format(head, Markup("").join(rows)))
