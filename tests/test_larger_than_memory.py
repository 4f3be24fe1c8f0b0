"""Arrays in pieces: with Dask, with threads and in a loop, the numbers are NumPy's."""

import runpy
from pathlib import Path

import numpy as np
import pytest

import generated as g
from tests.bench.threads import measure

dask_array = pytest.importorskip("dask.array")
PROGRAMS = Path(__file__).parents[1] / "templates" / "programs"
CHUNKS = runpy.run_path(str(PROGRAMS / "chunks.py"))
THREADS = runpy.run_path(str(PROGRAMS / "threads.py"))
TYPES = [np.float32, np.float64]
ROWS, K = 10_000, 10


def logits(dtype, scale=3.0):
    """Some rows far off the others, so that chunks differ in what is subtracted."""
    rng = np.random.default_rng(2)
    z = rng.normal(size=(ROWS, K)) * scale
    z[::7] += 200 * rng.normal(size=(len(z[::7]), 1))
    return z.astype(dtype), rng.integers(0, K, ROWS)


def close(got, want, dtype):
    assert got.dtype == dtype
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(got, want, rtol=4 * eps, atol=4 * eps * np.abs(want).max())


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("chunk", [ROWS, 3000, 1, 17])
def test_map_blocks_gives_the_same_numbers(dtype, chunk):
    z = logits(dtype)[0][: min(ROWS, 300 * chunk)]
    lazy = dask_array.from_array(z, chunks=(chunk, K))
    for function in (g.softmax, g.log_softmax):
        made = lazy.map_blocks(function, dtype=dtype)
        assert made.chunks == lazy.chunks
        close(made.compute(), function(z), dtype)
    close(CHUNKS["probabilities"](lazy).compute(), g.softmax(z), dtype)
    total = lazy.map_blocks(g.logsumexp, dtype=dtype, drop_axis=-1)
    close(total.compute(), g.logsumexp(z), dtype)


@pytest.mark.parametrize("dtype", TYPES)
def test_map_blocks_without_a_type_finds_it(dtype):
    z, _ = logits(dtype)
    made = dask_array.from_array(z, chunks=(1000, K)).map_blocks(g.softmax)
    assert made.dtype == dtype
    close(made.compute(), g.softmax(z), dtype)


@pytest.mark.parametrize("dtype", TYPES)
def test_several_arrays_are_cut_alike(dtype):
    z, c = logits(dtype)
    y = np.eye(K, dtype=dtype)[c]
    cut = [dask_array.from_array(a, chunks=(3000, K)) for a in (z, y)]
    made = dask_array.map_blocks(g.softmax_cross_entropy_gradient, *cut, dtype=dtype)
    close(made.compute(), g.softmax_cross_entropy_gradient(z, y), dtype)
    labels = dask_array.from_array(c, chunks=3000)
    loss = CHUNKS["mean_loss"](cut[0], labels).compute()
    want = g.softmax_cross_entropy_labels(z.astype(np.float64), c).mean()
    assert abs(loss - want) < 50 * np.finfo(dtype).eps * abs(want)


def test_a_class_axis_in_pieces_is_put_together_first():
    z, _ = logits(np.float64)
    lazy = dask_array.from_array(z, chunks=(3000, 4)).rechunk({-1: -1})
    close(CHUNKS["probabilities"](lazy).compute(), g.softmax(z), np.float64)


def test_loss_and_gradient_over_chunks_are_those_of_all_examples():
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(1000, 5)), rng.dirichlet(np.ones(K), 1000)
    W, b = rng.normal(size=(K, 5)), rng.normal(size=K)
    chunks = ((X[n : n + 300], y[n : n + 300]) for n in range(0, 1000, 300))
    loss, dW, db = CHUNKS["value_and_gradient"](W, b, chunks, l2=0.1)
    want = g.softmax_regression_gradient(W, b, X, y, l2=0.1)
    np.testing.assert_allclose(loss, g.softmax_regression_loss(W, b, X, y, l2=0.1), rtol=1e-14)
    np.testing.assert_allclose(dW, want[0], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(db, want[1], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_over_blocks_of_rows_give_the_same_numbers(dtype, threads):
    z, _ = logits(dtype)
    before = z.copy()
    out = np.full_like(z, np.nan)
    assert THREADS["softmax_in_threads"](z, out, threads, rows=900) is out
    close(out, g.softmax(z), dtype)
    assert np.array_equal(z, before)
    assert THREADS["softmax_in_threads"](z, z, threads, rows=900) is z
    assert np.array_equal(z, out)


def test_files_can_be_worked_through(tmp_path):
    z, _ = logits(np.float32)
    np.save(tmp_path / "z.npy", z)
    stored = np.load(tmp_path / "z.npy", mmap_mode="r")
    room = np.lib.format.open_memmap(tmp_path / "p.npy", "w+", z.dtype, z.shape)
    THREADS["softmax_in_threads"](stored, room, rows=1000)
    room.flush()
    close(np.load(tmp_path / "p.npy"), g.softmax(z), np.float32)


def test_the_benchmark_measures_one_thread_and_two() -> None:
    one, two = measure(np.zeros((20, 10)), seconds=0.01)
    assert min(one, two) > 0
