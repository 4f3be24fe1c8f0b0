"""Numbers that are often shown for softmax and its loss."""

from __future__ import annotations

from derive.kernel.language import Sum, exp, log
from derive.kernel.numbers import Builder, numbers
from derive.notation import K, i, k, p, y, z
from derive.topics.softmax import BISHOP, softmax
from derive.topics.softmax import positive as softmax_function

TOPIC = "worked numbers"
SOFTMAX = f"{BISHOP}, eq. 4.104"


@numbers(
    "four-logits",
    title="Softmax of four logits",
    statement="The exponentials of four logits, their sum, and their shares of it.",
    reference=SOFTMAX,
    sources="C1",
)
def four_logits(d: Builder) -> None:
    softmax(d)
    d.values(z=("5", "2", "-1", "3"))
    d.states(exp(z[i]), ("148.4", "7.4", "0.4", "20.1"))
    d.states(Sum(exp(z[k]), (k, 1, K)), "176.3")
    d.states(p[i], ("0.842", "0.042", "0.002", "0.114"))
    d.rests_on(softmax_function)


@numbers(
    "three-logits",
    title="Softmax of three logits",
    statement="Three logits of which the largest takes about two thirds.",
    reference=SOFTMAX,
    sources="E2",
)
def three_logits(d: Builder) -> None:
    softmax(d)
    d.values(z=("2.0", "1.0", "0.1"))
    d.states(p[i], ("0.659", "0.242", "0.099"))
    d.rests_on(softmax_function)


@numbers(
    "rounded-too-early",
    title="Rounding before dividing",
    statement="The exponentials were rounded to two decimals before they were divided: one of "
    "three shares comes out wrong in its last digit.",
    reference=SOFTMAX,
    sources="D3",
)
def rounded_too_early(d: Builder) -> None:
    softmax(d)
    d.values(z=("-3", "1.5", "2.7"))
    d.states(exp(z[i]), ("0.05", "4.48", "14.88"))
    d.misstates(p[i], ("0.0026", "0.2308", "0.7666"))
    d.rests_on(softmax_function)


@numbers(
    "loss-of-one-example",
    title="The loss of one example",
    statement="With a one-hot target the loss is minus the logarithm of one probability.",
    reference=f"{BISHOP}, eq. 4.108",
    sources="C4",
)
def one_example(d: Builder) -> None:
    d.values(p=("0.3", "0.2", "0.1", "0.4"), y=("0", "1", "0", "0"))
    d.states(-Sum(y[k] * log(p[k]), (k, 1, K)), "1.609")


@numbers(
    "shares-of-inputs",
    title="Shares of the inputs themselves",
    statement="Shares of the inputs, not of their exponentials, are no probabilities.",
    reference=SOFTMAX,
    sources="A2",
)
def shares(d: Builder) -> None:
    d.values(z=("-1", "3"))
    d.states(z[i] / Sum(z[k], (k, 1, K)), ("-0.5", "1.5"))
