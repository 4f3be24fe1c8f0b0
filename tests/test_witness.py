"""Counterexamples: readable, exact, at the smallest size, and found whenever there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sympy
from sympy import Rational, nan

from derive.kernel.explicit.instantiate import recheck
from derive.kernel.explicit.witness import differs, find_witness
from derive.kernel.facts import (
    AtLeast,
    Context,
    Definition,
    DifferentIndex,
    Fixed,
    OneHot,
    Positive,
    SumsTo,
)
from derive.kernel.language import (
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Partial,
    Pow,
    Product,
    Sum,
    Symbol,
    delta,
    exp,
    log,
)
from derive.kernel.verdicts import Witness
from derive.notation import (
    D,
    K,
    L,
    W,
    b,
    c,
    d,
    eta,
    gamma,
    i,
    j,
    k,
    l,
    n,
    p,
    phi,
    q,
    scalar,
    tau,
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


# ---- the three that the issue names, checked by hand ---------------------------------------------


def test_only_the_diagonal() -> None:
    """p = (1/3, 2/3): ∂p_1/∂z_2 = −2/9, and p_1(1 − p_2) = 1/9."""
    found = find_witness(Partial(p[i], z[j]), p[i] * (1 - p[j]), SOFTMAX)
    assert found == Witness(
        {"K": 2},
        {"i": 1, "j": 2},
        {"z_1": Integer(0), "z_2": sympy.log(2)},
        Rational(-2, 9),
        Rational(1, 9),
    )


def test_chain_rule_cut_short() -> None:
    """p = (1/3, 2/3), y = (1, 2): 3 p_1 − y_1 = 0, and y_1(p_1 − 1) = −2/3."""
    found = find_witness(Partial(L, z[i]), y[i] * (p[i] - 1), LOSS)
    assert found is not None
    assert found.sizes == {"K": 2}
    assert found.indices == {"i": 1}
    assert found.values == {
        "y_1": Integer(1), "y_2": Integer(2), "z_1": Integer(0), "z_2": sympy.log(2)
    }  # fmt: skip
    assert (found.lhs, found.rhs) == (0, Rational(-2, 3))


def test_inverse_link_without_the_last_class() -> None:
    """φ = (1/3, 2/3): e^{η_1} = 1/2, divided by itself 1. At K = 1 the right side is 1/0."""
    right = exp(eta[i]) / Sum(exp(eta[j]), (j, 1, K - 1))
    found = find_witness(phi[i], right, LINK, conditions=(SumsTo(phi),))
    assert found is not None
    assert found.sizes == {"K": 2}
    assert found.values == {"phi_1": Rational(1, 3), "phi_2": Rational(2, 3)}
    assert (found.lhs, found.rhs) == (Rational(1, 3), 1)


def test_three_classes_where_two_do_not_tell() -> None:
    """Σ_{k≠i} p_k² = (1 − p_i)² holds for K ≤ 2. p = (1/6, 1/3, 1/2): 1/36 + 1/4 and (2/3)²."""
    found = find_witness(total(p[k] ** 2, k, i), (1 - p[i]) ** 2, SOFTMAX)
    assert found is not None
    assert found.sizes == {"K": 3}
    assert found.indices == {"i": 2}
    assert (found.lhs, found.rhs) == (Rational(5, 18), Rational(4, 9))
    assert [found.values[f"z_{n}"] for n in (1, 2, 3)] == [0, sympy.log(2), sympy.log(3)]


# ---- any witness is checked by substitution ----------------------------------------------------


def explicit(expr: Any, given: Mapping[Symbol, Any], values: Mapping[str, Any]) -> Any:
    """The value by SymPy alone (no derivatives, no definitions)."""
    if isinstance(expr, Sum | Product):
        lower, upper, *excluded = (
            int(explicit(e, given, values)) for e in (expr.lower, expr.upper, *expr.excluded)
        )
        terms = [
            explicit(expr.body, {**given, expr.index: Integer(a)}, values)
            for a in range(lower, upper + 1)
            if a not in excluded
        ]
        return sympy.Add(*terms) if isinstance(expr, Sum) else sympy.Mul(*terms)
    if isinstance(expr, Indexed):
        place = ",".join(str(explicit(a, given, values)) for a in expr.indices)
        return values[f"{expr.base}_{place}"]
    if isinstance(expr, Symbol):
        return given[expr] if expr in given else values[str(expr)]
    if isinstance(expr, KroneckerDelta):
        one, two = (explicit(a, given, values) for a in expr.args[:2])
        return Integer(one == two)
    if not expr.args:
        return expr
    return expr.func(*(explicit(a, given, values) for a in expr.args))


WRONG = {
    "captured index": (total(total(exp(x[k] * y[l]), l)), K * total(exp(x[k] * y[k])), ()),
    "captured index in a quotient": (
        total(1 / (1 + total(exp(x[l] * y[k]), l))),
        total(1 / (1 + total(exp(x[k] * y[k])))),
        (),
    ),
    "sifting out of range": (Sum(x[k] * delta(k, j), (k, 1, K - 1)), x[j], ()),
    "sifting past the end": (total(x[k] * delta(k, i + 1)), x[i + 1], ()),
    "δ_iK = 0": (delta(i, K), Integer(0), ()),
    "δ_i1 = 0": (delta(i, 1), Integer(0), ()),
    "δ in an exponential": (total(exp(delta(k, j) * y[k])), K, ()),
    "δ in a denominator": (total(1 / (1 + delta(k, j))), K, ()),
    "Karr's convention": (Sum(Integer(1), (k, 5, 2)), Integer(-2), ()),
    "a sign": (total(y[k] * z[k]), -total(y[k] * z[k]), ()),
    "a dropped sum": (total(exp(z[k])), exp(z[i]), ()),
    "a factor K": (total(exp(z[k])), K * exp(z[i]), ()),
    "log of a sum": (log(total(exp(z[k]))), total(z[k]), ()),
    "temperature upside down": (exp(z[i] / tau), exp(z[i] * tau), ()),
    "a missing 1 +": (
        log(1 + Sum(exp(eta[k]), (k, 1, K - 1))), log(Sum(exp(eta[k]), (k, 1, K - 1))), ()
    ),
    "an exponent": (Product(phi[k] ** y[k], (k, 1, K)), Product(phi[k], (k, 1, K)), ()),
    "focal exponent": ((1 - q[i]) ** gamma, (1 - q[i]) ** (gamma - 1), ()),
    "off by one": (Sum(y[k], (k, 1, K - 1)), total(y[k]), ()),
    "under a fact": (total(y[k] ** 2), Integer(1), (SumsTo(y),)),
    "under another": (total(q[k] * log(q[k])), Integer(0), (SumsTo(q),)),
    "one-hot": (total(y[k] * z[k]), z[i], (OneHot(y, c),)),
    "positive": (log(y[i]), y[i] - 1, (Positive(y),)),
    "K at least 2": (y[i], y[j], (AtLeast(K, 2), DifferentIndex(i, j))),
    "fixed": (total(exp(eta[k])), Sum(exp(eta[k]), (k, 1, K - 1)), (Fixed(eta[K], Integer(0)),)),
    "double indices": (
        Sum(W[k, d] * x[d], (d, 1, D)) + b[k], Sum(W[d, k] * x[d], (d, 1, D)) + b[k], ()
    ),
    "base of the logarithm": (log(q[i]), log(q[i]) / log(Integer(2)), ()),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_two_values_are_those_of_the_two_sides(name: str) -> None:
    lhs, rhs, conditions = WRONG[name]
    found = find_witness(lhs, rhs, PLAIN, conditions=conditions)
    assert found is not None
    assert nan not in (found.lhs, found.rhs)
    symbols = {s.name: s for s in (K, D, i, j, k, l, c, d)}
    given = {symbols[s]: Integer(a) for s, a in {**found.sizes, **found.indices}.items()}
    for side, claimed in ((lhs, found.lhs), (rhs, found.rhs)):
        value = explicit(side, given, found.values)
        assert sympy.simplify(value - claimed) == 0, (side, value, claimed)
    difference = sympy.N(found.lhs - found.rhs, 60)
    assert abs(difference) > 1e-30
    assert not found.lhs.has(sympy.Float)
    assert not found.rhs.has(sympy.Float)


@pytest.mark.parametrize("name", WRONG)
def test_refuted_means_shown(name: str) -> None:
    lhs, rhs, conditions = WRONG[name]
    assert not recheck(lhs, rhs, PLAIN, conditions=conditions).agrees
    assert differs(lhs, rhs, PLAIN, conditions) is not None


@pytest.mark.parametrize(
    ("name", "size"),
    [("captured index", 2), ("δ in a denominator", 1), ("off by one", 1), ("under a fact", 2),
     ("K at least 2", 2), ("δ_i1 = 0", 1), ("a factor K", 2)],
)  # fmt: skip
def test_the_smallest_size_comes_first(name: str, size: int) -> None:
    lhs, rhs, conditions = WRONG[name]
    found = find_witness(lhs, rhs, PLAIN, conditions=conditions)
    assert found is not None
    assert found.sizes["K"] == size


def test_fractions_are_preferred_to_logarithms() -> None:
    found = find_witness(total(p[k] * z[k]), total(z[k]) / K, SOFTMAX)
    assert found is not None
    assert found.lhs.has(sympy.log)
    found = find_witness(Partial(total(p[k] * y[k]), z[i]), p[i] * y[i], SOFTMAX)
    assert found is not None
    assert found.lhs.is_Rational
    assert found.rhs.is_Rational


def test_conditions_shape_the_values() -> None:
    wrong = Partial(L, z[i]), y[i] * (p[i] - 1)
    shares = find_witness(*wrong, LOSS, conditions=(SumsTo(y),))
    assert shares is not None
    assert shares.values["y_1"] + shares.values["y_2"] == 1
    assert 0 not in (shares.values["y_1"], shares.values["y_2"])
    hot = find_witness(*wrong, LOSS, conditions=(OneHot(y, c),))
    assert hot is not None
    assert sorted((hot.values["y_1"], hot.values["y_2"])) == [0, 1]
    assert hot.values[f"y_{hot.indices['c']}"] == 1
    assert hot.indices["i"] != hot.indices["c"], "right in the component of the label"


def test_only_what_the_statement_mentions_is_shown() -> None:
    found = find_witness(p[i], p[j], SOFTMAX, conditions=(SumsTo(y), Positive(q)))
    assert found is not None
    assert set(found.values) == {"z_1", "z_2"}


def test_exponents_with_a_given_sum_are_whole_numbers() -> None:
    """φ = (1/3, 2/3), y = (2, −1): (1/3)² / (2/3) = 1/6."""
    found = find_witness(
        Product(phi[k] ** y[k], (k, 1, K)), Integer(1), PLAIN, conditions=(SumsTo(y), SumsTo(phi))
    )
    assert found is not None
    assert found.values == {
        "phi_1": Rational(1, 3), "phi_2": Rational(2, 3), "y_1": Integer(2), "y_2": Integer(-1)
    }  # fmt: skip
    assert found.lhs == Rational(1, 6)


def test_an_undefined_side_is_nan() -> None:
    a = y[i] - y[j]
    found = find_witness(Mul(a, Pow(a, -1), evaluate=False), Integer(1), PLAIN)
    assert found is not None
    assert found.lhs is nan
    assert found.rhs == 1
    assert found.sizes == {} or found.sizes["K"] == 1
    assert "nan" in str(found)


def test_both_signs_are_tried() -> None:
    found = find_witness(log(u * v), log(u) + log(v), PLAIN)
    assert found is not None
    assert found.values["u"] < 0
    assert found.values["v"] < 0
    assert found.rhs is nan
    assert find_witness(log(u * v), log(u) + log(v), PLAIN,
                        conditions=(Positive(u), Positive(v))) is None  # fmt: skip


def test_true_statements_have_no_witness() -> None:
    true = Partial(p[i], z[j]), p[i] * (delta(i, j) - p[j])
    assert find_witness(*true, SOFTMAX) is None
    assert differs(*true, SOFTMAX) is None
    gradient = Partial(L, z[i]), p[i] - y[i]
    assert find_witness(*gradient, LOSS, conditions=(SumsTo(y),)) is None
    assert find_witness(*gradient, LOSS) is not None


def test_what_cannot_be_evaluated_has_no_witness() -> None:
    f = sympy.Function("f")
    assert find_witness(f(u), f(v), PLAIN) is None
    assert differs(f(u), f(v), PLAIN) is None


def test_a_difference_at_special_points_only_is_found() -> None:
    """Wrong only where a component is 0: x/x = 1."""
    found = find_witness(Mul(y[i], Pow(y[i], -1), evaluate=False), Integer(1), PLAIN)
    assert found is not None
    assert found.values["y_1"] == 0


def test_a_difference_in_large_sizes_only_is_found() -> None:
    """Beyond the readable sizes the witness of the recheck is shown."""
    product = K * (K - 1) * (K - 2) * (K - 3) * (K - 4) * y[i]
    found = find_witness(product, Integer(0), PLAIN)
    assert found is not None
    assert found.sizes == {"K": 7}


def test_examples_and_features_have_small_sizes() -> None:
    lhs = Sum(W[k, d] * x[d], (d, 1, D))
    found = find_witness(lhs, x[1] * W[k, 1], PLAIN)
    assert found is not None
    assert found.sizes["D"] == 2
    assert set(found.values) >= {"W_1,1", "W_1,2", "x_1", "x_2"}
    rows = Sum(y[n], (n, 1, Symbol("m", integer=True, positive=True)))
    assert find_witness(rows, y[1], PLAIN) is not None


def test_a_witness_reads_as_one_line() -> None:
    found = find_witness(Partial(p[i], z[j]), p[i] * (1 - p[j]), SOFTMAX)
    assert str(found) == (
        "K = 2, i = 1, j = 2, z_1 = 0, z_2 = log(2): left -2/9, right 1/9"
    )  # fmt: skip
