"""The log-partition generates the moments: ∇a = E[T], ∇²a = Cov[T], for one and for N trials."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta
from derive.kernel.matrices import Diag, Entry, Outer, Vec
from derive.notation import K, a, c, eta, i, j, phi
from derive.rules.algebra import factor_out
from derive.rules.definitions import cite
from derive.rules.matrices import matrix_form
from derive.rules.sums import insert_delta, sifting
from derive.topics.multinomial import BISHOP
from derive.topics.multinomial_partition import COIN, minimal, partition_gradient, partition_hessian

TOPIC = "multinomial"
STATISTIC = (
    r"The sufficient statistic of one trial is $T_{i}(c) = \delta_{ic}$: 1 if the trial gives "
    r"class $i$, else 0. The expectation of a function of the class is "
    r"$E[f] = \sum_{c=1}^{K} \phi_{c} f(c)$."
)
COVARIANCE = r"The covariance is $\operatorname{Cov}[T]_{ij} = E[T_{i} T_{j}] - E[T_{i}] E[T_{j}]$."
COUNT = r"The count $y_{i}$ of class $i$ is the sum of $T_{i}$ over the $N$ trials."
INDEPENDENT = (
    r"The trials are independent, so different trials do not covary: this is the $\delta_{tu}$ in "
    "the first line. It is put in and not derived."
)


def moment(*of: object) -> Sum:
    """E of a product of components of T over one trial: Σ_c T_i(c) … φ_c."""
    out = phi[c]
    for index in of:
        out = out * delta(index, c)
    return Sum(out, (c, 1, K))


@derivation(
    "multinomial-mean",
    title="The gradient of the log-partition is the mean",
    statement=r"$\nabla a = E[T]$: the expectation of the sufficient statistic.",
    reference=f"{BISHOP}, eq. 2.226",
    sources="B10 X12",
)
def mean(d: Builder) -> None:
    minimal(d)
    d.remark(STATISTIC)
    d.start(Partial(a, eta[i]))
    d.by(cite(partition_gradient))
    d.by(insert_delta(phi, c), r"This is $\sum_{c} \phi_{c} T_{i}(c) = E[T_{i}]$.")
    d.conclude(moment(i))
    d.example(**COIN)


@derivation(
    "multinomial-covariance",
    title="The Hessian of the log-partition is the covariance",
    statement=r"$\nabla^{2} a = \operatorname{Cov}[T]$: the covariance of the sufficient "
    r"statistic.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def covariance(d: Builder) -> None:
    minimal(d)
    d.remark(STATISTIC)
    d.remark(COVARIANCE)
    d.start(moment(i, j) - moment(i) * moment(j))
    d.by(sifting, r"$E[T_{i} T_{j}] - E[T_{i}] E[T_{j}]$: every sum has one term left.")
    d.by(factor_out(phi[i]))
    d.by(cite(partition_hessian, "backwards"))
    d.conclude(Partial(Partial(a, eta[i]), eta[j]))
    d.example(**COIN)


@derivation(
    "multinomial-covariance-matrix",
    title="The covariance as a matrix",
    statement=r"$\operatorname{Cov}[T] = \operatorname{diag}(\boldsymbol{\phi}) - "
    r"\boldsymbol{\phi} \boldsymbol{\phi}^{\top}$ on the first $K - 1$ classes.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def covariance_matrix(d: Builder) -> None:
    minimal(d)
    d.remark(STATISTIC)
    d.remark(COVARIANCE)
    d.start(moment(i, j) - moment(i) * moment(j))
    d.by(sifting)
    d.by(matrix_form(i, j))
    d.conclude(Entry(Diag(Vec(phi)) - Outer(Vec(phi), Vec(phi)), i, j))
    d.example(**COIN)
