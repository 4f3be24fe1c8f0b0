"""Softmax over blocks of rows in several threads; NumPy lets them run at the same time."""

from concurrent.futures import ThreadPoolExecutor

from generated import softmax


def softmax_in_threads(z, out, threads=2, rows=4096):
    """Softmax of z : (rows, K) into ``out``; either may be a memory-mapped file."""

    def work(start):
        block = slice(start, start + rows)
        softmax(z[block], out=out[block])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(0, len(z), rows)))
    return out
