"""PDF by latexmk: in batch, byte-stable, and refused when a reference or a margin is broken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from derive.errors import DeriveError

LATEXMK = ("latexmk", "-norc", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-quiet")
OVERFULL = 1.0  # points that nobody sees
SECONDS = 300
BROKEN = re.compile(r"(Reference|Citation|Hyper reference) .* undefined|^Missing character")


class PdfError(DeriveError):
    """LaTeX stopped, or the page that it made is broken."""


def available() -> bool:
    """Whether latexmk is installed."""
    return shutil.which("latexmk") is not None


def compile_pdf(tex: str, name: str, beside: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a LaTeX source. Raises PdfError with the lines of the log that say why.

    ``beside`` are files that the source needs, by their paths from it.
    """
    with tempfile.TemporaryDirectory(prefix="derive-") as folder:
        home = Path(folder)
        (home / f"{name}.tex").write_text(tex, encoding="utf-8")
        for path, data in (beside or {}).items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(data)
        # Long log lines stay whole, and the clock stays out of the file.
        settings = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "max_print_line": "10000"}
        try:
            done = subprocess.run(
                [*LATEXMK, f"{name}.tex"], cwd=home, env={**os.environ, **settings},
                capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise PdfError(f"{name}.tex: latexmk did not finish in {SECONDS} s") from error
        log = home / f"{name}.log"
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else done.stdout
        complaints = problems(said)
        if done.returncode or complaints:
            raise PdfError(
                f"{name}.tex: " + ("\n  ".join(complaints) or said[-800:]),
                hint="look at the named lines of the .tex file below generated/docs",
            )
        return (home / f"{name}.pdf").read_bytes()


def problems(log: str) -> list[str]:
    """What a reader of the page would see, found in the log."""
    found = []
    lines = log.splitlines()
    for place, line in enumerate(lines):
        wide = re.match(r"Overfull \\hbox \(([\d.]+)pt too wide\)", line)
        if line.startswith("!"):
            where = next((x for x in lines[place + 1 : place + 12] if x.startswith("l.")), "")
            found.append(f"{line} {where}".strip())
        elif (wide and float(wide[1]) > OVERFULL) or BROKEN.search(line):
            found.append(line.strip())
    return list(dict.fromkeys(found))


def compile_all(
    sources: Mapping[str, str],
    done: Callable[[str], None],
    beside: Mapping[str, bytes] | None = None,
    workers: int = 0,
) -> dict[str, bytes]:
    """The PDFs of several sources, a few at a time."""
    made: dict[str, bytes] = {}

    def one(name: str) -> None:
        made[name] = compile_pdf(sources[name], name, beside)
        done(name)

    count = workers or min(4, os.cpu_count() or 1)
    with ThreadPoolExecutor(count) as pool:
        for task in [pool.submit(one, name) for name in sources]:
            task.result()
    return made
