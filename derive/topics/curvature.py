"""The Hessian of log-sum-exp is positive semidefinite, flat along 1 alone; convexity."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import DifferentIndex, NotLess
from derive.kernel.language import Expr, IndexedBase, Integer, Partial, Rational, Sum, exp, log
from derive.notation import K, Quantity, c, ell, i, k, l, p, vector, z
from derive.rules.bounds import bound_log
from derive.rules.definitions import cite
from derive.rules.forms import in_the_form
from derive.topics.log_softmax import log_sum_exp_hessian
from derive.topics.softmax import BOYD, LOGITS, log_sum_exp, softmax

TOPIC = "softmax"
v, w = vector("v"), vector("w")
DIRECTION = Quantity(v, "a direction", shape=(K,), latex="v")
ALONG: dict[str, Any] = {"z": LOGITS, "v": ("1", "-2", "1/2")}
PAIRS = p[k] * p[l] * (v[k] - v[l]) ** 2
SPREAD = Rational(1, 2) * Sum(PAIRS, (k, 1, K), (l, 1, K))


def _quadratic_form(d: Builder) -> None:
    """vᵀ∇²ℓ v = Σ_k p_k v_k² − (Σ_k p_k v_k)²."""
    softmax(d)
    log_sum_exp(d)
    d.quantity(DIRECTION)
    d.start(Sum(v[k] * Partial(Partial(ell, z[k]), z[l]) * v[l], (k, 1, K), (l, 1, K)))
    d.by(cite(log_sum_exp_hessian), "The Hessian of log-sum-exp.")
    d.by(in_the_form(_variance()), "The delta leaves the sum of squares.")


def _variance() -> Expr:
    mean = Sum(p[k] * v[k], (k, 1, K))
    return Sum(p[k] * v[k] ** 2, (k, 1, K)) - mean**2


@derivation(
    "log-sum-exp-semidefinite",
    title="The Hessian of log-sum-exp is positive semidefinite",
    statement="The quadratic form is the variance of v under p: never negative.",
    reference=f"{BOYD}, section 3.1.5",
    sources="X2",
)
def semidefinite(d: Builder) -> None:
    _quadratic_form(d)
    d.conclude_sign("≥", SPREAD)
    d.example(**ALONG)


@derivation(
    "log-sum-exp-definite",
    title="The Hessian of log-sum-exp is flat along 1 alone",
    statement="The quadratic form is positive unless all components of v are equal: rank K − 1.",
    reference=f"{BOYD}, section 3.1.5",
    sources="X2",
)
def definite(d: Builder) -> None:
    _quadratic_form(d)
    d.assume(DifferentIndex(c, i), NotLess(v[c], v[i], strict=True))
    d.remark(
        "With the zero row sums of the Hessian this says that its null space is spanned by "
        r"$(1, \dots, 1)$: a direction that is not constant has two components $v_c > v_i$."
    )
    d.conclude_sign(">", _two_apart())
    d.example(**ALONG)


def _two_apart() -> Expr:
    """The variance with the pairs (c, i) and (i, c) written apart from the others."""
    rest = Sum(Sum(PAIRS, (l, 1, K)), (k, 1, K), c, i)
    from_c = Sum(p[c] * p[l] * (v[c] - v[l]) ** 2, (l, 1, K), i)
    from_i = Sum(p[i] * p[l] * (v[i] - v[l]) ** 2, (l, 1, K), c)
    return p[c] * p[i] * (v[c] - v[i]) ** 2 + Rational(1, 2) * (rest + from_c + from_i)


def _total(base: IndexedBase) -> Expr:
    return Sum(exp(base[k]), (k, 1, K))


@derivation(
    "log-sum-exp-convex",
    title="Log-sum-exp is convex",
    statement="Log-sum-exp lies above each of its tangents, which is convexity.",
    reference=f"{BOYD}, section 3.1.3, eq. 3.2",
    sources="X2 X14",
)
def convex(d: Builder) -> None:
    softmax(d)
    d.quantity(Quantity(w, "other logits", shape=(K,), latex="w"))
    rise = Sum(p[k] * (w[k] - z[k]), (k, 1, K))
    d.start(log(_total(w)) - log(_total(z)) - rise)
    d.remark("What is bounded is the divergence between the softmax of $z$ and that of $w$.")
    share = exp(w[k]) / _total(w) / p[k]
    d.by(in_the_form(-Sum(p[k] * log(share), (k, 1, K))), "The divergence, as logarithms.")
    d.by(bound_log)
    d.by(in_the_form(Integer(0)), "Both sets of probabilities sum to 1.")
    d.conclude(0)
    d.example(z=LOGITS, w=("1", "0", "2"))

