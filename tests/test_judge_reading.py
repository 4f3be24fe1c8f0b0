"""Reading: what people write, and every line that the project prints."""

import pytest

from derive.catalogue import all_derivations
from derive.judge.claims import Collector, vocabulary
from derive.judge.reading import read
from derive.judge.report import verify
from derive.judge.spans import cut
from derive.kernel.language import Equation, Indexed, Ranged, Symbol
from derive.kernel.matrices import scalars
from derive.render.maths import latex


def canonical(expr, depth=0):
    """The expression with its bound letters renamed by their depth."""
    if isinstance(expr, Ranged):
        expr = expr.rebound(Symbol(f"bound{depth}", integer=True, positive=True))
        return expr.func(canonical(expr.body, depth + 1), *expr.args[1:])
    if not expr.args or isinstance(expr, Indexed):
        return expr
    return expr.func(*(canonical(a, depth) for a in expr.args))


@pytest.mark.parametrize("derivation", all_derivations(), ids=lambda d: d.name)
def test_every_printed_line_is_read_back(derivation):
    for line in [derivation.start, *(s.after for s in derivation.steps)]:
        text = latex(line, derivation.context)
        found = read(text, derivation.context, line)
        if not isinstance(line, Equation):
            line, found = scalars(line), scalars(found)
        assert canonical(found) == canonical(line), text


def sides(text):
    source = cut(text)
    return [(c.lhs, c.sign, c.rhs) for c in Collector(source, vocabulary(source)).collect().claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$a = b$", [("a", "=", "b")]),
        ("\\(a = b\\) and \\[c \\approx d\\]", [("a", "=", "b"), ("c", "≈", "d")]),
        ("\\\\(a = b\\\\)", [("a", "=", "b")]),
        ("```math\na = b\n```", [("a", "=", "b")]),
        ("\\begin{align} a &= b \\\\[1em] &= c \\end{align}", [("a", "=", "b"), ("b", "=", "c")]),
        ("\\begin{eqnarray} a &=& b \\\\ c &=& d \\end{eqnarray}", [("a", "=", "b"), ("c", "=", "d")]),  # noqa: E501
        ("$$a = b$$\n\n$$= c$$", [("a", "=", "b"), ("b", "=", "c")]),
        ("$$a = \\\\ b$$", [("a", "=", "b")]),
        ("$$a = b \\\\ + c$$", [("a", "=", "b \\\\ + c")]),
        ("$a = b, \\quad i = 1, \\dots, n$", [("a", "=", "b")]),
        ("$$f(x) = \\begin{cases} 1 & x = 0 \\\\ 2 & x \\neq 0 \\end{cases}$$",
         [("f(x)", "=", "\\begin{cases} 1 & x = 0 \\\\ 2 & x \\neq 0 \\end{cases}")]),
        ("x = y + 1\nprose\nz = 2", [("x", "=", "y + 1"), ("z", "=", "2")]),
        ("```python\na = b\n```\n$c = d$", [("c", "=", "d")]),
    ],
)  # fmt: skip
def test_relations_are_found_where_they_stand(text, expected):
    assert sides(text) == expected


def test_a_notebook_is_its_markdown_cells():
    text = '{"cells": [{"cell_type": "markdown", "source": ["$a = b$"]}, {"cell_type": "code"}]}'
    assert sides(text) == [("a", "=", "b")]


SOFTMAX = r"$$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$" + "\n\n"


@pytest.mark.parametrize(
    "formula",
    [
        r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}",
        r"p_i = \frac{\exp(z_i)}{\sum\limits_{j} \exp(z_j)}",
        r"p_i = {e^{z_i} \over \sum_j e^{z_j}}",
        r"p_j = \frac{e^{z_j}}{\sum_j e^{z_j}}",
        r"p_i = \frac{e^z_i}{\sum e^{z_k}}",
        r"p_i = \operatorname{softmax}(z)_i",
        r"\partial p_i / \partial z_j = p_i (1_{i=j} - p_j)",
        r"\frac{\partial p_i}{\partial z_j} = p_i (\mathbb{1}\{i=j\} - p_j)",
        r"\frac{\partial p_i}{\partial z_j} = \begin{cases} p_i(1-p_i) & \text{if } i=j \\ -p_ip_j & \text{otherwise} \end{cases}",  # noqa: E501
        r"\frac{\partial p_i}{\partial z_j} = \left\{ \begin{matrix} p_i(1-p_i) & i=j \\ -p_ip_j & i\ne j \end{matrix} \right.",  # noqa: E501
        r"\frac{\partial \mathbf{p}}{\partial \mathbf{z}} = \operatorname{diag}(\mathbf{p}) - \mathbf{p}\mathbf{p}^{\top}",  # noqa: E501
        r"\sum_i p_i = 1",
        r"p_1 + p_2 + \dots + p_K = 1",
        r"\log p_i = z_i - log \sum_k e^{z_k}",
        r"∂p_i/∂z_j = p_i (δ_ij − p_j)",
        r"\frac{\partial}{\partial z_j} \log p_i = δ_{ij} - p_j",
        r"\sum_{k \neq i} p_k = 1 - p_i",
    ],
)  # fmt: skip
def test_spellings_are_understood(formula):
    relation = verify(SOFTMAX + f"$${formula}$$").relations[-1]
    assert relation.verdict == "proved", relation


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"\frac{\partial p_i}{\partial z_j} = p_i (1 - p_j)", "refuted"),
        (r"\sum_k e^{z_k} = K e^{z_k}", "refuted"),
        (r"\sum_i p_i^2 = 1", "refuted"),
        (r"p_i = \foo{z}", "unread"),
        (r"p_i = (z_i", "unread"),
        (r"\max_k p_k \le 1", "undecided"),
    ],
)
def test_what_is_wrong_or_unread_is_said(formula, verdict):
    relation = verify(SOFTMAX + f"$${formula}$$").relations[-1]
    assert relation.verdict == verdict, relation
    assert relation.why


def test_own_macros_are_expanded():
    text = r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}" + "\n"
    text += SOFTMAX + r"$$\pd{p_i}{z_j} = p_i(\delta_{ij} - p_j)$$"
    assert verify(text).relations[-1].verdict == "proved"


def test_what_is_given_counts():
    loss = SOFTMAX + r"$$L = -\sum_k y_k \log p_k$$ $$\frac{\partial L}{\partial z_i} = p_i - y_i$$"
    assert verify(loss).relations[-1].condition == "Σ_k y_k = 1"
    assert verify(r"$$p_i = p_j$$", given=["i = j"]).relations[-1].verdict == "conditional"


def test_the_default_notation_is_used_and_said():
    relation = verify(r"$\partial L/\partial z_i = p_i - y_i$").relations[0]
    assert relation.verdict == "conditional"
    assert relation.condition == "Σ_k y_k = 1"
    assert "taken as softmax of z" in relation.why
