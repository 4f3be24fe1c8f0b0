"""Any formula of the language becomes NumPy that agrees with the formula worked out by hand."""

import mpmath
import numpy as np
import pytest
from sympy import Rational, pi, sqrt

from derive.codegen.function import generated_function
from derive.codegen.generate import function_sources, standalone
from derive.errors import LoweringError
from derive.kernel.language import (
    Cases,
    Eq,
    IndexedBase,
    Indicator,
    Ne,
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
    q,
    tau,
    x,
    y,
    z,
)
from tests.codegen_tools import Oracle, floats, function_of, load, made

SIZES = {K: 4, D: 3, m: 5}
Z = Sum(exp(z[k]), (k, 1, K))
SOFT = exp(z[i]) / Z
X = IndexedBase("X", real=True)
A = IndexedBase("A", real=True)
C = IndexedBase("C", integer=True, positive=True)


def softmax(builder):
    builder.define(p[i], SOFT)


def scores(builder):
    """m examples: z_nk = Σ_d W_kd X_nd + b_k, p its softmax."""
    builder.quantity(Quantity(X, "features of the examples", shape=(m, D)))
    builder.define(z[n, k], Sum(W[k, d] * X[n, d], (d, 1, D)) + b[k])
    builder.define(p[n, i], exp(z[n, i]) / Sum(exp(z[n, k]), (k, 1, K)))


def targets(builder):
    builder.quantity(Quantity(y, "targets of the examples", shape=(m, K)))


def labels(builder):
    builder.quantity(Quantity(C, "labels of the examples", Domain.LABEL, (m,)))


def matrix(builder):
    builder.quantity(Quantity(A, "a matrix", shape=(K, K)))


def short(builder):
    builder.quantity(Quantity(eta, "natural parameters", shape=(K - 1,)))
    builder.range(i, 1, K - 1)
    builder.range(j, 1, K - 1)


def counts(builder):
    builder.quantity(Quantity(y, "counts", Domain.COUNT, (K,)))


TEMPERED = exp(z[i] / tau) / Sum(exp(z[k] / tau), (k, 1, K))
SIGMOID = 1 / (1 + exp(-z[i]))
SMOOTH = (1 - gamma) * delta(k, c) + gamma / K
LOSS = -Sum(Sum(y[n, k] * log(p[n, k]), (k, 1, K)), (n, 1, m)) / m
TRIALS = Sum(y[k], (k, 1, K))

