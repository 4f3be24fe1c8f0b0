"""The Hessian of softmax regression by its weights as a sum of Kronecker products, both ways."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum
from derive.kernel.matrices import Diag, Entry, Kron, Outer, Pair, Vec
from derive.notation import W, d, e, i, j, m, n
from derive.rules.algebra import distribute, factor_out
from derive.rules.definitions import cite
from derive.rules.kronecker import kronecker_form
from derive.rules.matrices import matrix_form
from derive.rules.probability import use_total
from derive.topics.linear_hessian import COLUMNS, ROWS
from derive.topics.linear_kronecker import PAIRS
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import NUMBERS, J, P, X, Y, regression
from derive.topics.softmax_regression_hessian import hessian

TOPIC = "softmax regression"
FEATURES = Outer(Vec(X, n), Vec(X, n))
CLASSES = Diag(Vec(P, n)) - Outer(Vec(P, n), Vec(P, n))


@derivation(
    "softmax-regression-hessian-matrix",
    title="The Hessian of softmax regression for normalised targets",
    statement="Every example adds products of its features times an entry of the covariance of "
    "its classes.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="B14 X15",
)
def by_example(made: Builder) -> None:
    regression(made)
    made.assume(SumsTo(Y))
    made.start(Partial(Partial(J, W[j, d]), W[i, e]))
    made.by(cite(hessian))
    made.by(use_total(Y), "The targets of every example sum to 1.")
    made.by(distribute)
    made.by(factor_out(X[n, d] * X[n, e]))
    made.by(matrix_form(j, i))
    made.conclude(Sum(X[n, d] * X[n, e] * Entry(CLASSES, j, i), (n, 1, m)) / m)
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-hessian-columns",
    title="The Hessian for weights flattened column by column",
    statement="The mean over the examples of Kronecker products, the features first.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def columns(made: Builder) -> None:
    regression(made)
    made.assume(SumsTo(Y))
    made.remark(COLUMNS)
    made.remark(PAIRS)
    made.start(Partial(Partial(J, W[j, d]), W[i, e]))
    made.by(cite(by_example))
    made.by(kronecker_form(Pair(d, j), Pair(e, i)))
    made.conclude(Sum(Entry(Kron(FEATURES, CLASSES), Pair(d, j), Pair(e, i)), (n, 1, m)) / m)
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-hessian-rows",
    title="The Hessian for weights flattened row by row",
    statement="The mean over the examples of Kronecker products, the classes first.",
    reference=f"{BISHOP}, eq. 4.110",
    sources="X15",
)
def rows(made: Builder) -> None:
    regression(made)
    made.assume(SumsTo(Y))
    made.remark(ROWS)
    made.start(Partial(Partial(J, W[j, d]), W[i, e]))
    made.by(cite(by_example))
    made.by(kronecker_form(Pair(j, d), Pair(i, e)))
    made.conclude(Sum(Entry(Kron(CLASSES, FEATURES), Pair(j, d), Pair(i, e)), (n, 1, m)) / m)
    made.example(**NUMBERS)
