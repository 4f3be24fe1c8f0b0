"""A time limit for one relation, in computing time: a busy machine changes no verdict.

In the main thread timers ring; elsewhere (and where there are no timers of this kind) the clocks
are read at calls of functions. Waiting costs nothing, but for no longer than ``WALL`` times as
long by the clock on the wall.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

SECONDS = 5.0
WALL = 10
_EVERY = 16  # calls between two looks at the clocks
_SOON = 0.001


class OutOfTime(BaseException):
    """One relation took longer than its limit. No ``except Exception`` stops it."""


@dataclass(frozen=True)
class _End:
    """When a limit is over: by the computing time of its thread, and by the clock on the wall."""

    computing: float
    wall: float

    @classmethod
    def after(cls, seconds: float) -> _End:
        return cls(time.thread_time() + seconds, time.monotonic() + WALL * seconds)

    def within(self, outer: _End) -> _End:
        return _End(min(self.computing, outer.computing), min(self.wall, outer.wall))

    def left(self) -> tuple[float, float]:
        return self.computing - time.thread_time(), self.wall - time.monotonic()

    def check(self) -> None:
        if min(self.left()) <= 0:
            raise OutOfTime


_ends: list[_End] = []  # of the main thread, from the outermost limit to the innermost


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise OutOfTime after so many seconds. A limit inside another never outlasts it."""
    if seconds <= 0:
        yield
        return
    rings = hasattr(signal, "setitimer") and (threading.current_thread() is threading.main_thread())
    with _rung(seconds) if rings else _clocked(seconds):
        yield


def _ring(number: int, frame: FrameType | None) -> None:
    """Other threads add to the time of the process: it may be too early still."""
    if _ends:
        _ends[-1].check()
        _wind()


def _wind() -> None:
    computing, wall = _ends[-1].left() if _ends else (0.0, 0.0)
    for timer, left in ((signal.ITIMER_PROF, computing), (signal.ITIMER_REAL, wall)):
        signal.setitimer(timer, max(left, _SOON) if _ends else 0)


@contextmanager
def _rung(seconds: float) -> Iterator[None]:
    end = _End.after(seconds)
    kinds = (signal.SIGPROF, signal.SIGALRM)
    before = [signal.signal(kind, _ring) for kind in kinds]
    _ends.append(end.within(_ends[-1]) if _ends else end)
    try:
        _wind()
        yield
    finally:
        _ends.pop()
        _wind()
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)


@contextmanager
def _clocked(seconds: float) -> Iterator[None]:
    before, end, calls = sys.getprofile(), _End.after(seconds), 0

    def look(frame: FrameType, event: Any, argument: Any) -> None:
        nonlocal calls
        calls += event == "call"
        if calls >= _EVERY:
            calls = 0
            end.check()
        if before is not None:  # an outer limit, or a profiler
            before(frame, event, argument)

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
