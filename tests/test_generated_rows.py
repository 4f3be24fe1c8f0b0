"""Functions that work through their rows in blocks: axis, out, memory, and rows of every kind."""

import json
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import mpmath
import numpy as np
import pytest

import generated as g
from tests.reference.arguments import FUNCTIONS, is_entrywise, options, sample, shapes
from tests.test_generated_accuracy import assert_close, exact, log_sum, shares, shift_errors

WITH_OUT = [f for f in FUNCTIONS.values() if "out" in options(f)]
WITH_AXIS = [f for f in FUNCTIONS.values() if "axis" in options(f)]
ENTRYWISE = [f for f in FUNCTIONS.values() if is_entrywise(f)]
RNG = np.random.default_rng(5)
INF = np.inf


def arguments(function, shape, dtype=np.float64):
    """Rows of this shape, or entries of this shape where there are no rows."""
    if is_entrywise(function):
        return sample(function, RNG, shape, dtype)
    return sample(function, RNG, shape[:-1], dtype, K=shape[-1])


def turned(function, given, axis):
    """The arguments with their class axis elsewhere."""
    known = shapes(function)
    return {n: np.moveaxis(a, -1, axis) if known[n] else a for n, a in given.items()}


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def by_row(function, given):
    """The results of the function called row by row."""
    known = shapes(function)
    batch = next(a.shape[: a.ndim - len(known[n])] for n, a in given.items())
    rows = [parts(function(**{n: a[at] for n, a in given.items()})) for at in np.ndindex(batch)]
    return [np.array(r).reshape(*batch, *np.shape(r[0])) for r in zip(*rows, strict=True)]


def test_the_functions_in_question():
    names = {f.__name__ for f in WITH_OUT}
    assert {"softmax", "log_softmax", "softmax_cross_entropy_gradient_labels"} <= names
    assert {"softmax", "log_softmax", "logsumexp"} <= {f.__name__ for f in WITH_AXIS}
    assert {"sigmoid", "logit", "binary_cross_entropy_with_logits"} <= {
        f.__name__ for f in ENTRYWISE
    }
    assert set(ENTRYWISE) <= set(WITH_OUT)


@pytest.mark.parametrize("function", WITH_AXIS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 4), (4, 30, 40), (2, 3, 20, 5)])
def test_any_axis_can_be_the_class_axis(function, shape):
    given = arguments(function, shape)
    wants = parts(function(**given))
    for axis in range(-len(shape), len(shape)):
        results = parts(function(**turned(function, given, axis), axis=axis))
        for got, want in zip(results, wants, strict=True):
            if np.ndim(want) == len(shape):
                want = np.moveaxis(want, -1, axis)
                assert got.flags.c_contiguous
            np.testing.assert_allclose(got, want, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("function", WITH_OUT, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(7,), (3, 4), (20_000, 3), (300, 400), (2, 50, 60)])
def test_the_result_can_go_into_an_array_or_an_argument(function, shape):
    """Of several results it is the last; the others do not change either."""
    given = arguments(function, shape)
    wants = parts(function(**given))
    want = wants[-1]
    room = np.full(want.shape, 7.0)
    results = parts(function(**given, out=room))
    assert results[-1] is room
    assert all(map(np.array_equal, results, wants))
    strided = np.full((*want.shape[:-1], 2 * want.shape[-1]), 7.0)[..., ::2]
    for got, one in zip(parts(function(**given, out=strided)), wants, strict=True):
        np.testing.assert_allclose(got, one, 1e-13, 1e-15)
    for name, array in given.items():
        if array.shape == want.shape and name != "c":
            copies = {n: a.copy() for n, a in given.items()}
            results = parts(function(**copies, out=copies[name]))
            assert results[-1] is copies[name]
            for got, one in zip(results, wants, strict=True):
                np.testing.assert_allclose(got, one, 1e-13, 1e-15)


@pytest.mark.parametrize("function", [f for f in WITH_OUT if f in WITH_AXIS],
                         ids=lambda f: f.__name__)  # fmt: skip
def test_axis_and_out_together(function):
    ready = turned(function, arguments(function, (4, 5, 30)), 1)
    given = {n: np.ascontiguousarray(a) for n, a in ready.items()}
    wants = parts(function(**given, axis=1))
    room = np.empty(wants[-1].shape)
    results = parts(function(**given, axis=1, out=room))
    assert results[-1] is room
    assert all(map(np.array_equal, results, wants))
    for name in [n for n, axes in shapes(function).items() if axes]:
        copies = {n: a.copy() for n, a in given.items()}
        results = parts(function(**copies, axis=1, out=copies[name]))
        assert results[-1] is copies[name]
        assert all(map(np.array_equal, results, wants))


