"""The source text of one generated function, with its docstring and a doctest that was run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from derive.codegen.docstring import docstring
from derive.codegen.emit import body, checks, sizes
from derive.codegen.emit_entries import is_entrywise, written_by_entries
from derive.codegen.emit_rows import filled_result, has_axis, with_axis, written_by_rows
from derive.codegen.examples import example_call, shown, written_call
from derive.codegen.helpers import helper_sources, helpers_of, module_text
from derive.codegen.lines import WIDTH, broken
from derive.codegen.lower import lower
from derive.codegen.program import Argument, Program
from derive.codegen.stabilise import numericals
from derive.errors import LoweringError
from derive.kernel.derivation import Derivation
from derive.kernel.language import Expr, Symbol
from derive.kernel.step import FunctionSpec
from derive.notation import K
from derive.templating import fill

TEMPLATE = "numpy/function.py.jinja"


@dataclass(frozen=True)
class Function:
    """A generated function: its name, its text with what it calls, the helpers that it needs."""

    name: str
    text: str
    helpers: tuple[str, ...]
    derivation: str


@dataclass(frozen=True)
class Written:
    """What stands in a function: its checks, the lines that compute, and what it returns."""

    checks: list[str]
    lines: list[str]
    value: str
    by_rows: bool


@dataclass(frozen=True)
class _Parts:
    """A function before its example: its program and the values that the template needs."""

    derivation: Derivation
    program: Program
    values: dict[str, Any]
    options: list[str]

    @property
    def text(self) -> str:
        return fill(TEMPLATE, self.values).strip("\n")


def generated_function(derivation: Derivation, general: Derivation | None = None) -> Function:
    """The function of a derivation; ``general`` widens it by options. Raises LoweringError."""
    spec = derivation.function
    if spec is None:
        raise LoweringError(
            f"{derivation.name} has no function to generate",
            hint="declare one in the derivation: d.function(name, arguments, axes, summary)",
        )
    wide = _parts(general) if general is not None else None
    parts = _parts(derivation, wide)
    behind = f"\n\n\n{wide.text}" if wide is not None else ""
    if spec.widens:
        return Function(private_name(spec), parts.text, helpers_of(parts.text), derivation.name)
    call = example_call(derivation, parts.program)
    source = parts.text + behind
    output = shown(module_text(source, helpers_of(source)), call)
    parts.values["example"] = {"call": written_call(call, parts.program.outputs), "output": output}
    text = parts.text + behind
    return Function(spec.name, text, helpers_of(text), derivation.name)


def private_name(spec: FunctionSpec) -> str:
    """The name of the general form of a function."""
    return f"_{spec.name}_with_{'_and_'.join(o.keyword for o in spec.options.values())}"


def _call_of_general(derivation: Derivation, wide: _Parts) -> str:
    """The lines that leave the work to the general form, where an option is not at its default."""
    spec, other = derivation.function, wide.derivation.function
    assert spec is not None
    assert other is not None
    keywords = {s: o.keyword for s, o in other.options.items()}
    if [s for s in other.arguments if s not in keywords] != list(spec.arguments):
        raise LoweringError(
            f"{spec.name} of {derivation.name} and of {wide.derivation.name} do not take the same "
            "arguments",
            hint="the general form takes those of the other and its options",
        )
    given = [keywords.get(s, str(s)) for s in other.arguments]
    given += [f"{name}={name}" for name in map(_option_name, wide.options)]
    plain = " and ".join(f"_is_number({o.keyword}, {o.default})" for o in other.options.values())
    negated = f"not {plain}" if len(other.options) == 1 else f"not ({plain})"
    call = f"{private_name(other)}({', '.join(given)})"
    return f"if {negated}:\n    return {call}"


def _option_name(parameter: str) -> str:
    return parameter.partition(":")[0]


def _parts(derivation: Derivation, wide: _Parts | None = None) -> _Parts:
    spec = derivation.function
    assert spec is not None
    forms = numericals(derivation)
    program = lower(spec, forms)
    reserved = {"np", "dtype", *map(str, sizes(program)), *helper_sources()}
    labels = {a.name: _classes(derivation, a) for a in program.arguments if a.kind == "label"}
    found = written_by_entries(program, labels, reserved)
    found = found or written_by_rows(program, labels, reserved)
    written = Written(*found, True) if found else _at_once(program, labels, reserved)
    own = ["axis: int = -1"] if has_axis(program) else []
    whole = filled_result(program) is not None or is_entrywise(program)
    filled = written.by_rows and whole
    own += ["out: NDArray[Any] | None = None"] if filled else []
    options = [f"{o.keyword}: ArrayLike = {o.default}" for o in _options(spec, wide)] + own
    first = _call_of_general(derivation, wide).splitlines() if wide is not None else []
    values = {
        "signature": _signature(spec, program, options),
        "summary": spec.summary.strip(),
        "details": docstring(
            derivation,
            forms,
            program,
            options,
            wide.derivation if wide else None,
            wide.program.arguments if wide else (),
        ),
        "example": None,
        "checks": _fitting([*first, *written.checks], 4),
        "statements": _fitting(written.lines, 8),
        "value": _fitting([f"return {written.value}"], 4 if written.by_rows else 8),
        "by_rows": written.by_rows,
    }
    return _Parts(derivation, program, values, own)


def _fitting(lines: Sequence[str], indent: int) -> list[str]:
    return [part for line in lines for part in broken(line, indent)]


def _options(spec: FunctionSpec, wide: _Parts | None) -> list[Any]:
    """The options that a function takes by keyword."""
    own = [] if spec.widens else list(spec.options.values())
    wider = wide.derivation.function if wide is not None else None
    return own + (list(wider.options.values()) if wider is not None else [])


def _type(argument: Argument) -> str:
    return "int" if argument.kind == "size" else "ArrayLike"


def _at_once(program: Program, labels: dict[str, Expr], reserved: set[str]) -> Written:
    """The function as operations on whole arrays."""
    names = [f"{o}_result" if len(program.outputs) > 1 else "result" for o in program.outputs]
    parts = body(program, reserved | set(names))
    used = "\n".join([*parts.statements, *parts.values])
    results = []
    for name, value, node in zip(names, parts.values, program.results, strict=True):
        result = f"_result({value}, dtype)"
        if node.spans and has_axis(program):
            parts.statements.append(f"{name} = {result}")
            result = f"np.ascontiguousarray(_class_back({name}, axis))"
        results.append(result if node.spans else f"{result}[()]")
    checked = with_axis(program, checks(program, labels, used))
    return Written(checked, parts.statements, ", ".join(results), False)


def _signature(spec: FunctionSpec, program: Program, options: list[str]) -> list[str]:
    """The first line of a function, or its first lines, a parameter on each."""
    by_keyword = [] if spec.widens else [o.keyword for o in spec.options.values()]
    places = [f"{a.name}: {_type(a)}" for a in program.arguments if a.name not in by_keyword]
    parameters = [*places, *(["*"] if options else []), *options]
    kinds = [("NDArray[Any]" if o.axes else "Any") for o in spec.outputs]
    returns = f"tuple[{', '.join(kinds)}]" if spec.also else kinds[0]
    name = private_name(spec) if spec.widens else spec.name
    line = f"def {name}({', '.join(parameters)}) -> {returns}:"
    if len(line) <= WIDTH:
        return [line]
    return [f"def {name}(", *(f"    {p}," for p in parameters), f") -> {returns}:"]


def _classes(derivation: Derivation, argument: Argument) -> Expr:
    """How many values a class label has."""
    for symbol in derivation.function.arguments if derivation.function else ():
        if str(symbol) == argument.name and isinstance(symbol, Symbol):
            span = derivation.context.range_of(symbol)
            if span is not None:
                return span.upper
    return K
