"""It really trains: the generated loss, gradient and Hessian beside scikit-learn and statsmodels.

All objectives are means over the m examples, with l2/2 Σ W² in addition and biases not penalised;
scikit-learn's C is 1/(l2 m).
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from derive.render.figures import study
from generated import (
    softmax,
    softmax_regression_gradient,
    softmax_regression_hessian,
    softmax_regression_hvp,
    softmax_regression_loss,
)

PROGRAM = study.program()
TOLERANCE = 1e-10


@pytest.fixture(autouse=True)
def one_thread():
    """Tests run side by side, and threads that wait for each other are slow."""
    with threadpool_limits(1):
        yield


def problem(name, l2=None):
    X, c = study.data(name)
    return X, c, np.eye(c.max() + 1)[c], 1 / len(X) if l2 is None else l2


@cache
def minimum(name, method):
    """W and b, found once for all tests."""
    X, _, y, l2 = problem(name)
    return study.trained(method, X, y, l2)


@pytest.mark.parametrize("name", study.SETS)
@pytest.mark.parametrize(("method", "limit"), [("newton", 1e-8), ("lbfgs", 1e-5)])
def test_the_minimum_is_that_of_scikit_learn(name, method, limit):
    X, c, _, _ = problem(name)
    W, b = minimum(name, method)
    for what, difference in study.differences(W, b, X, c).items():
        assert difference < limit, what


@pytest.mark.parametrize("name", study.SETS)
def test_newton_ends_where_the_gradient_vanishes(name):
    X, _, y, l2 = problem(name)
    W, b = minimum(name, "newton")
    for part in softmax_regression_gradient(W, b, X, y, l2=l2):
        assert np.abs(part).max() < TOLERANCE
    # The shortest steps never move along the direction in which nothing changes.
    assert abs(b.sum()) < TOLERANCE
    assert np.abs(W.sum(axis=0)).max() < TOLERANCE


def test_newton_handles_other_penalties_and_starts_off_centre():
    X, c, y, _ = problem("iris")
    for l2, C in ((1.0, 1 / 150), (1e-4, 1e4 / 150)):
        start = np.repeat([0.0, 5.0], [12, 3])  # the same constant added to every bias
        theta = PROGRAM["newton"](start, X, y, l2)
        W, b = PROGRAM["split"](theta, y)
        from sklearn.linear_model import LogisticRegression

        other = LogisticRegression(C=C, tol=TOLERANCE, max_iter=10_000, solver="newton-cg")
        other.fit(X, c)
        assert np.abs(W - other.coef_).max() < 1e-6
        assert np.abs(softmax(X @ W.T + b) - other.predict_proba(X)).max() < 1e-8
        assert abs(b.mean() - 5) < 1e-8


def test_the_hessian_is_singular_in_one_direction_with_a_penalty():
    X, _, y, l2 = problem("wine")
    theta = np.random.default_rng(0).normal(size=3 * 14)
    H = PROGRAM["hessian"](theta, X, y, l2)
    assert np.abs(H - H.T).max() < 1e-15
    values = np.linalg.eigvalsh(H)
    assert abs(values[0]) < 1e-14
    assert values[1] > 1e-7
    without = np.linalg.eigvalsh(PROGRAM["hessian"](theta, X, y, 0.0))
    assert np.abs(without[:14]).max() < 1e-13
    assert without[14] > 1e-9


def test_blocks_products_and_differences_agree():
    X, _, y, l2 = problem("iris")
    rng = np.random.default_rng(1)
    W, b, V, v = (rng.normal(size=s) for s in ((3, 4), 3, (3, 4), 3))
    H_WW, H_Wb, H_bb = softmax_regression_hessian(W, b, X, y, l2=l2)
    assert (H_WW.shape, H_Wb.shape, H_bb.shape) == ((3, 4, 3, 4), (3, 4, 3), (3, 3))
    for_W, for_b = softmax_regression_hvp(W, b, X, y, V, v, l2=l2)
    np.testing.assert_allclose(for_W, np.einsum("kdle,le->kd", H_WW, V) + H_Wb @ v, 1e-12, 1e-14)
    np.testing.assert_allclose(for_b, np.einsum("kdl,kd->l", H_Wb, V) + H_bb @ v, 1e-12, 1e-14)
    h = 1e-5
    ahead = softmax_regression_gradient(W + h * V, b + h * v, X, y, l2=l2)
    behind = softmax_regression_gradient(W - h * V, b - h * v, X, y, l2=l2)
    for got, plus, minus in zip((for_W, for_b), ahead, behind, strict=True):
        np.testing.assert_allclose(got, (plus - minus) / (2 * h), rtol=1e-6, atol=1e-9)
    dW, db = softmax_regression_gradient(W, b, X, y, l2=l2)
    slope = (
        softmax_regression_loss(W + h * V, b + h * v, X, y, l2=l2)
        - softmax_regression_loss(W - h * V, b - h * v, X, y, l2=l2)
    ) / (2 * h)
    assert abs(slope - ((dW * V).sum() + db @ v)) < 1e-8


def test_the_likelihood_and_the_standard_errors_are_those_of_statsmodels():
    from statsmodels.discrete.discrete_model import MNLogit

    X, c, _ = study.anes96()
    likelihood, coefficients, errors = study.maximum_likelihood(X, c)
    assert round(likelihood, 6) == -1461.922747
    design = np.column_stack([np.ones(len(X)), X])
    other = MNLogit(c, design).fit(method="newton", maxiter=100, tol=1e-14, disp=False)
    np.testing.assert_allclose(coefficients, np.asarray(other.params).T, rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(errors, np.asarray(other.bse).T, rtol=1e-10)


def test_lbfgs_reaches_the_likelihood_too():
    X, c, _ = study.anes96()
    y = np.eye(7)[c]
    theta = PROGRAM["lbfgs"](study.start(X, y), X, y, 0.0)
    assert round(-len(X) * PROGRAM["value_and_gradient"](theta, X, y, 0.0)[0], 6) == -1461.922747


def test_the_program_of_the_page_prints_what_the_page_says(root: Path) -> None:
    file = root / "templates" / "programs" / "train.py"
    home = Path(softmax_regression_loss.__code__.co_filename).parents[1]
    done = subprocess.run(
        [sys.executable, "-W", "error", file], cwd=root, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(home), "OPENBLAS_NUM_THREADS": "1"}, check=True,
    )  # fmt: skip
    row = study.classifier("wine")
    assert done.stdout == f"loss {row['loss']}, {row['right']} right\n"
    assert row["loss"] == "0.06792323"
