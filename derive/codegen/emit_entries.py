"""From an array program without a class axis to a loop over blocks of entries.

The statements are those for whole arrays; a block is so small that what they make in between stays
in the cache, and no temporary array is as large as the result.
"""

from __future__ import annotations

from derive.codegen.emit import body, checks, unused
from derive.codegen.emit_rows import PART
from derive.codegen.program import Program
from derive.kernel.language import Expr


def is_entrywise(program: Program) -> bool:
    """Whether a function has only numbers as arguments and as its result."""
    plain = all(a.kind in ("real", "positive") and not a.lengths for a in program.arguments)
    return plain and not program.result.spans and not unused(program)


def entry_loop(program: Program, reserved: set[str]) -> list[str]:
    """The loop over blocks, and its statements."""
    names = [a.name for a in program.arguments]
    parts = body(program, reserved | {PART, "result", "batch", "out"})
    head = f"for {', '.join([*names, PART])} in _entry_blocks([{', '.join(names)}], result):"
    return [head, *(f"    {s}" for s in [*parts.statements, f"{PART}[...] = {parts.value}"])]


def entry_checks(program: Program, labels: dict[str, Expr], used: str) -> list[str]:
    """The statements that check the arguments and make room for the result."""
    names = [a.name for a in program.arguments]
    shape = "batch" if len(names) > 1 else f"{names[0]}.shape"
    given = "".join(f", {name}={name}" for name in names)
    lines = checks(program, labels, used, keep_batch=True)
    lines[0] = lines[0].replace("_float_arrays", "_real_arrays")
    return [*lines, f"result = _output(out, {shape}, dtype, -1{given})"]
