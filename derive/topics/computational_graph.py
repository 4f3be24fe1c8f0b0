"""Softmax as a computational graph: the local derivative on every edge."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Integer, Partial, Sum, delta, exp
from derive.notation import Domain, K, Quantity, i, j, k, p, scalar, vector, z
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_through_sum,
    linearity,
    power_rule,
)
from derive.rules.definitions import expand, fold
from derive.rules.sums import sifting
from derive.topics.softmax import LOGITS

TOPIC = "computational graph"
GRIEWANK = "Griewank and Walther, Evaluating Derivatives (2008)"
EXP = vector("u", Domain.POSITIVE)
TOTAL = scalar("s", Domain.POSITIVE)
NODES = (
    Quantity(EXP, "exponentials: the first layer of nodes", Domain.POSITIVE, (K,), "u"),
    Quantity(TOTAL, "their sum: one node", Domain.POSITIVE, latex="s"),
)
HELD = (
    r"The node $p_{i}$ has two kinds of inputs, the exponentials and $s$. The derivative along one "
    "edge holds all other inputs of its node: here both are variables of their own."
)


def quotient(d: Builder) -> None:
    """p_i := u_i / s, of inputs that are free."""
    d.quantity(*NODES)
    d.define(p[i], EXP[i] / TOTAL)


def graph(d: Builder) -> None:
    """u_k := e^{z_k}, s := Σ_k u_k, p_i := u_i / s."""
    quotient(d)
    d.define(EXP[k], exp(z[k]))
    d.define(TOTAL, Sum(EXP[k], (k, 1, K)))


@derivation(
    "graph-exponential",
    title="The edge into an exponential",
    statement="The derivative along the edge from a logit to its exponential is the exponential "
    "itself; other logits have no edge to it.",
    reference=f"{GRIEWANK}, section 3.1",
    sources="E4",
)
def exponential(d: Builder) -> None:
    graph(d)
    d.start(Partial(EXP[k], z[j]))
    d.by(expand(EXP), "The node is an exponential.")
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(fold(EXP), "The value of the node is used again.")
    d.conclude(EXP[k] * delta(k, j))
    d.example(z=LOGITS)


@derivation(
    "graph-sum",
    title="The edge into the sum",
    statement="The derivative along every edge from an exponential to the sum is 1.",
    reference=f"{GRIEWANK}, section 3.1",
    sources="E4",
)
def added(d: Builder) -> None:
    graph(d)
    d.start(Partial(TOTAL, EXP[j]))
    d.by(expand(TOTAL), "The node is a sum.")
    d.by(derivative_through_sum)
    d.by(coordinates_are_independent, "The inputs of a node are variables of their own.")
    d.by(sifting)
    d.conclude(Integer(1))
    d.example(z=LOGITS)


@derivation(
    "graph-quotient-numerator",
    title="The edge into a numerator",
    statement="With the sum held, the derivative of a probability by its own exponential is 1/s; "
    "other exponentials have no such edge.",
    reference=f"{GRIEWANK}, section 3.1",
    sources="E4",
)
def numerator(d: Builder) -> None:
    quotient(d)
    d.remark(HELD)
    d.start(Partial(p[i], EXP[j]))
    d.by(expand(p), "The node is a quotient.")
    d.by(linearity, "The denominator is held.")
    d.by(coordinates_are_independent)
    d.conclude(delta(i, j) / TOTAL)
    d.example(u=("1/2", "2", "3"), s="11/2")


@derivation(
    "graph-quotient-denominator",
    title="The edge into a denominator",
    statement="With the exponentials held, the derivative of a probability by the sum is minus the "
    "numerator over the square of the sum.",
    reference=f"{GRIEWANK}, section 3.1",
    sources="E4",
)
def denominator(d: Builder) -> None:
    quotient(d)
    d.remark(HELD)
    d.start(Partial(p[i], TOTAL))
    d.by(expand(p), "The node is a quotient.")
    d.by(linearity, "The numerator is held.")
    d.by(power_rule)
    d.by(coordinates_are_independent)
    d.conclude(-EXP[i] / TOTAL**2)
    d.example(u=("1/2", "2", "3"), s="11/2")
