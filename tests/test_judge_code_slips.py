"""Each slip in a person's function is named, with the smallest input that shows it."""

import numpy as np
import pytest

import generated
from derive.judge.code import process
from derive.judge.code.compare import Case
from derive.judge.code.grid import grid
from derive.judge.code.signature import target
from derive.judge.code.slips import SLIPS, explain
from derive.judge.code.verdict import verify_function
from tests.own_functions import log_rows, rows, single


def diagonal(z):
    p = single(z)
    return np.diag(p * (1 - p))


def naive(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def over_axis_0(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def naive_over_axis_0(z):
    return np.exp(z) / np.exp(z).sum(axis=0)


def global_maximum(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=-1, keepdims=True)


def in_place(z):
    z -= z.max(axis=-1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=-1, keepdims=True)
    return z


def regression(W, b, X, y, scale=None):
    Z = X @ np.swapaxes(W, -1, -2) + b[..., None, :]
    G = (rows(Z) * y.sum(-1, keepdims=True) - y) / (scale or X.shape[-2])
    return np.swapaxes(G, -1, -2) @ X, G.sum(-2)


def loss_of_labels(z, c):
    return -np.take_along_axis(log_rows(z), c[..., None] - 1, -1)[..., 0]


def transposed_log_jacobian(z):
    return np.eye(z.shape[-1]) - rows(z)[..., :, None]


def power_of_two(z):
    e = 2 ** (z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def kept(z):
    s = z.max(axis=-1, keepdims=True)
    return s + np.log(np.exp(z - s).sum(axis=-1, keepdims=True))


def entropy_of_positive(p):
    return -(p * np.log(p)).sum(-1)


WRONG = [
    (diagonal, "softmax_jacobian", "diagonal-only", 2),
    (lambda z: rows(z) * (1 - rows(z)), "softmax_jacobian", "diagonal-only", 1),
    (naive, "softmax", "overflow", 1),
    (lambda z: np.log(np.exp(z).sum(-1)), "logsumexp", "overflow", 1),
    (lambda z: np.log(rows(z)), "log_softmax", "log-of-zero", 2),
    (over_axis_0, "softmax", "wrong-axis", 1),
    (global_maximum, "softmax", "global-shift", 1),
    (in_place, "softmax", "in-place", 1),
    (lambda z, y: y - rows(z) * y.sum(-1, keepdims=True), "softmax_cross_entropy_gradient",
     "sign", 2),
    (lambda z, y: rows(z) - y, "softmax_cross_entropy_gradient", "targets-sum-to-1", 1),
    (lambda z, y: -((z * y).sum(-1)) + generated.logsumexp(z), "softmax_cross_entropy",
     "targets-sum-to-1", 1),
    (lambda z, y: (rows(z) * y.sum(-1, keepdims=True) - y) * z.shape[-1] / z.size,
     "softmax_cross_entropy_gradient", "extra-mean", 2),
    (lambda z, y: -(y * log_rows(z)).sum(-1).mean(), "softmax_cross_entropy", "extra-mean", 1),
    (lambda W, b, X, y: regression(W, b, X, y, 1), "softmax_regression_gradient",
     "missing-mean", 2),
    (transposed_log_jacobian, "log_softmax_jacobian", "transposed", 2),
    (kept, "logsumexp", "keepdims", 1),
    (lambda z: log_rows(z) / np.log(2), "log_softmax", "base-of-log", 2),
    (power_of_two, "softmax", "base-of-exp", 2),
    (lambda z, y: -(y * rows(z)).sum(-1), "softmax_cross_entropy", "missing-log", 1),
    (loss_of_labels, "softmax_cross_entropy_labels", "labels-from-1", 2),
    (lambda c, K: np.eye(K)[c - 1], "sufficient_statistic_symmetric", "labels-from-1", 2),
    (lambda z, y: -(y * np.log(rows(z) + 1e-9)).sum(-1), "softmax_cross_entropy",
     "log-of-p-plus-epsilon", 2),
    (lambda z, y: -(y * np.log(np.clip(rows(z), 1e-12, 1 - 1e-12))).sum(-1),
     "softmax_cross_entropy", "clipped", 2),
    (entropy_of_positive, "entropy", "zero-log-zero", 2),
    (lambda p, q: generated.kl_divergence(q, p), "kl_divergence", "arguments-swapped", 2),
    (lambda a, y: ((a - y) ** 2).sum(-1), "quadratic_cost", "factor", 1),
    (lambda z: None, "softmax", "no-return", 1),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("function", "name", "slip", "K"), WRONG, ids=[w[2] for w in WRONG])
def test_a_slip_is_named_with_the_smallest_input(function, name, slip, K):
    found = verify_function(function, name)
    assert found.verdict == "refuted", found
    assert found.status == 1
    assert [s.name for s in found.slips] == [slip], found
    assert found.failure.K == K
    assert found.failure.dtype == "float64"
    assert found.failure.right != found.failure.yours


def test_every_slip_is_shown_to_be_found():
    shown = {slip for _, _, slip, _ in WRONG}
    assert set(SLIPS) - shown == {"mean-over-classes", "one-example", "extra-sum"}  # the rest, next
    known = target("quadratic_cost")
    point, right = grid(known)[-1]
    mean = Case(known, point, right, process.Outcome(values=[right[0] / point.K]))
    assert explain([mean]).name == "mean-over-classes"


def product_added(z):
    p = rows(z)
    return p[..., None] * (np.eye(z.shape[-1]) + p[..., None, :])


def pair_without_total(z, y):
    return -(y * log_rows(z)).sum(-1), rows(z) - y


@pytest.mark.parametrize(
    ("function", "name", "words"),
    [
        (product_added, "softmax_jacobian", "the sign is wrong of the product p_i p_j"),
        (lambda a, y: ((a - y) ** 2).mean(-1), "quadratic_cost", "the mean over the classes"),
        (pair_without_total, "softmax_cross_entropy_value_and_gradient", "assumed to sum to 1"),
        (lambda x: np.log(1 / (1 + np.exp(-x))), "log_sigmoid", "that has become 0"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_variants_of_slips(function, name, words):
    found = verify_function(function, name)
    assert found.verdict == "refuted"
    assert words in found.slips[0].words
    assert found.why == ""


def test_a_slip_and_a_form_that_is_not_taken():
    def without_mean(W, b, X, y):
        P = rows(X @ W.T + b)
        G = P * y.sum(axis=1, keepdims=True) - y
        return G.T @ X, G.sum(axis=0)

    found = verify_function(without_mean, "softmax_regression_gradient")
    assert [s.name for s in found.slips] == ["missing-mean"]
    assert "batches are not supported" in found.exceptions[0]


def test_two_slips_at_once_are_both_named():
    found = verify_function(naive_over_axis_0, "softmax")
    assert found.verdict == "refuted"
    assert {s.name for s in found.slips} == {"wrong-axis", "overflow"}


def test_the_witness_is_what_the_generated_function_returns():
    found = verify_function(diagonal, "softmax_jacobian")
    assert found.failure.arguments == {"z": "(0, ln 2)"}
    assert found.failure.right == "((2/9, −2/9), (−2/9, 2/9))"
    assert found.failure.yours == "((2/9, 0), (0, 2/9))"
    z = np.array(found.failure.values["z"], float)
    assert np.allclose(generated.softmax_jacobian(z), np.array([[2, -2], [-2, 2]]) / 9)


def test_no_slip_is_named_that_does_not_explain_everything():
    found = verify_function(lambda z: rows(z) ** 1.01, "softmax")
    assert found.verdict == "refuted"
    assert found.slips == ()
    assert "no known slip" in found.why


# --- results that are none -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda z: rows(z) + 0j, "complex numbers"),
        (lambda z: "p", "not an array of numbers"),
        (lambda z: [[1.0], [1.0, 2.0]], "not an array"),
        (lambda z: (rows(z), rows(z)), "2 results, not 1"),
        (lambda z: rows(z) * np.nan, "NaN"),
        (lambda z: rows(z)[..., :1] * np.ones(9), "shape"),
    ],
)
def test_results_of_another_type_are_refuted(function, words):
    found = verify_function(function, "softmax")
    assert found.verdict == "refuted"
    assert words in found.failure.yours
