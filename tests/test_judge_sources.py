"""The statements of the sources, written as a person writes them, come out as they deserve."""

import pytest

from derive.judge.report import verify

SOFTMAX = r"$$a_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$$" + "\n\n"
P = r"$$p_i = \frac{e^{z_i}}{\sum_{k=1}^n e^{z_k}}$$" + "\n\n"
COST = r"$$C = -\sum_k y_k \ln a_k$$" + "\n\n"
LOSS = r"$$L = -\sum_i y_i \log p_i$$" + "\n\n"
LINEAR = r"$$z_j = \sum_k w_{jk} x_k + b_j$$" + "\n\n"

ROWS = [
    ("A2", SOFTMAX + r"$$a_j = \frac{z_j}{\sum_k z_k}$$", "refuted", ""),
    ("A3", SOFTMAX + r"$$\sum_j a_j = 1$$", "proved", ""),
    ("A5", SOFTMAX + r"For $i = j$: $$\frac{\partial a_j}{\partial z_i} = a_j(1-a_j)$$",
     "conditional", "i = j"),
    ("A5", SOFTMAX + r"For $i \neq j$: $$\frac{\partial a_j}{\partial z_i} = -a_j a_i$$",
     "conditional", "i ≠ j"),
    ("A7", SOFTMAX + COST + r"$$\frac{\partial C}{\partial z_j} = a_j - y_j$$",
     "conditional", "Σ_k y_k = 1"),
    ("A10", P + r"$$\frac{dp_i}{dz_i} = \frac{e^{z_i}}{S} - \left(\frac{e^{z_i}}{S}\right)^2$$"
     "\n\n" r"with $S = \sum_k e^{z_k}$", "proved", ""),
    ("A11", P + r"$$\frac{\partial p}{\partial z} = \operatorname{diag}(p_1(1-p_1), \dots, "
     r"p_n(1-p_n))$$", "refuted", ""),
    ("A6", SOFTMAX + COST + r"Let $y$ be one-hot with $y_c = 1$. $$C = -\log a_c$$",
     "conditional", "y is one-hot at c"),
    ("A7", SOFTMAX + COST + LINEAR + r"$$\frac{\partial C}{\partial b_j} = a_j - y_j$$",
     "conditional", "Σ_k y_k = 1"),
    ("A8", SOFTMAX + COST + LINEAR + r"$$\frac{\partial C}{\partial w_{jk}} = x_k (a_j - y_j)$$",
     "conditional", "Σ_k y_k = 1"),
    ("A11", P + r"$$\frac{\partial p}{\partial z} = [p_1(1-p_1), \dots, p_n(1-p_n)]$$",
     "refuted", ""),
    ("A11", P + r"$$\frac{\partial p_i}{\partial z_j} = p_i (1-p_i)$$", "refuted", ""),
    ("B5", r"$$\text{softmax}((x_1, x_2))_1 = \sigma(x_1 - x_2)$$", "proved", ""),
    ("B7", r"$$H(p, q) = -\sum_i p_i \log q_i$$"
     r"$$\frac{\partial H}{\partial q_i} = -\frac{p_i}{q_i}$$", "proved", ""),
    ("B8", P + r"$$\frac{\partial p_i}{\partial z_i} = p_i(1-p_i)$$", "proved", ""),
    ("B11", r"$$\prod_{i=1}^k \phi_i^{1\{y=i\}} = \exp\left(\sum_{i=1}^{k-1} 1\{y=i\}"
     r" \log\frac{\phi_i}{\phi_k} + \log\phi_k\right)$$", "proved", ""),
    ("C7", r"$$\hat y_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$$ $$L = -\sum_j y_j \log \hat y_j$$"
     r"$$\frac{\partial L}{\partial z} = \hat y - y$$", "conditional", "Σ_k y_k = 1"),
    ("D3", P + r"For $z = (-3, 1.5, 2.7)$: $p = (0.0026, 0.2308, 0.7666)$", "refuted", ""),
    ("D5", P + r"$$-\log p_c = -z_c + \log \sum_k e^{z_k}$$", "proved", ""),
    ("D6", P + LOSS + r"Let $y$ be one-hot. $$-\sum_i y_i \log p_i = -\log p_c$$",
     "conditional", "y is one-hot at c"),
    ("B2", r"$$\sigma(x) = \frac{1}{1+e^{-x}}$$ $$\sigma'(x) = \sigma(x)(1-\sigma(x))$$",
     "proved", ""),
    ("B3", r"$$\zeta(x) = \log(1+e^x)$$ $$\zeta'(x) = \frac{1}{1+e^{-x}}$$", "proved", ""),
    ("B9", P + LOSS + r"$$\frac{\partial L}{\partial z_i} = y_i(p_i - 1)$$", "refuted", ""),
    ("C4", r"$-\log 0.2 \approx 1.609$", "proved", ""),
    ("D2", P + r"$$\operatorname{softmax}(z - c) = \operatorname{softmax}(z)$$", "proved", ""),
    ("D3", r"$\text{softmax}((-3, 1.5, 2.7)) \approx (0.0026, 0.2308, 0.7666)$", "refuted", ""),
    ("D4", P + r"$$\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij} - p_j)$$", "proved", ""),
    ("D7", P + LOSS + r"$$\frac{\partial L}{\partial z_j} = p_j \sum_i y_i - y_j$$",
     "proved", ""),
    ("D8", P + LOSS + r"$$p_j \sum_i y_i - y_j = p_j - y_j$$", "conditional", "Σ_k y_k = 1"),
    ("E2", r"$\text{softmax}((2.0, 1.0, 0.1)) \approx (0.659, 0.242, 0.099)$", "proved", ""),
]  # fmt: skip


@pytest.mark.parametrize(("row", "text", "verdict", "condition"), ROWS)
def test_row(row: str, text: str, verdict: str, condition: str) -> None:
    report = verify(text)
    relation = [r for r in report.relations if r.verdict != "definition"][-1]
    assert relation.verdict == verdict, (row, relation)
    assert relation.condition == condition, (row, relation)
    if verdict == "refuted":
        assert relation.witness is not None


def test_the_wrong_digit_is_explained() -> None:
    report = verify(r"$\text{softmax}((-3, 1.5, 2.7)) \approx (0.0026, 0.2308, 0.7666)$")
    assert "0.2309" in report.relations[0].why
    assert "rounding the exponentials to 2 digits" in report.relations[0].why


def test_a_dropped_sum_is_a_wrong_step() -> None:
    chain = (
        r"$$\frac{\partial L}{\partial z_j} = -\sum_i \frac{y_i}{p_i} \frac{\partial p_i}{\partial z_j}"  # noqa: E501
        r" = -y_j(1-p_j) - \sum_{i \neq j} y_i p_j = p_j \sum_i y_i - y_j$$"
    )
    report = verify(P + LOSS + chain)
    verdicts = [r.verdict for r in report.relations]
    assert verdicts[2:] == ["proved", "refuted", "refuted"]
    assert report.first_wrong == 4
    assert report.right_end_wrong_step == (4, 5)
    assert report.status == 1
