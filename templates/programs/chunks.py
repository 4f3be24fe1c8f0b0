"""Arrays that do not fit into memory: the generated functions on one chunk of rows at a time."""

import dask.array as da

from generated import (
    softmax,
    softmax_cross_entropy_labels,
    softmax_regression_gradient,
    softmax_regression_loss,
)


def probabilities(z):
    """Softmax of a Dask array (rows, K); nothing is computed before it is asked for."""
    return z.map_blocks(softmax, dtype=z.dtype)


def mean_loss(z, c):
    """The mean cross-entropy of logits (rows, K) and labels (rows,)."""
    loss = softmax_cross_entropy_labels
    losses = da.blockwise(loss, "n", z, "nk", c, "n", dtype=z.dtype, concatenate=True)
    return losses.mean()


def value_and_gradient(W, b, chunks, l2=0.0):
    """Loss and gradient of softmax regression, from chunks (X, y) read one by one."""
    m = loss = dW = db = 0
    for X, y in chunks:
        parts = softmax_regression_gradient(W, b, X, y)
        loss = loss + len(X) * softmax_regression_loss(W, b, X, y)
        dW, db = dW + len(X) * parts[0], db + len(X) * parts[1]
        m += len(X)
    return loss / m + l2 / 2 * (W * W).sum(), dW / m + l2 * W, db / m
