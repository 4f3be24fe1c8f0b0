"""Products with the Jacobians of softmax and log-softmax, without forming a matrix."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, log
from derive.notation import K, Quantity, i, j, p, vector, z
from derive.rules.algebra import distribute, factor_out
from derive.rules.definitions import cite
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.log_softmax_jacobian import log_softmax_jacobian
from derive.topics.softmax import BISHOP, LOGITS, log_sum_exp, softmax
from derive.topics.softmax_jacobian import jacobian

TOPIC = "softmax"
v = vector("v")
u = vector("u")
DIRECTION = Quantity(v, "a direction", shape=(K,), latex="v")
WEIGHTS = Quantity(u, "weights of the components", shape=(K,), latex="u")
AT: dict[str, Any] = {"z": LOGITS, "v": ("1", "-2", "1/2")}
BACK: dict[str, Any] = {"z": LOGITS, "u": ("1", "-2", "1/2")}


@derivation(
    "softmax-jvp",
    title="Jacobian of softmax times a vector",
    statement="How the probabilities change as the logits move in a direction v.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X3",
)
def softmax_jvp(d: Builder) -> None:
    d.quantity(DIRECTION)
    softmax(d)
    d.start(Sum(Partial(p[i], z[j]) * v[j], (j, 1, K)))
    d.by(cite(jacobian))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out, "pᵢ does not depend on j.")
    d.by(factor_out(p[i]))
    d.conclude(p[i] * (v[i] - Sum(p[j] * v[j], (j, 1, K))))
    d.example(**AT)
    d.function("softmax_jvp", (z, v), (i,), "Jacobian of softmax times a vector.")


@derivation(
    "softmax-vjp",
    title="A vector times the Jacobian of softmax",
    statement="The gradient of Σ u p by the logits, for fixed weights u: one step backwards.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X3",
)
def softmax_vjp(d: Builder) -> None:
    d.quantity(WEIGHTS)
    softmax(d)
    d.start(Sum(u[i] * Partial(p[i], z[j]), (i, 1, K)))
    d.by(cite(jacobian))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out, "pⱼ does not depend on i.")
    d.by(factor_out(p[j]))
    d.conclude(p[j] * (u[j] - Sum(u[i] * p[i], (i, 1, K))))
    d.example(**BACK)
    d.function("softmax_vjp", (z, u), (j,), "A vector times the Jacobian of softmax.")


@derivation(
    "log-softmax-jvp",
    title="Jacobian of log-softmax times a vector",
    statement="How the log-probabilities change as the logits move in a direction v.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X3",
)
def log_softmax_jvp(d: Builder) -> None:
    d.quantity(DIRECTION)
    softmax(d)
    log_sum_exp(d)
    d.start(Sum(Partial(log(p[i]), z[j]) * v[j], (j, 1, K)))
    d.by(cite(log_softmax_jacobian))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.conclude(v[i] - Sum(p[j] * v[j], (j, 1, K)))
    d.example(**AT)
    d.function("log_softmax_jvp", (z, v), (i,), "Jacobian of log-softmax times a vector.")


@derivation(
    "log-softmax-vjp",
    title="A vector times the Jacobian of log-softmax",
    statement="The gradient of Σ u log p by the logits, for fixed weights u.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X3",
)
def log_softmax_vjp(d: Builder) -> None:
    d.quantity(WEIGHTS)
    softmax(d)
    log_sum_exp(d)
    d.start(Sum(u[i] * Partial(log(p[i]), z[j]), (i, 1, K)))
    d.by(cite(log_softmax_jacobian))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.conclude(u[j] - p[j] * Sum(u[i], (i, 1, K)))
    d.example(**BACK)
    d.function("log_softmax_vjp", (z, u), (j,), "A vector times the Jacobian of log-softmax.")
