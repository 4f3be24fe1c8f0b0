"""Run a person's function apart from this process, within a limit of time and of memory."""

from __future__ import annotations

import faulthandler
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from derive.judge.code import runner
from derive.judge.code.options import SECONDS

MEMORY = 2 * 2**30
MOST_OUTPUT = 10_000  # characters kept of what the person's code prints
MOST_FRAMES = 2**28  # bytes of results
START = "import runpy, sys; path = sys.argv.pop(1); runpy.run_path(path, run_name='__main__')"


@dataclass
class Outcome:
    """What came of one call: results, or why there are none."""

    values: list[Any] = field(default_factory=list)
    raised: str = ""
    message: str = ""
    type: str = ""
    changed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class Run:
    """What came of all calls, by the number of the input."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    problem: str = ""  # why there are not more
    at: int | None = None  # the input that was being tried then
    refused: bool = False  # whether there is no such function to be run
    output: str = ""
    notes: list[str] = field(default_factory=list)


def run_file(where: str, inputs: runner.Inputs, seconds: float = SECONDS) -> Run:
    """Run ``module:function`` or ``file.py:function`` in a process of its own."""
    command = [sys.executable, "-c", START, str(Path(runner.__file__)), where, str(MEMORY)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    frames, words = _Drain(process.stdout, MOST_FRAMES), _Drain(process.stderr, MOST_OUTPUT)
    feed = threading.Thread(target=_feed, args=(process.stdin, runner.packed(inputs)), daemon=True)
    feed.start()
    late = False
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        late = True
    finally:
        _end(process.pid)
        code = process.wait()
    return _gathered(frames.all(), words.all(), "" if not late else _late(seconds), code)


def run_function(
    function: Callable[..., Any], inputs: runner.Inputs, seconds: float = SECONDS
) -> Run:
    """Run a function of this process: in a fork of it, or in a thread where there is no fork."""
    if hasattr(os, "fork"):
        return _forked(function, inputs, seconds)
    return _threaded(function, inputs, seconds)


def _forked(function: Callable[..., Any], inputs: runner.Inputs, seconds: float) -> Run:
    (results, send), (said, say) = os.pipe(), os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads
        child = os.fork()
    if child == 0:
        try:
            os.setpgid(0, 0)
            _in_child(function, inputs, send, say)
        finally:
            os._exit(0)
    os.close(send)
    os.close(say)
    frames = _Drain(os.fdopen(results, "rb", buffering=0), MOST_FRAMES)
    words = _Drain(os.fdopen(said, "rb", buffering=0), MOST_OUTPUT)
    end, status = time.monotonic() + seconds, None
    while status is None and time.monotonic() < end:
        done, found = os.waitpid(child, os.WNOHANG)
        status = found if done else None
        time.sleep(0.005)
    late = status is None
    _end(child)
    if status is None:
        status = os.waitpid(child, 0)[1]
    code = os.waitstatus_to_exitcode(status)
    return _gathered(frames.all(), words.all(), _late(seconds) if late else "", code)


def _in_child(function: Callable[..., Any], inputs: runner.Inputs, send: int, say: int) -> None:
    for number in (1, 2):
        os.dup2(say, number)
    faulthandler.disable()  # a crash is reported by its signal
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
    runner.limit_memory(MEMORY)
    with os.fdopen(send, "wb", buffering=0) as channel:
        runner.serve(function, inputs, channel.write)


def _threaded(function: Callable[..., Any], inputs: runner.Inputs, seconds: float) -> Run:
    held = io.BytesIO()
    work = threading.Thread(target=runner.serve, args=(function, inputs, held.write), daemon=True)
    work.start()
    work.join(seconds)
    found = _gathered(held.getvalue(), b"", _late(seconds) if work.is_alive() else "", 0)
    found.notes.append(
        "run in a thread of this process, as this system has no fork: without a memory limit, "
        "and a call that never ends keeps its thread"
    )
    return found


def _late(seconds: float) -> str:
    return f"not finished within the limit of {seconds:g} s"


def _feed(pipe: Any, data: bytes) -> None:
    try:
        pipe.write(data)
        pipe.close()
    except OSError:
        return  # the process has gone, which its result tells


def _end(process: int) -> None:
    """End a process that was started here, with all that it started."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process, signal.SIGKILL)
        else:
            os.kill(process, signal.SIGTERM)
    except OSError:
        return  # it has gone already


class _Drain:
    """Reads a pipe to its end in a thread, and keeps the first part."""

    def __init__(self, pipe: BinaryIO | Any, most: int) -> None:
        self.pipe, self.most, self.kept = pipe, most, bytearray()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        with self.pipe:
            while data := self.pipe.read(65536):
                self.kept += data[: max(0, self.most - len(self.kept))]

    def all(self) -> bytes:
        self.thread.join(2)
        return bytes(self.kept)


def _gathered(frames: bytes, words: bytes, problem: str, code: int) -> Run:
    found = Run(problem=problem, output=words.decode("utf-8", "replace"))
    ended = False
    for meta, values in _frames(frames):
        kind = meta.get("kind")
        if kind == "not loaded":
            found.refused = True
            found.problem = f"{meta.get('raised')}: {meta.get('message')}"
            return found
        elif kind == "start":
            found.at = int(meta["n"])
        elif kind == "end":
            ended, found.at = True, None
        elif kind == "result":
            own = {k: meta[k] for k in ("raised", "message", "type", "changed", "warnings")
                   if k in meta}  # fmt: skip
            found.outcomes[int(meta["n"])] = Outcome(values=values, **own)
    if not ended and not found.problem:
        found.problem = _stopped(code)
    return found


def _stopped(code: int) -> str:
    if code < 0:
        try:
            return f"the process was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"the process was ended by signal {-code}"
    return f"the process ended by itself (exit status {code})"


def _frames(data: bytes) -> list[tuple[dict[str, Any], list[Any]]]:
    """The complete frames of a stream."""
    out: list[tuple[dict[str, Any], list[Any]]] = []
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 8], "big")
        body = data[at + 8 : at + 8 + size]
        if len(body) < size:
            break
        at += 8 + size
        try:
            with np.load(io.BytesIO(body), allow_pickle=False) as held:
                meta = json.loads(held["meta"].tobytes())
                values = [held[str(n)] for n in range(len(held.files) - 1)]
        except Exception:
            break  # not a frame: the person's code wrote into the pipe
        out.append((meta, values))
    return out
