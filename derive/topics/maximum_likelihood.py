"""Softmax regression as a model: its response, and cross-entropy as its log-likelihood."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Integer, Product, Sum, exp, log
from derive.notation import D, K, W, d, eta, i, j, k, m, n, phi, x
from derive.rules.definitions import expand, fold
from derive.rules.exponentials import log_of_all, log_of_power
from derive.rules.sums import push_in
from derive.topics.softmax import BISHOP
from derive.topics.softmax_regression import NUMBERS, J, P, Y, regression

TOPIC = "softmax regression"
MURPHY = "Murphy, Machine Learning: A Probabilistic Perspective (2012)"


@derivation(
    "softmax-regression-response",
    title="Natural parameters that are linear in the features",
    statement="A generalised linear model with this family: the response is softmax of the inner "
    "products of weights and features.",
    reference=f"{MURPHY}, section 9.3",
    sources="B13",
)
def response(made: Builder) -> None:
    made.define(eta[k], Sum(W[k, d] * x[d], (d, 1, D)))
    made.define(phi[i], exp(eta[i]) / Sum(exp(eta[j]), (j, 1, K)))
    made.start(phi[i])
    made.by(expand(phi), "The response function of the family.")
    made.by(expand(eta), "The natural parameters are linear in the features.")
    made.example(W=NUMBERS["W"], x=("1", "2"))


@derivation(
    "likelihood-and-cross-entropy",
    title="Maximum likelihood is minimum cross-entropy",
    statement="The mean cross-entropy is minus the logarithm of the likelihood, divided by the "
    "number of examples: the one is smallest where the other is largest.",
    reference=f"{BISHOP}, eqs. 4.107 and 4.108",
    sources="C5 B14",
)
def likelihood(made: Builder) -> None:
    regression(made)
    each = Product(P[n, k] ** Y[n, k], (k, 1, K))
    made.remark(
        r"The examples are independent, and $\prod_{k} P_{nk}^{y_{nk}}$ is the probability of the "
        r"target of example $n$: their product is the likelihood."
    )
    made.start(-log(Product(each, (n, 1, m))) / m)
    made.by(log_of_all, "The logarithm of a product is the sum of the logarithms.")
    made.by(log_of_all)
    made.by(log_of_power)
    made.by(push_in(Integer(-1)), "The sign belongs to the loss of each example.")
    made.by(fold(J))
    made.conclude(J)
    made.example(**NUMBERS)
