"""The log-likelihood of counts, in the natural parameters."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Product, Sum, exp, factorial, log
from derive.notation import N, a, eta, k, y
from derive.rules.exponentials import log_of_all, log_of_product
from derive.topics.multinomial import ALL, BISHOP, COUNTS, REST, E
from derive.topics.multinomial_partition import COIN, natural

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
