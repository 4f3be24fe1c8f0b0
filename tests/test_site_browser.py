"""The site in a real browser, without a window. Skipped, and saying so, where there is none."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from derive.catalogue import names
from derive.render import html
from derive.render.styles import visible
from tests.browser_tools import Browser, browser, program
from tests.site_tools import catalogue_documents, catalogue_site, write
from tests.test_site import colours

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        program() is None,
        reason="no Chromium here: the site was not looked at in a browser (apt install chromium)",
    ),
]

WIDE = "document.documentElement.scrollWidth - innerWidth"
# Text that runs out of its box, and formulas that are cut although nothing scrolls.
OUTSIDE = """[...document.querySelectorAll("svg text")].filter((text) => {
  const t = text.getBBox(), r = text.parentElement.querySelector("rect").getBBox();
  return t.x + t.width > r.x + r.width || t.y < r.y || t.y + t.height > r.y + r.height + 1;
}).map((text) => text.textContent)"""
CUT = """[...document.querySelectorAll(".formula")].filter((box) =>
  box.scrollHeight > box.clientHeight + 3 ||
  (box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== "auto")
).map((box) => box.textContent)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    write(catalogue_site(), made)
    return made


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as one:
        yield one


def looked_at() -> list[str]:
    """The pages that are not of one derivation, the widest of those that are, and some others."""
    docs = catalogue_documents()
    widest = sorted(docs, key=lambda d: -max(visible(line.shown.latex) for line in d.lines))
    busiest = sorted(docs, key=lambda d: -len(d.uses) - len(d.used_by))
    some = [*widest[:4], *busiest[:2], *docs[:: len(docs) // 6]]
    pages = ["index", "graph", "sample", "larger-than-memory", *(d.name for d in some)]
    return [f"{name}.html" for name in dict.fromkeys(pages)]


def wrong(tab: Browser, page: Path, width: int) -> list[str]:
    """What is wrong with a page as the browser shows it."""
    tab.open(page, width, 900, phone=width < 500)
    found = [f"console: {text}" for text in tab.complaints()]
    home = page.parent.as_uri()
    found += [f"asked for {url}" for url in tab.requests() if not url.startswith(home)]
    over = tab.run(WIDE)
    found += [f"{over} pixels too wide"] if over > 0 else []
    found += [f"out of its box: {text}" for text in tab.run(OUTSIDE)]
    return found + [f"cut: {text}" for text in tab.run(CUT)]


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_are_quiet(tab: Browser, folder: Path, width: int) -> None:
    pages = looked_at()
    assert len(pages) > 10
    assert {page: found for page in pages if (found := wrong(tab, folder / page, width))} == {}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<script>console.error('x')</script>", "console"),
        ("<script>nothing.here()</script>", "console"),
        ("<img src='../elsewhere.png'>", "asked for"),
        ("<img src='http://127.0.0.1:9/x.png'>", "asked for"),
        ("<p style='width: 1300px'>x</p>", "too wide"),
        ("<svg><g><rect width=5 height=5 /><text>longer</text></g></svg>", "out of its box"),
        ("<p class=formula style='height: 5px; overflow: hidden'>x<br>y</p>", "cut"),
    ],
)
def test_what_is_wrong_is_seen(tab: Browser, folder: Path, body: str, said: str) -> None:
    page = folder / "broken.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{body}")
    assert any(said in line for line in wrong(tab, page, 1280))


LINKS = "[...document.querySelectorAll('#found li a')].map((a) => a.getAttribute('href'))"
BUTTONS = "[...document.querySelectorAll('button')].some((b) => b.checkVisibility())"


def focused(tab: Browser) -> str:
    return tab.run("document.activeElement.getAttribute('href') || document.activeElement.id")


def test_search_by_keyboard(tab: Browser, folder: Path) -> None:
    tab.open(folder / "sigmoid-derivative.html")
    tab.press("/", "/")
    assert focused(tab) == "search"
    tab.type("jacob softmax")
    tab.until("document.querySelector('#found a')")
    assert tab.run("document.querySelector('#said').textContent").endswith(" results")
    tab.press("ArrowDown")
    assert focused(tab) == "softmax-jacobian.html"
    tab.press("ArrowDown")
    assert focused(tab) not in {"softmax-jacobian.html", "search"}
    tab.press("ArrowUp")
    tab.press("Escape")
    assert focused(tab) == "search"
    assert tab.run("document.querySelector('#found').checkVisibility()") is False
    tab.press("ArrowDown")
    tab.until("document.querySelector('#found').checkVisibility()")
    tab.press("Enter", "\r")
    tab.until("location.pathname.endsWith('/softmax-jacobian.html') && document.body")
    assert tab.complaints() == []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("SUMS to one", "softmax-sums-to-one.html"),
        ("Zyzzyva", ""),
        ("δ_ij p_j", "softmax-jacobian.html"),
        ("diag softmax jacobian matrix", "softmax-jacobian-matrix.html"),
        ("softmax-jvp", "softmax-jvp.html"),
        ("what an article may", "sample.html"),
    ],
)
def test_search_finds(tab: Browser, folder: Path, query: str, first: str) -> None:
    tab.open(folder / "index.html")
    tab.run("document.querySelector('#search').focus()")
    tab.type(query)
    tab.until("document.querySelector('#found p, #found a')")
    links = tab.run(LINKS)
    if first:
        assert first in links[:3]
    else:
        assert links == []
        assert query in tab.run("document.querySelector('#found').textContent")
        assert tab.run("document.querySelector('#said').textContent") == "No results"
    for link in links:
        assert (folder / link).exists()


