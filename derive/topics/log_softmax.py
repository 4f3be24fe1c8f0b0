"""Log-sum-exp with its derivatives, and log-softmax."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, delta, exp, log
from derive.kernel.matrices import Diag, Entry, Outer, Vec
from derive.notation import ell, i, j, p, z
from derive.rules.algebra import distribute
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import log_of_product
from derive.rules.matrices import matrix_form
from derive.rules.sums import sifting
from derive.topics.softmax import BOYD, LOGITS, Z, log_sum_exp, softmax
from derive.topics.softmax_jacobian import jacobian

TOPIC = "softmax"


@derivation(
    "log-sum-exp-gradient",
    title="The gradient of log-sum-exp is softmax",
    statement="The gradient of log-sum-exp is the softmax of the logits.",
    reference=f"{BOYD}, section 3.1.5",
    sources="X2",
)
def log_sum_exp_gradient(d: Builder) -> None:
    softmax(d)
    log_sum_exp(d)
    d.start(Partial(ell, z[i]))
    d.by(expand(ell), "Log-sum-exp written out.")
    d.by(derivative_of_log)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(fold(p))
    d.conclude(p[i])
    d.example(z=LOGITS)
    d.function("logsumexp", (z,), (), "Log-sum-exp over the last axis.", value=log(Z))


@derivation(
    "log-sum-exp-hessian",
    title="The Hessian of log-sum-exp",
    statement="The second derivatives of log-sum-exp are the Jacobian of softmax.",
    reference=f"{BOYD}, section 3.1.5",
    sources="X2",
)
def log_sum_exp_hessian(d: Builder) -> None:
    softmax(d)
    log_sum_exp(d)
    d.start(Partial(Partial(ell, z[i]), z[j]))
    d.by(cite(log_sum_exp_gradient), "The inner derivative is softmax.")
    d.by(cite(jacobian))
    d.by(distribute)
    d.by(matrix_form(i, j))
    d.conclude(Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), i, j))
    d.example(z=LOGITS)
    value = p[i] * (delta(i, j) - p[j])
    d.function("logsumexp_hessian", (z,), (i, j), "Hessian of log-sum-exp.", value=value)


@derivation(
    "log-softmax",
    title="Log-softmax",
    statement="The logarithm of softmax is the logit minus log-sum-exp.",
    reference="Goodfellow, Bengio and Courville, Deep Learning (2016), eq. 6.30",
    sources="D5 X1",
)
def log_softmax(d: Builder) -> None:
    softmax(d)
    log_sum_exp(d)
    d.start(log(p[i]))
    d.by(expand(p))
    d.by(log_of_product, r"The logarithm of the quotient, and $\log e^{z} = z$.")
    d.by(fold(ell))
    d.conclude(z[i] - ell)
    d.example(z=LOGITS)
    d.function("log_softmax", (z,), (i,), "Logarithm of softmax.", value=log(exp(z[i]) / Z))
