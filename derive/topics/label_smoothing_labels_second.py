"""Label smoothing for class labels: the second derivatives, and their use on a vector."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.notation import K, L, c, i, j, p, y, z
from derive.rules.definitions import cite
from derive.rules.probability import one_hot
from derive.rules.sums import sifting
from derive.topics.label_smoothing import OPTION, SZEGEDY, epsilon
from derive.topics.label_smoothing_labels import NUMBERS, labelled
from derive.topics.label_smoothing_second import hessian, hvp
from derive.topics.products import DIRECTION, v

TOPIC = "label smoothing"


@derivation(
    "label-smoothing-hessian-label",
    title="The smoothed Hessian of a class label",
    statement="It is the Jacobian of softmax, whatever the label and the share ε are.",
    reference=f"{SZEGEDY}, section 7",
    sources="X4 X6",
)
def hessian_label(d: Builder) -> None:
    labelled(d)
    d.start(Partial(Partial(L, z[i]), z[j]))
    d.by(cite(hessian))
    d.by(one_hot(y))
    d.by(sifting, "A one-hot target sums to 1.")
    d.conclude(p[i] * (delta(i, j) - p[j]))
    d.example(**NUMBERS)
    summary = "Hessian in z of smoothed cross-entropy, for class labels."
    name = "softmax_cross_entropy_hessian_labels"
    d.function(name, (z, c, epsilon), (i, j), summary, options=OPTION, widens=True)


@derivation(
    "label-smoothing-hvp-label",
    title="The smoothed Hessian of a class label times a vector",
    statement="It is the Jacobian of softmax times the vector, whatever the label is.",
    reference=f"{SZEGEDY}, section 7",
    sources="X3 X6",
)
def hvp_label(d: Builder) -> None:
    labelled(d)
    d.quantity(DIRECTION)
    d.start(Sum(Partial(Partial(L, z[i]), z[j]) * v[j], (j, 1, K)))
    d.by(cite(hvp))
    d.by(one_hot(y))
    d.by(sifting)
    d.conclude(p[i] * (v[i] - Sum(p[j] * v[j], (j, 1, K))))
    d.example(**NUMBERS, v=("1", "-2", "1/2"))
    summary = "Hessian in z of smoothed cross-entropy times a vector, for class labels."
    name = "softmax_cross_entropy_hvp_labels"
    d.function(name, (z, c, v, epsilon), (i,), summary, options=OPTION, widens=True)
