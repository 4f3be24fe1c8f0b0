"""Functions that do not end, crash or take all memory end in a verdict all the same."""

import ctypes
import os
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

import derive
from derive.errors import UnknownName
from derive.judge.code import process
from derive.judge.code.verdict import verify_function
from tests.own_functions import rows


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
    found = verify_function(function, "softmax", seconds=60 if function is noisy else 1)
    assert found.verdict == verdict
    assert words in found.why
    assert len(found.output) <= process.MOST_OUTPUT
    assert time.monotonic() - start < 90


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
