"""The link of the multinomial family, its inverse solved for, and the log-partition."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import Fixed
from derive.kernel.language import Integer, Sum, exp, log
from derive.notation import K, a, eta, i, k, phi
from derive.rules.definitions import cite, expand
from derive.rules.equations import (
    exchange,
    exponentiate,
    multiply_both_sides,
    solve_for,
    sum_both_sides,
)
from derive.rules.exponentials import log_of_power, log_of_product
from derive.rules.probability import all_but_last, known_component
from derive.rules.sums import pull_out, rename, split_last
from derive.topics.multinomial import ALL, BISHOP, PHI, E, link

TOPIC = "multinomial"


@derivation(
    "multinomial-link",
    title="The link",
    statement="The natural parameters are the log-odds of each class against class $K$.",
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
    statement=r"The link is solved for $\phi_{K}$: exponentiate, multiply, add up, and use "
    r"$\sum_{k} \phi_{k} = 1$.",
    reference=f"{BISHOP}, eq. 2.213",
    sources="B12",
)
def reference_class(d: Builder) -> None:
    link(d)
    d.start(eta[i], log(phi[i] / phi[K]))
    d.by(exponentiate)
    d.by(multiply_both_sides(phi[K]))
    d.by(
        sum_both_sides(i, Integer(1), K - 1),
        r"The equations for $i = 1, \dots, K - 1$ are added up.",
    )
    d.by(pull_out, r"$\phi_{K}$ is the same in every term.")
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
    d.by(cite(reference_class), r"$\phi_{K}$ has just been solved for.", at="rhs")
    d.by(rename(i, k))
    d.conclude(phi[i], exp(eta[i]) / (1 + E))
    d.example(**PHI)
    d.function("mean_parameters", (eta,), (i,), "Mean from natural parameters (inverse link).")


@derivation(
    "multinomial-log-partition",
    title="The log-partition",
    statement=r"The log-partition $-\log \phi_{K}$ as a function of the natural parameters.",
    reference=f"{BISHOP}, eq. 2.214",
    sources="B11 X11",
)
def log_partition(d: Builder) -> None:
    link(d)
    d.define(a, -log(phi[K]))
    d.start(a)
    d.by(expand(a))
    d.by(cite(reference_class))
    d.by(log_of_power, r"$\log(1/x) = -\log x$.")
    d.by(rename(i, k))
    d.conclude(log(1 + E))
    d.example(**PHI)
    d.function("log_partition", (eta,), (), "Log-partition of one trial.")


@derivation(
    "multinomial-softmax",
    title="The inverse link is softmax",
    statement=r"With $\eta_{K} = 0$ for the reference class, softmax of $\eta$ is the inverse "
    r"link.",
    reference=f"{BISHOP}, eq. 2.213",
    sources="B12 B13",
)
def is_softmax(d: Builder) -> None:
    d.assume(Fixed(eta[K], Integer(0)))
    d.start(exp(eta[i]) / Sum(exp(eta[k]), ALL))
    d.by(split_last)
    d.by(known_component(eta), r"$\eta_{K} = \log(\phi_{K}/\phi_{K}) = 0$, and $e^{0} = 1$.")
    d.conclude(exp(eta[i]) / (1 + E))
    d.example(eta=("1/2", "-1", "0"))
