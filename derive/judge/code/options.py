"""The command ``derive verify-code``; what it needs is imported when it runs."""

from __future__ import annotations

import argparse
import json

SECONDS = 20.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``derive verify-code``."""
    parser.description = (
        "Run a NumPy function beside the generated one and say where they part. This runs the "
        "code that it is given, in a process of its own with a limit of time and memory."
    )
    parser.add_argument("function", metavar="MODULE:FUNCTION", help="or path/to/file.py:function")
    parser.add_argument("--as", dest="name", required=True, metavar="NAME",
                        help="the generated function to compare with")  # fmt: skip
    parser.add_argument("--format", choices=("text", "json", "html"), default="text")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="S",
                        help="limit for all calls together (default: %(default)g)")  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge the function; 0 it agrees, 1 refuted, 3 undecided."""
    from derive.judge.code.verdict import verify_code

    report = verify_code(options.function, options.name, seconds=options.seconds)
    if options.format == "json":
        print(json.dumps(report.as_dict(), indent=1, ensure_ascii=False))
    elif options.format == "html":
        from derive.judge.code.show import page

        print(page(report))
    else:
        from derive.judge.code.show import show

        show(report)
    return report.status
