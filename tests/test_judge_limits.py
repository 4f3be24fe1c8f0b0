"""The time limit holds in every thread, and a limit inside another never outlasts it."""

import sys
import threading
import time

import pytest

from derive.judge.limits import OutOfTime, limited
from derive.judge.report import verify


def in_a_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join(60)
    assert found, "the thread did not end"
    return found[0]


def here(work):
    return work()


def busy():
    return sum(n * n for n in range(50))


def spent(outer, inner):
    start = time.monotonic()
    try:
        with limited(outer):
            try:
                with limited(inner):
                    while True:
                        busy()
            except OutOfTime:
                pass
            while time.monotonic() - start < 20:
                busy()
    except OutOfTime:
        return time.monotonic() - start
    return None


@pytest.mark.parametrize("where", [here, in_a_thread])
@pytest.mark.parametrize(("outer", "inner"), [(0.2, 9), (0.4, 0.1)])
def test_a_limit_rings_once_its_time_is_over(where, outer, inner):
    found = where(lambda: spent(outer, inner))
    assert found is not None
    assert outer <= found < outer + 2


@pytest.mark.parametrize("where", [here, in_a_thread])
def test_nothing_is_left_behind(where):
    def work():
        with limited(0.05):
            pass
        time.sleep(0.1)
        return sys.getprofile()

    assert where(work) is None


@pytest.mark.parametrize("where", [here, in_a_thread])
def test_a_hard_relation_is_undecided_for_its_time(where, monkeypatch):
    def endless(claim, model):
        while True:
            busy()

    monkeypatch.setattr("derive.judge.report.judge", endless)
    [relation] = where(lambda: verify("$a = b + 1$", seconds=0.3)).relations
    assert relation.verdict == "undecided"
    assert relation.why == "time: not decided within 0.3 s"
