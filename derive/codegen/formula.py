"""Formulas in one line of plain text, for docstrings."""

from __future__ import annotations

from sympy import default_sort_key
from sympy.core.relational import Relational

from derive.kernel.language import (
    Add,
    Cases,
    Expr,
    Indexed,
    Indicator,
    Integer,
    KroneckerDelta,
    Mul,
    Partial,
    Pow,
    Product,
    Ranged,
    Rational,
    exp,
    factorial,
    log,
)

GREEK = {
    "eta": "η", "phi": "φ", "tau": "τ", "gamma": "γ", "alpha": "α", "beta": "β", "theta": "θ",
    "lambda": "λ", "mu": "μ", "sigma": "σ", "epsilon": "ε", "pi": "π", "ell": "ℓ", "kappa": "κ",
}  # fmt: skip
MARKS = "\N{COMBINING TILDE}′'"  # what a name may bear at its end
SUM, PRODUCT, POWER, ATOM = 1, 2, 4, 5
_RELATIONS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}


def formula(expr: Expr) -> str:
    """The expression as text: ``p_i (δ_ij − p_j)``."""
    return _text(expr)[0]


def letter(name: object) -> str:
    """The name of a quantity, Greek where it has a Greek letter."""
    text = str(name)
    stem = text.rstrip(MARKS)
    return GREEK.get(stem, stem) + text[len(stem) :]


def _text(expr: Expr) -> tuple[str, int]:
    if isinstance(expr, Indexed):
        return letter(expr.base) + _subscript(expr.indices), ATOM
    if isinstance(expr, KroneckerDelta):
        return "δ" + _subscript(sorted(expr.args, key=default_sort_key)), ATOM
    if isinstance(expr, Add):
        return _sum(expr), SUM
    if isinstance(expr, Mul):
        return _product(expr)
    if isinstance(expr, Rational) and not isinstance(expr, Integer):
        return f"{expr.p}/{expr.q}".replace("-", "−"), PRODUCT
    if isinstance(expr, exp | log):
        return f"{'exp' if isinstance(expr, exp) else 'log'}({formula(expr.args[0])})", ATOM
    if isinstance(expr, factorial):
        return f"{_within(expr.args[0], ATOM)}!", ATOM
    if isinstance(expr, Pow):
        if expr.exp.is_negative and not expr.exp.is_Symbol:
            return _product(expr)
        return f"{_within(expr.base, ATOM)}^{_within(expr.exp, ATOM)}", POWER
    if isinstance(expr, Ranged):
        mark = "Π" if isinstance(expr, Product) else "Σ"
        return f"{mark}{_range(expr)} {_within(expr.body, PRODUCT)}", PRODUCT
    if isinstance(expr, Cases):
        pairs = "; ".join(f"{formula(f)} if {_relation(r)}" for f, r in expr.pairs)
        return f"{{{pairs}}}", ATOM
    if isinstance(expr, Indicator):
        return f"[{_relation(expr.relation)}]", ATOM
    if isinstance(expr, Partial):
        return f"∂/∂{formula(expr.var)} {_within(expr.expr, PRODUCT)}", PRODUCT
    text = letter(expr).replace("-", "−")
    return text, SUM if text.startswith("−") else ATOM


def _within(expr: Expr, binding: int) -> str:
    text, own = _text(expr)
    return text if own >= binding else f"({text})"


def _subscript(indices: object) -> str:
    parts = [formula(e).replace(" ", "") for e in indices]  # type: ignore[attr-defined]
    plain = all(len(p) == 1 for p in parts)
    return "_" + ("".join(parts) if plain else f"{{{','.join(parts)}}}")


def _sum(expr: Add) -> str:
    text = ""
    for term in sorted(expr.args, key=_sign_then_order):
        negative = term.as_coeff_Mul()[0].is_negative
        part = _within(-term if negative else term, PRODUCT)
        if text:
            text += f" {'−' if negative else '+'} {part}"
        else:
            text = f"−{part}" if negative else part
    return text


def _sign_then_order(term: Expr) -> tuple[bool, object]:
    return bool(term.as_coeff_Mul()[0].is_negative), default_sort_key(term)


def _product(expr: Expr) -> tuple[str, int]:
    if expr.as_coeff_Mul()[0].is_negative:
        return f"−{_within(-expr, PRODUCT)}", SUM
    above, below = [], []
    for factor in sorted(Mul.make_args(expr), key=_simple_first):
        if isinstance(factor, Pow) and factor.exp.as_coeff_Mul()[0].is_negative:
            below.append(1 / factor)
        elif isinstance(factor, Rational) and factor.q != 1:
            above += [Integer(factor.p)] if factor.p != 1 else []
            below.append(Integer(factor.q))
        else:
            above.append(factor)
    top = _factors(above) or "1"
    if not below:
        return top, PRODUCT
    bottom = _within(below[0], POWER) if len(below) == 1 else f"({_factors(below)})"
    return f"{top} / {bottom}", PRODUCT


def _factors(factors: list[Expr]) -> str:
    """Factors side by side; all but the last Σ in parentheses, which would swallow the rest."""
    texts = [
        _within(f, POWER if isinstance(f, Ranged) and n + 1 < len(factors) else PRODUCT)
        for n, f in enumerate(factors)
    ]
    return " ".join(texts)


def _simple_first(factor: Expr) -> tuple[int, object]:
    weight = 0 if factor.is_number else 1 if isinstance(factor, Indexed) else 2
    return (3 if factor.has(Ranged) else weight), default_sort_key(factor)


def _range(expr: Ranged) -> str:
    index = formula(expr.index)
    if expr.excluded:
        return f"_{{{index}≠{','.join(map(formula, expr.excluded))}}}"
    if expr.lower == 1 and expr.upper.is_Symbol:
        return f"_{index}"
    last = expr.upper + 1
    if expr.lower == 1 and last.is_Symbol:
        return f"_{{{index}<{formula(last)}}}"
    return f"_{{{index}={formula(expr.lower)}..{formula(expr.upper)}}}"


def _relation(relation: Relational) -> str:
    if not isinstance(relation, Relational):
        return "always"
    sign = _RELATIONS.get(relation.rel_op, relation.rel_op)
    return f"{formula(relation.lhs)} {sign} {formula(relation.rhs)}"
