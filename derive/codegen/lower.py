"""From an indexed expression to an array program: each index becomes an axis.

``lower`` reads a numerical form node by node. Indices become trailing axes in the order of the
specification, bound indices are summed away, a case ``i = j`` becomes an update of the diagonal,
and what does not depend on an index is broadcast along it. Names that the derivation defines are
computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import E, Number, NumberSymbol, oo
from sympy.core.function import AppliedUndef

from derive.codegen.program import Argument, Array, Node, Program, Span, Workshop
from derive.codegen.stabilise import Choice, Numerical
from derive.errors import LoweringError
from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Cases,
    Expr,
    Indexed,
    Mul,
    Symbol,
    exp,
    free_indices,
    fresh,
    walk,
)
from derive.kernel.matrices import scalars
from derive.kernel.step import FunctionSpec, Option
from derive.notation import Domain, Quantity, base_of

Env = Mapping[Symbol, Span]
Visit = Callable[["Lowering", Any, Env], Array]

# node type → how it is lowered; filled by @lowers in the modules of this package
HANDLERS: dict[type, Visit] = {}


def lowers(*types: type) -> Callable[[Visit], Visit]:
    """Declare how nodes of these types are lowered."""

    def declare(visit: Visit) -> Visit:
        HANDLERS.update(dict.fromkeys(types, visit))
        return visit

    return declare


@dataclass
class Lowering:
    """What one function knows while it is lowered."""

    spec: FunctionSpec
    context: Context
    choices: Mapping[Expr, Choice]
    arguments: dict[Expr, Argument]
    work: Workshop = field(default_factory=Workshop)
    logits: frozenset[Expr] = frozenset()

    def visit(self, expr: Expr, env: Env) -> Array:
        """The array of an expression, one axis for each of its indices in ``env``."""
        for kind in type(expr).__mro__:
            if kind in HANDLERS:
                return HANDLERS[kind](self, expr, env)
        raise self.error(expr, "has no translation to NumPy")

    def scope(self, expr: Expr, env: Env) -> Array:
        """The same, after splitting into cases by indices that may coincide."""
        from derive.codegen.lower_cases import split_cases

        split = split_cases(self, expr, env)
        return self.visit(expr, env) if split is None else split

    def error(self, expr: Any, why: str, hint: str = "") -> LoweringError:
        """A LoweringError that says which function and which part of its formula."""
        return LoweringError(
            f"{self.spec.name}: {expr} {why}\n  in the formula: {self.spec.value}",
            hint=hint
            or "rewrite the result with sums, products, powers, exp, log and cases on "
            "indices, or give d.function(…, value=…) a formula that has them",
        )

    def letter(self, like: Symbol, expr: Expr, env: Env) -> Symbol:
        """A new index that is not in use, bound after all others."""
        index = fresh(like, expr, like, *env, *self.arguments, *self.choices)
        self.work.bind(index)
        return index

    def covers(self, span: Span, label: Expr) -> bool:
        """Whether an axis has a place for every value of a label."""
        values = self.context.range_of(label) if isinstance(label, Symbol) else None
        return span.lower == 1 and (span.upper == values.upper if values else span.upper.is_Symbol)

    def is_label(self, index: Expr) -> bool:
        """Whether an index is an argument that holds class labels."""
        argument = self.arguments.get(base_of(index))
        return argument is not None and argument.kind == "label"


def lower(spec: FunctionSpec, forms: Sequence[Numerical]) -> Program:
    """The array program of the numerical forms of a function's results. Raises LoweringError."""
    # Importing them registers what they lower; at the top they would import this module in turn.
    from derive.codegen import (  # noqa: F401
        lower_cases,
        lower_indices,
        lower_logarithms,
        lower_products,
        lower_sums,
    )

    bodies = [
        d.body
        for form in forms
        for d in form.derivation.context.definitions
        if d.name not in spec.arguments
    ]
    everything = (*(f.value for f in forms), *bodies)
    work = Workshop()
    nodes = []
    for output, form in zip(spec.outputs, forms, strict=True):
        low = Lowering(spec.part(output), form.derivation.context, form.choices, {}, work)
        for symbol in spec.arguments:
            low.arguments[symbol] = _argument(low, symbol, everything)
        low.logits = frozenset(b for e in everything for b in _logits(e))
        nodes.append(_lowered(low, form.value))
    arguments = tuple(low.arguments.values())
    names = tuple(o.name for o in spec.outputs)
    return Program(arguments, tuple(nodes), names, work.hints, work.names)


def _lowered(low: Lowering, value: Expr) -> Node:
    """The node of one result, its axes in the order of the specification."""
    axes = low.spec.axes
    low.work.order.update({s: n for n, s in enumerate(axes)})
    env = {s: _span_of(low, s) for s in axes}
    result = low.scope(scalars(value), env)
    stray = set(result.indices) - set(axes)
    if stray:
        raise low.error(low.spec.value, f"has the loose indices {sorted(map(str, stray))}")
    spans = tuple(env[s] for s in axes)
    if result.indices != axes or result.node.op in ("argument", "view", "constant"):
        placed = low.work.place(result, axes)
        result = Array(low.work.node("spread", (placed,), spans), axes)
    return result.node


