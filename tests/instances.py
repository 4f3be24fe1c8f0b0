"""Statements for the second route: true ones and false ones, each with its context."""

from __future__ import annotations

from typing import Any

import sympy

from derive.kernel.facts import (
    AtLeast,
    Context,
    Definition,
    DifferentIndex,
    Fixed,
    OneHot,
    Positive,
    SameIndex,
    SumsTo,
)
from derive.kernel.language import (
    Cases,
    Eq,
    Indicator,
    Integer,
    Mul,
    Ne,
    Partial,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    delta,
    exp,
    factorial,
    log,
)
from derive.kernel.matrices import Component, Diag, Entry, Eye, Ones, Outer, Vec
from derive.notation import (
    D,
    Domain,
    H,
    K,
    L,
    N,
    Quantity,
    W,
    b,
    c,
    d,
    e,
    eta,
    gamma,
    i,
    j,
    k,
    l,
    n,
    p,
    phi,
    q,
    scalar,
    shift,
    tau,
    vector,
    x,
    y,
    z,
)

PLAIN = Context()
u, v = scalar("u"), scalar("v")


def total(body: Any, letter: Any = k, *excluded: Any) -> Any:
    return Sum(body, (letter, 1, K), *excluded)


SOFTMAX = PLAIN.with_definitions(Definition(p[i], exp(z[i]) / total(exp(z[k]))))
LOSS = SOFTMAX.with_definitions(Definition(L, -total(y[k] * log(p[k]))))
LINK = PLAIN.with_definitions(Definition(eta[i], log(phi[i] / phi[K])))
LINEAR = PLAIN.with_definitions(
    Definition(z[k], Sum(W[k, d] * x[d], (d, 1, D)) + b[k]),
    Definition(p[i], exp(z[i]) / total(exp(z[k]))),
    Definition(L, -total(y[k] * log(p[k]))),
)
counts = vector("y", Domain.COUNT)
COUNTS = PLAIN.with_quantities(Quantity(counts, "counts", Domain.COUNT, (K,)))
warm = exp(z[i] / tau) / total(exp(z[k] / tau))
entropy = -total(p[k] * log(p[k]))
cool = Symbol("t", positive=True)


def ratio(a: Any) -> Any:
    """a/a, which SymPy would turn into 1."""
    return Mul(a, Pow(a, -1), evaluate=False)


