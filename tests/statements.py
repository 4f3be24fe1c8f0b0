"""True and false statements about indexed expressions, for both routes.

The false ones are traps: each was "proved" by some simpler checker.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Integer, sympify

from derive.kernel.facts import (
    AtLeast,
    Context,
    Definition,
    Fixed,
    OneHot,
    SumsTo,
)
from derive.kernel.language import (
    Cases,
    Eq,
    Expr,
    Indicator,
    Le,
    Lt,
    Mul,
    Ne,
    Partial,
    Pow,
    Product,
    Sum,
    delta,
    exp,
    factorial,
    log,
)
from derive.notation import (
    D,
    Domain,
    K,
    L,
    N,
    Quantity,
    W,
    b,
    c,
    d,
    eta,
    gamma,
    i,
    j,
    k,
    l,
    m,
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


def over(f, index=k, lower=1, upper=K, *without):
    return Sum(f, (index, lower, upper), *without)


def quotient(above, below):
    """above/below, kept as it is even where SymPy would cancel."""
    return Mul(above, Pow(below, -1, evaluate=False), evaluate=False)


@dataclass(frozen=True)
class Statement:
    name: str
    lhs: Expr
    rhs: Expr
    context: Context

    def __str__(self):
        return self.name


def statement(name, lhs, rhs, context=None):
    return Statement(name, sympify(lhs), sympify(rhs), context or Context())


Z = over(exp(z[k]))
PLAIN = Context()
SOFTMAX = PLAIN.with_definitions(Definition(p[i], exp(z[i]) / Z))
LOSS = SOFTMAX.with_definitions(Definition(L, -over(y[k] * log(p[k]))))
HOT = over(exp(z[k] / tau))
LINK = PLAIN.with_definitions(Definition(eta[i], log(phi[i] / phi[K]))).with_facts(SumsTo(phi))
Y = SumsTo(y)
u = vector("u")
s, t = scalar("S"), scalar("V")
X = vector("X")
FEATURES = Quantity(X, "features", shape=(m, D), latex="X")
TARGETS = Quantity(vector("Y"), "targets", shape=(m, K), latex="Y", may_sum_to_one=True)
YY = vector("Y")
LINEAR = PLAIN.with_quantities(FEATURES, TARGETS)
FREE_ETA = PLAIN.with_quantities(Quantity(eta, "natural parameters", shape=(K - 1,)))
COUNTS = PLAIN.with_quantities(Quantity(y, "counts", Domain.COUNT, (K,), "y", True))
warm = exp(z[i] / tau) / HOT

TRUE = [
    statement("softmax Jacobian", Partial(p[i], z[j]), p[i] * (delta(i, j) - p[j]), SOFTMAX),
    statement("softmax sums to 1", over(p[i], i), 1, SOFTMAX),
    statement("shift", exp(z[i] + shift) / over(exp(z[k] + shift)), p[i], SOFTMAX),
    statement("cross-entropy gradient", Partial(L, z[i]), p[i] * over(y[k]) - y[i], LOSS),
    statement("normalised", Partial(L, z[i]), p[i] - y[i], LOSS.with_facts(Y)),
    statement("label", Partial(L, z[i]), p[i] - delta(i, c), LOSS.with_facts(OneHot(y, c))),
    statement(
        "full Hessian",
        Partial(Partial(L, z[i]), z[j]),
        over(y[k]) * p[i] * (delta(i, j) - p[j]),
        LOSS,
    ),
    statement(
        "third derivatives",
        Partial(Partial(Partial(log(Z), z[i]), z[j]), z[l]),
        p[i] * (delta(i, j) - p[j]) * (delta(i, l) - p[l])
        - p[i] * p[j] * (delta(j, l) - p[l]),
        SOFTMAX,
    ),
    statement("log-sum-exp", Partial(log(Z), z[i]), p[i], SOFTMAX),
    statement("SymPy 13993", over(Partial(over(u[j], j), u[i]), i), K),
    statement("renamed", over(u[i], i) - over(u[j], j), 0),
    statement("sum of deltas", over(over(delta(i, j), j), i), K),
    statement("SymPy 27359", over(delta(k, j), k, 1, K, i), 1 - delta(i, j)),
    statement("delta in a half range", over(delta(k, j), k, 1, K - 1), 1 - delta(j, K)),
    statement("delta with an offset", over(u[k] * delta(k + 1, j)), u[j - 1] * (1 - delta(j, 1))),
    statement("combined", over(exp(z[k]) / (1 + exp(z[k]))) + over(1 / (1 + exp(z[k]))), K),
    statement("chain", over(Partial(L, p[k]) * Partial(p[k], z[j])),
              p[j] * over(y[k]) - y[j], LOSS),
    statement("by a named quantity", Partial(L, p[i]), -y[i] / p[i], LOSS),
    statement("entropy", Partial(-over(p[k] * log(p[k])), z[i]),
              -p[i] * (log(p[i]) - over(p[k] * log(p[k]))), SOFTMAX),
    statement("KL", over(p[k] * log(p[k] / q[k])), over(p[k] * log(p[k])) - over(p[k] * log(q[k]))),
    statement("temperature", Partial(warm, tau),
              -warm * (z[i] - over(z[k] * exp(z[k] / tau)) / HOT) / tau**2),
    statement("focal", Partial(-((1 - q[i]) ** gamma) * log(q[i]), q[i]),
              gamma * (1 - q[i]) ** (gamma - 1) * log(q[i]) - (1 - q[i]) ** gamma / q[i]),
    statement("all but the last", over(u[k], k, 1, K - 1), over(u[k]) - u[K]),
    statement("all but two", over(u[k], k, 1, K - 2), over(u[k]) - u[K] - u[K - 1],
              PLAIN.with_facts(AtLeast(K, 2))),
    statement("without i", over(u[k], k, 1, K, i), over(u[k]) - u[i]),
    statement("product", Product(phi[k] ** y[k], (k, 1, K)), exp(over(y[k] * log(phi[k])))),
    statement("exponential family", Product(phi[k] ** y[k], (k, 1, K)),
              exp(over(y[k] * log(phi[k] / phi[K]), k, 1, K - 1) + log(phi[K])),
              PLAIN.with_facts(Y)),
    statement("inverse link", phi[i], exp(eta[i]) / (1 + over(exp(eta[k]), k, 1, K - 1)), LINK),
    statement("the rest", 1 - p[i], over(p[k], k, 1, K, i), SOFTMAX),
    statement("log of the rest", log(1 - p[i]), log(over(exp(z[k]), k, 1, K, i)) - log(Z),
              SOFTMAX.with_facts(AtLeast(K, 2))),
    statement("double index", Partial(over(over(W[k, d] * x[d], d, 1, D)), W[j, d]), x[d]),
    statement("linear layer", Partial(over(W[i, d] * x[d], d, 1, D) + b[i], b[j]), delta(i, j)),
    statement("batch", over(over(YY[n, k]), n, 1, m), m, LINEAR.with_facts(SumsTo(YY))),
    statement("nested sums exchanged", over(over(W[k, d] * u[k], d, 1, D)),
              over(over(W[k, d] * u[k]), d, 1, D)),
    statement("square of a sum", over(u[k]) ** 2, over(over(u[k] * u[l], l))),
    statement("sign of a sum of squares", over(over((u[k] - u[l]) ** 2, l)),
              2 * K * over(u[k] ** 2) - 2 * over(u[k]) ** 2),
    statement("empty sum", over(1, k, 5, 2), 0),
    statement("cases", Cases((p[i] * (1 - p[i]), Eq(i, j)), (-p[i] * p[j], Ne(i, j))),
              p[i] * (delta(i, j) - p[j])),
    statement("half range by an indicator", over(Indicator(Le(k, K - 1)) * u[k]),
              over(u[k], k, 1, K - 1)),
    statement("log of a product", log(phi[i] * phi[j]), log(phi[i]) + log(phi[j])),
    statement("mean of the statistic",
              Partial(log(1 + over(exp(eta[k]), k, 1, K - 1)), eta[i]),
              exp(eta[i]) / (1 + over(exp(eta[k]), k, 1, K - 1)),
              FREE_ETA.with_range(i, 1, K - 1)),
    statement("all but the reference class", over(exp(eta[k]), k, 1, K, K),
              over(exp(eta[k]), k, 1, K - 1), FREE_ETA),
    statement("without the first", Product(phi[k], (k, 1, K), 1), Product(phi[k], (k, 2, K))),
    statement("reference class", exp(eta[i]) / over(exp(eta[k])),
              exp(eta[i]) / (1 + over(exp(eta[k]), k, 1, K - 1)),
              PLAIN.with_facts(Fixed(eta[K], Integer(0)))),
    statement("multinomial coefficient", factorial(N) / Product(factorial(y[k]), (k, 1, K)),
              factorial(over(y[k])) / Product(factorial(y[l]), (l, 1, K)),
              COUNTS.with_facts(SumsTo(y, N))),
]  # fmt: skip

FALSE = [
    statement("captured indices 1", over(over(exp(u[k] * b[l]), l)), K * over(exp(u[k] * b[k]))),
    statement("captured indices 2", over(1 / (1 + over(exp(u[l] * b[k]), l))),
              over(1 / (1 + over(exp(u[k] * b[k]))))),
    statement("sifting out of range", over(u[k] * delta(k, j), k, 1, K - 1), u[j]),
    statement("sifting beyond the end", over(u[k] * delta(k, i + 1)), u[i + 1]),
    statement("delta at K", delta(i, K), 0),
    statement("delta at 1", delta(i, 1), 0),
    statement("delta below exp", over(exp(delta(k, j) * u[k])), K),
    statement("delta below a quotient", over(1 / (1 + delta(k, j))), K),
    statement("log of signs", log(Mul(s, t, evaluate=False)), log(s) + log(t)),
    statement("0/0", quotient(y[i] - y[j], y[i] - y[j]), 1),
    statement("Karr", over(1, k, 5, 2), -2),
    statement("diagonal only", Partial(p[i], z[j]), p[i] * (1 - p[j]), SOFTMAX),
    statement("B9", Partial(L, z[i]), y[i] * (p[i] - 1), LOSS),
    statement("without the total", Partial(L, z[i]), p[i] - y[i], LOSS),
    statement("missing 1 +", phi[i], exp(eta[i]) / over(exp(eta[k]), k, 1, K - 1), LINK),
    statement("fact before the derivative", Partial(over(phi[k]), phi[j]), 0,
              PLAIN.with_facts(SumsTo(phi))),
    statement("fixed before the derivative", Partial(eta[K], eta[K]), 0,
              PLAIN.with_facts(Fixed(eta[K], Integer(0)))),
    statement("one-hot before the derivative", Partial(over(y[k] ** 2), y[j]), 0,
              PLAIN.with_facts(OneHot(y, c))),
    statement("sum of squares", over(u[k] ** 2), over(u[k]) ** 2),
    statement("sum of a quotient", over(u[k] / phi[k]), over(u[k]) / over(phi[k])),
    statement("log of a sum", log(Z), over(z[k])),
    statement("not independent of k", over(exp(z[k])), K * exp(z[k])),
    statement("order", Indicator(Lt(i, j)) + Indicator(Lt(j, i)), 1),
    statement("square root of a square", Pow(s**2, Integer(1) / 2, evaluate=False), s),
    statement("softmax of a product", exp(2 * z[i]) / over(exp(2 * z[k])), p[i] ** 2, SOFTMAX),
    statement("the empty range at K = 1", over(phi[k] / phi[k], k, 1, K - 1), K),
    statement("swapped", Partial(p[i], z[j]), p[j] * (delta(i, j) - p[j]), SOFTMAX),
    statement("other row", over(W[i, d] * x[d], d, 1, D), over(W[j, d] * x[d], d, 1, D)),
    statement("forgotten class", over(phi[k], k, 1, K - 1), 1, PLAIN.with_facts(SumsTo(phi))),
    statement("two different sizes", over(1), over(1, d, 1, D)),
]  # fmt: skip
