"""The example of a docstring: a call, and what it really returns."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

from sympy import Integer

from derive.codegen.program import Argument, Program
from derive.kernel.derivation import Derivation
from derive.kernel.language import Expr, Symbol
from derive.notation import K

DIGITS = 6  # few enough not to depend on the processor
_REAL = ((-3.0, 1.5, 2.7), (0.5, -1.0, 2.0), (1.0, 0.25, -0.5))
_SHARES = ((0.2, 0.3, 0.5), (0.1, 0.6, 0.3), (0.25, 0.25, 0.5))
_COUNTS = ((2.0, 0.0, 1.0), (1.0, 1.0, 3.0), (0.0, 2.0, 2.0))


def example_call(derivation: Derivation, program: Program) -> str:
    """A call with the numbers of the derivation's worked example, or with our own."""
    assert derivation.function is not None
    found = {s for a in program.arguments for e in a.lengths for s in e.free_symbols}
    sizes = {s: 3 if s == K else 2 for s in found}
    given = derivation.examples[0].values if derivation.examples else {}
    own = [_sample(derivation, a, sizes, n) for n, a in enumerate(program.arguments)]
    shown = [
        _numbers(given[a.name], a.kind) if a.name in given else value
        for a, value in zip(program.arguments, own, strict=True)
    ]
    fitting = all(_fits(v, a, sizes) for v, a in zip(shown, program.arguments, strict=True))
    texts = [_written(v) for v in (shown if fitting else own)]
    keywords = {o.keyword for o in derivation.function.options.values()}
    for n, argument in enumerate(program.arguments):
        if argument.name in keywords:
            texts[n] = f"{argument.name}={texts[n]}"
    return f"{derivation.function.name}({', '.join(texts)})"


def written_call(call: str, outputs: tuple[str, ...]) -> list[str]:
    """The call as a doctest, an argument a line where one line would be too long."""
    if len(outputs) > 1:
        rounded = ", ".join(f"{name}.round({DIGITS})" for name in outputs)
        return [*_lines(f"{', '.join(outputs)} = ", call, ""), f">>> {rounded}"]
    return _lines("", call, f".round({DIGITS})")


def _lines(before: str, call: str, after: str) -> list[str]:
    if len(before + call + after) <= 90:
        return [f">>> {before}{call}{after}"]
    tree = ast.parse(call, mode="eval").body
    assert isinstance(tree, ast.Call)
    parts = [ast.get_source_segment(call, a) for a in tree.args]
    parts += [f"{a.arg}={ast.get_source_segment(call, a.value)}" for a in tree.keywords]
    inner = [f"...     {part}," for part in parts]
    return [f">>> {before}{ast.unparse(tree.func)}(", *inner, f"... ){after}"]


def _numbers(value: Any, kind: str) -> Any:
    """Exact strings as numbers; labels from 0."""
    if isinstance(value, tuple | list):
        return [_numbers(v, kind) for v in value]
    number = Fraction(str(value))
    if kind == "label":
        return int(number) - 1
    return int(number) if kind == "count" else number


def _written(value: Any) -> str:
    """Numbers as a person writes them: 1/3 rather than sixteen digits."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, Fraction):
        short = repr(float(value))
        return short if len(short) <= 8 else f"{value.numerator}/{value.denominator}"
    return repr(value)


def _fits(value: Any, argument: Argument, sizes: dict[Any, int]) -> bool:
    """Whether an example value has the shape of the argument for three classes."""
    for extent in argument.lengths:
        if not isinstance(value, list) or len(value) != _length(extent, sizes):
            return False
        value = value[0]
    return not isinstance(value, list)


def _length(extent: Expr, sizes: dict[Any, int]) -> int:
    return int(extent.xreplace({s: Integer(n) for s, n in sizes.items()}))


def _sample(derivation: Derivation, argument: Argument, sizes: dict[Any, int], number: int) -> Any:
    """Numbers of our own for an argument."""
    if argument.kind == "label":
        return 1 if not argument.lengths else [1] * _length(argument.lengths[0], sizes)
    rows = _rows(derivation, argument)
    if argument.kind == "size":
        return 3
    if not argument.lengths:
        return 2 if argument.kind == "count" else 0.3 if rows is _SHARES else 2.0

    def fill(lengths: tuple[Expr, ...], turn: int) -> Any:
        count = _length(lengths[0], sizes)
        if len(lengths) == 1:
            row = rows[turn % 3]
            return [row[n % 3] for n in range(count)]
        return [fill(lengths[1:], turn + n) for n in range(count)]

    return fill(argument.lengths, number)


def _rows(derivation: Derivation, argument: Argument) -> tuple[tuple[float, ...], ...]:
    if argument.kind == "count":
        return _COUNTS
    quantity = derivation.context.quantities.get(argument.name)
    symbol = quantity.symbol if quantity else Symbol("x")
    positive = getattr(symbol, "assumptions0", {}).get("positive") or (
        quantity is not None and (quantity.may_sum_to_one or "(0, 1)" in quantity.domain.value)
    )
    return _SHARES if positive else _REAL


def shown(source: str, call: str) -> list[str]:
    """What the interpreter prints for the call, line by line."""
    namespace: dict[str, Any] = {"__name__": "example"}
    exec(compile(source, "<generated>", "exec"), namespace)
    value = eval(call, namespace)
    several = isinstance(value, tuple)
    value = tuple(v.round(DIGITS) for v in value) if several else value.round(DIGITS)
    return [line.rstrip() or "<BLANKLINE>" for line in repr(value).split("\n")]
