"""Chromium without a window, driven over a pipe with the standard library alone."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 30.0
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-default-browser-check", "--force-color-profile=srgb",
    "--remote-debugging-pipe", "about:blank",
)  # fmt: skip
# What fontconfig finds: one folder and nothing of the system.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def program() -> str | None:
    """The browser that is installed, if one is."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One tab. ``events`` are all that it reported since ``open``."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, read
        self._count = 0
        self._buffer = b""
        self.session = ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command and wait for its answer."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            got = self._next()
            if got.get("id") == self._count:
                assert "error" not in got, (method, got["error"])
                return got["result"]
            self.events.append(got)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select([self._read], [], [], SECONDS)[0], "the browser does not answer"
            data = os.read(self._read, 1 << 20)
            assert data, "the browser has gone"
            self._buffer += data
        one, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(one)

    def open(
        self, page: Path, width: int = 1280, height: int = 900, *, phone: bool = False,
        scripts: bool = True,
    ) -> None:  # fmt: skip
        """Load a file and wait until it and its fonts are there."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height,
            deviceScaleFactor=1, mobile=phone,
        )  # fmt: skip
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        end = time.monotonic() + SECONDS
        while not self.named("Page.loadEventFired"):
            assert time.monotonic() < end, f"{page} does not load"
            self.events.append(self._next())
        if scripts:
            self.run("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    def named(self, method: str) -> list[dict[str, Any]]:
        """The parameters of the events of one kind."""
        return [e["params"] for e in self.events if e.get("method") == method]

    def run(self, code: str) -> Any:
        """The value of an expression in the page, awaited if it is a promise."""
        done = self.call(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True,
            userGesture=True,
        )  # fmt: skip
        assert "exceptionDetails" not in done, (code, done["exceptionDetails"])
        return done["result"].get("value")

    def until(self, code: str) -> None:
        """Wait until an expression is true in the page."""
        end = time.monotonic() + SECONDS
        while not self.run(f"Boolean({code})"):
            assert time.monotonic() < end, f"never true: {code}"
            time.sleep(0.02)

    def press(self, key: str, text: str = "") -> None:
        """Press a key and let it go."""
        more = {"text": text} if text else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, **more)
            more = {}

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)

    def media(self, **features: str) -> None:
        """What the page is told about the system: ``prefers_color_scheme="dark"``."""
        listed = [{"name": n.replace("_", "-"), "value": v} for n, v in features.items()]
        self.call("Emulation.setEmulatedMedia", media="", features=listed)

    def complaints(self) -> list[str]:
        """Errors and warnings on the console, and exceptions."""
        texts = [p["entry"]["text"] for p in self.named("Log.entryAdded")]
        texts += [str(p["args"]) for p in self.named("Runtime.consoleAPICalled")]
        return texts + [str(p["exceptionDetails"]) for p in self.named("Runtime.exceptionThrown")]

    def requests(self) -> list[str]:
        """The addresses that the page asked for."""
        return [p["request"]["url"] for p in self.named("Network.requestWillBeSent")]


@contextmanager
def browser(folder: Path, fonts: Path | None = None) -> Iterator[Browser]:
    """A browser with a profile in a folder of its own; with ``fonts``, it sees no others."""
    found = program()
    assert found, "there is no Chromium"
    here, there = os.pipe(), os.pipe()
    flags = [*FLAGS[:-1], f"--user-data-dir={folder / 'profile'}", FLAGS[-1]]
    env = {**os.environ, "HOME": str(folder)}
    if fonts is not None:
        (folder / "fonts.conf").write_text(FONTS.format(fonts=fonts, cache=folder / "cache"))
        env["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
    # The browser reads from file 3 and writes to file 4.
    tied = f'exec "$@" 3<&{here[0]} 4>&{there[1]}'
    child = subprocess.Popen(
        ["bash", "-c", tied, "bash", found, *flags], pass_fds=(here[0], there[1]), env=env,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(here[0])
    os.close(there[1])
    try:
        yield Browser(here[1], there[0])
    finally:
        os.close(here[1])  # at the end of its input the browser ends too
        os.close(there[0])
        try:
            child.wait(SECONDS)
        finally:
            child.kill()
