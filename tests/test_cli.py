"""The command line, the catalogue, and derivations in a reader's own file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import derive
from derive.catalogue import get, load_file, names
from derive.cli import main
from derive.errors import DeriveError, UnknownName

HERE = Path(__file__).parent
MINE = str(HERE / "my_loss.py")
JSON_KEYS = {
    "derivations", "steps", "proved", "conditional", "rechecked", "undecided", "mutants",
    "mutants_refuted", "mutants_equivalent", "mutants_missed", "normal_form_false_proofs",
}  # fmt: skip


def test_list_names_every_derivation(capsys):
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in names())


@pytest.mark.parametrize("kind", ["text", "latex", "markdown", "html", "json"])
def test_show_writes_every_format(kind, capsys):
    assert main(["show", "softmax-jacobian", "--format", kind]) == 0
    out = capsys.readouterr().out
    assert "Jacobian" in out
    assert "Piecewise" not in out
    assert "KroneckerDelta" not in out
    if kind == "json":
        page = json.loads(out)
        assert page["name"] == "softmax-jacobian"


def test_check_prints_one_json_object(capsys):
    assert main(["check", "softmax-jacobian-cases", "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert set(counts) >= JSON_KEYS
    assert counts["steps"] == counts["proved"] + counts["conditional"] == counts["rechecked"]
    assert counts["mutants"] == counts["mutants_refuted"] + counts["mutants_equivalent"] > 0


def test_conditional_counts_steps_that_need_a_declared_fact(capsys):
    assert main(["check", "cross-entropy-gradient-normalised", "--json", "--no-mutants"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["conditional"] == 2
    assert counts["undecided"] == 0


def test_a_wrong_name_gets_a_suggestion(capsys):
    assert main(["show", "softmax-jacobean"]) == 2
    message = capsys.readouterr().err
    assert "softmax-jacobean" in message
    assert "did you mean softmax-jacobian" in message
    with pytest.raises(UnknownName):
        get("nothing like it at all")


def test_an_unknown_format_is_wrong_usage():
    with pytest.raises(SystemExit) as stop:
        main(["show", "softmax-jacobian", "--format", "word"])
    assert stop.value.code == 2


def test_a_file_of_ones_own_goes_the_whole_way(tmp_path, capsys):
    assert main(["check", MINE, "--json", "--no-mutants"]) == 0
    assert json.loads(capsys.readouterr().out)["conditional"] == 2
    assert main(["show", MINE]) == 0
    assert "∂L/∂z_i" in capsys.readouterr().out
    assert main(["docs", MINE, "--output", str(tmp_path / "pages"), "--no-pdf"]) == 0
    assert (tmp_path / "pages" / "warm-cross-entropy-gradient.tex").exists()
    assert (tmp_path / "pages" / "html" / "warm-cross-entropy-gradient.html").exists()
    capsys.readouterr()
    package = tmp_path / "mine"
    assert main(["generate", MINE, "--output", str(package)]) == 0
    code = (
        "import numpy as np, mine\n"
        "z, y = np.array([[-3, 1.5, 2.7], [1e4, 0, -1e4]]), np.array([0.0, 1, 0])\n"
        "print(abs(mine.warm_gradient(z, y, 2.0).sum(axis=-1)).max() < 1e-15)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "True"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1/0", "ZeroDivisionError"),
        ("x = 1", "declares no derivation"),
        ("def f(:", "SyntaxError"),
    ],
)
def test_a_bad_file_is_one_clear_error(tmp_path, text, message, capsys):
    bad = tmp_path / "bad.py"
    bad.write_text(text)
    with pytest.raises(DeriveError, match=message):
        load_file(bad)
    assert main(["check", str(bad)]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert main(["check", str(tmp_path / "missing.py")]) == 2


OWN = """
from derive.kernel.derivation import derivation
from derive.notation import i, p
from derive.rules.definitions import expand
from derive.topics.softmax import softmax
@derivation({name!r}, title="T", statement="S.", reference="r")
def own(d):
    softmax(d)
    d.start(p[i])
    {step}
