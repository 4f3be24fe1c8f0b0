"""The second route: what it must confirm, what it must refute, and what it must not claim."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.kernel.explicit import jets
from derive.kernel.explicit.arithmetic import Answer, ExactArithmetic, SampleArithmetic
from derive.kernel.explicit.exact import Exact, Undefined
from derive.kernel.explicit.instantiate import ordered_everywhere, recheck, satisfiable
from derive.kernel.facts import (
    AtLeast,
    Context,
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
    Mul,
    Ne,
    Partial,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    delta,
    exp,
    factorial,
    log,
)
from derive.kernel.matrices import Component, Diag, Entry, Eye, Ones, Outer, Vec
from derive.notation import (
    D,
    Domain,
    H,
    K,
    L,
    N,
    Quantity,
    W,
    b,
    c,
    d,
    e,
    eta,
    gamma,
    i,
    index,
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
    shift,
    tau,
    vector,
    x,
    y,
    z,
)

PLAIN = Context()
u, v = scalar("u"), scalar("v")


def total(body: Any, letter: Any = k, *excluded: Any) -> Any:
    return Sum(body, (letter, 1, K), *excluded)


SOFTMAX = PLAIN.with_definitions(Definition(p[i], exp(z[i]) / total(exp(z[k]))))
LOSS = SOFTMAX.with_definitions(Definition(L, -total(y[k] * log(p[k]))))
LINK = PLAIN.with_definitions(Definition(eta[i], log(phi[i] / phi[K])))
LINEAR = PLAIN.with_definitions(
    Definition(z[k], Sum(W[k, d] * x[d], (d, 1, D)) + b[k]),
    Definition(p[i], exp(z[i]) / total(exp(z[k]))),
    Definition(L, -total(y[k] * log(p[k]))),
)
counts = vector("y", Domain.COUNT)
COUNTS = PLAIN.with_quantities(Quantity(counts, "counts", Domain.COUNT, (K,)))
warm = exp(z[i] / tau) / total(exp(z[k] / tau))
entropy = -total(p[k] * log(p[k]))
cool = Symbol("t", positive=True)


def ratio(a: Any) -> Any:
    """a/a, which SymPy would turn into 1."""
    return Mul(a, Pow(a, -1), evaluate=False)


# Each: lhs, rhs, context, conditions.
TRUE = {
    "softmax Jacobian": (Partial(p[i], z[j]), p[i] * (delta(i, j) - p[j]), SOFTMAX, ()),
    "its matrix form": (
        Partial(p[i], z[j]),
        Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), i, j),
        SOFTMAX,
        (),
    ),
    "the Jacobian of log-softmax": (
        Partial(log(p[i]), z[j]),
        Entry(Eye(K) - Outer(Ones(K), Vec(p)), i, j),
        SOFTMAX,
        (),
    ),
    "the diagonal under i = j": (
        Partial(p[i], z[j]), p[i] * (1 - p[i]), SOFTMAX, (SameIndex(i, j),)
    ),
    "off it under i ≠ j": (Partial(p[i], z[j]), -p[i] * p[j], SOFTMAX, (DifferentIndex(i, j),)),
    "two cases": (
        Partial(p[i], z[j]),
        Cases((p[i] * (1 - p[i]), Eq(i, j)), (-p[i] * p[j], Ne(i, j))),
        SOFTMAX,
        (),
    ),
    "cross-entropy gradient, general": (
        Partial(L, z[i]), p[i] * total(y[k]) - y[i], LOSS, ()
    ),
    "cross-entropy gradient": (Partial(L, z[i]), p[i] - y[i], LOSS, (SumsTo(y),)),
    "with a class label": (Partial(L, z[i]), p[i] - delta(i, c), LOSS, (OneHot(y, c),)),
    "by a named quantity": (Partial(L, p[i]), -y[i] / p[i], LOSS, ()),
    "the chain rule": (
        total(Partial(L, p[i]) * Partial(p[i], z[j]), i), Partial(L, z[j]), LOSS, ()
    ),
    "full Hessian": (
        Partial(Partial(L, z[i]), z[j]), p[i] * (delta(i, j) - p[j]) * total(y[k]), LOSS, ()
    ),
    "third derivatives": (
        Partial(Partial(Partial(log(total(exp(z[k]))), z[i]), z[j]), z[l]),
        p[i] * (delta(i, j) - p[j]) * (delta(i, l) - p[l])
        - p[i] * p[j] * (delta(j, l) - p[l]),
        SOFTMAX,
        (),
    ),
    "probabilities sum to 1": (total(p[k]), Integer(1), SOFTMAX, ()),
    "KL": (
        total(y[k] * log(y[k] / p[k])),
        total(y[k] * log(y[k])) - total(y[k] * log(p[k])),
        SOFTMAX,
        (Positive(y),),
    ),
    "KL gradient": (
        Partial(total(q[k] * log(q[k] / p[k])), z[i]), p[i] - q[i], SOFTMAX, (SumsTo(q),)
    ),
    "entropy gradient": (Partial(entropy, z[i]), -p[i] * (log(p[i]) + entropy), SOFTMAX, ()),
    "the same with H named": (
        Partial(H, z[i]), -p[i] * (log(p[i]) + H), SOFTMAX.with_definitions(Definition(H, entropy)),
        (),
    ),
    "temperature": (
        Partial(warm, z[j]), warm * (delta(i, j) - warm.xreplace({i: j})) / tau, PLAIN, ()
    ),
    "derivative by the temperature": (
        Partial(warm, tau),
        warm * (total(warm.xreplace({i: l}) * z[l], l) - z[i]) / tau**2,
        PLAIN,
        (),
    ),
    "shift invariance": (exp(z[i] - shift) / total(exp(z[k] - shift)), p[i], SOFTMAX, ()),
    "log-sum-exp with a shift": (
        log(total(exp(z[k]))), shift + log(total(exp(z[k] - shift))), PLAIN, ()
    ),
    "quadratic cost through softmax": (
        Partial(total((p[k] - y[k]) ** 2) / 2, z[j]),
        p[j] * (p[j] - y[j] - total(p[k] * (p[k] - y[k]))),
        SOFTMAX,
        (),
    ),
    "exponential family": (
        Product(phi[k] ** y[k], (k, 1, K)),
        exp(Sum(log(phi[k] / phi[K]) * y[k], (k, 1, K - 1)) + log(phi[K])),
        PLAIN,
        (SumsTo(y),),
    ),
    "inverse link": (phi[i], exp(eta[i]) / total(exp(eta[j]), j), LINK, (SumsTo(phi),)),
    "the reference parameter is 0": (eta[K], Integer(0), LINK, ()),
    "a parameter fixed at 0": (
        total(exp(eta[k])), 1 + Sum(exp(eta[k]), (k, 1, K - 1)), PLAIN, (Fixed(eta[K], Integer(0)),)
    ),
    "log of a product": (
        log(Product(phi[k] ** y[k], (k, 1, K))), total(y[k] * log(phi[k])), PLAIN, ()
    ),
    "log of a quotient of positives": (log(u / v), log(u) - log(v), PLAIN,
                                       (Positive(u), Positive(v))),
    "multinomial": (
        factorial(N) / Product(factorial(counts[k]), (k, 1, K))
        * Product(phi[k] ** counts[k], (k, 1, K)),
        factorial(N) / Product(factorial(counts[k]), (k, 1, K))
        * exp(Sum(log(phi[k] / phi[K]) * counts[k], (k, 1, K - 1)) + N * log(phi[K])),
        COUNTS,
        (SumsTo(counts, N),),
    ),
    "gradient by the weights": (
        Partial(L, W[i, d]), (p[i] * total(y[k]) - y[i]) * x[d], LINEAR, ()
    ),
    "the derivative under the sum": (
        Sum(Partial(Sum(x[j], (j, 1, n)), x[i]), (i, 1, n)), n, PLAIN, ()
    ),
    "renamed bound indices": (total(exp(z[k])) - total(exp(z[j]), j), Integer(0), PLAIN, ()),
    "the same letter twice": (
        total(x[k] * total(y[k])), total(x[i], i) * total(y[j], j), PLAIN, ()
    ),
    "a double sum of δ": (total(total(delta(i, j), j), i), K, PLAIN, ()),
    "δ under a sum with a condition": (
        total(delta(i, k) * Indicator(k < j), k), Indicator(i < j), PLAIN, ()
    ),
    "a range that ends at K − 1": (Sum(y[k], (k, 1, K - 1)), total(y[k]) - y[K], PLAIN, ()),
    "an excluded index": (total(y[k], k, i), total(y[k]) - y[i], PLAIN, ()),
    "combined sums": (
        total(exp(z[k]) / (1 + exp(z[k]))) + total(1 / (1 + exp(z[k]))), K, PLAIN, ()
    ),
    "focal loss": (
        Partial(-(1 - p[i]) ** gamma * log(p[i]), p[i]),
        gamma * (1 - p[i]) ** (gamma - 1) * log(p[i]) - (1 - p[i]) ** gamma / p[i],
        SOFTMAX,
        (AtLeast(K, 2),),
    ),
    "tanh": (sympy.tanh(u), 2 / (1 + exp(-2 * u)) - 1, PLAIN, ()),
    "no sizes at all": (Partial(log(1 + exp(u)), u), 1 / (1 + exp(-u)), PLAIN, ()),
    "vectors by component": (
        2 * Vec(y) + Vec(y), 3 * Vec(y), PLAIN, ()
    ),
    "one component": (Component(Vec(y) - Ones(K), i), y[i] - 1, PLAIN, ()),
}  # fmt: skip

FALSE = {
    # design, section 3
    "captured index": (
        total(total(exp(x[k] * y[l]), l)), K * total(exp(x[k] * y[k])), PLAIN, ()
    ),
    "captured index in a quotient": (
        total(1 / (1 + total(exp(x[l] * y[k]), l))),
        total(1 / (1 + total(exp(x[k] * y[k])))),
        PLAIN,
        (),
    ),
    "sifting out of range": (Sum(x[k] * delta(k, j), (k, 1, K - 1)), x[j], PLAIN, ()),
    "sifting past the end": (total(x[k] * delta(k, i + 1)), x[i + 1], PLAIN, ()),
    "δ_iK = 0": (delta(i, K), Integer(0), PLAIN, ()),
    "δ_i1 = 0": (delta(i, 1), Integer(0), PLAIN, ()),
    "δ in an exponential": (total(exp(delta(k, j) * y[k])), K, PLAIN, ()),
    "δ in a denominator": (total(1 / (1 + delta(k, j))), K, PLAIN, ()),
    "log of a product of reals": (log(u * v), log(u) + log(v), PLAIN, ()),
    "0/0 = 1": (ratio(y[i] - y[j]), Integer(1), PLAIN, ()),
    "Karr's convention": (Sum(Integer(1), (k, 5, 2)), Integer(-2), PLAIN, ()),
    # the issue
    "only the diagonal": (Partial(p[i], z[j]), p[i] * (1 - p[j]), SOFTMAX, ()),
    "chain rule cut short": (Partial(L, z[i]), y[i] * (p[i] - 1), LOSS, ()),
    "… also when Σ y = 1": (Partial(L, z[i]), y[i] * (p[i] - 1), LOSS, (SumsTo(y),)),
    "… also for one-hot y": (Partial(L, z[i]), y[i] * (p[i] - 1), LOSS, (OneHot(y, c),)),
    "inverse link without K": (
        phi[i], exp(eta[i]) / Sum(exp(eta[j]), (j, 1, K - 1)), LINK, (SumsTo(phi),)
    ),
    "Σ y = 1 forgotten": (Partial(L, z[i]), p[i] - y[i], LOSS, ()),
    # more
    "a fact used before the derivative": (
        Partial(total(phi[k]), phi[j]), Integer(0), PLAIN, (SumsTo(phi),)
    ),
    "share of the inputs": (p[i], z[i] / total(z[k]), SOFTMAX, ()),
    "entropy is not symmetric": (
        total(p[k] * log(q[k])), total(q[k] * log(p[k])), PLAIN, (SumsTo(p), SumsTo(q))
    ),
    "sum over the wrong letter": (total(exp(z[i])), total(exp(z[k])), PLAIN, ()),
    "an excluded index forgotten": (total(y[k], k, i), total(y[k]), PLAIN, ()),
    "cases without their conditions": (
        Partial(p[i], z[j]),
        Cases((p[i] * (1 - p[i]), Eq(i, j)), (p[i] * p[j], Ne(i, j))),
        SOFTMAX,
        (),
    ),
    "Hessian by the weights, swapped": (
        Partial(Partial(L, W[i, d]), W[j, e]),
        p[i] * (delta(i, j) - p[j]) * total(y[k]) * x[d] ** 2,
        LINEAR,
        (),
    ),
    "the matrix with the wrong sign": (
        Partial(p[i], z[j]),
        Entry(Diag(Vec(p)) + Outer(Vec(p), Vec(p)), i, j),
        SOFTMAX,
        (),
    ),
    "a count forgotten": (
        Product(phi[k] ** counts[k], (k, 1, K)),
        exp(Sum(log(phi[k] / phi[K]) * counts[k], (k, 1, K - 1)) + log(phi[K])),
        COUNTS,
        (SumsTo(counts, N),),
    ),
    "true but for K = 3 only": (total(Integer(1)), Integer(3), PLAIN, ()),
    "true but for K ≤ 3": (
        K * (K - 1) * (K - 2) * (K - 3) * u, Integer(0), PLAIN, ()
    ),
    "true but for K ≤ 4, seen at 7": (
        K * (K - 1) * (K - 2) * (K - 3) * (K - 4) * u, Integer(0), PLAIN, (),
    ),
    "nearly equal": (u + Rational(1, 10**12), u, PLAIN, ()),
    "nearly equal, in logarithms": (log(2) + Rational(1, 10**25), log(Integer(2)), PLAIN, ()),
}  # fmt: skip


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


# ---- definitions and letters ------------------------------------------------------------------


def test_a_definition_does_not_see_the_letters_of_its_caller() -> None:
    w = index("w")
    context = SOFTMAX.with_range(w, Integer(1), K).with_definitions(Definition(L, -log(p[w])))
    assert recheck(total(L, i), K * L, context).agrees
    assert recheck(total(L * y[w], w), L * total(y[k]), context).agrees
    assert not recheck(total(L, w), -total(log(p[w]), w), context).agrees
    assert recheck(Partial(L, z[i]), p[i] - delta(i, w), context).agrees
    assert not recheck(Partial(L, z[i]), p[i] - delta(i, 1), context).agrees


def test_a_named_quantity_is_atomic_for_its_own_derivative() -> None:
    assert recheck(Partial(p[k] * exp(z[k]), p[i]), delta(k, i) * exp(z[k]), SOFTMAX).agrees
    assert recheck(Partial(Partial(L, p[i]), z[j]), y[i] / p[i] * (delta(i, j) - p[j]), LOSS).agrees
    assert recheck(Partial(Partial(L, p[i]), p[j]), delta(i, j) * y[i] / p[i] ** 2, LOSS).agrees


def test_defined_functions() -> None:
    sigma = sympy.Function("sigma")
    context = PLAIN.with_definitions(Definition(sigma(u), 1 / (1 + exp(-u))))
    assert recheck(Partial(sigma(u), u), sigma(u) * (1 - sigma(u)), context).agrees
    chain = Partial(sigma(total(y[k] * z[k])), z[i])
    inner = sigma(total(y[k] * z[k]))
    assert recheck(chain, y[i] * inner * (1 - inner), context).agrees
    assert not recheck(chain, inner * (1 - inner), context).agrees
    slope = sympy.Function("g")
    context = context.with_definitions(Definition(slope(v), Partial(sigma(v), v)))
    assert recheck(slope(u * v), sigma(u * v) * (1 - sigma(u * v)), context).agrees


def test_nested_sums_with_the_same_letter() -> None:
    inner = total(y[k])
    assert recheck(Sum(inner * x[k], (k, 1, K)), inner * total(x[k]), PLAIN).agrees
    assert recheck(total(inner), K * inner, PLAIN).agrees
    triangle = total(Sum(y[j], (j, 1, i)), i)
    assert recheck(triangle, total((K + 1 - j) * y[j], j), PLAIN).agrees


def test_empty_sums_and_products() -> None:
    assert recheck(Sum(1 / (y[k] - y[k]), (k, 3, 2)), Integer(0), PLAIN).agrees
    assert recheck(Product(y[k], (k, K + 1, K)), Integer(1), PLAIN).agrees
    assert recheck(Sum(y[k], (k, 1, K), *range(1, 9)), Integer(0), PLAIN).agrees


def test_other_sizes_lead_when_there_is_no_K() -> None:
    found = recheck(Sum(x[d] * (x[d] - 1), (d, 1, D)), Sum(x[d] ** 2, (d, 1, D)) - 1, PLAIN)
    assert not found.agrees
    found = recheck(Sum(Integer(1), (d, 1, D)), D, PLAIN)
    assert found.exact_sizes == (1, 2, 3, 4)
    assert "D = 1" in found.why


def test_labels_in_a_vector() -> None:
    labels = vector("c", Domain.LABEL)
    context = PLAIN.with_quantities(Quantity(labels, "labels", Domain.LABEL, (m,)))
    assert recheck(total(delta(k, labels[n]) * y[k]), y[labels[n]], context).agrees


def test_two_symbols_of_one_name_are_not_confused() -> None:
    other = Symbol("u")
    assert other != u
    found = recheck(u - other, Integer(0), PLAIN)
    assert not found.agrees
    assert "two different symbols" in found.why
    assert not recheck(total(y[k]) - total(counts[k]), Integer(0), PLAIN).agrees
    assert not recheck(K - Symbol("K"), Integer(0), PLAIN).agrees


# ---- positivity -------------------------------------------------------------------------------


def test_signed_everywhere() -> None:
    found = ordered_everywhere(p[i], Integer(0), SOFTMAX)
    assert found.agrees
    assert found.exact_sizes == (1, 2, 3, 4)
    negative = ordered_everywhere(p[i] - Rational(1, 5), Integer(0), SOFTMAX)
    assert not negative.agrees
    assert negative.witness is not None
    assert negative.witness.lhs <= 0
    assert negative.witness.rhs == 0
    assert not ordered_everywhere(total(y[k] ** 2) - total(y[k] ** 2), Integer(0), PLAIN).agrees
    assert not ordered_everywhere(log(-1 - y[i] ** 2), Integer(0), PLAIN).agrees


def test_satisfiable() -> None:
    assert satisfiable((SumsTo(y),), y[i], p[i], LOSS)
    assert satisfiable((DifferentIndex(i, j),), y[i], y[j], PLAIN)
    assert satisfiable((OneHot(y, c), SumsTo(y)), y[i], y[i], PLAIN)
    assert not satisfiable((), log(-(y[i] ** 2)), y[i], PLAIN)
    assert not satisfiable((), 1 / (y[i] - y[i] * 1 + 0), y[i], PLAIN)


# ---- repeatability ----------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_instances() -> None:
    lhs, rhs, context, _ = FALSE["only the diagonal"]
    first, again = (recheck(lhs, rhs, context, seed=5) for _ in range(2))
    assert first == again
    other = recheck(lhs, rhs, context, seed=6)
    assert other.witness is not None
    assert first.witness is not None
    assert other.witness.values != first.witness.values


# ---- the numbers ------------------------------------------------------------------------------


def values(arithmetic: ExactArithmetic, rng: Random, depth: int) -> Any:
    """A random exact number and its value in digits, computed on the way."""
    if depth == 0:
        number = Fraction(rng.randint(1, 9), rng.randint(1, 5))
        pick = rng.choice(("plain", "log", "root", "exp"))
        value: Any = number
        if pick == "log":
            value = arithmetic.log(number + 1)
        if pick == "root":
            value = arithmetic.power(number, Fraction(1, rng.randint(2, 3)))
        if pick == "exp":
            value = arithmetic.exp(number / 3)
        return value, arithmetic.digits(value)
    (a, da), (b_, db) = (values(arithmetic, rng, depth - 1) for _ in range(2))
    match rng.choice("+-*/lep"):
        case "+":
            return a + b_, da + db
        case "-":
            return a - b_, da - db
        case "*":
            return a * b_, da * db
        case "/":
            return (a * arithmetic.inverse(b_), da / db) if b_ else (a, da)
        case "l":
            return (arithmetic.log(a), mpmath.log(da)) if da > 0 else (a, da)
        case "e":
            return (arithmetic.exp(a), mpmath.exp(da)) if abs(da) < 9 else (a, da)
        case _:
            return (arithmetic.power(a, Fraction(3, 2)), da**1.5) if da > 0 else (a, da)


@pytest.mark.parametrize("seed", range(60))
def test_exact_numbers_have_the_right_digits(seed: int) -> None:
    with mpmath.workdps(60):
        arithmetic = ExactArithmetic()
        value, digits = values(arithmetic, Random(seed), 3)
        assert mpmath.almosteq(arithmetic.digits(value), digits, mpmath.mpf(10) ** -45)
        closed = arithmetic.to_sympy(value)
        assert mpmath.almosteq(mpmath.mpf(str(closed.evalf(50))), digits, mpmath.mpf(10) ** -45)


def test_tiny_differences_are_differences() -> None:
    a, tiny = ExactArithmetic(), Fraction(1, 10**80)
    two, three = a.log(Fraction(2)), a.log(Fraction(3))
    assert a.compare(two, two * (1 + tiny)) is Answer.DIFFERENT
    assert a.compare(two + three * tiny, two) is Answer.DIFFERENT
    assert a.compare(two * three, two * three * (1 + tiny)) is Answer.DIFFERENT


def test_identities_between_exact_numbers_are_found_exactly() -> None:
    a = ExactArithmetic()
    two, three, six = (a.log(Fraction(n)) for n in (2, 3, 6))
    assert two + three - six == 0
    assert a.exp(two * 3 - three) == Fraction(8, 3)
    root = a.power(Fraction(2), Fraction(1, 2))
    assert root * root == 2
    assert (root + 1) * (root - 1) == 1
    assert a.inverse(root) * 2 - root == 0
    e_ = a.exp(Fraction(1))
    assert a.log(e_) == 1
    assert a.log(a.exp(two * three)) - two * three == 0
    assert a.exp(a.log(two)) - two == 0
    assert a.inverse(1 + two) * (1 + two) == 1
    third = a.exp(Fraction(1, 3))
    assert third * third * third - e_ == 0
    quotient = two * a.inverse(two + three)
    assert quotient + three * a.inverse(two + three) - 1 == 0
    assert a.exp(quotient) * a.exp(-quotient) == 1
    assert a.compare(two, three) is Answer.DIFFERENT
    for bad in (Fraction(0), Fraction(-1), -two):
        with pytest.raises(Undefined):
            a.log(bad)


def test_an_exact_number_is_never_a_hidden_rational() -> None:
    a = ExactArithmetic()
    two = a.log(Fraction(2))
    assert isinstance(two, Exact)
    for plain in (two - two, two * 0, two * a.inverse(two), a.exp(two)):
        assert not isinstance(plain, Exact)


SCALARS = (u, v)


def random_expression(rng: Random, depth: int) -> Any:
    if depth == 0:
        return rng.choice((u, v, Integer(rng.randint(1, 4)), Rational(rng.randint(1, 5), 3)))
    one, two = (random_expression(rng, depth - 1) for _ in range(2))
    match rng.choice("+*/-elpw"):
        case "+":
            return one + two
        case "*":
            return one * two
        case "/":
            return one / (1 + two**2)
        case "-":
            return one - two
        case "e":
            return exp(one / (1 + one**2))
        case "l":
            return log(1 + one**2)
        case "p":
            return one ** rng.choice((2, 3))
        case _:
            return (1 + one**2) ** (two / (2 + two**2))


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_derivatives_are_those_of_sympy(seed: int) -> None:
    """Jets against SymPy's diff, mixed and repeated, on random expressions."""
    expr = random_expression(Random(seed), 3)
    for order in ((u,), (u, v), (u, u)):
        ours, theirs = expr, expr
        for symbol in order:
            ours, theirs = Partial(ours, symbol), sympy.diff(theirs, symbol)
        found = recheck(ours, theirs, PLAIN)
        assert found.agrees, (expr, order, found)


