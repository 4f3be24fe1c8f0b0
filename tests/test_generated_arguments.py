"""What generated functions accept and return: types, strides, infinities, NaN, one class."""

import doctest
import warnings
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest

import generated as g
from tests.reference.arguments import FUNCTIONS, LABEL, has_counts, sample, shapes

MODULES = [import_module(f"generated.{m.name}") for m in iter_modules(g.__path__)]
NAMES = list(FUNCTIONS)
REAL = [n for n in NAMES if set(shapes(FUNCTIONS[n])) - {LABEL}]
LOGITS = [n for n in NAMES if {"z", "eta"} & set(shapes(FUNCTIONS[n]))]
ROW = np.array([-3.0, 1.5, 2.7])
Y = np.array([1.0, 2.0, 1.0])
INF = np.inf


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def made(name, batch=(), **changes):
    """Arguments for a function, the same in every call, some of them changed."""
    return {**sample(FUNCTIONS[name], np.random.default_rng(2), batch, K=3), **changes}


def arrays(name, batch=()):
    """Those arguments that are arrays of real numbers."""
    return {n: np.asarray(made(name, batch)[n]) for n in shapes(FUNCTIONS[name]) if n != LABEL}


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def beside(got, alone):
    """Rows are the same up to rounding, whatever stands beside them in their block."""
    np.testing.assert_allclose(got, alone, rtol=1e-13, atol=4e-15)


def same(got, want):
    return all(map(np.array_equal, parts(got), parts(want)))


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_the_examples_of_the_docstrings_are_true(module):
    found = doctest.testmod(module)
    assert found.attempted >= len(module.__all__)
    assert found.failed == 0


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_the_floating_type_stays(name, dtype):
    floats = {n: a.astype(dtype) for n, a in arrays(name).items()}
    wide = {n: a.astype(float) for n, a in floats.items()}
    results = parts(FUNCTIONS[name](**made(name, **floats)))
    wants = parts(FUNCTIONS[name](**made(name, **wide)))
    rtol = {np.float16: 8e-3, np.float32: 1e-5}.get(dtype, 1e-12)
    for got, want in zip(results, wants, strict=True):
        assert got.dtype == dtype
        np.testing.assert_allclose(np.asarray(got, float), want, rtol=rtol, atol=rtol / 8)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint32, bool])
def test_integers_become_float64(name, dtype):
    whole = {n: np.ones_like(a, dtype=dtype) for n, a in arrays(name).items()}
    results = parts(FUNCTIONS[name](**made(name, **whole)))
    assert all(part.dtype == np.float64 for part in results)


def test_integers_take_the_type_of_floats_beside_them():
    z = ROW.astype(np.float32)
    assert g.softmax_cross_entropy_gradient(z, np.array([0, 1, 0])).dtype == np.float32
    assert g.softmax_cross_entropy_gradient(z, [0, 1, 0]).dtype == np.float32
    assert g.softmax_cross_entropy_gradient(z, Y).dtype == np.float64


def test_float16_is_computed_in_float32():
    z = np.array([6.0, 5.0, 4.0], np.float16)
    want = g.softmax(z.astype(np.float64)).astype(np.float16)
    assert np.array_equal(g.softmax(z), want)
    assert g.logsumexp(np.full(70_000, 0.5, np.float16)) == np.float16(np.log(70_000) + 0.5)


@pytest.mark.parametrize("name", NAMES)
def test_lists_strides_byte_order_and_read_only_arrays_are_fine(name):
    function = FUNCTIONS[name]
    want = function(**made(name))
    lists = {n: np.asarray(made(name)[n]).tolist() for n in shapes(function)}
    assert same(function(**made(name, **lists)), want)
    for change in (
        lambda a: np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a,
        lambda a: a[::-1].copy()[::-1] if a.ndim else a,
        lambda a: a.astype(">f8"), np.asfortranarray,
    ):  # fmt: skip
        changed = {n: change(a) for n, a in arrays(name).items()}
        for array in changed.values():
            array.flags.writeable = False
        result = function(**made(name, **changed))
        for got, one in zip(parts(result), parts(want), strict=True):
            np.testing.assert_allclose(got, one, rtol=1e-14, atol=1e-15)
            assert np.asarray(got).dtype.isnative


@pytest.mark.parametrize("name", LOGITS)
def test_batches_of_rows_at_different_offsets(name):
    offsets = np.array([0.0, 1e3, -1e3, 1e4])[:, None]
    given = made(name, (4,))
    given |= {n: given[n] + offsets for n in ("z", "eta") if n in given}
    results = parts(FUNCTIONS[name](**given))
    for at in range(4):
        ones = parts(FUNCTIONS[name](**{n: a[at] for n, a in given.items()}))
        for got, one in zip(results, ones, strict=True):
            beside(got[at], one)
    assert all(np.isfinite(part).all() for part in results)


# --- infinities and NaN --------------------------------------------------------------------------


def test_entries_of_minus_infinity_are_masks():
    assert np.array_equal(g.softmax([0.0, -INF]), [1, 0])
    assert np.array_equal(g.log_softmax([0.0, -INF]), [0, -INF])
    assert g.logsumexp([3.0, -INF]) == 3
    assert np.array_equal(g.softmax_jacobian([0.0, -INF]), np.zeros((2, 2)))
    assert np.array_equal(g.mean_parameters([-INF, 0.0]), [0, 0.5])
    assert g.log_partition([-INF, -INF]) == 0


