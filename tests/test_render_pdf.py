"""PDFs: reproducible, and refused when a reader would see something broken."""

import pytest

from derive.render import pdf
from derive.render.latex import article, book
from derive.render.prose import Formula
from derive.render.site import documents
from tests.render_tools import both

needs_latex = pytest.mark.skipif(not pdf.available(), reason="pdfLaTeX is not installed")
PAGE = "\\documentclass{article}\\begin{document}%s\\end{document}"


def test_the_log_is_read() -> None:
    log = """
Overfull \\hbox (0.8pt too wide) in paragraph at lines 1--2
Overfull \\hbox (12.5pt too wide) in paragraph at lines 7--9
LaTeX Warning: Reference `der:x' on page 1 undefined on input line 7.
Missing character: There is no x in font cmr10!
! Undefined control sequence.
l.12 \\foo
"""
    assert [line.split(" ")[0] for line in pdf.problems(log)] == [
        "Overfull", "LaTeX", "Missing", "!",
    ]  # fmt: skip
    assert pdf.problems(log)[-1] == "! Undefined control sequence. l.12 \\foo"


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("\\foo", "Undefined control sequence"),
        ("\\ref{nowhere}", "nowhere"),
        ("\\noindent\\rule{20cm}{1pt}", "Overfull"),
    ],
)
def test_a_broken_page_is_refused(body: str, complaint: str) -> None:
    with pytest.raises(pdf.PdfError, match=complaint):
        pdf.compile_pdf(PAGE % body, "broken")


@needs_latex
@pytest.mark.slow
def test_articles_and_book_compile_to_the_same_bytes_twice() -> None:
    docs = documents(both())
    tex = book(docs)
    assert pdf.compile_pdf(tex, "book") == pdf.compile_pdf(tex, "book")
    assert pdf.compile_pdf(article(docs[0]), "one").startswith(b"%PDF")


@needs_latex
@pytest.mark.slow
def test_a_formula_wider_than_the_page_still_fits() -> None:
    from dataclasses import replace

    [doc, _] = documents(both())
    for count in (9, 12, 30):
        long = " + ".join(rf"\frac{{x_{{{n}}}}}{{y_{{{n}}} + z_{{{n}}}}}" for n in range(count))
        line = replace(doc.lines[1], formula=Formula(long, ""))
        pdf.compile_pdf(article(replace(doc, lines=(*doc.lines, line), main=line.formula)), "wide")
