"""The figures: declared once, drawn from the functions of the build, shown where they belong."""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import generated
from derive.catalogue import names
from derive.errors import DeriveError
from derive.kernel.derivation import Builder, Derivation
from derive.kernel.language import Partial, Sum, exp
from derive.notation import K, Quantity, i, k, p, scalar, vector, z
from derive.render import html, latex, markdown
from derive.render.book import book
from derive.render.document import document
from derive.render.figures import canvas, graph, pictures, registry
from derive.render.figures.registry import Drawing, all_drawings
from tests.render_tools import jacobian, step_to, with_evidence

DRAWINGS = {d.name: d for d in all_drawings()}
PAGES = {  # u is not a quantity of the notation
    "graph-exponential": lambda u, s: (Partial(u[k], z[k]), u[k]),
    "graph-sum": lambda u, s: (Partial(s, u[k]), Sum(u[k], (k, 1, K)) / s),
    "graph-quotient-numerator": lambda u, s: (Partial(p[i], u[i]), 1 / s),
    "graph-quotient-denominator": lambda u, s: (Partial(p[i], s), -u[i] / s**2),
    "graph-backward": lambda u, s: (Partial(s, z[k]), exp(z[k])),
}


def graph_page(name: str) -> Derivation:
    """A derivation of this name, with a result of the form that the graph wants."""
    d = Builder(name, name, "graph", "An edge.")
    u, s = vector("u"), scalar("s")
    for quantity in (u, s):
        d.quantity(Quantity(quantity, "a node"))
    start, end = PAGES[name](u, s)
    d.start(start)
    d.by(step_to(end))
    return with_evidence(d.finish())


def labels() -> dict[str, str]:
    return {name: document(graph_page(name)).main.latex for name in PAGES}


def package() -> dict[str, str]:
    home = Path(generated.__file__).parent
    return {f.name: f.read_text(encoding="utf-8") for f in home.glob("*.py")}


def pages(*found: str) -> list:
    """Documents with these names, and nothing else of interest."""
    return [replace(document(jacobian()), name=name) for name in found]


def svg(drawing: Drawing) -> str:
    data = drawing.data()
    return canvas.drawn(lambda f: drawing.draw(f, data, labels()), drawing.size, "svg").decode()


def luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- what is declared -----------------------------------------------------------------------------


def test_there_are_the_figures_of_the_book() -> None:
    assert list(DRAWINGS) == [
        "figure-sigmoid", "figure-log-sum-exp", "figure-learning-slowdown", "figure-temperature",
        "figure-jacobian", "figure-computational-graph",
    ]  # fmt: skip


def test_every_module_that_draws_is_known() -> None:
    home = Path(registry.__file__).parent
    drawing = {
        f.stem for f in home.glob("*.py")
        if any(
            isinstance(call.func, ast.Name) and call.func.id == "drawing"
            for node in ast.parse(f.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef)
            for call in node.decorator_list if isinstance(call, ast.Call)
        )
    }  # fmt: skip
    assert drawing == set(registry.MODULES)


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
def test_a_figure_belongs_to_derivations_and_functions_that_exist(drawing: Drawing) -> None:
    known = set(names())
    if set(drawing.labels) <= known or not drawing.labels:
        assert set(drawing.shown) <= known
    assert all(callable(getattr(generated, name)) for name in drawing.functions)
    assert drawing.functions or drawing.labels
    assert len(drawing.alt) > len("A picture") * 5


def test_a_figure_is_declared_with_all_that_a_page_shows() -> None:
    def declare(name: str, **changed: str) -> None:
        given = {"caption": "C", "alt": "A", "shown": ("x",), "size": (1, 1)} | changed
        registry.drawing(name, **given)(lambda *_: None)

    for name, changed in (
        ("sigmoid", {}), ("figure-sigmoid", {}), ("figure-x", {"alt": ""}),
        ("figure-x", {"caption": ""}), ("figure-x", {"shown": ()}),
    ):  # fmt: skip
        with pytest.raises(DeriveError):
            declare(name, **changed)
    assert "figure-x" not in registry._KNOWN


