"""The options of ``derive verify``; what they need is imported when it runs."""

from __future__ import annotations

import argparse

from derive.judge.limits import SECONDS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``derive verify``."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="Markdown, LaTeX, text, notebook; - reads stdin"
    )
    parser.add_argument("--formula", action="append", default=[], metavar="LATEX",
                        help="judge a formula: 'p_i(1-p_i) = p_i - p_i^2'")  # fmt: skip
    parser.add_argument("--given", action="append", default=[], metavar="LATEX",
                        help=r"what counts as stated, for instance '\sum_k y_k = 1'")  # fmt: skip
    parser.add_argument("--format", choices=("text", "json", "html"), default="text")
    parser.add_argument("--seconds", type=_seconds, default=SECONDS, metavar="S",
                        help="computing time for one relation (default: %(default)g)")  # fmt: skip
    parser.set_defaults(run=_run)


def _seconds(text: str) -> float:
    """A time in seconds, above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:  # not for nan either
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value


def _run(options: argparse.Namespace) -> int:
    from derive.judge.command import run

    return run(options)
