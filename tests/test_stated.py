"""Every statement of the sources is settled as it deserves, by what cites it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from derive import answers, catalogue
from derive.errors import DeriveError, UnknownName
from derive.kernel.stated import part, row
from derive.render import html, latex, markdown, text
from derive.render.articles.blocks import Article
from derive.render.articles.stated import Material, Verdict, stated, verdict
from derive.render.articles.training import NAME as TRAINING
from derive.render.articles.worked import Worked
from derive.render.document import Document, document

# Still to be derived: a line is taken out as soon as its statement is settled.
PENDING: set[str] = set()
ROWS, TITLES = catalogue.statements()
BY_ID = {r.id: r for r in ROWS}
PAGE = Article(TRAINING, "Training", "It trains.", ())


def wanted() -> dict[str, tuple[set[str], str]]:
    """The kinds and the condition of each id, as the copy in this folder has them."""
    lines = (Path(__file__).parent / "stated_ids.txt").read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        if not line.startswith("#"):
            head, _, condition = line.partition("|")
            name, *kinds = head.split()
            found[name] = (set(kinds), condition.strip())
    return found


WANTED = wanted()


@cache
def doc(name: str) -> Document:
    return document(catalogue.get(name))


def material(*ids: str) -> Material:
    known = set(catalogue.names())
    names = [n for i in ids for p in BY_ID[i].parts for n in p.by if n in known]
    return answers.material([doc(n) for n in names], [PAGE])


def complaints(found: Verdict, kinds: set[str], condition: str) -> list[str]:
    """What is otherwise than wanted."""
    out = ["a part of it is open"] * ("open" in found.kinds)
    missing = kinds - {"derived"} - set(found.kinds)
    out += [f"nothing of it is {kind}" for kind in sorted(missing)]
    if "derived" in kinds and not {"proved", "conditional", "limit"} & set(found.kinds):
        out.append("nothing of it is derived")
    if ("refuted" in found.kinds) != ("refuted" in kinds):
        out.append("refuted, and should not be" if "refuted" in found.kinds else "not refuted")
    conditions = [c.plain for c in found.conditions]
    if condition and condition not in conditions:
        out.append(f"the condition {condition} is not named, only {conditions}")
    return out


def test_the_ids_are_those_of_the_sources() -> None:
    assert set(BY_ID) == set(WANTED)
    assert len(WANTED) == 63
    assert set(WANTED) > PENDING


@pytest.mark.parametrize("name", sorted(WANTED, key=lambda i: (i[0], int(i[1:]))))
def test_each_statement_is_settled_as_it_deserves(name: str, request) -> None:
    if name in PENDING:
        request.applymarker(pytest.mark.xfail(reason="still to be derived", strict=True))
    assert complaints(verdict(BY_ID[name], material(name)), *WANTED[name]) == []


def test_what_settles_a_statement_cites_it() -> None:
    others, known = catalogue.all_others(), set(catalogue.names())
    for one in ROWS:
        for name in (n for p in one.parts for n in p.by if n != TRAINING):
            if name in others:
                assert one.id in others[name].about.sources, (one.id, name)
            else:
                assert name in known, (one.id, name)
                assert one.id in catalogue.get(name).sources, (one.id, name)


def test_every_source_that_is_cited_is_a_statement() -> None:
    cited = {s for d in catalogue.all_derivations() for s in d.sources}
    cited |= {s for o in catalogue.all_others().values() for s in o.about.sources}
    assert cited <= set(WANTED)


def test_verdicts_come_from_the_evidence() -> None:
    """With other evidence the same rows come out otherwise."""
    real = material("A3", "A7", "B9", "D3", "E3")
    settled = real.documents["softmax-positive"].settled
    assert settled is not None
    undecided = replace(
        real.documents["softmax-positive"], settled=replace(settled, status="undecided")
    )
    broken = replace(real, documents={**real.documents, "softmax-positive": undecided})
    assert complaints(verdict(BY_ID["A3"], broken), *WANTED["A3"]) == ["a part of it is open"]
    wrong = real.others["chain-rule-cut-short"]
    fine = replace(wrong, rhs=wrong.right)
    broken = replace(real, others={**real.others, "chain-rule-cut-short": fine})
    assert "not refuted" in complaints(verdict(BY_ID["B9"], broken), *WANTED["B9"])
    tried = real.tried["naive-softmax-overflows"]
    finite = {"naive-softmax-overflows": replace(tried, stated=tried.ours)}
    broken = replace(real, tried=finite)
    assert "not refuted" in complaints(verdict(BY_ID["E3"], broken), *WANTED["E3"])
    assert complaints(verdict(BY_ID["A7"], real), {"proved"}, "Σ_k x_k = 0") == [
        "nothing of it is proved",
        "the condition Σ_k x_k = 0 is not named, only ['Σ_k y_k = 1']",
    ]


def test_a_name_that_does_not_exist_is_an_error() -> None:
    one = replace(BY_ID["A3"], parts=(part("", "softmax-positiv"),))
    with pytest.raises(UnknownName, match="softmax-positiv"):
        verdict(one, material("A3"))
    two = replace(BY_ID["A1"], parts=(part("", "softmax-positive", defines=BY_ID),))
    with pytest.raises(Exception, match=r".+"):
        verdict(two, material("A1"))
    with pytest.raises(DeriveError, match="not an id"):
        row("Z", "No number.")
    with pytest.raises(DeriveError, match="declared twice"):
        row("A1", "Something else.")


def test_the_page_has_each_statement_in_every_format() -> None:
    some = ("A2", "A7", "B6", "B9", "C1", "C8", "D3", "E3")
    found = [verdict(BY_ID[i], material(*some)) for i in some]
    waiting = replace(BY_ID["A4"], parts=(part("Wanted."),))
    found.append(verdict(waiting, material()))
    page = stated(found, TITLES, [doc("linear-layer-gradient-bias")])
    written = {
        "markdown": markdown.article(page), "html": html.article(page),
        "latex": latex.worked(page), "text": text.article(page),
    }  # fmt: skip
    for kind, shown in written.items():
        for name in some:
            assert name in shown, (kind, name)
        assert "0.2309" in shown
        assert "4.48" in shown
        assert "nan, nan" in shown
        assert "{{" not in shown.replace("{{%", "")
        assert "<<" not in shown
    assert "### B9: refuted" in written["markdown"]
    assert '<h3 id="B9">B9 <span class="verdict">refuted</span></h3>' in written["html"]
    assert "[The gradient in a bias](linear-layer-gradient-bias.md)" in written["markdown"]
    assert '<a href="training.html">Training</a>' in written["html"]
    assert "Refuted: A2, B9, D3, E3." in written["text"]
    assert "∂L/∂z_i = p_i Σ_k y_k − y_i" in written["text"]
    assert "Not derived yet." in written["text"]


def test_a_build_without_articles_has_no_such_page(monkeypatch) -> None:
    assert answers.with_statements(Worked(), []) == Worked()
    some = Worked((PAGE,))
    assert answers.with_statements(some, [doc("softmax-positive")]) == some
    monkeypatch.setattr(catalogue, "statements", lambda: ((BY_ID["C8"], BY_ID["D3"]), TITLES))
    found = answers.with_statements(Worked((PAGE,)), [])
    assert [a.name for a in found.articles] == ["what-the-sources-state", TRAINING]
    other = answers.with_statements(Worked((replace(PAGE, name="other"),)), [])
    assert "This build leaves the page out" in markdown.article(other.articles[0])


@pytest.mark.parametrize("kind", ["text", "latex", "markdown", "html", "json"])
def test_show_writes_refutations_in_every_format(kind: str, capsys) -> None:
    from derive.cli import main

    assert main(["show", "chain-rule-cut-short", "--format", kind]) == 0
    shown = capsys.readouterr().out
    assert "The gradient is not the error times the label" in shown
    if kind == "json":
        blocks = json.loads(shown)["blocks"]
        assert {"words", "display", "proved"} <= {b["kind"] for b in blocks}