def test_colours_can_be_read_on_the_card() -> None:
    paper = luminance(canvas.PAPER)
    for ink in (canvas.BLUE, canvas.ORANGE, canvas.GREEN, canvas.INK, canvas.QUIET):
        assert (paper + 0.05) / (luminance(ink) + 0.05) >= 4.5, ink


# --- what is drawn --------------------------------------------------------------------------------


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
def test_a_figure_has_the_same_bytes_whatever_the_reader_sets(drawing: Drawing) -> None:
    import matplotlib as mpl

    data, formulas = drawing.data(), labels()
    json.dumps(data, allow_nan=False)

    def draw(figure: object) -> None:
        drawing.draw(figure, data, formulas)

    for format in ("svg", "pdf"):
        first = canvas.drawn(draw, drawing.size, format)
        with mpl.rc_context({"font.size": 30, "svg.fonttype": "none", "svg.hashsalt": "other"}):
            assert canvas.drawn(draw, drawing.size, format) == first
        assert b"Date" not in first
        assert b"/Type3" not in first
        assert mpl.__version__.encode() not in first
        if format == "svg":
            assert b"nan" not in first
            assert not re.search(rb"\d\.\d{7}", first)
            assert b"<image" not in first  # lines and letters only


def test_sampled_numbers_are_those_of_the_functions() -> None:
    data = DRAWINGS["figure-sigmoid"].data()
    middle = data["x"].index(0.0)
    assert (data["sigmoid"][middle], data["tanh"][middle]) == (0.5, 0.0)
    assert data["softplus"][middle] == 0.69315
    J = DRAWINGS["figure-jacobian"].data()["J"]
    assert max(abs(sum(row)) for row in J) < 1e-4
    paths = DRAWINGS["figure-temperature"].data()
    assert paths["unique"]["path"][0] == pytest.approx([1 / 3] * 3, abs=1e-3)
    assert paths["unique"]["path"][-1] == pytest.approx([1, 0, 0], abs=1e-4)
    assert paths["tie"]["path"][-1] == pytest.approx([0.5, 0.5, 0], abs=1e-4)
    error, entropy, quadratic = DRAWINGS["figure-learning-slowdown"].data()["softmax"]
    assert entropy == pytest.approx(error, abs=1e-4)
    assert quadratic[-1] < 1e-3 < max(quadratic)


def test_the_graph_shows_the_results_of_derivations() -> None:
    # Matplotlib writes each text as outlines, and the text itself in a comment.
    said = re.findall(r"<!-- (.*?) -->", svg(DRAWINGS["figure-computational-graph"]))
    assert r"$\dfrac{\partial u_{i}}{\partial z_{i}} = u_{i}$" in said
    assert r"$\dfrac{\partial u_{k}}{\partial z_{k}} = u_{k}$" in said
    assert r"$\dfrac{\partial p_{i}}{\partial u_{i}} = \dfrac{1}{s}$" in said
    assert r"$\times\,\left(-\dfrac{u_{i}}{s^{2}}\right)$" in said
    assert r"$\dfrac{\partial s}{\partial z_{k}} = e^{z_{k}}$" in said
    with pytest.raises(DeriveError, match="a derivative with its value"):
        graph.result("u_k > 0")


def test_an_index_is_renamed_and_nothing_else() -> None:
    assert graph.renamed(r"\sum_{k} k_{k} \kappa + ask", "i") == r"\sum_{i} i_{i} \kappa + ask"


# --- what a build does with them ------------------------------------------------------------------


def test_a_build_samples_its_own_functions(tmp_path: Path) -> None:
    """A function of the build counts, and not the one that lies on the disk."""
    docs = pages("log-sum-exp-gradient")
    own = {
        "__init__.py": "from generated.softmax import logsumexp\n",
        "softmax.py": "def logsumexp(z):\n    return z.max(axis=-1) + 0.25\n",
    }
    found = pictures.pictures(docs, own, tmp_path)
    assert list(found.files) == ["figure-log-sum-exp.svg", pictures.RECORD]
    assert found.data["figure-log-sum-exp"]["lse"][0] == 0.25
    real = pictures.pictures(docs, package(), tmp_path)
    assert real.data["figure-log-sum-exp"]["lse"][0] == 0.00672
    broken = own | {"softmax.py": "def logsumexp(z):\n    raise ValueError('no')\n"}
    with pytest.raises(DeriveError, match="the figures cannot be sampled"):
        pictures.pictures(docs, broken, tmp_path)


