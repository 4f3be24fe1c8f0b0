"""What generated functions accept, refuse and return: types, shapes, infinities, empty batches."""

import doctest
import inspect
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import generated as g
from tests.reference.arguments import is_row, shapes

# generated.softmax is the function; the module of that name is found by its path.
MODULES = [
    import_module(f"generated.{path.stem}")
    for path in sorted(Path(g.__file__).parent.glob("*.py"))
    if path.stem != "__init__"
]
ROW = np.array([-3.0, 1.5, 2.7])
GIVEN = {
    "z": ROW, "y": np.array([1.0, 2.0, 1.0]), "p": np.array([0.2, 0.3, 0.5]),
    "q": np.array([0.5, 0.25, 0.25]), "phi": np.array([0.2, 0.3, 0.5]),
    "eta": np.array([0.5, -1.0]), "c": np.array(1),
}  # fmt: skip
# Of one result from rows such as these; what all functions refuse is in test_generated_refusals.
FUNCTIONS = [
    f for n, f in ((n, getattr(g, n)) for n in g.__all__)
    if set(shapes(f)) <= set(GIVEN) and is_row(f) and "value" not in n
    and not n.endswith("_symmetric")
]  # fmt: skip
LOGITS = [f for f in FUNCTIONS if "z" in shapes(f)]
INF = np.inf
COUNTS = [(g.log_pmf_natural, "y"), (g.log_pmf, "y")]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def arguments_of(function):
    """The arguments of a function by name, without its options."""
    known = inspect.signature(function).parameters.values()
    return [p.name for p in known if p.kind is not p.KEYWORD_ONLY]


def given(function, **changes):
    """Arguments for a function, some of them changed."""
    return {n: changes.get(n, GIVEN[n]) for n in arguments_of(function)}


def real_arguments(function):
    return [n for n in arguments_of(function) if n != "c"]


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_the_examples_of_the_docstrings_are_true(module):
    found = doctest.testmod(module)
    assert found.attempted >= len(module.__all__)
    assert found.failed == 0


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_the_floating_type_stays(function, dtype):
    floats = {n: GIVEN[n].astype(dtype) for n in real_arguments(function)}
    result = function(**given(function, **floats))
    assert result.dtype == dtype
    np.testing.assert_allclose(
        np.asarray(result, float),
        function(**given(function)),
        rtol=8e-3 if dtype == np.float16 else 1e-5,
    )


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint32, bool])
def test_integers_become_float64(function, dtype):
    whole = {n: np.ones_like(GIVEN[n], dtype=dtype) for n in real_arguments(function)}
    assert function(**given(function, **whole)).dtype == np.float64


def test_integers_take_the_type_of_floats_beside_them():
    z = ROW.astype(np.float32)
    assert g.softmax_cross_entropy_gradient(z, np.array([0, 1, 0])).dtype == np.float32
    assert g.softmax_cross_entropy_gradient(z, [0, 1, 0]).dtype == np.float32
    assert g.softmax_cross_entropy_gradient(z, GIVEN["y"]).dtype == np.float64


def test_float16_is_computed_in_float32():
    z = np.array([6.0, 5.0, 4.0], np.float16)
    want = g.softmax(z.astype(np.float64)).astype(np.float16)
    assert np.array_equal(g.softmax(z), want)
    assert g.logsumexp(np.full(70_000, 0.5, np.float16)) == np.float16(np.log(70_000) + 0.5)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_lists_strides_byte_order_and_read_only_arrays_are_fine(function):
    want = function(**given(function))
    lists = {n: GIVEN[n].tolist() for n in arguments_of(function)}
    assert np.array_equal(function(**lists), want)
    for change in (
        lambda a: np.repeat(a, 2)[::2], lambda a: a[::-1].copy()[::-1], lambda a: a.astype(">f8"),
    ):  # fmt: skip
        changed = {n: change(GIVEN[n]) for n in real_arguments(function)}
        for array in changed.values():
            array.flags.writeable = False
        result = function(**given(function, **changed))
        assert np.array_equal(result, want)
        assert np.asarray(result).dtype.isnative


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_an_empty_batch_gives_an_empty_result(function):
    empty = {n: np.empty((0, *GIVEN[n].shape)) for n in real_arguments(function)}
    result = function(**given(function, **empty))
    assert result.shape == (0, *np.shape(function(**given(function))))
    assert result.dtype == np.float64


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_batches_of_rows_at_different_offsets(function):
    offsets = np.array([0.0, 1e3, -1e3, 1e4])[:, None]
    changes = {n: GIVEN[n] + offsets for n in ("z", "eta") if n in given(function)}
    result = function(**given(function, **changes))
    for at in range(4):
        one = {n: v[at] for n, v in changes.items()}
        single = function(**given(function, **one))
        np.testing.assert_allclose(result[at] if changes else result, single, rtol=1e-14)
    assert np.isfinite(result).all()


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
    assert np.isnan(g.softmax_cross_entropy(row, GIVEN["y"]))


