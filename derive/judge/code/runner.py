"""Run a person's function on many inputs. Started as a program of its own: NumPy alone is needed.

Standard input: the inputs, one npz with arrays ``n/argument``. Standard output: frames, each a
length of 8 bytes and an npz with a JSON text ``meta`` and the results ``0``, ``1``, …. What the
person's code prints goes to standard error.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

MOST_NUMBERS = 10**6  # entries of one result
Inputs = Sequence[Mapping[str, Any]]


def frame(meta: Mapping[str, Any], arrays: Sequence[Any] = ()) -> bytes:
    """One message as bytes."""
    text = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    held = io.BytesIO()
    np.savez(held, meta=text, **{str(n): a for n, a in enumerate(arrays)})
    body = held.getvalue()
    return len(body).to_bytes(8, "big") + body


def packed(inputs: Inputs) -> bytes:
    """All inputs as one npz."""
    held = io.BytesIO()
    flat: dict[str, Any] = {f"{n}/{k}": v for n, a in enumerate(inputs) for k, v in a.items()}
    np.savez(held, **flat)
    return held.getvalue()


def unpacked(data: bytes) -> list[dict[str, Any]]:
    """The inputs of an npz in order; sizes are integers again."""
    made: dict[int, dict[str, Any]] = {}
    with np.load(io.BytesIO(data), allow_pickle=False) as held:
        for key in held.files:
            n, _, name = key.partition("/")
            value = held[key]
            made.setdefault(int(n), {})[name] = int(value) if name == "K" else value
    return [made[n] for n in sorted(made)]


def load(where: str) -> Callable[..., Any]:
    """The function of ``module:function`` or ``path/to/file.py:function``."""
    place, _, name = where.rpartition(":")
    if place.endswith(".py"):
        path = Path(place).resolve()
        sys.path.insert(0, str(path.parent))
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{place} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
    else:
        sys.path.insert(0, os.getcwd())
        module = importlib.import_module(place)
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise TypeError(f"{name} is not a function but {type(found).__name__}")
    return found


def limit_memory(size: int) -> None:
    """Allow so many bytes more than are in use, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        used = pages * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        used = 0
    try:
        resource.setrlimit(resource.RLIMIT_AS, (used + size, used + size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return


def serve(function: Callable[..., Any], inputs: Inputs, send: Callable[[bytes], Any]) -> None:
    """Call the function on each input and send what came of it."""
    named = _by_name(function, list(inputs[0]) if inputs else [])
    send(frame({"kind": "loaded"}))
    for n, given in enumerate(inputs):
        send(frame({"kind": "start", "n": n}))
        meta, arrays = _called(function, given, named)
        send(frame({"kind": "result", "n": n, **meta}, arrays))
    send(frame({"kind": "end"}))


def _by_name(function: Callable[..., Any], names: Sequence[str]) -> bool:
    """Whether the function has arguments of exactly these names, in whatever order."""
    try:
        known = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    usable = {p.name for p in known if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    needed = {p.name for p in known if p.default is p.empty and p.name in usable}
    return needed <= set(names) <= usable


def _called(
    function: Callable[..., Any], given: Mapping[str, Any], named: bool
) -> tuple[dict[str, Any], list[Any]]:
    own = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in given.items()}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = function(**own) if named else function(*own.values())
        except BaseException as error:
            return _raised(error), []
        arrays, problem = _arrays(value)
    same = [np.array_equal(v, given[k], equal_nan=True) for k, v in own.items()]
    changed = [k for k, ok in zip(own, same, strict=True) if not ok]
    heard = sorted({f"{w.category.__name__}: {w.message}"[:200] for w in caught})
    return {"changed": changed, "warnings": heard[:3], "type": problem}, arrays


def _raised(error: BaseException) -> dict[str, Any]:
    try:
        text = str(error)[:300]
    except BaseException:
        text = ""
    return {"raised": type(error).__name__, "message": text}


def _arrays(value: Any) -> tuple[list[Any], str]:
    """The results as arrays of real numbers, or what they are instead."""
    if value is None:
        return [], "None"
    several = isinstance(value, tuple)
    made = []
    try:
        for part in value if several else (value,):
            array = np.asarray(part)
            if array.dtype.kind == "c":
                return [], "complex numbers"
            if array.dtype.kind not in "fiub":
                return [], f"{type(part).__name__}, which is not an array of numbers"
            if array.size > MOST_NUMBERS:
                return [], f"an array of {array.size} numbers"
            made.append(array.astype(np.float64) if array.dtype.kind != "f" else array)
    except Exception as error:
        return [], f"{type(value).__name__}, which is not an array ({type(error).__name__})"
    return made, ""


def private_output() -> BinaryIO:
    """Standard output for frames alone; what is printed goes to standard error instead."""
    own = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return own


def main() -> None:
    """``runner.py WHERE MEMORY``: read the inputs, load the function, send the results."""
    where, memory = sys.argv[1:3]
    output = private_output()
    inputs = unpacked(sys.stdin.buffer.read())
    limit_memory(int(memory))
    sys.argv = [where]
    try:
        function = load(where)
    except BaseException as error:
        output.write(frame({"kind": "not loaded", **_raised(error)}))
        os._exit(0)
    serve(function, inputs, output.write)
    os._exit(0)


if __name__ == "__main__":
    main()
