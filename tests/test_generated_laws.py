"""Laws of all generated functions: batches, axes, out, options, and how functions hang together.

Each law is tried on shapes and numbers that hypothesis draws; the arguments come from the shapes
that the docstrings state.
"""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import generated as g
from tests.reference.arguments import FUNCTIONS, is_row, options, sample, shapes

EPS = np.finfo(float).eps
SEEDS = st.integers(0, 2**32 - 1)
BATCHES = st.lists(st.integers(1, 3), max_size=3).map(tuple)
LENGTHS = st.integers(1, 6)
ROWS = [n for n in FUNCTIONS if is_row(FUNCTIONS[n])]
ARRAYS = [n for n in FUNCTIONS if "K" not in inspect.signature(FUNCTIONS[n]).parameters]


def having(option, names=tuple(FUNCTIONS)):
    """The functions with this option."""
    return [n for n in names if option in options(FUNCTIONS[n])]


def needs(*names):
    """Skip a law of functions that are not there."""
    gone = [n for n in names if n not in FUNCTIONS]
    return pytest.mark.skipif(bool(gone), reason=f"not generated: {', '.join(gone)}")


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def close(got, want, rtol=1e-12, atol=1e-13):
    for ours, theirs in zip(parts(got), parts(want), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol)


def few(test):
    """Many functions take part: some examples of each are enough."""
    return settings(max_examples=12)(test)


# --- batches -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ARRAYS)
@few
@given(BATCHES, LENGTHS, SEEDS)
def test_a_batch_is_a_loop_over_its_rows(name, batch, length, seed):
    """Each argument has its own batch axes, some of length 1 or missing in front."""
    function, rng = FUNCTIONS[name], np.random.default_rng(seed)
    made = {}
    for argument, axes in shapes(function).items():
        own = tuple(n if rng.random() < 0.7 else 1 for n in batch)[rng.integers(0, len(batch) + 1):]
        made[argument] = sample(function, rng, own, K=length)[argument]
        assert made[argument].ndim == len(own) + len(axes)
    before = {n: np.array(a, copy=True) for n, a in made.items()}
    result = parts(function(**made))
    ranks = {n: np.ndim(a) - len(shapes(function)[n]) for n, a in made.items()}
    common = np.broadcast_shapes(*(np.shape(a)[: ranks[n]] for n, a in made.items()))
    spread = {n: np.broadcast_to(a, (*common, *np.shape(a)[ranks[n] :])) for n, a in made.items()}
    for at in np.ndindex(common):
        one = function(**{n: a[at] for n, a in spread.items()})
        close(tuple(np.asarray(part)[at] for part in result), one)
    assert all(np.shape(p)[: len(common)] == common for p in result)
    for argument, array in made.items():
        assert np.array_equal(array, before[argument]), f"{name} changes {argument}"


@pytest.mark.parametrize("name", having("axis"))
@few
@given(st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple), LENGTHS, SEEDS)
def test_the_class_axis_may_stand_anywhere(name, batch, length, seed):
    function, rng = FUNCTIONS[name], np.random.default_rng(seed)
    made = sample(function, rng, batch, K=length)
    axis = int(rng.integers(-len(batch) - 1, len(batch) + 1))
    known = shapes(function)
    moved = {n: np.moveaxis(a, -1, axis) if known[n] else a for n, a in made.items()}
    results = function(**moved, axis=axis), function(**made)
    for ours, want in zip(*map(parts, results), strict=True):
        close(np.moveaxis(ours, axis, -1) if np.ndim(want) > len(batch) else ours, want)


@pytest.mark.parametrize("name", having("out"))
@few
@given(BATCHES, LENGTHS, SEEDS)
def test_out_receives_the_same_numbers(name, batch, length, seed):
    function, rng = FUNCTIONS[name], np.random.default_rng(seed)
    made = sample(function, rng, batch, K=length)
    want = function(**made)
    last = parts(want)[-1]  # of several results it is the array of the input's shape
    room = np.full(np.shape(last), 7.0)
    result = function(**made, out=room)
    assert parts(result)[-1] is room
    close(result, want, rtol=0, atol=0)
    for argument, array in made.items():
        if np.shape(array) == np.shape(last) and np.asarray(array).dtype == room.dtype:
            copies = {n: np.array(a, copy=True) for n, a in made.items()}
            result = function(**copies, out=copies[argument])
            assert parts(result)[-1] is copies[argument]
            close(result, want, rtol=0, atol=0)
            others = {n for n in made if n != argument}
            assert all(np.array_equal(copies[n], made[n]) for n in others)


