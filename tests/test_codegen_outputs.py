"""Functions with several results, with options, with a general form, with a size as argument."""

from typing import Any

import numpy as np
import pytest
from scipy import special

from derive.codegen.function import generated_function
from derive.codegen.generate import general_forms, generate, standalone
from derive.errors import DeriveError, LoweringError
from derive.kernel.derivation import Builder
from derive.kernel.language import Sum, delta, exp, log
from derive.kernel.step import Option, Output
from derive.notation import Domain, K, Quantity, c, i, j, k, p, scalar, tau, y, z
from tests.codegen_tools import load, made

LOSS = -Sum(y[k] * log(p[k]), (k, 1, K))
lam = scalar("lambda", Domain.NONNEGATIVE)


def softmax(d: Builder, temperature: Any = 1) -> None:
    total = Sum(exp(z[k] / temperature), (k, 1, K))
    d.define(p[i], exp(z[i] / temperature) / total)
    d.start(p[i])


def both(d: Builder) -> None:
    softmax(d)
    also = (Output("gradient", p[i] * Sum(y[k], (k, 1, K)) - y[i], (i,)),)
    d.function("both", (z, y), (), "Loss and gradient.", value=LOSS, output="loss", also=also)


def matrix_too(d: Builder) -> None:
    softmax(d)
    also = (Output("matrix", p[i] * p[j], (i, j)),)
    d.function("both", (z,), (i,), "A row and a matrix.", output="row", also=also)


def plain(d: Builder) -> None:
    softmax(d)
    d.function("f", (z,), (i,), "Softmax.")


def warm(d: Builder) -> None:
    softmax(d, tau)
    options = {tau: Option("temperature", 1)}
    d.function("f", (z, tau), (i,), "Softmax.", options=options, widens=True)


def ridge(d: Builder) -> None:
    d.quantity(Quantity(lam, "weight of the penalty", Domain.NONNEGATIVE))
    d.start(Sum(z[k] ** 2, (k, 1, K)) * lam / 2)
    d.function("penalty", (z, lam), (), "A penalty.", options={lam: Option("l2", 0)})


def statistic(d: Builder) -> None:
    d.range(i, 1, K - 1)
    d.start(delta(i, c))
    d.function("statistic", (c, K), (i,), "The statistic of a label.")


def functions(write: Any) -> Any:
    return load(standalone(made(write)))


def test_two_results_come_from_one_pass_and_are_what_each_is_alone():
    own = generated_function(made(both)).text
    assert own.count("_exp_log_sums(") == 1  # the exponentials of all entries
    assert "np.exp(" not in own
    text = standalone(made(both))
    module = load(text)
    rng = np.random.default_rng(1)
    logits, targets = rng.normal(0, 3, (2, 50, 7))
    loss, gradient = module.both(logits, targets)
    log_p = special.log_softmax(logits, axis=-1)
    np.testing.assert_allclose(loss, -(targets * log_p).sum(-1), rtol=1e-13)
    expected = np.exp(log_p) * targets.sum(-1, keepdims=True) - targets
    np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-14)
    loss_1, gradient_1 = module.both(logits.T, targets.T, axis=0)
    np.testing.assert_array_equal(loss_1, loss)
    np.testing.assert_array_equal(gradient_1, gradient.T)
    out = np.empty_like(logits)
    assert module.both(logits, targets, out=out)[1] is out
    np.testing.assert_array_equal(out, gradient)
    one, row = module.both(logits[0], targets[0])
    assert one == loss[0]
    np.testing.assert_array_equal(row, gradient[0])


def test_results_of_different_rank_are_computed_on_whole_arrays():
    row, matrix = functions(matrix_too).both(np.array([[1.0, 2.0, 0.5]]))
    np.testing.assert_allclose(matrix, row[..., :, None] * row[..., None, :])


def test_an_option_off_its_default_calls_the_general_form():
    module = load(standalone(made(plain), made(warm, "warm")))
    logits = np.array([[1.0, 2.0, 4.0], [300.0, -5.0, 0.0]])
    np.testing.assert_array_equal(module.f(logits), module.f(logits, temperature=1))
    expected = special.softmax(logits / 2.5, axis=-1)
    np.testing.assert_allclose(module.f(logits, temperature=2.5), expected, rtol=1e-14)
    rows = special.softmax(logits / [[2.0], [3.0]], axis=-1)
    np.testing.assert_allclose(module.f(logits, temperature=[2.0, 3.0]), rows, rtol=1e-14)
    np.testing.assert_array_equal(
        module.f(logits.T, axis=0, temperature=2), module.f(logits, temperature=2).T
    )
    with pytest.raises(ValueError, match="temperature must be positive, but contains -1"):
        module.f(logits, temperature=-1)
    assert "With ``temperature`` = τ" in module.f.__doc__


def test_an_argument_with_a_default_is_a_keyword():
    penalty = functions(ridge).penalty
    assert penalty([1.0, 2.0]) == 0
    assert penalty([1.0, 2.0], l2=2) == 5
    with pytest.raises(ValueError, match="l2 must not be negative"):
        penalty([1.0], l2=-1)


def test_a_number_of_classes_may_be_an_argument():
    statistic_of = functions(statistic).statistic
    np.testing.assert_array_equal(statistic_of([0, 2, 1], 3), [[1, 0], [0, 0], [0, 1]])
    assert statistic_of(0, 1).shape == (0,)
    with pytest.raises(ValueError, match="c must lie in 0, …, 2, but contains 3"):
        statistic_of(3, 3)
    with pytest.raises(TypeError, match="K must be an integer"):
        statistic_of(0, 3.0)


def test_a_general_form_goes_with_the_function_that_it_widens():
    base, wide = made(plain), made(warm, "warm")
    assert general_forms([wide, base]) == {"case": wide}
    files = generate([wide, base])
    assert files["cases.py"].count("def f(") == 1
    assert files["cases.py"].count("def _f_with_temperature(") == 1
    with pytest.raises(DeriveError, match="both widen f"):
        general_forms([base, wide, made(warm, "again")])

    def other(d: Builder) -> None:
        softmax(d, tau)
        options = {tau: Option("temperature", 1)}
        d.function("f", (y, z, tau), (i,), "More.", options=options, widens=True)

    with pytest.raises(LoweringError, match="do not take the same arguments"):
        generated_function(base, made(other, "other"))


def test_options_are_arguments():
    def wrong(d: Builder) -> None:
        softmax(d)
        d.function("f", (z,), (i,), "Softmax.", options={tau: Option("temperature", 1)})

    with pytest.raises(DeriveError, match="options of f must be among its arguments"):
        made(wrong)
