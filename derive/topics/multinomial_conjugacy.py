"""Link and inverse link undo each other: natural and mean parameters name the same members."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, exp, log
from derive.notation import K, a, eta, i, phi
from derive.rules.algebra import distribute
from derive.rules.definitions import cite, expand
from derive.rules.exponentials import log_of_product
from derive.rules.probability import all_but_last
from derive.rules.ranges import sifting_outside
from derive.rules.sums import pull_out, sifting
from derive.topics.multinomial import BISHOP, PHI, E, link
from derive.topics.multinomial_partition import COIN, minimal, partition_gradient

TOPIC = "multinomial"
WAINWRIGHT = "Wainwright and Jordan, Graphical Models, Exponential Families (2008), section 3.4"


@derivation(
    "multinomial-link-of-gradient",
    title="The link undoes the gradient of the log-partition",
    statement="From $\\eta$ to the mean by the gradient of the log-partition, and back by the "
    "link: every $\\eta_{i}$ comes back.",
    reference=(WAINWRIGHT, f"{BISHOP}, eq. 2.212"),
    sources="X12",
)
def link_of_gradient(d: Builder) -> None:
    minimal(d)
    d.start(log(Partial(a, eta[i]) / phi[K]))
    d.by(cite(partition_gradient), r"$\nabla a = \phi$.")
    d.by(log_of_product)
    d.by(expand(phi), r"$\log \phi_{c} = \sum_{k<K} \eta_{k} \delta_{kc} - a$.")
    d.by(sifting)
    d.by(sifting_outside, "Class $K$ has no natural parameter.")
    d.conclude(eta[i])
    d.example(**COIN)


@derivation(
    "multinomial-gradient-of-link",
    title="The gradient of the log-partition undoes the link",
    statement="From $\\phi$ to the natural parameters by the link, and back by the inverse link: "
    "every $\\phi_{i}$ comes back.",
    reference=(WAINWRIGHT, f"{BISHOP}, eq. 2.213"),
    sources="X12",
)
def gradient_of_link(d: Builder) -> None:
    link(d)
    d.start(exp(eta[i]) / (1 + E))
    d.by(expand(eta), "The link; exp undoes log.")
    d.by(pull_out)
    d.by(all_but_last(phi), "The probabilities sum to 1.")
    d.by(distribute)
    d.conclude(phi[i])
    d.example(**PHI)
