"""From an array program for rows to a loop over blocks of rows.

Checks, room for the results, the loop and the values; the statements in the loop come from
``emit_block``.
"""

from __future__ import annotations

from derive.codegen.emit import checks, shape_words, unused
from derive.codegen.emit_block import PART, SPARE, RowBody, main_place, result_names, row_body
from derive.codegen.operations import length
from derive.codegen.program import Node, Program
from derive.codegen.rewrite_rows import row_program
from derive.kernel.language import Expr


def written_by_rows(
    program: Program, labels: dict[str, Expr], reserved: set[str]
) -> tuple[list[str], list[str], str] | None:
    """Checks, statements and value of a function that treats its rows one by one, if it does."""
    rows = None if unused(program) else row_program(program)
    if rows is None or sum(bool(n.spans) for n in program.results) > 1:
        return None
    names = {a.name for a in program.arguments}
    names |= {PART, SPARE, "result", "blocks", "batch", "out", "axis", *program.outputs}
    names |= {f"{output}_{PART}" for output in program.outputs}
    body = row_body(rows, reserved | names)
    lines = [*_loop(program, body), *(f"    {line}" for line in body.statements)]
    return _checks(program, labels, "\n".join(lines)), lines, _value(program)


def has_axis(program: Program) -> bool:
    """Whether the class axis may stand anywhere: no argument and no result has another axis."""
    most = max(len(n.spans) for n in program.results)
    return (
        most < 2
        and any(a.lengths for a in program.arguments)
        and all(len(a.lengths) < 2 for a in program.arguments)
    )


def filled_result(program: Program) -> Node | None:
    """The result that has the shape of the rows, for which there may be a place already."""
    return next((n for n in program.results if n.spans), None)


def _loop(program: Program, body: RowBody) -> list[str]:
    """The blocks, and the head of the loop over them."""
    rows = [a.name for a in program.arguments if a.lengths]
    single = [a.name for a in program.arguments if not a.lengths]
    spares = [SPARE if not n else f"{SPARE}{n + 1}" for n in range(body.spare)]
    results, main = result_names(program), main_place(program)
    numbers = [name for n, name in enumerate(results) if n != main]
    parts = [f"{name}_{PART}" for name in numbers]
    names = ", ".join([*rows, *single, PART, *spares, *parts])
    given = f"[{', '.join(rows)}], [{', '.join(single)}], {results[main]}"
    spare = f", {body.spare}" if body.spare or numbers else ""
    extra = f", ({', '.join(numbers)},)" if numbers else ""
    options = "".join(f", {option}" for option in body.layout)
    blocks = f"blocks = _row_blocks({given}{spare}{extra}{options})"
    return [*body.first, blocks, f"for {names} in blocks:"]


def _checks(program: Program, labels: dict[str, Expr], used: str) -> list[str]:
    """The statements that check the arguments and make room for the results."""
    room = _room(program)
    needed = "\n".join([used, *room])
    lines = checks(program, labels, needed, keep_batch="batch" in "".join(room))
    lines[0] = lines[0].replace("_float_arrays", "_real_arrays")
    return [*with_axis(program, lines), *room]


def with_axis(program: Program, lines: list[str]) -> list[str]:
    """The checks, with the class axis moved to the end before anything is asked of it."""
    if not has_axis(program):
        return lines
    moved = [
        f'{a.name} = _class_last("{a.name}", {a.name}, axis, "{shape_words(a)}")'
        for a in program.arguments
        if a.lengths
    ]
    return [lines[0], *moved, *lines[1:]]


def _room(program: Program) -> list[str]:
    """The arrays of the results."""
    alone = len(program.arguments) == 1
    given = "".join(f", {a.name}={a.name}" for a in program.arguments)
    batch = f"{program.arguments[0].name}.shape[:-1]" if alone else "batch"
    lines = []
    for name, node in zip(result_names(program), program.results, strict=True):
        if not node.spans:
            lines.append(f"{name} = np.empty({batch}, dtype)")
            continue
        shape = f"(*batch, {length(node.spans[0])})"
        if alone:
            shape = f"{program.arguments[0].name}.shape"
        axis = "axis" if has_axis(program) else "-1"
        lines.append(f"{name} = _output(out, {shape}, dtype, {axis}{given})")
    return lines


def _value(program: Program) -> str:
    """What the function returns."""
    values = []
    for name, node in zip(result_names(program), program.results, strict=True):
        if not node.spans:
            values.append(f"{name}[()]")
        elif has_axis(program):
            values.append(f"_class_back({name}, axis) if out is None else out")
        else:
            values.append(name)
    if len(values) > 1:
        return ", ".join(f"({v})" if " if " in v else v for v in values)
    return values[0]
