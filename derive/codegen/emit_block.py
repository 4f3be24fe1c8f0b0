"""The statements for one block of rows, in place.

In a block the class axis comes first, so that (K, n) and (n,) broadcast as they are. Each node that
is a block of rows is written into a space that nobody needs any more: first the block of the
result, then spare ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from derive.codegen.operations import NAMES, PRODUCT, Text, write
from derive.codegen.program import Node, Program
from derive.codegen.rewrite_rows import LEAVES, uses

PART = "part"
SPARE = "work"
LONGEST = 60
# op: the helper that reduces rows to one number a row
_REDUCED = {
    "sum": "_row_sums", "max": "_row_maxima", "take": "_row_entries",
    "sum_except": "_row_sums_except", "sum_of_smaller": "_sum_of_smaller",
    "argmax": "_row_places", "sum_beside": "_row_sums_beside",
}  # fmt: skip
_SINGLE = {
    "shift": "_shift_of", "finite_shift": "_finite_shift_of", "label_loss": "_label_losses",
}  # fmt: skip
_NAMES = {
    **NAMES, "sum_of_smaller": "others", "exp_total": "total", "log_shift": "s",
    "log_rest": "rest", "label_loss": "loss", "sum_beside": "others",
    "weighted_losses": "loss",
}  # fmt: skip
_EXPONENTIALS: dict[tuple[Hashable, ...], tuple[str, tuple[str, ...], str]] = {
    ("exp_terms",): ("_exp_sums", ("log_shift", "exp_total"), ""),
    ("exp_log_terms",): ("_exp_log_sums", ("log_shift", "exp_total", "log_rest"), ""),
    ("log_sums", "each"): ("_log_sums_each", ("log_shift", "log_rest"), ""),
    ("log_sums", "close"): ("_log_sums", ("log_shift", "log_rest"), ", close=True"),
    ("log_sums", "far"): ("_log_sums", ("log_shift", "log_rest"), ", close=False"),
}
_UFUNCS = {
    "mul": "np.multiply", "divide": "np.divide", "weighted": "_weighted_rows",
    "less": "_less", "exp_quotient": "_exp_quotient",
}  # fmt: skip


@dataclass(frozen=True)
class RowBody:
    """The statements for one block, how many spare arrays they need, and what goes before."""

    statements: list[str]
    spare: int
    first: list[str]
    layout: list[str]


def row_body(program: Program, taken: set[str]) -> RowBody:
    """The statements for one block of a program for rows; the names taken are not used again."""
    return _Writer(program, taken, uses(program)).run()


@dataclass
class _Writer:
    program: Program
    taken: set[str]
    left: Counter[Node]
    lines: list[str] = field(default_factory=list)
    texts: dict[Node, Text] = field(default_factory=dict)
    owner: dict[str, Node | None] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)

    def run(self) -> RowBody:
        """All nodes in an order in which numbers a row come as soon as they can."""
        results = self.program.results
        main = results[main_place(self.program)]
        if main.spans:
            self.owner[PART] = None
        for result in results:
            self.left[result] += 1  # what is returned is kept to the end
        for node in _order(self.program):
            if node.spans:
                self._rows(node, main)
            else:
                self._single(node)
            for placed in node.inputs:
                self._release(placed.node)
        for name, result in zip(result_names(self.program), results, strict=True):
            if not result.spans:
                target = PART if result is main else f"{name}_{PART}"
                self.lines.append(f"{target}[...] = {self.texts[result].text}")
        if main.spans and self.texts[main].text != PART:
            self.lines.append(f"np.copyto({PART}, {self.texts[main].text})")
        spare = sum(name != PART for name in self.owner)
        return RowBody(self.lines, spare, self.first, self._layout(main))

    def _layout(self, main: Node) -> list[str]:
        """Which rows are not read once the result or a spare array is written.

        The result may hold the first of the rows then, and the spare array any of them.
        """
        rows = [a.name for a in self.program.arguments if a.lengths]
        # _log_sums works in the result, and leaves its rows as they were
        inside = bool(main.spans) and self._ends(rows[0], PART, "= _log_sums")
        left = list(enumerate(rows))[inside:]
        ended: list[int] = []
        for space in sorted(name for name in self.owner if name != PART):
            place = next((n for n, name in left if self._ends(name, space)), None)
            if place is None:
                break
            ended.append(place)
            left.remove((place, rows[place]))
        tuple_of = f"({', '.join(map(str, ended))}{',' * (len(ended) == 1)})"
        return ["inside=True"] * inside + [f"ended={tuple_of}"] * bool(ended)

    def _ends(self, rows: str, space: str, but: str = "no such line") -> bool:
        """Whether rows are read for the last time before a space is written, or just then."""
        named = [set(re.findall(r"\w+", line)) for line in self.lines]
        last = max((n for n, names in enumerate(named) if rows in names), default=-1)
        written = [n for n, line in enumerate(self.lines) if space in named[n] and but not in line]
        return last < min(written) or (last == min(written) and self._may_overlap(last, space))

    def _may_overlap(self, line: int, space: str) -> bool:
        """Whether a statement reads each entry before it writes there."""
        return space == PART or self.lines[line].startswith("np.")

    def _release(self, node: Node) -> None:
        self.left[node] -= 1
        for name, held in self.owner.items():
            if held is node and not self.left[node]:
                self.owner[name] = None

    def _space(self, node: Node, main: Node) -> str:
        """Where to write a block of rows: over an input that ends here, or a space that is free."""
        ending = [p.node for p in node.inputs if self.left[p.node] == 1]
        if node is main and (self.owner[PART] is None or self.owner[PART] in ending):
            return PART
        for name, held in self.owner.items():
            if held is not None and held in ending:
                return name
        return self._free()

    def _free(self) -> str:
        for name, held in self.owner.items():
            if held is None:
                return name
        count = sum(name != PART for name in self.owner)
        return SPARE if not count else f"{SPARE}{count + 1}"

    def _rows(self, node: Node, main: Node) -> None:
        """A block of rows: one statement, in place."""
        if node.op == "argument":
            self.texts[node] = Text(str(node.data[0]))
            return
        inputs = [self.texts[p.node] for p in node.inputs]
        space = self._space(node, main)
        if (node.op, *node.data) in _EXPONENTIALS:
            self._exponentials(node, inputs, space)
        elif node.op == "with_entry":
            self._with_entry(inputs, space)
        elif node.op == "copy":
            if space != inputs[0].text:  # else nobody needs the terms any more
                self.lines.append(f"np.copyto({space}, {inputs[0].text})")
        else:
            self.lines.append(_in_place(node, inputs, space))
        self.owner[space] = node
        self.texts[node] = Text(space)

    def _numbers(self, node: Node, *ops: str) -> str:
        """Names for the numbers a row that come with a node; the shift is 0 before the loop."""
        users = [n for n in self.program.nodes() if any(p.node is node for p in n.inputs)]
        names = []
        for op in ops:
            found = next((n for n in users if n.op == op), None)
            used = found or Node(op, (), ())
            names.append(self._fresh(used) if found or op == "log_shift" else "_")
            self.texts[used] = Text(names[-1])
        self.first.append(f"{names[0]} = 0")
        return ", ".join(names)

    def _exponentials(self, node: Node, inputs: list[Text], space: str) -> None:
        """Exponentials with their sums, or the logarithms of the sums."""
        function, ops, option = _EXPONENTIALS[node.op, *node.data]
        names = self._numbers(node, *ops)
        last = names.split(",")[0]
        rows, *places = (t.text for t in inputs)
        option += "".join(f", largest={place}" for place in places)
        self.lines.append(f"{names} = {function}({rows}, {last}, out={space}{option})")

    def _with_entry(self, inputs: list[Text], space: str) -> None:
        terms, index, value = (t.text for t in inputs)
        if terms != space:
            self.lines.append(f"np.copyto({space}, {terms})")
        self.lines.append(f"_set_entries({space}, {index}, {value})")

    def _single(self, node: Node) -> None:
        """A number a row: named where it reads rows, or is long, or is needed again."""
        if node in self.texts:
            return
        inputs = [self.texts[p.node] for p in node.inputs]
        if node.op == "log_sums":
            space = self._free()
            self.owner.setdefault(space, None)
            self._exponentials(node, inputs, space)
            return
        if node.op == "weighted_losses":
            made = Text(f"_weighted_losses({', '.join(t.text for t in inputs)})")
        elif node.op in _REDUCED:
            made = Text(f"{_REDUCED[node.op]}({', '.join(t.text for t in inputs)})")
        elif node.op in _SINGLE:
            made = Text(f"{_SINGLE[node.op]}({', '.join(t.text for t in inputs)})")
        else:
            made = write(node, inputs)
        again = self.left[node] > 1 or node in self.program.hints or node.op in _SINGLE
        long = len(made.text) > LONGEST or node.op == "weighted_losses"
        if node.op not in LEAVES and (node.op in _REDUCED or again or long):
            name = self._fresh(node)
            self.lines.append(f"{name} = {made.text}")
            made = Text(name)
        self.texts[node] = made

    def _fresh(self, node: Node) -> str:
        known = self.program.hints.get(node) or self.program.names.get(node)
        stem = name = known or _NAMES[node.op]
        count = 1
        while name in self.taken:
            count += 1
            name = f"{stem}{count}"
        self.taken.add(name)
        return name


def _in_place(node: Node, inputs: list[Text], space: str) -> str:
    """A statement that writes a node into a space."""
    first = inputs[0].text
    rest = [t.text for t in inputs[1:]]
    function = _UFUNCS.get(node.op, f"np.{node.op}")
    if node.op == "divide" and node.inputs[1].node.op == "exp_total":
        function, rest = "np.multiply", [f"1 / {rest[0]}"]  # never near 0: as good, and quicker
    if node.op == "add":
        sign, after = node.data
        if sign != 1:
            first = f"-{inputs[0].within(PRODUCT)}"
        function = "np.add" if after == 1 else "np.subtract"
    return f"{function}({', '.join([first, *rest])}, out={space})"


def _order(program: Program) -> list[Node]:
    """The nodes, inputs first; numbers a row as early as they can be."""
    waiting = list(program.nodes())
    done: set[Node] = set()
    order = []
    while waiting:
        ready = [n for n in waiting if all(p.node in done for p in n.inputs)]
        node = next((n for n in ready if not n.spans), ready[0])
        waiting.remove(node)
        done.add(node)
        order.append(node)
    return order


def result_names(program: Program) -> list[str]:
    """What the results are called: the main one, whose blocks are worked on, and numbers a row."""
    return list(program.outputs) if len(program.results) > 1 else ["result"]


def main_place(program: Program) -> int:
    """The place of the result whose blocks are worked on."""
    whole = [n for n, node in enumerate(program.results) if node.spans]
    return whole[0] if whole else 0
