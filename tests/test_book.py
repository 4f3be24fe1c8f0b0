"""The book: what it has, how it refers, and how its pages look."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from derive.render import latex, pdf
from derive.render.articles.blocks import Article, Heading, Table, Words, runs, table
from derive.render.book import Cited, Library, all_rows, book, index_of_rules
from derive.render.document import Document, Figure
from derive.render.figures.canvas import drawn
from derive.render.figures.curve import learning_curve
from derive.render.figures.pictures import pictures
from derive.render.site import documents
from derive.render.tables import is_text, widths
from tests import page_tools
from tests.render_tools import both

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
NOTES = Article("notes", "Notes", "About it.", (Heading("More"), Words(runs("So $x$."))))
needs_latex = pytest.mark.skipif(
    not (pdf.available() and page_tools.available), reason="pdfLaTeX or poppler is not installed"
)


def docs() -> list[Document]:
    first, second = documents(both())
    return [
        replace(first, references=(f"{BISHOP}, eq. 4.106", "DLMF 4.28", f"cf. {BISHOP}")),
        replace(second, references=(f"{BISHOP}, section 2",)),
    ]


def compiled(tex: str, folder: Path, beside: dict[str, bytes] | None = None) -> Path:
    file = folder / "book.pdf"
    file.write_bytes(pdf.compile_pdf(tex, "book", beside))
    return file


def words(file: Path) -> str:
    return " ".join(w.text for page in page_tools.pages(file) for w in page.words)


# --- what it has ----------------------------------------------------------------------------------


def test_the_parts_stand_in_their_order() -> None:
    tex = book(docs(), [NOTES])
    parts = [
        r"\begin{titlepage}", r"\tableofcontents", r"\unnumbered{How to read this book}",
        r"\chapter{Notation}", r"\chapter{Softmax}", r"\chapter{Loss}", r"\chapter{Notes}",
        r"\chapter{How the proofs are made}", r"\unnumbered{Index of rules}", r"\printindex",
        r"\begin{thebibliography}{2}",
    ]  # fmt: skip
    places = [tex.index(part) for part in parts]
    assert places == sorted(places)
    assert "2 results in 2 chapters" in tex
    assert r"\label{der:the-jacobian}" in tex
    assert "not a proof checked by a small logical kernel" in tex


def test_results_refer_to_each_other_by_section_and_page() -> None:
    tex = book(docs())
    place = r"(Section~\ref{der:the-jacobian}, page~\pageref{der:the-jacobian})"
    assert f"Uses The Jacobian {place}." in tex
    assert r"\pageref" not in latex.article(docs()[1])


def test_works_are_collected_once_and_cited_by_number() -> None:
    found = Library([f"{BISHOP}, eq. 1", f"cf. {BISHOP}, eq. 2", "DLMF 4.28", "field axioms"])
    assert [(w.key, w.authors, w.title) for w in found.works] == [
        ("work1", "Bishop", "Pattern Recognition and Machine Learning"), ("work2", "", "DLMF"),
    ]  # fmt: skip
    assert found.cited(f"cf. {BISHOP}, eq. 2") == Cited("cf. Bishop (2006)", "work1", "eq. 2")
    assert found.cited("DLMF 4.28") == Cited("DLMF", "work2", "4.28")
    assert found.cited("field axioms") == Cited("field axioms")
    tex = book(docs())
    assert tex.count(r"\bibitem") == 2
    assert r"\item Bishop (2006)~\cite{work1}, eq. 4.106" in tex
    assert r"\item cf. Bishop (2006)~\cite{work1}" in tex
    assert f"\\item {BISHOP}, eq. 4.106" in latex.article(docs()[0])


def test_every_rule_with_a_law_is_in_the_index() -> None:
    found = docs()
    rules = index_of_rules(found, Library([]))
    lines = [line for doc in found for line in doc.lines]
    assert set(rules) == {line.name for line in lines if line.law} != set()
    tex = book(found)
    for entry in rules.values():
        assert rf"\declarelaw{{{entry.key}}}" in tex
        assert rf"\ruleuse{{{entry.key}}}" in tex
    assert r"\ruleuse" not in latex.article(found[0])


def test_a_symbol_has_each_of_its_meanings_once() -> None:
    rows = all_rows(docs() + docs())
    keys = [(row.symbol.latex, row.meaning) for row in rows]
    assert len(keys) == len(set(keys)) > 3


def test_relations_are_aligned_whatever_they_are() -> None:
    first, _ = docs()
    start, one, two = first.lines
    lines = (start, replace(one, relation="≤"), replace(two, relation="→"))
    tex = latex.article(replace(first, lines=lines))
    assert re.search(r"\\chainstart\{0\}.*\n+\\chainline\{1\}\{\\le\}", tex)
    assert r"\chainline{2}{\to}" in tex
    equations = tuple(replace(line, relation="") for line in first.lines)
    tex = latex.article(replace(first, lines=equations))
    assert tex.count("\n\\chainalone{") == 3
    assert "\n\\chainline{" not in tex


def test_a_table_of_sentences_is_broken_and_one_of_numbers_is_not() -> None:
    numbers = table(["", "$a$", "$b$"], [["x", "1.00", "2.00"]] * 3)
    sentences = table(["id", "says", "is"], [["A1", "a sentence of more than a few words", "so"]])
    assert not is_text(numbers)
    assert is_text(sentences)
    assert is_text(replace(numbers, rows=numbers.rows * 30))
    shares = widths(sentences)
    assert shares[1] > 2 * shares[0]
    assert 0.9 < sum(shares) < 1
    unbroken = table(["id", "says"], [["A" * 40, "word " * 12]])
    assert widths(unbroken)[0] > 0.35

    def written(block: Table) -> str:
        return latex.worked(replace(NOTES, blocks=(block,)))

    assert r"\begin{longtable}" in written(sentences)
    assert r"\begin{longtable}" not in written(numbers)


# --- how it looks ---------------------------------------------------------------------------------


@needs_latex
@pytest.mark.slow
def test_pages_and_numbers_are_where_the_book_says(tmp_path: Path) -> None:
    figure = Figure("figure-x", ("A line.",), "A line.")
    first, second = docs()
    found = [replace(first, figures=(figure,)), replace(second, figures=(figure,))]
    picture = drawn(lambda f: None, (3, 2), "pdf")
    file = compiled(book(found, [NOTES]), tmp_path, {"pdf/figure-x.pdf": picture})
    text = words(file)
    every = ["\n".join(page.lines) for page in page_tools.pages(file)]
    front = next(n for n, page in enumerate(every) if "Chapter 1\nNotation" in page) - 1

    def number(words: str) -> int:
        return next(n for n, page in enumerate(every) if n > front and words in page) - front

    assert f"See Figure 2.1 on page {number('Figure 2.1. A line.')}." in text
    assert f"(Section 2.1, page {number('2.1 The Jacobian')})" in text
    uses = [n - front for n, page in enumerate(every) if "\nDerivation\n" in page]
    assert len(uses) == 2
    assert re.search(rf"a rule \(.*?\) .*? Pages {uses[0]}, {uses[1]} ", text)
    assert "[1] Bishop, Pattern Recognition and Machine Learning (2006)." in text
    assert "??" not in text
    assert "Type 3" not in page_tools.fonts(file)


@needs_latex
@pytest.mark.slow
def test_a_heading_never_ends_a_page(tmp_path: Path) -> None:
    """Wherever the page happens to end: paragraphs of all lengths in front of it."""
    first, _ = docs()
    many = []
    for n in range(1, 40, 3):
        long = Words(runs("word " * 16 * n))
        many.append(Article(f"a{n}", f"Article {n}", "A.", (long, Heading("Beneath"), long)))
    sections = [replace(first, name=f"d{n}", title=f"Result {n}") for n in range(12)]
    tex = book(sections, many)
    file = compiled(tex, tmp_path)
    assert page_tools.orphans(file, tex) == []
    assert page_tools.in_the_margin(file) == []
    assert len(page_tools.pages(file)) > 25


@needs_latex
@pytest.mark.slow
def test_an_orphan_and_a_word_in_the_margin_are_found(tmp_path: Path) -> None:
    tex = (
        "\\documentclass{article}\\pagestyle{empty}\\begin{document}\\noindent\\hspace*{-4cm}Out\\par\n"
        "\\section*{Alone here}\n\\newpage More\n\nThe left side:\\newpage X\\end{document}"
    )
    file = compiled(tex.replace("\\newpage More", "\\par\\penalty-10000 More"), tmp_path)
    assert [x.split(":")[0] for x in page_tools.orphans(file, tex)] == ["page 1", "page 2"]
    assert page_tools.in_the_margin(file) == ["page 1: Out"]


@needs_latex
@pytest.mark.slow
def test_the_committed_book(root: Path, tmp_path: Path) -> None:
    """All of it: no line too wide, no heading alone, no reference to nowhere, no bitmap font."""
    import json

    home = root / "generated" / "docs"
    tex = (home / "book.tex").read_text(encoding="utf-8")
    curves = json.loads((home / "training.json").read_text(encoding="utf-8"))["curves"]
    beside = {"pdf/training-curve.pdf": learning_curve(curves, "pdf")}
    package = {p.name: p.read_text(encoding="utf-8") for p in (root / "generated").glob("*.py")}
    shown = {name.removesuffix(".svg") for name in page_names(tex)}
    first = docs()[0]
    found = [replace(first, name=d) for d in re.findall(r"\\label\{der:(.*?)\}", tex)]
    drawings = pictures(found, package, home)
    beside |= {f"pdf/{name}": data for name, data in drawings.pdfs().items()}
    assert shown == {Path(name).stem for name in beside}
    file = compiled(tex, tmp_path, beside)
    assert page_tools.orphans(file, tex) == []
    assert page_tools.in_the_margin(file) == []
    assert "??" not in words(file)
    assert "Type 3" not in page_tools.fonts(file)


def page_names(tex: str) -> set[str]:
    """The figures that the book prints."""
    return set(re.findall(r"^\\pagefigure\{(.*?)\}", tex, re.M))
