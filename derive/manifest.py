"""What ``make`` remembers between runs: pages and functions that were made, and from what.

They are used again only where everything that they follow from is the same to the byte. For all of
them that is every file of ``derive`` but the topics, every template, every installed package and
Python; for each of them its own topic with the topics that it imports, and what its page says of
its neighbours. A file that is missing, of another state or unreadable means that all is made
afresh. ``derive check`` and ``derive generate --check`` never read it.
"""

from __future__ import annotations

import ast
import hashlib
import os
import pickle
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from derive.templating import template_directory

FILE = "made.pickle"
TOPICS = "topics"


def folder() -> Path | None:
    """The ignored folder ``build`` of a checkout; an installed package remembers nothing."""
    root = Path(__file__).resolve().parents[1]
    return root / "build" if (root / "pyproject.toml").is_file() else None


def state() -> str:
    """A hash of all that every page and function follows from: of everything but the topics."""
    installed = sorted({f"{d.name} {d.version}" for d in distributions()})
    digest = hashlib.sha256("\0".join([sys.version, platform.platform(), *installed]).encode())
    for top in (Path(__file__).parent, template_directory()):
        for path in sorted(p for p in top.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            if path.parent.name == TOPICS and path.suffix == ".py":
                continue
            text = path.read_bytes()
            digest.update(f"\0{path.relative_to(top)}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()


def topic_states() -> dict[str, str]:
    """For each topic, by its module's name, a hash of it and of all topics that it rests on."""
    texts = {p.stem: p.read_bytes() for p in (Path(__file__).parent / TOPICS).glob("*.py")}
    direct = {name: _imports(text) & set(texts) for name, text in texts.items()}
    found = {}
    for name in texts:
        reached, more = {name}, {name}
        while more := {o for n in more for o in direct[n]} - reached:
            reached |= more
        digest = hashlib.sha256()
        for n in sorted(reached | {"__init__"} & set(texts)):
            digest.update(f"\0{n}\0{len(texts[n])}\0".encode() + texts[n])
        found[f"derive.{TOPICS}.{name}"] = digest.hexdigest()
    return found


def _imports(text: bytes) -> set[str]:
    """The names of topics that a topic imports."""
    named: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            named += [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            named += [node.module or "", *(f"{node.module}.{a.name}" for a in node.names)]
    prefix = f"derive.{TOPICS}."
    return {m.removeprefix(prefix).partition(".")[0] for m in named if m.startswith(prefix)}


def recall(home: Path | None, now: str) -> dict[str, Any]:
    """What was kept in this state, by name; nothing in another one."""
    if home is None:
        return {}
    try:
        # The state stands in front, so that nothing of another state is even read.
        before, _, data = (home / FILE).read_bytes().partition(b"\n")
        return dict(pickle.loads(data)) if before.decode() == now else {}
    except Exception:
        return {}  # whatever is wrong with the file, everything can be made again


def keep(home: Path | None, now: str, made: Mapping[str, Any]) -> None:
    """Keep what was made, all at once; a folder that cannot be written is no harm."""
    if home is None:
        return
    data = now.encode() + b"\n" + pickle.dumps(dict(made))
    fresh = home / f"{FILE}.{os.getpid()}"
    try:
        home.mkdir(exist_ok=True)
        fresh.write_bytes(data)
        fresh.replace(home / FILE)
    except OSError:
        fresh.unlink(missing_ok=True)
