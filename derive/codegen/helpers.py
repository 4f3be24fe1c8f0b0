"""The helpers that generated functions lean on, as text, and the modules that they make up."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from functools import cache

from derive.codegen import (
    runtime,
    runtime_blocks,
    runtime_exponentials,
    runtime_products,
    runtime_rows,
)

MODULES = (runtime, runtime_exponentials, runtime_products, runtime_blocks, runtime_rows)


@cache
def helper_sources() -> Mapping[str, str]:
    """The helpers by name, in the order of their file."""
    found = {}
    for module in MODULES:
        source = inspect.getsource(module)
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                found[node.name] = "\n".join(lines[node.lineno - 1 : node.end_lineno])
    return found


def helpers_of(text: str) -> tuple[str, ...]:
    """The helpers that a text calls, and those that they call, in the order of their file."""
    sources = helper_sources()
    needed: set[str] = set()
    waiting = [text]
    while waiting:
        called = {n.id for n in ast.walk(ast.parse(waiting.pop())) if isinstance(n, ast.Name)}
        new = [name for name in sources if name in called and name not in needed]
        needed.update(new)
        waiting += [sources[name] for name in new]
    return tuple(name for name in sources if name in needed)


def standard_imports(text: str) -> list[str]:
    """The imports from the standard library that helpers need."""
    wanted = ["import math"] if "math." in text else []
    wanted += ["from collections.abc import Iterator"] if "Iterator[" in text else []
    return [*wanted, "from typing import Any"]


def module_text(text: str, helpers: tuple[str, ...]) -> str:
    """A small module that can be run: imports, helpers, the function."""
    sources = helper_sources()
    imports = "\n".join(
        [
            "from __future__ import annotations",
            *standard_imports("".join(sources[h] for h in helpers)),
            "import numpy as np",
            "from numpy.typing import ArrayLike, NDArray",
        ]
    )
    return "\n\n\n".join([imports, *(sources[h] for h in helpers), text.strip("\n")]) + "\n"
