"""Laws that hold for all numbers: sums, invariances, symmetry, derivatives, inverse functions."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import generated as g

EPS = np.finfo(float).eps


def logits(size=50.0, least=1):
    shapes = array_shapes(min_dims=1, max_dims=3, min_side=least, max_side=6)
    return arrays(float, shapes, elements=st.floats(-size, size))


def with_targets(size=50.0):
    """Logits and targets of one shape."""
    return array_shapes(min_dims=1, max_dims=2, max_side=6).flatmap(
        lambda shape: st.tuples(
            arrays(float, shape, elements=st.floats(-size, size)),
            arrays(float, shape, elements=st.floats(0, 1)),
        )
    )


@given(logits(1e4))
def test_softmax_is_a_distribution(z):
    p = g.softmax(z)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(-1), 1, atol=8 * EPS)


@given(logits(), st.floats(-50, 50))
def test_a_shift_changes_log_sum_exp_by_itself_and_softmax_not_at_all(z, s):
    np.testing.assert_allclose(g.softmax(z + s), g.softmax(z), rtol=1e-12)
    np.testing.assert_allclose(g.logsumexp(z + s), g.logsumexp(z) + s, atol=1e-13)


@given(logits())
def test_log_softmax_is_the_logarithm_of_softmax(z):
    np.testing.assert_allclose(np.exp(g.log_softmax(z)), g.softmax(z), rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(z - g.logsumexp(z)[..., None], g.log_softmax(z), atol=2e-13)


@given(logits())
def test_log_sum_exp_is_between_the_maximum_and_the_maximum_plus_log_k(z):
    top, value = z.max(-1), g.logsumexp(z)
    slack = 2 * EPS * np.abs(top)
    assert (value >= top).all()
    assert (value <= top + np.log(z.shape[-1]) + slack + 4 * EPS).all()


@given(logits(1e3))
def test_rows_and_columns_of_the_jacobian_sum_to_zero(z):
    jacobian = g.softmax_jacobian(z)
    np.testing.assert_allclose(jacobian.sum(-1), 0, atol=4 * EPS)
    np.testing.assert_allclose(jacobian.sum(-2), 0, atol=4 * EPS)
    assert np.array_equal(jacobian, np.swapaxes(jacobian, -1, -2))
    np.testing.assert_allclose(g.log_softmax_jacobian(z).sum(-1), 0, atol=8 * EPS)


@given(with_targets())
def test_the_hessian_is_symmetric_and_positive_semidefinite(pair):
    z, y = pair
    hessian = g.softmax_cross_entropy_hessian(z, y)
    np.testing.assert_allclose(hessian, np.swapaxes(hessian, -1, -2), rtol=8 * EPS)
    scale = np.abs(hessian).max() + 1e-300
    assert np.linalg.eigvalsh(hessian).min() >= -16 * EPS * scale


@given(logits())
def test_the_hessian_of_the_log_partition_is_a_covariance(eta):
    hessian = g.log_partition_hessian(eta)
    assert np.array_equal(hessian, np.swapaxes(hessian, -1, -2))
    assert np.linalg.eigvalsh(hessian).min() >= -16 * EPS
    assert np.array_equal(g.log_partition_gradient(eta), g.mean_parameters(eta))


@given(logits())
def test_the_symmetric_and_the_minimal_parametrisation_agree(eta):
    zero = np.zeros((*eta.shape[:-1], 1))
    z = np.concatenate([eta, zero], axis=-1)
    np.testing.assert_allclose(g.log_partition(eta), g.logsumexp(z), rtol=4 * EPS, atol=1e-300)
    np.testing.assert_allclose(g.mean_parameters(eta), g.softmax(z)[..., :-1], rtol=1e-13)
    hessian = g.softmax_jacobian(z)[..., :-1, :-1]
    np.testing.assert_allclose(g.log_partition_hessian(eta), hessian, rtol=1e-12, atol=1e-300)


@given(logits(20.0))
def test_link_and_inverse_link_undo_each_other(eta):
    phi = g.mean_parameters(eta)
    rest = 1 / np.exp(g.log_partition(eta))
    whole = np.concatenate([phi, rest[..., None]], axis=-1)
    np.testing.assert_allclose(g.natural_parameters(whole), eta, atol=1e-13, rtol=1e-13)


@given(with_targets())
def test_the_gradient_sums_to_zero_and_label_functions_agree_with_one_hot_targets(pair):
    z, y = pair
    gradient = g.softmax_cross_entropy_gradient(z, y)
    np.testing.assert_allclose(gradient.sum(-1), 0, atol=32 * EPS)
    c = y.argmax(-1)
    hot = np.eye(z.shape[-1])[c]
    got = g.softmax_cross_entropy_gradient_labels(z, c)
    np.testing.assert_allclose(got, g.softmax_cross_entropy_gradient(z, hot), atol=4 * EPS)
    loss = g.softmax_cross_entropy_labels(z, c)
    np.testing.assert_allclose(loss, g.softmax_cross_entropy(z, hot), rtol=1e-13, atol=1e-300)


def test_two_classes_are_a_sigmoid():
    x = np.linspace(-40, 40, 81)
    z = np.stack([x, np.zeros_like(x)], axis=-1)
    np.testing.assert_allclose(g.softmax(z)[:, 0], 1 / (1 + np.exp(-x)), rtol=1e-14)


# value → the function that claims to be its derivative
DERIVATIVES = {
    "logsumexp": ("softmax", ()),
    "softmax": ("softmax_jacobian", ()),
    "log_softmax": ("log_softmax_jacobian", ()),
    "softmax_cross_entropy": ("softmax_cross_entropy_gradient", ("y",)),
    "softmax_cross_entropy_gradient": ("softmax_cross_entropy_hessian", ("y",)),
    "softmax_cross_entropy_labels": ("softmax_cross_entropy_gradient_labels", ("c",)),
    "log_partition": ("log_partition_gradient", ()),
    "log_partition_gradient": ("log_partition_hessian", ()),
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_derivative_agrees_with_central_differences(name):
    derivative, more = DERIVATIVES[name]
    rng = np.random.default_rng(11)
    others = [{"y": np.array([0.7, 0.1, 1.4, 0.0]), "c": 2}[m] for m in more]
    step = 1e-5
    for _ in range(20):
        z = rng.normal(size=4) * 3
        moves = np.eye(4) * step
        plus = np.array([getattr(g, name)(z + move, *others) for move in moves])
        minus = np.array([getattr(g, name)(z - move, *others) for move in moves])
        numeric = np.moveaxis((plus - minus) / (2 * step), 0, -1)
        got = getattr(g, derivative)(z, *others)
        np.testing.assert_allclose(got, numeric, atol=2e-9)


def test_the_gradient_agrees_with_a_complex_step():
    """The loss written anew with complex numbers; its imaginary part is the exact derivative."""
    z, y = np.array([0.3, -1.2, 2.0]), np.array([0.5, 1.0, 0.25])

    def loss(w):
        return -np.sum(y * (w - np.log(np.sum(np.exp(w)))))

    numeric = [loss(z + 1e-30j * move).imag / 1e-30 for move in np.eye(3)]
    np.testing.assert_allclose(g.softmax_cross_entropy_gradient(z, y), numeric, rtol=1e-14)


def test_the_gradient_of_the_cross_entropy_in_probabilities():
    p, q = np.array([0.2, 0.5, 0.3]), np.array([0.6, 0.3, 0.1])
    for i in range(3):

        def entropy(t, at=i):
            moved = [t if k == at else v for k, v in enumerate(q)]
            return -mpmath.fsum(a * mpmath.log(b) for a, b in zip(p, moved, strict=True))

        want = mpmath.diff(entropy, q[i])
        assert g.cross_entropy_gradient(p, q)[i] == pytest.approx(float(want), rel=1e-12)


def test_functions_agree_with_scipy():
    special = pytest.importorskip("scipy.special")
    z = np.random.default_rng(0).normal(size=(50, 7)) * 10
    np.testing.assert_allclose(g.softmax(z), special.softmax(z, axis=-1), rtol=1e-13)
    np.testing.assert_allclose(g.log_softmax(z), special.log_softmax(z, axis=-1), atol=1e-14)
    np.testing.assert_allclose(g.logsumexp(z), special.logsumexp(z, axis=-1), rtol=1e-14)
