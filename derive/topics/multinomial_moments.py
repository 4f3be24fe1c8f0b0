"""The log-partition generates the moments: ∇a = E[T], ∇²a = Cov[T], for one and for N trials."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.kernel.matrices import Diag, Entry, Outer, Vec
from derive.notation import K, N, a, c, eta, i, j, phi, t, u
from derive.rules.algebra import factor_out
from derive.rules.definitions import cite
from derive.rules.matrices import matrix_form
from derive.rules.sums import count, insert_delta, sifting
from derive.topics.multinomial import BISHOP
from derive.topics.multinomial_partition import COIN, minimal, partition_gradient, partition_hessian

TOPIC = "multinomial"


def moment(*of: object) -> Sum:
    """E of a product of components of T over one trial: Σ_c T_i(c) … φ_c."""
    out = phi[c]
    for index in of:
        out = out * delta(index, c)
    return Sum(out, (c, 1, K))


@derivation(
    "multinomial-mean",
    title="The gradient of the log-partition is the mean",
    statement="∇a = E[T]: the expectation of the sufficient statistic.",
    reference=f"{BISHOP}, eq. 2.226",
    sources="B10 X12",
)
def mean(d: Builder) -> None:
    minimal(d)
    d.start(Partial(a, eta[i]))
    d.by(cite(partition_gradient))
    d.by(insert_delta(phi, c), "This is Σ_c T_i(c) φ_c with T_i(c) = δ_ic: the expectation of T_i.")
    d.conclude(moment(i))
    d.example(**COIN)


@derivation(
    "multinomial-covariance",
    title="The Hessian of the log-partition is the covariance",
    statement="∇²a = Cov[T], the Fisher information: diag(φ) − φφᵀ on the first K − 1 classes.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def covariance(d: Builder) -> None:
    minimal(d)
    d.start(moment(i, j) - moment(i) * moment(j))
    d.by(sifting, "E[T_i T_j] − E[T_i] E[T_j]: every sum has one term left.")
    d.by(factor_out(phi[i]))
    d.by(cite(partition_hessian, "backwards"))
    d.conclude(Partial(Partial(a, eta[i]), eta[j]))
    d.example(**COIN)


@derivation(
    "multinomial-covariance-matrix",
    title="The covariance as a matrix",
    statement=r"$\operatorname{Cov}[T] = \operatorname{diag}(\phi) - \phi\phi^{\top}$ on the first "
    "K − 1 classes.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def covariance_matrix(d: Builder) -> None:
    minimal(d)
    d.start(moment(i, j) - moment(i) * moment(j))
    d.by(sifting)
    d.by(matrix_form(i, j))
    d.conclude(Entry(Diag(Vec(phi)) - Outer(Vec(phi), Vec(phi)), i, j))
    d.example(**COIN)


@derivation(
    "multinomial-trials-mean",
    title="The mean of N trials",
    statement="E[y_i] = N ∂a/∂η_i: the trials have the same expectation.",
    reference=f"{BISHOP}, eq. 2.226",
    sources="X11 X12",
)
def trials_mean(d: Builder) -> None:
    minimal(d)
    d.start(Sum(moment(i), (t, 1, N)))
    d.by(sifting, "The count of class i is the sum of T_i over the trials; expectation is linear.")
    d.by(count)
    d.by(cite(partition_gradient, "backwards"))
    d.conclude(N * Partial(a, eta[i]))
    d.example(**COIN, N="4")


@derivation(
    "multinomial-trials-covariance",
    title="The covariance of N trials",
    statement="Independent trials: only a trial with itself contributes, N times the covariance.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X11 X12",
)
def trials_covariance(d: Builder) -> None:
    minimal(d)
    single = moment(i, j) - moment(i) * moment(j)
    d.start(Sum(Sum(delta(t, u) * single, (u, 1, N)), (t, 1, N)))
    d.by(sifting, "δ_tu: different trials are independent and do not covary.")
    d.by(cite(covariance))
    d.by(count)
    d.conclude(N * Partial(Partial(a, eta[i]), eta[j]))
    d.example(**COIN, N="4")
