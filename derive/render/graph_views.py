"""The graphs of the site: which result rests on which, around one, within a topic, and at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from derive.render.document import Document, Link
from derive.render.graph import WIDTH, Edge, Layout, Point, layout

LETTER = 13.5  # the size of letters, in the units of the boxes
LINE = 16.0
PADDING = 9.0
STRIPE = 6.0
TURN = 137.5  # degrees from one topic's colour to the next: none comes near another soon
PLAIN: Mapping[str, str] = {}
MOST = 12  # neighbours that are drawn on either side
# Advance widths of Times and its kin, as parts of the size of the letters.
NARROW, CAPITAL, BROAD, USUAL = 0.33, 0.72, 0.84, 0.5
_WIDTHS = dict.fromkeys("fijlrtI .,:;'’()[]|-/", NARROW) | dict.fromkeys("mwMW", BROAD)


@dataclass(frozen=True)
class Box:
    """A result or a topic: where it stands, what it says, and where it leads."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]
    title: str
    topic: str
    hue: int  # in degrees
    href: str
    kind: str = ""  # "here" or "other"


@dataclass(frozen=True)
class Drawing:
    """A picture for a page."""

    label: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]
    heads: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """A topic on the page of graphs: its drawing, and the same in words."""

    title: str
    slug: str
    drawing: Drawing | None
    lone: tuple[Link, ...]
    rows: tuple[Document, ...]


class Graphs:
    """What rests on what among the documents of a site."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = {d.name: d for d in documents}
        self.topics = list(dict.fromkeys(d.topic for d in documents))

    @cached_property
    def edges(self) -> list[Edge]:
        """From what is used to what uses it."""
        known = self.documents
        return [(u.name, d.name) for d in known.values() for u in d.uses if u.name in known]

    def around(self, name: str) -> Drawing | None:
        """A result with what it rests on and what rests on it; None if it stands alone."""
        before = [a for a, b in self.edges if b == name]
        after = [b for a, b in self.edges if a == name]
        if not before and not after:
            return None
        shown = [*before[:MOST], name, *after[:MOST]]
        direct = [e for e in self.edges if name in e and set(e) <= set(shown)]
        label = f"What “{self.documents[name].title}” rests on, and what rests on it"
        return self._drawn(shown, direct, label, {name: "here"})

    def families(self) -> list[Topic]:
        """Each topic, with what it takes from others."""
        found = []
        for topic in self.topics:
            own = [d for d in self.documents.values() if d.topic == topic]
            names = {d.name for d in own}
            edges = [e for e in self.edges if e[1] in names]
            joined = {n for e in edges for n in e}
            shown = [n for n in self.documents if n in joined]
            kinds = {n: "" if n in names else "other" for n in shown}
            label = f"Which results about {topic} rest on which"
            drawing = self._drawn(shown, edges, label, kinds) if edges else None
            lone = tuple(Link(d.name, d.title) for d in own if d.name not in joined)
            found.append(Topic(topic.capitalize(), slug(topic), drawing, lone, tuple(own)))
        return found

    def overview(self) -> Drawing | None:
        """The topics, and which of them take results from which."""
        home = {n: d.topic for n, d in self.documents.items()}
        edges = [(home[a], home[b]) for a, b in self.edges if home[a] != home[b]]
        if not edges:
            return None
        counts = {t: sum(h == t for h in home.values()) for t in self.topics}
        titles = {t: f"{t.capitalize()} ({counts[t]})" for t in self.topics}
        links = {t: f"#{slug(t)}" for t in self.topics}
        label = "Which topics take results from which"
        topics = {t: t for t in self.topics}
        return self._put(titles, topics, links, list(dict.fromkeys(edges)), label)

    def everything(self) -> Drawing | None:
        """All results that are connected with others."""
        joined = {n for e in self.edges for n in e}
        shown = [n for n in self.documents if n in joined]
        label = "Which result rests on which"
        return self._drawn(shown, self.edges, label) if shown else None

    def _drawn(
        self, shown: list[str], edges: list[Edge], label: str, kinds: Mapping[str, str] = PLAIN
    ) -> Drawing:
        titles = {n: self.documents[n].title for n in shown}
        topics = {n: self.documents[n].topic for n in shown}
        links = {n: f"{n}.html" for n in shown}
        return self._put(titles, topics, links, edges, label, kinds)

    def _put(
        self, titles: Mapping[str, str], topics: Mapping[str, str], links: Mapping[str, str],
        edges: list[Edge], label: str, kinds: Mapping[str, str] = PLAIN,
    ) -> Drawing:  # fmt: skip
        texts = {n: wrapped(t, WIDTH - 2 * PADDING - STRIPE) for n, t in titles.items()}
        heights = {n: LINE * len(text) + PADDING * 1.5 for n, text in texts.items()}
        placed = layout(heights, edges)
        boxes = []
        for n, (x, middle) in placed.places.items():
            top = middle - heights[n] / 2
            lines = tuple((round(top + PADDING * 1.6 + LINE * k + 2.6, 1), line)
                          for k, line in enumerate(texts[n]))  # fmt: skip
            boxes.append(
                Box(x, round(top, 1), WIDTH, heights[n], lines, titles[n], topics[n],
                    round(self.topics.index(topics[n]) * TURN) % 360, links[n], kinds.get(n, ""))
            )  # fmt: skip
        return _drawing(label, placed, boxes)


def _drawing(label: str, placed: Layout, boxes: Iterable[Box]) -> Drawing:
    routes = placed.routes.values()
    arrows, heads = tuple(map(_curve, routes)), tuple(map(_head, routes))
    return Drawing(label, placed.width, round(placed.height, 1), tuple(boxes), arrows, heads)


def _curve(points: Sequence[Point]) -> str:
    """A path that is level at each of its points."""
    (x, y), *rest = points
    path = f"M{x:g} {y:g}"
    for u, v in rest:
        path += f"H{u:g}" if v == y else f"C{(x + u) / 2:g} {y:g} {(x + u) / 2:g} {v:g} {u:g} {v:g}"
        x, y = u, v
    return path


def _head(points: Sequence[Point]) -> str:
    (before, _), (x, y) = points[-2:]
    back = -7 if before < x else 7
    return f"M{x:g} {y:g}l{back} -3.5v7z"


def wrapped(text: str, room: float) -> tuple[str, ...]:
    """The words in lines that have room."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _width(text: str) -> float:
    usual = (_WIDTHS.get(c, CAPITAL if c.isupper() else USUAL) for c in text)
    return LETTER * sum(usual)


def slug(topic: str) -> str:
    """The name of a topic in an address."""
    return "-".join(topic.lower().split())
