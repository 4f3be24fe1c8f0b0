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


def test_html_escapes_what_a_person_wrote():
    from derive.judge.page import page

    made = page([verify("$a = <script>alert(1)</script>$", file="<b>")])
    assert "<script>" not in made
    assert "<b>" not in made


def test_python():
    assert derive.verify(RIGHT).status == 0


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_ends_soon(name):
    start = time.monotonic()
    with suppress(DeriveError):  # a refusal with a reason is an answer
        report = verify(ATTACKS[name], seconds=2)
        assert all(r.verdict != "proved" or r.lhs == r.rhs for r in report.relations)
    assert time.monotonic() - start < 60


def test_bytes_that_are_no_text():
    report = verify(decoded(b"\xff\xfe$a = a\xff$ $b = b$"))
    assert report.relations[-1].verdict == "proved"


def test_ten_megabytes_are_refused():
    with pytest.raises(Unjudged, match="at most"):
        verify("x" * (MAX_CHARACTERS + 1))


def test_one_relation_keeps_to_its_time():
    hard = r"$$\frac{1}{" + " + ".join(rf"\log(1+e^{{x_{{{n}}}}})" for n in range(1, 9)) + "}"
    hard += r" = \prod_{k=1}^{9} (1 + e^{z_k})^{9} \sum_{i=1}^{9} e^{z_i}$$"
    start = time.monotonic()
    verify(hard, seconds=1)
    assert time.monotonic() - start < 20


def test_generated_documents_do_not_crash():
    for seed in range(400):
        text = generated(Random(seed))
        with suppress(DeriveError):
            verify(text, seconds=1)
