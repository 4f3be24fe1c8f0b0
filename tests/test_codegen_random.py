"""Random formulas through the whole pipeline: the generated function computes what stands there."""

import random

import mpmath
import numpy as np
import pytest
from sympy import Integer, Rational

from derive.kernel.language import Cases, Eq, IndexedBase, Ne, Sum, delta, exp, log
from derive.notation import K, Quantity, c, gamma, i, j, k, l, p, q, y, z
from tests.codegen_tools import Oracle, floats, function_of, made

A = IndexedBase("A", real=True)
Z = Sum(exp(z[k]), (k, 1, K))
SEEDS = range(150)


class Formulas:
    """Random formulas in logits, targets, softmax, a matrix, a label; some parts positive."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def index(self, loops):
        return self.rng.choice([*loops, *([] if loops else [c, K, Integer(1)])])

    def leaf(self, loops, positive):
        at = self.index(loops)
        if positive:
            return self.rng.choice([p[at], q[at], exp(z[at]), gamma, Integer(2), Z])
        other = self.index(loops)
        signed = [z[at], y[at], p[at], A[at, other], Integer(3), delta(at, other), delta(at, c)]
        return self.rng.choice([*signed, z[c], log(q[at]), z[K]])

    def formula(self, depth, loops, positive=False):
        if depth <= 0:
            return self.leaf(loops, positive)
        makers = [self.product, self.product, self.total, self.total, self.sum, self.quotient]
        makers += [self.share, self.cases, self.logarithm, self.rest, self.power, self.difference]
        return self.rng.choice(makers)(depth - 1, loops, positive)

    def product(self, depth, loops, positive):
        return self.formula(depth, loops, positive) * self.formula(depth, loops, positive)

    def total(self, depth, loops, positive):
        return self.formula(depth, loops, positive) + self.formula(depth, loops, positive)

    def difference(self, depth, loops, positive):
        other = self.formula(depth, loops, positive)
        return self.formula(depth, loops, positive) + (other if positive else -other)

    def sum(self, depth, loops, positive):
        bound = self.rng.choice([k, l])
        if bound in loops:
            return self.formula(depth, loops, positive)
        left_out = [self.rng.choice([*loops, c, K])] if self.rng.random() < 0.3 else []
        return Sum(self.formula(depth, [*loops, bound], positive), (bound, 1, K), *left_out)

    def quotient(self, depth, loops, positive):
        return self.formula(depth, loops, True) / self.formula(depth, loops, True)

    def share(self, depth, loops, positive):
        return exp(z[self.index(loops)] - y[self.index(loops)]) / Z

    def cases(self, depth, loops, positive):
        pair = (self.index(loops), self.rng.choice([*loops, c, K]))
        if pair[0] == pair[1]:
            return self.formula(depth, loops, positive)
        equal, different = (self.formula(depth, loops, positive) for _ in range(2))
        return Cases((equal, Eq(*pair)), (different, Ne(*pair)))

    def logarithm(self, depth, loops, positive):
        inner = self.formula(depth, loops, True)
        return inner if positive else log(inner)

    def rest(self, depth, loops, positive):
        return 1 - p[self.index(loops)] if not positive else p[self.index(loops)]

    def power(self, depth, loops, positive):
        inner = self.formula(depth, loops, True)
        return inner ** self.rng.choice([Integer(2), gamma, Rational(1, 2), Integer(-1)])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_formula(seed):
    formulas = Formulas(seed)
    axes = formulas.rng.choice([(), (i,), (i, j)])
    value = formulas.formula(formulas.rng.choice([2, 3, 4]), list(axes))

    def write(builder):
        builder.quantity(Quantity(A, "a matrix", shape=(K, K)))
        builder.define(p[i], exp(z[i]) / Z)
        builder.start(value)
        builder.function("f", (z, y, q, A, gamma, c), axes, "Random.")

    derivation = made(write)
    rng = np.random.default_rng(seed)
    given = {
        "z": rng.normal(size=3) * 2, "y": rng.normal(size=3), "q": rng.uniform(0.1, 0.9, 3),
        "A": rng.normal(size=(3, 3)), "gamma": np.array(rng.uniform(0.5, 2)),
        "c": np.array(rng.integers(0, 3)),
    }  # fmt: skip
    with mpmath.workdps(60):
        exact = floats(Oracle(derivation, {K: 3}, **given).result())
    function = function_of(derivation)
    got = function(**given)
    assert np.shape(got) == exact.shape
    np.testing.assert_allclose(got, exact, rtol=1e-9, atol=1e-9, err_msg=str(value))
    twice = function(**{name: np.stack([v] * 2) for name, v in given.items()})
    np.testing.assert_allclose(twice, np.stack([got] * 2), rtol=1e-12, err_msg=str(value))
