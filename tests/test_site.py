"""The site: its links, its words for those who do not see it, its search index, its colours."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from math import cos, radians, sin
from pathlib import Path

import pytest
import ziafont

from derive.catalogue import names
from derive.render import html
from derive.render.document import Source, document
from derive.render.search import functions, spoken
from derive.render.site import build_docs, documents
from tests.render_tools import both, jacobian, label_gradient
from tests.site_tools import addresses, catalogue_site, entries, problems


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    return catalogue_site()


GOOD = '<title>t</title><h1 id="a">One</h1><h2>Two</h2><a href="#a">x</a>'


def test_nothing_is_wrong_with_the_pages(site: dict[str, str]) -> None:
    assert len([name for name in site if name.endswith(".html")]) > len(names())
    assert problems(site) == []
    assert problems({"x.html": GOOD}) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("#a", "#b", "no #b"),
        ("#a", "y.html", "no y.html"),
        ("h2", "h3", "a heading 3 after 1"),
        ("h2", "h1", "2 headings of the first level"),
        (">x<", "><", "<a> says nothing"),
        ("<h2>", '<h2 id="a">', "two things called a"),
        ("<a ", '<img src="#a"><a ', "no alternative text"),
        ("<a ", "<input><a ", "a field without a label"),
        ("</h2>", "</h3>", "</h3> closes nothing"),
        ("<title>t", "<title>", "1 pages are called ''"),
        ("<a ", "<script>'//cdn.example'</script><a ", "asks for '//cdn.example"),
    ],
)
def test_what_is_wrong_is_seen(old: str, new: str, said: str) -> None:
    assert any(said in line for line in problems({"x.html": GOOD.replace(old, new)}))


def test_nothing_is_asked_for_elsewhere(site: dict[str, str]) -> None:
    assert {name: addresses(text) for name, text in site.items() if addresses(text)} == {
        # the licence names its home
        html.LICENCE: addresses(site[html.LICENCE])
    }
    for url in re.findall(r"url\((.*?)\)", site["style.css"]):
        assert url.strip("\"'") in html.assets()
    for call in ("fetch(", "XMLHttpRequest", "import(", "innerHTML", "eval("):
        assert call not in site["site.js"]


def test_everything_can_be_found(site: dict[str, str]) -> None:
    found = {e["href"]: e for e in entries(site)}
    assert set(found) == {n for n in site if n.endswith(".html")} - {"index.html", "graph.html"}
    one = found["softmax-jacobian.html"]
    assert one["title"] == "The Jacobian of softmax"
    assert one["formula"] == "∂p_i/∂z_j = p_i (δ_ij − p_j)"
    assert "derivative" in one["words"].split()
    assert "delta" in one["words"].split()
    assert found["sample.html"]["words"] == "sample A part"
    assert not [e for e in found.values() if "<" in e["title"] or "$" in e["statement"]]


def test_functions_are_found_by_name() -> None:
    doc = documents(both())[0]
    assert functions(doc) == []
    text = "def jacobian(z):\n    def inner(): ...\n\n\ndef _helper(): ...\n"
    assert functions(replace(doc, source=Source("generated/x.py", text))) == ["jacobian"]
    assert spoken("Σ_k δ_kj") == ["sum", "delta"]


def test_the_index_has_each_result_under_its_topic(site: dict[str, str]) -> None:
    index = site["index.html"]
    for name in names():
        assert index.count(f'<h3><a href="{name}.html">') == 1
    assert f"{len(names())} results" in index


def test_next_leads_through_all_pages(site: dict[str, str]) -> None:
    seen, name = [], names()[0]
    while name:
        seen.append(name)
        after = re.search(r'rel="next" href="([\w-]+)\.html"', site[f"{name}.html"])
        before = re.search(r'rel="prev" href="([\w-]+)\.html"', site[f"{name}.html"])
        assert (before[1] if before else None) == (seen[-2] if len(seen) > 1 else None)
        name = after[1] if after else ""
    assert seen == list(names())


def test_each_reason_opens_to_its_law(site: dict[str, str]) -> None:
    page = site["softmax-jacobian.html"]
    rows = page.split("<li id=")[1:]
    [rule] = [row for row in rows if "quotient rule" in row]
    fold = rule[rule.index('<details class="why">') : rule.index("</details>")]
    for part in ("<dt>Law</dt>", "<math", "<dt>Where it holds</dt>", "DLMF 1.4(iii)", "proved"):
        assert part in fold
    assert "open" not in fold.split(">")[0]


def test_lines_can_be_copied_with_their_relation() -> None:
    doc = document(label_gradient(z=("1", "2"), c=1))
    first, last = doc.lines
    assert html.copied(first) == first.formula.latex
    assert html.copied(last) == f"= {last.formula.latex}"
    bound = replace(last, relation="≤")
    assert html.copied(bound) == rf"\le {last.formula.latex}"
    assert rf"&\le {last.formula.latex}" in html.aligned(replace(doc, lines=(first, bound)))
    page = html.page(doc)
    assert f'data-latex="{html.copied(last)}"' in unescape(page)
    assert "<script" not in page


def test_a_sign_in_a_list_is_no_operator() -> None:
    listed = html.mathml(r"\left(1,\ -2\right), a - b", display=False)
    assert '<mo lspace="0" rspace="0">−</mo><mn>2' in listed
    assert "<mo>−</mo><mi>b" in listed


def test_pages_alone_name_nothing_beside_them() -> None:
    page = html.page(document(jacobian()))
    assert "href=" not in page.replace('href="#', "")
    assert "src=" not in page
    assert problems({"x.html": page}) == []


# --- colours --------------------------------------------------------------------------------------

TEXT, SHAPE = 4.5, 3.0  # what WCAG AA asks of text, and of what is no text
PAIRS = [
    *[(ink, paper, TEXT) for ink in ("ink", "quiet", "accent") for paper in ("paper", "card")],
    ("edge", "paper", SHAPE),
    ("edge", "card", SHAPE),
]


def colours(css: str) -> dict[str, tuple[str, str]]:
    found = re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\);", css)
    return {name: (light, dark) for name, light, dark in found}


def luminance(channels: list[float]) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def of_hex(colour: str) -> float:
    return luminance([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])


def of_oklch(light: float, chroma: float, hue: float) -> float:
    """The luminance of an OKLCH colour, from its definition by Ottosson."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    kept = [min(1.0, max(0.0, c)) for c in (red, green, blue)]
    return 0.2126 * kept[0] + 0.7152 * kept[1] + 0.0722 * kept[2]


