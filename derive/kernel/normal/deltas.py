"""A δ below a nonlinear function, inside a sum: the sum is split at its index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from derive.kernel.normal.form import (
    ONE,
    Atom,
    Form,
    Idx,
    Monomial,
    Span,
    constant,
)

if TYPE_CHECKING:
    from derive.kernel.normal.normaliser import Normaliser

def split_inner_deltas(norm: Normaliser, body: Form, span: Span) -> Form:
    """g(k, δ_kj) = g(k, 0) + δ_kj (g(k, 1) − g(k, 0)) for a δ below a nonlinear function."""
    for _ in range(16):
        found = next(_inner_deltas(body, span.name), None)
        if found is None:
            return body
        off, on = (_with_delta(norm, body, found, v) for v in (0, 1))
        body = off + Form({((found, ONE),): ONE}) * (on - off)
    return body


def _inner_deltas(body: Form, name: str) -> Iterator[Atom]:
    for mono in body.terms:
        for a, _ in mono:
            if a.kind not in ("delta", "le") and name in a.names:
                for inner in _free_atoms_in(a):
                    if inner.kind in ("delta", "le") and name in inner.names:
                        yield inner


def _free_atoms_in(a: Atom) -> Iterator[Atom]:
    """Atoms inside ``a`` that do not mention an index bound in ``a``."""
    bound = {s.name for s in a.data[0]} if a.kind in ("sum", "prod") else set()
    for x in a.data:
        monos: list[Monomial] = []
        if isinstance(x, Form):
            monos = list(x.terms)
        elif isinstance(x, tuple) and x and isinstance(x[0], tuple) and isinstance(x[0][0], Atom):
            monos = [x]
        for mono in monos:
            for b, _ in mono:
                if not b.names & bound:
                    yield b
                yield from (n for n in _free_atoms_in(b) if not n.names & bound)


def _with_delta(norm: Normaliser, body: Form, found: Atom, value: int) -> Form:
    """The body with one delta set to 0 or 1 everywhere."""
    probe = norm.variant()
    plain_delta, plain_le = probe.delta, probe.at_most

    def fixed(plain: object) -> object:
        def build(left: Idx, right: Idx) -> Form:
            out: Form = plain(left, right)  # type: ignore[operator]
            same = out.single and out.single[0] == ((found, ONE),)
            return constant(value) if same else out

        return build

    probe.delta = fixed(plain_delta)  # type: ignore[assignment,method-assign]
    probe.at_most = fixed(plain_le)  # type: ignore[assignment,method-assign]
    return probe.rebuild(body)