# name: (what is declared, the value, arguments, axes)
CASES = {
    "softmax": ((softmax,), p[i], (z,), (i,)),
    "shares-of-two": ((softmax,), p[i] * p[j], (z,), (i, j)),
    "jacobian": ((softmax,), p[i] * (delta(i, j) - p[j]), (z,), (i, j)),
    "jacobian-transposed": ((softmax,), p[j] * (delta(i, j) - p[i]), (z,), (j, i)),
    "third-derivatives": (
        (softmax,),
        p[i] * (delta(i, l) - p[l]) * (delta(i, j) - p[j]) - p[i] * p[j] * (delta(j, l) - p[l]),
        (z,),
        (i, j, l),
    ),
    "logsumexp": ((), log(Z), (z,), ()),
    "log-softmax": ((softmax,), log(p[i]), (z,), (i,)),
    "vjp": ((softmax,), p[i] * (y[i] - Sum(y[k] * p[k], (k, 1, K))), (z, y), (i,)),
    "vjp-through-jacobian": (
        (softmax,), Sum(y[i] * p[i] * (delta(i, j) - p[j]), (i, 1, K)), (z, y), (j,),
    ),
    "cross-entropy": ((softmax,), -Sum(y[k] * log(p[k]), (k, 1, K)), (z, y), ()),
    "cross-entropy-as-difference": (
        (), Sum(y[k], (k, 1, K)) * log(Z) - Sum(y[k] * z[k], (k, 1, K)), (z, y), (),
    ),
    "cross-entropy-label": ((softmax,), -log(p[c]), (z, c), ()),
    "gradient-label": ((softmax,), p[i] - delta(i, c), (z, c), (i,)),
    "one-hot": ((), delta(i, c) + 0 * z[i], (c, z), (i,)),
    "smoothed-labels": ((softmax,), -Sum(SMOOTH * log(p[k]), (k, 1, K)), (z, c, gamma), ()),
    "tempered": ((), TEMPERED, (z, tau), (i,)),
    "tempered-log": ((), log(TEMPERED), (z, tau), (i,)),
    "focal": ((softmax,), -((1 - p[c]) ** gamma) * log(p[c]), (z, c, gamma), ()),
    "entropy": ((), -Sum(p[k] * log(p[k]), (k, 1, K)), (p,), ()),
    "entropy-of-logits": ((softmax,), -Sum(p[k] * log(p[k]), (k, 1, K)), (z,), ()),
    "divergence": ((), Sum(p[k] * log(p[k] / q[k]), (k, 1, K)), (p, q), ()),
    "ratio": ((), -p[i] / q[i], (p, q), (i,)),
    "quadratic": ((softmax,), Sum((p[k] - y[k]) ** 2, (k, 1, K)) / 2, (z, y), ()),
    "sigmoid": ((), SIGMOID, (z,), (i,)),
    "sigmoid-derivative": ((), SIGMOID * (1 - SIGMOID), (z,), (i,)),
    "softplus": ((), log(1 + exp(z[i])), (z,), (i,)),
    "two-terms": ((), log(exp(z[i]) + exp(z[j])), (z,), (i, j)),
    "linear-layer": ((), Sum(W[k, d] * x[d], (d, 1, D)) + b[k], (W, x, b), (k,)),
    "scores": ((scores,), z[n, k], (W, X, b), (n, k)),
    "probabilities": ((scores,), p[n, i], (W, X, b), (n, i)),
    "regression-loss": ((scores, targets), LOSS, (W, b, X, y), ()),
    "regression-gradient": (
        (scores, targets),
        Sum((p[n, i] * Sum(y[n, k], (k, 1, K)) - y[n, i]) * X[n, d], (n, 1, m)) / m,
        (W, b, X, y),
        (i, d),
    ),
    "regression-labels": (
        (scores, labels), -Sum(log(p[n, C[n]]), (n, 1, m)) / m, (W, b, X, C), (),
    ),
    "link": ((short,), log(q[i]) - log(q[K]), (q,), (i,)),
    "inverse-link": ((short,), exp(eta[i]) / (1 + Sum(exp(eta[k]), (k, 1, K - 1))), (eta,), (i,)),
    "log-partition": ((short,), log(1 + Sum(exp(eta[k]), (k, 1, K - 1))), (eta,), ()),
    "log-pmf": (
        (short, counts),
        log(factorial(TRIALS)) - Sum(log(factorial(y[k])), (k, 1, K))
        + Sum(eta[k] * y[k], (k, 1, K - 1)) - TRIALS * log(1 + Sum(exp(eta[k]), (k, 1, K - 1))),
        (eta, y),
        (),
    ),
    "log-pmf-of-the-product": (
        (short, counts),
        log(factorial(TRIALS) / Product(factorial(y[k]), (k, 1, K))
            * exp(Sum(eta[k] * y[k], (k, 1, K - 1)))
            / (1 + Sum(exp(eta[k]), (k, 1, K - 1))) ** TRIALS),
        (eta, y),
        (),
    ),
    "log-likelihood": ((counts,), log(Product(q[k] ** y[k], (k, 1, K))), (q, y), ()),
    "coefficient": (
        (counts,), factorial(TRIALS) / Product(factorial(y[k]), (k, 1, K)), (y,), (),
    ),
    "likelihood": ((counts,), Product(q[k] ** y[k], (k, 1, K)), (q, y), ()),
    "others": ((), Sum(z[k], (k, 1, K), i), (z,), (i,)),
    "others-of-a-label": ((), Sum(z[k], (k, 1, K), c), (z, c), ()),
    "others-of-pairs": ((matrix,), Sum(A[i, k], (k, 1, K), i), (A,), (i,)),
    "all-but-the-last": ((), Sum(z[k], (k, 1, K), K), (z,), ()),
    "differences": ((), Sum((z[i] - z[k]) ** 2, (k, 1, K)), (z,), (i,)),
    "trace": ((matrix,), Sum(A[k, k], (k, 1, K)), (A,), ()),
    "transpose": ((matrix,), A[j, i] - A[i, j], (A,), (i, j)),
    "matrix-product": ((matrix,), Sum(A[i, k] * A[k, j], (k, 1, K)), (A,), (i, j)),
    "quadratic-form": (
        (matrix,), Sum(Sum(z[i] * A[i, j] * z[j], (j, 1, K)), (i, 1, K)), (A, z), (),
    ),
    "same-in-all-columns": ((), z[i], (z,), (i, j)),
    "identity": ((), delta(i, j) + 0 * z[i], (z,), (i, j)),
    "diagonal": ((), z[i] * delta(i, j), (z,), (i, j)),
    "first-and-last": ((), z[1] + 2 * z[K], (z,), ()),
    "neighbours": ((), Sum(z[k] * z[k + 1], (k, 1, K - 1)), (z,), ()),
    "at-the-end": ((), Cases((0, Eq(i, K)), (z[i], Ne(i, K))), (z,), (i,)),
    "at-the-start": ((), z[i] * (1 + delta(i, 1)), (z,), (i,)),
    "triangle": ((), z[i] * Indicator(i <= j), (z,), (i, j)),
    "index-as-number": ((), i * z[i] / K, (z,), (i,)),
    "constant-summand": ((), Sum(z[i], (k, 1, K)), (z,), (i,)),
    "constant-factor": ((), Product(q[i], (k, 1, K)), (q,), (i,)),
    "numbers": ((), pi * sqrt(2) * z[i] - Rational(2, 3), (z,), (i,)),
    "powers": ((), q[i] ** 3 + q[i] ** gamma + sqrt(q[i]) + q[i] ** -2, (q, gamma), (i,)),
    "near-one": ((), exp(z[i]) - 1 + log(1 + q[i]), (z, q), (i,)),
}  # fmt: skip


