"""References for the multinomial family, the linear layer and softmax regression."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.reference import rows
from tests.reference.core import Want, log, loggamma, pairwise, product, reference
from tests.reference.entrywise import plus, share
from tests.reference.rows import Row

ONE = mpmath.mpf(1)


def extended(eta: Any, n: Any) -> Row:
    """The row of logits of the minimal parametrisation: a last one that is 0."""
    more = np.append(n, [ONE] if len(n) else np.array([ONE], object))
    return Row(np.append(eta, np.array([ONE * 0], object)), more)


@reference("mean_parameters", "log_partition_gradient")
def mean_parameters(eta, n):
    row = extended(eta, n)
    return Want((row.p)[:-1], None, (row.p * row.unsure)[:-1])


@reference("log_partition")
def log_partition(eta, n):
    row = extended(eta, n)
    value = row.top + row.log_total
    return Want(value, max(abs(value), abs(row.top)), row.unsure_log)


@reference("log_partition_hessian")
def log_partition_hessian(eta, n):
    made = rows.jacobian(extended(eta, n))
    return Want(made.value[:-1, :-1], None, made.unavoidable[:-1, :-1])


@reference("natural_parameters")
def natural_parameters(phi, n):
    return Want(log(phi[:-1] / phi[-1]))


reference("mean_parameters_symmetric", "log_partition_gradient_symmetric")(
    lambda eta, n: rows.softmax(eta, n)
)
reference("log_partition_symmetric")(lambda eta, n: rows.logsumexp(eta, n))
reference("log_partition_hessian_symmetric")(lambda eta, n: rows.softmax_jacobian(eta, n))


@reference("natural_parameters_symmetric")
def natural_parameters_symmetric(phi, n):
    return Want(log(phi))


@reference("sufficient_statistic")
def sufficient_statistic(hot, n):
    return Want(hot[:-1])


@reference("sufficient_statistic_symmetric")
def sufficient_statistic_symmetric(hot, n):
    return Want(hot)


def log_probability(y: Any, log_phi: Any, n: Any) -> Want:
    """log (N! Π φ^y / Π y!), in the size of its terms."""
    count = (n * y).sum()
    parts = [[mpmath.loggamma(count + 1)], -n * loggamma(y + 1), n * product(y, log_phi)]
    terms = np.concatenate([np.asarray(p, object) for p in parts])
    size = abs(terms).sum()
    return Want(terms.sum(), size, pairwise(int(n.sum())) * size)


@reference("log_pmf")
def log_pmf(y, phi, n):
    logs = [mpmath.log(v) if v else mpmath.mpf("-inf") for v in phi]
    return log_probability(y, logs, n)


@reference("log_pmf_natural")
def log_pmf_natural(y, eta, n):
    """Also measured against Σ|y η| + N |A(η)|, which are its terms."""
    row = extended(eta, n[:-1])
    made = log_probability(y, row.log_p, n)
    terms = (n * abs(product(y, row.z))).sum() + (n * y).sum() * abs(row.top + row.log_total)
    return Want(made.value, made.size + terms, made.unavoidable + (n * y).sum() * row.unsure_log)


@reference("log_pmf_natural_symmetric", "log_pmf_symmetric")
def log_pmf_natural_symmetric(y, eta, n):
    row = Row(eta, n)
    made = log_probability(y, row.log_p, n)
    terms = (n * abs(product(y, row.z))).sum() + (n * y).sum() * abs(row.top + row.log_total)
    return Want(made.value, made.size + terms, made.unavoidable + (n * y).sum() * row.unsure_log)


def matmul_want(terms: Any, axis: int) -> Want:
    """Σ of terms along an axis, rounded in any order."""
    size = abs(terms).sum(axis=axis)
    return Want(terms.sum(axis=axis), size, pairwise(terms.shape[axis]) * size)


@reference("linear_layer")
def linear_layer(W, b, x):
    return matmul_want(np.concatenate([W * x, b[:, None]], axis=1), 1)


@reference("linear_layer_gradients")
def linear_layer_gradients(x, dz):
    return matmul_want(dz[:, :, None] * x[:, None], 0), matmul_want(dz, 0)


@reference("hidden_layer_backward")
def hidden_layer_backward(W, h, dz):
    back = matmul_want(W * dz[:, None], 0)
    slope = share(h) * share(-h)
    return Want(slope * back.value, slope * back.size, slope * back.unavoidable)


class Path:
    """The decisions on the path to a leaf: signed scores, and what each is unsure by in eps."""

    def __init__(self, v: Any, h: Any, s: Any) -> None:
        self.x = s * (v @ h)
        self.noise = abs(s) * (abs(v) @ abs(h)) * (len(h) + 2) / 2
        self.rest = share(-self.x)


@reference("hierarchical_softmax_log_probability")
def hierarchical_softmax_log_probability(v, h, s):
    at = Path(v, h, s)
    total = plus(-at.x).sum()
    return Want(-total, total, (at.rest * at.noise).sum() + pairwise(len(s)) * total)


@reference("hierarchical_softmax_gradient")
def hierarchical_softmax_gradient(v, h, s):
    at = Path(v, h, s)
    weight, unsure = s * at.rest, share(at.x) * at.noise
    by_node = weight[:, None] * h
    terms = weight[:, None] * v
    added = matmul_want(terms, 0)
    more = (abs(terms) * unsure[:, None]).sum(axis=0)
    return (
        Want(by_node, None, abs(by_node) * unsure[:, None], abs(np.multiply.outer(s, h))),
        Want(added.value, added.size, added.unavoidable + more, abs(s) @ abs(v)),
    )


class Examples:
    """Softmax regression on a few examples: the shares of each, and the errors of its logits."""

    def __init__(self, W: Any, b: Any, X: Any, y: Any, l2: Any = 0) -> None:
        self.W, self.X, self.y, self.l2, self.m = W, X, y, l2, len(X)
        self.n = np.full(len(b), ONE, dtype=object)
        logits, sizes = X @ W.T + b, abs(X) @ abs(W).T + abs(b)
        noise = sizes * (W.shape[1] + 1) / 2  # each product and each addition rounds
        self.rows = [Row(z, self.n, 1, e) for z, e in zip(logits, noise, strict=True)]

    def mean(self, parts: Any) -> Want:
        """The mean of a Want for each example; it is Σ|terms| that counts."""
        made = [Want(p.value, abs(p.value) if p.size is None else p.size, p.unavoidable)
                for p in parts]  # fmt: skip
        value, size, unsure = (
            sum(np.asarray(getattr(p, k), object) for p in made) / self.m
            for k in ("value", "size", "unavoidable")
        )
        return Want(value, size, unsure + pairwise(self.m) * size)

    def gradient_of(self, row: Row, y: Any) -> Want:
        """p Σy − y of one example."""
        total, size = y.sum(), abs(y).sum()
        value, sizes = row.p * total - y, row.p * size + abs(y)
        return Want(value, sizes, row.p * size * row.unsure)

    def gradients(self) -> list[Want]:
        return [self.gradient_of(r, t) for r, t in zip(self.rows, self.y, strict=True)]

    def hessians(self) -> list[Want]:
        return [rows.jacobian(r, t.sum()) for r, t in zip(self.rows, self.y, strict=True)]


def outer(want: Want, x: Any) -> Want:
    """A result of one example times a factor for each of its inputs."""
    size = abs(want.value) if want.size is None else want.size
    return Want(*(np.multiply.outer(np.asarray(a, object), b) for a, b in
                  ((want.value, x), (size, abs(x)), (want.unavoidable, abs(x)))))  # fmt: skip


def penalised(want: Want, penalty: Any) -> Want:
    """With the part of the L2 penalty, which is added to it."""
    return Want(want.value + penalty, want.size + abs(penalty), want.unavoidable)


@reference("softmax_regression_loss")
def softmax_regression_loss(W, b, X, y, l2=0):
    at = Examples(W, b, X, y)
    parts = []
    for row, t in zip(at.rows, at.y, strict=True):
        size = (abs(t) * -row.log_p).sum()
        unsure = (abs(t) * (row.unsure_log + size * 0)).sum()
        parts.append(Want((t * -row.log_p).sum(), size, unsure))
    return penalised(at.mean(parts), l2 / ONE / 2 * (W * W).sum())


@reference("softmax_regression_gradient")
def softmax_regression_gradient(W, b, X, y, l2=0):
    return weights_gradient(W, b, X, y, l2), bias_gradient(W, b, X, y)


@reference("softmax_regression_gradient_weights")
def weights_gradient(W, b, X, y, l2=0):
    at = Examples(W, b, X, y)
    made = at.mean(outer(g, x) for g, x in zip(at.gradients(), X, strict=True))
    return penalised(made, l2 * W)


@reference("softmax_regression_gradient_bias")
def bias_gradient(W, b, X, y, l2=0):
    at = Examples(W, b, X, y)
    return at.mean(at.gradients())


@reference("softmax_regression_hessian_weights")
def weights_hessian(W, b, X, y, l2=0):
    """(K, D, K, D); the penalty stands on its diagonal."""
    at = Examples(W, b, X, y)
    parts = [outer(h, np.multiply.outer(x, x)) for h, x in zip(at.hessians(), X, strict=True)]
    made = at.mean(parts)
    turned = Want(*(np.transpose(a, (0, 2, 1, 3)) for a in
                    (made.value, made.size, made.unavoidable)))  # fmt: skip
    K, D = W.shape
    penalty = np.eye(K * D, dtype=int).astype(object).reshape(K, D, K, D) * (l2 * ONE)
    return penalised(turned, penalty)


@reference("softmax_regression_hessian")
def softmax_regression_hessian(W, b, X, y, l2=0):
    at = Examples(W, b, X, y)
    mixed = at.mean(outer(h, x) for h, x in zip(at.hessians(), X, strict=True))
    mixed = Want(*(np.transpose(a, (0, 2, 1)) for a in
                   (mixed.value, mixed.size, mixed.unavoidable)))  # fmt: skip
    return weights_hessian(W, b, X, y, l2), mixed, at.mean(at.hessians())


@reference("softmax_regression_hvp")
def softmax_regression_hvp(W, b, X, y, V, v, l2=0):
    at = Examples(W, b, X, y)
    directions = X @ V.T + v
    sizes = abs(X) @ abs(V).T + abs(v)
    parts = []
    for row, t, d, size in zip(at.rows, at.y, directions, sizes, strict=True):
        value, _, unsure = row.centred(d)
        size = size + (row.p * size).sum()
        by = row.p * t.sum()
        parts.append(Want(by * value, by * size, by * (size * row.unsure + unsure)))
    made = at.mean(outer(p, x) for p, x in zip(parts, X, strict=True))
    return penalised(made, l2 * V), at.mean(parts)
