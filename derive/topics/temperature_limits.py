"""Softmax at low and at high temperature: hardmax, the uniform vector, and ties."""

from __future__ import annotations

from typing import Any

from sympy import oo

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import DifferentIndex, NotLess
from derive.kernel.language import Gt, Indicator, Integer, Sum, Symbol, exp
from derive.notation import Domain, K, Quantity, c, i, index, k, p, shift, tau, vector, z
from derive.rules.definitions import expand
from derive.rules.forms import in_the_form
from derive.rules.limits import tends
from derive.topics.softmax import LOGITS
from derive.topics.temperature import HINTON, warm_softmax

TOPIC = "softmax"
M = index("M")
gap = vector("g", Domain.POSITIVE)
COLD: dict[str, Any] = {"z": LOGITS, "tau": "1/10"}
WINNERS = Quantity(M, "number of classes that share the maximum", Domain.LABEL, latex="M")
BELOW_ZERO = "Each exponent has a negative numerator and tends to −∞"
GAPS = Quantity(gap, "distance of a class from the maximum", Domain.POSITIVE, (K,), "g")
BELOW = Sum(exp((z[k] - z[c]) / tau), (k, 1, K), c)


def _unique_maximum(d: Builder) -> None:
    warm_softmax(d)
    d.assume(NotLess(z[c], z[k], (k,), strict=True, besides=c))


@derivation(
    "temperature-limit-winner",
    title="Low temperature: the largest logit takes all",
    statement="As the temperature falls to 0 the probability of a unique maximum tends to 1.",
    reference=f"{HINTON}, section 2",
    sources="C2",
)
def winner(d: Builder) -> None:
    _unique_maximum(d)
    d.start(p[c])
    d.by(expand(p))
    d.by(in_the_form(1 / (1 + BELOW)), "The largest exponential is divided out.")
    d.by(tends(tau, Integer(0), Integer(1)), f"{BELOW_ZERO}, the sum to 0.")
    d.example(**COLD, c="3")


@derivation(
    "temperature-limit-loser",
    title="Low temperature: the other classes get nothing",
    statement="As the temperature falls to 0 every other probability tends to 0: hardmax.",
    reference=f"{HINTON}, section 2",
    sources="C2",
)
def loser(d: Builder) -> None:
    _unique_maximum(d)
    d.assume(DifferentIndex(i, c))
    d.start(p[i])
    d.by(expand(p))
    d.by(
        in_the_form(exp((z[i] - z[c]) / tau) / (1 + BELOW)),
        "The largest exponential is divided out.",
    )
    d.by(tends(tau, Integer(0), Integer(0)), f"{BELOW_ZERO}, and each exponential to 0.")
    d.example(**COLD, c="3")


def _tied(d: Builder, first: Symbol, lower: object, upper: object) -> None:
    """The first M logits are s, the others s − g_k."""
    d.quantity(WINNERS, GAPS)
    d.define(z[k], shift - gap[k] * Indicator(Gt(k, M)))
    warm_softmax(d)
    d.range(M, 1, K)
    d.range(first, lower, upper)
    d.example(s="2", g=("1", "1", "3/2", "1"), M="2", tau="1/10")
    d.remark("The classes are numbered so that those with the largest logit, $s$, come first.")
    d.start(p[first])
    d.by(expand(p))
    d.by(expand(z))


REST = Sum(exp(-gap[k] / tau), (k, M + 1, K))


@derivation(
    "temperature-limit-tie-winner",
    title="Low temperature with ties: equal shares",
    statement="M classes that share the largest logit get 1/M each as the temperature falls to 0.",
    reference=f"{HINTON}, section 2",
    sources="C2",
)
def tie_winner(d: Builder) -> None:
    _tied(d, i, 1, M)
    d.by(in_the_form(1 / (M + REST)), "The largest exponential is divided out.")
    d.by(tends(tau, Integer(0), 1 / M), f"{BELOW_ZERO}, as $g_k > 0$; the sum tends to 0.")


@derivation(
    "temperature-limit-tie-loser",
    title="Low temperature with ties: the others get nothing",
    statement="The probability of a class below the maximum tends to 0 with the temperature.",
    reference=f"{HINTON}, section 2",
    sources="C2",
)
def tie_loser(d: Builder) -> None:
    _tied(d, i, M + 1, K)
    d.by(in_the_form(exp(-gap[i] / tau) / (M + REST)), "The largest exponential is divided out.")
    d.by(tends(tau, Integer(0), Integer(0)), f"{BELOW_ZERO}, as $g_k > 0$; M is left below.")


@derivation(
    "temperature-limit-high",
    title="High temperature: all classes alike",
    statement="As the temperature grows every probability tends to 1/K.",
    reference=f"{HINTON}, section 2",
    sources="C2 X5",
)
def high(d: Builder) -> None:
    warm_softmax(d)
    d.start(p[i])
    d.by(expand(p))
    d.by(tends(tau, oo, 1 / K), "Each exponent tends to 0, and each exponential to 1.")
    d.example(z=LOGITS, tau="500")
