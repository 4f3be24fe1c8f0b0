"""A person's functions beside the generated ones: right ones in several styles, and each slip."""

import ctypes
import json
import os
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

import derive
import generated
from derive.cli import main
from derive.errors import UnknownName
from derive.judge.code import process, readable
from derive.judge.code.compare import Case
from derive.judge.code.grid import grid
from derive.judge.code.signature import target
from derive.judge.code.slips import SLIPS, explain
from derive.judge.code.verdict import verify_function


def rows(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_rows(z):
    s = z - z.max(axis=-1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


# --- right ones ----------------------------------------------------------------------------------


def single(z):
    p = np.exp(z - np.max(z))
    p /= p.sum()
    return p


def loops(z):
    flat = z.reshape(-1, z.shape[-1])
    out = []
    for row in flat:
        top = max(row)
        powers = [np.exp(v - top) for v in row]
        out.append([p / sum(powers) for p in powers])
    return np.array(out).reshape(z.shape)


def jacobian(z):
    p = rows(z)
    return p[..., None] * (np.eye(z.shape[-1]) - p[..., None, :])


def single_jacobian(z):
    p = single(z)
    return np.diag(p) - np.outer(p, p)


def in_another_order(y, z):
    return rows(z) * y.sum(-1, keepdims=True) - y


def a_list(z):
    return rows(z).tolist()


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (rows, "softmax"),
        (loops, "softmax"),
        (a_list, "softmax"),
        (log_rows, "log_softmax"),
        (in_another_order, "softmax_cross_entropy_gradient"),
        (lambda z, y: -(y * log_rows(z)).sum(-1), "softmax_cross_entropy"),
        (lambda c, K: np.eye(K)[c], "sufficient_statistic_symmetric"),
        (lambda x: np.logaddexp(0, x), "softplus"),
    ],
)
def test_right_functions_agree(function, name):
    found = verify_function(function, name)
    assert found.verdict in ("agrees", "loses digits"), found
    assert found.status == 0
    assert found.agreed == found.tried


@pytest.mark.parametrize("name", generated.__all__)
def test_every_generated_function_agrees_with_itself(name):
    known = target(name)
    points = grid(known)
    outcomes = [
        process.Outcome(values=list(map(np.asarray, known.right(**p.arguments)))) for p, _ in points
    ]
    cases = [Case(known, p, r, o) for (p, r), o in zip(points, outcomes, strict=True)]
    assert [(c.point, c.right, c.values) for c in cases if not c.good] == []
    assert len(cases) >= 8


def columns(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("function", "name", "words"),
    [
        (single, "softmax", "batches are not supported"),
        (single_jacobian, "softmax_jacobian", "batches are not supported"),
        (columns, "softmax", "single examples, without a batch axis, are not supported"),
    ],
)
def test_what_takes_one_form_only_is_judged_on_that(function, name, words):
    found = verify_function(function, name)
    assert found.verdict == "agrees except"
    assert found.status == 0
    assert words in found.exceptions[0]
    assert found.tried == found.agreed > 0


def test_lost_digits_are_not_wrong():
    found = verify_function(lambda x: np.log(1 + np.exp(-abs(x))) + np.maximum(x, 0), "softplus")
    assert found.verdict == "loses digits"
    assert found.status == 0
    assert "digits are lost" in found.exceptions[0]


# --- slips, as people write them -----------------------------------------------------------------


def diagonal(z):
    p = single(z)
    return np.diag(p * (1 - p))


