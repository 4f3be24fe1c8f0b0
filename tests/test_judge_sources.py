"""The statements of the sources, written as a person writes them, come out as they deserve."""

import numpy as np
import pytest

from derive.judge.code.verdict import verify_function
from derive.judge.report import verify

SOFTMAX = r"$$a_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$$" + "\n\n"
P = r"$$p_i = \frac{e^{z_i}}{\sum_{k=1}^n e^{z_k}}$$" + "\n\n"
COST = r"$$C = -\sum_k y_k \ln a_k$$" + "\n\n"
LOSS = r"$$L = -\sum_i y_i \log p_i$$" + "\n\n"
LINEAR = r"$$z_j = \sum_k w_{jk} x_k + b_j$$" + "\n\n"
LAYERS = (
    r"$$z_j^{(L)} = \sum_k w_{jk}^{(L)} a_k^{(L-1)} + b_j^{(L)}$$"
    r"$$a_j^{(L)} = \frac{e^{z_j^{(L)}}}{\sum_k e^{z_k^{(L)}}}$$ $$C = -\sum_k y_k \ln a_k^{(L)}$$"
    r"$$\frac{\partial C}{\partial w_{jk}^{(L)}} = a_k^{(L-1)} (a_j^{(L)} - y_j)$$"
)
LINK = r"$$\eta_i = \log\frac{\phi_i}{\phi_k}$$" + "\n\n"
INVERSE = "\n\n" + r"$$\phi_i = \frac{e^{\eta_i}}{\sum_{j=1}^k e^{\eta_j}}$$"
ONE = "Σ_k phi_k = 1"
TEMPERED = r"$$p_i = \frac{e^{z_i/\tau}}{\sum_k e^{z_k/\tau}}$$" + "\n\n"
PARTITION = r"$$a(\eta) = \log\left(1+\sum_{k=1}^{K-1} e^{\eta_k}\right)$$" + "\n\n"

ROWS = [
    ("A2", SOFTMAX + r"$$a_j = \frac{z_j}{\sum_k z_k}$$", "refuted", ""),
    ("A3", SOFTMAX + r"$a_j > 0$", "proved", ""),
    ("A4", SOFTMAX + r"$z_i > z_j \Rightarrow a_i > a_j$", "proved", ""),
    ("A4", SOFTMAX + r"$z_1 < z_2 \implies a_1 < a_2$", "proved", ""),
    ("A4", SOFTMAX + r"$z_i > z_j \Rightarrow a_i < a_j$", "refuted", ""),
    ("A4", SOFTMAX + r"$$\frac{\partial a_j}{\partial z_j} > 0$$", "conditional", "K ≥ 2"),
    ("A4", SOFTMAX + r"$$\frac{\partial a_j}{\partial z_j} = a_j(1-a_j) > 0$$",
     "conditional", "K ≥ 2"),
    ("A8", LAYERS, "conditional", "Σ_k y_k = 1"),
    ("A8", LAYERS.replace("^{(L)}", "^L").replace("^{(L-1)}", "^{L-1}"),
     "conditional", "Σ_k y_k = 1"),
    ("A8", SOFTMAX + COST + r"$$z_j = \sum_k w_{jk} a^{L-1}_k + b_j$$"
     r"$$\frac{\partial C}{\partial w_{jk}} = a^{L-1}_k (a_j - y_j)$$",
     "conditional", "Σ_k y_k = 1"),
    ("A11", P + r"$$\nabla_z p = \begin{bmatrix} p_1(1-p_1) \\ \vdots \\ p_n(1-p_n)"
     r"\end{bmatrix}$$", "refuted", ""),
    ("A11", P + r"$$\text{softmax}'(z) = [p_1(1-p_1), p_2(1-p_2), \ldots, p_n(1-p_n)]$$",
     "refuted", ""),
    ("B1", r"$0 < \sigma(x) < 1$", "proved", ""),
    ("B3", r"$$\zeta(x) = \log(1+e^x)$$ $$\zeta(x) > 0$$", "proved", ""),
    ("B4", P + r"$p_i < 1$", "conditional", "K ≥ 2"),
    ("B4", P + r"$p_i \le 1$", "proved", ""),
    ("B5", r"$$\text{softmax}((x_1, 0))_1 = \sigma(x_1)$$", "proved", ""),
    ("B6", r"$$H(p,q) = -\sum_i p_i \log q_i$$ $$H(p,q) = H(q,p)$$", "refuted", ""),
    ("B6", r"$$H(p,q) = -\sum_i p_i \log q_i$$ $$H(p,q) \neq H(q,p)$$", "proved", ""),
    ("B9", P + LOSS + r"$$\frac{\partial L}{\partial z_i} = "
     r"\frac{\partial L}{\partial p_i}\frac{\partial p_i}{\partial z_i}$$", "refuted", ""),
    ("B11", r"where $\sum_{i=1}^k \phi_i = 1$ and $\phi_i > 0$. $$\prod_{i=1}^k \phi_i^{y_i} = "
     r"\exp\left(\sum_{i=1}^{k-1} y_i \log\frac{\phi_i}{\phi_k} + \log\phi_k\right)$$",
     "conditional", "phi > 0 and Σ_k y_k = 1"),
    ("B12", LINK + r"$$e^{\eta_i} = \frac{\phi_i}{\phi_k}$$" + INVERSE, "conditional", ONE),
    ("B12", LINK + r"$$\phi_k \sum_{i=1}^k e^{\eta_i} = \sum_{i=1}^k \phi_i = 1$$" + INVERSE,
     "conditional", ONE),
    ("B12", LINK + INVERSE, "conditional", ONE),
    ("B12", LINK + r"$$\phi_i = \frac{e^{\eta_i}}{1+\sum_{j=1}^{k-1} e^{\eta_j}}$$",
     "conditional", ONE),
    ("C1", r"$e^5 + e^2 + e^{-1} + e^3 \approx 176.3$", "proved", ""),
    ("C1", r"$$\text{softmax}((5,2,-1,3)) \approx (0.842, 0.042, 0.002, 0.114)$$", "proved", ""),
    ("C3", r"$$\frac{e^{z_2}}{e^{z_1}+e^{z_2}} = 1 - \sigma(z_1-z_2)$$", "proved", ""),
    ("D6", P + r"$y=[0,1,0]$: $$-\sum_i y_i \log p_i = -\log p_2$$", "proved", ""),
    ("X1", P + r"$$\frac{\partial \log p_i}{\partial z_j} = \delta_{ij} - p_j$$", "proved", ""),
    ("X2", r"$$f(z) = \log\sum_k e^{z_k}$$ $$\nabla^2 f = \operatorname{diag}(p) - pp^T$$"
     + "\n\n" + P, "proved", ""),
    ("X2", r"$$z_i \le \log\sum_k e^{z_k}$$", "proved", ""),
    ("X5", TEMPERED + r"$$\frac{\partial p_i}{\partial z_j} = \frac1\tau p_i(\delta_{ij}-p_j)$$",
     "proved", ""),
    ("X5", TEMPERED + r"$$\frac{\partial p_i}{\partial \tau} = "
     r"\frac{p_i}{\tau^2}\left(\sum_k p_k z_k - z_i\right)$$", "proved", ""),
    ("X9", r"$$\tanh x = 2\sigma(2x) - 1$$", "proved", ""),
    ("X9", r"$$\frac{d}{dx}\tanh x = 1 - \tanh^2 x$$", "proved", ""),
    ("X9", r"$$\zeta(x) = \log(1+e^x)$$ $$\log\sigma(x) = -\zeta(-x)$$", "proved", ""),
    ("X10", P + r"$$H = -\sum_i p_i\log p_i$$"
     r"$$\frac{\partial H}{\partial z_i} = -p_i(\log p_i + H)$$", "proved", ""),
    ("X12", PARTITION + r"$$\frac{\partial a}{\partial \eta_i} = "
     r"\frac{e^{\eta_i}}{1+\sum_{k=1}^{K-1} e^{\eta_k}}$$", "proved", ""),
    ("X12", PARTITION + r"$$\frac{\partial a}{\partial \eta_i} = "
     r"\frac{e^{\eta_i}}{1+\sum_{k=1}^{K-1} e^{\eta_k}} = \phi_i$$"
     r"$$\frac{\partial^2 a}{\partial\eta_i\partial\eta_j} = \phi_i(\delta_{ij}-\phi_j)$$",
     "proved", ""),
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
     r" \log\frac{\phi_i}{\phi_k} + \log\phi_k\right)$$", "conditional", "phi > 0"),
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


