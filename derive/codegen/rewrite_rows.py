"""The array program of a function that treats its rows one by one, ready for blocks of rows.

Sums of several terms become chains of two, so that z − s in z − s − log(…) and in e^{z − s} is one
node; operations that have a better form for whole rows get it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from derive.codegen.program import Node, Placed, Program, Span

ENTRYWISE = frozenset({
    "add", "mul", "divide", "negative", "exp", "log", "log1p", "expm1", "square", "sqrt",
    "maximum", "logaddexp", "power", "weighted", "copy", "exp_quotient",
})  # fmt: skip
# Operations that take rows to one number a row, and those for numbers that have no rows at all.
REDUCING = frozenset({
    "sum", "max", "argmax", "take", "sum_except", "sum_beside", "sum_of_smaller", "exp_total",
    "log_sums", "log_shift", "log_rest", "weighted_losses",
})  # fmt: skip
LEAVES = frozenset({"argument", "constant", "size"})
SINGLE = ENTRYWISE | LEAVES | {
    "shift", "finite_shift", "log_factorial", "log_shift", "log_rest", "label_loss",
}  # fmt: skip
ROWS = ENTRYWISE | {"argument", "with_entry", "exp_terms", "exp_log_terms", "less"}
_SHIFTS = ("shift", "finite_shift")


def row_program(program: Program) -> Program | None:
    """The program for blocks of rows, or None where rows are not treated one by one."""
    spans = {n.spans for n in program.nodes() if n.spans}
    if len(spans) != 1 or len(next(iter(spans))) != 1:
        return None
    if any(node.op in LEAVES for node in program.results):
        return None
    if any(a.kind == "count" or len(a.lengths) > 1 for a in program.arguments):
        return None
    if not any(a.lengths and a.kind == "real" for a in program.arguments):
        return None
    if len({a.lengths for a in program.arguments if a.lengths}) > 1:
        return None
    work = _Rewriting(program, next(iter(spans)))
    made = replace(
        program,
        results=tuple(map(work.made, program.results)),
        hints={work.made(n): name for n, name in program.hints.items()},
        names={work.made(n): name for n, name in program.names.items()},
    )
    made = _with_log_sums(_with_free_shift(_with_smaller(made)))
    made = _with_known_places(_with_losses(made))
    made = _with_copies(_with_arguments_untouched(made))
    return made if all(_fits(node) for node in made.nodes()) else None


def _fits(node: Node) -> bool:
    """Whether a node can be written for blocks of rows."""
    if node.spans:
        return node.op in ROWS
    if any(p.node.spans for p in node.inputs):
        return node.op in REDUCING
    return node.op in SINGLE


@dataclass
class _Rewriting:
    program: Program
    spans: tuple[Span, ...]
    done: dict[Node, Node] = field(default_factory=dict)
    known: dict[Hashable, Node] = field(default_factory=dict)

    def made(self, node: Node) -> Node:
        """The node in its new form."""
        if node not in self.done:
            self.done[node] = self._made(node)
        return self.done[node]

    def _made(self, node: Node) -> Node:
        inputs = tuple(replace(p, node=self.made(p.node)) for p in node.inputs)
        if node.spans and node.op in ("add", "mul") and len(inputs) > 1:
            return self._chain(node.op, inputs, tuple(node.data))
        return self._node(node.op, inputs, node.spans, node.data)

    def _chain(self, op: str, inputs: tuple[Placed, ...], signs: tuple[Hashable, ...]) -> Node:
        """a + b + c as (a + b) + c, which begins with a positive term if one of two is."""
        terms = list(zip(inputs, signs, strict=True))
        if terms[0][1] != 1 and terms[1][1] == 1:
            terms[:2] = terms[1::-1]
        (left, sign), *rest = terms
        for right, after in rest:
            spans = self.spans if left.places or right.places else ()
            node = self._node(op, (left, right), spans, (sign, after))
            left = Placed(node, (0,) if spans else ())
            sign = 1
        return left.node

    def _node(
        self,
        op: str,
        inputs: tuple[Placed, ...],
        spans: tuple[Span, ...],
        data: tuple[Hashable, ...],
    ) -> Node:
        key = (op, inputs, spans, data)
        if key not in self.known:
            self.known[key] = Node(op, inputs, spans, data)
        return self.known[key]


def _leaves_largest_out(terms: Node, index: Node) -> bool:
    """Whether the terms are e^{w − max w}, or that at a temperature; the index is that of max w."""
    if index.op != "argmax" or terms.op not in ("exp", "exp_quotient"):
        return False
    difference = terms.inputs[0].node
    if difference.op != "add" or len(difference.inputs) != 2 or difference.data != (1, -1):
        return False
    power, shift = (p.node for p in difference.inputs)
    if shift.op not in _SHIFTS or power is not index.inputs[0].node:
        return False
    top = shift.inputs[0].node
    return top.op == "max" and top.inputs[0].node is power


def _with_free_shift(program: Program) -> Program:
    """Where a shift only serves exponentials, it is free: it need not be the largest term."""
    users = _users(program)
    changed: dict[Node, Node] = {}
    for shift in [n for n in program.nodes() if n.op == "shift"]:
        top = shift.inputs[0].node
        differences = users[shift]
        exps = [user for d in differences for user in users.get(d, [])]
        free = top.op == "max" and users[top] == [shift]
        of_same = all(
            d.op == "add" and d.data == (1, -1) and d.inputs[0].node is top.inputs[0].node
            for d in differences
        )
        if free and of_same and exps and all(e.op == "exp" for e in exps):
            (power,) = top.inputs
            for e in exps:
                changed[e] = Node("exp_terms", (replace(power, places=(0,)),), e.spans)
                for total in [n for n in users.get(e, []) if n.op == "sum"]:
                    changed[total] = Node("exp_total", (Placed(changed[e], (0,)),), ())
    return _replaced(program, changed) if changed else program


def _with_log_sums(program: Program) -> Program:
    """s + log1p(e^{max − s} − 1 + Σ of the smaller e^{w − s}) is log Σ e^w, for any shift s."""
    users = _users(program)
    changed: dict[Node, Node] = {}
    for rest in [n for n in program.nodes() if n.op == "log1p"]:
        parts = {p.node.op: p.node for p in rest.inputs[0].node.inputs}
        if set(parts) != {"expm1", "sum_of_smaller"} or rest.inputs[0].node.op != "add":
            continue
        terms = parts["sum_of_smaller"].inputs[0].node
        if terms.op != "exp":
            continue  # at a temperature
        power, shift = terms.inputs[0].node.inputs
        loss = _label_loss(users, rest, terms)
        if loss:
            changed |= loss
            continue
        lesses = [n for n in users[rest] if _subtracts(n, shift.node)]
        below = [u for n in users[shift.node] if n.spans for u in users[n]]
        each = lesses == users[rest] and all(n in (terms, *lesses) for n in below)
        kind = "each" if each else "close" if shift.node.op == "shift" else "far"
        made = Placed(Node("log_sums", (power,), (), (kind,)), ())
        if len(users[terms]) > 1 and kind != "far":  # the terms are wanted as well
            made = Placed(Node("exp_log_terms", (replace(power, places=(0,)),), terms.spans), (0,))
            changed[terms] = made.node
            totals = [n for n in users[terms] if n.op == "sum"]
            changed |= dict.fromkeys(totals, Node("exp_total", (made,), ()))
        changed[shift.node] = Node("log_shift", (made,), ())
        changed[rest] = Node("log_rest", (made,), ())
        for less in lesses:
            two = (Placed(changed[shift.node], ()), Placed(changed[rest], ()))
            changed[less] = Node("less", (less.inputs[0].node.inputs[0], *two), less.spans)
    return _replaced(program, changed) if changed else program


def _label_loss(users: dict[Node, list[Node]], rest: Node, terms: Node) -> dict[Node, Node]:
    """Changes where log Σ e^w is only there for s + rest − w_c: terms e^{w − s} serve as well."""
    power, shift = terms.inputs[0].node.inputs
    loss = users[rest][0]
    signs = dict(zip((p.node for p in loss.inputs), loss.data, strict=False))
    logits = [n for n in signs if n.op == "take" and n.inputs[0].node is power.node]
    wanted = {rest: 1, shift.node: 1, **dict.fromkeys(logits, -1)}
    if loss.op != "add" or len(users[rest]) != 1 or len(logits) != 1 or signs != wanted:
        return {}
    made = Placed(Node("exp_terms", (replace(power, places=(0,)),), terms.spans), (0,))
    index = logits[0].inputs[1]
    others = Node("sum_except", (made, index), ())
    changed = {terms: made.node, shift.node: Node("log_shift", (made,), ())}
    for node in users[terms]:
        if node.op == "sum":
            changed[node] = Node("exp_total", (made,), ())
        elif node.op == "sum_except" and node.inputs[1] == index:
            changed[node] = others
    parts = logits[0], Node("take", (made, index), ()), others, changed[shift.node]
    return changed | {loss: Node("label_loss", tuple(Placed(n, ()) for n in parts), ())}


def _subtracts(node: Node, shift: Node) -> bool:
    """Whether a node is (w − s) − rest, for rows w."""
    before = node.inputs[0].node
    return (
        bool(node.spans)
        and before.op == "add"
        and node.data == before.data == (1, -1)
        and before.inputs[1].node is shift
    )


def _users(program: Program) -> dict[Node, list[Node]]:
    """The nodes that have each node as an input."""
    users: dict[Node, list[Node]] = {}
    for node in program.nodes():
        for placed in node.inputs:
            users.setdefault(placed.node, []).append(node)
    return users


def _with_smaller(program: Program) -> Program:
    """In log1p(e^{max − s} − 1 + Σ of the others) the others add up what is smaller than 1."""
    changed: dict[Node, Node] = {}
    for rest in [n for n in program.nodes() if n.op == "log1p"]:
        total = rest.inputs[0].node
        parts = {p.node.op: p.node for p in total.inputs}
        if total.op != "add" or set(parts) != {"expm1", "sum_except"}:
            continue
        others = parts["sum_except"]
        if _leaves_largest_out(others.inputs[0].node, others.inputs[1].node):
            smaller = Node("sum_of_smaller", others.inputs[:1], others.spans)
            inputs = (replace(p, node=smaller) if p.node is others else p for p in total.inputs)
            changed[total] = replace(total, inputs=tuple(inputs))
    return _replaced(program, changed) if changed else program


def _with_arguments_untouched(program: Program) -> Program:
    """Sums without one term must leave an argument as it is at every moment."""
    changed = {}
    for node in [n for n in program.nodes() if n.op == "sum_except"]:
        terms = node.inputs[0]
        if terms.node.op == "argument":
            sums = [n for n in _users(program)[terms.node] if n.op == "sum"]
            total = Placed((sums or [Node("sum", (terms,), ())])[0], ())
            changed[node] = replace(node, op="sum_beside", inputs=(*node.inputs, total))
    return _replaced(program, changed) if changed else program


def _with_losses(program: Program) -> Program:
    """Σ w (s + rest − z), where s + rest is log Σ e^z, as one reduction."""
    used = uses(program)
    changed = {}
    for total in [n for n in program.nodes() if n.op == "sum"]:
        weighted = total.inputs[0].node
        if weighted.op != "weighted" or used[weighted] > 1:
            continue
        weight, loss = weighted.inputs
        if loss.node.op != "add" or loss.node.data != (1, 1) or used[loss.node] > 1:
            continue
        before, rest = loss.node.inputs
        if before.node.op == "add" and before.node.data == (1, -1) and rest.node.op == "log_rest":
            shift, power = before.node.inputs
            if shift.node.op == "log_shift" and shift.node.inputs == rest.node.inputs:
                inputs = (weight, power, shift, rest)
                changed[total] = Node("weighted_losses", inputs, ())
    return _replaced(program, changed) if changed else program


def _with_known_places(program: Program) -> Program:
    """Where the place of the largest term is asked for anyway, log Σ e^z uses it."""
    found = {n.inputs[0].node: n for n in program.nodes() if n.op == "argmax"}
    changed = {
        n: replace(n, inputs=(*n.inputs, Placed(found[n.inputs[0].node], ())))
        for n in program.nodes()
        if n.op == "exp_log_terms" and n.inputs[0].node in found
    }
    return _replaced(program, changed) if changed else program


def _with_copies(program: Program) -> Program:
    """Where an operation changes its terms that others need, too, it gets a copy."""
    used = uses(program)
    changed = {}
    for node in program.nodes():
        terms = node.inputs[0] if node.op == "sum_of_smaller" else None
        if terms is not None and used[terms.node] > 1:
            own = Node("copy", (replace(terms, places=(0,)),), terms.node.spans)
            changed[node] = replace(node, inputs=(replace(terms, node=own),))
    return _replaced(program, changed) if changed else program


def _replaced(program: Program, changed: dict[Node, Node]) -> Program:
    """The program with some nodes exchanged."""
    done: dict[Node, Node] = dict(changed)

    def made(node: Node) -> Node:
        if node not in done:
            inputs = tuple(replace(p, node=made(p.node)) for p in node.inputs)
            done[node] = node if inputs == node.inputs else replace(node, inputs=inputs)
        return done[node]

    return replace(
        program,
        results=tuple(map(made, program.results)),
        hints={made(n): name for n, name in program.hints.items()},
        names={made(n): name for n, name in program.names.items()},
    )


def uses(program: Program) -> Counter[Node]:
    """How often each node is an input."""
    return Counter(p.node for node in program.nodes() for p in node.inputs)
