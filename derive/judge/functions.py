"""The functions that everybody knows, with their definitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import cosh, sinh, sqrt, tanh

from derive.judge.values import Meaning, Tensor, Value, contracted, elementwise
from derive.kernel.language import Expr, Partial, Symbol, exp
from derive.kernel.language import log as kernel_log


def log(x: Expr) -> Expr:
    """The natural logarithm, left as it is where the kernel has to see its argument."""
    return kernel_log(x)


def sigmoid(x: Expr) -> Expr:
    return 1 / (1 + exp(-x))


def _softplus(x: Expr) -> Expr:
    return kernel_log(1 + exp(x))


ELEMENTWISE: dict[str, Callable[[Any], Any]] = {
    "log": log, "exp": exp, "tanh": tanh, "sinh": sinh, "cosh": cosh, "sqrt": sqrt,
    "sech": lambda x: 1 / cosh(x), "coth": lambda x: cosh(x) / sinh(x),
    "sigmoid": sigmoid, "sigma": sigmoid, "softplus": _softplus, "zeta": _softplus,
    "logsigmoid": lambda x: kernel_log(sigmoid(x)), "logit": lambda x: kernel_log(x / (1 - x)),
    "log2": lambda x: kernel_log(x) / kernel_log(2),
    "log10": lambda x: kernel_log(x) / kernel_log(10),
}  # fmt: skip


def _total_exp(v: Tensor, before: tuple[Expr, ...]) -> Expr:
    return contracted(lambda k: exp(v.entry((*before, k))), v.axes[-1])


def _rows(f: Callable[[Tensor, tuple[Expr, ...]], Expr]) -> Callable[[Tensor], Value]:
    def make(v: Tensor) -> Value:
        return Tensor(v.axes, lambda w: f(v, w), v.row)

    return make


def _softmax(v: Tensor, w: tuple[Expr, ...]) -> Expr:
    return exp(v.entry(w)) / _total_exp(v, w[:-1])


def _log_softmax(v: Tensor, w: tuple[Expr, ...]) -> Expr:
    return v.entry(w) - kernel_log(_total_exp(v, w[:-1]))


def _logsumexp(v: Tensor) -> Value:
    if v.rank == 1:
        return kernel_log(_total_exp(v, ()))
    return Tensor(v.axes[:-1], lambda w: kernel_log(_total_exp(v, w)))


OF_VECTORS: dict[str, Callable[[Tensor], Value]] = {
    "softmax": _rows(_softmax), "logsoftmax": _rows(_log_softmax), "logsumexp": _logsumexp,
    "sigma": _rows(_softmax), "varsigma": _rows(_softmax),
}  # fmt: skip
NAMES = {*ELEMENTWISE, *OF_VECTORS, "relu"}


def apply(name: str, value: Value) -> Value:
    """A known function of a number, or of a vector."""
    if isinstance(value, Tensor) and name in OF_VECTORS:
        return OF_VECTORS[name](value)
    if name in ELEMENTWISE:
        return elementwise(ELEMENTWISE[name], value)
    raise Meaning(f"{name} of a number is not defined")


def derivative(body: Expr, x: Symbol) -> Expr:
    """f′ as a function of its argument, by SymPy where it is a plain function of one number."""
    if body.has(Partial) or not body.free_symbols <= {x}:
        plain = body.diff(x) if not body.atoms(Partial) else None
        if plain is None:
            raise Meaning("′ of something that is already differentiated")
        return plain
    return body.diff(x)


__all__ = ["ELEMENTWISE", "NAMES", "apply", "derivative", "log"]
