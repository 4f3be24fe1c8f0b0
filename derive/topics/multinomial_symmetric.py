"""The symmetric parametrisation of the multinomial family: one natural parameter for every class."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Integer, Partial, Product, Sum, delta, exp, factorial, log
from derive.notation import K, N, a, c, eta, i, j, k, phi, y
from derive.rules.algebra import distribute, factor_out, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    quotient_rule,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import product_as_exp
from derive.rules.probability import use_total
from derive.rules.sums import cancel_sums, pull_out, sifting, sum_of_terms
from derive.topics.multinomial import ALL, BISHOP, COUNTS, moment

ETA = ("1/2", "-1", "1/4")


def symmetric(d: Builder) -> None:
    """K free η_k, a := log Σ_k e^{η_k}, φ_c := e^{η_c − a}."""
    d.define(a, log(Sum(exp(eta[k]), ALL)))
    d.define(phi[c], exp(eta[c] - a))


@derivation(
    "multinomial-symmetric",
    title="The symmetric parametrisation",
    statement="With one natural parameter for every class the form is exp(η·y − a(η)) with "
    "a(η) = log Σ e^η; η is then fixed only up to a constant.",
    reference=f"{BISHOP}, eq. 2.209",
    sources="X12",
)
def symmetric_form(d: Builder) -> None:
    symmetric(d)
    d.assume(SumsTo(y))
    d.start(Product(phi[k] ** y[k], ALL))
    d.by(product_as_exp)
    d.by(expand(phi), "φₖ = exp(ηₖ − a), so log φₖ = ηₖ − a.")
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(use_total(y))
    d.conclude(exp(Sum(eta[k] * y[k], ALL) - a))
    d.example(eta=ETA, y=("0", "1", "0"))


@derivation(
    "multinomial-symmetric-trials",
    title="N trials in the symmetric parametrisation",
    statement="For counts of N trials: b(y) exp(η·y − N a(η)) with the multinomial coefficient.",
    reference=f"{BISHOP}, eq. 2.34",
    sources="X11",
)
def symmetric_trials(d: Builder) -> None:
    symmetric(d)
    d.quantity(COUNTS)
    d.assume(SumsTo(y, N))
    b = factorial(N) / Product(factorial(y[k]), ALL)
    d.start(b * Product(phi[k] ** y[k], ALL))
    d.by(product_as_exp)
    d.by(expand(phi))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(use_total(y))
    d.conclude(b * exp(Sum(eta[k] * y[k], ALL) - N * a))
    d.example(eta=ETA, y=("1", "2", "1"), N="4")


@derivation(
    "multinomial-symmetric-probability",
    title="Symmetric class probabilities",
    statement="In the symmetric parametrisation the mean parameters are the softmax of η.",
    reference=f"{BISHOP}, eq. 4.104",
    sources="X12",
)
def symmetric_probability(d: Builder) -> None:
    symmetric(d)
    d.start(phi[i])
    d.by(expand(phi))
    d.by(expand(a), "The log-partition written out; exp undoes log.")
    d.conclude(exp(eta[i]) / Sum(exp(eta[k]), ALL))
    d.example(eta=ETA)


@derivation(
    "multinomial-symmetric-mean",
    title="Gradient and mean, symmetric",
    statement="∇a = E[T] for all K classes.",
    reference=f"{BISHOP}, eq. 2.226",
    sources="X12",
)
def symmetric_mean(d: Builder) -> None:
    symmetric(d)
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


@derivation(
    "multinomial-symmetric-hessian",
    title="The Hessian of the symmetric log-partition",
    statement="The second derivatives of the log-partition by all K natural parameters.",
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


@derivation(
    "multinomial-symmetric-covariance",
    title="Hessian and covariance, symmetric",
    statement="∇²a = Cov[T] for all K classes.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def symmetric_covariance(d: Builder) -> None:
    symmetric(d)
    d.start(moment(i, j) - moment(i) * moment(j))
    d.by(sifting)
    d.by(factor_out(phi[i]))
    d.by(cite(symmetric_hessian, "backwards"))
    d.conclude(Partial(Partial(a, eta[i]), eta[j]))
    d.example(eta=ETA)


@derivation(
    "multinomial-symmetric-total",
    title="Symmetric probabilities sum to one",
    statement="The softmax of η is a distribution.",
    reference=f"{BISHOP}, eq. 4.104",
    sources="X12",
)
def symmetric_total(d: Builder) -> None:
    symmetric(d)
    d.start(Sum(phi[j], (j, 1, K)))
    d.by(cite(symmetric_probability))
    d.by(pull_out)
    d.by(cancel_sums)
    d.conclude(Integer(1))
    d.example(eta=ETA)


@derivation(
    "multinomial-symmetric-singular",
    title="The symmetric covariance is singular",
    statement="Every row of the covariance sums to 0: moving all η together changes nothing.",
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
