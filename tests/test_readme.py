"""What README.md shows is what happens.

In ```console blocks, lines that start with `$ ` are commands (`> ` goes on with one) and the lines
after them are the output that must appear, where `...` stands for anything. They run one after the
other in a copy of the checkout. ```python blocks with `>>>` run as one doctest session; other
```python blocks must at least be Python. A block of any language whose first line is a comment with
a file's name (`# my_loss.py`) is that file: it is written into the copy before anything runs.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"^(?:#|%|<!--)\s*([\w./-]+\.\w+)\s*(?:-->)?\s*$")
# These belong to the reader's machine: they fetch or install, or change the shell.
NOT_RUN = re.compile(r"^(git clone|cd|sudo|apt|apt-get|pip|python3? -m (pip|venv|pytest))\b")


@dataclass(frozen=True)
class Command:
    line: str
    shown: str


def blocks(readme: str, language: str | None = None) -> Iterator[str]:
    for match in FENCE.finditer(readme):
        if language in (None, match[1]):
            yield match[2]


def commands(readme: str) -> list[Command]:
    found: list[tuple[list[str], list[str]]] = []
    for block in blocks(readme, "console"):
        fresh = True  # a line of output must follow a command of the same block
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(([line[2:]], []))
                fresh = False
            elif fresh:
                raise AssertionError(f"output before the first command: {line!r}")
            elif line.startswith("> ") and not found[-1][1]:
                found[-1][0].append(line[2:])
            else:
                found[-1][1].append(line.rstrip())
    return [Command("\n".join(line), "\n".join(shown).strip("\n")) for line, shown in found]


def environment(checkout: Path) -> dict[str, str]:
    """The tests' interpreter first on the path, and the copy first among what it imports."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    plain = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100", "PYTHONUTF8": "1"}
    ours = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return ours | plain | {"PATH": path, "PYTHONPATH": str(checkout)}


def shell(line: str, checkout: Path) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=checkout,
        env=environment(checkout),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=600,
    )
    return done.returncode, "\n".join(text.rstrip() for text in done.stdout.splitlines())


def matches(shown: str, printed: str) -> bool:
    """Whether the output is as shown; spaces at the ends of lines do not count."""
    if shown == "...":
        return True
    checker = doctest.OutputChecker()
    return checker.check_output(shown + "\n", printed.strip("\n") + "\n", doctest.ELLIPSIS)


def unknown_targets(line: str, checkout: Path) -> list[str]:
    """What is wrong with a `make` command, without running it."""
    code, printed = shell(line.replace("make", "make -n", 1), checkout)
    if code:
        return [f"{line}: {printed}"]
    _, listed = shell("make help", checkout)
    targets = [word for word in line.split()[1:] if "=" not in word and word[0] not in "-#"]
    return [
        f"make {target} is not in make help"
        for target in targets
        if not re.search(rf"^\s+{re.escape(target)}\s", listed, re.MULTILINE)
    ]


def wrong_commands(readme: str, checkout: Path) -> list[str]:
    found = []
    for command in commands(readme):
        if NOT_RUN.match(command.line):
            continue
        if command.line.startswith("make") and command.line.strip() not in {"make", "make help"}:
            found += unknown_targets(command.line, checkout)
            continue
        code, printed = shell(command.line, checkout)
        if command.shown and not matches(command.shown, printed):
            found.append(f"$ {command.line}\nREADME shows\n{command.shown}\nbut it is\n{printed}")
        elif code and command.shown in {"", "..."}:  # a failure is fine where README shows it
            found.append(f"$ {command.line}\nfails ({code}):\n{printed}")
    return found


def write_files(readme: str, checkout: Path) -> list[str]:
    """The names of the files that README shows, now written."""
    names = []
    for block in blocks(readme):
        match = FILE_NAME.match(block.split("\n")[0])
        if match and not (checkout / match[1]).exists():
            (checkout / match[1]).parent.mkdir(parents=True, exist_ok=True)
            (checkout / match[1]).write_text(block, encoding="utf-8")
            names.append(match[1])
    return names