def naive(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def over_axis_0(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def naive_over_axis_0(z):
    return np.exp(z) / np.exp(z).sum(axis=0)


def global_maximum(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=-1, keepdims=True)


def in_place(z):
    z -= z.max(axis=-1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=-1, keepdims=True)
    return z


def regression(W, b, X, y, scale=None):
    Z = X @ np.swapaxes(W, -1, -2) + b[..., None, :]
    G = (rows(Z) * y.sum(-1, keepdims=True) - y) / (scale or X.shape[-2])
    return np.swapaxes(G, -1, -2) @ X, G.sum(-2)


def loss_of_labels(z, c):
    return -np.take_along_axis(log_rows(z), c[..., None] - 1, -1)[..., 0]


def transposed_log_jacobian(z):
    return np.eye(z.shape[-1]) - rows(z)[..., :, None]


def power_of_two(z):
    e = 2 ** (z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def kept(z):
    s = z.max(axis=-1, keepdims=True)
    return s + np.log(np.exp(z - s).sum(axis=-1, keepdims=True))


def entropy_of_positive(p):
    return -(p * np.log(p)).sum(-1)


WRONG = [
    (diagonal, "softmax_jacobian", "diagonal-only", 2),
    (lambda z: rows(z) * (1 - rows(z)), "softmax_jacobian", "diagonal-only", 1),
    (naive, "softmax", "overflow", 1),
    (lambda z: np.log(np.exp(z).sum(-1)), "logsumexp", "overflow", 1),
    (lambda z: np.log(rows(z)), "log_softmax", "log-of-zero", 2),
    (over_axis_0, "softmax", "wrong-axis", 1),
    (global_maximum, "softmax", "global-shift", 1),
    (in_place, "softmax", "in-place", 1),
    (lambda z, y: y - rows(z) * y.sum(-1, keepdims=True), "softmax_cross_entropy_gradient",
     "sign", 2),
    (lambda z, y: rows(z) - y, "softmax_cross_entropy_gradient", "targets-sum-to-1", 1),
    (lambda z, y: -((z * y).sum(-1)) + generated.logsumexp(z), "softmax_cross_entropy",
     "targets-sum-to-1", 1),
    (lambda z, y: (rows(z) * y.sum(-1, keepdims=True) - y) * z.shape[-1] / z.size,
     "softmax_cross_entropy_gradient", "extra-mean", 2),
    (lambda z, y: -(y * log_rows(z)).sum(-1).mean(), "softmax_cross_entropy", "extra-mean", 1),
    (lambda z, y: -(y * log_rows(z)).sum(), "softmax_cross_entropy", "extra-sum", 1),
    (lambda W, b, X, y: regression(W, b, X, y, 1), "softmax_regression_gradient",
     "missing-mean", 2),
    (transposed_log_jacobian, "log_softmax_jacobian", "transposed", 2),
    (kept, "logsumexp", "keepdims", 1),
    (lambda z: log_rows(z) / np.log(2), "log_softmax", "base-of-log", 2),
    (power_of_two, "softmax", "base-of-exp", 2),
    (lambda z, y: -(y * rows(z)).sum(-1), "softmax_cross_entropy", "missing-log", 1),
    (loss_of_labels, "softmax_cross_entropy_labels", "labels-from-1", 2),
    (lambda c, K: np.eye(K)[c - 1], "sufficient_statistic_symmetric", "labels-from-1", 2),
    (lambda z, y: -(y * np.log(rows(z) + 1e-9)).sum(-1), "softmax_cross_entropy",
     "log-of-p-plus-epsilon", 2),
    (lambda z, y: -(y * np.log(np.clip(rows(z), 1e-12, 1 - 1e-12))).sum(-1),
     "softmax_cross_entropy", "clipped", 2),
    (entropy_of_positive, "entropy", "zero-log-zero", 2),
    (lambda p, q: generated.kl_divergence(q, p), "kl_divergence", "arguments-swapped", 2),
    (lambda a, y: ((a - y) ** 2).sum(-1), "quadratic_cost", "factor", 1),
    (lambda z: None, "softmax", "no-return", 1),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("function", "name", "slip", "K"), WRONG, ids=[w[2] for w in WRONG])
def test_a_slip_is_named_with_the_smallest_input(function, name, slip, K):
    found = verify_function(function, name)
    assert found.verdict == "refuted", found
    assert found.status == 1
    assert [s.name for s in found.slips] == [slip], found
    assert found.failure.K == K
    assert found.failure.dtype == "float64"
    assert found.failure.right != found.failure.yours


def test_every_slip_is_shown_to_be_found():
    shown = {slip for _, _, slip, _ in WRONG}
    assert set(SLIPS) - shown == {"mean-over-classes", "one-example"}  # the rest, next
    known = target("quadratic_cost")
    point, right = grid(known)[-1]
    mean = Case(known, point, right, process.Outcome(values=[right[0] / point.K]))
    assert explain([mean]).name == "mean-over-classes"


def test_two_slips_at_once_are_both_named():
    found = verify_function(naive_over_axis_0, "softmax")
    assert found.verdict == "refuted"
    assert {s.name for s in found.slips} == {"wrong-axis", "overflow"}


def test_the_witness_is_what_the_generated_function_returns():
    found = verify_function(diagonal, "softmax_jacobian")
    assert found.failure.arguments == {"z": "(0, ln 2)"}
    assert found.failure.right == "((2/9, −2/9), (−2/9, 2/9))"
    assert found.failure.yours == "((2/9, 0), (0, 2/9))"
    z = np.array(found.failure.values["z"], float)
    assert np.allclose(generated.softmax_jacobian(z), np.array([[2, -2], [-2, 2]]) / 9)


def test_no_slip_is_named_that_does_not_explain_everything():
    found = verify_function(lambda z: rows(z) ** 1.01, "softmax")
    assert found.verdict == "refuted"
    assert found.slips == ()
    assert "no known slip" in found.why


# --- results that are none -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda z: rows(z) + 0j, "complex numbers"),
        (lambda z: "p", "not an array of numbers"),
        (lambda z: [[1.0], [1.0, 2.0]], "not an array"),
        (lambda z: (rows(z), rows(z)), "2 results, not 1"),
        (lambda z: rows(z) * np.nan, "NaN"),
        (lambda z: rows(z)[..., :1] * np.ones(9), "shape"),
    ],
)
def test_results_of_another_type_are_refuted(function, words):
    found = verify_function(function, "softmax")
    assert found.verdict == "refuted"
    assert words in found.failure.yours


# --- hostile code --------------------------------------------------------------------------------


def endless(z):
    while True:
        pass


def endless_for_three(z):
    while z.shape[-1] == 3:
        pass
    return rows(z)


def wrong_then_endless(z):
    return -endless_for_three(z)


def crash(z):
    ctypes.string_at(0)


def hungry(z):
    return np.ones(2**40)


def growing(z):
    held = []
    while True:
        held.append(np.ones(2**22))


def noisy(z):
    print("x" * 100_000)
    os.write(1, b"written past Python")
    os.write(2, b"!" * 100_000)
    return rows(z)


@pytest.mark.parametrize(
    ("function", "verdict", "words"),
    [
        (endless, "undecided", "not finished within the limit of 1 s (at K = 1, no batch"),
        (endless_for_three, "undecided", "(at K = 3, no batch"),
        (crash, "undecided", "SIGSEGV"),
        (lambda z: os._exit(0), "undecided", "ended by itself (exit status 0)"),
        (lambda z: sys.exit("enough"), "undecided", "calls sys.exit(enough) on every input"),
        (lambda z: 1 / 0, "undecided", "raises ZeroDivisionError: division by zero"),
        (lambda: 1, "undecided", "raises TypeError"),
        (hungry, "undecided", "MemoryError"),
        (noisy, "agrees", ""),
    ],
)
def test_hostile_functions_end_in_a_verdict(function, verdict, words):
    start = time.monotonic()
    found = verify_function(function, "softmax", seconds=10 if function is noisy else 1)
    assert found.verdict == verdict
    assert words in found.why
    assert len(found.output) <= process.MOST_OUTPUT
    assert time.monotonic() - start < 15


def test_what_is_wrong_before_the_limit_is_refuted():
    found = verify_function(wrong_then_endless, "softmax", seconds=2)
    assert found.verdict == "refuted"
    assert found.slips[0].name == "sign"
    assert "not finished" in found.notes[-1]


def test_growing_memory_is_stopped():
    found = verify_function(growing, "softmax", seconds=15)
    assert found.verdict == "undecided"
    assert "MemoryError" in found.why or "not finished" in found.why or "SIG" in found.why


def test_without_fork_a_thread_does_it(monkeypatch):
    monkeypatch.setattr(process, "os", SimpleNamespace())
    found = verify_function(rows, "softmax")
    assert found.verdict == "agrees"
    assert "no fork" in found.notes[0]


def test_wrong_names_are_wrong_usage():
    with pytest.raises(UnknownName, match="softmax_jacobian"):
        derive.verify_function(rows, "softmax_jacobean")
    with pytest.raises(TypeError, match="a function is asked for"):
        derive.verify_function(3, "softmax")


# --- the command ---------------------------------------------------------------------------------

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
