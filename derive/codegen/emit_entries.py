"""From an array program without a class axis to a loop over blocks of entries.

The statements are those for whole arrays; a block is so small that what they make in between stays
in the cache, and no temporary array is as large as the result.
"""

from __future__ import annotations

from derive.codegen.emit import body, checks, unused
from derive.codegen.emit_block import PART
from derive.codegen.program import Program
from derive.kernel.language import Expr


def written_by_entries(
    program: Program, labels: dict[str, Expr], reserved: set[str]
) -> tuple[list[str], list[str], str] | None:
    """Checks, statements and value of a function of numbers, which has no class axis."""
    if not is_entrywise(program):
        return None
    names = [a.name for a in program.arguments]
    parts = body(program, reserved | {PART, "result", "blocks", "batch", "out"})
    blocks = f"blocks = _entry_blocks([{', '.join(names)}], result)"
    head = f"for {', '.join([*names, PART])} in blocks:"
    last = f"{PART}[...] = {parts.values[0]}"
    lines = [blocks, head, *(f"    {s}" for s in [*parts.statements, last])]
    return _checks(program, labels, "\n".join(lines)), lines, "result[()] if out is None else out"


def is_entrywise(program: Program) -> bool:
    """Whether a function has only numbers as arguments and as its result."""
    plain = all(a.kind in ("real", "positive") and not a.lengths for a in program.arguments)
    alone = len(program.results) == 1 and not program.results[0].spans
    return plain and alone and not unused(program)


def _checks(program: Program, labels: dict[str, Expr], used: str) -> list[str]:
    """The statements that check the arguments and make room for the result."""
    names = [a.name for a in program.arguments]
    shape = "batch" if len(names) > 1 else f"{names[0]}.shape"
    given = "".join(f", {name}={name}" for name in names)
    lines = checks(program, labels, used, keep_batch=True)
    lines[0] = lines[0].replace("_float_arrays", "_real_arrays")
    return [*lines, f"result = _output(out, {shape}, dtype, -1{given})"]
