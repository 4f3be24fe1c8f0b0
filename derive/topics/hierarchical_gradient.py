"""Hierarchical softmax: the gradient of a log-probability along the path to its leaf."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, Sum, exp
from derive.kernel.step import Output
from derive.notation import D, N, d, e, ell, k, t, u
from derive.rules.calculus import (
    chain_rule,
    coordinates_are_independent,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import cite, expand
from derive.rules.sums import rename, sifting
from derive.topics.hierarchical_path import (
    AT,
    MIKOLOV,
    by_score,
    hidden,
    path,
    rest,
    score,
    sign,
    v,
)

TOPIC = "hierarchical softmax"


@derivation(
    "hierarchical-softmax-gradient-features",
    title="The gradient of hierarchical softmax in the features",
    statement="The vectors of the nodes on the path, each weighted by what its decision lacks of "
    "certainty.",
    reference=MIKOLOV,
    sources="E5",
)
def by_features(made: Builder) -> None:
    path(made)
    made.start(Partial(ell, hidden[e]))
    made.by(chain_rule(score), "The features act through the scores.")
    made.by(rename(k, t))
    made.by(cite(by_score))
    made.by(expand(score), at=Partial(score[t], hidden[e]))
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.conclude(Sum(v[t, e] * rest(t), (t, 1, N)))
    made.example(**AT)


@derivation(
    "hierarchical-softmax-gradient",
    title="The gradient of hierarchical softmax in the vector of a node",
    statement="The features, weighted by what the decision of the node lacks of certainty: nodes "
    "off the path have gradient 0.",
    reference=MIKOLOV,
    sources="E5",
)
def by_node(made: Builder) -> None:
    path(made)
    made.start(Partial(ell, v[u, e]))
    made.by(chain_rule(score), "A vector acts through the score of its node.")
    made.by(rename(k, t))
    made.by(cite(by_score))
    made.by(expand(score), at=Partial(score[t], v[u, e]))
    made.by(derivative_through_sum)
    made.by(linearity)
    made.by(coordinates_are_independent)
    made.by(sifting)
    made.by(sifting)
    made.conclude(hidden[e] * rest(u))
    made.rest_on(by_features)
    made.example(**AT)
    weight = {s: sign[s] / (1 + exp(sign[s] * Sum(v[s, d] * hidden[d], (d, 1, D)))) for s in (t, u)}
    by_h = Output("dh", Sum(v[t, e] * weight[t], (t, 1, N)), (e,))
    made.function(
        "hierarchical_softmax_gradient",
        (v, hidden, sign),
        (u, e),
        "Gradients of the log-probability of a leaf, by the nodes on its path and the features.",
        hidden[e] * weight[u],
        output="dv",
        also=(by_h,),
    )
