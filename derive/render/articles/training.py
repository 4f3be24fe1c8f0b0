"""The worked example: a softmax classifier, trained with the generated functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.render.articles.blocks import (
    Article,
    Figure,
    Heading,
    Words,
    definitions,
    listing,
    proved,
    runs,
    table,
)
from derive.render.document import Document

NAME = "training"
CURVE = "training-curve"
_PENALISED = "softmax-regression-penalised"
STATED = (  # the derivations that the page shows, in this order
    _PENALISED,
    f"{_PENALISED}-gradient-weights",
    f"{_PENALISED}-gradient",
    f"{_PENALISED}-hessian-weights",
    f"{_PENALISED}-hessian-mixed",
    f"{_PENALISED}-hessian",
)

STATEMENT = (
    "Softmax regression by Newton's method and by L-BFGS, with the loss, the gradient and the "
    "Hessian that are derived here; it arrives where scikit-learn and statsmodels arrive."
)
OBJECTIVE = (
    "The objective is the mean cross-entropy of $m$ examples and, where it is wanted, "
    r"$\frac{\lambda}{2} \sum_{k,d} W_{kd}^2$ in addition; the biases are not penalised, and "
    r"$\lambda$ is `l2`. Features, weights and biases give logits and probabilities:"
)
STATEMENTS = (
    "Loss, gradient and Hessian are these, by weights and by biases, each proved for any number "
    "of classes, features and examples:"
)
LBFGS = (
    "`softmax_regression_gradient` returns a pair, for $W$ and for $b$. L-BFGS from SciPy wants "
    "one vector of unknowns, and value and gradient as a function of it:"
)
NEWTON = (
    "Newton's method solves a linear system with the Hessian, which "
    "`softmax_regression_hessian` returns as its three blocks. The system is singular: the same "
    "constant added to all biases changes no probability and so no loss (and without the "
    "penalty, neither does the same vector added to all rows of $W$). The gradient has no part "
    "along these directions, so that the system has solutions, and least squares takes the "
    "shortest of them. Nothing is added to the Hessian."
)
USE = "Trained and used on the wine data ({m} wines, {D} features, {K} growers):"
PRINTS = "It prints `loss {loss}, {right} right`. The file runs as it is."
CAPTION = (
    "The loss above its minimum at each iteration: wine data, standardised, $\\lambda = 1/m$, "
    "from zero. Gradient descent takes the longest step that is safe everywhere."
)
SAYS = (
    "Learning curves on a logarithmic scale. Newton's method is below a billionth after {Newton} "
    "iterations and L-BFGS after {L-BFGS}; gradient descent is at 10^{level} after "
    "{gradient descent}."
)
SCIKIT = (
    "scikit-learn minimises $C$ times the sum of the cross-entropies plus "
    r"$\frac{1}{2} \sum_{k,d} W_{kd}^2$; with $C = 1/(\lambda m)$ that is the objective above, "
    r"multiplied by $C m$. Here $\lambda = 1/m$, so that $C = 1$; scikit-learn stops at a "
    "tolerance of 10⁻¹⁰, with the solver `newton-cg`. Wine is standardised, and the pixels of the "
    "digits lie between 0 and 1."
)
AGREES = (
    "The last two columns bound the largest difference from `LogisticRegression` in any "
    "probability, any weight, and any bias after the mean of the biases is taken off. The column "
    "before them is the share of these same examples that the classifier names correctly."
)
ELECTION = (
    "Without a penalty the minimum is the maximum of the likelihood. The election study of 1996 "
    "that comes with statsmodels asks {m} people for their party identification, in 7 classes "
    "from strong Democrat (0) to strong Republican (6). Coefficients relative to class 0, with "
    "standard errors in brackets: the square roots of the diagonal of the inverse of $m$ times "
    "the Hessian, without the rows and columns of class 0."
)
LIKELIHOOD = (
    "The log-likelihood is {value}. Every coefficient and every standard error of "
    "statsmodels' `MNLogit` is met to less than {limit}."
)


def training(record: dict[str, Any], documents: Sequence[Document]) -> Article:
    """The page, with the numbers of a record."""
    by_name = {d.name: d for d in documents}
    stated = [by_name[name] for name in STATED if name in by_name]
    wine = next(row for row in record["classifiers"] if row["name"] == "wine")
    limit = record["limits"]
    last = {name: points[-1][0] for name, points in record["curves"].items()}
    says = SAYS.format(level=record["curves"]["gradient descent"][-1][1], **last)
    return Article(
        NAME,
        "Training a softmax classifier",
        STATEMENT,
        (
            Heading("What is minimised"),
            Words(runs(OBJECTIVE)),
            *(block for doc in stated[:1] for block in definitions(doc)),
            Words(runs(STATEMENTS)),
            *map(proved, stated),
            Heading("With L-BFGS"),
            Words(runs(LBFGS)),
            listing("train.py", "split", "value_and_gradient", "lbfgs", imports=True),
            Heading("With Newton's method"),
            Words(runs(NEWTON)),
            listing("train.py", "hessian", "newton"),
            Words(runs(USE.format(**wine))),
            listing("train.py", "main"),
            Words(runs(PRINTS.format(**wine))),
            Heading("How fast it learns"),
            Figure(CURVE, says, runs(CAPTION)),
            Heading("Beside scikit-learn"),
            Words(runs(SCIKIT)),
            table(
                ["data", "$m$", "$D$", "$K$", "loss", "named correctly", "Newton", "L-BFGS"],
                [
                    [row["name"], *(str(row[key]) for key in ("m", "D", "K", "loss", "right")),
                     "< " + limit["newton"], "< " + limit["lbfgs"]]
                    for row in record["classifiers"]
                ],
            ),
            Words(runs(AGREES)),
            Heading("Beside statsmodels"),
            Words(runs(ELECTION.format(m=record["election"]["m"]))),
            _election(record["election"]),
            Words(runs(LIKELIHOOD.format(
                value=record["election"]["log_likelihood"], limit=limit["anes96"]
            ))),
        ),
    )  # fmt: skip


def _election(found: dict[str, Any]) -> Any:
    classes = range(1, len(found["cells"][0]) + 1)
    rows = zip(found["names"], found["cells"], strict=True)
    return table(["", *map(str, classes)], [[f"`{name}`", *cells] for name, cells in rows])