# --- options -------------------------------------------------------------------------------------

NEUTRAL = {"temperature": 1.0, "label_smoothing": 0.0, "l2": 0.0}
WITH_OPTIONS = [(n, o) for o in NEUTRAL for n in having(o)]


@pytest.mark.parametrize(("name", "option"), WITH_OPTIONS)
@few
@given(BATCHES, LENGTHS, SEEDS)
def test_an_option_that_changes_nothing(name, option, batch, length, seed):
    """Smoothing by 0, a temperature of 1 and no penalty are as without the option."""
    function = FUNCTIONS[name]
    made = sample(function, np.random.default_rng(seed), batch, K=length)
    close(function(**made, **{option: NEUTRAL[option]}), function(**made), rtol=4 * EPS)


@pytest.mark.parametrize("name", having("temperature", ("softmax", "log_softmax", "logsumexp")))
@few
@given(BATCHES, LENGTHS, SEEDS, st.sampled_from([0.25, 0.5, 3.0]))
def test_a_temperature_divides_the_logits(name, batch, length, seed, temperature):
    made = sample(FUNCTIONS[name], np.random.default_rng(seed), batch, K=length)
    times = temperature if name == "logsumexp" else 1
    want = times * np.asarray(FUNCTIONS[name](made["z"] / temperature))
    close(FUNCTIONS[name](**made, temperature=temperature), want)


@pytest.mark.parametrize("name", having("label_smoothing"))
@few
@given(BATCHES, LENGTHS, SEEDS, st.floats(0, 1))
def test_label_smoothing_is_a_mixture_with_even_targets(name, batch, length, seed, share):
    made = sample(FUNCTIONS[name], np.random.default_rng(seed), batch, K=length)
    want = FUNCTIONS[name](**made, label_smoothing=share)
    plain = FUNCTIONS[name.removesuffix("_labels")]
    y = made.pop("y") if "y" in made else np.eye(length)[made.pop("c")]
    close(want, plain(**made, y=(1 - share) * y + share / length), rtol=1e-11)


# --- functions among each other ------------------------------------------------------------------

LABELS = [n for n in ROWS if n.endswith("_labels") and n.removesuffix("_labels") in FUNCTIONS]


@pytest.mark.parametrize("name", LABELS)
@few
@given(BATCHES, LENGTHS, SEEDS)
def test_a_label_is_a_one_hot_target(name, batch, length, seed):
    made = sample(FUNCTIONS[name], np.random.default_rng(seed), batch, K=length)
    rest = {n: a for n, a in made.items() if n != "c"}
    want = FUNCTIONS[name.removesuffix("_labels")](**rest, y=np.eye(length)[made["c"]])
    close(FUNCTIONS[name](**made), want)


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if "value_and_gradient" in n])
@few
@given(BATCHES, LENGTHS, SEEDS)
def test_value_and_gradient_are_the_two(name, batch, length, seed):
    made = sample(FUNCTIONS[name], np.random.default_rng(seed), batch, K=length)
    value, gradient = FUNCTIONS[name](**made)
    close(value, FUNCTIONS[name.replace("_value_and_gradient", "")](**made), rtol=8 * EPS)
    close(gradient, FUNCTIONS[name.replace("value_and_gradient", "gradient")](**made))


# A product with a vector: the matrix, and whether the vector stands on its left.
PRODUCTS = {
    "softmax_jvp": ("softmax_jacobian", False), "softmax_vjp": ("softmax_jacobian", True),
    "log_softmax_jvp": ("log_softmax_jacobian", False),
    "log_softmax_vjp": ("log_softmax_jacobian", True),
    "softmax_cross_entropy_hvp": ("softmax_cross_entropy_hessian", False),
    "softmax_cross_entropy_hvp_labels": ("softmax_cross_entropy_hessian_labels", False),
}  # fmt: skip


