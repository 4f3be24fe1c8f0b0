"""Maximum likelihood is least cross-entropy; and the same gradients with one column an example."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Integer, Partial, Product, Sum, log
from derive.notation import D, Domain, K, Quantity, W, b, d, e, j, k, m, n, vector
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import log_of_all, log_of_power
from derive.rules.probability import use_total
from derive.rules.sums import push_in
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import NUMBERS, J, P, X, Y, regression
from derive.topics.softmax_regression_training import gradient_bias, gradient_normalised

TOPIC = "softmax regression"
A, DZ, C, G = vector("A"), vector("dZ"), vector("C"), vector("G", Domain.UNIT)
COLUMNS = (
    Quantity(A, "features, one column an example", shape=(D, m), latex="A"),
    Quantity(C, "targets, one column an example", shape=(K, m), latex="C"),
    Quantity(G, "predictions, one column an example", Domain.UNIT, (K, m), "G"),
    Quantity(DZ, "predictions less targets", shape=(K, m), latex=r"\mathrm{dZ}"),
)


def columns(made: Builder) -> None:
    """A, C and G: the transposes of X, y and P; dZ := G − C."""
    regression(made)
    made.quantity(*COLUMNS)
    made.define(A[d, n], X[n, d])
    made.define(C[k, n], Y[n, k])
    made.define(G[k, n], P[n, k])
    made.define(DZ[k, n], P[n, k] - Y[n, k])
    made.assume(SumsTo(Y))


@derivation(
    "softmax-regression-likelihood",
    title="Least cross-entropy is maximum likelihood",
    statement="The mean loss is minus the logarithm of the likelihood, over $m$: both are best at "
    "the same weights.",
    reference=f"{BISHOP}, eqs. 4.107 and 4.108",
    sources="C5 C6",
)
def likelihood(made: Builder) -> None:
    regression(made)
    made.remark("The examples are independent: their probabilities are multiplied.")
    made.start(-log(Product(Product(P[n, k] ** Y[n, k], (k, 1, K)), (n, 1, m))) / m)
    made.by(log_of_all, "Over the examples.")
    made.by(log_of_all, "Over the classes.")
    made.by(log_of_power)
    made.by(push_in(Integer(-1)))
    made.by(fold(J), "The mean cross-entropy.")
    made.conclude(J)
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-columns-loss",
    title="The loss with one column per example",
    statement="The mean cross-entropy in the entries of the matrices of predictions and targets.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="C6",
)
def columns_loss(made: Builder) -> None:
    columns(made)
    made.start(J)
    made.by(expand(J), "Definition of the mean loss.")
    made.by(fold(G))
    made.by(fold(C))
    made.conclude(Sum(-Sum(C[k, n] * log(G[k, n]), (k, 1, K)), (n, 1, m)) / m)
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-columns-weights",
    title="The gradient in the weights with one column per example",
    statement=r"With columns for examples it is $\mathrm{dZ}\, A^{\top} / m$, where $\mathrm{dZ}$ "
    "is prediction less target.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="C7",
)
def columns_weights(made: Builder) -> None:
    columns(made)
    made.start(Partial(J, W[j, e]))
    made.by(cite(gradient_normalised), "The targets of every example sum to 1.")
    made.by(fold(DZ), "An entry of the matrix of errors.")
    made.by(fold(A), "An entry of the matrix of features.")
    made.conclude(Sum(DZ[j, n] * A[e, n], (n, 1, m)) / m)
    made.example(**NUMBERS)


@derivation(
    "softmax-regression-columns-bias",
    title="The gradient in the biases with one column per example",
    statement=r"It is the mean of the columns of $\mathrm{dZ}$.",
    reference=f"{BISHOP}, eq. 4.109",
    sources="C7",
)
def columns_bias(made: Builder) -> None:
    columns(made)
    made.start(Partial(J, b[j]))
    made.by(cite(gradient_bias))
    made.by(use_total(Y), "The targets of every example sum to 1.")
    made.by(fold(DZ), "An entry of the matrix of errors.")
    made.conclude(Sum(DZ[j, n], (n, 1, m)) / m)
    made.example(**NUMBERS)
