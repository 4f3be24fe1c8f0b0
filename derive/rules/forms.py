"""Another form of an expression, named by the author: for what no single law does in one line."""

from __future__ import annotations

from derive.kernel.facts import Context
from derive.kernel.language import Expr, Sum, exp
from derive.kernel.normal.prove import prove
from derive.kernel.rule import Line, rule
from derive.notation import K, k, z


@rule(
    title="another form",
    law="a = a'",
    words="the same expression, written otherwise",
    domain="the two are equal for every size and index, which the rule asks of the normal form",
    reference="equality",
    example=(exp(z[k] - 1) - exp(z[k]), (exp(-1) - 1) * exp(z[k])),
    refuses=Sum(z[k], (k, 1, K)),
    args=((exp(-1) - 1) * exp(z[k]),),
    whole=True,
)
def in_the_form(node: Line, context: Context, form: Expr) -> Line | None:
    if not isinstance(node, Expr) or not prove(node, form, context, explain=False).proved:
        return None
    return form