def test_pictures_are_used_again_while_nothing_changes(tmp_path: Path, monkeypatch) -> None:
    docs = pages("log-sum-exp-gradient")
    made = pictures.pictures(docs, package(), tmp_path)
    for name, text in made.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    asked = []
    monkeypatch.setattr(pictures, "_made", lambda *given: asked.append(given) or made)
    again = pictures.pictures(docs, package(), tmp_path)
    assert not asked
    assert again.files == made.files
    assert again.pdfs().keys() == {"figure-log-sum-exp.pdf"}
    other = {name: text + "# changed\n" for name, text in package().items()}
    pictures.pictures(docs, other, tmp_path)
    assert len(asked) == 1
    (tmp_path / "figure-log-sum-exp.svg").unlink()
    pictures.pictures(docs, package(), tmp_path)
    assert len(asked) == 2


def test_without_matplotlib_one_line_says_so(tmp_path: Path, monkeypatch) -> None:
    docs = pages("log-sum-exp-gradient")
    made = pictures.pictures(docs, package(), tmp_path)
    monkeypatch.setattr(pictures, "installed", lambda: False)
    none = pictures.pictures(docs, package(), tmp_path)
    assert none.notes == ("Figures left out: for them, python -m pip install matplotlib",)
    assert none.files == {}
    assert none.illustrated(docs)[0].figures == ()
    for name, text in made.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    kept = pictures.pictures(docs, {"softmax.py": "def logsumexp(): ..."}, tmp_path)
    assert kept.files == made.files
    assert kept.pdfs() == {}


def test_the_graph_waits_for_its_derivations(tmp_path: Path) -> None:
    docs = [document(graph_page(name)) for name in PAGES]
    assert pictures.pictures(docs[:-1], package(), tmp_path).files == {}
    found = pictures.pictures(docs, package(), tmp_path)
    assert list(found.files) == ["figure-computational-graph.svg", pictures.RECORD]
    other = [replace(docs[0], main=replace(docs[0].main, latex="a = b")), *docs[1:]]
    changed = pictures.pictures(other, package(), tmp_path)
    assert changed.files[pictures.RECORD] != found.files[pictures.RECORD]
    assert changed.svgs != found.svgs
    unknown = [replace(docs[0], main=replace(docs[0].main, latex=r"a = \nonsense")), *docs[1:]]
    with pytest.raises(DeriveError, match="figure-computational-graph cannot be drawn"):
        pictures.pictures(unknown, package(), tmp_path)


def test_every_format_shows_a_figure(tmp_path: Path) -> None:
    docs = pages("log-sum-exp-gradient", "log-sum-exp-below-bound", "other")
    first, second, other = pictures.pictures(docs, package(), tmp_path).illustrated(docs)
    assert other.figures == ()
    page = html.page(first, alone=False)
    assert '<img src="figure-log-sum-exp.svg" alt="Against x from −5 to 5' in page
    assert "<figcaption>Log-sum-exp as a soft maximum" in page
    assert re.search(r"!\[Against x .*\]\(figure-log-sum-exp\.svg\)", markdown.page(first))
    command = r"\pagefigure{figure-log-sum-exp}{Log-sum-exp as a soft maximum"
    assert command in latex.article(first)
    tex = book([first, second, other])
    assert tex.count(command) == 1
    assert tex.count(r"See Figure~\ref{fig:figure-log-sum-exp} on page") == 1


@pytest.mark.slow
def test_the_committed_figures_are_what_is_drawn(root: Path, tmp_path: Path) -> None:
    committed = root / "generated" / "docs"
    before = json.loads((committed / pictures.RECORD).read_text(encoding="utf-8"))["data"]
    for name, data in before.items():
        assert data == DRAWINGS[name].data(), name
        text = (committed / f"{name}.svg").read_text(encoding="utf-8")
        assert text == svg(DRAWINGS[name]), name
