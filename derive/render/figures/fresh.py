"""Run a module beside freshly generated functions: those of this build, not those on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from derive.errors import DeriveError

SECONDS = 600
# One thread for linear algebra: several wait for each other on a machine that has other work.
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def run(package: Mapping[str, str], module: str, *arguments: str, what: str) -> str:
    """What ``python -m module`` prints. Raises DeriveError, naming ``what``, if it fails."""
    with tempfile.TemporaryDirectory(prefix="derive-") as folder:
        fresh = Path(folder) / "generated"
        fresh.mkdir()
        for name, text in package.items():
            (fresh / name).write_text(text, encoding="utf-8")
        home = Path(__file__).parents[3]
        path = os.pathsep.join([folder, str(home), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, *arguments], cwd=folder,
            env={**os.environ, **THREADS, "PYTHONPATH": path.rstrip(os.pathsep)},
            capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=False,
        )  # fmt: skip
    if done.returncode:
        raise DeriveError(
            f"{what}:\n{done.stderr.strip()[-2000:]}", hint=f"python -m {module} shows it"
        )
    return done.stdout