@pytest.mark.parametrize("function", WITH_OUT, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(200_000, 3), (3000, 300), (20, 40_000)])
def test_no_temporary_is_as_large_as_the_result(function, dtype, shape):
    given = arguments(function, shape, dtype)
    function(**arguments(function, (2, 3), dtype))
    tracemalloc.start()
    result = function(**given)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most <= sum(part.nbytes for part in parts(result)) + 2 * 2**20


@pytest.mark.parametrize("function", WITH_AXIS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(5000, 3), (40, 17), (3, 700, 20), (70, 1000), (0, 4)])
def test_blocks_are_no_more_than_their_rows(function, shape):
    given = arguments(function, shape)
    if "z" in given:
        given["z"] = given["z"] * RNG.choice([1.0, 30.0, 1e3], (*shape[:-1], 1))
        given["z"][RNG.random(shape) < 0.02] = -INF
    results = parts(function(**given))
    assert all(part.dtype == np.float64 for part in results)
    if results[-1].size:
        for whole, rows in zip(results, by_row(function, given), strict=True):
            np.testing.assert_allclose(whole, rows, rtol=1e-13, atol=1e-13)


def test_strange_strides_and_byte_orders():
    z = RNG.normal(size=(6, 50, 4))
    want = g.softmax(z)
    for same in (z.astype(">f8"), np.asfortranarray(z), z[::-1].copy()[::-1]):
        np.testing.assert_allclose(g.softmax(same), want, rtol=1e-15)
    spread = np.broadcast_to(z[:1], z.shape)
    np.testing.assert_allclose(g.softmax(spread), np.broadcast_to(want[:1], z.shape), rtol=1e-15)


def batches(dtype):
    """Rows of one batch at different offsets, with ties and masks, and around the safe limit."""
    limit = 79 if dtype == np.float32 else 638
    for size in (2, 3, 10, 20, 40):
        base = RNG.normal(size=(12, size)) * RNG.choice([1e-3, 1.0, 10.0], (12, 1))
        base[3] = 1.25
        base[4, : size // 2 + 1] = base[4, 0]
        base[5, 1:] = base[5, 0] - 45
        edge = np.array([0, limit, -limit]) - np.array([0, np.log(size), -np.log(size)])
        offsets = np.concatenate([edge, edge * 1.001, edge * 0.999, [1e4, -1e4, 20]])
        z = base + offsets[:, None]
        yield z.astype(dtype)
        z[RNG.random(z.shape) < 0.2] = -INF
        z[:, 0] = offsets
        yield z.astype(dtype)
        yield base.astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_of_one_batch_are_accurate_each(dtype):
    eps = np.finfo(dtype).eps
    with mpmath.workdps(900):
        for z in batches(dtype):
            soft, logs, sums = g.softmax(z), g.log_softmax(z), g.logsumexp(z)
            c = np.arange(len(z)) % z.shape[1]
            losses = g.softmax_cross_entropy_labels(z, c)
            slopes = g.softmax_cross_entropy_gradient_labels(z, c)
            for n, row in enumerate(z):
                check_row(row, (soft[n], logs[n], sums[n], losses[n], slopes[n]), c[n], eps, dtype)


def check_row(row, results, c, eps, dtype):
    soft, logs, total, loss, slope = results
    there = [i for i, v in enumerate(row) if v > -INF]
    masked = [i for i, v in enumerate(row) if v == -INF]
    values = exact(row[there])
    want, p = log_sum(values), shares(values)
    errors = shift_errors(values, max(values), eps)
    tail = mpmath.fsum(e * s for e, s in zip(errors, p, strict=True))
    slack = [(e + tail) * s for e, s in zip(errors, p, strict=True)]
    assert_close(soft[there], p, dtype, slack)
    assert not soft[masked].any()
    assert_close(total, [want], dtype, [tail], [max(abs(want), abs(max(values)))])
    assert_close(logs[there], [v - want for v in values], dtype, [e + tail for e in errors])
    assert (logs[masked] == -INF).all()
    if c in masked:
        assert loss == INF
        assert slope[c] == -1
        return
    place = there.index(c)
    assert_close(loss, [want - values[place]], dtype, [errors[place] + tail])
    rest = mpmath.fsum(s for k, s in enumerate(p) if k != place)
    assert_close(slope[c], [-rest], dtype, [(max(errors) + tail) * rest])


def test_float16_is_rounded_once():
    for z in batches(np.float16):
        wide = z.astype(np.float64)
        for name in ("softmax", "log_softmax", "logsumexp"):
            got, want = getattr(g, name)(z), getattr(g, name)(wide)
            assert got.dtype == np.float16
            small = float(np.finfo(np.float16).smallest_subnormal)
            np.testing.assert_allclose(got.astype(float), want, rtol=6e-4, atol=small)


LONG = (2, 1_000_000)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "strided", "in place"])
def test_rows_longer_than_the_cache_are_computed_inside_the_result(name, kind):
    function = getattr(g, name)
    z = RNG.normal(size=LONG) * 3
    if kind == "strided":
        z = np.repeat(z, 2, axis=-1)[..., ::2]
    given = z.astype(kind) if kind[-1].isdigit() else z
    want = np.concatenate([function(row[None]) for row in given.astype(float)])
    room = given.copy() if kind == "in place" else None
    tracemalloc.start()
    result = function(given) if room is None else function(room, out=room)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most <= (result.nbytes if room is None else 0) + 2 * 2**20
    rtol = 1e-4 if kind == "float32" else 1e-12
    np.testing.assert_allclose(result, want, rtol=rtol)


