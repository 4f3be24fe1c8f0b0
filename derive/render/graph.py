"""Where the boxes of a graph stand: layers from left to right, with few crossings.

All follows from the order in which nodes and edges are given, so that every run draws the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from derive.render.graph_order import ordered

Edge = tuple[str, str]
Joint = tuple[str, str, int]  # where an edge crosses a layer between its ends
Key = str | Joint
Point = tuple[float, float]

WIDTH = 160.0  # of a box
ACROSS = 44.0  # between layers
BETWEEN = 12.0  # boxes of a layer
APART = 26.0  # parts that nothing connects
JOINT = 4.0  # the height of a joint
SHELF = 980.0  # parts stand beside each other up to here
ROUNDS = 12


@dataclass(frozen=True)
class Layout:
    """The middle of the left side of each box, and each edge as points from box to box."""

    places: Mapping[str, Point]
    routes: Mapping[Edge, tuple[Point, ...]]
    width: float
    height: float


def layout(heights: Mapping[str, float], edges: Sequence[Edge]) -> Layout:
    """Place boxes of these heights; an edge leads from left to right unless it closes a circle."""
    places: dict[str, Point] = {}
    routes: dict[Edge, tuple[Point, ...]] = {}
    left = top = right = shelf = 0.0
    for part in _parts(list(heights), edges):
        inside = [e for e in edges if e[0] in part and e[0] != e[1]]
        one = _connected({n: heights[n] for n in part}, list(dict.fromkeys(inside)))
        if left and left + one.width > SHELF:
            left, top = 0.0, top + shelf + APART
            shelf = 0.0
        places |= {n: _moved(p, left, top) for n, p in one.places.items()}
        routes |= {e: tuple(_moved(p, left, top) for p in r) for e, r in one.routes.items()}
        right, shelf = max(right, left + one.width), max(shelf, one.height)
        left += one.width + ACROSS
    return Layout(places, routes, right, top + shelf)


def _moved(point: Point, right: float, down: float) -> Point:
    return round(point[0] + right, 1), round(point[1] + down, 1)


def _parts(nodes: list[str], edges: Sequence[Edge]) -> list[list[str]]:
    """The nodes, together where edges connect them; single ones last."""
    home = {n: n for n in nodes}
    for a, b in edges:
        old, new = home[b], home[a]
        home = {n: new if h == old else h for n, h in home.items()}
    parts: dict[str, list[str]] = {}
    for n in nodes:
        parts.setdefault(home[n], []).append(n)
    return sorted(parts.values(), key=lambda part: len(part) == 1)


def _connected(heights: Mapping[str, float], edges: list[Edge]) -> Layout:
    forward = _forward(list(heights), edges)
    layer = _layers(list(heights), list(forward.values()))
    columns: list[list[Key]] = [[] for _ in range(max(layer.values()) + 1)]
    for n in heights:
        columns[layer[n]].append(n)
    chains: dict[Edge, list[Key]] = {}
    for edge, (a, b) in forward.items():
        joints: list[Key] = [(a, b, at) for at in range(layer[a] + 1, layer[b])]
        for at, joint in enumerate(joints, layer[a] + 1):
            if joint not in columns[at]:
                columns[at].append(joint)
        chains[edge] = [a, *joints, b]
    links = [pair for chain in chains.values() for pair in pairwise(chain)]
    columns = ordered(columns, links)
    sizes = {k: heights[k] if isinstance(k, str) else JOINT for c in columns for k in c}
    middles = _middles(columns, links, sizes)
    x = {k: at * (WIDTH + ACROSS) for at, column in enumerate(columns) for k in column}
    return Layout(
        {n: (x[n], middles[n]) for n in heights},
        {e: _route(chain, x, middles, e == forward[e]) for e, chain in chains.items()},
        len(columns) * (WIDTH + ACROSS) - ACROSS,
        max(middles[k] + sizes[k] / 2 for k in sizes),
    )


def _forward(nodes: list[str], edges: list[Edge]) -> dict[Edge, Edge]:
    """The edges, with those that would close a circle turned round."""
    after: dict[str, set[str]] = {n: set() for n in nodes}

    def reaches(start: str, goal: str) -> bool:
        return start == goal or any(reaches(n, goal) for n in after[start])

    found = {}
    for a, b in edges:
        found[a, b] = (b, a) if reaches(b, a) else (a, b)
        after[found[a, b][0]].add(found[a, b][1])
    return found


def _layers(nodes: list[str], edges: list[Edge]) -> dict[str, int]:
    """The length of the longest way to each node; what nothing leads to stands near its use."""
    layer = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for a, b in edges:
            layer[b] = max(layer[b], layer[a] + 1)
    led_to = {b for _, b in edges}
    for n in nodes:
        uses = [layer[b] for a, b in edges if a == n]
        if n not in led_to and uses:
            layer[n] = min(uses) - 1
    return layer


def _middles(
    columns: list[list[Key]], links: Sequence[tuple[Key, Key]], sizes: Mapping[Key, float]
) -> dict[Key, float]:
    """Heights at which edges are as level as the order within each layer allows."""
    near: dict[Key, list[Key]] = {k: [] for k in sizes}
    for a, b in links:
        near[a].append(b)
        near[b].append(a)
    middle = dict.fromkeys(sizes, 0.0)
    for _ in range(ROUNDS):
        for column in (*columns, *reversed(columns)):
            wanted = [
                sum(middle[n] for n in near[k]) / len(near[k]) if near[k] else middle[k]
                for k in column
            ]
            found = spread(wanted, [sizes[k] for k in column])
            middle.update(zip(column, found, strict=True))
    top = min(middle[k] - sizes[k] / 2 for k in sizes)
    return {k: round(y - top, 1) for k, y in middle.items()}


def spread(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """The middles nearest to the wanted ones (least squares) that keep order and distance."""
    offsets = [0.0]
    for above, below in pairwise(sizes):
        offsets.append(offsets[-1] + (above + below) / 2 + BETWEEN)
    # Without the distances, order is all that is asked: pool neighbours that violate it.
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append((want - offset, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (a, m), (b, n) = pools[-2:]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n)]
    free = [value for value, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(free, offsets, strict=True)]


def _route(
    chain: list[Key], x: Mapping[Key, float], y: Mapping[Key, float], onwards: bool
) -> tuple[Point, ...]:
    """From the right side of the first box, through the joints, to the left side of the last."""
    points = [(x[chain[0]] + WIDTH, y[chain[0]])]
    for joint in chain[1:-1]:
        points += [(x[joint], y[joint]), (x[joint] + WIDTH, y[joint])]
    points.append((x[chain[-1]], y[chain[-1]]))
    return tuple(points if onwards else reversed(points))
