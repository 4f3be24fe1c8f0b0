# ruff: noqa: E501
"""Documents in the ways that people write: each line right, right under a condition, or wrong."""

import pytest

from derive.judge.report import verify

BATCH = r"""A layer for $N$ rows: $Z_1 = X W_1 + b_1$, $A_1 = \tanh(Z_1)$, $Z_2 = A_1 W_2 + b_2$, $P = \mathrm{softmax}(Z_2)$,
$$L = -\frac{1}{N} \sum_{n=1}^N \sum_{k=1}^K Y_{nk} \log P_{nk}$$
$$\frac{\partial L}{\partial Z_2} = \frac1N (P - Y)$$
$$\frac{\partial L}{\partial W_2} = A_1^T \frac{\partial L}{\partial Z_2}$$
$$\frac{\partial L}{\partial Z_1} = \frac{\partial L}{\partial A_1} \odot (1 - A_1^2)$$
$$\frac{\partial L}{\partial W_2} = A_1^T (P - Y)$$
$$\frac{\partial L}{\partial Z_2} = \frac1N (Y - P)$$
"""

ONE_EXAMPLE = r"""$h = \tanh(W_1 x + b_1)$, $z = W_2 h + b_2$, $\hat{y} = \text{softmax}(z)$, $L = -\sum_i y_i \log \hat{y}_i$.
$$\frac{\partial L}{\partial W_2} = (\hat{y} - y) h^\top$$
$$\frac{\partial L}{\partial h} = W_2^\top (\hat{y} - y)$$
$$\frac{\partial L}{\partial b_1} = W_2^\top (\hat{y} - y) \odot (1 - h \odot h)$$
$$\frac{\partial L}{\partial h} = W_2 (\hat{y} - y)$$
$$\frac{\partial L}{\partial W_2} = h (\hat{y} - y)^\top$$
"""

DIVERGENCE = r"""With $p = \text{softmax}(z)$, $H(q) = -\sum_k q_k \log q_k$ and $H(q,p) = -\sum_k q_k \log p_k$ we have
$$D_{KL}(q \| p) = \sum_k q_k \log\frac{q_k}{p_k}$$
$$D_{KL}(q \| p) = H(q,p) - H(q)$$
$$H(q) - H(q,p) = \sum_k q_k \log\frac{q_k}{p_k}$$
$$\frac{\partial D_{KL}(q \| p)}{\partial z_i} = p_i - q_i$$
$$\frac{\partial H(q,p)}{\partial z_i} = q_i - p_i$$
"""

HYPOTHESIS = r"""$h_\theta(x) = g(\theta^T x)$, $g(z) = \frac{1}{1+e^{-z}}$, and for $m$ examples
$$\ell(\theta) = \sum_{i=1}^m y^{(i)} \log h_\theta(x^{(i)}) + (1-y^{(i)}) \log(1-h_\theta(x^{(i)}))$$
For one example
$$\frac{\partial}{\partial\theta_j} \ell(\theta) = (y - h_\theta(x)) x_j$$
Over all of them
$$\frac{\partial \ell}{\partial\theta_j} = \sum_{i=1}^m (y^{(i)} - h_\theta(x^{(i)})) x_j^{(i)}$$
$$\nabla_\theta \ell = X^T (y - g(X\theta))$$
$$\nabla_\theta \ell = X^T (g(X\theta) - y)$$
"""

LAST_CLASS = r"""The last of $k$ parameters is $\phi_k = 1 - \sum_{i=1}^{k-1}\phi_i$, the link $\eta_i = \log\frac{\phi_i}{\phi_k}$.
$$e^{\eta_i} = \frac{\phi_i}{\phi_k}$$
$$\phi_k \sum_{i=1}^k e^{\eta_i} = \sum_{i=1}^k \phi_i$$
$$\phi_i = \frac{e^{\eta_i}}{\sum_{j=1}^k e^{\eta_j}}$$
$$\phi_i \sum_{j=1}^k e^{\eta_j} = e^{\eta_i} - 1$$
"""

TRUE_CLASS = r"""Scores $f = W x_i$, $p_k = \frac{e^{f_k}}{\sum_j e^{f_j}}$ and $L_i = -\log p_{y_i}$.
$$\frac{\partial L_i}{\partial f_k} = p_k - \mathbb{1}(y_i = k)$$
$$\frac{\partial L_i}{\partial f_k} = p_k + \mathbb{1}(y_i = k)$$
"""

PRIMED = r"""$\hat{y}_c = \frac{\exp(o_c)}{\sum_{c'=1}^C \exp(o_{c'})}$, $\ell = -\sum_c y_c \log \hat{y}_c$.
$$\partial_{o_c} \ell = \hat{y}_c - y_c$$
$$\partial_{o_c}^2 \ell = \hat{y}_c (1 - \hat{y}_c)$$
$\frac{\partial^2 \ell}{\partial o_c \partial o_d} = -\hat{y}_c \hat{y}_d$ for $c \neq d$, and not
$\frac{\partial^2 \ell}{\partial o_c \partial o_d} = \hat{y}_c \hat{y}_d$ for $c \neq d$.
"""

BINARY = r"""$$L(a, y) = -(y \log a + (1-y)\log(1-a))$$
$$\frac{dL(a,y)}{da} = -\frac{y}{a} + \frac{1-y}{1-a}$$
$$\frac{dL(a,y)}{da} = \frac{y}{a} + \frac{1-y}{1-a}$$
"""

