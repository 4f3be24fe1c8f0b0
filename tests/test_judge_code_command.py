"""``derive verify-code``: formats, statuses, modules that cannot be run."""

import json

import numpy as np
import pytest

from derive.cli import main
from derive.judge.code import readable

FILE = """
import sys
import numpy as np

def right(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

def diagonal(z):
    p = right(z)
    return np.diag(p * (1 - p))

def loud(z):
    print("<b>hello</b>")
    while True:
        pass
"""


@pytest.fixture
def person(tmp_path):
    path = tmp_path / "persons_work.py"
    path.write_text(FILE)
    return str(path)


@pytest.mark.parametrize(
    ("function", "name", "status"),
    [("right", "softmax", 0), ("diagonal", "softmax-jacobian", 1), ("loud", "softmax", 3)],
)
@pytest.mark.parametrize("style", ["text", "json", "html"])
def test_the_command_in_each_format(person, function, name, status, style, capsys):
    arguments = ["verify-code", f"{person}:{function}", "--as", name, "--format", style]
    assert main([*arguments, "--seconds", "2" if status == 3 else "20"]) == status
    out = capsys.readouterr().out
    verdict = {0: "agrees", 1: "refuted", 3: "undecided"}[status]
    assert verdict in out
    if style == "json":
        found = json.loads(out, parse_constant=pytest.fail)
        assert found["verdict"] == verdict
        assert found["as"] == name.replace("-", "_")
        assert (found["witness"] is not None) == (status == 1)
    if style == "html":
        assert out.startswith("<!doctype html>")
        assert "<b>hello" not in out
    if function == "diagonal":
        assert "only the diagonal is computed" in out


def test_a_module_beside_the_caller(person, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["verify-code", "persons_work:right", "--as", "softmax"]) == 0
    assert "✓ agrees" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("where", "name", "words"),
    [
        ("{}:right", "softmaxx", "did you mean"),
        ("{}:missing", "softmax", "has no attribute 'missing'"),
        ("{}:np.pi", "softmax", "not a function but float"),
        ("{}", "softmax", "names no function"),
        ("nowhere_at_all:f", "softmax", "No module named 'nowhere_at_all'"),
        ("nowhere/at_all.py:f", "softmax", "FileNotFoundError"),
    ],
)
def test_what_cannot_be_run_is_wrong_usage(person, where, name, words, capsys):
    assert main(["verify-code", where.format(person), "--as", name]) == 2
    assert words in capsys.readouterr().err


def test_a_module_that_never_loads_is_undecided(tmp_path, capsys):
    path = tmp_path / "slow.py"
    path.write_text("while True: pass")
    assert main(["verify-code", f"{path}:f", "--as", "softmax", "--seconds", "1"]) == 3
    assert "before the first call" in capsys.readouterr().out


def test_numbers_are_written_readably():
    given = [0.0, np.log(3), 1 / 6, 1000 + np.log(2), -2 / 9, np.inf, np.nan, 0.123456789012]
    written = ["0", "ln 3", "1/6", "1000 + ln 2", "−2/9", "∞", "NaN", "0.123456789"]
    assert [readable.number(v) for v in given] == written
    assert readable.array(np.float32([np.log(3), 1 / 3])) == "(ln 3, 1/3)"
