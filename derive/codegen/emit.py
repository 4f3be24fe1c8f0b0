"""From an array program to the lines of a Python function."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from derive.codegen.operations import ATOM, NAMES, Text, write
from derive.codegen.program import Argument, Node, Placed, Program, least_length
from derive.kernel.language import Expr, Integer, Symbol

# Results that a reader wants to see by name, even where they are used once.
NAMED = frozenset({"shift", "finite_shift", "argmax", "with_diagonal", "with_entry", "join"})
# Texts so plain that a name would only hide them.
PLAIN = frozenset({"argument", "constant", "size"})
LONGEST = 44
WIDEST = 78
# How many axes the inputs of an operation have more than its result; the last one repeats.
_MORE = {
    "take": (1, 0), "sum_except": (1, 0), "log_sum": (1, 0),
    "with_diagonal": (0, -1), "with_entry": (0, -1), "join": (0, -1),
}  # fmt: skip
_VALUE_CHECKS = {
    "count": "_check_counts", "positive": "_check_positive", "size": "_size",
    "nonnegative": "_check_nonnegative", "share": "_check_share",
}  # fmt: skip
# Inputs of these keep their own axes.
_OWN = frozenset({"sum", "prod", "max", "argmax", "contract", "view", "diagonal"})
_FRESH = frozenset({"add", "mul", "divide", "negative", "exp", "weighted"})


@dataclass
class Body:
    """The statements of a function and the expressions that it returns."""

    statements: list[str]
    values: list[str]


@dataclass
class _Writer:
    program: Program
    taken: set[str]
    uses: Counter[Node] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    texts: dict[Node, Text] = field(default_factory=dict)
    turned: dict[str, str] = field(default_factory=dict)

    def text(self, node: Node) -> Text:
        """The text that stands for a node: its name, or its expression where that is short."""
        if node not in self.texts:
            made = self._made(node)
            last = node in self.program.results and not self.uses[node]
            while len(made.text) > (WIDEST - 14 if last else WIDEST) and self._name_longest(node):
                made = self._made(node)
            self.texts[node] = made if last else self._named(node, made)
        return self.texts[node]

    def _made(self, node: Node) -> Text:
        return write(node, [self._placed(node, n) for n in range(len(node.inputs))])

    def _name_longest(self, node: Node) -> bool:
        """Give the longest unnamed input a name, so that the line gets shorter."""
        inputs = [p.node for p in node.inputs if not self.texts[p.node].text.isidentifier()]
        inputs = [n for n in inputs if n.op not in PLAIN]
        if not inputs:
            return False
        longest = max(inputs, key=lambda n: len(self.texts[n].text))
        self.texts[longest] = self.assigned(longest, self.texts[longest])
        return True

    def _named(self, node: Node, made: Text) -> Text:
        if node.op in PLAIN or made.text.isidentifier():
            return made
        hinted = node in self.program.hints
        if not (hinted or self.uses[node] > 1 or node.op in NAMED or len(made.text) > LONGEST):
            return made
        return self.assigned(node, made)

    def assigned(self, node: Node, made: Text) -> Text:
        """A line that names a node."""
        program = self.program
        name = self._fresh(program.hints.get(node) or program.names.get(node) or NAMES[node.op])
        self.lines.append(f"{name} = {made.text}")
        return Text(name)

    def _fresh(self, stem: str) -> str:
        name, count = stem, 1
        while name in self.taken:
            count += 1
            name = f"{stem}{count}"
        self.taken.add(name)
        return name

    def _placed(self, node: Node, number: int) -> Text:
        """An input with its axes where the node wants them."""
        placed = node.inputs[number]
        text = self.text(placed.node)
        if _is_number(placed.node):
            return text
        if node.op == "with_diagonal" and number == 0 and not self._may_be_changed(node, placed):
            text = Text(f"np.array({self._axes(text, placed, node.rank).text})")
            return text
        if node.op in _OWN:
            return text
        more = _MORE.get(node.op, (0,))
        return self._axes(text, placed, node.rank + more[min(number, len(more) - 1)])

    def _may_be_changed(self, node: Node, placed: Placed) -> bool:
        """Whether the input is a fresh full array that nobody else uses."""
        inner = placed.node
        return inner.op in _FRESH and inner.rank == node.rank and self.uses[inner] == 1

    def _axes(self, text: Text, placed: Placed, rank: int) -> Text:
        places = placed.places
        if tuple(sorted(places)) != places:
            text = self._turned(text, places)
            places = tuple(sorted(places))
        if len(places) == rank:
            return text
        marks = ", ".join(":" if p in places else "None" for p in range(rank))
        return Text(f"{text.within(ATOM)}[..., {marks}]")

    def _turned(self, text: Text, places: tuple[int, ...]) -> Text:
        """The array with its axes in the order of their places, under a name of its own."""
        count = len(places)
        order = sorted(range(count), key=places.__getitem__)
        if count == 2:
            turned = f"np.swapaxes({text.text}, -1, -2)"
        else:
            source = ", ".join(str(p - count) for p in order)
            target = ", ".join(str(p - count) for p in range(count))
            turned = f"np.moveaxis({text.text}, ({source}), ({target}))"
        if turned not in self.turned:
            self.turned[turned] = self._fresh("turned")
            self.lines.append(f"{self.turned[turned]} = {turned}")
        return Text(self.turned[turned])


def body(program: Program, reserved: set[str]) -> Body:
    """The statements that compute the results of a program."""
    uses: Counter[Node] = Counter()
    for node in program.nodes():
        uses.update(p.node for p in node.inputs)
    writer = _Writer(program, reserved | {a.name for a in program.arguments}, uses)
    values = [_value(writer, node) for node in program.results]
    return Body(writer.lines, values)


def _value(writer: _Writer, node: Node) -> str:
    """The expression of a result, by name where it is long."""
    value = writer.text(node)
    several = len(writer.program.results) > 1
    if len(value.text) > (WIDEST // 2 if several else WIDEST - 10):
        value = writer.assigned(node, value)
        writer.texts[node] = value
    narrow = _narrow(writer.program, node)
    return f"_over({value.text}, batch, {node.rank})" if narrow else value.text


def _is_number(node: Node) -> bool:
    """Whether a node is a plain number, which has no axes to place."""
    if node.op in ("constant", "size"):
        return True
    return bool(node.inputs) and not node.spans and all(_is_number(p.node) for p in node.inputs)


def unused(program: Program) -> bool:
    """Whether a result depends on fewer arguments than the function takes."""
    return any(_narrow(program, node) for node in program.results)


def _narrow(program: Program, result: Node) -> bool:
    """Whether one result depends on fewer arguments, so that its batch may be smaller."""
    waiting, seen = [result], {result}
    while waiting:
        new = {p.node for p in waiting.pop().inputs} - seen
        seen |= new
        waiting += new
    used = {node.data[0] for node in seen if node.op == "argument"}
    return used != {a.name for a in program.arguments if a.kind != "size"}


def sizes(program: Program) -> list[Symbol]:
    """The sizes in the shapes of the arguments, in order."""
    found = [
        s for a in program.arguments for e in a.lengths for s in sorted(e.free_symbols, key=str)
    ]
    return list(dict.fromkeys(found))


def shape_words(argument: Argument) -> str:
    """The shape of an argument in words: ``(..., K)``."""
    lengths = ", ".join(str(e).replace(" ", "") for e in argument.lengths)
    return f"(..., {lengths})" if lengths else "(...)"


def checks(
    program: Program, labels: dict[str, Expr], used: str, keep_batch: bool = False
) -> list[str]:
    """The statements that check the arguments; ``used`` is the text that may need the sizes."""
    real = [a for a in program.arguments if a.kind not in ("label", "size")]
    given = ", ".join(f"{a.name}={a.name}" for a in real)
    names = ", ".join(a.name for a in real) + ("," if len(real) == 1 else "")
    # Counts keep their value, and log-factorials their digits, in float64 only.
    wide = "np.float64, " if any(a.kind == "count" for a in real) else ""
    lines = [f"{f'({names})' if real else '_'}, dtype = _float_arrays({wide}{given})"]
    settled: set[Symbol] = set()
    # Labels come last: their range is the length of an axis of another argument, or a size.
    late = {"size": 1, "label": 2}
    for argument in sorted(program.arguments, key=lambda a: late.get(a.kind, 0)):
        if argument.kind == "label":
            lines.append(_label_check(argument, labels))
        for place, extent in enumerate(argument.lengths):
            lines.append(_axis_check(argument, place, extent, settled))
        if argument.kind in _VALUE_CHECKS:
            check = f'{_VALUE_CHECKS[argument.kind]}("{argument.name}", {argument.name})'
            lines.append(f"{argument.name} = {check}" if argument.kind == "size" else check)
    batches = [a for a in program.arguments if a.kind != "size"]
    if len(batches) > 1 or unused(program):
        kept = "batch = " if keep_batch or unused(program) else ""
        lines.append(f"{kept}_batch_shape({', '.join(map(_batch, batches))})")
    text = "\n".join([*lines, used])
    return [_unassigned(line, text) for line in lines]


def _axis_check(argument: Argument, place: int, extent: Expr, settled: set[Symbol]) -> str:
    axis = place - len(argument.lengths)
    where = f'"{argument.name}", {argument.name}, {axis}, "{shape_words(argument)}"'
    new = extent.free_symbols - settled
    if len(new) == 1 and isinstance(extent - next(iter(new)), Integer):
        (size,) = new
        settled.add(size)
        offset = size - extent
        change = f" {'+' if offset > 0 else '-'} {abs(offset)}" if offset else ""
        least = "" if offset == 0 else f", {least_length(extent)}"
        return f"{size} = _axis_length({where}{least}){change}"
    return f"_expect_length({where}, {extent})"


def _label_check(argument: Argument, labels: dict[str, Expr]) -> str:
    name = argument.name
    return f'{name} = _label_array("{name}", {name}, {labels[name]})'


def _batch(argument: Argument) -> str:
    rank = len(argument.lengths)
    return f"{argument.name}={argument.name}.shape{f'[:-{rank}]' if rank else ''}"


def _unassigned(line: str, text: str) -> str:
    """A size that nothing uses is checked, not kept."""
    name, equals, rest = line.partition(" = ")
    if equals and "_axis_length" in rest and _count(name, text) < 2:
        return rest.rpartition(")")[0] + ")"
    return line


def _count(name: str, text: str) -> int:
    """How often a name stands in a text outside of quotes."""
    bare = " ".join(text.split('"')[::2])
    cleaned = "".join(ch if ch.isidentifier() or ch.isdigit() else " " for ch in bare)
    return cleaned.split().count(name)