@pytest.mark.parametrize("classes", [1, 2, 3])
def test_indexed_derivatives_are_those_of_sympy(classes: int) -> None:
    """The written-out softmax loss, differentiated by SymPy on plain scalars."""
    zs = [Symbol(f"z{n}", real=True) for n in range(classes)]
    ys = [Symbol(f"y{n}", real=True) for n in range(classes)]
    norm = sum(exp(s) for s in zs)
    loss = -sum(t * log(exp(s) / norm) for s, t in zip(zs, ys, strict=True))
    for row in range(classes):
        for column in range(classes):
            theirs = sympy.diff(loss, zs[row], zs[column])
            back = {s: z[n + 1] for n, s in enumerate(zs)} | {s: y[n + 1] for n, s in enumerate(ys)}
            ours = Partial(Partial(L, z[row + 1]), z[column + 1])
            found = recheck(ours, theirs.subs(back), LOSS, exact_sizes=(classes,), sampled_sizes=())
            assert found.agrees, found


def test_jets_at_the_edge_of_a_domain() -> None:
    a = ExactArithmetic()
    step = jets.Jet({0: Fraction(0), 1: 1})
    assert jets.coefficient(jets.power(a, step, 2), 1) == 0
    assert jets.coefficient(jets.power(a, step, 1), 1) == 1
    for bad in (Fraction(1, 2), Fraction(5, 2)):
        with pytest.raises(Undefined):
            jets.power(a, step, bad)
    with pytest.raises(Undefined):
        jets.inverse(a, step)
    with pytest.raises(Undefined):
        jets.log(a, step)


