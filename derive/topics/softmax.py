"""Softmax and its Jacobian, for every number of classes K."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Cases, Eq, Ne, Partial, Sum, delta, exp, log
from derive.kernel.matrices import Diag, Entry, Outer, Vec
from derive.notation import K, ell, i, j, k, p, shift, z
from derive.rules.algebra import distribute, factor_out, split_cases, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_through_sum,
    quotient_rule,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.exponentials import exp_of_sum
from derive.rules.matrices import matrix_form
from derive.rules.sums import cancel_sums, pull_out, sifting, sum_of_terms

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
BOYD = "Boyd and Vandenberghe, Convex Optimization (2004)"
Z = Sum(exp(z[k]), (k, 1, K))
TOPIC = "softmax"
LOGITS = ("-3", "3/2", "27/10")


def softmax(d: Builder) -> None:
    """p_i := e^{z_i} / Σ_k e^{z_k}."""
    d.define(p[i], exp(z[i]) / Z)


def log_sum_exp(d: Builder) -> None:
    """ℓ := log Σ_k e^{z_k}."""
    d.define(ell, log(Z))


@derivation(
    "softmax-positive",
    title="Softmax is positive",
    statement="Every softmax component is positive, whatever the logits are.",
    reference=f"{BISHOP}, eq. 4.104",
    sources="A1 A3 D1 E1",
)
def positive(d: Builder) -> None:
    softmax(d)
    d.start(p[i])
    d.by(expand(p), "An exponential is positive, and so is a sum of exponentials.")
    d.conclude_positive()
    d.example(z=LOGITS)
    d.function("softmax", (z,), (i,), "Softmax over the last axis.")


@derivation(
    "softmax-sums-to-one",
    title="Softmax sums to one",
    statement="The softmax components sum to 1: together with positivity, a distribution.",
    reference=f"{BISHOP}, eq. 4.104",
    sources="A3 B4 E1",
)
def sums_to_one(d: Builder) -> None:
    softmax(d)
    d.start(Sum(p[i], (i, 1, K)))
    d.by(expand(p))
    d.by(pull_out, "The denominator does not depend on $i$.")
    d.by(cancel_sums)
    d.conclude(1)
    d.example(z=LOGITS)


@derivation(
    "softmax-shift-invariance",
    title="Softmax does not change under a shift",
    statement="Adding the same number $s$ to all logits changes nothing, for every $s$.",
    reference="Goodfellow, Bengio and Courville, Deep Learning (2016), sections 4.1 and 6.2.2.3",
    sources="D2",
)
def shift_invariance(d: Builder) -> None:
    softmax(d)
    d.start(exp(z[i] + shift) / Sum(exp(z[k] + shift), (k, 1, K)))
    d.by(exp_of_sum)
    d.by(pull_out, "The factor $e^{s}$ does not depend on $k$; it cancels.")
    d.by(fold(p))
    d.conclude(p[i])
    d.example(z=LOGITS, s="-27/10")


@derivation(
    "softmax-jacobian",
    title="The Jacobian of softmax",
    statement="The derivative of each softmax component with respect to each logit.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="A5 A10 B8 D4",
)
def jacobian(d: Builder) -> None:
    softmax(d)
    d.start(Partial(p[i], z[j]))
    d.by(expand(p), "Softmax written out.")
    d.by(quotient_rule)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting, "Of the sum only the term $k = j$ is left.")
    d.by(split_fraction)
    d.by(fold(p))
    d.by(factor_out(p[i]))
    d.conclude(p[i] * (delta(i, j) - p[j]))
    d.example(z=LOGITS)
    d.function("softmax_jacobian", (z,), (i, j), "Jacobian of softmax.")


@derivation(
    "softmax-jacobian-cases",
    title="The Jacobian of softmax in two cases",
    statement=r"On the diagonal $p_{i} (1 - p_{i})$, off it $-p_{i} p_{j}$: the off-diagonal "
    "entries are not zero.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="A5 A10 A11 D4",
)
def jacobian_cases(d: Builder) -> None:
    softmax(d)
    d.start(Partial(p[i], z[j]))
    d.by(cite(jacobian))
    d.by(split_cases(i, j))
    d.conclude(Cases((p[i] * (1 - p[i]), Eq(i, j)), (-p[i] * p[j], Ne(i, j))))
    d.example(z=LOGITS)


@derivation(
    "softmax-jacobian-matrix",
    title="The Jacobian of softmax as a matrix",
    statement=r"The Jacobian is $\operatorname{diag}(\mathbf{p}) - \mathbf{p} \mathbf{p}^{\top}$, "
    "a symmetric matrix.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X2",
)
def jacobian_matrix(d: Builder) -> None:
    softmax(d)
    d.start(Partial(p[i], z[j]))
    d.by(cite(jacobian))
    d.by(distribute)
    d.by(matrix_form(i, j))
    d.conclude(Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), i, j))
    d.example(z=LOGITS)


@derivation(
    "softmax-jacobian-rows",
    title="The rows of the Jacobian sum to zero",
    statement="Moving all logits together does not move the probabilities: the Jacobian is "
    "singular, with the vector of ones in its null space.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X2",
)
def jacobian_rows(d: Builder) -> None:
    softmax(d)
    d.start(Sum(Partial(p[i], z[j]), (j, 1, K)))
    d.by(cite(jacobian))
    d.by(pull_out, "$p_{i}$ does not depend on $j$.")
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.by(cite(sums_to_one), "The probabilities sum to 1.")
    d.conclude(0)
    d.example(z=LOGITS)
