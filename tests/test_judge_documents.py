# ruff: noqa: E501
"""Documents in several styles with known right and wrong lines; every witness is checked apart."""

import json
import re
from fractions import Fraction

import pytest
import sympy

from derive.judge.report import verify

PLAIN = """Softmax regression, one example. y is one-hot.
p_i = exp(z_i) / sum_k exp(z_k)
L = -sum_k y_k log(p_k)
dp_i/dz_j = p_i (delta_ij - p_j)
dp_i/dz_j = p_i (1 - p_j)
dL/dp_i = -y_i/p_i
dL/dz_i = p_i - y_i
dL/dz_i = y_i - p_i
sigma'(x) = sigma(x) (1 - sigma(x))
"""

NOTEBOOK = json.dumps({"cells": [
    {"cell_type": "markdown", "source": [
        "The model is $h^{(i)} = \\sigma(\\sum_j w_j x_j^{(i)} + b)$, $\\sigma(t) = \\frac{1}{1+e^{-t}}$.\n"]},
    {"cell_type": "code", "source": ["h = 1"]},
    {"cell_type": "markdown", "source": [
        "$$J = -\\frac{1}{m}\\sum_{i=1}^m \\left[ y^{(i)} \\log h^{(i)} + (1-y^{(i)}) \\log(1-h^{(i)}) \\right]$$\n",
        "$$\\frac{\\partial J}{\\partial w_j} = \\frac{1}{m}\\sum_{i=1}^m (h^{(i)} - y^{(i)}) x_j^{(i)}$$\n",
        "$$\\frac{\\partial J}{\\partial b} = \\sum_{i=1}^m (h^{(i)} - y^{(i)})$$\n",
        "$$\\frac{\\partial J}{\\partial w_j} = \\frac{1}{m}\\sum_{i=1}^m (y^{(i)} - h^{(i)}) x_j^{(i)}$$"]},
]})  # fmt: skip

CHINESE = r"""设 $a_j = \frac{e^{z_j}}{\sum_{k} e^{z_k}}$，损失函数 $C = -\sum_k y_k \ln a_k$。

当 $i \neq j$ 时：

$$\frac{\partial a_j}{\partial z_i} = \frac{0 - e^{z_j} e^{z_i}}{(\sum_k e^{z_k})^2} = a_j a_i$$

于是
$$
\begin{aligned}
\frac{\partial C}{\partial z_i} &= -\sum_k y_k \frac{1}{a_k} \frac{\partial a_k}{\partial z_i} \\
&= -y_i + y_i a_i + \sum_{k \neq i} y_k a_i \\
&= a_i - y_i
\end{aligned}
$$
"""

NUMBERS = r"""Let $p_i = \frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}$. For $z = (-3, 1.5, 2.7)$ we get
$$p = (0.0026, 0.2308, 0.7666)$$
For $z = (2.0, 1.0, 0.1)$: $p \approx (0.659, 0.242, 0.099)$, so $p_1 \approx 0.659$, $p_2 \approx 0.241$.
"""

BOLD = r"""We use $\mathbf{p} = \mathrm{softmax}(\mathbf{z})$ and $L = -\mathbf{y}^\top \log \mathbf{p}$.
$$\nabla_{\mathbf{z}} L = \mathbf{p} - \mathbf{y}$$
$$\frac{\partial \mathbf{p}}{\partial \mathbf{z}} = \mathrm{diag}(\mathbf{p}) - \mathbf{p}\mathbf{p}^\top$$
$$\frac{\partial \mathbf{p}}{\partial \mathbf{z}} = \mathrm{diag}(\mathbf{p}) + \mathbf{p}\mathbf{p}^\top$$
With $\mathbf{z} = W\mathbf{x} + \mathbf{b}$:
$$\frac{\partial L}{\partial W} = (\mathbf{p} - \mathbf{y})\mathbf{x}^\top$$
$$\frac{\partial L}{\partial \mathbf{b}} = \mathbf{y} - \mathbf{p}$$
$\log \sigma(t) = -\log(1+e^{-t})$ and $\log \sigma(t) = \log(1+e^{-t})$
"""

LAYERS = r"""$$z_1 = xW_1 + b_1 \\ a_1 = \tanh(z_1) \\ z_2 = a_1W_2 + b_2 \\ \hat{y} = \mathrm{softmax}(z_2)$$
$$L = - \sum_{i} y_{i} \log\hat{y}_{i}$$
$$\delta_3 = \hat{y} - y \\ \delta_2 = (1 - \tanh^2z_1) \circ \delta_3W_2^T$$
$$\frac{\partial{L}}{\partial{W_2}} = a_1^T \delta_3$$
$$\frac{\partial{L}}{\partial{b_2}} = y - \hat y$$
$$\frac{\partial{L}}{\partial{W_1}} = x^T \delta_2$$
"""

