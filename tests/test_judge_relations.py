"""Relations that are no equalities: what is proved, what is refuted and where, what stays open."""

from dataclasses import replace

import pytest
from sympy import Integer

from derive.judge import report as reports
from derive.judge.confirm import NoValue, Walk, confirmed
from derive.judge.report import verify
from derive.kernel.facts import Context, Definition
from derive.kernel.language import Partial, Sum, delta, exp, log
from derive.kernel.verdicts import Witness
from derive.notation import K, i, j, k, p, z

P = r"$$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$" + "\n\n"

TOTALS = "Σ_k p_k = 1 and Σ_k q_k = 1"

CASES = [
    (P + r"$p_i(1-p_i) \le \frac14$", "proved", ""),
    (P + r"$p_i(1-p_i) < \frac14$", "refuted", ""),
    (P + r"$-\log p_i \ge 0$", "proved", ""),
    (P + r"$p_i > p_j$", "refuted", ""),
    (P + r"$p_i \ge \sum_k p_k$", "refuted", ""),
    (P + r"$p_i \propto e^{z_i}$", "proved", ""),
    (P + r"$p_i \propto z_i$", "refuted", ""),
    (P + r"$p_i \propto 0$", "undecided", ""),
    (r"$a^2 + b^2 \ge 2ab$", "proved", ""),
    (r"$x^2 \ge x$", "refuted", ""),
    (r"$x^2 > 0$", "refuted", ""),
    (r"$x > 0$ so $x^2 > 0$", "conditional", "x > 0"),
    (r"$e^x > x$", "undecided", ""),
    (r"$e^x \ge 1 + x$", "proved", ""),
    (r"$\log x \le x - 1$", "proved", ""),
    (r"$\log x < x - 1$", "refuted", ""),
    (r"$a > b \Rightarrow e^a > e^b$", "proved", ""),
    (r"$a > b \Rightarrow a^2 > b^2$", "refuted", ""),
    (r"$a > b \Rightarrow c^2 > d$", "undecided", ""),
    (r"$z_i > z_j$", "definition", ""),
    (r"$3 < 5$", "proved", ""),
    (r"$e^2 > 8$", "refuted", ""),
    (P + r"$z_i \ge z_j \Rightarrow p_i \ge p_j$", "proved", ""),
    (P + r"$z_i \ge z_j \Rightarrow p_i \le p_j$", "refuted", ""),
    (r"$z_j \le \log \sum_k e^{z_k}$", "proved", ""),
    (r"$\log \sum_k e^{z_k} \le \sum_k z_k$", "refuted", ""),
    (r"$\sum_k p_k \log\frac{p_k}{q_k} \ge 0$", "conditional", TOTALS),
    (r"$\sum_k p_k \log\frac{p_k}{q_k} \le 0$", "refuted", ""),
    (r"$\sum_k p_k \log\frac{p_k}{q_k} \ge 1$", "refuted", ""),
    (r"$D = \sum_k p_k \log\frac{p_k}{q_k}$ and $D \ge 0$", "conditional", TOTALS),
    (r"$\sum_k p_k \log p_k \ge \sum_k p_k \log q_k$", "conditional", TOTALS),
    (r"$\sum_k p_k \log p_k \ge \sum_k q_k \log q_k$", "refuted", ""),
    (P + r"$-\sum_k p_k \log p_k \ge 0$", "proved", ""),
    (P + r"$\sum_k p_k \log p_k \ge 0$", "refuted", ""),
    (P + r"$H = -\sum_k p_k \log p_k$ and $H \le \log K$", "proved", ""),
    (P + r"$H = -\sum_k p_k \log p_k$ and $H \le \frac12 \log K$", "refuted", ""),
    (P + r"$H = -\sum_k p_k \log p_k$ and $H \ge \log K$", "refuted", ""),
    (r"$\max_k z_k \le \log\sum_k e^{z_k}$", "undecided", ""),
]


@pytest.mark.parametrize(("text", "verdict", "condition"), CASES)
def test_relation(text, verdict, condition):
    found = verify(text).relations[-1]
    assert found.verdict == verdict, found
    assert found.condition == condition
    assert (found.witness is not None) == (verdict == "refuted")
    assert found.why or verdict != "undecided"


def test_an_inequality_the_wrong_way_round():
    found = verify(r"$$z_i \ge \log\sum_k e^{z_k}$$").relations[0]
    assert found.verdict == "refuted"
    assert found.slip is not None
    assert found.slip.name == "reversed inequality"


