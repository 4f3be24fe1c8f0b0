"""Definitions as the kernel has them, entered into a scope."""

from __future__ import annotations

from derive.judge import tree
from derive.judge.declarations import Declared
from derive.judge.elaborate import Elaborator
from derive.judge.patterns import free_letters
from derive.judge.scope import Function, Scope, numeric_only
from derive.judge.state import PLAIN, BySign
from derive.judge.tree import Name
from derive.judge.values import Concrete, Meaning, Tensor, Value, listed
from derive.kernel.facts import Definition
from derive.kernel.language import Expr, Indexed, Integer, Symbol, free_indices, walk
from derive.notation import K, base_of, index

MAX_COMPONENTS = 64


class Circular(Meaning):
    """A definition that leads back to itself: the later line is then a claim."""


def register_function(scope: Scope, d: Declared) -> None:
    parameters = tuple(a.text for a in d.arguments or () if isinstance(a, Name))
    inside = free_letters(d.body)
    letters = tuple(i.text for i in d.indices if isinstance(i, Name))
    component = tuple(x for x in letters if x in inside) if d.before else letters
    scope.functions[d.name] = Function(parameters, d.body, component, d.before)


def register_quantity(scope: Scope, d: Declared) -> None:
    letters = [i.text for i in d.indices if isinstance(i, Name)]
    plain = not letters and numeric_only([d.body])
    reader = Elaborator(scope, -d.claim, outside=frozenset(letters), scalars_only=plain)
    reader.called = tree.called(d.body)
    own = [index(x) for x in letters]
    for n, symbol in enumerate(own):
        reader.places[symbol] = [(d.name, n)]
    try:
        value = _value(reader, d)
    except BySign:
        if letters:
            raise
        scope.functions[d.name] = Function((), d.body)
        return
    except Concrete as need:
        if len(letters) != 1 or need.length > MAX_COMPONENTS:
            raise
        numbers = [reader._with(letters[0], Integer(n), d.body) for n in range(1, need.length + 1)]
        scope.concrete[d.name] = listed(numbers)
        scope.arity.pop(d.name, None)
        scope.definitions.pop(d.name, None)
        return
    if letters:
        if isinstance(value, Tensor):
            raise Meaning("a component that is a vector")
        scope.arity[d.name] = len(letters)
        base = scope.base(d.name)
        lhs = base[tuple(own) if len(own) > 1 else own[0]]
        _add(scope, d, lhs, value, own)
    elif isinstance(value, Tensor):
        _register_tensor(scope, d, value)
    elif d.name in scope.arity:  # z = wx beside z_i: the letter stands for something else
        scope.definitions[d.name + PLAIN] = Definition(scope.plain(d.name), value)
    else:
        _add(scope, d, scope.scalar(d.name), value, [])


def _value(reader: Elaborator, d: Declared) -> Value:
    """What a definition says; with row vectors where columns do not fit, as in z = xW + b."""
    try:
        return reader.value(d.body)
    except BySign:
        raise
    except Meaning:
        if d.indices:
            raise
        reader.rows = True
        return reader.value(d.body)


def _add(scope: Scope, d: Declared, lhs: Expr, body: Expr, own: list[Symbol]) -> None:
    loose = free_indices(body) - set(own)
    loose = {s for s in loose if s.name.islower() and (s.name in scope.letters or "_" in s.name)}
    if base_of(lhs) in reached(body, scope) or (isinstance(body, Symbol) and body == lhs):
        raise Circular("defined by itself")
    if loose:  # −log p_c for the right class c
        scope.arity.pop(d.name, None)
        scope.functions[d.name] = Function((), d.body, tuple(s.name for s in own))
        return
    scope.definitions[d.name] = Definition(lhs, body)


def reached(expr: Expr, scope: Scope) -> set[object]:
    """Every name that an expression rests on, through definitions."""
    by_name = {d.name: d for d in scope.definitions.values()}
    found: set[object] = set()
    left = [expr]
    while left:
        for node in walk(left.pop()):
            name = base_of(node) if isinstance(node, Symbol | Indexed) else None
            if name is not None and name not in found:
                found.add(name)
                if name in by_name:
                    left.append(by_name[name].body)
    return found


def _register_tensor(scope: Scope, d: Declared, value: Tensor) -> None:
    if all(a.length is not None for a in value.axes):
        scope.concrete[d.name] = value
        scope.arity.pop(d.name, None)
        return
    scope.arity[d.name] = value.rank
    for n, axis in enumerate(value.axes):
        if isinstance(axis.upper, Symbol) and axis.upper != K:
            scope.axes.join((d.name, n), ("size", axis.upper.name))
    own = tuple(index(x) for x in ("i", "j", "k")[: value.rank])
    body = value.entry(own)
    base = scope.base(d.name)
    if base in reached(body, scope):
        raise Circular("defined by itself")
    scope.definitions[d.name] = Definition(base[own if len(own) > 1 else own[0]], body)
