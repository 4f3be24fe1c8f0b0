"""The multinomial family seen from another reference class; two members compared."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Sum, exp, log
from derive.notation import Domain, K, Quantity, a, c, eta, i, k, l, phi, scalar, vector
from derive.rules.algebra import distribute, factor_out
from derive.rules.definitions import cite, expand
from derive.rules.double_sums import one_sum
from derive.rules.exponentials import log_of_product, one_log
from derive.rules.sums import pull_out, sum_of_terms
from derive.topics.divergence import KL, divergence
from derive.topics.multinomial import ALL, BISHOP
from derive.topics.multinomial_symmetric import ETA, symmetric, symmetric_total

TOPIC = "multinomial"
theta, psi = vector("theta"), vector("psi", Domain.UNIT)
other = scalar("A")
AMARI = "Amari, Information Geometry and Its Applications (2016), section 2.7"


@derivation(
    "multinomial-other-reference",
    title="Another reference class",
    statement="The log-odds against class $l$ are those against class $K$, less that of $l$.",
    reference=f"{BISHOP}, eq. 2.212",
    sources="X13",
)
def other_reference(d: Builder) -> None:
    d.define(eta[k], log(phi[k] / phi[K]))
    d.start(eta[i] - eta[l])
    d.by(expand(eta))
    d.by(log_of_product, r"$\log \phi_{K}$ cancels.")
    d.by(one_log)
    d.conclude(log(phi[i] / phi[l]))
    d.example(phi=("1/2", "1/3", "1/6"))


@derivation(
    "multinomial-bregman",
    title="The divergence of two members of the family",
    statement=r"The divergence between the members with $\eta$ and $\theta$ is what the "
    r"log-partition at $\theta$ has above its tangent at $\eta$: a Bregman divergence.",
    reference=AMARI,
    sources="X14",
)
def bregman(d: Builder) -> None:
    symmetric(d)
    d.quantity(
        KL,
        Quantity(theta, "natural parameters of the other member", shape=(K,), latex=r"\theta"),
        Quantity(psi, "its mean parameters", Domain.UNIT, (K,), r"\psi"),
        Quantity(other, "its log-partition", latex="A"),
    )
    d.define(other, log(Sum(exp(theta[k]), ALL)))
    d.define(psi[c], exp(theta[c] - other))
    d.define(divergence, Sum(phi[k] * log(phi[k] / psi[k]), ALL))
    d.start(divergence)
    d.by(expand(divergence))
    d.by(log_of_product)
    d.by(expand(phi), at=log(phi[k]))
    d.by(expand(psi))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(cite(symmetric_total), "The probabilities sum to 1.")
    d.by(one_sum)
    d.by(factor_out(phi[k]), r"$\phi_{k}$ is the derivative of the log-partition at $\eta$.")
    d.conclude(other - a + Sum((eta[k] - theta[k]) * phi[k], ALL))
    d.example(eta=ETA, theta=("0", "1", "-1/2"))
