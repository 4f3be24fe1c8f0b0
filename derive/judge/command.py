"""The command ``derive verify``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from derive.errors import DeriveError
from derive.judge.report import Report, verify
from derive.judge.spans import MAX_CHARACTERS, decoded


def run(options: argparse.Namespace) -> int:
    """Judge everything; the worst exit status: 1 refuted, 3 open, 0 neither."""
    if not options.files and not options.formula:
        raise DeriveError(
            "nothing to verify", hint="give files, - for standard input, or --formula '…'"
        )
    reports = [
        verify(f"$${f.strip().strip('$')}$$", given=options.given, file="--formula",
               seconds=options.seconds) for f in options.formula
    ]  # fmt: skip
    for name in options.files:
        text = _text(name)
        reports.append(verify(text, given=options.given, file=name, seconds=options.seconds))
    _print(reports, options.format)
    found = {r.status for r in reports}
    return 1 if 1 in found else 3 if 3 in found else 0


def _text(name: str) -> str:
    limit = 4 * MAX_CHARACTERS + 1
    if name == "-":
        return decoded(sys.stdin.buffer.read(limit))
    path = Path(name)
    if path.is_dir():
        raise DeriveError(f"{name} is a folder", hint="give the files in it")
    with path.open("rb") as file:
        return decoded(file.read(limit))


def _print(reports: list[Report], style: str) -> None:
    if style == "json":
        found = [r.as_dict() for r in reports]
        print(json.dumps(found[0] if len(found) == 1 else found, indent=1, ensure_ascii=False))
    elif style == "html":
        from derive.judge.page import page

        print(page(reports))
    else:
        from derive.judge.terminal import show

        for report in reports:
            show(report)
