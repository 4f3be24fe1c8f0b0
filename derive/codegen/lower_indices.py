"""Components: an index becomes an axis, a constant a position, a class label a look-up."""

from __future__ import annotations

from keyword import iskeyword

from sympy import Integer

from derive.codegen.formula import GREEK, MARKS
from derive.codegen.lower import Env, Lowering, lowers
from derive.codegen.program import Array, Placed, Span
from derive.kernel.facts import Definition
from derive.kernel.language import Expr, Indexed, Symbol
from derive.kernel.matrices import scalars
from derive.notation import base_of

Axis = tuple[str, int, int]


@lowers(Indexed)
def component(low: Lowering, expr: Expr, env: Env) -> Array:
    """A component of an argument, of a defined quantity, or a chosen shift."""
    base = base_of(expr)
    if base in low.choices:
        return low.choices[base].lowered(low, expr, env)
    if base in low.arguments:
        return _argument_component(low, expr, env)
    definition = low.context.definition_of(expr)
    if definition is None:
        raise low.error(
            expr,
            "is neither an argument nor defined",
            hint=f"add {base} to the arguments of d.function, or define it with d.define",
        )
    if all(s in env for s in expr.indices) and len(set(expr.indices)) == len(expr.indices):
        return _named(low, expr, definition, env)
    if len(expr.indices) == 1 and expr.indices[0] in low.choices:
        return _labelled(low, expr, 0, env)  # the largest of them
    return low.scope(scalars(definition.applied(expr)), env)


def _named(low: Lowering, expr: Indexed, definition: Definition, env: Env) -> Array:
    """A defined quantity: one array in its own order of axes, whatever its indices are called."""
    own = [
        Symbol(f"{expr.base}.{p}", integer=True, positive=True) for p in range(len(expr.indices))
    ]
    for symbol in own:
        low.work.bind(symbol)
    inner = {a: env[s] for a, s in zip(own, expr.indices, strict=True)}
    array = low.scope(scalars(definition.applied(expr.base[tuple(own)])), inner)
    called = dict(zip(own, expr.indices, strict=True))
    if len(array.indices) == len(own):
        array = low.work.ordered(array, tuple(own))
        low.work.hints.setdefault(array.node, code_name(str(expr.base)))
    return Array(array.node, tuple(called[s] for s in array.indices))


def code_name(name: str) -> str:
    """The name of a quantity as a Python name: without the tilde of a shifted copy."""
    stem = name.rstrip(MARKS)
    stem = next((long for long, letter in GREEK.items() if letter == stem), stem)
    return stem if stem.isidentifier() and not iskeyword(stem) else "value"


def _argument_component(low: Lowering, expr: Expr, env: Env) -> Array:
    """``z[i]``, ``z[i + 1]``, ``z[K]``, ``W[i, d]``, ``z[c]``, ``A[i, i]`` of an argument."""
    base = base_of(expr)
    lengths = low.arguments[base].lengths
    if len(lengths) != len(expr.indices):
        raise low.error(
            expr,
            f"has {len(expr.indices)} indices where {base} has {len(lengths)} axes",
            hint=f"declare its shape: d.quantity(Quantity({base}, meaning, domain, shape))",
        )
    spans = tuple(Span(Integer(1), n) for n in lengths)
    array = low.work.node("argument", (), spans, (low.arguments[base].name,))
    for place, index in enumerate(expr.indices):
        if _by_label(low, index):
            return _labelled(low, expr, place, env)
        if index in env and index in expr.indices[:place]:
            return _repeated(low, expr, expr.indices.index(index), place, env)
    axes = [_axis(low, expr, e, n, env) for e, n in zip(expr.indices, lengths, strict=True)]
    symbols = tuple(s for s, _, _ in axes if s is not None)
    kept = tuple(s for _, s, _ in axes if s is not None)
    data = tuple(d for _, _, d in axes)
    if any(d != ("all", 0, 0) for d in data):
        own = Placed(array, tuple(range(array.rank)))
        array = low.work.node("view", (own,), kept, data)
    return Array(array, symbols)


