"""PDF by pdfLaTeX: in batch, byte-stable, and refused when a reference or a margin is broken."""

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

PDFLATEX = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape")
RUNS = 6  # at most; contents and references are settled after three
NOTED = (".aux", ".out", ".toc", ".ind")  # what one run leaves for the next
# The lines that hyperref puts into every .aux; with no others a second run would change nothing.
ALWAYS = frozenset(
    r"""
\relax
\providecommand\hyper@newdestlabel[2]{}
\providecommand\HyperFirstAtBeginDocument{\AtBeginDocument}
\HyperFirstAtBeginDocument{\ifx\hyper@anchor\@undefined
\global\let\oldnewlabel\newlabel
\gdef\newlabel#1#2{\newlabelxx{#1}#2}
\gdef\newlabelxx#1#2#3#4#5#6{\oldnewlabel{#1}{{#2}{#3}}}
\AtEndDocument{\ifx\hyper@anchor\@undefined
\let\newlabel\oldnewlabel
\fi}
\fi}
\global\let\hyper@last\relax
\gdef\HyperFirstAtBeginDocument#1{#1}
\providecommand\HyField@AuxAddToFields[1]{}
\providecommand\HyField@AuxAddToCoFields[2]{}
""".splitlines()
)
PAGES = re.compile(r"\\gdef ?\\@abspage@last\{\d+\}")  # which our pages do not show
SECONDS = 300
BROKEN = re.compile(
    r"(Reference|Citation|Hyper reference) .* undefined|^Missing character|^Overfull \\[hv]box"
)


class PdfError(DeriveError):
    """LaTeX stopped, or the page that it made is broken."""


def available() -> bool:
    """Whether pdfLaTeX is installed."""
    return shutil.which("pdflatex") is not None


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
        failed, said = _run(home, name)
        complaints = problems(said)
        if failed or complaints:
            raise PdfError(
                f"{name}.tex: " + ("\n  ".join(complaints) or said[-800:]),
                hint="look at the named lines of the .tex file below generated/docs",
            )
        return (home / f"{name}.pdf").read_bytes()


def _run(home: Path, name: str) -> tuple[bool, str]:
    """Run pdfLaTeX until a run would read what it wrote: whether it failed, and the last log."""
    # Long log lines stay whole, and the clock stays out of the file.
    settings = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "max_print_line": "10000"}
    log = home / f"{name}.log"
    noted: list[str] = []
    for _ in range(RUNS):
        try:
            done = subprocess.run(
                [*PDFLATEX, f"{name}.tex"], cwd=home, env={**os.environ, **settings},
                capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise PdfError(f"{name}.tex: pdflatex did not finish in {SECONDS} s") from error
        _sorted_index(home, name)
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else done.stdout
        before, noted = noted, [_text(home / f"{name}{kind}") for kind in NOTED]
        if done.returncode:
            return True, said
        if noted == before or (not before and _nothing(noted)):
            return False, said
    raise PdfError(f"{name}.tex: its references still move after {RUNS} runs")


def _sorted_index(home: Path, name: str) -> None:
    """The index from the entries of this run, if the source has one."""
    if _text(home / f"{name}.idx"):
        done = subprocess.run(
            ["makeindex", "-q", f"{name}.idx"],
            cwd=home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode or "rejected" in done.stderr:
            raise PdfError(f"{name}.tex: makeindex refuses the index: {done.stderr.strip()[-400:]}")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _nothing(noted: list[str]) -> bool:
    """Whether a next run would be the same as the first: no label, no contents, no outline."""
    aux, *others = noted
    lines = [line.rstrip() for line in aux.splitlines()]
    return not any(others) and all(x in ALWAYS or PAGES.fullmatch(x) for x in lines)


def problems(log: str) -> list[str]:
    """What a reader of the page would see, found in the log."""
    found = []
    lines = log.splitlines()
    for place, line in enumerate(lines):
        if line.startswith("!"):
            where = next((x for x in lines[place + 1 : place + 12] if x.startswith("l.")), "")
            found.append(f"{line} {where}".strip())
        elif BROKEN.search(line):
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

    count = workers or os.cpu_count() or 1
    with ThreadPoolExecutor(count) as pool:
        for task in [pool.submit(one, name) for name in sources]:
            task.result()
    return made
