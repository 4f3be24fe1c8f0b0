"""The multinomial distribution as an exponential family: one trial, and N trials."""

from __future__ import annotations

from typing import Any

from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import SumsTo
from derive.kernel.language import Product, Sum, exp, factorial, log
from derive.notation import Domain, K, N, Quantity, a, eta, i, k, phi, y
from derive.rules.algebra import distribute, factor_out
from derive.rules.definitions import expand, fold
from derive.rules.double_sums import one_sum
from derive.rules.exponentials import one_log, product_as_exp
from derive.rules.probability import last_is_the_rest
from derive.rules.sums import split_last

TOPIC = "multinomial"
BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
REST = (k, 1, K - 1)
ALL = (k, 1, K)
E = Sum(exp(eta[k]), REST)
MINIMAL = Quantity(eta, "natural parameters", shape=(K - 1,), latex=r"\eta")
OUTCOME = Quantity(y, "outcome: 1 for the class that occurs, else 0", shape=(K,), latex="y")
COUNTS = Quantity(y, "counts of the classes", Domain.COUNT, (K,), "y", may_sum_to_one=True)
PHI: dict[str, Any] = {"phi": ("1/2", "1/3", "1/6")}


def link(d: Builder) -> None:
    """η_k := log(φ_k/φ_K) for k < K, and Σ φ = 1."""
    d.quantity(MINIMAL)
    d.range(i, 1, K - 1)
    d.define(eta[k], log(phi[k] / phi[K]))
    d.assume(SumsTo(phi))


@derivation(
    "multinomial-exponential-family",
    title="One trial as an exponential family",
    statement=r"The probability of a one-hot outcome $y$ is $b(y) \exp(\eta \cdot T(y) - a)$ with "
    r"$b(y) = 1$, $T(y)$ the first $K - 1$ components of $y$, and the log-odds against class $K$ "
    r"as $\eta$.",
    reference=f"{BISHOP}, eqs. 2.209 to 2.214",
    sources="B10 B11",
)
def one_trial(d: Builder) -> None:
    link(d)
    d.quantity(OUTCOME)
    d.assume(SumsTo(y))
    d.define(a, -log(phi[K]))
    d.start(Product(phi[k] ** y[k], ALL))
    d.by(product_as_exp, r"All $\phi_{k}$ are positive.")
    d.by(split_last, "Class $K$ is the reference class.")
    d.by(last_is_the_rest(y), "Exactly one class occurs, so $y_{K}$ is what the others leave of 1.")
    d.by(fold(a), r"$-\log \phi_{K}$ does not depend on $y$: it becomes the log-partition.")
    d.by(distribute)
    d.by(one_sum)
    d.by(factor_out(y[k]))
    d.by(expand(a), at=log(phi[k]) + a)
    d.by(one_log)
    d.by(fold(eta), "These log-odds are the natural parameters: the link.")
    d.conclude(exp(Sum(eta[k] * y[k], REST) - a))
    d.example(**PHI, y=("0", "1", "0"))


@derivation(
    "multinomial-trials",
    title="N trials as an exponential family",
    statement=r"The counts of $N$ trials have the same natural parameters; the base measure is the "
    r"multinomial coefficient $b(y) = N!/\prod_{k} y_{k}!$, and the log-partition is $N$ times as "
    "large.",
    reference=f"{BISHOP}, eq. 2.34",
    sources="X11",
)
def trials(d: Builder) -> None:
    link(d)
    d.quantity(COUNTS)
    d.assume(SumsTo(y, N))
    d.define(a, -log(phi[K]))
    b = factorial(N) / Product(factorial(y[k]), ALL)
    d.start(b * Product(phi[k] ** y[k], ALL))
    d.by(product_as_exp, r"All $\phi_{k}$ are positive.")
    d.by(split_last)
    d.by(last_is_the_rest(y), "The counts sum to $N$.")
    d.by(fold(a), r"$-\log \phi_{K}$ is the log-partition of one trial.")
    d.by(distribute)
    d.by(one_sum)
    d.by(factor_out(y[k]))
    d.by(expand(a), at=log(phi[k]) + a)
    d.by(one_log)
    d.by(fold(eta))
    d.conclude(b * exp(Sum(eta[k] * y[k], REST) - N * a))
    d.example(**PHI, y=("1", "2", "1"), N="4")