TEACHER = r"""$p^t = \mathrm{softmax}(z^t/\tau)$, $p^s = \mathrm{softmax}(z^s/\tau)$ and $L_{KD} = \tau^2 \sum_i p^t_i \log\frac{p^t_i}{p^s_i}$ give
$$\frac{\partial L_{KD}}{\partial z^s_i} = \tau (p^s_i - p^t_i)$$
$$\frac{\partial L_{KD}}{\partial z^s_i} = p^s_i - p^t_i$$
"""

ROWS = r"""For the examples $x_i$ let $p_i = \sigma(w^T x_i)$ with $\sigma(t) = \frac{1}{1+e^{-t}}$, and
$$\ell(w) = -\sum_{i=1}^n [y_i \log p_i + (1-y_i)\log(1-p_i)]$$
$$\nabla_w \ell = \sum_{i=1}^n (p_i - y_i) x_i$$
$$\nabla_w^2 \ell = \sum_{i=1}^n p_i (1-p_i) x_i x_i^T$$
$$\nabla_w \ell = \sum_{i=1}^n (y_i - p_i) x_i$$
"""

PLAIN = """p_i = exp(z_i) / sum_j exp(z_j)
L = -sum_i y_i log p_i
dp_i/dz_j = p_i * (1{i==j} - p_j)
dp_i/dz_j = p_i * (1{i==j} + p_j)   # wrong on purpose
"""

COLUMNS = r"""$$\hat y_j^{(i)} = \frac{e^{z_j^{(i)}}}{\sum_k e^{z_k^{(i)}}}$$
$$J = -\frac1m \sum_{i=1}^m \sum_j y_j^{(i)} \log \hat y_j^{(i)}$$
$$\sum_j y_j^{(i)} = 1$$
$$\frac{\partial J}{\partial z_j^{(i)}} = \frac1m (\hat y_j^{(i)} - y_j^{(i)})$$
$$\frac{\partial J}{\partial z_j^{(i)}} = \frac1m (y_j^{(i)} - \hat y_j^{(i)})$$
$$\frac{\partial J}{\partial z_j^{(i)}} = \frac1m (\hat y_j^{(i)} \sum_i y_j^{(i)} - y_j^{(i)})$$
"""

CASES = {  # the last verdicts of each document: p proved, c conditional, r refuted
    "batch": (BATCH, "cpprr"), "one example": (ONE_EXAMPLE, "cccrr"),
    "divergence": (DIVERGENCE, "prcr"), "hypothesis": (HYPOTHESIS, "pppr"),
    "last class": (LAST_CLASS, "ppcr"), "true class": (TRUE_CLASS, "pr"),
    "primed": (PRIMED, "cccr"), "binary": (BINARY, "pr"), "teacher": (TEACHER, "pr"),
    "columns": (COLUMNS, "ccrr"), "rows": (ROWS, "ppr"), "plain": (PLAIN, "pr"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_line_gets_its_verdict(name: str) -> None:
    text, expected = CASES[name]
    found = [r.verdict for r in verify(text, seconds=30).relations]
    assert "".join(v[0] for v in found[-len(expected) :]) == expected, found
    assert "unread" not in found


def test_a_cost_that_is_not_read_proves_nothing() -> None:
    text = r"""$S = XW$, $P = \mathrm{softmax}(S)$, $L = -\sum_{n=1}^N \log P_{n,y_n}$.
$$\frac{\partial L}{\partial W} = X^T \frac{\partial L}{\partial S}$$
$$\frac{\partial L}{\partial W} = \frac{\partial L}{\partial S} X^T$$
"""
    assert [r.verdict for r in verify(text).relations][-2:] == ["undecided", "undecided"]


def test_matrices_are_not_read_as_numbers() -> None:
    text = r"""$Z = A B$
$$Z^T = A^T B^T$$
$$Z^T = B^T A^T$$
"""
    assert [r.verdict for r in verify(text).relations][1] != "proved"


def test_a_vector_beside_a_batch_is_right_for_one_example_only() -> None:
    text = r"""$z = xW + b$ and $p = \mathrm{softmax}(z)$, $L = -\frac1N\sum_{n \in N}\sum_{i \in C} y_{n,i}\log p_{n,i}$.
%s
$$\frac{\partial L}{\partial b} = p - y$$
$$\frac{\partial L}{\partial b} = y - p$$
"""
    verdicts = [[r.verdict for r in verify(text % words, seconds=30).relations][-2:]
                for words in ("For a single example:", "For the batch:")]  # fmt: skip
    assert verdicts[1] == ["undecided", "refuted"]
    assert verdicts[0] == ["conditional", "refuted"]


def test_the_class_index_may_come_first() -> None:
    """Columns y_j^{(i)} sum to 1 over j; a witness is told with the indices as written."""
    right, wrong = verify(COLUMNS, seconds=30).relations[3:5]
    assert right.condition == "Σ_k y_k = 1"
    values = wrong.witness.values
    assert values["y_1,1"] + values["y_2,1"] == 1 != values["y_1,1"] + values["y_1,2"]
    assert wrong.slip is not None
    assert wrong.slip.name == "sign"


def test_where_nothing_says_which_index_is_the_class_nothing_is_refuted() -> None:
    text = r"$$L = \sum_{a,b} y_{ab} c_b$$" "\n\n" r"$$\sum_{a,b} y_{ab} c_b = \sum_b c_b$$"
    [claim] = verify(text, seconds=30).relations[1:]
    assert claim.verdict == "undecided"
