"""The order within the layers of a graph: of some sweeps, the one with the fewest crossings."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations, pairwise
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
SWEEPS = 16


def ordered(columns: Sequence[Sequence[Key]], links: Sequence[tuple[Key, Key]]) -> list[list[Key]]:
    """The columns, each in a new order; links join neighbouring columns, from left to right."""
    now = [list(column) for column in columns]
    best, least = now, crossings(now, links)
    for sweep in range(SWEEPS):
        if not least:
            break
        now = _swept(now, links, backwards=sweep % 2 == 1)
        count = crossings(now, links)
        if count < least:
            best, least = now, count
    return best


def crossings(columns: Sequence[Sequence[Key]], links: Sequence[tuple[Key, Key]]) -> int:
    """How many pairs of links cross."""
    layer = {k: n for n, column in enumerate(columns) for k in column}
    place = {k: n for column in columns for n, k in enumerate(column)}
    count = 0
    for n, _ in enumerate(columns):
        here = [(place[a], place[b]) for a, b in links if layer[a] == n]
        count += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(here, 2))
    return count


def _swept(
    columns: list[list[Key]], links: Sequence[tuple[Key, Key]], backwards: bool
) -> list[list[Key]]:
    """Each column by the mean place of the neighbours in the column before it."""
    turned = [(b, a) for a, b in links] if backwards else list(links)
    run = columns[::-1] if backwards else columns
    found = [run[0]]
    for _, column in pairwise(run):
        place = {k: float(n) for n, k in enumerate(found[-1])}
        old = {k: float(n) for n, k in enumerate(column)}
        seen = {k: [place[a] for a, b in turned if b == k and a in place] for k in column}
        mean = {k: sum(s) / len(s) if s else old[k] for k, s in seen.items()}
        found.append(_transposed(sorted(column, key=lambda k: (mean[k], old[k])), seen))
    return found[::-1] if backwards else found


def _transposed(column: list[Key], seen: dict[Key, list[float]]) -> list[Key]:
    """Neighbours that cross less the other way round are exchanged."""
    found = list(column)
    for _ in column:
        for n, (a, b) in enumerate(pairwise(list(found))):
            if found[n : n + 2] == [a, b] and _crossed(seen[b], seen[a]) < _crossed(
                seen[a], seen[b]
            ):
                found[n : n + 2] = [b, a]
    return found


def _crossed(upper: list[float], lower: list[float]) -> int:
    return sum(a > b for a in upper for b in lower)