D, P, C, R = "definition", "proved", "conditional", "refuted"
DOCUMENTS = {
    "plain text": (PLAIN, [D, D, P, R, P, C, R, P]),
    "a notebook": (NOTEBOOK, [D, P, D, P, R, R]),
    "Chinese": (CHINESE, [D, D, C, R, P, P, C]),
    "numbers": (NUMBERS, [D, D, R, D, P, P, R]),
    "bold vectors": (BOLD, [D, D, C, P, R, D, C, R, P, R]),
    "layers": (LAYERS, [D] * 7 + [C, R, C]),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_right_and_wrong_lines_are_told_apart(name):
    text, expected = DOCUMENTS[name]
    report = verify(text)
    assert [r.verdict for r in report.relations] == expected, report.relations
    for relation in report.relations:
        if relation.verdict == R:
            witness = relation.as_dict()["witness"]
            left, right = (sympy.sympify(witness[side]) for side in ("lhs", "rhs"))
            assert abs((left - right).evalf(30)) > Fraction(1, 10**20), relation


def test_the_rounded_digit_after_a_formula_is_explained():
    [wrong, last] = [r for r in verify(NUMBERS).relations if r.verdict == R]
    assert "0.2309" in wrong.why
    assert "rounding the exponentials to 2 digits" in wrong.why
    assert "0.242" in last.why


SOFTMAX = r"$$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$ $$L = -\sum_i y_i \log p_i$$" + "\n\n"
LINES = [
    (r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} + p_j)",
     lambda p, y, i, j: (p[i] * (int(i == j) - p[j]), p[i] * (int(i == j) + p[j]))),
    (r"\frac{\partial p_i}{\partial z_j} = p_i (1 - p_i)",
     lambda p, y, i, j: (p[i] * (int(i == j) - p[j]), p[i] * (1 - p[i]))),
    (r"\frac{\partial L}{\partial z_j} = y_j p_j - y_j",
     lambda p, y, i, j: (p[j] * sum(y.values()) - y[j], y[j] * p[j] - y[j])),
    (r"\frac{\partial L}{\partial z_j} = y_j - p_j",
     lambda p, y, i, j: (p[j] * sum(y.values()) - y[j], y[j] - p[j])),
    (r"\sum_i p_i^2 = 1", lambda p, y, i, j: (sum(v**2 for v in p.values()), 1)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "both"), LINES, ids=[line for line, _ in LINES])
def test_a_witness_holds_when_it_is_evaluated_by_hand(line, both):
    witness = verify(SOFTMAX + f"$${line}$$").as_dict()["relations"][-1]["witness"]
    values = {k: sympy.sympify(v) for k, v in witness["values"].items()}
    where = {m[1]: {} for k in values if (m := re.match(r"(\w+)_\d+$", k))}
    for name, value in values.items():
        stem, _, place = name.rpartition("_")
        where[stem][int(place)] = value
    z, y = where["z"], where.get("y", {})
    size = witness["K"]
    total = sum(sympy.exp(z[k]) for k in range(1, size + 1))
    p = {k: sympy.exp(z[k]) / total for k in range(1, size + 1)}
    i, j = (witness["indices"].get(x, 1) for x in "ij")
    for ours, said in zip(both(p, y, i, j), (witness["lhs"], witness["rhs"]), strict=True):
        assert sympy.simplify(ours - sympy.sympify(said)) == 0, witness


MODEL = (
    r"$$h_i = \sigma(w x_i + b)$$ $$J = -\frac{1}{m}\sum_{i=1}^m"
    r" [y_i \log h_i + (1-y_i)\log(1-h_i)]$$"
)


@pytest.mark.parametrize(
    ("text", "slip", "right"),
    [
        (SOFTMAX + r"$$\frac{\partial L}{\partial z_j} = y_j - p_j$$", "sign", "p_{j} - y_{j}"),
        (SOFTMAX + r"$$\frac{\partial p_i}{\partial z_j} = p_i \delta_{ij} (1 - p_j)$$",
         "diagonal only", r"p_{i} \left(\delta_{ij} - p_{j}\right)"),
        (SOFTMAX + r"$$\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_i)$$",
         "swapped index", r"p_{i} \left(\delta_{ij} - p_{j}\right)"),
        (SOFTMAX + r"$$\frac{\partial L}{\partial z_j} = y_j p_j - y_j$$",
         "dropped sum", r"p_{j} \sum_{k=1}^{K} y_{k} - y_{j}"),
        (MODEL + r"$$\frac{\partial J}{\partial b} = \sum_{i=1}^m (h_i - y_i)$$",
         "missing 1/m", r"\frac{1}{K} \sum_{i=1}^{K} \left(h_{i} - y_{i}\right)"),
        (MODEL + r"$$\frac{\partial J}{\partial w} = \frac{1}{m}\sum_{i=1}^m (h_i - y_i)$$",
         "dropped factor", r"\frac{1}{K} \sum_{i=1}^{K} x_{i} \left(h_{i} - y_{i}\right)"),
        (SOFTMAX + r"$$\log p_i = z_i - \log_2 \sum_k e^{z_k}$$",
         "log base", r"z_{i} - \log \sum_{k=1}^{K} e^{z_{k}}"),
        (SOFTMAX.replace("_k ", "_{k=1}^K ") + r"$$\sum_{i=1}^{K-1} p_i = 1$$", "off by one", r"\sum_{i=1}^{K} p_{i}"),
    ],
)  # fmt: skip
def test_the_slip_is_named_with_the_right_line(text, slip, right):
    relation = verify(text).relations[-1]
    assert relation.verdict == R
    assert relation.slip is not None, relation
    assert (relation.slip.name, relation.slip.right) == (slip, right)