def case(name):
    declared, value, arguments, axes = CASES[name]

    def write(builder):
        for declare in declared:
            declare(builder)
        builder.start(value)
        builder.function("f", arguments, axes, "A case.")

    return made(write, name)


def numbers(derivation, batch=()):
    """Random arguments, of the shapes that the derivation declares."""
    rng = np.random.default_rng(7)
    given = {}
    for symbol in derivation.function.arguments:
        quantity = derivation.context.quantity(symbol)
        shape = (*batch, *(int(e.xreplace(SIZES)) for e in quantity.shape))
        if symbol in (c, C):
            given[str(symbol)] = rng.integers(0, SIZES[K], shape)
        elif quantity.domain is Domain.COUNT:
            given[str(symbol)] = rng.integers(0, 6, shape).astype(float)
        elif quantity.domain in (Domain.UNIT, Domain.POSITIVE):
            given[str(symbol)] = rng.uniform(0.1, 0.9, shape)
        else:
            given[str(symbol)] = rng.normal(size=shape) * 2
    return given


@pytest.mark.parametrize("name", CASES)
def test_a_formula_is_computed(name):
    derivation = case(name)
    given = numbers(derivation)
    with mpmath.workdps(60):
        exact = floats(Oracle(derivation, SIZES, **given).result())
    got = function_of(derivation)(**given)
    assert np.shape(got) == exact.shape
    np.testing.assert_allclose(got, exact, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", CASES)
def test_batch_axes_stand_in_front(name):
    derivation = case(name)
    function = function_of(derivation)
    given = numbers(derivation, (2, 3))
    whole = function(**given)
    for place in np.ndindex(2, 3):
        one = function(**{name: value[place] for name, value in given.items()})
        np.testing.assert_allclose(whole[place], one, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", CASES)
def test_batch_shapes_broadcast_and_arguments_stay(name):
    derivation = case(name)
    function = function_of(derivation)
    given = numbers(derivation, (3,))
    first = next(iter(given))
    given[first] = given[first][:1]
    spread = {**given, first: np.repeat(given[first], 3, axis=0)}
    copies = {name: value.copy() for name, value in given.items()}
    result = np.broadcast_to(function(**given), np.shape(function(**spread)))
    np.testing.assert_allclose(result, function(**spread), rtol=1e-14, atol=1e-14)
    for name_, value in given.items():
        assert np.array_equal(value, copies[name_]), name_
        assert not np.shares_memory(function(**given), value)


def test_x_log_x_is_zero_at_zero():
    assert function_of(case("entropy"))([0.0, 1.0, 0.0]) == 0
    divergence = function_of(case("divergence"))
    assert divergence([0.0, 1.0, 0.0], [0.5, 0.5, 0.0]) == pytest.approx(np.log(2))
    assert divergence([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert np.isnan(divergence([0.0, np.nan], [0.5, 0.5]))


def test_what_is_named_is_computed_once():
    ((_, text),) = function_sources([case("jacobian")]).values()
    assert text.count("np.exp(") == 1
    assert "p = e / total[..., None]" in text
    assert "np.eye" not in text


def test_equal_letters_do_not_capture_each_other():
    nested = made(
        lambda b: (
            b.start(Sum(Sum(z[k], (k, 1, K)) * z[k], (k, 1, K))),
            b.function("f", (z,), (), "Nested."),
        )
    )
    assert function_of(nested)([1.0, 2.0, 3.0]) == 36.0


def f(x):  # an applied function that nothing defines
    from sympy import Function

    return Function("f")(x)


REFUSED = {
    "undeclared": (IndexedBase("Q", real=True)[i], (z,), (i,), "neither an argument nor defined"),
    "undeclared-argument": (z[i], (z, IndexedBase("Q", real=True)), (i,), "not declared"),
    "free-scalar": (z[i] * tau, (z,), (i,), "neither an argument nor defined"),
    "outside": (z[i + 1], (z,), (i,), "runs outside of its axis"),
    "loose-index": (z[i] * z[j], (z,), (i,), "j"),
    "wrong-indices": (z[i, j], (z,), (i, j), "2 indices where z has 1 axes"),
    "unknown-function": (f(z[i]), (z,), (i,), "nothing defines"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_lowered_says_what_where_and_what_to_do(name):
    value, arguments, axes, says = REFUSED[name]

    def write(builder):
        builder.start(value)
        builder.function("my_function", arguments, axes, "Refused.")

    with pytest.raises(LoweringError) as raised:
        standalone(made(write))
    text = str(raised.value)
    assert says in text
    assert "my_function" in text
    assert "hint:" in text


def test_a_derivation_without_a_function_says_so():
    with pytest.raises(LoweringError, match="has no function to generate"):
        generated_function(made(lambda b: b.start(z[i])))


def test_the_module_of_one_function_needs_numpy_alone():
    text = standalone(case("focal"))
    imports = [
        line for line in text.splitlines() if "import" in line.split()[:1] + line.split()[2:3]
    ]
    standard = ("typing", "__future__", "import math", "collections.abc")
    assert all("numpy" in line or any(s in line for s in standard) for line in imports)
    assert load(text).f([0.0, 1.0], 1, 2.0) > 0
