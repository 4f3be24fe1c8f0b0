"""The formulas through probabilities, as people write them, for the slips that change those."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.judge.code.compare import Case

Array = NDArray[Any]
Change = Callable[[Array], Array]


def with_chances(
    name: str, given: dict[str, Any], change: Change, log: Callable[[Array], Any] = np.log
) -> Array | None:
    """The function through log(change(p)), with probabilities p; None if it has no such form."""
    match name:
        case "log_softmax":
            return np.asarray(log(change(_softmax(given["z"]))))
        case "softmax_cross_entropy":
            return -_total(given["y"] * log(change(_softmax(given["z"]))))
        case "softmax_cross_entropy_labels":
            chosen = np.take_along_axis(_softmax(given["z"]), given["c"][..., None], -1)[..., 0]
            return np.asarray(-log(change(chosen)))
        case "cross_entropy":
            return -_total(given["p"] * log(change(given["q"])))
        case "entropy":
            return -_total(given["p"] * log(change(given["p"])))
        case "kl_divergence":
            return _total(given["p"] * (log(change(given["p"])) - log(change(given["q"]))))
        case "log_sigmoid":
            return np.asarray(log(change(_sigmoid(given["x"]))))
        case "binary_cross_entropy_with_logits":
            p, y = _sigmoid(given["x"]), given["y"]
            other = 1 - p if np.array_equal(change(p), p) else 1 - change(p)
            return np.asarray(-y * log(change(p)) - (1 - y) * log(np.maximum(other, change(0 * p))))
        case "softmax_regression_loss":
            p = _softmax(_scores(given))
            return -_total(_total(given["y"] * log(change(p)))) / given["X"].shape[-2]
    return None


def one_too_many(case: Case) -> tuple[Array, ...]:
    """The results of a formula in which Σ_k y_k was replaced by 1."""
    given, name, right = case.arguments, case.target.name, case.right
    y = given["y"]
    missing = 1 - y.sum(-1)
    if name.endswith(("hessian", "hvp")):
        scaled = y / y.sum(-1, keepdims=True)
        return tuple(np.asarray(r) for r in case.target.right(**{**given, "y": scaled}))
    if name.startswith("softmax_regression"):
        return _regression(name, given, right, missing)
    extra = missing[..., None] * _softmax(given["z"]), missing * _log_sum(given["z"])
    match name:
        case "softmax_cross_entropy_gradient":
            return (right[0] + extra[0],)
        case "softmax_cross_entropy":
            return (right[0] + extra[1],)
        case "softmax_cross_entropy_value_and_gradient":
            return right[0] + extra[1], right[1] + extra[0]
    raise ValueError(f"{name} has no factor Σ_k y_k")


def _regression(
    name: str, given: dict[str, Any], right: tuple[Array, ...], missing: Array
) -> tuple[Array, ...]:
    Z, m = _scores(given), given["X"].shape[-2]
    if name.endswith("loss"):
        return (right[0] + _total(missing * _log_sum(Z)) / m,)
    more = missing[..., None] * _softmax(Z) / m
    return right[0] + np.swapaxes(more, -1, -2) @ given["X"], right[1] + more.sum(-2)


def _scores(given: dict[str, Any]) -> Array:
    return np.asarray(given["X"] @ np.swapaxes(given["W"], -1, -2) + given["b"][..., None, :])


def _softmax(z: Array) -> Array:
    powers = np.exp(z - z.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def _log_sum(z: Array) -> Array:
    top = z.max(-1, keepdims=True)
    return np.asarray(np.log(np.exp(z - top).sum(-1)) + top[..., 0])


def _sigmoid(x: Array) -> Array:
    return np.asarray(np.exp(-np.logaddexp(0, -x)))


def _total(terms: Array) -> Array:
    return np.asarray(np.sum(terms, axis=-1))