def contrast(first: float, second: float) -> float:
    high, low = max(first, second), min(first, second)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast() -> None:
    assert contrast(of_hex("#000000"), of_hex("#ffffff")) == pytest.approx(21)
    assert contrast(of_hex("#777777"), of_hex("#ffffff")) == pytest.approx(4.48, abs=0.01)
    assert of_oklch(1, 0, 0) == pytest.approx(1, abs=1e-4)
    assert of_oklch(0.62796, 0.25768, 29.234) == pytest.approx(of_hex("#ff0000"), abs=2e-3)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_text_and_shapes_stand_out(front: str, back: str, least: float, dark: bool) -> None:
    found = colours(html.style())
    assert contrast(of_hex(found[front][dark]), of_hex(found[back][dark])) >= least


@pytest.mark.parametrize("dark", [False, True])
def test_the_colours_of_topics_stand_out(dark: bool, site: dict[str, str]) -> None:
    found = re.search(r"--tone: light-dark\((oklch\(.*?\)\)), (oklch\(.*?\)\))\);", html.style())
    assert found
    parts = re.findall(r"\d\.\d+", found[1 + dark])
    paper = of_hex(colours(html.style())["card"][dark])
    hues = {int(h) for h in re.findall(r"--hue: (\d+)", site["graph.html"])}
    assert len(hues) > 5
    for hue in hues:
        assert contrast(of_oklch(float(parts[0]), float(parts[1]), hue), paper) >= SHAPE


def test_every_colour_of_the_style_is_one_of_these() -> None:
    rules = re.sub(r":root.*?\n}", "", html.style(), flags=re.S)
    assert re.findall(r"#[0-9a-f]{3,8}\b", rules.partition("@media print")[0]) == []


# --- signs, and the same bytes --------------------------------------------------------------------


def test_every_sign_is_in_the_shipped_font(site: dict[str, str]) -> None:
    font = ziafont.Font(html._font())
    shown = "".join(unescape(re.sub(r"<[^>]*>", "", t)) for n, t in site.items() if ".html" in n)
    # A combining or invisible sign is drawn by the layout.
    invisible = set("\n\u2061\u2062\u2063\u2064\u200b\u00a0\ufe0e")
    missing = {c for c in set(shown) - invisible if not font.glyphindex(c)}
    assert missing == set()
    assert not font.glyphindex("漢")


CODE = """
import hashlib
from tests.site_tools import catalogue_site
for name, text in sorted(catalogue_site().items()):
    print(name, hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.mark.slow
def test_another_run_has_the_same_bytes(site: dict[str, str], root: Path) -> None:
    env = {"PYTHONHASHSEED": "77", "PYTHONPATH": str(root), "PATH": ""}
    run = subprocess.run(
        [sys.executable, "-c", CODE], cwd=root, env=env, capture_output=True, text=True, check=True
    )
    here = [f"{n} {hashlib.sha256(t.encode()).hexdigest()}" for n, t in sorted(site.items())]
    assert run.stdout.splitlines() == here


def test_the_site_is_written_with_its_script_and_graph(tmp_path: Path) -> None:
    build_docs(documents(both()), tmp_path, pdf=False)
    written = {p.name for p in (tmp_path / "html").iterdir()}
    assert {"index.html", "graph.html", "search-index.js", "site.js", "style.css"} <= written
    stale = tmp_path / "html" / "old.js"
    stale.write_text("")
    build_docs(documents(both()), tmp_path, pdf=False)
    assert not stale.exists()
