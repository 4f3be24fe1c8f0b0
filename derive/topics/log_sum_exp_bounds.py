"""Log-sum-exp as a soft maximum: between the maximum and log K above it."""

from __future__ import annotations

from derive.kernel.bounds import log_gap
from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import NotLess
from derive.kernel.language import Sum, exp, log
from derive.notation import K, c, ell, k, z
from derive.rules.bounds import bound_log, bound_log_below
from derive.rules.definitions import expand
from derive.rules.forms import in_the_form
from derive.topics.softmax import BOYD, LOGITS, log_sum_exp

TOPIC = "softmax"
TOTAL = Sum(exp(z[k] - z[c]), (k, 1, K))
OTHERS = Sum(exp(z[k] - z[c]), (k, 1, K), c)


def largest(d: Builder) -> None:
    """z_c ≥ z_k for every k."""
    log_sum_exp(d)
    d.assume(NotLess(z[c], z[k], (k,)))
    d.remark("The class $c$ is one of those with the largest logit.")


@derivation(
    "log-sum-exp-above-maximum",
    title="Log-sum-exp is not below the maximum",
    statement="Log-sum-exp is at least the largest logit.",
    reference=f"{BOYD}, section 3.1.5",
    sources="X2",
)
def above(d: Builder) -> None:
    log_sum_exp(d)
    d.remark("This holds for every class $c$, so also for one with the largest logit.")
    d.start(ell - z[c])
    d.by(expand(ell))
    d.by(in_the_form(log(TOTAL)), "The largest exponential is taken out of the sum.")
    d.by(bound_log_below)
    d.conclude_sign("≥", OTHERS / TOTAL)
    d.example(z=LOGITS)


@derivation(
    "log-sum-exp-below-bound",
    title="Log-sum-exp is at most log K above the maximum",
    statement="Log-sum-exp exceeds the largest logit by log K at most.",
    reference=f"{BOYD}, section 3.1.5",
    sources="X2",
)
def below(d: Builder) -> None:
    largest(d)
    d.start(z[c] + log(K) - ell)
    d.by(expand(ell))
    d.by(in_the_form(-log(TOTAL / K)), "The maximum and log K go into the logarithm.")
    d.by(bound_log)
    each = exp(z[k] - z[c]) * (log_gap(exp(z[c] - z[k])) + z[c] - z[k])
    d.conclude_sign("≥", Sum(each, (k, 1, K)) / K)
    d.example(z=LOGITS)