def test_columns_are_computed_without_a_large_temporary():
    z = RNG.normal(size=(1000, 4000))
    for function in (g.softmax, g.log_softmax):
        tracemalloc.start()
        result = function(z, axis=0)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most <= result.nbytes + 2 * 2**20


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("size", [1, 3, 10, 12, 13, 128, 129, 1000])
@pytest.mark.parametrize("offset", [0.0, -3.0, 30.0, 200.0])
def test_strange_rows_in_a_large_batch(dtype, size, offset, recwarn):
    """Rows of only −inf, with +inf and with NaN leave the others of their block as they are."""
    z = (RNG.normal(size=(300, size)) + offset).astype(dtype)
    plain = [f(z) for f in (g.softmax, g.log_softmax, g.logsumexp)]
    z[7], z[11, -1], z[13, 0] = -INF, INF, np.nan
    with np.errstate(all="raise"):
        soft, logs, sums = (f(z) for f in (g.softmax, g.log_softmax, g.logsumexp))
    assert np.isnan(soft[[7, 11, 13]]).all()
    assert np.isnan(logs[[7, 11, 13]]).all()
    assert sums[7] == -INF
    assert sums[11] == INF
    assert np.isnan(sums[13])
    others = np.delete(np.arange(300), [7, 11, 13])
    eps = float(np.finfo(dtype).eps)
    for got, want in zip((soft, logs, sums), plain, strict=True):
        sizes = eps * (8 + 4 * abs(offset)) if want is not plain[0] else eps * (8 + abs(offset))
        np.testing.assert_allclose(got[others], want[others], rtol=8 * eps, atol=sizes)
    assert not recwarn


@pytest.mark.parametrize("function", ENTRYWISE, ids=lambda f: f.__name__)
def test_functions_of_entries_work_in_blocks(function):
    names = list(shapes(function))
    given = [RNG.random((300, 1, 400)) for _ in names]
    want = np.concatenate([function(*(a[n : n + 1] for a in given)) for n in range(300)])
    tracemalloc.start()
    result = function(*given)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most <= result.nbytes + 2 * 2**20
    np.testing.assert_allclose(result, want, rtol=1e-15)
    turned = [np.moveaxis(a, 0, -1) for a in given]
    np.testing.assert_allclose(function(*turned), np.moveaxis(want, 0, -1), rtol=1e-15)
    first = given[0]
    assert function(*given, out=first) is first
    np.testing.assert_allclose(first, want, rtol=1e-15)
    flat = first.reshape(-1)
    with pytest.raises(ValueError, match=f"^out overlaps {names[0]} in part"):
        function(flat[1:], *[0.5] * (len(names) - 1), out=flat[:-1])
    number = function(*[0.5] * len(names))
    assert type(number) is np.float64
    assert type(function(*[np.float16(0.5)] * len(names))) is np.float16
    for dtype in (np.float16, np.float32):
        assert function(*(a.astype(dtype) for a in given)).dtype == dtype
    wide = function(*(np.ones((7, 1)) / 2 for _ in names[1:]), np.ones(5) / 4)
    assert wide.shape == ((7, 5) if len(names) > 1 else (5,))


def test_threads_over_rows():
    """Blocks of rows in several threads give what one call gives."""
    z = RNG.normal(size=(4000, 100))
    result = np.empty_like(z)
    parts = [slice(n, n + 500) for n in range(0, 4000, 500)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda part: g.softmax(z[part], out=result[part]), parts))
    np.testing.assert_allclose(result, g.softmax(z), rtol=1e-14)


def test_the_speed_report(tmp_path):
    command = [sys.executable, "-m", "tests.bench.speed", "--quick", "--output", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    record = json.loads((tmp_path / "speed.json").read_text())
    functions = {row["function"] for row in record["rows"]}
    assert {"softmax", "log_softmax", "logsumexp"} <= functions
    assert all(row["ours"] > 0 for row in record["rows"])
    assert "geometric" in (tmp_path / "speed.md").read_text()
