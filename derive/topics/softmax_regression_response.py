"""Softmax regression as a generalised linear model."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Sum, exp
from derive.notation import D, K, W, d, eta, i, j, k, phi, x
from derive.rules.definitions import expand
from derive.topics.softmax_regression import NUMBERS

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
