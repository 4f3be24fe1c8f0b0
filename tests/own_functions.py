"""Functions as people write them, right ones."""

import numpy as np


def rows(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_rows(z):
    s = z - z.max(axis=-1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


def single(z):
    p = np.exp(z - np.max(z))
    p /= p.sum()
    return p
