"""What the worked example measures: the program of the page, on data that everybody has.

Everything is rounded so far, or stated as a limit that it keeps, that no machine sees a difference.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import DeriveError
from derive.render.figures.curve import LOWEST, power
from derive.templating import template_directory

Array = NDArray[Any]
PROGRAM = "programs/train.py"
SETS = ("iris", "wine", "digits")
METHODS = ("newton", "lbfgs")
# How far from scikit-learn in any P, W or centred b, and from statsmodels in any coefficient or
# standard error.
LIMITS = {"newton": 1e-8, "lbfgs": 1e-5, "anes96": 1e-9}
DRAWN = "wine"
STEPS = 1000  # of gradient descent


def program() -> dict[str, Any]:
    """The functions of the program that the page shows."""
    return runpy.run_path(str(Path(template_directory()) / PROGRAM))


def data(name: str) -> tuple[Array, Array]:
    """Features X : (m, D) and classes c : (m,); wine is standardised, digits are in 0..1."""
    from sklearn import datasets

    X, c = getattr(datasets, f"load_{name}")(return_X_y=True)
    if name == "wine":
        X = (X - X.mean(axis=0)) / X.std(axis=0)
    return (X / 16 if name == "digits" else X), c


def start(X: Array, y: Array) -> Array:
    """Weights and biases of zero, as one vector."""
    return np.zeros(y.shape[1] * (X.shape[1] + 1))


def trained(method: str, X: Array, y: Array, l2: float) -> tuple[Array, Array]:
    """W and b of the minimum."""
    known = program()
    theta = known[method](start(X, y), X, y, l2)
    W, b = known["split"](theta, y)
    return W, b


def differences(W: Array, b: Array, X: Array, c: Array) -> dict[str, float]:
    """The largest differences from scikit-learn at the same objective, 1/(C m) = l2 = 1/m.

    The same constant added to every bias changes nothing, so that centred ones are compared.
    """
    from sklearn.linear_model import LogisticRegression

    from generated import softmax

    other = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000, solver="newton-cg").fit(X, c)
    theirs = other.intercept_ - other.intercept_.mean()
    pairs = {
        "P": (softmax(X @ W.T + b), other.predict_proba(X)),
        "W": (W, other.coef_),
        "b": (b - b.mean(), theirs),
    }
    return {name: float(np.abs(mine - that).max()) for name, (mine, that) in pairs.items()}


def classifier(name: str) -> dict[str, Any]:
    """One row of the table beside scikit-learn."""
    X, c = data(name)
    y = np.eye(c.max() + 1)[c]
    l2 = 1 / len(X)
    for method in METHODS:
        W, b = trained(method, X, y, l2)
        _keeps(f"{name}, {method}", LIMITS[method], differences(W, b, X, c))
        if method == "newton":
            theta = np.concatenate([W.ravel(), b])
            value, _ = program()["value_and_gradient"](theta, X, y, l2)
            right = np.mean(np.argmax(X @ W.T + b, axis=-1) == c)
    m, D = X.shape
    row = {"name": name, "m": m, "D": D, "K": y.shape[1]}
    return row | {"loss": f"{value:.8f}", "right": f"{right:.1%}"}


def _keeps(what: str, limit: float, found: dict[str, float]) -> None:
    wrong = {name: value for name, value in found.items() if not value < limit}
    if wrong:
        raise DeriveError(f"{what}: differs by {wrong}, and by less than {limit} is allowed")


def anes96() -> tuple[Array, Array, list[str]]:
    """The American National Election Study of 1996: X : (944, 5), c : (944,), names of columns."""
    from statsmodels.datasets import anes96 as source

    found = source.load_pandas()
    return found.exog.to_numpy(float), found.endog.to_numpy().astype(int), [*found.exog.columns]


def maximum_likelihood(X: Array, c: Array) -> tuple[float, Array, Array]:
    """Log-likelihood, coefficients and standard errors by Newton's method, without any penalty.

    Coefficients (K − 1, 1 + D) are relative to class 0, the constant first. Their covariance is
    the inverse of m times the Hessian without the rows and columns of that class.
    """
    known = program()
    y = np.eye(c.max() + 1)[c]
    (m, D), K = X.shape, y.shape[1]
    theta = known["newton"](start(X, y), X, y, 0.0)
    value, _ = known["value_and_gradient"](theta, X, y, 0.0)
    W, b = known["split"](theta, y)
    every = np.column_stack([b, W])
    # The places of the parameters in theta, as (K, 1 + D); class 0 is the reference.
    place = np.column_stack([K * D + np.arange(K), np.arange(K * D).reshape(K, D)])
    free = place[1:].ravel()
    covariance = np.linalg.inv(m * known["hessian"](theta, X, y, 0.0)[np.ix_(free, free)])
    errors = np.sqrt(np.diag(covariance)).reshape(K - 1, 1 + D)
    return -m * float(value), every[1:] - every[0], errors


def election() -> dict[str, Any]:
    """The table beside statsmodels."""
    from statsmodels.discrete.discrete_model import MNLogit

    X, c, columns = anes96()
    likelihood, coefficients, errors = maximum_likelihood(X, c)
    design = np.column_stack([np.ones(len(X)), X])
    other = MNLogit(c, design).fit(method="newton", maxiter=100, tol=1e-14, disp=False)
    found = {
        "log-likelihood": abs(likelihood - other.llf) / abs(other.llf),
        "coefficients": float(np.abs(coefficients - np.asarray(other.params).T).max()),
        "standard errors": float(np.abs(errors - np.asarray(other.bse).T).max()),
    }
    _keeps("anes96", LIMITS["anes96"], found)
    cells = [
        [f"{value:.4f} ({error:.4f})".replace("-", "−") for value, error in zip(*row, strict=True)]
        for row in zip(coefficients.T, errors.T, strict=True)
    ]
    value = f"{likelihood:.6f}".replace("-", "−")
    return {"m": len(X), "log_likelihood": value, "names": ["constant", *columns], "cells": cells}


def curves() -> dict[str, list[list[float]]]:
    """By method: [iteration, log10 of the loss above its minimum], for the figure."""
    X, c = data(DRAWN)
    y = np.eye(c.max() + 1)[c]
    l2 = 1 / len(X)
    known = program()
    first = start(X, y)
    paths: dict[str, list[Array]] = {"gradient descent": descent(known, first, X, y, l2)}
    for label, method in (("L-BFGS", "lbfgs"), ("Newton", "newton")):
        path = paths[label] = [first]
        known[method](first, X, y, l2, callback=lambda theta, path=path: path.append(theta.copy()))
    least = known["value_and_gradient"](paths["Newton"][-1], X, y, l2)[0]
    out = {}
    for label, path in paths.items():
        steps = [*range(len(path))]
        if label == "gradient descent":
            steps = [0, *np.unique(np.geomspace(1, STEPS, 60).round().astype(int)).tolist()]
        above = [known["value_and_gradient"](path[n], X, y, l2)[0] - least for n in steps]
        out[label] = _drawn(zip(steps, above, strict=True))
    return out


def _drawn(points: Any) -> list[list[float]]:
    """The points to the first one that is too low to be seen, and that one."""
    found: list[list[float]] = []
    for n, value in points:
        power = np.log10(value) if value > 10 ** (LOWEST - 3) else LOWEST - 3
        found.append([int(n), round(float(power), 2)])
        if power < LOWEST:
            break
    return found


def descent(known: dict[str, Any], theta: Array, X: Array, y: Array, l2: float) -> list[Array]:
    """Gradient descent with the longest step that is safe everywhere (Böhning's bound)."""
    design = np.column_stack([X, np.ones(len(X))])
    rate = 1 / (np.linalg.eigvalsh(design.T @ design)[-1] / len(X) / 2 + l2)
    path = [theta]
    for _ in range(STEPS):
        path.append(path[-1] - rate * known["value_and_gradient"](path[-1], X, y, l2)[1])
    return path


def measured() -> dict[str, Any]:
    """Everything that the page shows."""
    return {
        "classifiers": [classifier(name) for name in SETS],
        "limits": {name: power(round(np.log10(limit))) for name, limit in LIMITS.items()},
        "election": election(),
        "curves": curves(),
    }
