"""Label smoothing: the second derivatives of the smoothed loss, and their use on a vector."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.notation import K, L, i, j, p, y, z
from derive.rules.algebra import distribute
from derive.rules.calculus import linearity
from derive.rules.definitions import cite
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.label_smoothing import (
    NUMBERS,
    OPTION,
    SZEGEDY,
    TOTAL,
    epsilon,
    smoothed,
    total,
)
from derive.topics.label_smoothing_derivatives import gradient
from derive.topics.products import DIRECTION, v
from derive.topics.softmax_jacobian import jacobian

TOPIC = "label smoothing"


@derivation(
    "label-smoothing-hessian",
    title="The Hessian with label smoothing",
    statement="The Jacobian of softmax times the total of the smoothed targets.",
    reference=f"{SZEGEDY}, section 7",
    sources="X4 X6",
)
def hessian(d: Builder) -> None:
    smoothed(d)
    d.start(Partial(Partial(L, z[i]), z[j]))
    d.by(cite(gradient))
    d.by(linearity, "The targets do not depend on the logits.")
    d.by(cite(jacobian))
    d.by(cite(total))
    d.conclude(TOTAL * p[i] * (delta(i, j) - p[j]))
    d.example(**NUMBERS)
    summary = "Hessian in z of cross-entropy with smoothed targets."
    name, given = "softmax_cross_entropy_hessian", (z, y, epsilon)
    d.function(name, given, (i, j), summary, options=OPTION, widens=True)


@derivation(
    "label-smoothing-hvp",
    title="The Hessian with label smoothing times a vector",
    statement="The change of the gradient as the logits move in a direction v, for any targets.",
    reference=f"{SZEGEDY}, section 7",
    sources="X3 X6",
)
def hvp(d: Builder) -> None:
    smoothed(d)
    d.quantity(DIRECTION)
    d.start(Sum(Partial(Partial(L, z[i]), z[j]) * v[j], (j, 1, K)))
    d.by(cite(hessian))
    d.by(pull_out, "Only the bracket and v depend on j.")
    d.by(distribute, at=Sum(v[j] * (delta(i, j) - p[j]), (j, 1, K)))
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.conclude(TOTAL * p[i] * (v[i] - Sum(p[j] * v[j], (j, 1, K))))
    d.example(**NUMBERS, v=("1", "-2", "1/2"))
    summary = "Hessian in z of cross-entropy with smoothed targets, times a vector."
    name, given = "softmax_cross_entropy_hvp", (z, y, v, epsilon)
    d.function(name, given, (i,), summary, options=OPTION, widens=True)