def test_a_target_of_zero_where_a_logit_is_minus_infinity_contributes_nothing():
    loss = g.softmax_cross_entropy([0.0, -INF, 0.0], [0.5, 0.0, 0.5])
    assert loss == pytest.approx(np.log(2), rel=1e-15)
    assert g.softmax_cross_entropy([0.0, -INF], [1.0, 0.0]) == 0
    assert not np.signbit(g.softmax_cross_entropy([0.0, -INF], [1.0, 0.0]))
    assert g.softmax_cross_entropy([0.0, -INF], [0.0, 1.0]) == INF
    assert g.softmax_cross_entropy_labels([0.0, -INF], 1) == INF
    assert np.array_equal(g.softmax_cross_entropy_gradient_labels([0.0, -INF], 0), [0, 0])


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_nan_propagates_within_its_row_only(function):
    for name in real_arguments(function):
        array = np.stack([GIVEN[name]] * 2)
        array[1, 0] = np.nan
        if (function, name) in COUNTS:
            with pytest.raises(ValueError, match=r"^y must be counts 0, 1, 2, …, but contains nan"):
                function(**given(function, **{name: array}))
            continue
        result = function(**given(function, **{name: array}))
        np.testing.assert_allclose(result[0], function(**given(function)), rtol=1e-14)
        assert np.isnan(result[1]).any()
    if function in (g.softmax, g.log_softmax, g.logsumexp, g.softmax_jacobian):
        assert np.isnan(function([np.nan, INF, 0.0])).all()


@pytest.mark.parametrize("function", LOGITS, ids=lambda f: f.__name__)
def test_finite_logits_give_finite_results_without_a_warning(function):
    for row in ([1e4, -1e4, 0.0], [1e308, -1e308, 0.0], [5e-324, 0.0, -5e-324]):
        result = function(**given(function, z=np.array(row)))
        assert not np.isnan(result).any()


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_what_is_not_real_is_a_type_error(function):
    wrong = (np.array([1j] * 3), np.array([None] * 3), np.array(["a"] * 3), {"a": 1}, None)
    for name in real_arguments(function):
        for value in wrong:
            with pytest.raises(TypeError, match=rf"^{name} must be an array of real numbers"):
                function(**given(function, **{name: value}))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_wrong_shapes_are_value_errors_that_name_the_argument(function):
    names = real_arguments(function)
    for name in names:
        # Without natural parameters there is one class; without logits there is none.
        empty = [] if names == ["eta"] else [np.empty((2, 0))]
        for value in (*empty, np.float64(1.0)):
            with pytest.raises(ValueError, match=rf"^{name} must have shape \(\.\.\., K(-1)?\)"):
                function(**given(function, **{name: value}))
        with pytest.raises(ValueError, match=rf"^{name} must be an array of numbers, but its rows"):
            function(**given(function, **{name: [[1.0, 2.0], [1.0]]}))
    for name in names[1:]:
        with pytest.raises(ValueError, match=rf"^{name} must have shape .* with \d along axis -1"):
            function(**given(function, **{name: np.ones(1)}))


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if len(given(f)) > 1],
                         ids=lambda f: f.__name__)  # fmt: skip
def test_batch_shapes_that_do_not_broadcast(function):
    first, second = arguments_of(function)
    changes = {first: np.stack([GIVEN[first]] * 2), second: np.stack([GIVEN[second]] * 3)}
    says = rf"batch shapes do not broadcast: {first} has \(2,\), {second} has \(3,\)"
    with pytest.raises(ValueError, match=says):
        function(**changes)


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if "c" in given(f)],
                         ids=lambda f: f.__name__)  # fmt: skip
def test_labels_are_integers_in_range(function):
    for wrong in (3, -1, [0, 7]):
        with pytest.raises(ValueError, match=r"^c must lie in 0, …, 2, but contains (3|-1|7)"):
            function(ROW, wrong)
    for wrong in (1.0, [True], None, "1"):
        with pytest.raises(TypeError, match=r"^c must be an array of integers"):
            function(ROW, wrong)
    assert function(ROW, np.uint8(2)).dtype == np.float64
    assert function(np.stack([ROW] * 2), [0, 2]).shape[0] == 2
    assert function(np.empty((0, 3)), np.empty(0, int)).shape[0] == 0


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
    for function in LOGITS:
        one = {"z": np.array([2.0]), "y": np.array([1.0]), "c": np.array(0)}
        result = function(**{n: one[n] for n in arguments_of(function)})
        assert np.isfinite(result).all()


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if "c" in given(f)],
                         ids=lambda f: f.__name__)  # fmt: skip
def test_labels_of_different_lengths(function):
    with pytest.raises(ValueError, match=r"^c must be an array of numbers, but its rows differ"):
        function(np.stack([ROW] * 2), [[1], [2, 0]])
    with pytest.raises(ValueError, match=r"^c must lie in 0, …, 2, but contains 1000000000000000"):
        function(ROW, 10**30)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_masked_arrays_are_refused(function):
    for name, value in given(function).items():
        hidden = np.ma.array(value, mask=np.zeros(np.shape(value), bool))
        for masked in (hidden, [hidden, hidden]):
            with pytest.raises(TypeError, match=rf"^{name} must not be a masked array"):
                function(**given(function, **{name: masked}))


def test_whole_numbers_beyond_int64_are_floats():
    assert np.array_equal(g.softmax([10**30, 1]), [1, 0])
    assert g.logsumexp([10**30, 1.5, True]) == 1e30
    assert g.log_pmf_natural([10**19, 0], [0.0]) == pytest.approx(-(10**19) * np.log(2))
    with pytest.raises(ValueError, match=r"^z contains a number too large for float64"):
        g.softmax([10**400, 1])
    with pytest.raises(TypeError, match=r"^z must be an array of real numbers"):
        g.softmax([10**30, None])


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_arguments_are_never_modified_or_returned(function):
    arguments = given(function)
    before = {n: a.copy() for n, a in arguments.items()}
    result = function(**arguments)
    for name, array in arguments.items():
        assert np.array_equal(array, before[name])
        assert not np.shares_memory(array, result)
