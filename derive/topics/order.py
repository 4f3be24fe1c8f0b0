"""Softmax keeps the order of the logits, lies below 1, and grows with its own logit."""

from __future__ import annotations

from derive.kernel.bounds import log_gap
from derive.kernel.derivation import Builder, derivation
from derive.kernel.facts import NotLess
from derive.kernel.language import exp
from derive.notation import i, j, p, z
from derive.rules.definitions import expand
from derive.topics.softmax import BISHOP, LOGITS, Z, softmax

TOPIC = "softmax"


@derivation(
    "softmax-order",
    title="Softmax keeps the order of the logits",
    statement="A logit that is not smaller has a probability that is not smaller.",
    reference=f"{BISHOP}, section 4.2",
    sources="A4 B4",
)
def order(d: Builder) -> None:
    softmax(d)
    d.assume(NotLess(z[i], z[j]))
    d.start(p[i] - p[j])
    d.by(expand(p))
    d.conclude_sign("≥", exp(z[j]) / Z * (log_gap(exp(z[i] - z[j])) + z[i] - z[j]))
    d.example(z=LOGITS)
