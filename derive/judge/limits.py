"""A time limit for one relation."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 5.0


class OutOfTime(BaseException):
    """One relation took longer than its limit. No ``except Exception`` stops it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise OutOfTime after so many seconds (in the main thread of a system with signals).

    A limit inside another never outlasts it.
    """
    usable = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    if not usable or seconds <= 0:
        yield
        return

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
