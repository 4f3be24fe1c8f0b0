"""The articles: what they show is what runs, in every format, with and without what they need."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from derive import build
from derive.catalogue import get, names, select
from derive.errors import DeriveError
from derive.render import book, html, latex, markdown
from derive.render.articles import worked as worked_module
from derive.render.articles.blocks import Code, Listing, listing, program, runs
from derive.render.articles.larger import larger
from derive.render.articles.measured import measured
from derive.render.articles.training import STATED, training
from derive.render.articles.worked import USED, worked
from derive.render.document import document
from derive.render.figures import curve, record
from derive.render.prose import Formula
from tests.bench.measured import record as bench_record

VALUES = {
    "digest": "0",
    "classifiers": [
        {"name": "wine", "m": 178, "D": 13, "K": 3, "loss": "0.07", "right": "99.4%"},
        {"name": "iris", "m": 150, "D": 4, "K": 3, "loss": "0.19", "right": "97.3%"},
    ],
    "limits": {"newton": "10⁻⁸", "lbfgs": "10⁻⁵", "anes96": "10⁻⁹"},
    "election": {
        "m": 944,
        "log_likelihood": "−1461.922747",
        "names": ["constant", "age"],
        "cells": [["−0.37 (0.63)", "−2.25 (0.76)"], ["1.00 (0.10)", "2.00 (0.20)"]],
    },
    "curves": {
        "gradient descent": [[0, 0.01], [1, -0.33], [1000, -4.22]],
        "L-BFGS": [[0, 0.01], [10, -4.0], [20, -9.31]],
        "Newton": [[0, 0.01], [1, -0.84], [7, -10.16]],
    },
}
PACKAGE = dict.fromkeys(USED, "")


def articles():
    loss = document(get("softmax-regression-penalised"))
    return [training(VALUES, [loss]), larger()]


def test_what_the_page_states_is_in_the_catalogue() -> None:
    assert set(STATED) <= set(names())


def kept(folder: Path, package=PACKAGE) -> None:
    """A record of before, as it lies in a folder."""
    made = record.Record({**VALUES, "digest": record.digest(package)}, "<svg/>")
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8")


def test_sentences_have_formulas_and_code() -> None:
    assert runs("So $x$ and `y`.") == ("So ", Formula("x", "x"), " and ", Code("y"), ".")


def test_what_is_shown_stands_in_a_program_that_is_run() -> None:
    shown = [b.source for a in articles() for b in a.blocks if isinstance(b, Listing)]
    assert {s.file for s in shown} == {
        f"templates/programs/{name}.py" for name in ("train", "chunks", "threads")
    }
    for source in shown:
        whole = program(Path(source.file).name)
        for part in source.text.split("\n\n"):
            assert part.strip() in whole
        compile(source.text, source.file, "exec")
        assert max(map(len, source.text.splitlines())) <= 88
    with pytest.raises(DeriveError, match=r"train\.py has no function nothing"):
        listing("train.py", "split", "nothing")


def test_every_format_shows_every_block() -> None:
    for article in articles():
        page, site, tex = markdown.article(article), html.article(article), latex.worked(article)
        for text in (page, site, tex):
            assert article.title in text
            assert "<<" not in text
            assert "{{" not in text.replace("{{%", "")
        assert page.count("```python") == site.count("<pre>") == tex.count(r"\begin{Verbatim}")
    shown = [b.formula.latex.split(" := ")[0] for b in articles()[0].blocks if b.kind == "display"]
    assert shown == ["Z_{nk}", "P_{nk}"]
    page, site, tex = (f(articles()[0]) for f in (markdown.article, html.article, latex.worked))
    assert "−1461.922747" in page
    assert "−1461.922747" in site
    assert "$1461.922747" not in tex
    assert "1461.922747" in tex
    assert "](training-curve.svg)" in page
    assert '<img src="training-curve.svg" alt="Learning curves' in site
    assert r"\pagefigure{training-curve}{The loss above its minimum" in tex
    assert "[The penalised loss of softmax regression](softmax-regression-penalised.md)" in page
    assert '<a href="softmax-regression-penalised.html">The penalised loss of' in site


def test_the_indexes_name_the_articles() -> None:
    found = articles()
    assert "[Training a softmax classifier](training.md)" in markdown.index([], found)
    assert '<a href="larger-than-memory.html">' in html.index([], articles=found)
    assert '"../pdf/training.pdf"' in html.index([], frozenset({"training"}), articles=found)
    for article in found:
        assert rf"\chapter{{{article.title}}}" in book.book([], found)
    assert "Using the functions" not in markdown.index([])


@pytest.mark.parametrize("format", ["svg", "pdf"])
def test_the_figure_has_the_same_bytes_whatever_the_reader_sets(format: str) -> None:
    import matplotlib as mpl

    first = curve.learning_curve(VALUES["curves"], format)
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert curve.learning_curve(VALUES["curves"], format) == first
    assert b"Date" not in first
    assert b"/Type3" not in first
    assert mpl.__version__.encode() not in first


def test_a_part_of_the_functions_has_no_articles(tmp_path: Path) -> None:
    assert worked([], {"softmax.py": ""}, tmp_path).articles == ()
    package, docs = build.everything(select(["softplus-slope"]))
    assert build.pages(docs, package, tmp_path).keys() == {
        "softplus-slope.md", "softplus-slope.tex", "book.tex", "index.md",
    }  # fmt: skip


def test_without_the_packages_one_line_says_so(tmp_path, monkeypatch) -> None:
    for module in (record, worked_module):
        monkeypatch.setattr(module, "missing", lambda: ["matplotlib", "scikit-learn"])
    found = worked([], PACKAGE, tmp_path)
    assert [a.name for a in found.articles] == ["larger-than-memory"]
    assert found.notes == (
        "Page about training left out: for it, python -m pip install matplotlib scikit-learn",
    )
    assert found.files == {}
    # What is there already stays, even if it is of other functions.
    kept(tmp_path, dict.fromkeys(USED, "old"))
    found = worked([], PACKAGE, tmp_path)
    assert [a.name for a in found.articles] == ["training", "larger-than-memory"]
    assert found.notes == ()
    assert found.figures() == {}


def test_a_record_is_used_while_nothing_changes(tmp_path: Path, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(record, "_measured", lambda *given: asked.append(given))
    kept(tmp_path)
    before = (tmp_path / record.FILE).read_text()
    found = worked([], PACKAGE, tmp_path)
    assert not asked
    assert found.files == {record.FILE: before, record.PICTURE: "<svg/>"}
    assert found.pictures == {record.PICTURE: "<svg/>"}
    worked([], {**PACKAGE, "softmax.py": "changed"}, tmp_path)
    assert len(asked) == 1


def test_a_measurement_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(DeriveError, match="the worked example cannot be measured") as raised:
        record.record({**PACKAGE, "__init__.py": ""}, tmp_path)
    assert "ImportError" in str(raised.value)


@pytest.mark.slow
def test_the_committed_record_is_what_is_measured(root: Path, tmp_path: Path) -> None:
    package = {p.name: p.read_text(encoding="utf-8") for p in (root / "generated").glob("*.py")}
    found = record.record(package, tmp_path)
    committed = root / "generated" / "docs"
    assert found.values == json.loads((committed / record.FILE).read_text(encoding="utf-8"))
    assert found.picture == (committed / record.PICTURE).read_text(encoding="utf-8")


def test_the_programs_are_found_and_figures_are_light(root: Path) -> None:
    code = "import derive.render.site, sys; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_recorded_run_of_the_benchmarks_is_a_page(tmp_path: Path) -> None:
    assert measured(tmp_path) is None
    one = {"error": 2.0, "rows": 9, "lost": 0}
    cells = {"ours": one, "SciPy": {"error": 0.0, "rows": 0, "lost": 0},
             "PyTorch": {"error": 2.4e6, "rows": 9, "lost": 1}}  # fmt: skip
    rows = [{"function": "softmax", "type": kind, **cells} for kind in ("float32", "float64")]
    speed = {
        "machine": {"date": "2026-01-02", "processor": "one", "python": "3", "numpy": "2"},
        "summary": [
            {"function": "softmax", "other": "SciPy", "mean": 2.35, "least": 1, "passes": 3.04}
        ],
    }
    text = json.dumps(bench_record(speed, {"rows": rows, "quick": True}))
    (tmp_path / "measured.json").write_text(text, encoding="utf-8")
    article = measured(tmp_path)
    assert article is not None
    page = markdown.article(article)
    assert "| `softmax` | SciPy | 2.35 | 1.00 | 3.0 |" in page
    assert "| `softmax` | 2.00 | – | 2e+06 (NaN) |" in page
    assert "Measured on 2026-01-02: one, one thread, Python 3, NumPy 2." in page
    (tmp_path / "measured.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DeriveError, match="is not a record of the benchmarks"):
        measured(tmp_path)
