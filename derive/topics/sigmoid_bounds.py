"""Bounds and limits of the sigmoid, softplus and tanh."""

from __future__ import annotations

from sympy import oo

from derive.kernel.bounds import log_gap
from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Integer, Partial, Rational, exp
from derive.rules.bounds import bound_log_below
from derive.rules.definitions import cite, expand
from derive.rules.forms import in_the_form
from derive.rules.limits import tends
from derive.topics.sigmoid import GOODFELLOW, POINT, sigma, sigmoid, slope, x
from derive.topics.softplus import softplus, zeta

TOPIC = "sigmoid"
FAR = "12"


@derivation(
    "sigmoid-slope-positive",
    title="The sigmoid grows",
    statement="The derivative of the sigmoid is positive everywhere.",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="B2",
)
def slope_positive(d: Builder) -> None:
    sigmoid(d)
    d.start(Partial(sigma(x), x))
    d.by(cite(slope))
    d.by(expand(sigma))
    d.by(in_the_form(exp(-x) / (1 + exp(-x)) ** 2))
    d.conclude_positive()
    d.example(x=POINT)


@derivation(
    "sigmoid-slope-bound",
    title="The slope of the sigmoid is at most a quarter",
    statement="The derivative of the sigmoid is at most 1/4, which it reaches where σ(x) = 1/2.",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="A9 B2",
)
def slope_bound(d: Builder) -> None:
    sigmoid(d)
    d.start(Rational(1, 4) - Partial(sigma(x), x))
    d.by(cite(slope))
    d.conclude_sign("≥", (sigma(x) - Rational(1, 2)) ** 2)
    d.example(x=POINT)


@derivation(
    "softplus-positive",
    title="Softplus is positive",
    statement="Softplus is positive: its range lies in (0, ∞).",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="B3",
)
def softplus_positive(d: Builder) -> None:
    softplus(d)
    d.start(zeta(x))
    d.by(expand(zeta), "Definition of softplus.")
    d.by(bound_log_below)
    d.conclude_sign(">", exp(x) / (1 + exp(x)))
    d.example(x=POINT)


@derivation(
    "softplus-above",
    title="Softplus lies above the identity",
    statement="Softplus is larger than its input: it lies above both 0 and x.",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="B3",
)
def softplus_above(d: Builder) -> None:
    softplus(d)
    d.start(zeta(x) - x)
    d.by(expand(zeta), "Definition of softplus.")
    rest = 1 / (1 + exp(-x))
    d.conclude_sign(">", log_gap(rest) + exp(-x) / (1 + exp(-x)))
    d.example(x=POINT)


def _limit(d: Builder, start: object, to: object, value: int, at: str) -> None:
    d.start(start)
    d.by(expand(sigma))
    d.by(tends(x, to, Integer(value)))
    d.example(x=at)


@derivation(
    "sigmoid-upper-limit",
    title="The sigmoid tends to one",
    statement="For large inputs the sigmoid tends to 1, which it never reaches.",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="B1",
)
def upper_limit(d: Builder) -> None:
    sigmoid(d)
    _limit(d, sigma(x), oo, 1, FAR)


@derivation(
    "sigmoid-lower-limit",
    title="The sigmoid tends to zero",
    statement="For large negative inputs the sigmoid tends to 0, which it never reaches.",
    reference=f"{GOODFELLOW}, section 3.10",
    sources="B1",
)
def lower_limit(d: Builder) -> None:
    sigmoid(d)
    _limit(d, sigma(x), -oo, 0, f"-{FAR}")


@derivation(
    "sigmoid-slope-limit",
    title="A saturated sigmoid has no slope",
    statement="The derivative of the sigmoid tends to 0 for large inputs.",
    reference=f"{GOODFELLOW}, section 6.2.2.2",
    sources="A9",
)
def slope_limit(d: Builder) -> None:
    sigmoid(d)
    d.start(Partial(sigma(x), x))
    d.by(cite(slope))
    d.by(tends(x, oo, Integer(0)))
    d.example(x=FAR)
