"""The first route: equal normal forms, in every case of how the indices coincide, for every K."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from derive.errors import LanguageError
from derive.kernel.facts import (
    Context,
)
from derive.kernel.language import Expr, Integer, Symbol, factorial
from derive.kernel.normal.claim import Claim, shadows_dropped
from derive.kernel.normal.form import Atom, Form, cleared
from derive.kernel.normal.memo import Memo
from derive.kernel.normal.normaliser import Normaliser, Obligation
from derive.kernel.normal.readable import Writer
from derive.kernel.normal.signals import NeedAtLeast, NeedCase, Undecidable, Undefined

MAX_SPLITS = 400


@dataclass(frozen=True)
class Proof:
    """Whether the normal forms agree in every case; if not, where and what is left.

    ``least`` gives the sizes from which the argument is symbolic (smaller ones were written out).
    ``everywhere``: both sides have a value at every instance, so that nothing was left open.
    """

    proved: bool
    why: str = ""
    residual: Expr | None = None
    least: Mapping[str, int] = field(default_factory=dict)
    cases: int = 0
    everywhere: bool = False


@dataclass(frozen=True)
class _Read:
    """One side as it was read in one case: its form, or why there is none."""

    context: Context
    form: Form | None
    why: str
    obligations: Mapping[str, Obligation]
    symbols: Mapping[str, Any]
    error: Exception | None


class Known:
    """What has been read, for proofs of many right sides: left sides, and the parts of all."""

    def __init__(self) -> None:
        self._read: dict[Any, list[_Read]] = {}
        self._memos: dict[Any, list[tuple[Context, Memo]]] = {}

    def memo(self, claim: Claim) -> Memo:
        """What has been read in the case of this claim."""
        key = (tuple(sorted(claim.least.items())), claim.different, claim.ordered)
        cases = self._memos.setdefault(key, [])
        for context, memo in cases:
            if context == claim.context:
                return memo
        cases.append((claim.context, Memo()))
        return cases[-1][1]

    def left(self, claim: Claim) -> _Read:
        """The left side of a claim. Raises what reading it raised."""
        key = (claim.lhs, tuple(sorted(claim.least.items())), claim.different, claim.ordered)
        cases = self._read.setdefault(key, [])
        found = next((r for r in cases if r.context == claim.context), None)
        if found is None:
            found = self._new(claim)
            cases.append(found)
        if found.error is not None:
            raise found.error
        return found

    def _new(self, claim: Claim) -> _Read:
        norm, form, why, failure = claim.normaliser(self.memo(claim)), None, "", None
        try:
            form, why = _side(norm, claim.lhs)
        except (LanguageError, Undecidable, NeedAtLeast, NeedCase) as error:
            failure = error
        return _Read(claim.context, form, why, norm.obligations, dict(norm.symbols), failure)


def prove(
    lhs: Expr, rhs: Expr, context: Context, known: Known | None = None, *, explain: bool = True
) -> Proof:
    """Prove lhs = rhs for every size and index under exactly the facts of the context.

    ``explain``: write what is left of the difference as an expression.
    """
    try:
        claim = Claim(lhs, rhs, shadows_dropped(context, lhs, rhs))
        for fact in context.facts:
            claim = claim.under(fact)
        prover = _Prover(known or Known(), explain)
        failure = prover.settle(claim)
        if failure is None and not prover.settled:
            failure = Proof(False, "there is no instance: nothing fits, or nothing is defined")
        return failure or Proof(
            True, least=prover.least, cases=prover.settled, everywhere=prover.everywhere
        )
    except (LanguageError, Undecidable) as error:
        return Proof(False, str(error))
    except (ValueError, OverflowError):  # more digits than Python writes
        return Proof(False, "a number is too long")
    except RecursionError:
        return Proof(False, "the expression is nested too deeply")


@dataclass
class _Prover:
    known: Known
    explain: bool
    settled: int = 0
    splits: int = 0
    everywhere: bool = True
    least: dict[str, int] = field(default_factory=dict)

    def settle(self, claim: Claim) -> Proof | None:
        """Nothing if the claim holds in every case; else the first case where it is not shown."""
        self.splits += 1
        if self.splits > MAX_SPLITS:
            return Proof(False, "too many cases of coinciding indices")
        if claim.contradictory:
            return None
        explicit = self._explicit_index(claim)
        if explicit is not None:
            return self._all(
                claim.specialised({explicit[0]: Integer(v)}, f"{explicit[0]} = {v}")
                for v in explicit[1]
            )
        try:
            return self._compare(claim)
        except NeedAtLeast as need:
            return self._smaller_sizes(claim, need)
        except NeedCase as need_case:
            if any(n.startswith("@") for n in need_case.atom.names):
                raise Undecidable("what a case needs depends on a bound index") from None
            return self._split(claim, need_case.atom, need_case.symbols)

    def _all(self, claims: Iterable[Claim]) -> Proof | None:
        for claim in claims:
            failure = self.settle(claim)
            if failure is not None:
                return failure
        return None

    def _explicit_index(self, claim: Claim) -> tuple[Symbol, range] | None:
        for s in claim.free():
            r = claim.context.ranges[s]
            if isinstance(r.lower, Integer) and isinstance(r.upper, Integer):
                return s, range(int(r.lower), int(r.upper) + 1)
        return None

    def _smaller_sizes(self, claim: Claim, need: NeedAtLeast) -> Proof | None:
        now = claim.least.get(need.size, 1)
        if need.value <= now or need.value > 12:
            return Proof(False, f"the size {need.size} cannot be compared with {need.value}")
        size = Symbol(need.size, integer=True, positive=True)
        for value in range(now, need.value):
            where = f"{need.size} = {value}"
            failure = self.settle(claim.specialised({size: Integer(value)}, where))
            if failure is not None:
                return failure
        self.least[need.size] = max(self.least.get(need.size, 1), need.value)
        return self.settle(replace(claim, least={**claim.least, need.size: need.value}))

    def _compare(self, claim: Claim) -> Proof | None:
        read = self.known.left(claim)
        left, no_left, symbols = read.form, read.why, dict(read.symbols)
        right_norm = claim.normaliser(self.known.memo(claim))
        right_norm.symbols = symbols
        right, no_right = _side(right_norm, claim.rhs)
        if left is None and right is None:
            self.everywhere = False
            return None
        if left is None or right is None:
            side, why = ("left", no_left) if left is None else ("right", no_right)
            at = f" at {claim.where}" if claim.where else ""
            return Proof(False, f"the {side} side is not defined{at}: {why}")
        numerator = cleared(left - right)
        split = _first_question(numerator) or _first_question(left - right)
        if split is not None and numerator.terms:
            return self._split(claim, split, symbols)
        writer = Writer(symbols)
        if numerator.terms:
            at = f" (in the case {claim.where})" if claim.where else ""
            left_over = writer.expression(numerator) if self.explain else None
            return Proof(False, f"the difference does not vanish{at}", left_over)
        open_ = _one_sided(read.obligations, right_norm.obligations)
        if open_ is not None:
            shown = writer.expression(open_.form)
            return Proof(False, f"only one side needs {shown} to be {open_.kind}")
        self.settled += 1
        self.everywhere &= not read.obligations and not right_norm.obligations
        return None

    def _split(self, claim: Claim, a: Atom, symbols: Mapping[str, Any]) -> Proof | None:
        writer = Writer(symbols)
        x, y = (writer.index(n) for n in a.data)
        if a.kind == "le":
            return self._all(
                replace(claim, ordered=(*claim.ordered, (x, y, truth))) for truth in (True, False)
            )
        equal = claim.identified(x, y)
        apart = replace(
            claim,
            different=claim.different | {(x, y)},
            where=f"{claim.where}, {x} ≠ {y}" if claim.where else f"{x} ≠ {y}",
        )
        return self._all((equal, apart))


def _side(norm: Normaliser, expr: Expr) -> tuple[Form | None, str]:
    try:
        return norm.form(expr), ""
    except Undefined as error:
        return None, str(error)


def _first_question(form: Form) -> Atom | None:
    """A delta or order between free indices that the form still depends on."""
    found = [
        a
        for a in form.atoms()
        if a.kind in ("delta", "le") and not any(n.startswith("@") for n in a.names)
    ]
    return min(found, key=lambda a: a.key) if found else None


def _one_sided(
    left: Mapping[str, Obligation], right: Mapping[str, Obligation]
) -> Obligation | None:
    """What must hold for one side to be defined and is not asked by the other."""
    a = {_anonymous(k): o for k, o in left.items()}
    b = {_anonymous(k): o for k, o in right.items()}
    return next((o for k, o in [*a.items(), *b.items()] if (k in a) != (k in b)), None)


def _anonymous(key: str) -> str:
    """The key with bound names numbered in order of appearance."""
    seen: dict[str, str] = {}
    return re.sub(r"@_\d+", lambda m: seen.setdefault(m[0], f"@{len(seen)}"), key)


def defined(expr: Expr, context: Context) -> bool:
    """Whether an expression provably has a value at every instance."""
    seen = (expr, *(d.body for d in context.definitions))
    counts = [f.args[0] for e in seen for f in e.atoms(factorial)]
    if not all(n.is_integer and n.is_nonnegative for n in counts):
        return False
    found = prove(expr, expr, context, explain=False)
    return found.proved and found.everywhere


def provably_positive(expr: Expr, context: Context) -> bool:
    """Whether an expression is positive for every size, index and value of its domain."""
    try:
        claim = Claim(expr, expr, shadows_dropped(context, expr))
        for fact in context.facts:
            claim = claim.under(fact)
        norm = claim.normaliser()
        return norm.signs.positive(norm.form(claim.lhs)) and not norm.obligations
    except (Undecidable, NeedAtLeast, NeedCase, LanguageError):
        return False
