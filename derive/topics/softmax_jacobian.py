"""The Jacobian of softmax: by components, in two cases, as a matrix."""

from __future__ import annotations

from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Cases, Eq, Ne, Partial, Sum, delta
from derive.kernel.matrices import Diag, Entry, Outer, Vec
from derive.notation import K, i, j, p, z
from derive.rules.algebra import distribute, factor_out, split_cases, split_fraction
from derive.rules.calculus import (
    coordinates_are_independent,
    derivative_of_exp,
    derivative_through_sum,
    quotient_rule,
)
from derive.rules.definitions import cite, expand, fold
from derive.rules.matrices import matrix_form
from derive.rules.sums import pull_out, sifting, sum_of_terms
from derive.topics.softmax import BISHOP, LOGITS, softmax, sums_to_one

TOPIC = "softmax"


@derivation(
    "softmax-jacobian",
    title="The Jacobian of softmax",
    statement="The derivative of each softmax component with respect to each logit.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="A5 A10 B8 D4 E5",
)
def jacobian(d: Builder) -> None:
    softmax(d)
    d.start(Partial(p[i], z[j]))
    d.by(expand(p), "Softmax written out.")
    d.by(quotient_rule)
    d.by(derivative_through_sum)
    d.by(derivative_of_exp)
    d.by(coordinates_are_independent)
    d.by(sifting, "Of the sum only the term $k = j$ is left.")
    d.by(split_fraction)
    d.by(fold(p))
    d.by(factor_out(p[i]))
    d.conclude(p[i] * (delta(i, j) - p[j]))
    d.example(z=LOGITS)
    d.function("softmax_jacobian", (z,), (i, j), "Jacobian of softmax.")


@derivation(
    "softmax-jacobian-cases",
    title="The Jacobian of softmax in two cases",
    statement=r"On the diagonal $p_{i} (1 - p_{i})$, off it $-p_{i} p_{j}$: the off-diagonal "
    "entries are not zero.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="A5 A10 A11 D4",
)
def jacobian_cases(d: Builder) -> None:
    softmax(d)
    d.start(Partial(p[i], z[j]))
    d.by(cite(jacobian))
    d.by(split_cases(i, j))
    d.conclude(Cases((p[i] * (1 - p[i]), Eq(i, j)), (-p[i] * p[j], Ne(i, j))))
    d.example(z=LOGITS)


@derivation(
    "softmax-jacobian-matrix",
    title="The Jacobian of softmax as a matrix",
    statement=r"The Jacobian is $\operatorname{diag}(\mathbf{p}) - \mathbf{p} \mathbf{p}^{\top}$, "
    "a symmetric matrix.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X2",
)
def jacobian_matrix(d: Builder) -> None:
    softmax(d)
    d.start(Partial(p[i], z[j]))
    d.by(cite(jacobian))
    d.by(distribute)
    d.by(matrix_form(i, j))
    d.conclude(Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), i, j))
    d.example(z=LOGITS)


@derivation(
    "softmax-jacobian-rows",
    title="The rows of the Jacobian sum to zero",
    statement="Moving all logits together does not move the probabilities: the Jacobian is "
    "singular, with the vector of ones in its null space.",
    reference=f"{BISHOP}, eq. 4.106",
    sources="X2",
)
def jacobian_rows(d: Builder) -> None:
    softmax(d)
    d.start(Sum(Partial(p[i], z[j]), (j, 1, K)))
    d.by(cite(jacobian))
    d.by(pull_out, "$p_{i}$ does not depend on $j$.")
    d.by(sum_of_terms)
    d.by(sifting)
    d.by(pull_out)
    d.by(cite(sums_to_one), "The probabilities sum to 1.")
    d.conclude(0)
    d.example(z=LOGITS)
