"""The learning slowdown: what is left of the gradient where the output is confidently wrong."""

from __future__ import annotations

from sympy import oo

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import DifferentIndex
from derive.kernel.language import Expr, Integer, Partial, Sum, Symbol, delta, exp
from derive.notation import Domain, K, L, Quantity, c, i, k, l, p, y, z
from derive.rules.definitions import cite
from derive.rules.forms import in_the_form
from derive.rules.limits import tends
from derive.topics.binary_cross_entropy import binary
from derive.topics.binary_cross_entropy import gradient as binary_gradient
from derive.topics.binary_cross_entropy import target as binary_target
from derive.topics.cross_entropy_labels import gradient_label, labelled
from derive.topics.quadratic import NIELSEN, C, err, errors_of_softmax, through_softmax
from derive.topics.quadratic_sigmoid import cost_of_number, of_number
from derive.topics.sigmoid import x

TOPIC = "learning slowdown"
# The share of the winning class, with its exponential divided out.
WON = 1 / (1 + Sum(exp(z[k] - z[l]), (k, 1, K), l))
WINNER = Quantity(l, "the class that wins", Domain.LABEL, latex="l")
FAR = ("1", "-2", "14")
WRONG = f"{NIELSEN}, chapter 3"


@derivation(
    "slowdown-sigmoid-quadratic",
    title="The quadratic cost of a saturated sigmoid stops learning",
    statement="However wrong the output is, the gradient tends to 0 as the input falls.",
    reference=WRONG,
    sources="A9",
)
def sigmoid_quadratic(d: Builder) -> None:
    cost_of_number(d)
    d.start(Partial(C, x))
    d.by(cite(of_number), "The error times the slope of the sigmoid.")
    d.by(tends(x, -oo, Integer(0)), "The slope tends to 0, and takes the error with it.")
    d.example(x="-12", y="1")


@derivation(
    "slowdown-sigmoid-cross-entropy",
    title="Cross-entropy of a saturated sigmoid goes on learning",
    statement="As the input falls the gradient tends to −y: to −1 for a target of 1.",
    reference=WRONG,
    sources="A9",
)
def sigmoid_cross_entropy(d: Builder) -> None:
    binary(d)
    d.start(Partial(L, x))
    d.by(cite(binary_gradient), "Prediction less target, without the slope.")
    d.by(tends(x, -oo, -binary_target))
    d.example(x="-12", y="1")


def _wrong_winner(d: Builder, at: Symbol) -> None:
    labelled(d)
    d.quantity(WINNER)
    d.assume(DifferentIndex(c, l))
    d.example(z=FAR, c="1", l="3")
    d.start(Partial(L, z[at]))
    d.by(cite(gradient_label), "Prediction less one-hot target.")


@derivation(
    "slowdown-softmax-target",
    title="Softmax cross-entropy keeps pulling the target up",
    statement="As a wrong logit grows alone, the gradient in the labelled one tends to −1.",
    reference=WRONG,
    sources="A9",
)
def softmax_target(d: Builder) -> None:
    _wrong_winner(d, c)
    d.by(tends(z[l], oo, Integer(-1)), "The probability of the label tends to 0.")


@derivation(
    "slowdown-softmax-winner",
    title="Softmax cross-entropy keeps pushing the wrong winner down",
    statement="As a wrong logit grows alone, the gradient in it tends to 1.",
    reference=WRONG,
    sources="A9",
)
def softmax_winner(d: Builder) -> None:
    _wrong_winner(d, l)
    d.by(in_the_form(WON - delta(c, l)), "Its own exponential is divided out.")
    d.by(tends(z[l], oo, Integer(1)), "The probability of the winner tends to 1.")


def _quadratic(d: Builder, at: Symbol, share: Expr, why: str) -> None:
    errors_of_softmax(d)
    d.quantity(WINNER)
    d.example(z=FAR, y=("1", "0", "0"), l="3")
    error = err[at] if at != l else WON - y[l]
    mean = WON * (WON - y[l]) + Sum(p[k] * err[k], (k, 1, K), l)
    d.start(Partial(C, z[at]))
    d.by(cite(through_softmax))
    d.by(in_the_form(share * (error - mean)), "The winner is written apart from the others.")
    d.by(tends(z[l], oo, Integer(0)), why)


@derivation(
    "slowdown-softmax-quadratic",
    title="The quadratic cost through softmax stops learning",
    statement="As one logit grows alone, the gradient in every other tends to 0, right or wrong.",
    reference=WRONG,
    sources="A9",
)
def softmax_quadratic(d: Builder) -> None:
    d.assume(DifferentIndex(i, l))
    _quadratic(d, i, p[i], "The factor $p_i$ tends to 0, the bracket to a finite number.")


@derivation(
    "slowdown-softmax-quadratic-winner",
    title="The quadratic cost through softmax leaves the winner alone",
    statement="As one logit grows alone, the gradient in it tends to 0, right or wrong.",
    reference=WRONG,
    sources="A9",
)
def softmax_quadratic_winner(d: Builder) -> None:
    _quadratic(d, l, WON, "The mean of the errors tends to the error of the winner.")
