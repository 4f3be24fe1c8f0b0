"""The multinomial distribution as an exponential family, in the minimal parametrisation: one trial
and N trials, the link and its inverse, and what the log-partition generates."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import Fixed, SumsTo
from derive.kernel.language import Integer, Partial, Product, Sum, delta, exp, factorial, log
from derive.kernel.matrices import Diag, Entry, Outer, Vec
from derive.notation import Domain, K, N, Quantity, a, c, eta, i, j, k, phi, t, u, y
from derive.rules.algebra import distribute, factor_out, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
    quotient_rule,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.equations import exchange, exponentiate, multiply_both_sides
from derive.rules.equations import solve_for, sum_both_sides
from derive.rules.exponentials import log_of_power, log_of_product, one_log, product_as_exp
from derive.rules.matrices import matrix_form
from derive.rules.probability import all_but_last, known_component, last_is_the_rest
from derive.rules.sums import count, insert_delta, one_sum, pull_out, rename, sifting, split_last

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
REST = (k, 1, K - 1)
ALL = (k, 1, K)
E = Sum(exp(eta[k]), REST)
MINIMAL = Quantity(eta, "natural parameters", shape=(K - 1,), latex=r"\eta")
COUNTS = Quantity(y, "counts of the classes", Domain.COUNT, (K,), "y", may_sum_to_one=True)
PHI = {"phi": ("1/2", "1/3", "1/6")}
COIN = {"eta": ("1/2", "-1")}


def link(d: Builder) -> None:
    """η_k := log(φ_k/φ_K) for k < K, and Σ φ = 1."""
    d.quantity(MINIMAL)
    d.range(i, 1, K - 1)
    d.define(eta[k], log(phi[k] / phi[K]))
    d.assume(SumsTo(phi))


def minimal(d: Builder) -> None:
    """K − 1 free η_k, a := log(1 + Σ_{k<K} e^{η_k}), φ_c the probability of class c."""
    d.quantity(MINIMAL)
    d.range(i, 1, K - 1)
    d.range(j, 1, K - 1)
    d.define(a, log(1 + E))
    d.define(phi[c], exp(Sum(eta[k] * delta(k, c), REST) - a))


def moment(*of: object) -> Sum:
    """E of a product of components of T over one trial: Σ_c T_i(c) … φ_c."""
    out = phi[c]
    for index in of:
        out = out * delta(index, c)
    return Sum(out, (c, 1, K))


@derivation(
    "multinomial-exponential-family",
    title="One trial as an exponential family",
    statement="The probability of a one-hot outcome y is b(y) exp(η·T(y) − a) with b(y) = 1, "
    "T(y) the first K − 1 components of y, and the log-odds against class K as η.",
    reference=f"{BISHOP}, eqs. 2.209 to 2.214",
    sources="B10 B11",
)
def one_trial(d: Builder) -> None:
    link(d)
    d.assume(SumsTo(y))
    d.define(a, -log(phi[K]))
    d.start(Product(phi[k] ** y[k], ALL))
    d.by(product_as_exp, "All φₖ are positive.")
    d.by(split_last, "Class K is the reference class.")
    d.by(last_is_the_rest(y), "Exactly one class occurs, so y_K is what the others leave of 1.")
    d.by(fold(a), "−log φ_K does not depend on y: it becomes the log-partition.")
    d.by(distribute)
    d.by(one_sum)
    d.by(factor_out(y[k]))
    d.by(expand(a), at=log(phi[k]) + a)
    d.by(one_log)
    d.by(fold(eta), "These log-odds are the natural parameters: the link.")
    d.conclude(exp(Sum(eta[k] * y[k], REST) - a))
    d.example(**PHI, y=("0", "1", "0"))


@derivation(
    "multinomial-trials",
    title="N trials as an exponential family",
    statement="The counts of N trials have the same natural parameters; the base measure is the "
    "multinomial coefficient b(y) = N!/Π yₖ!, and the log-partition is N times as large.",
    reference=f"{BISHOP}, eq. 2.34",
    sources="X11",
)
def trials(d: Builder) -> None:
    link(d)
    d.quantity(COUNTS)
    d.assume(SumsTo(y, N))
    d.define(a, -N * log(phi[K]))
    b = factorial(N) / Product(factorial(y[k]), ALL)
    d.start(b * Product(phi[k] ** y[k], ALL))
    d.by(product_as_exp, "All φₖ are positive.")
    d.by(split_last)
    d.by(last_is_the_rest(y), "The counts sum to N.")
    d.by(distribute)
    d.by(one_sum)
    d.by(factor_out(y[k]))
    d.by(one_log)
    d.by(fold(eta))
    d.by(fold(a))
    d.conclude(b * exp(Sum(eta[k] * y[k], REST) - a))
    d.example(**PHI, y=("1", "2", "1"), N="4")


@derivation(
    "multinomial-link",
    title="The link",
    statement="The natural parameters are the log-odds of each class against class K.",
    reference=f"{BISHOP}, eq. 2.212",
    sources="B11",
)
def link_function(d: Builder) -> None:
    link(d)
    d.start(eta[i])
    d.by(expand(eta), "Read off the exponential-family form.")
    d.by(log_of_product)
    d.conclude(log(phi[i]) - log(phi[K]))
    d.example(**PHI)
    d.function("natural_parameters", (phi,), (i,), "Natural from mean parameters (the link).")


@derivation(
    "multinomial-reference-class",
    title="The probability of the reference class",
    statement="The link is solved for φ_K: exponentiate, multiply, add up, and use Σ φ = 1.",
    reference=f"{BISHOP}, eq. 2.213",
    sources="B12",
)
def reference_class(d: Builder) -> None:
    link(d)
    d.start(eta[i], log(phi[i] / phi[K]))
    d.by(exponentiate)
    d.by(multiply_both_sides(phi[K]))
    d.by(sum_both_sides(i, Integer(1), K - 1), "The equations for i = 1, …, K − 1 are added up.")
    d.by(pull_out, "φ_K is the same in every term.")
    d.by(all_but_last(phi), "The probabilities sum to 1.")
    d.by(solve_for(phi[K]))
    d.conclude(phi[K], 1 / (1 + Sum(exp(eta[i]), (i, 1, K - 1))))
    d.example(**PHI)


@derivation(
    "multinomial-inverse-link",
    title="The inverse link, solved for",
    statement="The mean parameters in terms of the natural parameters.",
    reference=f"{BISHOP}, eq. 2.213",
    sources="B12",
)
def inverse_link(d: Builder) -> None:
    link(d)
    d.start(eta[i], log(phi[i] / phi[K]))
    d.by(exponentiate)
    d.by(multiply_both_sides(phi[K]))
    d.by(exchange)
    d.by(cite(reference_class), "φ_K has just been solved for.", at="rhs")
    d.by(rename(i, k))
    d.conclude(phi[i], exp(eta[i]) / (1 + E))
    d.example(**PHI)
    d.function("mean_parameters", (eta,), (i,), "Mean from natural parameters (inverse link).")


@derivation(
    "multinomial-log-partition",
    title="The log-partition",
    statement="The log-partition −log φ_K as a function of the natural parameters.",
    reference=f"{BISHOP}, eq. 2.214",
    sources="B11 X11",
)
def log_partition(d: Builder) -> None:
    link(d)
    d.define(a, -log(phi[K]))
    d.start(a)
    d.by(expand(a))
    d.by(cite(reference_class))
    d.by(log_of_power, "log(1/x) = −log x.")
    d.by(rename(i, k))
    d.conclude(log(1 + E))
    d.example(**PHI)
    d.function("log_partition", (eta,), (), "Log-partition of one trial.")


@derivation(
    "multinomial-class-probability",
    title="The class probabilities from the natural parameters",
    statement="The exponential-family form, read as a function of η, gives the same inverse link.",
    reference=f"{BISHOP}, eq. 2.213",
    sources="B12",
)
def class_probability(d: Builder) -> None:
    minimal(d)
    d.start(phi[i])
    d.by(expand(phi), "b(y) exp(η·T − a) at the class i, where T_k = δ_ki.")
    d.by(sifting)
    d.by(expand(a), "The log-partition written out; exp undoes log.")
    d.conclude(exp(eta[i]) / (1 + E))
    d.example(**COIN)


@derivation(
    "multinomial-log-partition-gradient",
    title="The gradient of the log-partition",
    statement="Differentiating the log-partition gives the class probabilities.",
    reference=f"{BISHOP}, eq. 2.226",
    sources="X12",
)
def partition_gradient(d: Builder) -> None:
    minimal(d)
    d.start(Partial(a, eta[i]))
    d.by(expand(a))
    d.by(derivative_of_log)
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(fold(class_probability))
    d.conclude(phi[i])
    d.example(**COIN)
    value = exp(eta[i]) / (1 + E)
    summary = "Gradient of the log-partition of one trial."
    d.function("log_partition_gradient", (eta,), (i,), summary, value=value)


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
    "multinomial-log-partition-hessian",
    title="The Hessian of the log-partition",
    statement="The second derivatives of the log-partition by the natural parameters.",
    reference=f"{BISHOP}, section 2.4.1",
    sources="X12",
)
def partition_hessian(d: Builder) -> None:
    minimal(d)
    d.start(Partial(Partial(a, eta[i]), eta[j]))
    d.by(cite(partition_gradient))
    d.by(cite(class_probability))
    d.by(quotient_rule)
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting)
    d.by(split_fraction)
    d.by(fold(class_probability))
    d.by(factor_out(phi[i]))
    d.conclude(phi[i] * (delta(i, j) - phi[j]))
    d.example(**COIN)
    # φ is written out in η: the function takes natural parameters.
    mean_i, mean_j = (exp(eta[s]) / (1 + E) for s in (i, j))
    value = mean_i * (delta(i, j) - mean_j)
    summary = "Hessian of the log-partition of one trial: the covariance of T."
    d.function("log_partition_hessian", (eta,), (i, j), summary, value=value)


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
    statement="Cov[T] = diag(φ) − φφᵀ on the first K − 1 classes; there it is invertible.",
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


@derivation(
    "multinomial-softmax",
    title="The inverse link is softmax",
    statement="With η_K = 0 for the reference class, softmax of η is the inverse link.",
    reference=f"{BISHOP}, eq. 2.213",
    sources="B12 B13",
)
def is_softmax(d: Builder) -> None:
    d.assume(Fixed(eta[K], Integer(0)))
    d.start(exp(eta[i]) / Sum(exp(eta[k]), ALL))
    d.by(split_last)
    d.by(known_component(eta), "η_K = log(φ_K/φ_K) = 0, and e⁰ = 1.")
    d.conclude(exp(eta[i]) / (1 + E))
    d.example(eta=("1/2", "-1", "0"))
