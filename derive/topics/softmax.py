"""Softmax: positive, of sum 1, and unchanged by a shift of the logits."""

from __future__ import annotations

from derive.kernel.declared import Defining
from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Sum, exp, log
from derive.notation import K, ell, i, k, p, shift, z
from derive.rules.definitions import expand, fold
from derive.rules.exponentials import exp_of_sum
from derive.rules.sums import cancel_sums, pull_out

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
BOYD = "Boyd and Vandenberghe, Convex Optimization (2004)"
Z = Sum(exp(z[k]), (k, 1, K))
TOPIC = "softmax"
LOGITS = ("-3", "3/2", "27/10")


def softmax(d: Defining) -> None:
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
    sources="A1 A3 B4 D1 E1",
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
