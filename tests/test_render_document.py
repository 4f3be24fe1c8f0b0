"""From a derivation to a document, and from a document to every format."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import derive
from derive.errors import DeriveError, TemplateError, UnknownName
from derive.kernel.derivation import Builder
from derive.kernel.facts import SumsTo
from derive.kernel.language import Equation, Sum, exp, log
from derive.kernel.step import WorkedExample
from derive.kernel.verdicts import Evidence, Recheck, Status, Verdict
from derive.notation import K, L, i, j, k, l, p, shift, tau, y, z
from derive.render import book, html, latex, markdown
from derive.render.document import Extras, document
from derive.render.formats import FORMATS, render
from derive.render.notebook import notebook_html, notebook_latex
from derive.render.prose import Formula, plain_text, prose
from derive.render.site import build_docs, documents
from derive.render.worked import decimal, written
from tests.render_tools import PROVED, both, jacobian, label_gradient, step_to, with_evidence

# --- sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("no formula in it", ["no formula in it"]),
        ("It is p_i − y_i.", ["It is ", "<p_{i} - y_{i}>", "."]),
        ("p_i (δ_ij − p_j)", [r"<p_{i} (\delta_{ij} - p_{j})>"]),
        ("off it −pᵢpⱼ: yes", ["off it ", "<-p_{i} p_{j}>", ": yes"]),
        ("for every K (see k)", ["for every ", "<K>", " (see ", "<k>", ")"]),
        ("where Σ_k y_k = 1 holds", ["where ", r"<\sum_{k} y_{k} = 1>", " holds"]),
        ("by ∂p_i/∂z_j", ["by ", r"<\partial p_{i}/\partial z_{j}>"]),
        ("write $\\frac{a}{b}$", ["write ", r"<\frac{a}{b}>"]),
        ("e.g. the author's eq. 4 (a note)", ["e.g. the author's eq. 4 (a note)"]),
        ("exp(η·T − a(η)) is a form", [r"<\exp (\eta\cdot T - a(\eta))>", " is a form"]),
        ("log Σ e^η", [r"<\log \sum e^{\eta}>"]),
        ("j lies in 1..K", ["<j>", " lies in ", r"<1, \dots, K>"]),
        # Half a formula stays as it was typed; marked ones are whole.
        ("b = N!/Π yₖ! and so on", ["b = N!/Π yₖ! and so on"]),
        ("∇a = E[T]: the mean", ["∇a = E[T]: the mean"]),
        ("H(p, q) is real", ["H(p, q) is real"]),
        (r"$\nabla a = E[T]$ − 1", [r"<\nabla a = E[T]>", " − 1"]),
    ],
)
def test_formulas_in_sentences(text: str, runs: list[str]) -> None:
    found = prose(text)
    assert [r if isinstance(r, str) else f"<{r.latex}>" for r in found] == runs
    assert "$" in text or plain_text(found) == text


# --- numbers --------------------------------------------------------------------------------------


def test_decimals_are_settled_before_they_are_rounded() -> None:
    import mpmath

    tie, noise = mpmath.mpf("0.00005"), mpmath.mpf(10) ** -25
    assert decimal(tie - noise) == decimal(tie) == decimal(tie + noise)
    assert decimal(-noise) == "0.0000"
    assert [written(x) for x in ("-3", "3/2", "27/10", "1/3", "0.05")] == [
        "-3", "1.5", "2.7", "1/3", "0.05",
    ]  # fmt: skip


def test_the_worked_example_shows_both_sides() -> None:
    [shown] = document(jacobian()).examples
    assert [f.plain for f in shown.given] == ["z = (−3, 1.5, 2.7),   K = 3"]
    assert [f.plain for f in shown.defined] == ["p = (0.0026, 0.2309, 0.7666)"]
    left, right = shown.left[0].plain, shown.right[0].plain
    assert left.splitlines()[1:] == right.splitlines()[1:]
    assert left.splitlines()[2] == "  [ −0.0006   0.1776  −0.1770 ]"
    assert "central differences" in shown.left_how


@pytest.mark.parametrize("given", [{"c": 2}, {"y": ("0", "1", "0")}])
def test_a_label_gives_the_targets_and_the_targets_the_label(given: dict[str, object]) -> None:
    [shown] = document(label_gradient(z=("-3", "3/2", "27/10"), **given)).examples
    assert shown.right[0].plain == "p_i − δ_ic = (0.0026, −0.7691, 0.7666)"


def test_a_wrong_result_does_not_get_a_worked_example() -> None:
    wrong = replace(jacobian(), conclusion=p[i] * (1 - p[j]))
    with pytest.raises(DeriveError, match="the sides differ at"):
        document(with_evidence(wrong))


def test_a_forgotten_number_is_named() -> None:
    made = replace(jacobian(), examples=(WorkedExample({"y": ("1", "0")}),))
    with pytest.raises(DeriveError, match=r"no value for z\[1\]"):
        document(with_evidence(made))


# --- what was established -------------------------------------------------------------------------


def test_established_says_what_and_how() -> None:
    text = " ".join(map(plain_text, document(jacobian()).established))
    assert "Each of the 2 steps" in text
    assert "K ≥ 1" in text
    assert "written out for K = 1, 2, 3, 4, 7 and compared at 40 sampled points" in text
    assert "in exact arithmetic for K = 1, 2, 3, 4 and to 40 digits for K = 7." in text


def test_a_size_at_which_some_line_has_no_instance_is_said_apart() -> None:
    made = jacobian()
    narrow = Evidence(Verdict(Status.PROVED), Recheck(True, (2, 3, 4), (7,), 9))
    made.__dict__["evidence"] = (PROVED, narrow, narrow)
    text = " ".join(map(plain_text, document(made).established))
    assert "compared at 49 sampled points" in text
    assert "For K = 1 only those lines count that can be written out there." in text


def test_without_sizes_the_claim_is_for_all_values() -> None:
    d = Builder("a-scalar", "A scalar", "calculus", "Nothing is counted.")
    d.start(shift + tau)
    d.by(step_to(tau + shift + 0))
    one = Evidence(Verdict(Status.PROVED), Recheck(True, (), (), 12))
    text = " ".join(map(plain_text, document(with_evidence(d.finish(), one)).established))
    assert "is proved for all values by" in text
    assert "compared at 12 sampled points" in text
    assert "K" not in text


def test_remarks_stand_under_the_assumptions_in_every_format() -> None:
    made = replace(jacobian(), remarks=("The trials are apart.",))
    for name in FORMATS:
        assert "The trials are apart." in render(document(with_evidence(made)), name)


def test_a_definition_that_no_line_uses_is_not_shown() -> None:
    d = Builder("with-spare", "With a spare", "softmax", "One name is not used.")
    d.define(p[i], exp(z[i]))
    d.define(L, tau)
    d.start(p[i])
    d.by(step_to(exp(z[i])))
    doc = document(with_evidence(d.finish()))
    assert [f.plain for f in doc.definitions] == ["p_i := exp(z_i)"]
    assert [(r.symbol.plain, r.domain) for r in doc.notation][1:] == [
        ("z", "real"), ("p", "defined above"),
    ]  # fmt: skip


def test_a_letter_that_is_free_in_a_numerical_form_is_bound_nowhere() -> None:
    total = Sum(exp(z[l]), (l, 1, K))
    d = Builder("a-form", "A form", "softmax", "For every l.")
    d.start(log(total))
    d.by(step_to(log(exp(z[l]) + Sum(exp(z[k]), (k, 1, K), l))))
    doc = document(jacobian(), Extras((with_evidence(d.finish()),)))
    (numerical,) = doc.numerical
    assert numerical.lines[0].formula.plain == "log Σ_k exp(z_k)"
    assert "z_l" in numerical.lines[1].formula.plain


def test_established_names_the_assumption() -> None:
    made = label_gradient(z=("1", "2"), c=1)
    assert "the assumption y_k = δ_kc" in " ".join(map(plain_text, document(made).established))


def test_a_step_that_is_not_proved_is_said_first() -> None:
    bad = Evidence(Verdict(Status.UNDECIDED, why="no idea"), Recheck(True))
    made = jacobian()
    made.__dict__["evidence"] = (PROVED, bad, PROVED)
    doc = document(made)
    assert plain_text(doc.established[0]) == "Line 2 is not established: undecided (no idea)."
    assert not any("is proved" in plain_text(p) for p in doc.established)
    assert doc.lines[2].verdict == "undecided"


# --- formats --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_everything(name: str) -> None:
    extras = Extras((jacobian(),), "def f(z):\n    return z  # Σ_k\n", "generated/f.py")
    page = render(document(jacobian(), extras), name)
    assert page.endswith("\n")
    for part in ("The Jacobian", "Three classes.", "generated/f.py", "def f(z)", "0.1776"):
        assert part in page
    assert "undefined" not in page.lower()
    assert page.count("Each of the 2 steps") == (1 if name == "json" else 2)


def test_an_unknown_format_gets_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="did you mean markdown"):
        render(document(jacobian()), "markdwn")


def test_json_holds_the_steps() -> None:
    data = json.loads(render(document(jacobian()), "json"))
    assert [s["verdict"] for s in data["steps"]] == ["", "proved", "proved"]
    assert data["steps"][2]["latex"] == r"p_{i} \left(\delta_{ij} - p_{j}\right)"
    assert data["result"]["plain"] == "∂p_i/∂z_j = p_i (δ_ij − p_j)"


def test_words_are_escaped_in_each_format() -> None:
    assert latex.text('50% of a_1 & "b" ≤ {c}') == (
        r"50\% of a\_1 \& ``b'' \ensuremath{\leq} \{c\}"
    )
    assert latex.text("eᶠ") == r"e\ensuremath{^{f}}"
    assert markdown.text("a_b *c* | [d]") == r"a\_b \*c\* \| \[d\]"
    assert html.prose(("a < b & ", Formula("x", "x"))).startswith("a &lt; b &amp; <math")
    with pytest.raises(DeriveError, match=r"U\+6F22"):
        latex.text("漢")


def test_markdown_keeps_formulas_out_of_harm() -> None:
    page = render(document(jacobian()), "markdown")
    assert "```math\n= p_{i} \\left(\\delta_{ij} - p_{j}\\right)\n```" in page
    assert "| $`z`$ | logits | real | $`K`$ |" in page
    assert r"\operatorname" not in markdown.inline(Formula(r"\operatorname{diag}", ""))


def test_formulas_without_mathml_raise() -> None:
    with pytest.raises(DeriveError, match="no MathML for"):
        html.mathml(r"\nonsense{x}", display=False)


def test_an_undefined_variable_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "derivation.txt.jinja").write_text("{{ doc.title }}\n{{ doc.colour }}")
    monkeypatch.setattr("derive.templating.template_directory", lambda: tmp_path)
    with pytest.raises(TemplateError, match=r"text/derivation\.txt\.jinja.*colour"):
        render(document(jacobian()), "text")


# --- all pages ------------------------------------------------------------------------------------


def test_pages_link_to_each_other() -> None:
    first, second = documents(both())
    assert [link.title for link in second.uses] == ["The Jacobian"]
    assert [link.name for link in first.used_by] == ["the-gradient"]
    page = html.page(second, frozenset({first.name}), alone=False)
    assert '<a href="the-jacobian.html">The Jacobian</a>' in page
    assert "[The gradient](the-gradient.md)" in markdown.page(first, frozenset({second.name}))
    assert r"(Section~\ref{der:the-jacobian}, page~" in book.book([first, second])


def test_building_writes_once_and_removes_what_is_stale(tmp_path: Path) -> None:
    report = build_docs(documents(both()), tmp_path, pdf=False)
    assert {f.name for f in report.written} >= {"book.tex", "index.md", "the-jacobian.html"}
    assert (tmp_path / "html" / html.FONT).stat().st_size > 10**6
    assert "SIL OPEN FONT LICENSE" in (tmp_path / "html" / html.LICENCE).read_text()
    (tmp_path / "old.tex").write_text("")
    (tmp_path / "notes.org").write_text("kept")
    again = build_docs(documents(both()), tmp_path, pdf=False)
    assert not again.written
    assert again.unchanged == len(report.written)
    assert [f.name for f in again.removed] == ["old.tex"]
    assert (tmp_path / "notes.org").exists()


def test_without_latex_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    report = build_docs(documents(both()), tmp_path)
    assert report.notes == ["PDFs skipped: no pdflatex; `make tex` installs it"]
    assert "pdf/" not in (tmp_path / "html" / "index.html").read_text()


def test_pages_need_no_network(tmp_path: Path) -> None:
    build_docs(documents(both()), tmp_path, pdf=False)
    for page in (tmp_path / "html").glob("*.html"):
        text = page.read_text().replace("http://www.w3.org/1998/Math/MathML", "")
        assert "http" not in text
        assert text.count("<script") == text.count('<script src="site.js"></script>') == 1


def test_notebooks_show_the_chain() -> None:
    assert notebook_latex(jacobian()).count(r"\\") == 2
    page = notebook_html(jacobian())
    assert page.count("<tr>") == 3
    assert "<em></em>" not in page
    assert "<p>It is <math" in page
    assert "Assumptions:" in page


def test_an_equation_derivation_has_no_equals_signs_in_front() -> None:
    d = Builder("an-equation", "An equation", "softmax", "Solved.")
    d.assume(SumsTo(y))
    d.start(y[i], z[i])
    d.by(step_to(Equation(z[i], y[i])))
    doc = document(with_evidence(d.finish()))
    assert [line.shown.plain for line in doc.lines] == ["y_i = z_i", "z_i = y_i"]


def _rows(name: str) -> dict[str, str]:
    return {row.symbol.plain: row.domain for row in document(derive.get(name)).notation}


def test_the_notation_says_how_far_a_label_runs() -> None:
    assert _rows("log-sum-exp-below-bound")["c"] == "a whole number from 1 to K"
    assert _rows("log-sum-exp-below-bound")["K"] == "a whole number, at least 1"


def test_a_vector_with_the_letter_of_an_index_stands_in_the_notation() -> None:
    assert _rows("slowdown-softmax-quadratic")["r"] == "defined above"


def test_the_lemma_is_written_last_and_explained() -> None:
    last = document(derive.get("log-sum-exp-below-bound")).lines[-1]
    assert "(z_c − z_k + g(exp(z_c − z_k)))" in last.formula.plain
    assert plain_text(last.reason).startswith("No part of it is negative: g(x)")
    strict = document(derive.get("log-sum-exp-definite")).lines[-1]
    assert plain_text(strict.reason) == "No part of it is negative, and it is not 0."


def test_assumptions_are_joined_in_one_sentence() -> None:
    said = " ".join(map(plain_text, document(derive.get("kl-divergence-nonnegative")).established))
    assert "the assumptions Σ_k p_k = 1 and Σ_k q_k = 1." in said
    assert said.count("This rests on") == 1


def test_an_induction_is_for_every_structure() -> None:
    said = document(derive.get("hierarchical-softmax-sums-to-one")).established
    assert plain_text(said[0]).startswith("It is shown for every binary tree and every D ≥ 1;")
