"""Hierarchical softmax: the log-probability of a leaf along its path, and the scores of nodes."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Product, Sum, exp, log
from derive.notation import D, Domain, N, Quantity, d, ell, t, u, vector
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite_at, expand, fold
from derive.rules.exponentials import log_of_all, log_of_power
from derive.rules.sums import pull_out, sifting
from derive.topics.sigmoid import rest as left_of_one
from derive.topics.sigmoid import sigma, sigmoid, x

TOPIC = "hierarchical softmax"
MIKOLOV = "Mikolov et al., Distributed representations of words and phrases (NeurIPS 2013), eq. 3"
v, hidden, sign, score = vector("v"), vector("h"), vector("s"), vector("g")
SIGNS = (
    r"The sign $s_{t}$ is 1 where the path turns to one side at its node $t$ and $-1$ where it "
    r"turns to the other: $\sigma(g_{t})$ and $\sigma(-g_{t}) = 1 - \sigma(g_{t})$."
)
AT: dict[str, Any] = {
    "v": (("1", "-1"), ("1/2", "2"), ("0", "1")),
    "h": ("1", "1/2"),
    "s": ("1", "-1", "1"),
}


def path(made: Builder) -> None:
    """g_t := Σ_d v_td h_d and ℓ := −Σ_t log(1 + e^{−s_t g_t}), the log-probability of the leaf."""
    sigmoid(made)
    made.quantity(
        Quantity(N, "number of inner nodes on the path", Domain.LABEL, latex="N"),
        Quantity(v, "vectors of the inner nodes", shape=(N, D), latex="v"),
        Quantity(hidden, "features", shape=(D,), latex="h"),
        Quantity(sign, "signs of the turns", Domain.SIGN, (N,), "s"),
        Quantity(score, "scores of the nodes", shape=(N,), latex="g"),
        Quantity(ell, "log-probability of the leaf", latex=r"\ell"),
    )
    made.define(score[t], Sum(v[t, d] * hidden[d], (d, 1, D)))
    made.define(ell, -Sum(log(1 + exp(-sign[t] * score[t])), (t, 1, N)))
    made.remark(SIGNS)


def rest(index: Any) -> Any:
    """s (1 − σ(s g)) at a node of the path."""
    return sign[index] * (1 - sigma(sign[index] * score[index]))


@derivation(
    "hierarchical-softmax-log-probability",
    title="The log-probability of a leaf",
    statement="The logarithm of the product of the decisions along the path is a sum.",
    reference=MIKOLOV,
    sources="E5",
)
def log_probability(made: Builder) -> None:
    path(made)
    made.start(log(Product(sigma(sign[t] * score[t]), (t, 1, N))))
    made.by(log_of_all, "A leaf is reached if every decision on its path is taken.")
    made.by(expand(sigma))
    made.by(log_of_power, r"$\log(1/a) = -\log a$.")
    made.by(pull_out)
    made.by(fold(ell))
    made.conclude(ell)
    made.example(**AT)
    inner = Sum(v[t, d] * hidden[d], (d, 1, D))
    made.function(
        "hierarchical_softmax_log_probability",
        (v, hidden, sign),
        (),
        "Log-probability of a leaf, from the nodes on its path and the features.",
        -Sum(log(1 + exp(-sign[t] * inner)), (t, 1, N)),
    )


@derivation(
    "hierarchical-softmax-score",
    title="The derivative of a leaf's log-probability in a score",
    statement="Each node of the path contributes what its own decision lacks of certainty, with "
    "the sign of the turn.",
    reference=MIKOLOV,
    sources="E5",
)
def by_score(made: Builder) -> None:
    path(made)
    made.start(Partial(ell, score[u]))
    made.by(expand(ell), "The log-probability written out.")
    made.by(linearity)
    made.by(derivative_through_sum)
    made.by(derivative_of_log)
    made.by(linearity)
    made.by(derivative_of_exp)
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting)
    what = r"This is $1 - \sigma(x)$ at $x = s_{u} g_{u}$."
    made.by(cite_at(left_of_one, x, sign[u] * score[u], "backwards"), what)
    made.conclude(rest(u))
    made.example(**AT)
