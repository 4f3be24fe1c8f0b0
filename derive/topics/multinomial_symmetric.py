"""The symmetric parametrisation of the multinomial family: a natural parameter for every class."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Integer, Product, Sum, exp, factorial, log
from derive.notation import K, N, a, c, eta, i, j, k, phi, y
from derive.rules.algebra import distribute
from derive.rules.definitions import cite, expand
from derive.rules.exponentials import product_as_exp
from derive.rules.probability import use_total
from derive.rules.sums import cancel_sums, pull_out, sum_of_terms
from derive.topics.multinomial import ALL, BISHOP, COUNTS, OUTCOME

TOPIC = "multinomial"
ETA = ("1/2", "-1", "1/4")


def symmetric(d: Builder) -> None:
    """K free η_k, a := log Σ_k e^{η_k}, φ_c := e^{η_c − a}."""
    d.define(a, log(Sum(exp(eta[k]), ALL)))
    d.define(phi[c], exp(eta[c] - a))


@derivation(
    "multinomial-symmetric",
    title="The symmetric parametrisation",
    statement=r"With one natural parameter for every class the form is $\exp(\eta \cdot y - a)$ "
    r"with $a = \log \sum_{k} e^{\eta_{k}}$.",
    reference=f"cf. {BISHOP}, section 2.4",
    sources="X12",
)
def symmetric_form(d: Builder) -> None:
    symmetric(d)
    d.quantity(OUTCOME)
    d.assume(SumsTo(y))
    d.start(Product(phi[k] ** y[k], ALL))
    d.by(product_as_exp)
    d.by(expand(phi), r"$\phi_{k} = e^{\eta_{k} - a}$, so $\log \phi_{k} = \eta_{k} - a$.")
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(use_total(y))
    d.conclude(exp(Sum(eta[k] * y[k], ALL) - a))
    d.example(eta=ETA, y=("0", "1", "0"))
    value, summary = log(Sum(exp(eta[k]), ALL)), "Log-partition of one trial, symmetric."
    d.function("log_partition_symmetric", (eta,), (), summary, value)


@derivation(
    "multinomial-symmetric-trials",
    title="N trials in the symmetric parametrisation",
    statement=r"For counts of $N$ trials: $b(y) \exp(\eta \cdot y - N a)$ with the multinomial "
    r"coefficient $b(y)$.",
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
    statement="In the symmetric parametrisation the mean parameters are the softmax of $\\eta$.",
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
    summary = "Mean from symmetric natural parameters (inverse link)."
    d.function("mean_parameters_symmetric", (eta,), (i,), summary)


@derivation(
    "multinomial-symmetric-total",
    title="Symmetric probabilities sum to one",
    statement=r"The softmax of $\eta$ is a distribution.",
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