def _span_of(low: Lowering, index: Symbol) -> Span:
    span = low.context.range_of(index)
    if span is None:
        raise low.error(index, "has no range", hint=f"declare it: d.range({index}, 1, K)")
    return Span(span.lower, span.upper)


_KINDS = {
    Domain.COUNT: "count",
    Domain.LABEL: "count",
    Domain.POSITIVE: "positive",
    Domain.NONNEGATIVE: "nonnegative",
    Domain.UNIT: "share",
}


def _domain_kind(quantity: Quantity, option: Option | None) -> str:
    """The kind that the domain of an argument asks for."""
    wanted = option.domain if option is not None else None
    return _KINDS.get(wanted or quantity.domain, "real")


def _argument(low: Lowering, symbol: Expr, everything: Sequence[Expr]) -> Argument:
    """What the notation says about an argument."""
    quantity = low.context.quantity(symbol)
    if quantity is None:
        raise low.error(
            symbol,
            "is an argument that is not declared",
            hint=f"declare it: d.quantity(Quantity({symbol}, meaning, Domain.REAL, shape))",
        )
    option = low.spec.options.get(symbol) if isinstance(symbol, Symbol) else None
    kind = _domain_kind(quantity, option)
    labels = quantity.domain is Domain.LABEL and low.context.range_of(symbol) is not None
    if labels or any(symbol in _index_bases(e) for e in everything):
        kind = "label"
    elif quantity.domain is Domain.LABEL and any(
        symbol in r.upper.free_symbols for r in low.context.ranges.values()
    ):
        kind = "size"
    elif quantity.shape and kind != "count":
        kind = "real"
    if kind == "share" and option is None:
        kind = "real"  # entry by entry, what lies outside gives NaN
    return Argument(option.keyword if option else str(symbol), tuple(quantity.shape), kind)


def _index_bases(expr: Expr) -> set[Expr]:
    """The symbols in index places: ``c`` in ``z[c]``, and ``c`` in ``z[c[n]]`` too."""
    found: set[Expr] = set(free_indices(expr))
    for node in walk(expr):
        if isinstance(node, Indexed):
            found |= {base_of(i) for i in node.indices}
    return found


def _logits(expr: Expr) -> set[Expr]:
    """The quantities that stand bare in exponents: their entries may be -inf."""
    return {b for n in walk(expr) if isinstance(n, exp) for b in _bare(n.args[0])}


def _bare(power: Expr) -> set[Expr]:
    if isinstance(power, Cases):
        return {b for value, _ in power.pairs for b in _bare(value)}
    if isinstance(power, Add | Mul):
        return {b for part in power.args for b in _bare(part)}
    return {power.base} if isinstance(power, Indexed) else set()


@lowers(Number, NumberSymbol)
def number(low: Lowering, expr: Expr, env: Env) -> Array:
    """A number as it stands; −∞ is what a term left out counts where a maximum is looked for."""
    if not expr.is_finite and expr != -oo:
        raise low.error(expr, "is not a finite number")
    return low.work.constant(expr)


@lowers(type(E))
def euler(low: Lowering, expr: Expr, env: Env) -> Array:
    """The number e."""
    return low.work.constant(expr)


@lowers(Symbol)
def symbol(low: Lowering, expr: Expr, env: Env) -> Array:
    """An argument, a chosen shift, a defined name, an index as a number, or a size."""
    if expr in low.choices:
        return low.choices[expr].lowered(low, expr, env)
    if expr in low.arguments:
        argument = low.arguments[expr]
        if argument.kind == "size":
            return Array(low.work.node("size", data=(expr,)))
        return Array(low.work.node("argument", data=(argument.name,)))
    definition = low.context.definition_of(expr)
    if definition is not None:
        array = low.scope(scalars(definition.body), env)
        low.work.hints.setdefault(array.node, str(expr))
        return array
    if expr in env:
        node = low.work.node("positions", (), (env[expr],))
        return Array(node, (expr,))
    lengths = {s for a in low.arguments.values() for e in a.lengths for s in e.free_symbols}
    if expr in lengths:
        return Array(low.work.node("size", data=(expr,)))
    raise low.error(
        expr,
        "is neither an argument nor defined",
        hint=f"add {expr} to the arguments of d.function",
    )


@lowers(AppliedUndef)
def applied(low: Lowering, expr: Expr, env: Env) -> Array:
    """A function that the derivation defines, at these arguments."""
    definition = low.context.definition_of(expr)
    if definition is None:
        raise low.error(expr, "is a function that nothing defines", hint="define it with d.define")
    return low.scope(scalars(definition.applied(expr)), env)
