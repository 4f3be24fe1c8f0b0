"""What stands where on the pages of a PDF, read off with pdftotext."""

import html
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

FOOT = 70  # points above the lower edge: below it there are page numbers only
MARGIN = 40
available = shutil.which("pdftotext") is not None and shutil.which("pdffonts") is not None


@dataclass(frozen=True)
class Word:
    """A word with its box in points, from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def lines(self) -> list[str]:
        """The lines of the text, from the top, without the page number below it."""
        body = [w for w in self.words if w.bottom < self.height - FOOT]
        rows: list[list[Word]] = []
        for word in sorted(body, key=lambda w: (w.bottom, w.left)):
            if rows and abs(rows[-1][-1].bottom - word.bottom) < 2:
                rows[-1].append(word)
            else:
                rows.append([word])
        return [" ".join(w.text for w in sorted(row, key=lambda w: w.left)) for row in rows]


def pages(pdf: Path) -> list[Page]:
    done = subprocess.run(
        ["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True
    )
    found = []
    for part in done.stdout.split("<page ")[1:]:
        width, height = (float(x) for x in re.findall(r'(?:width|height)="([\d.]+)"', part)[:2])
        words = re.findall(
            r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', part
        )
        boxes = (Word(*map(float, box), html.unescape(text)) for *box, text in words)
        found.append(Page(width, height, tuple(boxes)))
    return found


def headings(tex: str) -> set[str]:
    """The titles in a source, as they come out on the page, without spaces."""
    titles = re.findall(r"\\(?:sub)?section\*?\{(.*?)\}(?:\\label\{.*?\})?$", tex, re.M)
    return {bare(t) for t in titles}


def bare(words: str) -> str:
    """Letters and digits alone: spaces, quotes and ligatures differ between source and page."""
    for sign, letters in {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}.items():
        words = words.replace(sign, letters)
    return re.sub(r"\\[a-z]+|[^A-Za-z0-9]", "", words)


def orphans(pdf: Path, tex: str) -> list[str]:
    """Headings, and words that lead to what stands below them, at the lower end of a page."""
    titles = headings(tex)
    found = []
    for number, page in enumerate(pages(pdf), 1):
        last = page.lines[-1] if page.lines else ""
        title = bare(re.sub(r"^\d+\.\d+ ", "", last))
        leads = last.endswith(":") and last[0].isupper()  # and is not a line of code
        tail = len(title) > 12 and any(t.endswith(title) for t in titles)
        if title in titles or tail or leads:
            found.append(f"page {number}: {last}")
    return found


def in_the_margin(pdf: Path) -> list[str]:
    """Words that stand too far left or right."""
    return [
        f"page {number}: {w.text}"
        for number, page in enumerate(pages(pdf), 1)
        for w in page.words
        if w.left < MARGIN or w.right > page.width - MARGIN
    ]


def fonts(pdf: Path) -> str:
    """What pdffonts says."""
    return subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout
