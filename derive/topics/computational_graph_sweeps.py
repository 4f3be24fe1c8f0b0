"""The computational graph of softmax along its edges: paths forwards, adjoints backwards."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, delta, substitute
from derive.notation import K, Quantity, i, j, k, l, p, scalar, vector, z
from derive.rules.algebra import distribute, factor_out
from derive.rules.calculus import chain_rule, coordinates_are_independent, power_rule, product_rule
from derive.rules.definitions import cite, expand, fold
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.computational_graph import (
    EXP,
    GRIEWANK,
    TOTAL,
    added,
    denominator,
    exponential,
    graph,
    numerator,
)
from derive.topics.softmax import LOGITS

TOPIC = "computational graph"
DP, DU, DZ = vector("dp"), vector("du"), vector("dz")
DS = scalar("ds")
ADJOINTS = (
    Quantity(DP, "adjoints of the probabilities, given", shape=(K,), latex=r"\mathrm{dp}"),
    Quantity(DS, "adjoint of the sum", latex=r"\mathrm{ds}"),
    Quantity(DU, "adjoints of the exponentials", shape=(K,), latex=r"\mathrm{du}"),
    Quantity(DZ, "adjoints of the logits", shape=(K,), latex=r"\mathrm{dz}"),
)


@derivation(
    "graph-forward",
    title="Along the edges of the graph forwards",
    statement="The products of the local derivatives, added up over all paths from $z_{j}$ to "
    "$p_{i}$, are the Jacobian of softmax.",
    reference=f"{GRIEWANK}, section 3.1",
    sources="E4",
)
def forward(d: Builder) -> None:
    graph(d)
    d.start(Partial(p[i], z[j]))
    d.by(expand(p), "The last node is a quotient: paths reach it at two places.")
    d.by(product_rule)
    d.by(power_rule, r"The edges into the quotient are $1/s$ and $-u_{i}/s^{2}$.")
    d.by(chain_rule(EXP), "Every path runs through an exponential.")
    d.by(cite(added), r"The edge from $u_{k}$ to $s$.")
    d.by(cite(exponential), r"The edge from $z_{j}$ to $u_{k}$.")
    d.by(coordinates_are_independent, r"Only $u_{i}$ is the numerator of $p_{i}$.")
    d.by(sifting)
    d.by(fold(p))
    d.by(factor_out(p[i]))
    d.conclude(p[i] * (delta(i, j) - p[j]))
    d.example(z=LOGITS)


@derivation(
    "graph-vector-jacobian",
    title="The vector-Jacobian product over all paths",
    statement="Adjoints of the probabilities times the Jacobian, the sum over all paths.",
    reference=f"{GRIEWANK}, section 3.2",
    sources="E4 X3",
)
def by_jacobian(d: Builder) -> None:
    graph(d)
    d.quantity(ADJOINTS[0])
    d.start(Sum(DP[i] * Partial(p[i], z[j]), (i, 1, K)))
    d.by(cite(forward), "The Jacobian, as the sum over all paths.")
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.by(factor_out(p[j]))
    d.conclude(p[j] * (DP[j] - Sum(DP[i] * p[i], (i, 1, K))))
    d.example(z=LOGITS, dp=("1", "-2", "1/2"))


def sweep(d: Builder) -> None:
    """ds, du and dz: each the adjoints of what a node feeds, times the edges to it."""
    graph(d)
    d.quantity(*ADJOINTS)
    to_denominator = substitute(denominator.made.result, {i: l})
    to_numerator = substitute(numerator.made.result, {i: l, j: k})
    d.define(DS, Sum(DP[l] * to_denominator, (l, 1, K)))
    d.define(DU[k], Sum(DP[l] * to_numerator, (l, 1, K)) + DS * Partial(TOTAL, EXP[k]))
    d.define(DZ[j], Sum(DU[k] * Partial(EXP[k], z[j]), (k, 1, K)))


@derivation(
    "graph-backward",
    title="Along the edges of the graph backwards",
    statement="Adjoints multiplied back along the edges, node by node, give the vector-Jacobian "
    "product: no Jacobian is formed.",
    reference=f"{GRIEWANK}, section 3.2",
    sources="E4",
)
def backward(d: Builder) -> None:
    sweep(d)
    d.start(DZ[j])
    d.by(expand(DZ), "An exponential feeds the adjoint of its own logit.")
    d.by(cite(exponential))
    d.by(sifting)
    d.by(expand(DU), "The exponential is fed by its probability and by the sum.")
    d.by(cite(added), r"The edge from $u_{j}$ to $s$.")
    d.by(sifting)
    d.by(expand(DS), "The sum is fed by all probabilities.")
    d.by(fold(p))
    d.by(pull_out)
    d.by(distribute)
    d.by(fold(p))
    d.by(factor_out(p[j]))
    d.by(cite(by_jacobian, "backwards"))
    d.conclude(Sum(DP[i] * Partial(p[i], z[j]), (i, 1, K)))
    d.example(z=LOGITS, dp=("1", "-2", "1/2"))
