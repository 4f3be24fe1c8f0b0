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
    reports = [_formula(f, options) for f in options.formula]
    for name in options.files:
        text = _text(name)
        reports.append(verify(text, given=options.given, file=name, seconds=options.seconds))
    _print(reports, options.format)
    found = {r.status for r in reports}
    return 1 if 1 in found else 3 if 3 in found else 0


def _formula(text: str, options: argparse.Namespace) -> Report:
    """A formula of the command line: without a relation in it there is nothing to judge."""
    formula = text.strip().strip("$")
    report = verify(f"$${formula}$$", given=options.given, file="--formula",
                    seconds=options.seconds)  # fmt: skip
    if not report.relations and not report.notes:
        raise DeriveError(
            f"--formula '{text}' has no relation in it",
            hint="for instance 'p_i - p_i^2 = p_i(1-p_i)'",
        )
    return report


def _text(name: str) -> str:
    limit = 4 * MAX_CHARACTERS + 1
    if name == "-":
        found = sys.stdin.buffer.read(limit)
    else:
        path = Path(name)
        if path.is_dir():
            raise DeriveError(f"{name} is a folder", hint="give the files in it")
        if not path.exists():
            raise DeriveError(f"there is no file {name}")
        with path.open("rb") as file:
            found = file.read(limit)
    if not found.strip():
        raise DeriveError(f"{'standard input' if name == '-' else name} is empty")
    return decoded(found)


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