def wrong_python(readme: str, checkout: Path) -> list[str]:
    found, sessions = [], []
    for block in blocks(readme, "python"):
        if ">>>" in block:
            sessions.append(block)
            continue
        try:
            compile(block, "README.md", "exec")
        except SyntaxError as error:
            found.append(f"not Python: {error}\n{block}")
    if sessions:
        script = checkout / "build" / "readme.txt"
        script.parent.mkdir(exist_ok=True)
        script.write_text("\n\n".join(sessions), encoding="utf-8")
        options = "-o ELLIPSIS -o NORMALIZE_WHITESPACE"
        code, printed = shell(f"python -m doctest {options} build/readme.txt", checkout)
        if code:
            found.append(printed)
    return found


def copy(root: Path, target: Path) -> Path:
    leave = shutil.ignore_patterns(".venv", ".git", "build", "dist", "__pycache__", ".*_cache")
    shutil.copytree(root, target, ignore=leave)
    return target


@pytest.fixture(scope="module")
def checkout(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = copy(root, tmp_path_factory.mktemp("readme") / "derive")
    write_files((root / "README.md").read_text(encoding="utf-8"), target)
    return target


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_commands_print_what_the_readme_shows(readme: str, checkout: Path) -> None:
    assert commands(readme), "README.md shows no command"
    found = wrong_commands(readme, checkout)
    assert not found, "\n\n".join(found)


def test_python_does_what_the_readme_shows(readme: str, checkout: Path) -> None:
    found = wrong_python(readme, checkout)
    assert not found, "\n\n".join(found)


def test_links_and_pictures_exist(readme: str, checkout: Path) -> None:
    text = FENCE.sub("", readme)
    targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", text)
    targets += re.findall(r'(?:src|href)="([^"#]+)"', text)
    missing = [name for name in targets if ":" not in name and not (checkout / name).exists()]
    assert not missing, f"README.md points to what is not there: {missing}"


# --- each check can fail -------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    help_ = "help:\n\t@echo '  help  h'\n\t@echo '  docs  d'\n"
    (tmp_path / "Makefile").write_text(f"{help_}docs:\n\t@false\nhidden:\n\t@true\n")
    return tmp_path


def console(text: str) -> str:
    return f"# t\n\n```console\n{text}\n```\n"


@pytest.mark.parametrize(
    "text",
    [
        "$ printf 'a\\nb\\n'\na\nb",
        "$ printf 'a\\nb\\nc\\n'\na\n...\nc",
        "$ echo a\\\n> b\nab",
        "$ echo no; exit 1\nno",
        "$ true",
        "$ make docs",
        "$ make help\n  help  h\n...",
        "$ git clone nowhere\n$ pip install nothing",
        "$ python -c 'import sys; print(sys.path[1])'\n/...",
    ],
)
def test_a_right_command_is_right(small: Path, text: str) -> None:
    assert wrong_commands(console(text), small) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("$ echo a\nb", "but it is\na"),
        ("$ printf 'a\\nb\\n'\na", "README shows"),
        ("$ printf 'a\\nb\\n'\nb\n...", "README shows"),
        ("$ false", "fails (1)"),
        ("$ false\n...", "fails (1)"),
        ("$ true\nsomething", "README shows"),
        ("$ make nothing", "make nothing"),
        ("$ make hidden", "make hidden is not in make help"),
    ],
)
def test_a_wrong_command_is_found(small: Path, text: str, complaint: str) -> None:
    [found] = wrong_commands(console(text), small)
    assert complaint in found


def test_wrong_python_is_found(tmp_path: Path) -> None:
    right = "```python\n>>> x = 1\n```\n\n```python\n>>> x + 1\n2\n```\n```python\nf(x)\n```\n"
    assert wrong_python(right, tmp_path) == []
    assert "Got:" in wrong_python(right.replace("2\n", "3\n"), tmp_path)[0]
    assert "not Python" in wrong_python(right.replace("f(x)", "f(x"), tmp_path)[0]


def test_files_that_are_shown_are_written(tmp_path: Path) -> None:
    readme = "```python\n# my_loss.py\nx = 1\n```\n\n```python\n# a comment\ny = 2\n```\n"
    assert write_files(readme, tmp_path) == ["my_loss.py"]
    script = console("$ python -c 'import my_loss; print(my_loss.x)'\n1")
    assert wrong_commands(script, tmp_path) == []
