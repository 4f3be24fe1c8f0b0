"""The source text of one generated function, with its docstring and a doctest that was run."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from derive.codegen import runtime, runtime_blocks, runtime_rows
from derive.codegen.emit import Body, body, checks, shape_words, sizes
from derive.codegen.emit_entries import entry_checks, entry_loop, is_entrywise
from derive.codegen.emit_rows import has_axis, row_body, row_checks, row_loop, row_value
from derive.codegen.examples import example_call, shown, written_call
from derive.codegen.formula import formula, letter
from derive.codegen.lower import lower
from derive.codegen.program import Argument, Program, least_length
from derive.codegen.stabilise import Numerical, numerical
from derive.errors import LoweringError
from derive.kernel.derivation import Derivation
from derive.kernel.facts import Fact, OneHot, fact_as_equation, words
from derive.kernel.language import Expr, IndexedBase, Symbol
from derive.kernel.step import FunctionSpec
from derive.notation import K
from derive.templating import fill

TEMPLATE = "numpy/function.py.jinja"
_OPTIONS = {
    "axis:": "``axis`` is the class axis.",
    "out:": (
        "``out`` receives the result; it may be an argument itself, but not overlap one in part."
    ),
}
WIDTH = 100


@dataclass(frozen=True)
class Function:
    """One generated function: its name, its text, and the helpers that it needs."""

    name: str
    text: str
    helpers: tuple[str, ...]
    derivation: str


def generated_function(derivation: Derivation) -> Function:
    """The function of a derivation. Raises LoweringError."""
    spec = derivation.function
    if spec is None:
        raise LoweringError(
            f"{derivation.name} has no function to generate",
            hint="declare one in the derivation: d.function(name, arguments, axes, summary)",
        )
    form = numerical(derivation)
    program = lower(spec, form.value, form.derivation.context, form.choices)
    reserved = {"np", "dtype", *map(str, sizes(program)), *helper_sources()}
    written = _by_entries(derivation, program, reserved) or _by_rows(derivation, program, reserved)
    written = written or _at_once(derivation, program, reserved)
    values = _values(derivation, spec, form, program, written)
    text = fill(TEMPLATE, {**values, "example": None})
    call = example_call(derivation, program)
    output = shown(module_text(text, _helpers(text)), call)
    text = fill(TEMPLATE, {**values, "example": {"call": written_call(call), "output": output}})
    return Function(spec.name, text.strip("\n"), _helpers(text), derivation.name)


@dataclass(frozen=True)
class Written:
    """What stands in a function: its checks, the lines that compute, and what it returns."""

    checks: list[str]
    lines: list[str]
    value: str
    by_rows: bool


def _by_rows(derivation: Derivation, program: Program, reserved: set[str]) -> Written | None:
    """The function as a loop over blocks of rows, where it treats its rows one by one."""
    parts = row_body(program, reserved)
    if parts is None:
        return None
    lines = [*row_loop(program, parts), *(f"    {line}" for line in parts.statements)]
    checked = row_checks(program, _labels(derivation, program), "\n".join(lines))
    return Written(checked, lines, row_value(program), True)


def _by_entries(derivation: Derivation, program: Program, reserved: set[str]) -> Written | None:
    """The function as a loop over blocks of entries, where it has no class axis."""
    if not is_entrywise(program):
        return None
    lines = entry_loop(program, reserved)
    checked = entry_checks(program, _labels(derivation, program), "\n".join(lines))
    return Written(checked, lines, "result[()] if out is None else out", True)


def _at_once(derivation: Derivation, program: Program, reserved: set[str]) -> Written:
    """The function as operations on whole arrays."""
    parts: Body = body(program, reserved)
    used = "\n".join([*parts.statements, parts.value])
    checked = checks(program, _labels(derivation, program), used)
    value = f"_result({parts.value}, dtype){'' if program.result.spans else '[()]'}"
    lines = [b for s in parts.statements for b in _broken(s, 8)]
    return Written(checked, lines, value, False)


def _labels(derivation: Derivation, program: Program) -> dict[str, Expr]:
    return {a.name: _classes(derivation, a) for a in program.arguments if a.kind == "label"}


def _values(
    derivation: Derivation, spec: FunctionSpec, form: Numerical, program: Program, written: Written
) -> dict[str, Any]:
    parameters = [f"{a.name}: ArrayLike" for a in program.arguments]
    options = ["axis: int = -1"] if written.by_rows and has_axis(program) else []
    whole = spec.axes or is_entrywise(program)  # the result has the shape of an argument
    options += ["out: NDArray[Any] | None = None"] if written.by_rows and whole else []
    returns = "NDArray[Any]" if spec.axes else "Any"
    given = [*parameters, *(["*"] if options else []), *options]
    return {
        "name": spec.name,
        "signature": _signature(spec.name, given, returns),
        "summary": spec.summary.strip(),
        "details": _details(derivation, spec, form, program, options),
        "example": None,
        "checks": written.checks,
        "statements": written.lines,
        "value": written.value,
        "by_rows": written.by_rows,
    }


def _signature(name: str, parameters: list[str], returns: str) -> list[str]:
    """The first line of a function, or its first lines, a parameter on each."""
    line = f"def {name}({', '.join(parameters)}) -> {returns}:"
    if len(line) <= 100:
        return [line]
    return [f"def {name}(", *(f"    {p}," for p in parameters), f") -> {returns}:"]


def _broken(line: str, indent: int) -> list[str]:
    """A line that is too long, its outermost call broken after the bracket."""
    first, last = line.find("("), line.rfind(")")
    if indent + len(line) <= WIDTH or not 0 < first < last:
        return [line]
    inner = line[first + 1 : last]
    depth, least = 0, 0
    for sign in inner:
        depth += (sign == "(") - (sign == ")")
        least = min(least, depth)
    if least < 0:  # not one call: the last bracket closes another
        return [line]
    return [line[: first + 1], *_broken_arguments(inner, indent + 4), line[last:]]


def _broken_arguments(inner: str, indent: int) -> list[str]:
    """Arguments on a line of their own, each on its own where that is too long as well."""
    if indent + len(inner) <= WIDTH:
        return [f"    {inner}"]
    tree = ast.parse(f"_({inner})", mode="eval").body
    assert isinstance(tree, ast.Call)
    parts = [ast.get_source_segment(f"_({inner})", a) for a in (*tree.args, *tree.keywords)]
    return [f"    {part}," for part in parts]


def _classes(derivation: Derivation, argument: Argument) -> Expr:
    """How many values a class label has."""
    for symbol in derivation.function.arguments if derivation.function else ():
        if str(symbol) == argument.name and isinstance(symbol, Symbol):
            span = derivation.context.range_of(symbol)
            if span is not None:
                return span.upper
    return K


def _details(
    derivation: Derivation,
    spec: FunctionSpec,
    form: Numerical,
    program: Program,
    options: list[str],
) -> list[str]:
    """The docstring below its first line."""
    context = derivation.context
    named = [d for d in context.definitions if d.name not in spec.arguments]
    needed = [d for d in named if _stands_in(d.name, spec.value, named)]
    index = ", ".join(map(letter, spec.axes))
    entry = f"Entry ({index}): " if len(spec.axes) > 1 else f"Entry {index}: " if index else ""
    lines = _wrapped(f"{entry}{formula(spec.value)}")
    lines += [w for d in needed for w in _wrapped(f"where {formula(d.lhs)} = {formula(d.body)}")]
    held = " and ".join(_condition_words(f, derivation) for f in _conditions(derivation))
    lines += _wrapped(f"Holds if {held}.") if held else []
    lines += ["", *_wrapped(f"Derivation: {derivation.name}. {_stability(form)}"), ""]
    shapes = ", ".join(_argument_words(a) for a in program.arguments)
    result = (
        f"(..., {', '.join(_extent(derivation, s) for s in spec.axes)})" if spec.axes else "(...)"
    )
    lines += _wrapped(f"Shapes: {shapes}; result: {result}.")
    wide = any(a.kind == "count" for a in program.arguments)
    lines += _wrapped(
        "The result has the floating type of the arguments; integers alone give float64, and "
        + ("everything is computed in float64." if wide else "float16 is computed in float32.")
    )
    words = " ".join(text for name, text in _OPTIONS.items() if any(name in o for o in options))
    return lines + (_wrapped(words) if words else []) + _wrapped(_raises(program))


def _stands_in(name: Expr, value: Expr, named: list[Any]) -> bool:
    """Whether a value mentions a name, directly or through other names."""
    reached = {name}
    for definition in named[::-1]:
        bodies = definition.body.free_symbols | definition.body.atoms(IndexedBase, Symbol)
        if name in bodies and definition.name != name:
            reached.add(definition.name)
    return bool(reached & (value.free_symbols | value.atoms(IndexedBase, Symbol)))


def _conditions(derivation: Derivation) -> tuple[Fact, ...]:
    """The facts on which the whole statement rests, by its evidence."""
    if not derivation.facts:
        return ()
    verdict = derivation.evidence[-1].verdict
    return verdict.conditions if verdict.holds else derivation.facts


def _condition_words(fact: Fact, derivation: Derivation) -> str:
    """A fact as a formula, and what its letter means if that is not an argument."""
    sides = None if isinstance(fact, OneHot) else fact_as_equation(fact)
    said = f"{formula(sides[0])} = {formula(sides[1])}" if sides else words(fact)
    base = getattr(fact, "base", None)
    known = derivation.context.quantity(base) if base is not None else None
    spec = derivation.function
    if known is None or spec is None or base in spec.arguments:
        return said
    return f"{said} ({letter(base)}: {known.meaning})"


def _stability(form: Numerical) -> str:
    if form.rewritten:
        return f"Computed in the form proved as {form.derivation.name}."
    return "Computed as the formula stands: no stabilising rewrite applies to it."


def _argument_words(argument: Argument) -> str:
    kinds = {"label": " (class labels from 0)", "count": " (counts)", "positive": " (positive)"}
    return f"{argument.name} : {shape_words(argument)}{kinds.get(argument.kind, '')}"


def _extent(derivation: Derivation, index: Symbol) -> str:
    span = derivation.context.ranges[index]
    return str(span.upper - span.lower + 1).replace(" ", "")


def _raises(program: Program) -> str:
    kinds = {a.kind for a in program.arguments}
    lengths = [least_length(e) for a in program.arguments for e in a.lengths]
    empty = "an axis is empty or" if any(lengths) else "an argument has no axis, or one that"
    reasons = [f"{empty} has the wrong length"] if sizes(program) else []
    reasons += ["batch shapes do not broadcast"] if len(program.arguments) > 1 else []
    reasons += ["a label is out of range"] if "label" in kinds else []
    reasons += ["a count is not one of 0, 1, 2, …"] if "count" in kinds else []
    reasons += ["a positive argument is not positive"] if "positive" in kinds else []
    numbers = "real numbers" + (" (labels: integers)" if "label" in kinds else "")
    return (
        f"Raises TypeError if an argument does not hold {numbers}, "
        f"ValueError if {' or '.join(reasons) or 'its rows differ'}."
    )


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 94, break_long_words=False, break_on_hyphens=False)


@cache
def helper_sources() -> Mapping[str, str]:
    """The helpers by name, in the order of their file."""
    found = {}
    for module in (runtime, runtime_blocks, runtime_rows):
        source = inspect.getsource(module)
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                found[node.name] = "\n".join(lines[node.lineno - 1 : node.end_lineno])
    return found


def _helpers(text: str) -> tuple[str, ...]:
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
