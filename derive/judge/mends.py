"""What a person's side may have been meant to be: one typical slip undone at a time."""

from __future__ import annotations

from collections.abc import Iterator

from derive.kernel.facts import Context
from derive.kernel.language import (
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Partial,
    Sum,
    Symbol,
    delta,
    free_indices,
    log,
    walk,
)
from derive.kernel.slips import mutants
from derive.notation import K, index

MOST_FACTORS = 6


def mended(left: Expr, right: Expr, context: Context) -> Iterator[tuple[str, str, Expr]]:
    """(slip, in words, the side without it), the commonest slips first."""
    yield from whole(left, right, context)
    for new in outwards(right):
        yield "off by one", "a limit of a sum is off by one", new
    yield from _diagonal(left, right)
    yield from _totals(right)
    for slip, new in mutants(right):
        yield slip.name, slip.words, new
    yield from _factors(left, right, context)


def whole(left: Expr, right: Expr, context: Context) -> Iterator[tuple[str, str, Expr]]:
    """The slips that concern a side as a whole."""
    yield "sign", "the sign is wrong", -right
    yield from _transposed(left, right)
    yield from _bases(right)
    for size in _sizes(left, right, context):
        yield "missing 1/m", f"the mean over {size} is missing", right / size
        yield "missing 1/m", f"divided by {size} once too often", right * size


def _transposed(left: Expr, right: Expr) -> Iterator[tuple[str, str, Expr]]:
    """x_i g_j for ∂C/∂w_ij = g_i x_j: the indices of the variable change places."""
    by = [n.var for n in walk(left) if isinstance(n, Partial) and isinstance(n.var, Indexed)]
    matrix = [v for v in by if len(v.indices) == 2 and all(i.is_Symbol for i in v.indices)]
    for first, second in dict.fromkeys(v.indices for v in matrix):
        turned = right.xreplace({first: second, second: first})
        yield "transposed", "this is the transpose of the right matrix", turned


def own_term(left: Expr, context: Context) -> Iterator[tuple[Expr, Expr]]:
    """(what is left if only the term k = i of a sum is differentiated, the whole sum)."""
    if not isinstance(left, Partial) or not isinstance(left.var, Indexed):
        return
    made = context.definition_of(left.expr)
    body = made.applied(left.expr) if made is not None else left.expr
    for node in [n for n in walk(body) if isinstance(n, Sum)]:
        factor = body.xreplace({node: Integer(1)})
        if body != factor * node or node.index in factor.free_symbols:
            continue
        for letter in left.var.indices:
            own = factor * Partial(node.at(letter), left.var)
            yield own, factor * node.func(Partial(node.body, left.var), *node.args[1:])


def _bases(right: Expr) -> Iterator[tuple[str, str, Expr]]:
    for n in (2, 10):
        base = log(Integer(n))
        if right.has(base):
            yield "log base", f"the logarithm is to base {n}", right.xreplace({base: Integer(1)})
        yield "log base", f"the logarithm is to base {n}", right / base
        yield "log base", f"the logarithm is not to base {n}", right * base


def _sizes(left: Expr, right: Expr, context: Context) -> list[Expr]:
    """The upper limits of sums, and the letters for a number that stand in the definitions."""
    sides = [left, right, *(d.body for d in context.definitions)]
    uppers = {n.upper for e in sides for n in walk(e) if isinstance(n, Sum)}
    found = {s for u in uppers for s in u.free_symbols}
    names = ("m", "N", "n", "m\u2032", "N\u2032", "n\u2032")
    found |= {s for e in sides for s in e.atoms(Symbol) if s.name in names}
    return sorted(found, key=lambda s: (s == K, str(s)))


def _diagonal(left: Expr, right: Expr) -> Iterator[tuple[str, str, Expr]]:
    """p_i(1 − p_i) for the whole Jacobian: 1 where δ_ij belongs, or a δ too many."""
    letters = sorted(free_indices(left) - {K}, key=str)
    if len(letters) != 2:
        return
    same = delta(*letters)
    wide = right.replace(lambda e: isinstance(e, KroneckerDelta), lambda e: Integer(1))
    ones = [n for n in walk(right) if isinstance(n, Add) and Integer(1) in n.args]
    for whole in dict.fromkeys((right, wide)):
        for node in [n for n in ones if whole.has(n)]:
            new = whole.xreplace({node: node - 1 + same})
            yield "diagonal only", "this is right on the diagonal i = j only", new
            for first, second in (letters, letters[::-1]):
                swapped = node.xreplace({first: second}) - 1 + same
                yield (
                    "diagonal only", "this is right on the diagonal i = j only",
                    whole.xreplace({node: swapped}),
                )  # fmt: skip


def outwards(side: Expr) -> Iterator[Expr]:
    """The sums of a side with one term more at either end."""
    for node in [n for n in walk(side) if isinstance(n, Sum)]:
        letter, lower, upper = node.args[1]
        ends = [(lower, upper + 1)] if upper != K else []
        ends += [(lower - 1, upper)] if lower != 1 else []
        for limits in ends:
            yield side.xreplace({node: node.func(node.body, (letter, *limits), *node.excluded)})


def _totals(right: Expr) -> Iterator[tuple[str, str, Expr]]:
    """y_j p_j for p_j Σ_k y_k: one component where the sum of all belongs."""
    k = index("k") if index("k") not in right.free_symbols else index("l")
    for term in right.args if isinstance(right, Add) else (right,):
        for node in sorted(term.atoms(Indexed), key=str):
            if len(node.indices) == 1 and not term.has(Sum, Partial):
                whole = Sum(node.base[k], (k, 1, K))
                mended_ = right - term + term.xreplace({node: whole})
                yield "dropped sum", f"a sum over the components of {node.base} is missing", mended_
                yield (
                    "forgotten total",
                    f"the sum of {node.base} is missing",
                    (right - term + term * Sum(node.base[k], (k, 1, K))),
                )


def _factors(left: Expr, right: Expr, context: Context) -> Iterator[tuple[str, str, Expr]]:
    """A factor that the inner derivative brings: x_i within a sum, or beside everything."""
    sides = [left, *(d.body for d in context.definitions)]
    bases = {n.base for e in sides for n in walk(e) if isinstance(n, Indexed)}
    bases = {b for b in bases if len(getattr(context.quantity(b), "shape", ())) == 1}
    for base in sorted(bases, key=str)[:MOST_FACTORS]:
        for node in [n for n in walk(right) if isinstance(n, Sum)]:
            new = node.func(node.body * base[node.index], *node.args[1:])
            yield "dropped factor", "a factor is missing", right.xreplace({node: new})
        for letter in sorted(free_indices(right) - {K}, key=str):
            yield "dropped factor", "a factor is missing", right * base[letter]
    scalars = {s for e in sides for s in e.free_symbols if not s.is_integer and s.is_Symbol}
    labels = {str(b.label) for b in bases}
    for s in sorted((s for s in scalars if s.name not in labels), key=str)[:MOST_FACTORS]:
        yield "dropped factor", "a factor is missing", right * s


__all__ = ["mended", "outwards", "own_term", "whole"]
