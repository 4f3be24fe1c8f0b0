"""A topic of one's own is one file: it gets its page, its function and its entry in the index."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from derive import build
from derive.catalogue import select

TOPIC = '''
from derive.kernel.derivation import Builder, derivation
from derive.kernel.language import Partial, exp, log
from derive.notation import Quantity, scalar
from derive.rules.calculus import (
    coordinates_are_independent, derivative_of_exp, derivative_of_log, linearity,
)
from derive.rules.definitions import expand

TOPIC = "losses of mine"
x, loss = scalar("x"), scalar("M")


@derivation(
    "my-soft-margin",
    title="A soft margin",
    statement="The slope of my loss.",
    reference="Lecture notes, section 1",
)
def slope(d: Builder) -> None:
    d.quantity(Quantity(x, "margin"), Quantity(loss, "my loss", latex="M"))
    d.define(loss, log(1 + exp(-x)))
    d.start(Partial(loss, x))
    d.by(expand(loss))
    d.by(derivative_of_log)
    d.by(linearity)
    d.by(derivative_of_exp)
    d.by(linearity)
    d.by(coordinates_are_independent)
    d.example(x="3/2")
    d.function("my_margin_slope", (x,), (), "Slope of my loss.")
'''


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Path]:
    folder = tmp_path_factory.mktemp("mine")
    file = folder / "margin.py"
    file.write_text(TOPIC)
    derivations = select([str(file)])
    build.build_pages(derivations, folder / "docs", pdf=False)
    return build.functions(derivations), folder / "docs"


def test_it_gets_its_pages(made: tuple[dict[str, str], Path]) -> None:
    _, docs = made
    for page in ("my-soft-margin.md", "my-soft-margin.tex", "html/my-soft-margin.html"):
        text = (docs / page).read_text()
        assert "A soft margin" in text
        assert "my_margin_slope" in text or "my\\_margin" in text


def test_it_gets_its_entries(made: tuple[dict[str, str], Path]) -> None:
    _, docs = made
    for index in ("index.md", "html/index.html", "html/graph.html"):
        text = (docs / index).read_text()
        assert "my-soft-margin" in text, index
    assert "Losses of mine" in (docs / "html" / "index.html").read_text()
    assert "my_margin_slope" in (docs / "html" / "search-index.js").read_text()
    assert "my-soft-margin" in (docs / "book.tex").read_text()


def test_it_gets_its_function(made: tuple[dict[str, str], Path]) -> None:
    package, _ = made
    [name] = [n for n in package if n not in ("__init__.py", "py.typed")]
    module = ModuleType("mine")
    exec(compile(package[name], name, "exec"), module.__dict__)
    at = np.array([-800.0, -1.5, 0.0, 1.5, 800.0])
    found = module.__dict__["my_margin_slope"](at)
    with np.errstate(over="ignore"):
        expected = -1 / (1 + np.exp(at))
    assert np.allclose(found, expected, rtol=1e-14, atol=0)
