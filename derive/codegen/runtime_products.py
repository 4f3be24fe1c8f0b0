"""What generated functions lean on for sums of products over an axis that all factors share.

Like those of ``runtime``, these functions are copied into the files that call them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def _contract(summed: str, spec: str, *factors: NDArray[Any]) -> NDArray[Any]:
    """np.einsum over an axis of all factors, by one matrix product of two halves of them.

    ``...`` stands in front of each factor. The halves share no other axis, and are of sizes as
    equal as can be.
    """
    given, target = spec.split("->")
    sides = given.split(",")
    halves: list[list[int]] = [[], []]
    names, sizes = ["", ""], [1, 1]
    for place in sorted(range(len(sides)), key=lambda n: -len(sides[n])):
        meets = [n for n in (0, 1) if set(names[n]) & set(sides[place])]
        at = meets[0] if meets else int(sizes[1] < sizes[0])
        halves[at].append(place)
        for letter, length in zip(sides[place][::-1], factors[place].shape[::-1], strict=False):
            if letter != summed and letter not in names[at]:
                names[at] += letter
                sizes[at] *= length
    if not all(halves) or set(names[0]) & set(names[1]):
        text = ",".join(f"...{side}" for side in sides)
        return np.asarray(np.einsum(f"{text}->...{target}", *factors, optimize=True))
    tables = []
    for half, name in zip(halves, names, strict=True):
        text = ",".join(f"...{sides[place]}" for place in half)
        tables.append(np.einsum(f"{text}->...{summed}{name}", *(factors[p] for p in half)))
    ends = [t.shape[t.ndim - len(name) :] for t, name in zip(tables, names, strict=True)]
    left, right = (
        t.reshape(*t.shape[: t.ndim - len(end)], math.prod(end))
        for t, end in zip(tables, ends, strict=True)
    )
    product = np.matmul(np.swapaxes(left, -1, -2), right)
    product = product.reshape(*product.shape[:-2], *ends[0], *ends[1])
    return np.asarray(np.einsum(f"...{names[0]}{names[1]}->...{target}", product))
