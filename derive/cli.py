"""The command ``derive``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from derive.errors import DeriveError
from derive.judge.code.options import add_arguments as add_code_arguments
from derive.judge.options import add_arguments as add_verify_arguments

OK, FAILED, USAGE = 0, 1, 2
OUTPUT = "folder to write to (default: {}, or one named after a selection)"
Progress = Callable[[str, int, int], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if all is well, 1 if something does not hold, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except DeriveError as error:
        print(f"derive: {error}", file=sys.stderr)
        return USAGE
    except BrokenProcessPool:
        print("derive: a process was ended from outside\n  hint: try --jobs 1", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has gone, which is its right
        return OK
    except OSError as error:
        print(f"derive: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="derive", description="Derive, prove, write up and compile results for every K."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    named = "names of derivations, or paths of Python files that declare some (default: all)"

    listing = commands.add_parser("list", help="list the derivations, a line each")
    listing.add_argument("names", nargs="*", metavar="NAME", help=named)
    listing.add_argument("--rules", action="store_true", help="list the rules and their modules")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="write one derivation or refutation up")
    show.add_argument("name", metavar="NAME", help="a derivation, or the path of a file")
    formats = ("text", "latex", "markdown", "html", "json")
    show.add_argument("--format", choices=formats, default="text")
    show.set_defaults(run=_show)

    check = commands.add_parser("check", help="prove every step twice, and try every mutant")
    check.add_argument("names", nargs="*", metavar="NAME", help=named)
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.add_argument("--no-mutants", action="store_true", help="leave the mutation test out")
    check.set_defaults(run=_check)

    docs = commands.add_parser("docs", help="write .tex, .md, HTML and (with TeX) PDF")
    docs.add_argument("names", nargs="*", metavar="NAME", help=named)
    docs.add_argument("--output", type=Path, metavar="DIR", help=OUTPUT.format("generated/docs"))
    docs.add_argument("--no-pdf", action="store_true", help="do not run TeX")
    docs.set_defaults(run=_docs)

    generate = commands.add_parser("generate", help="write the NumPy functions and their pages")
    generate.add_argument("names", nargs="*", metavar="NAME", help=named)
    generate.add_argument("--output", type=Path, metavar="DIR", help=OUTPUT.format("generated"))
    generate.add_argument("--check", action="store_true", help="only compare; exit 1 on a change")
    generate.set_defaults(run=_generate)

    for command in (check, docs, generate):
        jobs = os.cpu_count() or 1
        command.add_argument("--jobs", type=int, default=jobs, metavar="N", help="processes to use")
    verify = commands.add_parser("verify", help="judge a person's formulas, numbers and working")
    add_verify_arguments(verify)

    code = commands.add_parser("verify-code", help="judge a person's NumPy function by running it")
    add_code_arguments(code)
    return parser


def _list(options: argparse.Namespace) -> int:
    from derive.catalogue import split
    from derive.kernel.declared import About
    from derive.kernel.derivation import Derivation

    if options.rules:
        return _list_rules()
    made, others = split(options.names)
    rows: list[Derivation | About] = [*made, *(o.about for o in others)]
    width = max(len(d.name) for d in rows)
    topic = ""
    for d in rows:
        if d.topic != topic:
            topic = d.topic
            print(f"{topic}:")
        print(f"  {d.name:<{width}}  {d.title}")
    return OK


def _list_rules() -> int:
    from derive.rules import all_rules

    home = ""
    known = sorted(all_rules().values(), key=lambda r: (r.act.__module__, r.name))
    for rule in known:
        if rule.act.__module__ != home:
            home = rule.act.__module__
            print(f"{home}:")
        call = f"{rule.name}({', '.join(rule.parameters)})" if rule.parameters else rule.name
        print(f"  {call:<44}  {rule.words}")
    return OK


def _show(options: argparse.Namespace) -> int:
    from derive import answers
    from derive.build import document
    from derive.catalogue import split
    from derive.render.articles.blocks import Article
    from derive.render.document import Document
    from derive.render.formats import render

    made, others = split([options.name])
    found: list[Document | Article] = [*map(document, made), *map(answers.page, others)]
    print("\n\n".join(render(d, options.format).rstrip("\n") for d in found))
    return OK


def _check(options: argparse.Namespace) -> int:
    from derive import build

    with _progress("checking") as step:
        total = build.check(options.names, not options.no_mutants, options.jobs, step)
    if options.json:
        print(json.dumps(total.as_dict(), indent=2, ensure_ascii=False))
    else:
        _print_report(total.as_dict())
    return OK if total.clean else FAILED


def _print_report(counts: dict[str, object]) -> None:
    failures = counts.pop("failures")
    for name, value in counts.items():
        if name == "refutations_and_numbers" and not value:
            continue  # only derivations were asked for
        print(f"{name.replace('_', ' '):<26}{value:>8}")
    assert isinstance(failures, list)
    for line in failures:
        print(f"FAILED  {line}")


def _docs(options: argparse.Namespace) -> int:
    from derive.build import How, build_pages
    from derive.catalogue import select

    made = select(options.names)
    output = options.output or _folder(options.names) / "docs"
    with _progress("writing") as step:
        how = How(options.jobs, step, _memory(options.names))
        done = build_pages(made, output, not options.no_pdf, how)
    print(
        f"{len(made)} derivation{'s' * (len(made) != 1)} in {output}: "
        f"{len(done.written)} files written, "
        f"{done.unchanged} unchanged, {done.pdfs} PDFs"
    )
    for note in done.notes:
        print(note)
    return OK


def _generate(options: argparse.Namespace) -> int:
    from derive import build
    from derive.catalogue import select

    made = select(options.names)
    output = options.output or _folder(options.names)
    with _progress("generating") as step:
        how = build.How(options.jobs, step, _memory(options.names), recall=not options.check)
        if options.check:
            found = build.compare(made, output, how)
        else:
            changed = build.write_all(made, output, how)
    if not options.check:
        print(f"{output}: {len(changed)} files changed")
        return OK
    for difference in found:
        print(difference)
    if not found:
        print(f"{output} is up to date")
    return FAILED if found else OK


def _memory(wanted: Sequence[str]) -> Path | None:
    """Where what was made is remembered: for everything, in a checkout; never for a selection."""
    from derive import manifest

    return None if wanted else manifest.folder()


def _folder(wanted: Sequence[str]) -> Path:
    """Where output goes: ``generated`` for everything, a folder of its own for a selection.

    A part of the derivations must not replace the whole package.
    """
    if not wanted:
        return Path("generated")
    return Path("generated_" + Path(wanted[0]).stem.replace("-", "_"))


@contextmanager
def _progress(doing: str) -> Iterator[Progress]:
    """A progress bar on a terminal's standard error; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=None)

        def step(what: str, done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, description=f"{doing} {what}")

        yield step
