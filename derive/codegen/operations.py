"""How each operation of an array program is written in NumPy.

One entry a name: the text of the operation from the texts of its inputs, and how tightly it binds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from sympy import Integer, Rational

from derive.codegen.program import Node, Span, least_length
from derive.errors import LoweringError
from derive.kernel.language import Expr

SUM, PRODUCT, SIGN, ATOM = 1, 2, 3, 5


@dataclass(frozen=True)
class Text:
    """Python text and how tightly it binds."""

    text: str
    binding: int = ATOM

    def within(self, binding: int) -> str:
        """The text as an operand of something that binds this tightly."""
        return self.text if self.binding >= binding else f"({self.text})"


Write = Callable[[Node, list[Text]], Text]
WRITERS: dict[str, Write] = {}
NAMES: dict[str, str] = {}


def _writes(op: str, name: str = "value") -> Callable[[Write], Write]:
    """Declare how an operation is written, and what its result is called where it needs a name."""

    def declare(write: Write) -> Write:
        WRITERS[op] = write
        NAMES[op] = name
        return write

    return declare


def _call(op: str, function: str, name: str = "value") -> None:
    """An operation that is a call of a function with its inputs."""

    @_writes(op, name)
    def write(node: Node, inputs: list[Text]) -> Text:
        return Text(f"{function}({', '.join(t.text for t in inputs)})")


def _reduction(op: str, function: str, name: str) -> None:
    """An operation along one axis."""

    @_writes(op, name)
    def write(node: Node, inputs: list[Text]) -> Text:
        # Without classes beside the reference class there is nothing to take the maximum of.
        start = ", initial=-np.inf" if op == "max" and _may_be_empty(node) else ""
        return Text(f"{function}({inputs[0].text}, axis={node.data[0]}{start})")


def _may_be_empty(node: Node) -> bool:
    """Whether the axis of a reduction has no entries for the smallest sizes."""
    span = node.inputs[0].node.spans[cast("int", node.data[0])]
    return least_length(span.upper - span.lower + 1) == 0


for _op, _function, _name in (
    ("exp", "np.exp", "e"),
    ("exp_quotient", "_exp_quotient", "e"),
    ("log", "np.log", "logs"),
    ("log1p", "np.log1p", "log_rest"),
    ("expm1", "np.expm1", "value"),
    ("square", "np.square", "value"),
    ("sqrt", "np.sqrt", "value"),
    ("power", "np.power", "value"),
    ("logaddexp", "np.logaddexp", "value"),
    ("log_one_plus_exp", "_log_one_plus_exp", "value"),
    ("maximum", "np.maximum", "top"),
    ("where", "np.where", "value"),
    ("and", "np.logical_and", "mask"),
    ("shift", "_shift", "s"),
    ("finite_shift", "_finite_shift", "s"),
    ("weighted", "_weighted", "weighted"),
    ("log_ratio", "_log_ratio", "value"),
    ("log_odds", "_log_odds", "value"),
    ("weighted_log_ratio", "_weighted_log_ratio", "weighted"),
    ("log_factorial", "_log_factorial", "value"),
    ("sum_of_others", "_sum_of_others", "others"),
    ("sum_except", "_sum_except", "others"),
    ("take", "_take", "value"),
    ("log_sum", "_log_sum", "log_sum"),
):
    _call(_op, _function, _name)

for _op, _function, _name in (
    ("sum", "np.sum", "total"),
    ("prod", "np.prod", "value"),
    ("max", "np.max", "top"),
    ("argmax", "np.argmax", "largest"),
):
    _reduction(_op, _function, _name)


@_writes("argument")
def argument(node: Node, inputs: list[Text]) -> Text:
    """An argument by its name."""
    return Text(str(node.data[0]))


@_writes("size")
def size(node: Node, inputs: list[Text]) -> Text:
    """The length of an axis."""
    return Text(str(node.data[0]))


@_writes("constant")
def constant(node: Node, inputs: list[Text]) -> Text:
    """A number."""
    value = node.data[0]
    assert isinstance(value, Expr)
    if not value.is_finite:
        return Text("-np.inf", SIGN)
    if isinstance(value, Integer):
        return Text(str(value), SIGN if value < 0 else ATOM)
    if isinstance(value, Rational):
        return Text(f"{value.p} / {value.q}", PRODUCT)
    return Text(repr(float(value)))


@_writes("add")
def add(node: Node, inputs: list[Text]) -> Text:
    """Terms with their signs."""
    text = ""
    for sign, term in zip(node.data, inputs, strict=True):
        part = term.within(PRODUCT)
        if not text:
            text = part if sign == 1 else f"-{term.within(ATOM)}"
        else:
            text += f" {'+' if sign == 1 else '-'} {part}"
    return Text(text, SUM)


@_writes("mul")
def mul(node: Node, inputs: list[Text]) -> Text:
    """Factors."""
    first, *rest = inputs
    return Text(" * ".join([first.within(PRODUCT), *(t.within(SIGN) for t in rest)]), PRODUCT)


@_writes("divide", "share")
def divide(node: Node, inputs: list[Text]) -> Text:
    """A quotient."""
    return Text(f"{inputs[0].within(PRODUCT)} / {inputs[1].within(SIGN)}", PRODUCT)


@_writes("negative")
def negative(node: Node, inputs: list[Text]) -> Text:
    """A change of sign."""
    (operand,) = inputs
    if operand.binding == PRODUCT:
        return Text(f"-{operand.text}", PRODUCT)
    return Text(f"-{operand.within(SIGN)}", SIGN)


@_writes("compare", "mask")
def compare(node: Node, inputs: list[Text]) -> Text:
    """1 where a relation between indices holds, else 0."""
    relation = f"({inputs[0].within(PRODUCT)} {node.data[0]} {inputs[1].within(PRODUCT)})"
    return Text(f"1 * {relation}", PRODUCT)


@_writes("positions", "index")
def positions(node: Node, inputs: list[Text]) -> Text:
    """The values that an index takes."""
    span = node.spans[0]
    return Text(f"np.arange({span.lower}, {span.upper + 1})")


@_writes("view")
def view(node: Node, inputs: list[Text]) -> Text:
    """A component or a part of an argument."""
    parts = []
    for kind, first, last in cast("Iterable[tuple[str, int, int]]", node.data):
        if kind == "at":
            parts.append(str(first))
        else:
            parts.append(f"{first or ''}:{last or ''}")
    return Text(f"{inputs[0].within(ATOM)}[..., {', '.join(parts)}]")


@_writes("diagonal")
def diagonal(node: Node, inputs: list[Text]) -> Text:
    """The diagonal of a square argument."""
    return Text(f"np.diagonal({inputs[0].text}, axis1=-2, axis2=-1)")


@_writes("arrange")
def arrange(node: Node, inputs: list[Text]) -> Text:
    """The same array, its axes in another order (which the placing has done)."""
    return inputs[0]


@_writes("spread", "out")
def spread(node: Node, inputs: list[Text]) -> Text:
    """A fresh array along axes on which the value does not depend."""
    lengths = ", ".join(length(s) for s in node.spans)
    shape = f"({lengths},)" if len(node.spans) == 1 else f"({lengths})"
    return Text(f"_spread({inputs[0].text}, {shape})")


@_writes("with_diagonal", "out")
def with_diagonal(node: Node, inputs: list[Text]) -> Text:
    """An array with another diagonal."""
    return Text(f"_with_diagonal({inputs[0].text}, {inputs[1].text}, {length(node.spans[-1])})")


@_writes("with_entry", "out")
def with_entry(node: Node, inputs: list[Text]) -> Text:
    """Rows with another entry at a label."""
    texts = ", ".join(t.text for t in inputs)
    return Text(f"_with_entry({texts}, {length(node.spans[-1])})")


@_writes("join", "extended")
def join(node: Node, inputs: list[Text]) -> Text:
    """Rows with one more entry at an end."""
    end, shorter = node.data
    assert isinstance(shorter, Span)
    function = "_append" if end == "last" else "_prepend"
    return Text(f"{function}({inputs[0].text}, {inputs[1].text}, {length(shorter)})")


@_writes("contract", "product")
def contract(node: Node, inputs: list[Text]) -> Text:
    """A sum over an axis that several arrays share: a matrix product where it is one."""
    marks, out = cast("tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]", node.data)
    if len(marks) == 2 and max(map(len, marks)) == 2 and len(out) <= 2:
        product = _matrix_product(marks, out, inputs)
        if product is not None:
            return product
    letters = "abcdefghijklmnopqrstuvwxyz"
    summed = letters[next(iter(set.intersection(*map(set, marks)) - set(out)))]
    sides = ["".join(letters[p] for p in m) for m in marks]
    target = "".join(letters[p] for p in out)
    texts = ", ".join(t.text for t in inputs)
    return Text(f'_contract("{summed}", "{",".join(sides)}->{target}", {texts})')


def _matrix_product(
    marks: tuple[tuple[int, ...], ...], out: tuple[int, ...], inputs: list[Text]
) -> Text | None:
    """Matrix times matrix, or matrix times vector."""
    shared = set(marks[0]) & set(marks[1])
    own = [set(m) - shared for m in marks]
    if len(shared) != 1 or shared & set(out) or sum(map(len, own)) != len(out):
        return None
    (summed,) = shared
    first = 0 if out[0] in own[0] else 1
    last = 1 - first
    left, right = inputs[first], inputs[last]
    if marks[first][0] == summed:
        left = Text(f"np.swapaxes({left.text}, -1, -2)")
    if len(marks[last]) == 1:
        return Text(f"np.matmul({left.text}, {right.within(ATOM)}[..., None])[..., 0]")
    if marks[last][-1] == summed:
        right = Text(f"np.swapaxes({right.text}, -1, -2)")
    return Text(f"np.matmul({left.text}, {right.text})")


def length(span: Span) -> str:
    """The number of values of a span."""
    count = span.upper - span.lower + 1
    return str(count)


def write(node: Node, inputs: list[Text]) -> Text:
    """The text of a node."""
    if node.op not in WRITERS:
        raise LoweringError(
            f"the operation {node.op!r} cannot be written in NumPy",
            hint="declare it in derive/codegen/operations.py",
        )
    return WRITERS[node.op](node, inputs)
