"""A time limit for one relation.

In the main thread a signal rings; elsewhere (and where there are no signals of this kind) the
clock is read at every call of a function.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SECONDS = 5.0


class OutOfTime(BaseException):
    """One relation took longer than its limit. No ``except Exception`` stops it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise OutOfTime after so many seconds. A limit inside another never outlasts it."""
    if seconds <= 0:
        yield
        return
    rings = hasattr(signal, "setitimer") and (threading.current_thread() is threading.main_thread())
    with _rung(seconds) if rings else _clocked(seconds):
        yield


@contextmanager
def _rung(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    start = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, min(seconds, left) if left else seconds)
    try:
        yield
    finally:
        spent = time.monotonic() - start
        signal.setitimer(signal.ITIMER_REAL, max(left - spent, 0.001) if left else 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _clocked(seconds: float) -> Iterator[None]:
    before, end = sys.getprofile(), time.monotonic() + seconds

    def look(frame: FrameType, event: Any, argument: Any) -> None:
        if event == "call" and time.monotonic() > end:
            raise OutOfTime
        if before is not None:  # an outer limit, or a profiler
            before(frame, event, argument)

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