# Each: lhs, rhs, context, conditions.
TRUE = {
    "softmax Jacobian": (Partial(p[i], z[j]), p[i] * (delta(i, j) - p[j]), SOFTMAX, ()),
    "its matrix form": (
        Partial(p[i], z[j]),
        Entry(Diag(Vec(p)) - Outer(Vec(p), Vec(p)), i, j),
        SOFTMAX,
        (),
    ),
    "the Jacobian of log-softmax": (
        Partial(log(p[i]), z[j]),
        Entry(Eye(K) - Outer(Ones(K), Vec(p)), i, j),
        SOFTMAX,
        (),
    ),
    "the diagonal under i = j": (
        Partial(p[i], z[j]), p[i] * (1 - p[i]), SOFTMAX, (SameIndex(i, j),)
    ),
    "off it under i ≠ j": (Partial(p[i], z[j]), -p[i] * p[j], SOFTMAX, (DifferentIndex(i, j),)),
    "two cases": (
        Partial(p[i], z[j]),
        Cases((p[i] * (1 - p[i]), Eq(i, j)), (-p[i] * p[j], Ne(i, j))),
        SOFTMAX,
        (),
    ),
    "cross-entropy gradient, general": (
        Partial(L, z[i]), p[i] * total(y[k]) - y[i], LOSS, ()
    ),
    "cross-entropy gradient": (Partial(L, z[i]), p[i] - y[i], LOSS, (SumsTo(y),)),
    "with a class label": (Partial(L, z[i]), p[i] - delta(i, c), LOSS, (OneHot(y, c),)),
    "by a named quantity": (Partial(L, p[i]), -y[i] / p[i], LOSS, ()),
    "the chain rule": (
        total(Partial(L, p[i]) * Partial(p[i], z[j]), i), Partial(L, z[j]), LOSS, ()
    ),
    "full Hessian": (
        Partial(Partial(L, z[i]), z[j]), p[i] * (delta(i, j) - p[j]) * total(y[k]), LOSS, ()
    ),
    "third derivatives": (
        Partial(Partial(Partial(log(total(exp(z[k]))), z[i]), z[j]), z[l]),
        p[i] * (delta(i, j) - p[j]) * (delta(i, l) - p[l])
        - p[i] * p[j] * (delta(j, l) - p[l]),
        SOFTMAX,
        (),
    ),
    "probabilities sum to 1": (total(p[k]), Integer(1), SOFTMAX, ()),
    "KL": (
        total(y[k] * log(y[k] / p[k])),
        total(y[k] * log(y[k])) - total(y[k] * log(p[k])),
        SOFTMAX,
        (Positive(y),),
    ),
    "KL gradient": (
        Partial(total(q[k] * log(q[k] / p[k])), z[i]), p[i] - q[i], SOFTMAX, (SumsTo(q),)
    ),
    "entropy gradient": (Partial(entropy, z[i]), -p[i] * (log(p[i]) + entropy), SOFTMAX, ()),
    "the same with H named": (
        Partial(H, z[i]), -p[i] * (log(p[i]) + H), SOFTMAX.with_definitions(Definition(H, entropy)),
        (),
    ),
    "temperature": (
        Partial(warm, z[j]), warm * (delta(i, j) - warm.xreplace({i: j})) / tau, PLAIN, ()
    ),
    "derivative by the temperature": (
        Partial(warm, tau),
        warm * (total(warm.xreplace({i: l}) * z[l], l) - z[i]) / tau**2,
        PLAIN,
        (),
    ),
    "shift invariance": (exp(z[i] - shift) / total(exp(z[k] - shift)), p[i], SOFTMAX, ()),
    "log-sum-exp with a shift": (
        log(total(exp(z[k]))), shift + log(total(exp(z[k] - shift))), PLAIN, ()
    ),
    "quadratic cost through softmax": (
        Partial(total((p[k] - y[k]) ** 2) / 2, z[j]),
        p[j] * (p[j] - y[j] - total(p[k] * (p[k] - y[k]))),
        SOFTMAX,
        (),
    ),
    "exponential family": (
        Product(phi[k] ** y[k], (k, 1, K)),
        exp(Sum(log(phi[k] / phi[K]) * y[k], (k, 1, K - 1)) + log(phi[K])),
        PLAIN,
        (SumsTo(y),),
    ),
    "inverse link": (phi[i], exp(eta[i]) / total(exp(eta[j]), j), LINK, (SumsTo(phi),)),
    "the reference parameter is 0": (eta[K], Integer(0), LINK, ()),
    "a parameter fixed at 0": (
        total(exp(eta[k])), 1 + Sum(exp(eta[k]), (k, 1, K - 1)), PLAIN, (Fixed(eta[K], Integer(0)),)
    ),
    "log of a product": (
        log(Product(phi[k] ** y[k], (k, 1, K))), total(y[k] * log(phi[k])), PLAIN, ()
    ),
    "log of a quotient of positives": (log(u / v), log(u) - log(v), PLAIN,
                                       (Positive(u), Positive(v))),
    "multinomial": (
        factorial(N) / Product(factorial(counts[k]), (k, 1, K))
        * Product(phi[k] ** counts[k], (k, 1, K)),
        factorial(N) / Product(factorial(counts[k]), (k, 1, K))
        * exp(Sum(log(phi[k] / phi[K]) * counts[k], (k, 1, K - 1)) + N * log(phi[K])),
        COUNTS,
        (SumsTo(counts, N),),
    ),
    "gradient by the weights": (
        Partial(L, W[i, d]), (p[i] * total(y[k]) - y[i]) * x[d], LINEAR, ()
    ),
    "the derivative under the sum": (
        Sum(Partial(Sum(x[j], (j, 1, n)), x[i]), (i, 1, n)), n, PLAIN, ()
    ),
    "renamed bound indices": (total(exp(z[k])) - total(exp(z[j]), j), Integer(0), PLAIN, ()),
    "the same letter twice": (
        total(x[k] * total(y[k])), total(x[i], i) * total(y[j], j), PLAIN, ()
    ),
    "a double sum of δ": (total(total(delta(i, j), j), i), K, PLAIN, ()),
    "δ under a sum with a condition": (
        total(delta(i, k) * Indicator(k < j), k), Indicator(i < j), PLAIN, ()
    ),
    "a range that ends at K − 1": (Sum(y[k], (k, 1, K - 1)), total(y[k]) - y[K], PLAIN, ()),
    "an excluded index": (total(y[k], k, i), total(y[k]) - y[i], PLAIN, ()),
    "combined sums": (
        total(exp(z[k]) / (1 + exp(z[k]))) + total(1 / (1 + exp(z[k]))), K, PLAIN, ()
    ),
    "focal loss": (
        Partial(-(1 - p[i]) ** gamma * log(p[i]), p[i]),
        gamma * (1 - p[i]) ** (gamma - 1) * log(p[i]) - (1 - p[i]) ** gamma / p[i],
        SOFTMAX,
        (AtLeast(K, 2),),
    ),
    "tanh": (sympy.tanh(u), 2 / (1 + exp(-2 * u)) - 1, PLAIN, ()),
    "no sizes at all": (Partial(log(1 + exp(u)), u), 1 / (1 + exp(-u)), PLAIN, ()),
    "vectors by component": (
        2 * Vec(y) + Vec(y), 3 * Vec(y), PLAIN, ()
    ),
    "one component": (Component(Vec(y) - Ones(K), i), y[i] - 1, PLAIN, ()),
}  # fmt: skip

