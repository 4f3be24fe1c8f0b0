"""Code that is often shown for softmax."""

from __future__ import annotations

from derive.kernel.trial import Builder, trial
from derive.topics.softmax import positive as softmax_function

TOPIC = "refutations"


@trial(
    "naive-softmax-overflows",
    title="The formula of softmax, typed as it stands",
    statement="Softmax programmed as its formula reads.",
    reference="Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.1",
    sources="E3",
)
def naive(d: Builder) -> None:
    d.stated(
        "exp(z) / sum(exp(z))",
        "The formula is right, but the exponential of a large number is too large to be "
        "represented: infinity divided by infinity is not a number.",
    )
    d.values(z=("1000", "999"))
    d.beside(softmax_function)
