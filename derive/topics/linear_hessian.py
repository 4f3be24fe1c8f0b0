"""The Hessian of a linear layer under softmax cross-entropy, and how it is flattened."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial
from derive.kernel.matrices import Diag, Entry, Outer, Vec
from derive.notation import L, W, d, e, i, j, p, x, y, z
from derive.rules.calculus import chain_rule, linearity
from derive.rules.definitions import cite
from derive.rules.sums import pull_out, sifting
from derive.topics.cross_entropy import loss
from derive.topics.linear import NUMBERS, by_weights, layer
from derive.topics.linear_training import gradient_weights
from derive.topics.softmax import BISHOP
from derive.topics.softmax_jacobian import jacobian_matrix

TOPIC = "linear layer"
COLUMNS = (
    "Column by column, the weight of class $j$ and feature $d$ is component $(d - 1) K + j$ of one "
    r"long vector. In this order the Hessian is the Kronecker product of $\mathbf{x} "
    r"\mathbf{x}^{\top}$, with the features $d$ and $e$, and $\operatorname{diag}(\mathbf{p}) - "
    r"\mathbf{p} \mathbf{p}^{\top}$, with the classes $j$ and $i$."
)
ROWS = (
    "Row by row, it is component $(j - 1) D + d$, and the two factors of the Kronecker product "
    "change places. Over several examples such products are added up."
)


@derivation(
    "linear-layer-hessian",
    title="The Hessian in the weights, and its two flattenings",
    statement="For targets that sum to 1, features and classes separate: every entry is a product "
    "of two features and an entry of a matrix of the classes.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def hessian(made: Builder) -> None:
    loss(made)
    layer(made)
    made.assume(SumsTo(y))
    made.remark(COLUMNS)
    made.remark(ROWS)
    made.start(Partial(Partial(L, W[j, d]), W[i, e]))
    made.by(cite(gradient_weights))
    made.by(linearity, "Features and targets do not depend on the weights.")
    made.by(linearity)
    made.by(chain_rule(z), "The probabilities depend on the weight through the logits.")
    made.by(cite(jacobian_matrix))
    made.by(cite(by_weights))
    made.by(pull_out)
    made.by(sifting, "A weight moves only the logit of its own class.")
    made.conclude(x[d] * x[e] * Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), j, i))
    made.example(**NUMBERS)
