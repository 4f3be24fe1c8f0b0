"""PDFs: reproducible, and refused when a reader would see something broken."""

import pytest

from derive.render import pdf
from derive.render.book import book
from derive.render.latex import article
from derive.render.prose import Formula
from derive.render.site import documents
from tests.render_tools import both

needs_latex = pytest.mark.skipif(not pdf.available(), reason="pdfLaTeX is not installed")
PAGE = "\\documentclass{article}\\begin{document}%s\\end{document}"


def test_the_log_is_read() -> None:
    log = """
Overfull \\hbox (0.8pt too wide) in paragraph at lines 1--2
Overfull \\vbox (12.5pt too high) has occurred while \\output is active
Underfull \\hbox (badness 10000) in paragraph at lines 7--9
LaTeX Warning: Reference `der:x' on page 1 undefined on input line 7.
Missing character: There is no x in font cmr10!
! Undefined control sequence.
l.12 \\foo
"""
    assert [line.split(" ")[0] for line in pdf.problems(log)] == [
        "Overfull", "Overfull", "LaTeX", "Missing", "!",
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


@needs_latex
@pytest.mark.slow
def test_pdflatex_runs_again_only_where_that_changes_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[str] = []
    real = pdf.subprocess.run
    monkeypatch.setattr(
        pdf.subprocess, "run", lambda *a, **k: (runs.append(str(a[0])), real(*a, **k))[1]
    )
    [doc, _] = documents(both())
    once = pdf.compile_pdf(article(doc), "one")
    assert len(runs) == 1
    monkeypatch.setattr(pdf, "ALWAYS", frozenset())  # as if the first .aux said something
    assert pdf.compile_pdf(article(doc), "one") == once
    assert len(runs) == 3
    runs.clear()
    pdf.compile_pdf(PAGE % r"\label{here}\pageref{here}", "refers")  # known after the first run
    assert len(runs) == 2
