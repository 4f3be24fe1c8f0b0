"""Mean and covariance in the symmetric parametrisation, where the covariance is singular."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Expr, Integer, Partial, Sum, delta, exp
from derive.notation import K, a, eta, i, j, k, phi
from derive.rules.algebra import factor_out, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    quotient_rule,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.multinomial import ALL, BISHOP
from derive.topics.multinomial_moments import COVARIANCE, STATISTIC, moment
from derive.topics.multinomial_symmetric import (
    ETA,
    symmetric,
    symmetric_probability,
    symmetric_total,
)

TOPIC = "multinomial"


def mean_of(index: Expr) -> Expr:
    """φ written out in η: the functions take natural parameters."""
    return exp(eta[index]) / Sum(exp(eta[k]), ALL)


@derivation(
    "multinomial-symmetric-mean",
    title="Gradient and mean, symmetric",
    statement=r"$\nabla a = E[T]$ for all $K$ classes.",
    reference=f"{BISHOP}, eq. 2.226",
    sources="X12",
)
def symmetric_mean(d: Builder) -> None:
    symmetric(d)
    d.remark(STATISTIC)
    d.remark(r"So $E[T_{i}] = \phi_{i}$.")
    d.start(Partial(a, eta[i]))
    d.by(expand(a))
    d.by(derivative_of_log)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(fold(symmetric_probability))
    d.conclude(phi[i])
    d.example(eta=ETA)
    summary = "Gradient of the symmetric log-partition of one trial."
    d.function("log_partition_gradient_symmetric", (eta,), (i,), summary, mean_of(i))


@derivation(
    "multinomial-symmetric-hessian",
    title="The Hessian of the symmetric log-partition",
    statement="The second derivatives of the log-partition with respect to all $K$ natural "
    "parameters.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def symmetric_hessian(d: Builder) -> None:
    symmetric(d)
    d.start(Partial(Partial(a, eta[i]), eta[j]))
    d.by(cite(symmetric_mean))
    d.by(cite(symmetric_probability))
    d.by(quotient_rule)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(split_fraction)
    d.by(fold(symmetric_probability))
    d.by(factor_out(phi[i]))
    d.conclude(phi[i] * (delta(i, j) - phi[j]))
    d.example(eta=ETA)
    value = mean_of(i) * (delta(i, j) - mean_of(j))
    summary = "Hessian of the symmetric log-partition of one trial: the covariance of T."
    d.function("log_partition_hessian_symmetric", (eta,), (i, j), summary, value)


@derivation(
    "multinomial-symmetric-covariance",
    title="Hessian and covariance, symmetric",
    statement=r"$\nabla^{2} a = \operatorname{Cov}[T]$ for all $K$ classes.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def symmetric_covariance(d: Builder) -> None:
    symmetric(d)
    d.remark(STATISTIC)
    d.remark(COVARIANCE)
    d.start(moment(i, j) - moment(i) * moment(j))
    d.by(sifting)
    d.by(factor_out(phi[i]))
    d.by(cite(symmetric_hessian, "backwards"))
    d.conclude(Partial(Partial(a, eta[i]), eta[j]))
    d.example(eta=ETA)


@derivation(
    "multinomial-symmetric-singular",
    title="The symmetric covariance is singular",
    statement="Every row of the covariance sums to 0: moving all $\\eta_{k}$ together changes "
    "nothing.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def symmetric_singular(d: Builder) -> None:
    symmetric(d)
    d.start(Sum(Partial(Partial(a, eta[i]), eta[j]), (j, 1, K)))
    d.by(cite(symmetric_hessian))
    d.by(pull_out)
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.by(cite(symmetric_total))
    d.conclude(Integer(0))
    d.example(eta=ETA)
