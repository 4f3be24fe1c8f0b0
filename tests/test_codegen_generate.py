"""The generated tree: stable bytes, one comparison for all, own losses, clear errors."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from derive.catalogue import all_derivations, get, load_file
from derive.codegen import compare, function_sources, generate, write
from derive.codegen.function import generated_function
from derive.errors import DeriveError
from derive.kernel.facts import SumsTo
from derive.kernel.language import Sum, exp
from derive.notation import K, i, k, p, y, z
from derive.rules.probability import use_total
from tests.codegen_tools import function_of, load, made
from tests.test_codegen_lower import case

OWN_LOSS = """
from derive.kernel.derivation import derivation
from derive.kernel.language import Sum, exp, log, delta
from derive.notation import K, c, gamma, i, k, p, tau, z

@derivation("own-tempered-focal", title="Focal loss at a temperature", statement="A loss.")
def own(d):
    d.define(p[i], exp(z[i] / tau) / Sum(exp(z[k] / tau), (k, 1, K)))
    d.start(-(1 - p[c]) ** gamma * log(p[c]))
    d.function("tempered_focal", (z, c, tau, gamma), (), "Focal loss at a temperature.")
"""


@pytest.fixture(scope="module")
def files():
    return generate(all_derivations())


def test_what_is_committed_is_what_is_generated(files, root):
    differences = compare(files, root / "generated")
    assert not differences, "\n".join(map(str, differences))


def test_there_is_a_module_for_each_family_and_the_package_exports_all(files):
    assert {"__init__.py", "py.typed", "softmax.py", "cross_entropy.py", "multinomial.py"} <= set(
        files
    )
    assert files["py.typed"] == ""
    for derivation in all_derivations():
        if derivation.function is not None:
            assert f'    "{derivation.function.name}",' in files["__init__.py"]


def test_the_text_does_not_depend_on_the_run(files):
    code = (
        "import sys\n"
        "from derive.catalogue import all_derivations\n"
        "from derive.codegen import generate\n"
        "sys.stdout.buffer.write(repr(generate(all_derivations())).encode())"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        )
        assert done.stdout.decode() == repr(files)


def test_a_generated_file_works_on_its_own(files, tmp_path):
    (tmp_path / "copied.py").write_text(files["cross_entropy.py"], encoding="utf-8")
    code = (
        "import sys, copied\n"
        "print(copied.softmax_cross_entropy_gradient_labels([0.0, 0.0], 1).tolist())\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('derive', 'sympy', 'generated')])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-P", "-c", f"import sys; sys.path.insert(0, '.')\n{code}"],
        cwd=tmp_path, env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["[0.5, -0.5]", "[]"]


def test_generated_text_is_clean(files):
    for path, text in files.items():
        assert all(len(line) <= 100 for line in text.splitlines()), path
        assert not any(line != line.rstrip() for line in text.splitlines()), path
        assert text == "" or text.endswith("\n")
        assert not text.endswith("\n\n")
        assert "np.eye" not in text


def test_a_difference_is_named_with_what_mends_it(files, tmp_path):
    assert [d.kind for d in compare(files, tmp_path)] == ["missing"] * len(files)
    assert len(write(files, tmp_path)) == len(files)
    assert compare(files, tmp_path) == []
    assert write(files, tmp_path) == []
    (tmp_path / "py.typed").unlink()
    (tmp_path / "old.py").write_text(
        '"""Old: NumPy functions generated from proved derivations."""'
    )
    (tmp_path / "softmax.py").write_text(files["softmax.py"].replace("np.exp", "np.exp2"))
    found = compare(files, tmp_path)
    assert [(d.name, d.kind) for d in found] == [
        ("py.typed", "missing"), ("old.py", "extra"), ("softmax.py", "changed"),
    ]  # fmt: skip
    assert all("to mend it: make generate" in str(d) for d in found)
    assert "-        e = np.exp2(" in found[2].diff
    assert "+        e = np.exp(" in found[2].diff
    write(files, tmp_path)
    assert compare(files, tmp_path) == []


def test_a_file_of_somebody_else_is_left_alone(files, tmp_path):
    own = tmp_path / "own.py"
    own.write_text("x = 1\n")
    write(files, tmp_path)
    assert compare(files, tmp_path) == []
    assert own.read_text() == "x = 1\n"


def test_two_functions_of_one_name_are_refused():
    one = case("softmax")
    with pytest.raises(DeriveError, match="two derivations generate a function f") as raised:
        generate([one, one])
    assert "another name" in raised.value.hint


def test_the_source_of_one_function_is_what_the_module_holds(files):
    sources = function_sources(list(all_derivations()))
    assert len(sources) == sum(d.function is not None for d in all_derivations())
    for path, text in sources.values():
        assert text in files[path]


def test_an_own_loss_goes_the_same_way(tmp_path):
    path = tmp_path / "my_loss.py"
    path.write_text(OWN_LOSS, encoding="utf-8")
    (derivation,) = load_file(path)
    files = generate([derivation])
    assert set(files) == {"__init__.py", "my_loss.py", "py.typed"}
    module = load(files["my_loss.py"])
    loss = module.tempered_focal([2.0, 0.5, -1.0], 0, 2.0, 1.5)
    p = np.exp(np.array([1.0, 0.25, -0.5]))
    p /= p.sum()
    assert loss == pytest.approx(-((1 - p[0]) ** 1.5) * np.log(p[0]), rel=1e-14)
    far = function_of(derivation)(np.array([1e4, 0.0, -1e4]), [0, 1, 2], 2.0, 1.5)
    assert np.array_equal(far, [0.0, 5e3, 1e4])
    with pytest.raises(ValueError, match="tau must be positive"):
        module.tempered_focal([1.0, 2.0], 0, 0.0, 1.0)


def test_an_assumption_is_stated_with_the_function():
    def write(b):
        b.define(p[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, K)))
        b.assume(SumsTo(y))
        b.start(p[i] * Sum(y[k], (k, 1, K)) - y[i])
        b.by(use_total(y))
        b.conclude(p[i] - y[i])
        b.function("f", (z, y), (i,), "A gradient.")

    assert "\n    Holds if Σ_k y_k = 1.\n" in generated_function(made(write)).text


def test_an_assumption_about_another_letter_says_what_it_is(files):
    assert "    Holds if Σ_k φ_k = 1 (φ: mean parameters).\n" in files["multinomial.py"]
    assert "    Holds if y is one-hot at c (y: targets).\n" in files["cross_entropy.py"]
    # what the evidence does not need is not asked for
    assert "Holds" not in generated_function(get("multinomial-link")).text


def test_the_package_can_have_any_name(files, tmp_path):
    write(files, tmp_path / "renamed")
    done = subprocess.run(
        [sys.executable, "-c", "import renamed; print(renamed.softmax([0.0, 0.0]).tolist())"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[0.5, 0.5]"


def test_the_templates_are_where_the_package_looks(root):
    from derive.templating import template_directory

    assert template_directory() in (root / "templates", Path(root / "derive" / "templates"))
