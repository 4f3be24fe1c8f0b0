"""The inverse of the sigmoid."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Integer, exp, log
from derive.notation import Domain, Quantity
from derive.rules.algebra import distribute
from derive.rules.equations import multiply_both_sides, solve_for, take_logarithm
from derive.rules.exponentials import log_of_reciprocal
from derive.topics.sigmoid import INPUT, POINT, share, x
from derive.topics.softmax import BISHOP

TOPIC = "sigmoid"


@derivation(
    "logit",
    title="The inverse of the sigmoid, solved for",
    statement="The equation p = σ(x) solved for x gives the logarithm of the odds p / (1 − p).",
    reference=f"{BISHOP}, eq. 4.61",
    sources="B1",
)
def logit(d: Builder) -> None:
    d.quantity(INPUT, Quantity(share, "the value of the sigmoid", Domain.UNIT))
    d.define(share, 1 / (1 + exp(-x)))
    d.start(share, 1 / (1 + exp(-x)))
    d.by(multiply_both_sides(1 + exp(-x)))
    d.by(distribute)
    d.by(solve_for(exp(-x)))
    d.by(take_logarithm)
    d.by(multiply_both_sides(Integer(-1)))
    d.by(log_of_reciprocal)
    d.conclude(x, log(share / (1 - share)))
    d.example(x=POINT)
    d.function("logit", (share,), (), "The inverse of the sigmoid, the log-odds.")