"""


@pytest.mark.parametrize(
    ("name", "step", "messages"),
    [
        ("own", "d.by(expand)", ("line 10", "expand needs name", "write expand(name)")),
        ("own", "d.by(nothing)", ("line 10", "NameError")),
        ("own", "d.by(expand(p)); d.conclude(p[i])", ("not reached", "only the form differs")),
        ("own", "d.by(expand(p)); d.conclude(p[i] ** 2)", ("not reached", "refuted", "K = 2")),
        ("own", "d.function('my function', (), (), '')", ("line 10", "a name in a function")),
        ("../own", "d.by(expand(p))", ("name of a derivation", "hyphens")),
    ],
)
def test_what_goes_wrong_in_a_file_is_said_with_its_line(tmp_path, capsys, name, step, messages):
    own = tmp_path / "own.py"
    own.write_text(OWN.format(name=name, step=step))
    assert main(["check", str(own), "--no-mutants"]) == 2
    said = capsys.readouterr().err
    assert all(part in said for part in messages), said


def test_a_wrong_example_fails_the_check(tmp_path, capsys):
    own = tmp_path / "own.py"
    own.write_text(OWN.format(name="own", step="d.by(expand(p)); d.example(zz=('1', '2'))"))
    assert main(["check", str(own), "--no-mutants"]) == 1
    assert "worked example" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    output = str(tmp_path / "file" / "pages")
    assert main(["generate", "softmax-positive", "--output", output]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_list_rules_names_what_to_import(capsys):
    assert main(["list", "--rules"]) == 0
    out = capsys.readouterr().out
    assert "derive.rules.calculus:" in out
    assert "factor_out(factor)" in out


def test_text_is_never_taken_for_an_expression():
    with pytest.raises(DeriveError, match="is text"):
        derive.decide("__import__('os')", 1)


def test_a_wrong_derivation_in_a_file_fails_the_check(tmp_path, capsys):
    """A rule that produces nonsense is caught by the checker, which knows no rules."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from derive.kernel.derivation import derivation\n"
        "from derive.kernel.language import Partial\n"
        "from derive.kernel.rule import rule\n"
        "from derive.notation import p, i, j, z\n"
        "from derive.topics.softmax import softmax\n"
        "@rule(title='hope', law='x', words='w', domain='d', reference='r',\n"
        "      example=(Partial(p[i], z[j]), p[i] * (1 - p[j])), refuses=z[i])\n"
        "def hope(node, context):\n"
        "    return p[i] * (1 - p[j]) if isinstance(node, Partial) else None\n"
        "@derivation('wrong-jacobian', title='T', statement='S.', reference='r')\n"
        "def wrong(d):\n"
        "    softmax(d)\n"
        "    d.start(Partial(p[i], z[j]))\n"
        "    d.by(hope)\n"
    )
    assert main(["check", str(wrong), "--no-mutants"]) == 1
    out = capsys.readouterr().out
    assert "refuted" in out
    assert "K = 2" in out


def test_generate_check_lists_what_differs_and_how_to_mend_it(tmp_path, capsys):
    target = tmp_path / "generated"
    assert main(["generate", "softmax-jacobian", "--output", str(target)]) == 0
    assert main(["generate", "softmax-jacobian", "--output", str(target), "--check"]) == 0
    (target / "stray.py").write_bytes((target / "softmax.py").read_bytes())
    (target / "softmax.py").write_text("# gone\n")
    (target / "own.py").write_text("# somebody's own file stays out of it\n")
    (target / "docs" / "softmax-jacobian.md").unlink()
    capsys.readouterr()
    assert main(["generate", "softmax-jacobian", "--output", str(target), "--check"]) == 1
    out = capsys.readouterr().out
    for part in ("softmax.py", "stray.py", "softmax-jacobian.md", "make generate", "# gone"):
        assert part in out
    assert "own.py" not in out


def test_the_python_interface():
    made = derive.get("softmax-jacobian")
    assert made.steps[0].rule.title == "definition"
    assert str(made.result) == "(KroneckerDelta(i, j) - p[j])*p[i]"
    assert all(e.established for e in made.evidence)
    assert made._repr_latex_().startswith("$")
    assert "<math" in made._repr_html_()
    assert "softmax-jacobian" in derive.names()
    with pytest.raises(AttributeError):
        _ = derive.nonsense


def test_python_m_derive():
    done = subprocess.run(
        [sys.executable, "-m", "derive", "list"], capture_output=True, text=True, cwd=HERE.parent
    )
    assert done.returncode == 0
    assert "softmax-jacobian" in done.stdout
