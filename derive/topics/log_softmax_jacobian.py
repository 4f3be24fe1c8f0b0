"""Log-softmax: its Jacobian, by components and as a matrix, and its second derivatives."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, delta, log
from derive.kernel.matrices import Entry, Eye, Ones, Outer, Vec
from derive.notation import K, i, j, l, p, z
from derive.rules.calculus import (
    coordinates_are_independent,
    linearity,
)
from derive.rules.definitions import cite
from derive.rules.matrices import matrix_form
from derive.topics.log_softmax import log_softmax, log_sum_exp_gradient
from derive.topics.softmax import BISHOP, BOYD, LOGITS, log_sum_exp, softmax
from derive.topics.softmax_jacobian import jacobian

TOPIC = "softmax"


@derivation(
    "log-softmax-jacobian",
    title="The Jacobian of log-softmax",
    statement="The derivative of each log-probability with respect to each logit.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X1",
)
def log_softmax_jacobian(d: Builder) -> None:
    softmax(d)
    log_sum_exp(d)
    d.start(Partial(log(p[i]), z[j]))
    d.by(cite(log_softmax))
    d.by(linearity)
    d.by(coordinates_are_independent)
    d.by(cite(log_sum_exp_gradient), "The derivative of log-sum-exp is softmax.")
    d.conclude(delta(i, j) - p[j])
    d.example(z=LOGITS)
    d.function("log_softmax_jacobian", (z,), (i, j), "Jacobian of log-softmax.")


@derivation(
    "log-softmax-jacobian-matrix",
    title="The Jacobian of log-softmax as a matrix",
    statement=r"The Jacobian of log-softmax is $I - \mathbf{1}\mathbf{p}^{\top}$: "
    r"the identity minus $\mathbf{p}^{\top}$ in every row.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X1",
)
def log_softmax_jacobian_matrix(d: Builder) -> None:
    softmax(d)
    log_sum_exp(d)
    d.start(Partial(log(p[i]), z[j]))
    d.by(cite(log_softmax_jacobian))
    d.by(matrix_form(i, j))
    d.conclude(Entry(Eye(K) - Outer(Ones(K), Vec(p)), i, j))
    d.example(z=LOGITS)


@derivation(
    "log-softmax-hessian",
    title="The Hessian of log-softmax",
    statement="The second derivatives of each log-probability; the class $i$ does not occur in "
    "them.",
    reference=f"{BOYD}, section 3.1.5",
    sources="X1",
)
def log_softmax_hessian(d: Builder) -> None:
    softmax(d)
    log_sum_exp(d)
    d.start(Partial(Partial(log(p[i]), z[j]), z[l]))
    d.by(cite(log_softmax_jacobian))
    d.by(linearity, r"$\delta_{ij}$ is a constant: only the second term depends on the logits.")
    d.by(cite(jacobian))
    d.conclude(-p[j] * (delta(j, l) - p[l]))
    d.example(z=LOGITS)