@pytest.mark.parametrize(("name", "matrix"), [(n, m) for n, (m, _) in PRODUCTS.items()
                                              if {n, m} <= set(FUNCTIONS)])  # fmt: skip
@few
@given(BATCHES, LENGTHS, SEEDS)
def test_a_product_agrees_with_the_matrix(name, matrix, batch, length, seed):
    made = sample(FUNCTIONS[name], np.random.default_rng(seed), batch, K=length)
    vector = made["u" if PRODUCTS[name][1] else "v"]
    rest = {n: a for n, a in made.items() if n not in "uv"}
    square = FUNCTIONS[matrix](**rest)
    left = np.swapaxes(square, -1, -2) if PRODUCTS[name][1] else square
    close(FUNCTIONS[name](**made), (left @ vector[..., None])[..., 0], atol=1e-12)


HESSIANS = [n for n in ROWS if "hessian" in n] + ["softmax_jacobian"]


@pytest.mark.parametrize("name", HESSIANS)
@few
@given(BATCHES, LENGTHS, SEEDS, st.sampled_from([1.0, 30.0, 300.0]))
def test_a_hessian_is_symmetric_and_positive_semidefinite(name, batch, length, seed, scale):
    made = sample(FUNCTIONS[name], np.random.default_rng(seed), batch, scale=scale, K=length)
    square = FUNCTIONS[name](**made)
    np.testing.assert_allclose(square, np.swapaxes(square, -1, -2), rtol=8 * EPS, atol=0)
    if square.size:
        least = np.linalg.eigvalsh(square).min()
        assert least >= -16 * EPS * np.abs(square).max()


@needs("softmax_regression_hessian")
@few
@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 6), SEEDS)
def test_the_hessian_of_softmax_regression_is_one_matrix(K, D, m, seed):
    """Its blocks together, (K (D + 1), K (D + 1)), are symmetric and positive semidefinite."""
    function = g.softmax_regression_hessian
    result = parts(function(**sample(function, np.random.default_rng(seed), K=K, D=D, m=m)))
    whole = result[0].reshape(K * D, K * D)
    if len(result) == 3:
        mixed, own = result[1].reshape(K * D, K), result[2]
        whole = np.block([[whole, mixed], [mixed.T, own]])
    np.testing.assert_allclose(whole, whole.T, rtol=1e-12, atol=1e-14)
    assert np.linalg.eigvalsh(whole).min() >= -1e-13 * max(1, np.abs(whole).max())


@needs("softmax", "sigmoid", "log_softmax", "log_sigmoid", "logsumexp", "softplus")
@given(st.lists(st.floats(-500, 500), min_size=1, max_size=5).map(np.array))
def test_two_classes_are_a_sigmoid(x):
    z = np.stack([x, np.zeros_like(x)], axis=-1)
    small = np.finfo(float).tiny
    close(g.softmax(z)[..., 0], g.sigmoid(x), rtol=16 * EPS, atol=small)
    close(g.log_softmax(z)[..., 0], g.log_sigmoid(x), rtol=16 * EPS, atol=small)
    close(g.logsumexp(z), g.softplus(x), rtol=16 * EPS, atol=16 * EPS * np.abs(x).max())
    close(g.softmax_jacobian(z)[..., 0, 0], g.sigmoid_derivative(x), rtol=32 * EPS, atol=small)
    close(g.tanh_derivative(x), 4 * g.sigmoid_derivative(2 * x), rtol=16 * EPS, atol=small)


@needs("logit", "sigmoid")
@given(st.floats(-700, 30))
def test_the_logit_undoes_the_sigmoid(x):
    """Near 1 the share itself cannot tell logits apart, by eps / (1 − p)."""
    slack = 4 * EPS * (1 + np.exp(x))
    assert abs(g.logit(g.sigmoid(x)) - x) <= slack + 4 * EPS * abs(x)


@needs("mean_parameters", "natural_parameters")
@given(BATCHES, LENGTHS, SEEDS)
def test_the_inverse_link_undoes_the_link(batch, length, seed):
    rng = np.random.default_rng(seed)
    phi = rng.dirichlet(np.ones(length), batch)
    close(g.mean_parameters(g.natural_parameters(phi)), phi[..., :-1], rtol=1e-12, atol=1e-300)