A10 = r"""$$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$ Let $S = \sum_j e^{z_j}$.
$$\frac{dp_i}{dz_i} = \frac{e^{z_i}S - e^{z_i}e^{z_i}}{S^2}
 = \frac{e^{z_i}}{S} - \left(\frac{e^{z_i}}{S}\right)^2 = p_i - p_i^2 = p_i(1-p_i)$$"""
D7 = r"""$$\frac{\partial L}{\partial z_j}
 = -\sum_i \frac{y_i}{p_i}\frac{\partial p_i}{\partial z_j}
 = -y_j(1-p_j) + \sum_{i\neq j} y_i p_j = p_j \sum_i y_i - y_j$$"""
D5 = r"$$-\log p_c = -\log\frac{e^{z_c}}{\sum_k e^{z_k}} = -z_c + \log\sum_k e^{z_k}$$"
B5 = r"""$$\text{softmax}((x_1, x_2))_1 = \frac{e^{x_1}}{e^{x_1}+e^{x_2}}
 = \frac{1}{1+e^{-(x_1-x_2)}} = \sigma(x_1-x_2)$$"""


@pytest.mark.parametrize(
    ("text", "count"), [(A10, 4), (P + LOSS + D7, 3), (P + D5, 2), (B5, 3)],
    ids=["A10", "D7", "D5", "B5"],
)  # fmt: skip
def test_a_chain_is_true_line_by_line(text: str, count: int) -> None:
    found = [r.verdict for r in verify(text).relations]
    assert found[-count:] == ["proved"] * count
    assert set(found[:-count]) <= {"definition"}


def test_only_the_own_component_of_the_chain_rule() -> None:
    """B9: the slip is named, and the right line has the sum over all components."""
    found = verify(P + LOSS + r"$$\frac{\partial L}{\partial z_i} = y_i(p_i - 1)$$").relations[-1]
    assert found.slip is not None
    assert found.slip.name == "own term only"
    assert r"\sum" in found.slip.right


def test_softmax_as_code_overflows() -> None:
    """E3."""
    found = verify_function(lambda z: np.exp(z) / np.sum(np.exp(z)), "softmax")
    assert found.verdict != "agrees"
    assert "overflow" in str(found.as_dict())


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