def test_samples_see_a_zero_denominator() -> None:
    with mpmath.workdps(60):
        third = mpmath.mpf(1) / 3
        with pytest.raises(Undefined):
            SampleArithmetic().inverse(third * 3 - 1 + mpmath.mpf(10) ** -58)


def test_bigger_sizes_are_dropped_when_the_sums_are_too_long() -> None:
    letters = [index(f"a{n}") for n in range(7)]
    lhs: Any = Integer(1)
    for letter in letters:
        lhs = lhs * y[letter]
    body = lhs + sum(letters)
    for letter in letters:
        body = Sum(body, (letter, 1, K))
    found = recheck(body, body, PLAIN)
    assert found.agrees
    assert found.sampled_sizes == ()
    assert "too long for K = 7" in found.why


def test_a_typical_step_is_fast() -> None:
    """Loose bounds: the machine may be busy."""
    import time

    lhs, rhs, context, _ = FALSE["only the diagonal"]
    start = time.perf_counter()
    for _ in range(10):
        recheck(lhs, rhs, context)
    assert (time.perf_counter() - start) / 10 < 0.1
    lhs, rhs, context, _ = TRUE["full Hessian"]
    start = time.perf_counter()
    recheck(lhs, rhs, context)
    assert time.perf_counter() - start < 2
