"""The page about arrays that do not fit into memory."""

from __future__ import annotations

from derive.render.articles.blocks import Article, Heading, Words, listing, runs

NAME = "larger-than-memory"
STATEMENT = (
    "The functions treat each row by itself, so that an array can be worked through in pieces: "
    "by Dask, by threads, or by a loop over files."
)
DASK = (
    "A Dask array is cut into chunks that are read when they are needed. `map_blocks` calls a "
    "generated function on each; a chunk must hold whole rows, that is, the class axis must be "
    "one chunk: `z.rechunk({-1: -1})` sees to it. For a function that takes the class axis away, "
    "Dask has to be told so, by `blockwise` or by `map_blocks` with `drop_axis=-1`. The numbers "
    "are those that NumPy gives for the whole array."
)
TRAIN = (
    "A mean over all examples is the mean of the chunks' means, weighted by their lengths. With "
    "this value and gradient, L-BFGS trains on data of any size:"
)
THREADS = (
    "NumPy lets go of Python's lock while it computes, so that threads share the work, each with "
    "rows of its own and one array for the results. With `numpy.memmap` for `z` and `out`, neither "
    "needs to fit into memory."
)
MEASURE = (
    "`python -m tests.bench.threads` measures one thread beside two on your own machine."
)


def larger() -> Article:
    """The page; its programs are run by the tests."""
    return Article(
        NAME,
        "Data larger than memory",
        STATEMENT,
        (
            Heading("With Dask"),
            Words(runs(DASK)),
            listing("chunks.py", "probabilities", "mean_loss", imports=True),
            Heading("Training in chunks"),
            Words(runs(TRAIN)),
            listing("chunks.py", "value_and_gradient"),
            Heading("With threads"),
            Words(runs(THREADS)),
            listing("threads.py", "softmax_in_threads", imports=True),
            Words(runs(MEASURE)),
        ),
    )
