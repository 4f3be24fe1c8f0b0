"""The second derivatives of softmax cross-entropy in the logits, and their use on a vector."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, delta
from derive.kernel.matrices import Diag, Entry, Outer, Vec
from derive.notation import K, L, i, j, k, p, y, z
from derive.rules.algebra import distribute
from derive.rules.calculus import linearity
from derive.rules.definitions import cite
from derive.rules.matrices import matrix_form
from derive.rules.probability import use_total
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.cross_entropy import SOFT, loss
from derive.topics.cross_entropy_gradient import gradient
from derive.topics.products import DIRECTION, v
from derive.topics.softmax import BISHOP
from derive.topics.softmax_jacobian import jacobian

TOPIC = "cross-entropy"


@derivation(
    "cross-entropy-hessian",
    title="The Hessian of softmax cross-entropy",
    statement="All second derivatives with respect to the logits, for any targets.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X4",
)
def hessian(d: Builder) -> None:
    loss(d)
    d.start(Partial(Partial(L, z[i]), z[j]))
    d.by(cite(gradient))
    d.by(linearity, "The targets do not depend on the logits.")
    d.by(cite(jacobian))
    d.conclude(Sum(y[k], (k, 1, K)) * p[i] * (delta(i, j) - p[j]))
    d.example(**SOFT)
    summary = "Hessian in z of softmax cross-entropy."
    d.function("softmax_cross_entropy_hessian", (z, y), (i, j), summary)


@derivation(
    "cross-entropy-hessian-matrix",
    title="The Hessian of softmax cross-entropy as a matrix",
    statement=r"For targets that sum to 1 it is "
    r"$\operatorname{diag}(\mathbf{p}) - \mathbf{p} \mathbf{p}^{\top}$ and does not depend on "
    r"them.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X4",
)
def hessian_matrix(d: Builder) -> None:
    loss(d)
    d.assume(SumsTo(y))
    d.start(Partial(Partial(L, z[i]), z[j]))
    d.by(cite(hessian))
    d.by(use_total(y))
    d.by(distribute)
    d.by(matrix_form(i, j))
    d.conclude(Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), i, j))
    d.example(**SOFT)


@derivation(
    "cross-entropy-hvp",
    title="Hessian of softmax cross-entropy times a vector",
    statement="The change of the gradient as the logits move in a direction v, for any targets.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X3 X4",
)
def cross_entropy_hvp(d: Builder) -> None:
    d.quantity(DIRECTION)
    loss(d)
    total = Sum(y[k], (k, 1, K))
    d.start(Sum(Partial(Partial(L, z[i]), z[j]) * v[j], (j, 1, K)))
    d.by(cite(hessian))
    d.by(pull_out, "Only the bracket and v depend on j.")
    d.by(distribute, at=Sum(v[j] * (delta(i, j) - p[j]), (j, 1, K)))
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.conclude(total * p[i] * (v[i] - Sum(p[j] * v[j], (j, 1, K))))
    d.example(**SOFT, v=("1", "-2", "1/2"))
    summary = "Hessian in z of softmax cross-entropy times a vector."
    d.function("softmax_cross_entropy_hvp", (z, y, v), (i,), summary)
