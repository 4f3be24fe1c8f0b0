"""What a notebook shows for a derivation."""

from __future__ import annotations

from markupsafe import Markup

from derive.kernel.derivation import Derivation
from derive.render import html
from derive.render.assumptions import definition, definitions, fact
from derive.render.document import lines, main_formula
from derive.render.prose import prose


def notebook_latex(derivation: Derivation) -> str:
    """The result, the statement, and the chain of lines, aligned at their relation signs."""
    rows = [
        (f"& {line.sign} " if line.relation else "& ") + line.formula.latex
        for line in lines(derivation, verdicts=())
    ]
    said = "".join(r if isinstance(r, str) else f"${r.latex}$" for r in prose(derivation.statement))
    main = rf"$\displaystyle {main_formula(derivation).latex}$"
    chain = r"$\displaystyle \begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}$"
    return "\n\n".join((main, said, chain))


def notebook_html(derivation: Derivation) -> str:
    """The chain of lines with their reasons, as a table of MathML."""
    row = Markup(
        '<tr><td style="text-align:left">({})</td><td style="text-align:left">{}</td>'
        '<td style="text-align:left">{}{}</td></tr>'
    )
    by_rule = Markup("<em>{}</em> ")
    rows = [
        row.format(
            line.number, html.mathml(line.shown.latex, display=True),
            by_rule.format(line.rule) if line.rule else "", html.prose(line.reason),
        )
        for line in lines(derivation, verdicts=())
    ]  # fmt: skip
    head = Markup("<strong>{}</strong><p>{}</p>{}").format(
        derivation.title,
        html.prose(prose(derivation.statement)),
        html.display(main_formula(derivation)),
    )
    head += _assumptions(derivation)
    return str(Markup("<div>{}<table>{}</table></div>").format(head, Markup("").join(rows)))


def _assumptions(derivation: Derivation) -> Markup:
    """Definitions, facts and remarks."""
    context = derivation.context
    shown = [html.display(definition(d, context)) for d in definitions(derivation)]
    said = [fact(f, context) for f in derivation.facts] + [prose(r) for r in derivation.remarks]
    shown += [Markup("<p>{}</p>").format(html.prose(runs)) for runs in said]
    head = Markup("<p>Assumptions:</p>") if shown else Markup("")
    return head + Markup("").join(shown)
