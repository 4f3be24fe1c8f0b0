"""The time limit counts computing time in every thread; one inside another never outlasts it."""

import signal
import sys
import threading
import time

import pytest

from derive.judge.limits import WALL, OutOfTime, limited
from derive.judge.report import verify


def in_a_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join(120)
    assert found, "the thread did not end"
    return found[0]


def here(work):
    return work()


def busy():
    return sum(n * n for n in range(50))


def compute(seconds):
    start = time.thread_time()
    while time.thread_time() - start < seconds:
        busy()


def rest():
    time.sleep(0.01)


def spent(outer, inner):
    """The computing time after which the outer limit rings."""
    start = time.thread_time()
    try:
        with limited(outer):
            try:
                with limited(inner):
                    compute(20)
            except OutOfTime:
                pass
            compute(20)
    except OutOfTime:
        return time.thread_time() - start
    return None


@pytest.mark.parametrize("where", [here, in_a_thread])
@pytest.mark.parametrize(("outer", "inner"), [(0.2, 9), (0.4, 0.1)])
def test_a_limit_rings_once_its_time_is_over(where, outer, inner):
    found = where(lambda: spent(outer, inner))
    assert found is not None
    assert outer <= found < outer + 2


@pytest.mark.parametrize("where", [here, in_a_thread])
def test_waiting_and_other_threads_take_no_time_of_a_relation(where, monkeypatch):
    monkeypatch.setattr("derive.judge.limits.WALL", 1000)
    stop = threading.Event()

    def work_elsewhere():
        while not stop.is_set():
            busy()

    def work():
        with limited(0.5):
            for _ in range(100):
                rest()
        return "ended"

    other = threading.Thread(target=work_elsewhere)
    other.start()
    try:
        assert where(work) == "ended"
    finally:
        stop.set()
        other.join()


@pytest.mark.parametrize("where", [here, in_a_thread])
def test_waiting_ends_too(where):
    def work():
        start = time.monotonic()
        try:
            with limited(0.02):
                while time.monotonic() - start < 60:
                    rest()
        except OutOfTime:
            return time.monotonic() - start
        return None

    found = where(work)
    assert found is not None
    assert found >= 0.02 * WALL


@pytest.mark.parametrize("where", [here, in_a_thread])
def test_nothing_is_left_behind(where):
    def work():
        with limited(0.05):
            pass
        compute(0.1)
        return sys.getprofile()

    handlers = [signal.getsignal(s) for s in (signal.SIGPROF, signal.SIGALRM)]
    assert where(work) is None
    assert [signal.getsignal(s) for s in (signal.SIGPROF, signal.SIGALRM)] == handlers
    assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.parametrize("where", [here, in_a_thread])
def test_a_hard_relation_is_undecided_for_its_time(where, monkeypatch):
    def endless(claim, model):
        while True:
            busy()

    monkeypatch.setattr("derive.judge.report.judge", endless)
    [relation] = where(lambda: verify("$a = b + 1$", seconds=0.3)).relations
    assert relation.verdict == "undecided"
    assert relation.why == "time: not decided within 0.3 s"