def test_without_the_script_the_index_and_the_graph_are_there(tab: Browser, folder: Path) -> None:
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.open(folder / "index.html", scripts=False)
        assert tab.run("document.querySelector('.search').checkVisibility()") is False
        assert tab.run("document.querySelectorAll('.cards h3 a').length") > len(names())
        tab.open(folder / "softmax-jacobian.html", scripts=False)
        assert tab.run("document.querySelectorAll('button, .copy').length") == 2  # both hidden
        assert tab.run(BUTTONS) is False
        assert tab.run("document.querySelectorAll('svg a[href]').length") > 5
    finally:
        tab.call("Emulation.setScriptExecutionDisabled", value=False)


SPY = """window.copied = null;
document.addEventListener('copy', () => { window.copied = document.activeElement.value; });
Object.defineProperty(navigator, 'clipboard', { value: undefined });"""


@pytest.mark.parametrize("clipboard", [True, False])
def test_copying(tab: Browser, folder: Path, clipboard: bool) -> None:
    tab.open(folder / "softmax-jacobian-cases.html")
    if clipboard:
        tab.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    else:
        tab.run(SPY)
    for place in (".result", "#line-1", ".source .code"):
        tab.run(f"window.copied = null, document.querySelector('{place} .copy').click()")
        tab.until("window.copied")
        got = tab.run("window.copied")
        if place == ".result":
            assert got.startswith(r"\frac{\partial p_{i}}{\partial z_{j}} = ")
        elif place == "#line-1":
            assert got == r"= p_{i} \left(\delta_{ij} - p_{j}\right)"
        else:
            assert got.startswith(r"\begin{align*}")
        tab.until("document.querySelector('#said').textContent.startsWith('Copied the LaTeX')")


def paper(tab: Browser) -> str:
    red, green, blue = tab.run(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_light_and_dark(tab: Browser, folder: Path) -> None:
    light, dark = colours(html.style())["paper"]
    page = folder / "softmax-jacobian.html"
    for system, shown, other in (("light", light, dark), ("dark", dark, light)):
        tab.media(prefers_color_scheme=system)
        tab.open(page)
        assert paper(tab) == shown
        pressed = "document.querySelector('button.theme').getAttribute('aria-pressed')"
        assert tab.run(pressed) == str(shown == dark).lower()
        tab.run("document.querySelector('button.theme').click()")
        assert paper(tab) == other
        tab.open(folder / "index.html")  # remembered
        assert paper(tab) == other
        tab.run("localStorage.clear()")
    tab.media(prefers_color_scheme="light")


def test_reasons_open_together(tab: Browser, folder: Path) -> None:
    tab.open(folder / "softmax-jacobian.html")
    count = "document.querySelectorAll('details.why[open]').length"
    assert tab.run(count) == 0
    tab.run("document.querySelector('button.unfold').click()")
    assert tab.run(count) == tab.run("document.querySelectorAll('details.why').length") > 5
    assert tab.run("document.querySelector('button.unfold').textContent") == "Close all reasons"
    tab.run("document.querySelector('button.unfold').click()")
    assert tab.run(count) == 0


SHEET = 420  # the width of a small printed page (A5) between its margins, in CSS pixels
TOO_WIDE = """[...document.querySelectorAll(".formula > math")].filter((math) =>
  math.checkVisibility() && math.getBoundingClientRect().right > innerWidth + 1
).map((math) => math.textContent)"""
SHUT = """[...document.querySelectorAll("details.why dl")]
  .filter((list) => !list.checkVisibility()).length"""


def test_print_has_all_and_cuts_nothing(tab: Browser, folder: Path) -> None:
    derived = [page for page in looked_at() if page.removesuffix(".html") in names()]
    for page in derived[:5]:
        tab.open(folder / page, SHEET, 900)
        assert tab.run(SHUT) > 0
        tab.call("Emulation.setEmulatedMedia", media="print")
        tab.run("dispatchEvent(new Event('beforeprint')), new Promise(requestAnimationFrame)")
        assert tab.run(TOO_WIDE) == []
        assert tab.run(WIDE) <= 0
        assert tab.run(SHUT) == 0
        assert tab.run(BUTTONS) is False
        tab.run("dispatchEvent(new Event('afterprint'))")
        tab.media(prefers_color_scheme="light")
        assert tab.run(SHUT) > 0
    printed = tab.call("Page.printToPDF")["data"]
    assert base64.b64decode(printed).startswith(b"%PDF")


def fonts(tab: Browser, selector: str) -> set[tuple[str, bool]]:
    """The fonts that draw what a selector finds, and whether each came with the page."""
    for domain in ("DOM", "CSS"):
        tab.call(f"{domain}.enable")
    root = tab.call("DOM.getDocument")["root"]["nodeId"]
    found = tab.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
    assert found
    return {
        (font["familyName"], font["isCustomFont"])
        for node in found
        for font in tab.call("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
    }


@pytest.mark.parametrize("page", ["index", "softmax-jacobian-cases", "multinomial-covariance"])
def test_formulas_are_in_the_shipped_font(tab: Browser, folder: Path, page: str) -> None:
    tab.open(folder / f"{page}.html")
    assert fonts(tab, "math") == {("STIX Two Math", True)}
    if page != "index":
        assert fonts(tab, "svg text") == {("STIX Two Math", True)}
        assert fonts(tab, "button.theme") != {("STIX Two Math", True)}


def test_a_system_with_no_font_of_its_own(folder: Path, tmp_path: Path) -> None:
    with browser(tmp_path, fonts=folder) as bare:
        for page in ("index.html", "softmax-jacobian.html"):
            assert wrong(bare, folder / page, 390) == []
        assert {name for name, _ in fonts(bare, "body")} == {"STIX Two Math"}
