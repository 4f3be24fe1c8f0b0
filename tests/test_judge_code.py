"""A person's functions beside the generated ones: right ones in several styles."""

import numpy as np
import pytest

import generated
from derive.judge.code import process
from derive.judge.code.compare import Case
from derive.judge.code.grid import grid
from derive.judge.code.signature import target
from derive.judge.code.verdict import verify_function
from tests.own_functions import log_rows, rows, single


def loops(z):
    flat = z.reshape(-1, z.shape[-1])
    out = []
    for row in flat:
        top = max(row)
        powers = [np.exp(v - top) for v in row]
        out.append([p / sum(powers) for p in powers])
    return np.array(out).reshape(z.shape)


def jacobian(z):
    p = rows(z)
    return p[..., None] * (np.eye(z.shape[-1]) - p[..., None, :])


def single_jacobian(z):
    p = single(z)
    return np.diag(p) - np.outer(p, p)


def in_another_order(y, z):
    return rows(z) * y.sum(-1, keepdims=True) - y


def a_list(z):
    return rows(z).tolist()


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (rows, "softmax"),
        (loops, "softmax"),
        (a_list, "softmax"),
        (log_rows, "log_softmax"),
        (in_another_order, "softmax_cross_entropy_gradient"),
        (lambda z, y: -(y * log_rows(z)).sum(-1), "softmax_cross_entropy"),
        (lambda c, K: np.eye(K)[c], "sufficient_statistic_symmetric"),
        (lambda x: np.logaddexp(0, x), "softplus"),
    ],
)
def test_right_functions_agree(function, name):
    found = verify_function(function, name)
    assert found.verdict in ("agrees", "loses digits"), found
    assert found.status == 0
    assert found.agreed == found.tried


@pytest.mark.parametrize("name", generated.__all__)
def test_every_generated_function_agrees_with_itself(name):
    known = target(name)
    points = grid(known)
    outcomes = [
        process.Outcome(values=list(map(np.asarray, known.right(**p.arguments)))) for p, _ in points
    ]
    cases = [Case(known, p, r, o) for (p, r), o in zip(points, outcomes, strict=True)]
    assert [(c.point, c.right, c.values) for c in cases if not c.good] == []
    assert len(cases) >= 8


def columns(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("function", "name", "words"),
    [
        (single, "softmax", "batches are not supported"),
        (single_jacobian, "softmax_jacobian", "batches are not supported"),
        (lambda z, y: -(y * log_rows(z)).sum(), "softmax_cross_entropy", "batches are not"),
        (columns, "softmax", "single examples, without a batch axis, are not supported"),
    ],
)
def test_what_takes_one_form_only_is_judged_on_that(function, name, words):
    found = verify_function(function, name)
    assert found.verdict == "agrees except"
    assert found.status == 0
    assert words in found.exceptions[0]
    assert found.tried == found.agreed > 0


def test_lost_digits_are_not_wrong():
    found = verify_function(lambda x: np.log(1 + np.exp(-abs(x))) + np.maximum(x, 0), "softplus")
    assert found.verdict == "loses digits"
    assert found.status == 0
    assert "digits are lost" in found.exceptions[0]
