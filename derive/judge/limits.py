"""A time limit for one relation."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 5.0


class OutOfTime(BaseException):
    """One relation took longer than its limit. No ``except Exception`` stops it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise OutOfTime after so many seconds (in the main thread of a system with signals)."""
    usable = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    if not usable or seconds <= 0:
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
