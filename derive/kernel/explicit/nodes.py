"""How each node of the language is evaluated: one maker of closures for each kind."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy
from sympy.core.function import AppliedUndef

from derive.kernel.explicit import arrays, binders, jets
from derive.kernel.explicit.exact import Undefined, Unsupported
from derive.kernel.explicit.points import Code, Scope, State, shift
from derive.kernel.language import (
    Cases,
    Expr,
    Indexed,
    Indicator,
    KroneckerDelta,
    Partial,
    Product,
    Sum,
)
from derive.kernel.matrices import Component, Entry

if TYPE_CHECKING:
    from derive.kernel.explicit.evaluate import Compiler


def _number(c: Compiler, expr: Expr, scope: Scope) -> Code:
    if expr.is_Integer:
        whole = int(expr)
        return lambda s: whole
    exact = sympy.Rational(str(expr)) if expr.is_Float else expr
    if not exact.is_Rational:
        return _undefined(c, expr, scope)
    value = Fraction(int(exact.p), int(exact.q))
    return lambda s: s.arithmetic.number(value)


def _undefined(c: Compiler, expr: Expr, scope: Scope) -> Code:
    def run(s: State) -> Any:
        raise Undefined(f"{expr} is not a real number")

    return run


def _symbol(c: Compiler, expr: Any, scope: Scope) -> Code:
    if expr in scope:
        return lambda s: s.letters[expr]
    definition = c.context.definition_of(expr)
    if definition is not None:
        return c.named(definition, ())
    c.survey.symbols.add(expr)
    key = (c.declare(expr), ())

    def run(s: State) -> Any:
        value = s.globals[expr]
        return shift(s, key, value) if s.shifted else value

    return run


def _component(c: Compiler, expr: Any, scope: Scope) -> Code:
    indices = tuple(c.whole(a, scope) for a in expr.indices)
    definition = c.context.definition_of(expr)
    if definition is not None:
        return c.named(definition, indices)
    name = c.declare(expr.base)
    c.survey.bases[name] = (expr.base, len(indices))

    def run(s: State) -> Any:
        key = (name, tuple([a(s) for a in indices]))
        value = s.component(key)
        return shift(s, key, value) if s.shifted else value

    return run


def _call(c: Compiler, expr: Any, scope: Scope) -> Code:
    definition = c.context.definition_of(expr)
    if definition is None:
        raise Unsupported(f"the function {expr.func} is not defined")
    return c.named(definition, tuple(c.compile(a, scope) for a in expr.args))


# ---- arithmetic -----------------------------------------------------------------------------


def _add(c: Compiler, expr: Expr, scope: Scope) -> Code:
    first, *rest = [c.compile(a, scope) for a in expr.args]

    def run(s: State) -> Any:
        total = first(s)
        for code in rest:
            total = total + code(s)
        return total

    return run


def _mul(c: Compiler, expr: Expr, scope: Scope) -> Code:
    first, *rest = [c.compile(a, scope) for a in expr.args]

    def run(s: State) -> Any:
        total = first(s)
        for code in rest:
            total = total * code(s)
        return total

    return run


def _pow(c: Compiler, expr: Expr, scope: Scope) -> Code:
    if expr.base == sympy.E:
        return _exp(c, sympy.exp(expr.exp, evaluate=False), scope)
    base, exponent = c.compile(expr.base, scope), c.compile(expr.exp, scope)
    if not expr.exp.is_Number:
        c.survey.powers.append(expr.exp)
    if expr.exp == -1:
        return lambda s: jets.inverse(s.arithmetic, base(s))
    return lambda s: jets.power(s.arithmetic, base(s), exponent(s))


def _exp(c: Compiler, expr: Expr, scope: Scope) -> Code:
    argument = sympy.Integer(1) if expr == sympy.E else expr.args[0]
    c.survey.exponents.append(argument)
    code = c.compile(argument, scope)
    return lambda s: jets.exp(s.arithmetic, code(s))


def _log(c: Compiler, expr: Expr, scope: Scope) -> Code:
    if len(expr.args) != 1:
        raise Unsupported(f"a logarithm with a base: {expr}")
    code = c.compile(expr.args[0], scope)
    return lambda s: jets.log(s.arithmetic, code(s))


def _factorial(c: Compiler, expr: Expr, scope: Scope) -> Code:
    code = c.compile(expr.args[0], scope)
    return lambda s: s.arithmetic.factorial(code(s))


def _as_exp(c: Compiler, expr: Expr, scope: Scope) -> Code:
    return c.compile(expr.rewrite(sympy.exp), scope)


def _as_factorials(c: Compiler, expr: Expr, scope: Scope) -> Code:
    return c.compile(expr.rewrite(sympy.factorial), scope)


def _pi(c: Compiler, expr: Expr, scope: Scope) -> Code:
    return lambda s: s.arithmetic.pi()


def _abs(c: Compiler, expr: Expr, scope: Scope) -> Code:
    code = c.compile(expr.args[0], scope)

    def run(s: State) -> Any:
        value = code(s)
        sign = s.arithmetic.sign(jets.main(value))
        if sign == 0 and type(value) is jets.Jet:
            raise Undefined("the derivative of |x| at 0")
        return value * sign

    return run


def _largest(direction: int) -> Any:
    def make(c: Compiler, expr: Expr, scope: Scope) -> Code:
        first, *rest = [c.compile(a, scope) for a in expr.args]

        def run(s: State) -> Any:
            best = first(s)
            for code in rest:
                value = code(s)
                over = s.arithmetic.sign(jets.main(value) - jets.main(best))
                if over == 0 and jets.Jet in (type(value), type(best)):
                    raise Undefined("the derivative of a maximum at a tie")
                best = value if over == direction else best
            return best

        return run

    return make


def maker(expr: Expr) -> Any:
    """What makes the closure for this node. Raises Unsupported for unknown nodes."""
    if expr.is_Integer:
        return _number
    made = _MAKERS.get(type(expr)) or next(
        (m for kind, m in _MAKERS.items() if isinstance(expr, kind)), None
    )
    if made is None:
        raise Unsupported(f"{type(expr).__name__} has no value in the second route: {expr}")
    return made


_MAKERS: dict[Any, Any] = {
    sympy.Add: _add,
    sympy.Mul: _mul,
    sympy.Pow: _pow,
    sympy.Symbol: _symbol,
    Indexed: _component,
    Sum: binders.ranged,
    Product: binders.ranged,
    Partial: binders.partial,
    Cases: binders.cases,
    Indicator: binders.indicator,
    KroneckerDelta: binders.delta,
    sympy.exp: _exp,
    type(sympy.E): _exp,
    sympy.log: _log,
    sympy.factorial: _factorial,
    sympy.binomial: _as_factorials,
    sympy.Abs: _abs,
    sympy.Max: _largest(1),
    sympy.Min: _largest(-1),
    sympy.tanh: _as_exp,
    sympy.sinh: _as_exp,
    sympy.cosh: _as_exp,
    type(sympy.pi): _pi,
    type(sympy.nan): _undefined,
    type(sympy.zoo): _undefined,
    type(sympy.I): _undefined,
    type(sympy.oo): _undefined,
    type(-sympy.oo): _undefined,
    sympy.Number: _number,
    AppliedUndef: _call,
    Component: arrays.component,
    Entry: arrays.entry,
}
