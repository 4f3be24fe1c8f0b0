"""The plausible ways to read one claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import DeriveError
from derive.judge import tree
from derive.judge.claims import Claim
from derive.judge.elaborate import Elaborator
from derive.judge.model import Model, variables_of
from derive.judge.patterns import free_letters
from derive.judge.samples import MARK
from derive.judge.scope import Scope, numeric_only
from derive.judge.state import BySign
from derive.judge.values import Concrete, Meaning, Misfit, Value, all_square, listed
from derive.kernel.language import Expr


@dataclass(frozen=True)
class Reading:
    """One way to read a claim."""

    lhs: Value
    rhs: Value
    reader: Elaborator
    note: str = ""
    square: bool = False  # lengths that differ were taken for one: good for a counterexample only


def readings(claim: Claim, model: Model, scope: Scope) -> Iterator[Reading | str]:
    """The plausible ways to read a claim: column vectors first, then rows, then plain letters."""
    arrays = _has_arrays(claim, scope)
    failed = not any(isinstance(n, tree.Sub) for t in claim.trees or () for n in tree.walk(t))
    for rows, plain in ((False, False), (True, False), (False, True)):
        if (rows and not arrays) or (plain and not (arrays and failed)):
            continue
        if plain and _shaped(claim, scope):
            continue
        note = "read with row vectors" if rows else "letters read as numbers" if plain else ""
        for by in _primes(claim, model, scope):
            found = _reading(claim, model, scope, rows, plain, by, note)
            failed = failed or isinstance(found, str) or _unlike(found)
            yield found


def _of_all(claim: Claim, scope: Scope) -> bool:
    """X beside y, where X is made of the examples x^{(i)}."""
    found = {n for side in claim.trees or () for n in tree.names(side)}
    return any(n.isupper() and scope.arity.get(n.lower() + MARK) == 2 for n in found)


def _shaped(claim: Claim, scope: Scope) -> bool:
    """Whether transposes or matrices stand here, which numbers in their place would hide."""
    for node in (n for side in claim.trees or () for n in tree.walk(side)):
        if isinstance(node, tree.Turned) and tree.capital(node.base):
            return True
        if scope.arity.get(tree.label(node), 0) > 1 and tree.capital(node):
            return True
    return False


def _unlike(reading: Reading) -> bool:
    a, b = reading.lhs, reading.rhs
    return getattr(a, "rank", 0) != getattr(b, "rank", 0)


def _primes(claim: Claim, model: Model, scope: Scope) -> list[Expr | None]:
    """What ′ differentiates by: what the chain differentiates by first."""
    if not any(isinstance(n, tree.Prime) for t in claim.trees or () for n in tree.walk(t)):
        return [None]
    chain = [c for c in model.document.claims if c.chain == claim.chain]
    before = [c for c in model.document.claims if c.n < claim.n][::-1]
    found = variables_of(chain) or variables_of(before)
    if not any(rel.sign == "=" for rel in claim.conditions):
        found = found[:1]
    out: list[Expr | None] = []
    for by in found[::-1]:
        try:
            value = Elaborator(scope, claim.chain).value(by)
        except (Meaning, Concrete):
            continue
        if isinstance(value, Expr) and value not in out:
            out.append(value)
    return out or [None]


def _reading(
    claim: Claim, model: Model, scope: Scope, rows: bool, plain: bool, by: Expr | None, note: str
) -> Reading | str:
    assert claim.trees is not None
    left, right = claim.trees
    if (
        isinstance(left, tree.Big)
        and isinstance(right, tree.Big)
        and left.kind == right.kind
        and left.kind in ("min", "max", "argmin", "argmax")
    ):
        left, right = left.body, right.body
    reader = Elaborator(
        scope, claim.chain, rows, by, scalars_only=numeric_only(claim.trees), plain=plain,
        arguments=_arguments(claim, model), data=_of_all(claim, scope),
        called=tree.called(left, right),
    )  # fmt: skip
    try:
        try:
            values = _values(reader, left, right)
        except Misfit:
            with all_square():
                values = _values(reader, left, right)
            return Reading(values[0], values[1], reader, note, square=True)
        said = "; ".join(dict.fromkeys([*([note] if note else []), *reader.notes]))
        return Reading(values[0], values[1], reader, said)
    except BySign:
        return _by_sign(left, right, reader, note)
    except Meaning as error:
        return error.message
    except Concrete:
        return "a vector of numbers is asked for a component that is a letter"
    except (DeriveError, ArithmeticError, ValueError, TypeError, AttributeError) as error:
        return f"not read: {error}"
    except RecursionError:
        return "functions call each other without an end"


def _values(reader: Elaborator, left: tree.Node, right: tree.Node) -> list[Value]:
    values = []
    for side, other in ((left, right), (right, left)):
        reader.outside = frozenset(free_letters(other))
        values.append(reader.value(side))
    return values


def _by_sign(left: tree.Node, right: tree.Node, reader: Elaborator, note: str) -> Reading | str:
    """Both sides on either side of zero, as a vector of two equations."""
    sides: list[list[Expr]] = [[], []]
    try:
        for sign in (1, -1):
            reader.regime = sign
            sides[0].append(reader.scalar(left))
            sides[1].append(reader.scalar(right))
    except Meaning as error:
        return error.message
    except (Concrete, DeriveError, TypeError) as error:
        return f"not read: {error}"
    return Reading(listed(sides[0]), listed(sides[1]), reader, "on either side of 0")


def _arguments(claim: Claim, model: Model) -> dict[str, tuple[tree.Node, ...]]:
    """For each function the arguments that were written last before the end of this chain."""
    out: dict[str, tuple[tree.Node, ...]] = {}
    for c in model.document.claims:
        if c.n > claim.n and c.chain != claim.chain:
            break
        for side in c.trees or ():
            for node in tree.walk(side):
                if (
                    isinstance(node, tree.Call)
                    and isinstance(node.head, tree.Name)
                    and all(isinstance(a, tree.Name) for a in node.args)
                ):
                    out[node.head.text] = node.args
    return out


def _has_arrays(claim: Claim, scope: Scope) -> bool:
    return any(
        isinstance(n, tree.Turned | tree.Nabla) or (isinstance(n, tree.Name) and (
            n.bold or n.text in scope.arity or n.text.lower() in scope.arity))
        for side in claim.trees or () for n in tree.walk(side)
    )  # fmt: skip