def _axis(
    low: Lowering, expr: Expr, index: Expr, length: Expr, env: Env
) -> tuple[Symbol | None, Span | None, Axis]:
    """What one index does to its axis: kept, cut at its ends, or a single position."""
    loops = [s for s in index.free_symbols if s in env]
    if not loops:
        from_end = index - length
        if isinstance(from_end, Integer) and from_end <= 0:
            return None, None, ("at", int(from_end) - 1, 0)
        if isinstance(index, Integer) and index >= 1:
            return None, None, ("at", int(index) - 1, 0)
        raise low.error(expr, f"has an index {index} whose place along an axis of {length} is open")
    offset = index - loops[0]
    span = env[loops[0]]
    start, stop = span.lower + offset - 1, span.upper + offset - length
    if len(loops) > 1 or not all(isinstance(e, Integer) for e in (offset, start, stop)):
        raise low.error(expr, f"has an index {index} that is not an index plus a whole number")
    if start < 0 or stop > 0:
        raise low.error(
            expr,
            f"runs outside of its axis 1, …, {length}, as {index} goes from {span.lower} to "
            f"{span.upper}",
            hint="declare the range of the index, or the shape of the quantity",
        )
    cut = ("all", 0, 0) if start == stop == 0 else ("slice", int(start), int(stop))
    return loops[0], span, cut


def _by_label(low: Lowering, index: Expr) -> bool:
    return index in low.choices or low.is_label(index)


def _open_axis(
    low: Lowering, expr: Expr, place: int, env: Env, like: Symbol
) -> tuple[Array, Symbol]:
    """The component with a fresh loop in this place, that loop's axis last."""
    loop = low.letter(like, expr, env)
    length = _lengths(low, expr)[place]
    indices = [loop if p == place else e for p, e in enumerate(expr.indices)]
    inner = {**env, loop: Span(Integer(1), length)}
    opened = low.visit(base_of(expr)[tuple(indices)], inner)
    return low.work.arrange(opened, loop), loop


def _lengths(low: Lowering, expr: Expr) -> tuple[Expr, ...]:
    """The lengths of the axes of an argument or of a defined quantity."""
    base = base_of(expr)
    if base in low.arguments:
        return low.arguments[base].lengths
    quantity = low.context.quantity(base)
    if quantity is None:
        raise low.error(base, "has no declared shape")
    return tuple(quantity.shape)


def _labelled(low: Lowering, expr: Expr, place: int, env: Env) -> Array:
    """The entry that a label (or the place of a maximum) selects."""
    index = expr.indices[place]
    like = Symbol("k", integer=True, positive=True)
    terms, _ = _open_axis(low, expr, place, env, like)
    label = low.visit(index, env)
    return pick(low, "take", terms, label)


def pick(low: Lowering, op: str, terms: Array, label: Array) -> Array:
    """An operation on the last axis of the terms at the place that a label names."""
    last = terms.indices[-1]
    spans = {s: a.node.spans[p] for a in (label, terms) for p, s in enumerate(a.indices)}
    rest = tuple(dict.fromkeys((*terms.indices[:-1], *label.indices)))
    inputs = (low.work.place(terms, (*rest, last)), low.work.place(label, rest))
    return Array(low.work.node(op, inputs, tuple(spans[s] for s in rest)), rest)


def _repeated(low: Lowering, expr: Expr, first: int, second: int, env: Env) -> Array:
    """``A[i, i]``: the diagonal."""
    if len(expr.indices) != 2 or expr.indices[0] not in env:
        raise low.error(expr, "repeats an index")
    row = expr.indices[0]
    column = low.letter(row, expr, env)
    both = low.visit(base_of(expr)[row, column], {**env, column: env[row]})
    own = Placed(both.node, (0, 1))
    return Array(low.work.node("diagonal", (own,), both.node.spans[:1]), (row,))
