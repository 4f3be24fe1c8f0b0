"""The Hessian of a linear layer under softmax cross-entropy as a Kronecker product, both ways."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial
from derive.kernel.matrices import Diag, Entry, Kron, Outer, Pair, Vec
from derive.notation import L, W, d, e, i, j, p, x, y
from derive.rules.definitions import cite
from derive.rules.kronecker import kronecker_form
from derive.topics.cross_entropy import loss
from derive.topics.linear import NUMBERS, layer
from derive.topics.linear_hessian import COLUMNS, ROWS, hessian
from derive.topics.softmax import BISHOP

TOPIC = "linear layer"
FEATURES = Outer(Vec(x), Vec(x))
CLASSES = Diag(Vec(p)) - Outer(Vec(p), Vec(p))
PAIRS = (
    r"The pair $dj$ numbers the place $(d - 1) K + j$, and the entry of a Kronecker product in row "
    r"$dj$ and column $ei$ is $(A \otimes B)_{dj,ei} = A_{de} B_{ji}$."
)


@derivation(
    "linear-layer-hessian-columns",
    title="The Hessian for weights flattened column by column",
    statement="With the weights of one feature after those of another, the Hessian is the "
    "Kronecker product of the features' matrix and that of the classes.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def columns(made: Builder) -> None:
    loss(made)
    layer(made)
    made.assume(SumsTo(y))
    made.remark(COLUMNS)
    made.remark(PAIRS)
    made.start(Partial(Partial(L, W[j, d]), W[i, e]))
    made.by(cite(hessian))
    made.by(kronecker_form(Pair(d, j), Pair(e, i)))
    made.conclude(Entry(Kron(FEATURES, CLASSES), Pair(d, j), Pair(e, i)))
    made.example(**NUMBERS)


@derivation(
    "linear-layer-hessian-rows",
    title="The Hessian for weights flattened row by row",
    statement="With the weights of one class after those of another, the two factors change "
    "places.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def rows(made: Builder) -> None:
    loss(made)
    layer(made)
    made.assume(SumsTo(y))
    made.remark(ROWS)
    made.start(Partial(Partial(L, W[j, d]), W[i, e]))
    made.by(cite(hessian))
    made.by(kronecker_form(Pair(j, d), Pair(i, e)))
    made.conclude(Entry(Kron(CLASSES, FEATURES), Pair(j, d), Pair(i, e)))
    made.example(**NUMBERS)
