"""Formulas in one line of plain text, for docstrings, in the order of the write-ups."""

from __future__ import annotations

from sympy.core.function import AppliedUndef
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
    Symbol,
    exp,
    factorial,
    log,
    walk,
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
        return "δ" + _subscript(sorted(expr.args, key=_index_key)), ATOM
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
    numbers_last = _weight(expr) == 0
    for term in sorted(expr.args, key=lambda t: _term_key(t, numbers_last)):
        negative = term.as_coeff_Mul()[0].is_negative
        part = _within(-term if negative else term, PRODUCT)
        if text:
            text += f" {'−' if negative else '+'} {part}"
        else:
            text = f"−{part}" if negative else part
    return text


def _term_key(term: Expr, numbers_last: bool) -> tuple[object, ...]:
    """Positive terms first, simple ones first; a lone number in front, but N + 1."""
    negative = bool(term.as_coeff_Mul()[0].is_negative)
    place = bool(term.is_number) == numbers_last
    return negative, place, _weight(term), len(str(term)), str(term).lower()


def _weight(term: Expr) -> int:
    """0 symbols, 1 components and deltas, 2 functions, 3 sums: how much a term has in it."""
    kinds = ((Ranged, 3), (exp | log | Partial | Cases, 2), (Indexed | KroneckerDelta, 1))
    return max(next((w for kind, w in kinds if isinstance(n, kind)), 0) for n in walk(term))


def _index_key(index: Expr) -> tuple[object, ...]:
    """Running indices first, then labels, sizes and numbers: δ_ic, δ_iK."""
    text = str(index)
    return not index.free_symbols, text[:1].isupper(), text[:1] not in "ijkl", text


def _product(expr: Expr) -> tuple[str, int]:
    if expr.as_coeff_Mul()[0].is_negative:
        return f"−{_within(-expr, PRODUCT)}", SUM
    above, below = [], []
    for factor in sorted(Mul.make_args(expr), key=_factor_key):
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


_RANKS: tuple[tuple[object, int], ...] = (
    (Symbol, 1), (factorial, 2), (Indexed | AppliedUndef, 3), (KroneckerDelta | Indicator, 4),
    (exp, 5), (Partial, 7), (Cases, 8), (log, 9), (Ranged, 10),
)  # fmt: skip


def _factor_key(factor: Expr) -> tuple[object, ...]:
    """Numbers, symbols, factorials, components, deltas, exponentials, brackets, sums."""
    base = factor.base if isinstance(factor, Pow) and not isinstance(factor, exp) else factor
    rank = next((r for kind, r in _RANKS if isinstance(base, kind)), 6)  # type: ignore[arg-type]
    rank = 0 if factor.is_number else min(rank, 6) if base is not factor else rank
    size = isinstance(base, Symbol) and bool(base.is_integer)
    return rank, not size, str(base).lower(), str(base)


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
