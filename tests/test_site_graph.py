"""The graphs of the site: boxes that do not touch, arrows that end at them, few crossings."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render.graph import BETWEEN, SHELF, WIDTH, layout, spread
from derive.render.graph_order import crossings, ordered
from derive.render.graph_views import MOST, Graphs, wrapped
from derive.render.site import documents
from tests.render_tools import both
from tests.site_tools import catalogue_documents

NODES = "abcdefgh"
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=14)


@given(edges=EDGES, heights=st.lists(st.sampled_from([20.0, 40.0, 60.0]), min_size=8, max_size=8))
def test_boxes_do_not_touch_and_arrows_end_at_them(edges, heights) -> None:
    sizes = dict(zip(NODES, heights, strict=True))
    made = layout(sizes, edges)
    assert set(made.places) == set(sizes)
    for one, other in combinations(NODES, 2):
        (x, y), (u, v) = made.places[one], made.places[other]
        aside = abs(x - u) >= WIDTH
        assert aside or abs(y - v) >= (sizes[one] + sizes[other]) / 2 + BETWEEN - 0.2
    for node, (x, y) in made.places.items():
        assert 0 <= x <= made.width - WIDTH
        assert sizes[node] / 2 - 0.1 <= y <= made.height - sizes[node] / 2 + 0.1
    assert set(made.routes) == {e for e in edges if e[0] != e[1]}
    for (a, b), points in made.routes.items():
        (x, y), (u, v) = made.places[a], made.places[b]
        assert (y, v) == (points[0][1], points[-1][1])
        assert points[0][0] in (x, x + WIDTH)
        assert points[-1][0] in (u, u + WIDTH)


def test_what_rests_on_something_stands_to_its_right() -> None:
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("h", "d")]
    made = layout(dict.fromkeys(NODES, 30.0), edges)
    assert all(made.places[a][0] < made.places[b][0] for a, b in edges)
    assert made.places["h"][0] == made.places["c"][0]  # near its use
    # The long edge goes round the box between its ends.
    x, y = made.places["b"]
    assert [p[1] for p in made.routes["a", "c"] if p[0] == x] != [y]
    # An edge that closes a circle runs back.
    back = layout({"a": 30.0, "b": 30.0}, [("a", "b"), ("b", "a")])
    assert back.routes["b", "a"][0][0] > back.routes["b", "a"][-1][0]


def test_parts_stand_beside_each_other_while_there_is_room() -> None:
    made = layout(dict.fromkeys(NODES, 30.0), [])
    assert made.width <= SHELF
    assert len({y for _, y in made.places.values()}) == 2


def test_crossings_are_counted_and_avoided() -> None:
    columns, links = [["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")]
    assert crossings(columns, links) == 1
    assert crossings(ordered(columns, links), links) == 0
    full = [(a, b) for a in "ab" for b in "cd"]
    assert crossings(ordered(columns, full), full) == 1


def test_boxes_stand_as_near_as_they_may_to_where_they_want() -> None:
    assert spread([0, 100], [20, 20]) == [0, 100]
    assert spread([50, 50], [20, 20]) == [50 - 10 - BETWEEN / 2, 50 + 10 + BETWEEN / 2]
    found = spread([90, 0, 45], [10, 30, 20])
    gaps = [b - a for a, b in pairwise(found)]
    assert gaps == pytest.approx([20 + BETWEEN, 25 + BETWEEN])
    assert sum(found) == pytest.approx(135)  # moved together, by nothing on the whole


def test_the_graphs_of_a_site() -> None:
    graphs = Graphs(documents(both()))
    one = graphs.around("the-gradient")
    assert one is not None
    assert [(b.title, b.kind) for b in one.boxes] == [
        ("The Jacobian", ""), ("The gradient", "here"),
    ]  # fmt: skip
    first, second = graphs.families()
    assert first.drawing is None
    assert [link.name for link in first.lone] == ["the-jacobian"]
    assert second.drawing is not None
    assert [b.kind for b in second.drawing.boxes] == ["other", ""]
    overview = graphs.overview()
    assert overview is not None
    assert [b.href for b in overview.boxes] == ["#softmax", "#loss"]
    assert Graphs(documents(both())[:1]).around("the-jacobian") is None


def test_the_graphs_of_the_catalogue() -> None:
    docs = catalogue_documents()
    graphs = Graphs(docs)
    everything = graphs.everything()
    assert everything is not None
    assert len(everything.arrows) == len(graphs.edges) == sum(len(d.uses) for d in docs)
    for doc in docs:
        near = graphs.around(doc.name)
        shown = {b.href for b in near.boxes} if near else {f"{doc.name}.html"}
        links = [*doc.uses[:MOST], *doc.used_by[:MOST]]
        assert shown == {f"{n}.html" for n in (doc.name, *(link.name for link in links))}
    linked = {b.href for t in graphs.families() if t.drawing for b in t.drawing.boxes}
    linked |= {f"{link.name}.html" for t in graphs.families() for link in t.lone}
    assert linked >= {f"{d.name}.html" for d in docs}


def test_words_are_wrapped() -> None:
    assert wrapped("The Jacobian of softmax", 100) == ("The Jacobian of", "softmax")
    assert wrapped("incomprehensibilities", 10) == ("incomprehensibilities",)