SOFTMAX = Context().with_definitions(Definition(p[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, K))))
AT = Witness(
    {"K": 2}, {"i": 1, "j": 2}, {"z_1": Integer(0), "z_2": log(2)}, -Integer(2) / 9, Integer(2) / 9
)
LEFT, RIGHT = Partial(p[i], z[j]), p[i] * (1 - p[i])


def test_a_witness_is_worked_out_again():
    assert confirmed(AT, LEFT, RIGHT, SOFTMAX)


@pytest.mark.parametrize(
    "broken",
    [
        replace(AT, lhs=Integer(0)),
        replace(AT, rhs=Integer(1) / 3),
        replace(AT, values={**AT.values, "z_2": log(3)}),
        replace(AT, indices={"i": 1, "j": 1}),
        replace(AT, values={"z_1": Integer(0)}),
    ],
)
def test_a_witness_that_does_not_hold_is_found_out(broken):
    assert not confirmed(broken, LEFT, RIGHT, SOFTMAX)


def test_equal_sides_are_no_counterexample():
    same = replace(AT, rhs=AT.lhs)
    assert not confirmed(same, LEFT, p[i] * (delta(i, j) - p[j]), SOFTMAX)
    assert not confirmed(same, LEFT, RIGHT, SOFTMAX, "≤")


def test_second_derivatives_and_missing_values():
    walk = Walk(AT, SOFTMAX)
    curved = walk.at(Partial(Partial(log(Sum(exp(z[k]), (k, 1, K))), z[i]), z[j]))
    assert abs(curved + 2 / Integer(9)) < 1e-12
    with pytest.raises(NoValue):
        walk.at(log(z[i]))


def test_a_wrong_witness_is_never_shown(monkeypatch):
    """Break the search on purpose: the refutation does not stand."""
    honest = verify(P + r"$$\frac{\partial p_i}{\partial z_j} = p_i(1 - p_i)$$").relations[-1]
    assert honest.verdict == "refuted"
    judge = reports.judge

    def lying(claim, model):
        found = judge(claim, model)
        if found.witness is None:
            return found
        return replace(found, witness=replace(found.witness, lhs=Integer(7)))

    monkeypatch.setattr(reports, "judge", lying)
    found = verify(P + r"$$\frac{\partial p_i}{\partial z_j} = p_i(1 - p_i)$$").relations[-1]
    assert found.verdict == "undecided"
    assert found.witness is None


SLIPS = [
    (r"\frac{\partial L}{\partial W_{jk}} = x_j (p_k - y_k)", "transposed"),
    (r"\frac{\partial L}{\partial z_i} = y_i - p_i", "sign"),
    (r"\frac{\partial L}{\partial z_i} = y_i(p_i - 1)", "own term only"),
    (r"\frac{\partial p_i}{\partial z_j} = p_i(1 - p_i)", "diagonal only"),
    (r"\frac{\partial p_i}{\partial z_j} = -p_i(1 - p_i)", "sign and diagonal only"),
]


@pytest.mark.parametrize(("line", "slip"), SLIPS)
def test_the_slip_is_named(line, slip):
    text = r"$$z_j = \sum_k W_{jk} x_k$$" + P + r"$$L = -\sum_i y_i \log p_i$$" + f"\n\n$${line}$$"
    found = verify(text).relations[-1]
    assert found.verdict == "refuted"
    assert found.slip is not None
    assert found.slip.name == slip


def test_layers_are_names_and_powers_are_powers():
    found = verify(r"$$z^{(1)}_j = \sum_k W^{(1)}_{jk} x_k$$ $$a_j = \sigma(z^{(1)}_j)$$").relations
    assert [r.verdict for r in found] == ["definition", "definition"]
    found = verify(r"$x^{N-1} x = x^N$").relations
    assert [r.verdict for r in found] == ["conditional"]  # x > 0


STEPS = [
    (r"e^{a + b} = e^a e^b", "exp_of_sum"),
    (r"\log \prod_{k=1}^n e^{z_k} = \sum_{k=1}^n z_k", "log_of_all"),
]


@pytest.mark.parametrize(("line", "rule"), STEPS)
def test_the_rule_that_makes_a_step_is_named(line, rule):
    [found] = verify(f"$${line}$$").relations
    assert (found.verdict, found.rule) == ("proved", rule)