def test_a_row_of_minus_infinity():
    row = np.full(3, -INF)
    assert np.isnan(g.softmax(row)).all()
    assert np.isnan(g.log_softmax(row)).all()
    assert g.logsumexp(row) == -INF


def test_plus_infinity():
    row = np.array([INF, 0.0, 1.0])
    assert np.isnan(g.softmax(row)).all()
    assert np.isnan(g.log_softmax(row)).all()
    assert g.logsumexp(row) == INF
    assert g.logsumexp([INF, INF]) == INF
    assert g.log_partition([INF, 0.0]) == INF
    assert np.isnan(g.softmax_cross_entropy(row, Y))


def test_a_target_of_zero_where_a_logit_is_minus_infinity_contributes_nothing():
    loss = g.softmax_cross_entropy([0.0, -INF, 0.0], [0.5, 0.0, 0.5])
    assert loss == pytest.approx(np.log(2), rel=1e-15)
    assert g.softmax_cross_entropy([0.0, -INF], [1.0, 0.0]) == 0
    assert not np.signbit(g.softmax_cross_entropy([0.0, -INF], [1.0, 0.0]))
    assert g.softmax_cross_entropy([0.0, -INF], [0.0, 1.0]) == INF
    assert g.softmax_cross_entropy_labels([0.0, -INF], 1) == INF
    assert np.array_equal(g.softmax_cross_entropy_gradient_labels([0.0, -INF], 0), [0, 0])


@pytest.mark.parametrize("name", REAL)
def test_nan_propagates_within_its_row_only(name):
    function = FUNCTIONS[name]
    for argument, array in arrays(name, (2,)).items():
        hurt = array.copy()
        hurt.reshape(2, -1)[1, 0] = np.nan
        if argument == "y" and has_counts(name):
            with pytest.raises(ValueError, match=r"^y must be counts 0, 1, 2, …, but contains nan"):
                function(**made(name, (2,), y=hurt))
            continue
        results = parts(function(**made(name, (2,), **{argument: hurt})))
        wants = parts(function(**made(name, (2,))))
        for got, want in zip(results, wants, strict=True):
            beside(got[0], want[0])
        assert any(np.isnan(got[1]).any() for got in results)
    if name in ("softmax", "log_softmax", "logsumexp", "softmax_jacobian"):
        assert np.isnan(function([np.nan, INF, 0.0])).all()


@pytest.mark.parametrize("name", [n for n in LOGITS if "z" in shapes(FUNCTIONS[n])])
def test_finite_logits_give_finite_results_without_a_warning(name):
    for row in ([1e4, -1e4, 0.0], [1e308, -1e308, 0.0], [5e-324, 0.0, -5e-324]):
        for part in parts(FUNCTIONS[name](**made(name, z=np.array(row)))):
            assert not np.isnan(part).any()


# --- one class, large numbers, and arguments afterwards ------------------------------------------


def test_one_class():
    """Every derivation claims K ≥ 1."""
    assert g.log_pmf_natural([3], []) == 0
    assert np.array_equal(g.log_pmf_natural([[3], [4]], np.empty((2, 0))), [0, 0])
    assert g.log_partition([]) == 0
    assert np.array_equal(g.log_partition(np.empty((3, 0))), np.zeros(3))
    assert g.log_partition(np.empty(0, np.float32)).dtype == np.float32
    assert g.mean_parameters([]).shape == g.log_partition_gradient([]).shape == (0,)
    assert g.mean_parameters(np.empty((2, 0))).shape == (2, 0)
    assert g.log_partition_hessian([]).shape == (0, 0)
    assert g.log_partition_hessian(np.empty((2, 0))).shape == (2, 0, 0)
    assert g.natural_parameters([1.0]).shape == (0,)
    for function in FUNCTIONS.values():
        result = function(**sample(function, np.random.default_rng(3), K=1))
        assert all(np.isfinite(part).all() for part in parts(result))


@pytest.mark.parametrize("name", [n for n in NAMES if LABEL in shapes(FUNCTIONS[n])])
def test_labels_of_every_integer_type(name):
    for dtype in (np.uint8, np.int16, ">i4", np.uint64):
        given = made(name, (2,), c=np.array([0, 2], dtype))
        plain = made(name, (2,), c=np.array([0, 2]))
        assert same(FUNCTIONS[name](**given), FUNCTIONS[name](**plain))
        assert all(p.dtype == np.float64 for p in parts(FUNCTIONS[name](**given)))


def test_whole_numbers_beyond_int64_are_floats():
    assert np.array_equal(g.softmax([10**30, 1]), [1, 0])
    assert g.logsumexp([10**30, 1.5, True]) == 1e30
    assert g.log_pmf_natural([10**19, 0], [0.0]) == pytest.approx(-(10**19) * np.log(2))
    with pytest.raises(ValueError, match=r"^z contains a number too large for float64"):
        g.softmax([10**400, 1])
    with pytest.raises(TypeError, match=r"^z must be an array of real numbers"):
        g.softmax([10**30, None])


@pytest.mark.parametrize("name", NAMES)
def test_arguments_are_never_modified_or_returned(name):
    given = made(name, (2,))
    before = {n: np.array(a, copy=True) for n, a in given.items()}
    results = parts(FUNCTIONS[name](**given))
    for argument, array in given.items():
        assert np.array_equal(array, before[argument])
        assert not any(np.shares_memory(array, part) for part in results)
