"""What is often stated of softmax and cross-entropy themselves."""

from __future__ import annotations

from derive.kernel.facts import SumsTo
from derive.kernel.language import Sum, exp, log
from derive.kernel.refutation import Builder, refutation
from derive.notation import K, j, k, p, q, z
from derive.topics.entropy import COVER
from derive.topics.softmax import BISHOP, Z, softmax

TOPIC = "refutations"


@refutation(
    "softmax-is-not-a-share-of-inputs",
    title="Softmax is not the share of the input",
    statement="Softmax is said to be the share of a neuron's input in the sum of all inputs.",
    reference=f"{BISHOP}, eq. 4.104",
    sources="A2",
)
def not_a_share(d: Builder) -> None:
    softmax(d)
    d.stated(
        p[j],
        z[j] / Sum(z[k], (k, 1, K)),
        "The shares are those of the exponentials of the inputs: shares of the inputs themselves "
        "may be negative, or divide by zero.",
    )
    d.right(exp(z[j]) / Z)


@refutation(
    "cross-entropy-is-not-symmetric",
    title="Cross-entropy is not symmetric",
    statement="The two distributions of a cross-entropy do not play the same part.",
    reference=f"{COVER}, section 2.3",
    sources="B6",
)
def not_symmetric(d: Builder) -> None:
    d.assume(SumsTo(p), SumsTo(q))
    d.stated_to_differ(
        -Sum(p[k] * log(q[k]), (k, 1, K)),
        -Sum(q[k] * log(p[k]), (k, 1, K)),
        "The logarithm is taken of one of them only.",
    )