FALSE = {
    # design, section 3
    "captured index": (
        total(total(exp(x[k] * y[l]), l)), K * total(exp(x[k] * y[k])), PLAIN, ()
    ),
    "captured index in a quotient": (
        total(1 / (1 + total(exp(x[l] * y[k]), l))),
        total(1 / (1 + total(exp(x[k] * y[k])))),
        PLAIN,
        (),
    ),
    "sifting out of range": (Sum(x[k] * delta(k, j), (k, 1, K - 1)), x[j], PLAIN, ()),
    "sifting past the end": (total(x[k] * delta(k, i + 1)), x[i + 1], PLAIN, ()),
    "δ_iK = 0": (delta(i, K), Integer(0), PLAIN, ()),
    "δ_i1 = 0": (delta(i, 1), Integer(0), PLAIN, ()),
    "δ in an exponential": (total(exp(delta(k, j) * y[k])), K, PLAIN, ()),
    "δ in a denominator": (total(1 / (1 + delta(k, j))), K, PLAIN, ()),
    "log of a product of reals": (log(u * v), log(u) + log(v), PLAIN, ()),
    "0/0 = 1": (ratio(y[i] - y[j]), Integer(1), PLAIN, ()),
    "Karr's convention": (Sum(Integer(1), (k, 5, 2)), Integer(-2), PLAIN, ()),
    # the issue
    "only the diagonal": (Partial(p[i], z[j]), p[i] * (1 - p[j]), SOFTMAX, ()),
    "chain rule cut short": (Partial(L, z[i]), y[i] * (p[i] - 1), LOSS, ()),
    "… also when Σ y = 1": (Partial(L, z[i]), y[i] * (p[i] - 1), LOSS, (SumsTo(y),)),
    "… also for one-hot y": (Partial(L, z[i]), y[i] * (p[i] - 1), LOSS, (OneHot(y, c),)),
    "inverse link without K": (
        phi[i], exp(eta[i]) / Sum(exp(eta[j]), (j, 1, K - 1)), LINK, (SumsTo(phi),)
    ),
    "Σ y = 1 forgotten": (Partial(L, z[i]), p[i] - y[i], LOSS, ()),
    # more
    "a fact used before the derivative": (
        Partial(total(phi[k]), phi[j]), Integer(0), PLAIN, (SumsTo(phi),)
    ),
    "share of the inputs": (p[i], z[i] / total(z[k]), SOFTMAX, ()),
    "entropy is not symmetric": (
        total(p[k] * log(q[k])), total(q[k] * log(p[k])), PLAIN, (SumsTo(p), SumsTo(q))
    ),
    "sum over the wrong letter": (total(exp(z[i])), total(exp(z[k])), PLAIN, ()),
    "an excluded index forgotten": (total(y[k], k, i), total(y[k]), PLAIN, ()),
    "cases without their conditions": (
        Partial(p[i], z[j]),
        Cases((p[i] * (1 - p[i]), Eq(i, j)), (p[i] * p[j], Ne(i, j))),
        SOFTMAX,
        (),
    ),
    "Hessian by the weights, swapped": (
        Partial(Partial(L, W[i, d]), W[j, e]),
        p[i] * (delta(i, j) - p[j]) * total(y[k]) * x[d] ** 2,
        LINEAR,
        (),
    ),
    "the matrix with the wrong sign": (
        Partial(p[i], z[j]),
        Entry(Diag(Vec(p)) + Outer(Vec(p), Vec(p)), i, j),
        SOFTMAX,
        (),
    ),
    "a count forgotten": (
        Product(phi[k] ** counts[k], (k, 1, K)),
        exp(Sum(log(phi[k] / phi[K]) * counts[k], (k, 1, K - 1)) + log(phi[K])),
        COUNTS,
        (SumsTo(counts, N),),
    ),
    "true but for K = 3 only": (total(Integer(1)), Integer(3), PLAIN, ()),
    "true but for K ≤ 3": (
        K * (K - 1) * (K - 2) * (K - 3) * u, Integer(0), PLAIN, ()
    ),
    "true but for K ≤ 4, seen at 7": (
        K * (K - 1) * (K - 2) * (K - 3) * (K - 4) * u, Integer(0), PLAIN, (),
    ),
    "nearly equal": (u + Rational(1, 10**12), u, PLAIN, ()),
    "nearly equal, in logarithms": (log(2) + Rational(1, 10**25), log(Integer(2)), PLAIN, ()),
}  # fmt: skip
