"""References for functions that work entry by entry."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.reference.core import Want, exp, log1p, product, reference


def plus(x: Any) -> Any:
    """log(1 + e^x) without losing a digit."""
    return np.where(x > 0, x, 0) + log1p(exp(-abs(x)))


def share(x: Any) -> Any:
    """1 / (1 + e^{−x})."""
    return 1 / (1 + exp(-x))


@reference("sigmoid")
def sigmoid(x):
    return Want(share(x))


@reference("sigmoid_derivative")
def sigmoid_derivative(x):
    return Want(share(x) * share(-x))


@reference("tanh_derivative")
def tanh_derivative(x):
    return Want(4 * share(2 * x) * share(-2 * x))


@reference("softplus")
def softplus(x):
    return Want(plus(x))


@reference("log_sigmoid")
def log_sigmoid(x):
    return Want(-plus(-x))


@reference("logit")
def logit(p):
    return Want(np.array([_log_odds(v) for v in p.flat], object).reshape(p.shape))


def _log_odds(p: Any) -> Any:
    if p in (0, 1):
        return mpmath.inf if p else -mpmath.inf
    return mpmath.log(p / (1 - p)) if 0 < p < 1 else mpmath.nan


@reference("binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(x, y):
    terms = product(y, plus(-x)), product(1 - y, plus(x))
    return Want(sum(terms), sum(map(abs, terms)))


@reference("binary_cross_entropy_with_logits_gradient")
def binary_cross_entropy_with_logits_gradient(x, y):
    """σ(x) − y as (1 − y) σ(x) − y σ(−x): relative accuracy for y = 0 and y = 1."""
    terms = (1 - y) * share(x), -y * share(-x)
    return Want(sum(terms), sum(map(abs, terms)))


@reference("quadratic_cost_sigmoid_gradient")
def quadratic_cost_sigmoid_gradient(y, x=None, z=None, n=None):
    logit = z if x is None else x
    a, slope = share(logit), share(logit) * share(-logit)
    return Want((a - y) * slope, (a + abs(y)) * slope)


@reference("focal_loss")
def focal_loss(x, gamma):
    """(1 − σ(x))^γ · −log σ(x): the exponent γ log(1 + e^x) has to be rounded."""
    value = plus(-x) * exp(-gamma * plus(x))
    return Want(value, None, product(value, gamma * (plus(x) + 2)))


@reference("focal_loss_derivative")
def focal_loss_derivative(x, gamma):
    value = exp(-gamma * plus(x)) * (share(-x) + gamma * product(share(x), plus(-x)))
    return Want(-value, None, product(value, gamma * (plus(x) + 2)))
