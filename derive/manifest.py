"""What ``make`` remembers between runs: pages and functions that were made, and from what.

They are used again only where everything that they follow from is the same to the byte: every
file of ``derive`` and of the templates, every installed package, Python, and the selection. A
file that is missing, of another state or unreadable means that all is made afresh. ``derive check``
and ``derive generate --check`` never read it.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from derive.templating import template_directory

FILE = "made.pickle"


def folder() -> Path | None:
    """The ignored folder ``build`` of a checkout; an installed package remembers nothing."""
    root = Path(__file__).resolve().parents[1]
    return root / "build" if (root / "pyproject.toml").is_file() else None


def state(names: Sequence[str]) -> str:
    """A hash of all that pages and functions follow from."""
    installed = sorted({f"{d.name} {d.version}" for d in distributions()})
    digest = hashlib.sha256("\0".join([sys.version, platform.platform(), *installed]).encode())
    digest.update("\0".join(["", *names]).encode())
    for top in (Path(__file__).parent, template_directory()):
        for path in sorted(p for p in top.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            text = path.read_bytes()
            digest.update(f"\0{path.relative_to(top)}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()


def recall(home: Path | None, now: str) -> Any:
    """What was kept in this state, or None."""
    if home is None:
        return None
    try:
        # The state stands in front, so that nothing of another state is even read.
        before, _, data = (home / FILE).read_bytes().partition(b"\n")
        return pickle.loads(data) if before.decode() == now else None
    except Exception:
        return None  # whatever is wrong with the file, everything can be made again


def keep(home: Path | None, now: str, made: Any) -> None:
    """Keep what was made, all at once; a folder that cannot be written is no harm."""
    if home is None:
        return
    data = now.encode() + b"\n" + pickle.dumps(made)
    fresh = home / f"{FILE}.{os.getpid()}"
    try:
        home.mkdir(exist_ok=True)
        fresh.write_bytes(data)
        fresh.replace(home / FILE)
    except OSError:
        fresh.unlink(missing_ok=True)
