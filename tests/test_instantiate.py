"""The second route: what it must confirm, what it must refute, and what it must not claim."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from derive.kernel.explicit.instantiate import ordered_everywhere, recheck, satisfiable
from derive.kernel.facts import (
    AtLeast,
    Definition,
    DifferentIndex,
    Fixed,
    OneHot,
    Positive,
    SameIndex,
    SumsTo,
)
from derive.kernel.language import (
    Cases,
    Eq,
    Indicator,
    Integer,
    Ne,
    Partial,
    Pow,
    Rational,
    Sum,
    delta,
    exp,
    log,
)
from derive.notation import (
    D,
    K,
    L,
    Quantity,
    W,
    b,
    c,
    d,
    i,
    j,
    k,
    l,
    m,
    n,
    p,
    phi,
    q,
    r,
    scalar,
    vector,
    y,
    z,
)
from tests.instances import (
    FALSE,
    LOSS,
    PLAIN,
    SOFTMAX,
    TRUE,
    ratio,
    total,
    u,
)


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_confirmed(name: str) -> None:
    lhs, rhs, context, conditions = TRUE[name]
    found = recheck(lhs, rhs, context, conditions=conditions)
    assert found.agrees, found
    assert found.witness is None
    assert found.instances >= 3


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_are_refuted(name: str) -> None:
    lhs, rhs, context, conditions = FALSE[name]
    found = recheck(lhs, rhs, context, conditions=conditions)
    assert not found.agrees
    assert found.witness is not None
    assert found.witness.lhs != found.witness.rhs


def test_what_was_checked_is_said() -> None:
    lhs, rhs, context, _ = TRUE["softmax Jacobian"]
    found = recheck(lhs, rhs, context)
    assert (found.exact_sizes, found.sampled_sizes) == ((1, 2, 3, 4), (7,))
    assert found.why == "exact for K = 1, 2, 3, 4; 40 digits agree for K = 7"
    every_index_value_at_three_points = 3 * (1 + 4 + 9 + 16)
    assert found.instances > every_index_value_at_three_points


def test_digits_are_not_sold_as_exact() -> None:
    """(1 + √2)² under a root is equal to 1 + √2, but only the digits show it here."""
    root2 = Pow(Integer(2), Rational(1, 2))
    nested = Pow(3 + 2 * root2, Rational(1, 2), evaluate=False)
    found = recheck(nested * K, (1 + root2) * K, PLAIN)
    assert found.agrees
    assert found.exact_sizes == ()
    assert found.sampled_sizes == (1, 2, 3, 4, 7)
    assert "40 digits" in found.why


# ---- no instance is no agreement --------------------------------------------------------------


def test_an_empty_range_is_no_instance() -> None:
    context = PLAIN.with_range(i, Integer(1), K - 1)
    found = recheck(y[i], y[i], context)
    assert found.agrees
    assert found.exact_sizes == (2, 3, 4)
    assert not recheck(y[i], y[i], context, exact_sizes=(1,), sampled_sizes=()).agrees


@pytest.mark.parametrize(
    ("lhs", "rhs", "conditions"),
    [
        (ratio(y[i] - y[i] + 0 * K), Integer(1), ()),
        (log(-(u**2) - K), log(-(u**2) - K), ()),
        (y[i], y[i], (SumsTo(y), SumsTo(y, Integer(2)))),
        (y[i], y[i], (SameIndex(i, j), DifferentIndex(i, j))),
        (y[i], y[i], (AtLeast(K, 9),)),
        (q[i], q[i], (OneHot(q, c), AtLeast(K, 2))),
        (q[i], q[i], (SumsTo(q, Integer(7)),)),
        (u, u, (Positive(u), Fixed(y[K], Integer(1)), SumsTo(y, Integer(0)), Positive(y))),
    ],
)
def test_nothing_evaluated_is_no_agreement(lhs: Any, rhs: Any, conditions: Any) -> None:
    found = recheck(lhs, rhs, PLAIN, conditions=conditions)
    assert not found.agrees
    if found.witness is None:
        assert "no instance" in found.why
        assert found.instances == 0
        assert not satisfiable(conditions, lhs, rhs, PLAIN)


@pytest.mark.parametrize(
    "expr",
    [
        sympy.Function("f")(u),
        Sum(1 / k**2, (k, 1, sympy.oo)),
        Partial(K**2, K),
        Partial(Partial(L, z[i]), p[j]),
        Sum(y[k], (k, 1, 10**9)),
        sympy.zeta(u),
    ],
)
def test_what_cannot_be_evaluated_is_no_agreement(expr: Any) -> None:
    found = recheck(expr, expr, LOSS)
    assert not found.agrees
    assert found.witness is None
    assert found.why


def test_one_undefined_side_is_a_counterexample() -> None:
    found = recheck(ratio(y[i] - y[j]), Integer(1), PLAIN)
    assert found.witness is not None
    assert found.witness.lhs is sympy.nan
    assert found.witness.rhs == 1
    assert found.witness.indices["i"] == found.witness.indices["j"]
    apart = recheck(ratio(y[i] - y[j]), Integer(1), PLAIN, conditions=(DifferentIndex(i, j),))
    assert apart.witness is not None, "y_1 = y_2 is possible"
    assert apart.witness.values["y_1"] == apart.witness.values["y_2"]
    assert recheck(ratio(i - j), Integer(1), PLAIN, conditions=(DifferentIndex(i, j),)).agrees


def test_an_excluded_summand_need_not_be_defined() -> None:
    body = 1 / (y[k] - y[i])
    assert recheck(total(body, k, i), total(body, k, i), PLAIN).agrees
    assert not recheck(total(body), total(body), PLAIN).agrees


def test_a_case_that_does_not_hold_need_not_be_defined() -> None:
    lhs = Cases((1 / (i - j), Ne(i, j)), (Integer(0), Eq(i, j)))
    assert recheck(lhs * (i - j), 1 - delta(i, j), PLAIN).agrees


def test_overlapping_cases_have_no_value() -> None:
    lhs = Cases((Integer(1), i <= j), (Integer(1), i >= j))
    found = recheck(lhs, Integer(1), PLAIN)
    assert found.witness is not None
    assert found.witness.lhs is sympy.nan


def test_one_class_is_an_instance_of_a_probability_vector() -> None:
    """φ_1 = 1 at K = 1, so 1 − φ_i > 0 needs K ≥ 2."""
    found = recheck(log(1 - phi[i]), log(1 - phi[i]), PLAIN, conditions=(SumsTo(phi),))
    assert found.exact_sizes == (2, 3, 4)
    positive = ordered_everywhere(1 - phi[i], Integer(0), PLAIN, (SumsTo(phi),))
    assert not positive.agrees
    assert ordered_everywhere(1 - phi[i], Integer(0), PLAIN, (SumsTo(phi), AtLeast(K, 2))).agrees


def test_a_range_that_depends_on_another_index() -> None:
    context = PLAIN.with_range(j, Integer(1), i)
    assert recheck(Indicator(j <= i) * y[j], y[j], context).agrees
    assert recheck(Indicator(j <= i), Integer(1), context).exact_sizes == (1, 2, 3, 4)
    assert not recheck(delta(j, K), Integer(0), context).agrees
    assert not recheck(y[i], y[j], context).agrees


# ---- facts ------------------------------------------------------------------------------------


def test_facts_of_the_context_are_applied_only_as_conditions() -> None:
    context = LOSS.with_facts(SumsTo(y))
    assert not recheck(Partial(L, z[i]), p[i] - y[i], context).agrees
    assert recheck(Partial(L, z[i]), p[i] - y[i], context, conditions=(SumsTo(y),)).agrees


def test_facts_do_not_act_before_differentiation() -> None:
    lhs = Partial(log(total(phi[k])), phi[j])
    assert recheck(lhs, Integer(1), PLAIN, conditions=(SumsTo(phi),)).agrees
    assert not recheck(lhs, Integer(0), PLAIN, conditions=(SumsTo(phi),)).agrees
    one_hot = Partial(total(y[k] ** 2), y[j])
    assert recheck(one_hot, 2 * delta(j, c), PLAIN, conditions=(OneHot(y, c),)).agrees


def test_a_fact_about_a_named_quantity_is_checked() -> None:
    assert recheck(total(p[k]), Integer(1), SOFTMAX, conditions=(SumsTo(p),)).agrees
    false_fact = recheck(p[i], p[i], SOFTMAX, conditions=(SumsTo(p, Integer(2)),))
    assert not false_fact.agrees
    assert not satisfiable((SumsTo(p, Integer(2)),), p[i], p[i], SOFTMAX)


def test_a_label_outside_the_statement_takes_every_value() -> None:
    assert recheck(total(y[k]), Integer(1), PLAIN, conditions=(OneHot(y, c),)).agrees
    found = recheck(y[1], Integer(1), PLAIN, conditions=(OneHot(y, c),))
    assert found.witness is not None
    assert found.witness.indices["c"] == 2


def test_a_fixed_component_at_a_free_index() -> None:
    conditions = (Fixed(y[i], Integer(1)), SumsTo(y))
    assert recheck(total(y[k], k, i), Integer(0), PLAIN, conditions=conditions).agrees
    assert not recheck(total(y[k], k, j), Integer(0), PLAIN, conditions=conditions).agrees


def test_sums_to_holds_for_every_row() -> None:
    Y = vector("Y")
    context = PLAIN.with_quantities(Quantity(Y, "targets", shape=(m, K)))
    rows = (SumsTo(Y),)
    assert recheck(total(Y[n, k]), Integer(1), context, conditions=rows).agrees
    assert recheck(Sum(total(Y[n, k]), (n, 1, m)), m, context, conditions=rows).agrees
    assert not recheck(Sum(Y[n, k], (n, 1, m)), Integer(1), context, conditions=rows).agrees


def test_a_fact_about_another_shape_is_not_ignored() -> None:
    """The default notation declares y with one index."""
    found = recheck(total(y[n, k]), Integer(1), PLAIN, conditions=(SumsTo(y),))
    assert not found.agrees
    assert "shape" in found.why


def test_a_batch_of_examples() -> None:
    """The gradient of the mean loss over m examples by W_kd."""
    X, Z, P, Y, J = vector("X"), vector("Z"), vector("P"), vector("Y"), scalar("J")
    context = PLAIN.with_quantities(
        Quantity(X, "features", shape=(m, D)), Quantity(Y, "targets", shape=(m, K))
    ).with_definitions(
        Definition(Z[n, k], Sum(W[k, d] * X[n, d], (d, 1, D)) + b[k]),
        Definition(P[n, k], exp(Z[n, k]) / total(exp(Z[n, l]), l)),
        Definition(J, -Sum(total(Y[n, k] * log(P[n, k])), (n, 1, m)) / m),
    )
    right = Sum((P[n, i] - Y[n, i]) * X[n, d], (n, 1, m)) / m
    found = recheck(Partial(J, W[i, d]), right, context, conditions=(SumsTo(Y),))
    assert found.agrees, found
    assert found.exact_sizes == (1, 2, 3, 4)
    assert not recheck(Partial(J, W[i, d]), right, context).agrees
    assert not recheck(Partial(J, W[i, d]), m * right, context, conditions=(SumsTo(Y),)).agrees
    loose = right.xreplace({X[n, d]: X[r, d]})
    assert not recheck(Partial(J, W[i, d]), loose, context, conditions=(SumsTo(Y),)).agrees
