"""A derivation outside the package: cross-entropy with a temperature, from definition to NumPy."""

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Partial, Sum, exp, log
from derive.notation import K, L, i, k, p, tau, y, z
from derive.rules.algebra import distribute
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_of_log,
    derivative_through_sum,
    linearity,
)
from derive.rules.definitions import expand, fold
from derive.rules.exponentials import log_of_product
from derive.rules.probability import use_total
from derive.rules.sums import pull_out, sifting, sum_of_terms


@derivation(
    "warm-cross-entropy-gradient",
    title="Cross-entropy at a temperature",
    statement="The gradient of cross-entropy at temperature τ is 1/τ times prediction less target.",
    reference="Hinton, Vinyals and Dean, Distilling the knowledge in a neural network (2015)",
)
def warm_gradient(d: Builder) -> None:
    d.define(p[i], exp(z[i] / tau) / Sum(exp(z[k] / tau), (k, 1, K)))
    d.define(L, -Sum(y[k] * log(p[k]), (k, 1, K)))
    d.assume(SumsTo(y))
    d.start(Partial(L, z[i]))
    d.by(expand(L))
    d.by(expand(p))
    d.by(log_of_product)
    d.by(linearity)
    d.by(derivative_through_sum)
    d.by(linearity, "The targets do not depend on the logits.")
    d.by(linearity)
    d.by(derivative_of_log)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(linearity)
    d.by(coordinates_are_independent)
    d.by(pull_out)
    d.by(sifting)
    d.by(fold(p))
    d.by(distribute)
    d.by(sum_of_terms)
    d.by(pull_out)
    d.by(sifting)
    d.by(use_total(y), "The targets sum to 1.")
    d.conclude(p[i] / tau - y[i] / tau)
    d.example(z=("-3", "3/2", "27/10"), y=("0", "1", "0"), tau="2")
    d.function("warm_gradient", (z, y, tau), (i,), "Gradient of cross-entropy at a temperature.")

