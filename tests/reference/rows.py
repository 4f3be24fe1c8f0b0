"""References for functions of a row of logits: softmax, its derivatives, cross-entropy.

``n`` says how often each entry stands in its row, so that a row of 100,000 entries of which 300
differ is worked out as exactly as a short one. ``hot`` is 1 at the label.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import mpmath
import numpy as np

from tests.reference.core import Want, exp, pairwise, product, reference


class Row:
    """A row of logits: shares p, what is left of 1, log p, and the errors of the shift (in eps).

    ``noise`` is an error that the logits carry already, because they were computed.
    """

    def __init__(self, z: Any, n: Any, temperature: Any = 1, noise: Any = 0) -> None:
        self.z, self.n, self.temperature = z, n, temperature
        self.top = max(z)
        at = int(np.argmax(z == self.top))
        self.less = (z - self.top) / temperature
        self.e = exp(self.less)
        alone = n.copy()
        alone[at] -= 1  # one copy of the largest entry; the rest may be far smaller than eps
        rest = (alone * self.e).sum()
        self.total, self.log_total = 1 + rest, mpmath.log1p(rest)
        self.p = self.e / self.total
        others = self.total - self.e
        others[at] = rest
        self.q = others / self.total
        self.log_p = self.less - self.log_total
        half = 0.5  # rounding z − max costs half a digit
        self.shift = product(self.p > 0, abs(self.less) * half) + noise
        self.noise = noise
        self.pair = pairwise(int(n.sum()))

    def sum(self, terms: Any) -> Any:
        """Σ over all entries of the row."""
        return (self.n * terms).sum()

    @cached_property
    def tail(self) -> Any:
        """The error of the total, relative to it."""
        return self.sum(self.p * self.shift)

    @cached_property
    def unsure(self) -> Any:
        """The error of each share, relative to it."""
        return self.shift + self.tail + self.pair

    @cached_property
    def unsure_rest(self) -> Any:
        """The error of 1 − p, absolute."""
        return self.tail - self.p * self.shift + self.q * (self.tail + 2 * self.pair)

    @cached_property
    def unsure_log(self) -> Any:
        """The error of log p, absolute."""
        return self.tail + self.pair * min(1, self.log_total) + self.noise

    def centred(self, v: Any, more: Any = 1) -> tuple[Any, Any, Any]:
        """v_i − Σ p v: its value, Σ|terms|, and what is unavoidable in them."""
        mean, size = self.sum(self.p * v), self.sum(abs(self.p * v))
        unsure = self.sum(abs(self.p * v) * (self.unsure + self.pair))
        return v - mean, abs(v) + size, unsure * more


@reference("softmax")
def softmax(z, n, temperature=1):
    row = Row(z, n, temperature)
    return Want(row.p, None, row.p * row.unsure)


@reference("log_softmax")
def log_softmax(z, n, temperature=1):
    row = Row(z, n, temperature)
    return Want(row.log_p, None, row.unsure_log)


@reference("logsumexp")
def logsumexp(z, n, temperature=1):
    row = Row(z, n, temperature)
    value = row.top + temperature * row.log_total
    return Want(value, max(abs(value), abs(row.top)), temperature * row.unsure_log)


def jacobian(row: Row, times: Any = 1) -> Want:
    """p_i (δ_ij − p_j) · times; off the diagonal nothing cancels, and 1 − p is kept too."""
    off = -np.multiply.outer(row.p, row.p)
    unsure = np.add.outer(row.unsure, row.unsure) * abs(off)
    np.fill_diagonal(off, row.p * row.q)
    np.fill_diagonal(unsure, row.p * (row.unsure_rest + row.q * row.unsure))
    beside = np.add.outer(row.p, row.p)  # a share that is subnormal is off by a spacing
    np.fill_diagonal(beside, 1)
    return Want(off * times, None, unsure * abs(times), beside * abs(times))


@reference("softmax_jacobian", "logsumexp_hessian")
def softmax_jacobian(z, n, temperature=1):
    return jacobian(Row(z, n, temperature), 1 / mpmath.mpf(temperature))


@reference("log_softmax_jacobian")
def log_softmax_jacobian(z, n):
    row = Row(z, n)
    value = np.tile(-row.p, (len(z), 1))
    unsure = abs(value) * row.unsure
    np.fill_diagonal(value, row.q)
    np.fill_diagonal(unsure, row.unsure_rest)
    return Want(value, None, unsure)


@reference("softmax_jvp")
def softmax_jvp(z, v, n, temperature=1, times=1):
    row = Row(z, n, temperature)
    value, size, unsure = row.centred(v)
    times = times * row.p / temperature
    unsure = abs(times) * (size * row.unsure + unsure)
    return Want(times * value, abs(times) * size, unsure, size)


@reference("softmax_vjp")
def softmax_vjp(z, u, n):
    return softmax_jvp(z, u, n)


@reference("log_softmax_jvp")
def log_softmax_jvp(z, v, n):
    return Want(*Row(z, n).centred(v))


@reference("log_softmax_vjp")
def log_softmax_vjp(z, u, n):
    row = Row(z, n)
    total, size = row.sum(u), row.sum(abs(u))
    taken = row.p * size
    return Want(u - row.p * total, abs(u) + taken, taken * (row.unsure + row.pair), size)


@reference("softmax_temperature_derivative")
def softmax_temperature_derivative(z, n, temperature=1):
    there = np.where(z == mpmath.mpf("-inf"), mpmath.mpf(0), z)
    row = Row(z, n, temperature)
    value, size, unsure = row.centred(there)
    by = row.p / temperature**2
    value, unsure = value * by, (unsure + size * row.unsure) * by
    # A subnormal share in the mean is rounded, too, and stands beside its logit there.
    beside = size + row.p * row.sum(abs(there))
    return Want(-value, size * by, unsure, beside / temperature**2)


def smoothed(y: Any, n: Any, label_smoothing: Any) -> Any:
    """The targets (1 − ε) y + ε / K."""
    return y if label_smoothing == 0 else (1 - label_smoothing) * y + label_smoothing / n.sum()


@reference("softmax_cross_entropy")
def softmax_cross_entropy(z, y, n, label_smoothing=0):
    row, t = Row(z, n), smoothed(y, n, label_smoothing)
    size = row.sum(product(abs(t), -row.log_p))
    unsure = row.sum(product(abs(t), row.unsure_log)) + row.pair * size
    return Want(row.sum(product(t, -row.log_p)), size, unsure)


@reference("softmax_cross_entropy_labels")
def softmax_cross_entropy_labels(z, hot, n, label_smoothing=0):
    return softmax_cross_entropy(z, hot, n, label_smoothing)


@reference("softmax_cross_entropy_gradient")
def softmax_cross_entropy_gradient(z, y, n, label_smoothing=0):
    row, t = Row(z, n), smoothed(y, n, label_smoothing)
    total, size = row.sum(t), row.sum(abs(t))
    unsure = row.p * size * (row.unsure + row.pair)
    return Want(row.p * total - t, row.p * size + abs(t), unsure)


@reference("softmax_cross_entropy_gradient_labels")
def softmax_cross_entropy_gradient_labels(z, hot, n, label_smoothing=0):
    """Relative accuracy, also where p_c − 1 would cancel; with smoothing, ε/K is subtracted."""
    if label_smoothing != 0:
        return softmax_cross_entropy_gradient(z, hot, n, label_smoothing)
    row = Row(z, n)
    value = np.where(hot == 1, -row.q, row.p)
    return Want(value, None, np.where(hot == 1, row.unsure_rest, row.p * row.unsure))


@reference("softmax_cross_entropy_value_and_gradient")
def softmax_cross_entropy_value_and_gradient(z, y, n, label_smoothing=0):
    both = (softmax_cross_entropy, softmax_cross_entropy_gradient)
    return tuple(part(z, y, n, label_smoothing) for part in both)


@reference("softmax_cross_entropy_value_and_gradient_labels")
def softmax_cross_entropy_value_and_gradient_labels(z, hot, n, label_smoothing=0):
    both = (softmax_cross_entropy_labels, softmax_cross_entropy_gradient_labels)
    return tuple(part(z, hot, n, label_smoothing) for part in both)


@reference("softmax_cross_entropy_hessian")
def softmax_cross_entropy_hessian(z, y, n, label_smoothing=0):
    """The targets weigh it by their sum; smoothing with Σ y = 1 changes nothing."""
    row, t = Row(z, n), smoothed(y, n, label_smoothing)
    made = jacobian(row, row.sum(t))
    ratio = row.sum(abs(t)) / abs(row.sum(t)) if row.sum(t) != 0 else 1
    return Want(
        made.value, abs(made.value) * ratio, made.unavoidable * ratio, made.spacings * ratio
    )


@reference("softmax_cross_entropy_hessian_labels")
def softmax_cross_entropy_hessian_labels(z, n, hot=None, label_smoothing=0):
    return jacobian(Row(z, n))


@reference("softmax_cross_entropy_hvp")
def softmax_cross_entropy_hvp(z, y, v, n, label_smoothing=0):
    t = smoothed(y, n, label_smoothing)
    made, size = softmax_jvp(z, v, n), (n * abs(t)).sum()
    unsure = made.unavoidable + pairwise(int(n.sum())) * made.size
    return Want(made.value * (n * t).sum(), made.size * size, unsure * size, made.spacings * size)


@reference("softmax_cross_entropy_hvp_labels")
def softmax_cross_entropy_hvp_labels(z, v, n, hot=None, label_smoothing=0):
    return softmax_jvp(z, v, n)


@reference("quadratic_cost_softmax_gradient")
def quadratic_cost_softmax_gradient(z, y, n):
    """p_i (e_i − Σ e_k p_k) where e = p − y."""
    row = Row(z, n)
    made = row.centred(row.p - y)
    size = row.p + abs(y)
    mean = row.sum(row.p * size)
    unsure = row.p * row.unsure + row.sum(row.p * (size * row.unsure + row.p * row.unsure))
    unsure = row.p * (unsure + (size + mean) * (row.unsure + row.pair))
    return Want(row.p * made[0], row.p * (size + mean), unsure)


@reference("entropy")
def entropy(p, n):
    return cross_entropy(p, p, n)


@reference("cross_entropy")
def cross_entropy(p, q, n):
    terms = product(p, [mpmath.log(v) if v else mpmath.mpf("-inf") for v in q])
    size = (n * abs(terms)).sum()
    return Want(-(n * terms).sum(), size, pairwise(int(n.sum())) * size)


@reference("cross_entropy_gradient")
def cross_entropy_gradient(p, q, n):
    return Want(-p / q)


@reference("kl_divergence")
def kl_divergence(p, q, n):
    terms = product(p, [mpmath.log(a / b) if a and b else mpmath.inf for a, b in
                        zip(p, q, strict=True)])  # fmt: skip
    size = (n * abs(terms)).sum()
    return Want((n * terms).sum(), size, pairwise(int(n.sum())) * size)


@reference("quadratic_cost")
def quadratic_cost(a, y, n):
    value = (n * (a - y) ** 2).sum() / 2
    return Want(value, None, pairwise(int(n.sum())) * value)
