"""The docstring of a generated function: formula, derivation, shapes, types, errors."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from derive.codegen.emit import shape_words, sizes
from derive.codegen.formula import formula, letter
from derive.codegen.program import Argument, Program, least_length
from derive.codegen.stabilise import Numerical
from derive.kernel.derivation import Derivation
from derive.kernel.facts import Fact, OneHot, fact_as_equation, words
from derive.kernel.language import Expr, IndexedBase, Symbol
from derive.kernel.step import Output

_OPTIONS = {
    "axis:": "``axis`` is the class axis.",
    "out:": (
        "``out`` receives the {result}; it may be an argument itself, but not overlap one in part."
    ),
}
_KINDS = {
    "label": " (class labels from 0)", "count": " (counts)", "positive": " (positive)",
    "share": " (from 0 to 1)", "nonnegative": " (not negative)", "size": " (an integer)",
}  # fmt: skip
_BROKEN = {
    "label": "a label is out of range",
    "count": "a count is not one of 0, 1, 2, …",
    "positive": "a positive argument is not positive",
    "nonnegative": "an argument that must not be negative is",
    "share": "a share is not in [0, 1]",
    "size": "a size is not at least 1",
}


def docstring(
    derivation: Derivation,
    forms: Sequence[Numerical],
    program: Program,
    options: list[str],
    general: Derivation | None,
    wider: tuple[Argument, ...],
) -> list[str]:
    """The lines below the first.

    ``general`` has the form for options off their defaults, and ``wider`` are its arguments.
    """
    spec = derivation.function
    assert spec is not None
    lines = entries(derivation)
    held = " and ".join(_condition_words(f, derivation) for f in _conditions(derivation))
    lines += wrapped(f"Holds if {held}.") if held else []
    lines += ["", *wrapped(f"Derivation: {derivation.name}. {_stability(forms)}"), ""]
    lines += _widened(general) if general is not None else []
    taken = [a.name for a in program.arguments]
    arguments = [*program.arguments, *wider]
    words = [_argument_words(a) for n, a in enumerate(arguments) if a.name not in taken[:n]]
    shapes = ", ".join(words)
    returned = ", ".join(
        f"{o.name if spec.also else 'result'}: {_extents(derivation, o)}" for o in spec.outputs
    )
    lines += wrapped(f"Shapes: {shapes}; {returned}.")
    wide = any(a.kind == "count" for a in program.arguments)
    lines += wrapped(_types(program, "float64" if wide else "float32"))
    lines += _option_words(derivation, program, options)
    return lines + wrapped(_raises(program, [a.kind for a in wider]))


def entries(derivation: Derivation, inside: bool = False) -> list[str]:
    """Each result as a formula, and what the names in it stand for; ``inside`` a sentence."""
    spec = derivation.function
    assert spec is not None
    named = [d for d in derivation.context.definitions if d.name not in spec.arguments]
    lines: list[str] = []
    for output in spec.outputs:
        index = ", ".join(map(letter, output.axes))
        index = f"({index})" if len(output.axes) > 1 else index
        entry = f"entry {index}: " if index else ""
        name = f"{output.name}: " if spec.also and not entry else ""
        entry = f"{output.name}, {entry}" if spec.also and entry else entry
        head = f"{name}{entry}"
        if not (inside and not lines) and (not spec.also or output.name.islower()):
            head = f"{head[:1].upper()}{head[1:]}"
        lines += wrapped(f"{head}{formula(output.value)}")
    values = [o.value for o in spec.outputs]
    for d in named:
        if any(_stands_in(d.name, value, named) for value in values):
            lines += wrapped(f"where {formula(d.lhs)} = {formula(d.body)}")
    return lines


def _widened(general: Derivation) -> list[str]:
    """What the function computes with its options."""
    spec = general.function
    assert spec is not None
    given = " and ".join(f"``{o.keyword}`` = {letter(s)}" for s, o in spec.options.items())
    first, *rest = entries(general, inside=True)
    return [*wrapped(f"With {given}, {first}"), *rest, *wrapped(f"by {general.name}."), ""]


def _types(program: Program, least: str) -> str:
    if all(a.kind in ("label", "size") for a in program.arguments):
        return "The result is float64."
    results = "The results have" if len(program.results) > 1 else "The result has"
    half = (
        "everything is computed in float64." if least == "float64"
        else "float16 is computed in float32."
    )  # fmt: skip
    return f"{results} the floating type of the arguments; integers alone give float64, and {half}"


def _option_words(derivation: Derivation, program: Program, options: list[str]) -> list[str]:
    spec = derivation.function
    assert spec is not None
    said = [
        f"``{o.keyword}`` is {letter(s)}, by default {o.default}."
        for s, o in spec.options.items()
        if not spec.widens
    ]
    filled = next((o.name for o in spec.outputs if o.axes), "result") if spec.also else "result"
    said += [w.format(result=filled) for n, w in _OPTIONS.items() if any(n in o for o in options)]
    return wrapped(" ".join(said)) if said else []


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


def _stability(forms: Sequence[Numerical]) -> str:
    names = [f.derivation.name for f in forms if f.rewritten]
    if names:
        return f"Computed in the form proved as {' and '.join(names)}."
    return "Computed as the formula stands: no stabilising rewrite applies to it."


def _argument_words(argument: Argument) -> str:
    if argument.kind == "size":
        return f"{argument.name}{_KINDS['size']}"
    return f"{argument.name} : {shape_words(argument)}{_KINDS.get(argument.kind, '')}"


def _extents(derivation: Derivation, output: Output) -> str:
    spans = [derivation.context.ranges[s] for s in output.axes]
    lengths = [str(s.upper - s.lower + 1).replace(" ", "") for s in spans]
    return f"(..., {', '.join(lengths)})" if lengths else "(...)"


def _raises(program: Program, more: Iterable[str]) -> str:
    kinds = dict.fromkeys([*(a.kind for a in program.arguments), *more])
    lengths = [least_length(e) for a in program.arguments for e in a.lengths]
    empty = "an axis is empty or" if any(lengths) else "an argument has no axis, or one that"
    reasons = [f"{empty} has the wrong length"] if sizes(program) else []
    reasons += ["batch shapes do not broadcast"] if len(program.arguments) > 1 else []
    reasons += [_BROKEN[kind] for kind in kinds if kind in _BROKEN]
    numbers = "real numbers" + (" (labels: integers)" if "label" in kinds else "")
    return (
        f"Raises TypeError if an argument does not hold {numbers}, "
        f"ValueError if {' or '.join(reasons) or 'its rows differ'}."
    )


def wrapped(text: str) -> list[str]:
    """The text in lines that fit behind an indent."""
    return textwrap.wrap(text, 94, break_long_words=False, break_on_hyphens=False)
