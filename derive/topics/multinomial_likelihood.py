"""The log-likelihood of counts, in the natural and in the mean parameters."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Product, Sum, exp, factorial, log
from derive.notation import N, a, eta, k, phi, y
from derive.rules.exponentials import log_of_all, log_of_power, log_of_product
from derive.topics.multinomial import ALL, BISHOP, COUNTS, PHI, REST, E
from derive.topics.multinomial_partition import COIN, natural
from derive.topics.multinomial_symmetric import ETA, symmetric

TOPIC = "multinomial"


@derivation(
    "multinomial-log-likelihood",
    title="The log-likelihood of N trials",
    statement="The logarithm of the probability of the counts $y$, in the natural parameters.",
    reference=f"{BISHOP}, eqs. 2.34 and 2.214",
    sources="X11",
)
def log_likelihood(d: Builder) -> None:
    natural(d)
    d.quantity(COUNTS)
    d.assume(SumsTo(y, N))
    b = factorial(N) / Product(factorial(y[k]), ALL)
    d.start(log(b * exp(Sum(eta[k] * y[k], REST) - N * a)))
    d.by(log_of_product, "The logarithm of the base measure, and $\\log e^{f} = f$.")
    d.by(log_of_all, "The logarithm of a product is the sum of the logarithms.")
    d.example(**COIN, y=("1", "2", "1"), N="4")
    whole = Sum(y[k], ALL)
    counted = factorial(whole) / Product(factorial(y[k]), ALL)
    value = log(counted * exp(Sum(eta[k] * y[k], REST) - whole * log(1 + E)))
    summary = "Log-probability of counts, from natural parameters."
    d.function("log_pmf_natural", (y, eta), (), summary, value=value)


@derivation(
    "multinomial-log-likelihood-mean",
    title="The log-likelihood in the mean parameters",
    statement="The logarithm of the probability of the counts y, in the probabilities.",
    reference=f"{BISHOP}, eq. 2.34",
    sources="X11",
)
def mean_log_likelihood(d: Builder) -> None:
    d.quantity(COUNTS)
    d.assume(SumsTo(y, N))
    b = factorial(N) / Product(factorial(y[k]), ALL)
    d.start(log(b * Product(phi[k] ** y[k], ALL)))
    d.by(log_of_product)
    d.by(log_of_all)
    d.by(log_of_power)
    d.conclude(log(factorial(N)) + Sum(y[k] * log(phi[k]), ALL) - Sum(log(factorial(y[k])), ALL))
    d.example(**PHI, y=("1", "2", "1"), N="4")
    counted = factorial(Sum(y[k], ALL)) / Product(factorial(y[k]), ALL)
    value = log(counted * Product(phi[k] ** y[k], ALL))
    d.function("log_pmf", (y, phi), (), "Log-probability of counts.", value=value)


@derivation(
    "multinomial-log-likelihood-symmetric",
    title="The log-likelihood, symmetric",
    statement="The logarithm of the probability of the counts $y$, with a natural parameter for "
    "every class.",
    reference=f"{BISHOP}, eq. 2.34",
    sources="X11 X12",
)
def symmetric_log_likelihood(d: Builder) -> None:
    symmetric(d)
    d.quantity(COUNTS)
    d.assume(SumsTo(y, N))
    b = factorial(N) / Product(factorial(y[k]), ALL)
    d.start(log(b * exp(Sum(eta[k] * y[k], ALL) - N * a)))
    d.by(log_of_product, "The logarithm of the base measure, and $\\log e^{f} = f$.")
    d.by(log_of_all, "The logarithm of a product is the sum of the logarithms.")
    d.example(eta=ETA, y=("1", "2", "1"), N="4")
    whole, total = Sum(y[k], ALL), Sum(exp(eta[k]), ALL)
    counted = factorial(whole) / Product(factorial(y[k]), ALL)
    value = log(counted * exp(Sum(eta[k] * y[k], ALL) - whole * log(total)))
    summary = "Log-probability of counts, from symmetric natural parameters."
    d.function("log_pmf_natural_symmetric", (y, eta), (), summary, value=value)
