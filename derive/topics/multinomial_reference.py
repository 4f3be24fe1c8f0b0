"""Change of the reference class, and the divergence between two members of the family."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, exp, log
from derive.notation import K, Quantity, a, c, eta, i, j, k, phi, q, scalar, vector, y
from derive.rules.algebra import distribute, factor_out
from derive.rules.definitions import cite, expand
from derive.rules.double_sums import one_sum
from derive.rules.exponentials import log_of_product, one_log
from derive.rules.probability import use_total
from derive.rules.sums import pull_out, sum_of_terms
from derive.topics.multinomial import ALL, BISHOP, OUTCOME, PHI
from derive.topics.multinomial_symmetric import ETA, symmetric, symmetric_total
from derive.topics.multinomial_symmetric_moments import symmetric_mean

TOPIC = "multinomial"
BANERJEE = "Banerjee et al., Clustering with Bregman divergences, JMLR 6 (2005), section 4"
theta = vector("theta")
a_theta = scalar("a_theta")


def against_last(d: Builder) -> None:
    """η_k := log(φ_k/φ_K) for every class, so that η_K = 0; a := −log φ_K."""
    d.assume(SumsTo(phi))
    d.define(eta[k], log(phi[k] / phi[K]))
    d.define(a, -log(phi[K]))


@derivation(
    "multinomial-change-reference",
    title="Another reference class",
    statement="Against another class $j$ the natural parameters are $\\eta_{i} - \\eta_{j}$.",
    reference=f"cf. {BISHOP}, eq. 2.212",
    sources="X13",
)
def change(d: Builder) -> None:
    against_last(d)
    d.start(eta[i] - eta[j])
    d.by(expand(eta), "Both against the last class.")
    d.by(log_of_product, r"$\log \phi_{K}$ cancels.")
    d.by(one_log)
    d.conclude(log(phi[i] / phi[j]))
    d.example(**PHI)


@derivation(
    "multinomial-change-reference-partition",
    title="The log-partition with another reference class",
    statement="The log-partition $-\\log \\phi_{j}$ of the reference class $j$ is $a - \\eta_{j}$.",
    reference=f"cf. {BISHOP}, eq. 2.214",
    sources="X13",
)
def change_partition(d: Builder) -> None:
    against_last(d)
    d.start(a - eta[j])
    d.by(expand(a))
    d.by(expand(eta))
    d.by(log_of_product, r"$\log \phi_{K}$ cancels.")
    d.conclude(-log(phi[j]))
    d.example(**PHI)


@derivation(
    "multinomial-change-reference-outcome",
    title="The reference class does not change the distribution",
    statement="With $\\eta_{k} - \\eta_{j}$ and $a - \\eta_{j}$ the outcome $y$ has the same "
    "log-probability, for every class $j$.",
    reference=f"cf. {BISHOP}, eqs. 2.209 to 2.214",
    sources="X13",
)
def same_distribution(d: Builder) -> None:
    against_last(d)
    d.quantity(OUTCOME)
    d.assume(SumsTo(y))
    d.start(Sum((eta[k] - eta[j]) * y[k], ALL) - (a - eta[j]))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(use_total(y), r"Exactly one class occurs, so $\eta_{j}$ cancels.")
    d.conclude(Sum(eta[k] * y[k], ALL) - a)
    d.example(**PHI, y=("0", "1", "0"))


def two_members(d: Builder) -> None:
    """φ of the natural parameters η, and q of θ with a_θ := log Σ_k e^{θ_k}."""
    symmetric(d)
    d.quantity(
        Quantity(theta, "natural parameters of the other member", shape=(K,), latex=r"\theta"),
        Quantity(a_theta, "log-partition of the other member", latex=r"a_{\theta}"),
    )
    d.define(a_theta, log(Sum(exp(theta[k]), ALL)))
    d.define(q[c], exp(theta[c] - a_theta))


@derivation(
    "multinomial-bregman",
    title="The divergence of two members is a Bregman divergence",
    statement="The divergence from the member $\\eta$ to the member $\\theta$ is what the "
    "log-partition at $\\theta$ exceeds its tangent at $\\eta$ by.",
    reference=BANERJEE,
    sources="X14 X12",
)
def bregman(d: Builder) -> None:
    two_members(d)
    d.start(Sum(phi[k] * log(phi[k] / q[k]), ALL))
    d.by(log_of_product, "The logarithm of a quotient is a difference.")
    d.by(expand(q), r"$\log q_{k} = \theta_{k} - a_{\theta}$.")
    d.by(expand(phi), r"$\log \phi_{k} = \eta_{k} - a$.", at=log(phi[k]))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(cite(symmetric_total), "The probabilities sum to 1.")
    d.by(one_sum)
    d.by(factor_out(phi[k]))
    d.by(cite(symmetric_mean, "backwards"), r"$\nabla a = \phi$.")
    d.conclude(a_theta - a + Sum((eta[k] - theta[k]) * Partial(a, eta[k]), ALL))
    d.example(eta=ETA, theta=("1", "0", "-1/2"))
