"""The second route: definitions, letters, sizes, signs, and the same instances each time."""

from __future__ import annotations

import sympy

from derive.kernel.explicit.instantiate import ordered_everywhere, recheck, satisfiable
from derive.kernel.facts import (
    Definition,
    DifferentIndex,
    OneHot,
    SumsTo,
)
from derive.kernel.language import (
    Integer,
    Partial,
    Product,
    Rational,
    Sum,
    Symbol,
    delta,
    exp,
    log,
)
from derive.notation import (
    D,
    Domain,
    K,
    L,
    Quantity,
    c,
    d,
    i,
    index,
    j,
    k,
    m,
    n,
    p,
    vector,
    x,
    y,
    z,
)
from tests.instances import (
    FALSE,
    LOSS,
    PLAIN,
    SOFTMAX,
    counts,
    total,
    u,
    v,
)


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


def test_ordered_everywhere() -> None:
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
