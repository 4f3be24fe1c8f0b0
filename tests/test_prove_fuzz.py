"""Random statements: what the normal form proves, the second route must confirm."""

from __future__ import annotations

import os
import random

import pytest
from sympy import Integer

from derive.errors import LanguageError
from derive.kernel.explicit.instantiate import recheck
from derive.kernel.facts import Context, Definition
from derive.kernel.language import (
    Cases,
    Eq,
    Ne,
    Partial,
    Product,
    Sum,
    delta,
    exp,
    log,
)
from derive.kernel.normal.prove import prove
from derive.kernel.slips import mutants
from derive.notation import K, i, j, k, l, p, phi, q, y, z

ROUNDS = int(os.environ.get("DERIVE_FUZZ", "100"))
CONTEXT = Context().with_definitions(Definition(p[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, K))))
LETTERS = (i, j)
RANGES = ((1, K), (1, K), (1, K - 1), (2, K))


def expression(rng, depth, letters=LETTERS, bound=0):
    """A random expression of the language whose values are defined."""
    if depth == 0:
        index = rng.choice((*letters, rng.choice((*letters, K, Integer(1)))))
        other = rng.choice(letters)
        return rng.choice((z[index], y[index], phi[index], q[index], p[index], delta(index, other),
                           Integer(rng.randint(-2, 3)), exp(z[index])))  # fmt: skip
    sub = lambda: expression(rng, depth - 1, letters, bound)  # noqa: E731
    kind = rng.randrange(11)
    if kind <= 1:
        return sub() + sub()
    if kind <= 3:
        return sub() * sub()
    if kind == 4:
        return sub() / (1 + exp(sub()))
    if kind == 5:
        return log(1 + exp(sub()))
    if kind == 6 and bound < 2:
        letter = (k, l)[bound]
        inner = expression(rng, depth - 1, (*letters, letter), bound + 1)
        without = (rng.choice(letters),) if rng.random() < 0.25 else ()
        return Sum(inner, (letter, *rng.choice(RANGES)), *without)
    if kind == 7:
        return Partial(sub(), z[rng.choice(letters)])
    if kind == 8:
        a, b = rng.sample(letters, 2)
        return Cases((sub(), Eq(a, b)), (sub(), Ne(a, b)))
    if kind == 9 and bound < 2:
        letter = (k, l)[bound]
        return Product(phi[letter] ** y[letter], (letter, *rng.choice(RANGES)))
    return exp(sub())


def rewritten(rng, e):
    """The same value, written otherwise."""
    choice = rng.randrange(4)
    if choice == 0:
        return e.expand()
    if choice == 1:
        letter = k
        return Sum(e * delta(letter, i), (letter, 1, K))
    if choice == 2:
        return e * Sum(p[l], (l, 1, K))
    return e + delta(i, j) * (z[i] - z[j])


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_proofs_are_confirmed_and_truths_are_found(seed):
    rng = random.Random(seed)
    e = expression(rng, rng.randint(1, 3))
    pairs = [(e, rewritten(rng, e))]
    found = list(mutants(e))
    pairs += [(e, new) for _, new in rng.sample(found, min(4, len(found)))]
    for lhs, rhs in pairs:
        try:
            proof = prove(lhs, rhs, CONTEXT)
        except LanguageError:
            continue
        if proof.proved:
            second = recheck(lhs, rhs, CONTEXT)
            assert second.agrees or (second.instances == 0 and second.witness is None), (
                f"seed {seed}: proved {lhs} = {rhs}, but {second.why}: {second.witness}"
            )


def test_the_random_truths_are_proved():
    """The test above would pass if nothing were ever proved."""
    proved = 0
    for seed in range(30):
        rng = random.Random(seed)
        e = expression(rng, 2)
        proved += prove(e, rewritten(rng, e), CONTEXT).proved
    assert proved >= 27
