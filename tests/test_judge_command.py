"""``derive verify``: statuses, formats, and input that means harm."""

import json
import time
from contextlib import suppress
from random import Random

import pytest

import derive
from derive.cli import main
from derive.errors import DeriveError
from derive.judge.report import Unjudged, verify
from derive.judge.spans import MAX_CHARACTERS, decoded
from tests.fuzz.inputs import ATTACKS, generated

RIGHT = r"$p_i(1 - p_i) = p_i - p_i^2$"
WRONG = r"$p_i(1 - p_i) = p_i - p_i$"
OPEN = r"$p_i = \foo$"


@pytest.mark.parametrize(("text", "status"), [(RIGHT, 0), (WRONG, 1), (OPEN, 3), ("words", 0)])
def test_status(tmp_path, capsys, text, status):
    file = tmp_path / "page.md"
    file.write_text(text, encoding="utf-8")
    assert main(["verify", str(file)]) == status
    assert str(file) in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["nothing.md"], ["/"]])
def test_wrong_usage(capsys, arguments):
    assert main(["verify", *arguments]) == 2
    assert "derive:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.md"], "there is no file nothing.md"),
        (["/"], "/ is a folder"),
        (["{empty}"], "is empty"),
        (["--formula", ""], "--formula '' has no relation in it"),
        (["--formula", "p_i"], "--formula 'p_i' has no relation in it"),
        (["--formula", "p=p", "--given", "foo"], "--given 'foo' states nothing"),
        (["--formula", "p=p", "--given", "p="], "--given 'p =' is not read: nothing stands here"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path, capsys, arguments, said):
    empty = tmp_path / "empty.md"
    empty.touch()
    assert main(["verify", *(a.format(empty=empty) for a in arguments)]) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert not out


@pytest.mark.parametrize("seconds", ["nan", "-1", "x", "0"])
def test_a_limit_is_a_number_above_0(capsys, seconds):
    with pytest.raises(SystemExit) as ended:
        main(["verify", "--formula", "p=p", "--seconds", seconds])
    assert ended.value.code == 2
    assert "not a number of seconds above 0" in capsys.readouterr().err


def test_json(capsys):
    assert main(["verify", "--format", "json", "--formula", r"p_i - p_i^2 = p_i(1 - p_j)"]) == 1
    found = json.loads(capsys.readouterr().out)
    [relation] = found["relations"]
    assert found["first_wrong"] == 1
    assert relation["lhs"] == "p_i - p_i^2"
    assert relation["verdict"] == "refuted"
    assert set(relation["witness"]) >= {"K", "indices", "values", "lhs", "rhs"}
    assert relation["slip"]["name"] == "swapped index"
    assert found["summary"]["right_end_wrong_step"] == []


def test_html(capsys):
    assert main(["verify", "--format", "html", "--formula", WRONG.strip("$")]) == 1
    page = capsys.readouterr().out
    assert "<math" in page
    assert "refuted" in page


def test_html_shows_the_counterexample_and_the_right_line_as_formulas(capsys):
    line = r"\frac{\partial}{\partial z_i} \log \sum_k e^{z_k} = -\frac{e^{z_i}}{\sum_k e^{z_k}}"
    assert main(["verify", "--format", "html", "--formula", line]) == 1
    page = capsys.readouterr().out
    assert page.count("<math") > 4
    assert "it should read" in page
    assert "prefers-color-scheme: dark" in page


def test_html_escapes_what_a_person_wrote():
    from derive.judge.page import page

    made = page([verify("$a = <script>alert(1)</script>$", file="<b>")])
    assert "<script>" not in made
    assert "<b>" not in made


def test_python():
    assert derive.verify(RIGHT).status == 0


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_ends_soon(name):
    start = time.thread_time()
    with suppress(DeriveError):  # a refusal with a reason is an answer
        report = verify(ATTACKS[name], seconds=2)
        assert all(r.verdict != "proved" or r.lhs == r.rhs for r in report.relations)
    assert time.thread_time() - start < 60


def test_bytes_that_are_no_text():
    report = verify(decoded(b"\xff\xfe$a = a\xff$ $b = b$"))
    assert report.relations[-1].verdict == "proved"


def test_ten_megabytes_are_refused():
    with pytest.raises(Unjudged, match="at most"):
        verify("x" * (MAX_CHARACTERS + 1))


def test_one_relation_keeps_to_its_time():
    hard = r"$$\frac{1}{" + " + ".join(rf"\log(1+e^{{x_{{{n}}}}})" for n in range(1, 9)) + "}"
    hard += r" = \prod_{k=1}^{9} (1 + e^{z_k})^{9} \sum_{i=1}^{9} e^{z_i}$$"
    start = time.thread_time()
    verify(hard, seconds=1)
    assert time.thread_time() - start < 20


def test_generated_documents_do_not_crash():
    for seed in range(400):
        text = generated(Random(seed))
        with suppress(DeriveError):
            verify(text, seconds=1)
