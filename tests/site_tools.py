"""The site of the whole catalogue without its proofs, and what its pages must not have."""

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from derive.catalogue import all_derivations
from derive.render.articles.blocks import Article, Display, Figure, Heading, Words, runs, table
from derive.render.articles.larger import larger
from derive.render.articles.worked import Worked
from derive.render.document import Document
from derive.render.prose import Formula
from derive.render.site import documents, site_pages
from tests.render_tools import with_evidence

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 4"><path d="M0 0h9v4z"/></svg>'
NAMESPACES = ("http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2000/svg")
VOID = {"meta", "link", "input", "img", "br"}


def sample() -> Article:
    """An article with each kind of block."""
    blocks = (
        Heading("A part"), Words(runs("Words with $x_i$ and `code`.")),
        Display(Formula("x_{i} = 1", "x_i = 1")), table(["one", "two"], [["a", "1"], ["b", "2"]]),
        Figure("sample", "A grey box", runs("A box.")),
    )  # fmt: skip
    return Article("sample", "A sample", "What an article may hold.", blocks)


def catalogue_documents() -> list[Document]:
    """The documents of all derivations; their steps are taken as proved, for speed."""
    return documents([with_evidence(replace(d, examples=())) for d in all_derivations()])


def catalogue_site() -> dict[str, str]:
    """The text files of the site, by name."""
    worked = Worked((larger(), sample()), {"sample.svg": PICTURE})
    files = site_pages(catalogue_documents(), pdfs=False, worked=worked)
    return {n: data.decode() for n, data in files.items() if not n.endswith(".ttf")}


class Page(HTMLParser):
    """What a page has: links, identities, headings and what is said of its pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.problems: list[str] = []
        self.title = ""
        self.text = ""
        self._open: list[tuple[str, dict[str, str], int]] = []
        self.feed(text)
        self.close()
        self.problems += [f"<{tag}> is not closed" for tag, _, _ in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[n] for n in ("href", "src", "action") if n in given]
        self.ids += [given["id"]] if "id" in given else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "img" and not given.get("alt", "").strip():
            self.problems.append(f"no alternative text: {given.get('src')}")
        if tag == "input" and not given.get("aria-label"):
            self.problems.append("a field without a label")
        if tag not in VOID:
            self._open.append((tag, given, len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1][0] != tag:
            self.problems.append(f"</{tag}> closes nothing")
            return
        _, given, start = self._open.pop()
        said = given.get("aria-label") or self.text[start:].strip()
        if tag in {"a", "button", "summary", "h1", "h2", "h3"} and not said:
            self.problems.append(f"<{tag}> says nothing")
        if tag == "title" and not self.title:
            self.title = self.text[start:]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


def problems(files: dict[str, str]) -> list[str]:
    """All that is wrong with the pages of a site, each with the page."""
    pages = {name: Page(text) for name, text in files.items() if name.endswith(".html")}
    found = []
    for name, page in pages.items():
        said = [*page.problems, *_headings(page.headings)]
        said += [f"two things called {i}" for i, n in Counter(page.ids).items() if n > 1]
        said += [f"no {link}" for link in page.links if not _leads(link, name, files, pages)]
        said += [f"asks for {url}" for url in addresses(files[name])]
        found += [f"{name}: {text}" for text in said]
    titles = Counter(page.title for page in pages.values())
    return found + [f"{n} pages are called {t!r}" for t, n in titles.items() if n > 1 or not t]


def _leads(link: str, here: str, files: dict[str, str], pages: dict[str, Page]) -> bool:
    name, _, place = link.partition("#")
    name = name or here
    return name in files and (not place or place in pages[name].ids)


def _headings(levels: list[int]) -> list[str]:
    said = [] if levels.count(1) == 1 else [f"{levels.count(1)} headings of the first level"]
    before = 0
    for level in levels:
        said += [f"a heading {level} after {before}"] if level > before + 1 else []
        before = level
    return said


def addresses(text: str) -> list[str]:
    """What stands in a text that would be asked for elsewhere."""
    for known in NAMESPACES:
        text = text.replace(known, "")
    return re.findall(r"""(?:https?:|["'(]\s*)//[\w.]+""", text)


def entries(files: dict[str, str]) -> list[dict[str, str]]:
    """The entries of the search."""
    text = files["search-index.js"].removeprefix("window.searchIndex = ").rstrip().rstrip(";")
    return json.loads(text)


def write(files: dict[str, str], folder: Path) -> None:
    """Put the site into a folder, with its font."""
    from derive.render import html

    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / html.FONT).write_bytes(html.assets()[html.FONT])
