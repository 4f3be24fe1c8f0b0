"""The helpers that are copied into generated files."""

import mpmath
import numpy as np
import pytest

from derive.codegen import runtime as r
from derive.codegen import runtime_rows as rows
from derive.codegen.function import helper_sources

EPS = np.finfo(float).eps


def test_log_factorials():
    counts = [*range(200), 1000, 10**6, 10**12]
    got = r._log_factorial(np.array(counts, float))
    with mpmath.workdps(50):
        for n, value in zip(counts, got, strict=True):
            assert abs(value - float(mpmath.loggamma(n + 1))) <= 4 * EPS * max(abs(value), 0)
    assert r._log_factorial(np.float32(3)).dtype == np.float32


def test_the_sum_of_others_has_no_cancellation():
    terms = np.array([[1.0, 1e-20, 1e-30], [1.0, 1.0, 0.0]])
    assert np.array_equal(r._sum_of_others(terms), [[1e-20 + 1e-30, 1, 1], [1, 1, 2]])
    assert np.array_equal(r._sum_of_others(np.array([3.0])), [0.0])


def test_the_sum_of_others_of_signed_terms():
    terms = np.random.default_rng(0).normal(size=(4, 6))
    want = [[row.sum() - t for t in row] for row in terms]
    np.testing.assert_allclose(r._sum_of_others(terms), want, atol=1e-14)


def test_log_ratio_near_and_far():
    assert r._log_ratio(np.array(0.3 * (1 + 2**-40)), 0.3) == pytest.approx(2.0**-40, rel=1e-3)
    with np.errstate(all="ignore"):
        assert r._log_ratio(1e-310, 0.5) == pytest.approx(float(mpmath.log(2e-310)), rel=1e-13)
        assert r._log_ratio(np.array(0.0), 0.5) == -np.inf
        assert r._log_ratio(np.array(0.5), 1e-320) == pytest.approx(
            float(mpmath.log(0.5) - mpmath.log(1e-320))
        )


def test_a_weight_of_zero_takes_an_infinity_away_but_not_a_nan():
    with np.errstate(invalid="ignore"):
        got = r._weighted(np.array([0.0, 0.0, 2.0]), np.array([-np.inf, np.nan, -np.inf]))
    assert got[0] == 0
    assert np.isnan(got[1])
    assert got[2] == -np.inf


def test_an_entry_more_at_either_end():
    assert np.array_equal(
        r._append(np.ones((2, 2)), np.array([5.0, 6.0]), 2), [[1, 1, 5], [1, 1, 6]]
    )
    assert np.array_equal(r._prepend(np.array([1.0, 2.0]), 0, 2), [0, 1, 2])
    assert r._append(np.ones(2, np.float32), 0, 2).dtype == np.float32


def test_a_diagonal_is_set_in_place_or_in_a_copy():
    full = np.zeros((2, 2))
    assert r._with_diagonal(full, np.ones(2), 2) is full
    row = np.array([[1.0, 2.0]])
    assert np.array_equal(r._with_diagonal(row, np.zeros(2), 2), [[0, 2], [1, 0]])
    assert np.array_equal(row, [[1, 2]])


def test_helpers_use_numpy_and_each_other_only():
    allowed = set(helper_sources())
    for name, source in helper_sources().items():
        code = compile(source, name, "exec")
        loaded = {n for c in code.co_consts if hasattr(c, "co_names") for n in c.co_names}
        private = {n for n in loaded if n.startswith("_") and not n.startswith("__")}
        assert private <= allowed, name


def test_log_odds_keeps_its_digits_on_both_sides_of_one_half():
    with np.errstate(all="ignore"):
        assert r._log_odds(np.array(0.5 - 2.0**-54)) == -(2.0**-52)
        assert r._log_odds(np.array(0.5 + 2.0**-53)) == 2.0**-51
        for p in (1e-310, 0.1, 0.2499, 0.2501, 0.4, 0.6, 0.7499, 0.7501, 0.9, 1 - 2.0**-53):
            want = mpmath.log(mpmath.mpf(p)) - mpmath.log1p(-mpmath.mpf(p))
            assert r._log_odds(np.array(p)) == pytest.approx(float(want), rel=6e-16)
        assert r._log_odds(np.array(0.0)) == -np.inf
        assert r._log_odds(np.array(1.0)) == np.inf
        assert np.isnan(r._log_odds(np.array([-0.5, 1.5, np.nan]))).all()


def test_weighted_rows_may_go_where_the_weights_stand():
    weight, value = np.array([[0.0, 2.0, 0.5]]), np.array([[-np.inf, 3.0, np.inf]])
    for out in (np.empty_like(weight), weight, value):
        given = weight.copy(), value.copy()
        weight[:], value[:] = given
        with np.errstate(invalid="ignore"):
            assert np.array_equal(rows._weighted_rows(weight, value, out), [[0.0, 6.0, np.inf]])
        weight[:], value[:] = given
