"""Formulas of docstrings stand in the order of the write-ups."""

import pytest

from derive.codegen.formula import formula
from derive.kernel.language import Sum, Symbol, delta, exp, factorial, log
from derive.notation import K, N, c, eta, gamma, i, j, k, p, y, z
from derive.render.maths import plain

eps = Symbol("epsilon", real=True)

ORDER = {
    "p_i + ε y_i − y_i − ε p_i": p[i] + eps * y[i] - eps * p[i] - y[i],
    "p_i − δ_ic": p[i] - delta(i, c),
    "p_i (δ_ij − p_j)": p[i] * (delta(i, j) - p[j]),
    "γ / K + δ_ic (1 − γ)": (1 - gamma) * delta(i, c) + gamma / K,
    "δ_iK": delta(K, i),
    "N + 1": N + 1,
    "N! exp(z_i)": exp(z[i]) * factorial(N),
    "1 + exp(η_i)": 1 + exp(eta[i]),
    "p_i Σ_k y_k − y_i": p[i] * Sum(y[k], (k, 1, K)) - y[i],
}


@pytest.mark.parametrize("text", ORDER)
def test_terms_factors_and_indices_are_ordered_as_on_the_pages(text):
    assert formula(ORDER[text]) == text == plain(ORDER[text])


def test_a_logarithm_has_parentheses():
    assert formula(-log(p[i])) == "−log(p_i)"
