"""Every derivative against formulas written anew: by a complex step and by differences.

The plain formulas take complex numbers. A complex step has no cancellation, so that its imaginary
part is the derivative to the last digits; the differences need no complex numbers and are a check
on the step itself.
"""

import inspect

import numpy as np
import pytest

from tests.reference.arguments import FUNCTIONS, sample

STEP = 1e-30


def complex_step(value, x):
    """The Jacobian of value at x: the axes of the value, then those of x."""
    columns = []
    for move in np.eye(np.size(x)).reshape(-1, *np.shape(x)):
        columns.append(np.imag(value(x + 1j * STEP * move)) / STEP)
    return np.moveaxis(columns, 0, -1).reshape((*np.shape(columns[0]), *np.shape(x)))


def differences(value, x):
    """The same by central differences at four steps, extrapolated to 0."""
    columns = []
    for move in np.eye(np.size(x)).reshape(-1, *np.shape(x)):
        steps = [0.008 / 2**k for k in range(4)]
        row = [(value(x + h * move) - value(x - h * move)) / (2 * h) for h in steps]
        for order in range(1, 4):
            pairs = zip(row[1:], row, strict=False)
            row = [(4**order * b - a) / (4**order - 1) for b, a in pairs]
        columns.append(row[0])
    return np.moveaxis(columns, 0, -1).reshape((*np.shape(columns[0]), *np.shape(x)))


# --- plain formulas ------------------------------------------------------------------------------


def lse(z, temperature=1):
    return temperature * np.log(np.exp(z / temperature).sum(-1))


def soft(z, temperature=1):
    e = np.exp(z / temperature)
    return e / e.sum(-1, keepdims=True)


def log_soft(z, temperature=1):
    return np.log(soft(z, temperature))


def smooth(y, label_smoothing):
    return (1 - label_smoothing) * y + label_smoothing / y.shape[-1]


def loss(z, y, label_smoothing=0):
    return -(smooth(y, label_smoothing) * log_soft(z)).sum(-1)


def partition(eta):
    return np.log(1 + np.exp(eta).sum(-1))


def sig(x):
    return 1 / (1 + np.exp(-x))


def binary(x, y):
    return -y * np.log(sig(x)) - (1 - y) * np.log(1 - sig(x))


def regression(W, b, X, y, l2=0):
    each = -(y * log_soft(X @ W.T + b)).sum(-1)
    return each.sum() / len(X) + l2 / 2 * (W**2).sum()


def regression_slopes(W, b, X, y, l2=0):
    """By hand, so that a complex step can be taken through it once more."""
    e = soft(X @ W.T + b) * y.sum(-1, keepdims=True) - y
    return e.T @ X / len(X) + l2 * W, e.sum(0) / len(X)


def along(value, x, v):
    """The derivative of value at x in the direction v."""
    return np.imag(value(x + 1j * STEP * v)) / STEP


# --- what each function is the derivative of: D is one of the two ways ---------------------------

_LOSS = lambda D, z, y, **o: D(lambda t: loss(t, y, **o), z)  # noqa: E731
_HESSIAN = lambda D, z, y, label_smoothing=0: D(  # noqa: E731
    lambda t: soft(t) * smooth(y, label_smoothing).sum() - y, z
)
_SOFT = lambda D, z, **o: D(lambda t: soft(t, **o), z)  # noqa: E731

SLOPES = {
    "sigmoid_derivative": lambda D, x: D(sig, x),
    "tanh_derivative": lambda D, x: D(np.tanh, x),
    "softmax": lambda D, z, **o: D(lambda t: lse(t, **o), z),
    "softmax_jacobian": _SOFT,
    "logsumexp_hessian": _SOFT,
    "log_softmax_jacobian": lambda D, z: D(log_soft, z),
    "softmax_jvp": lambda D, z, v, **o: _SOFT(D, z, **o) @ v,
    "softmax_vjp": lambda D, z, u, **o: u @ _SOFT(D, z, **o),
    "log_softmax_jvp": lambda D, z, v: D(log_soft, z) @ v,
    "log_softmax_vjp": lambda D, z, u: u @ D(log_soft, z),
    "softmax_temperature_derivative": lambda D, z, temperature=1.0: D(
        lambda t: soft(z, t), temperature
    ),
    "cross_entropy_gradient": lambda D, p, q: D(lambda t: -(p * np.log(t)).sum(), q),
    "softmax_cross_entropy_gradient": _LOSS,
    "softmax_cross_entropy_hessian": _HESSIAN,
    "softmax_cross_entropy_hvp": lambda D, z, y, v, **o: _HESSIAN(D, z, y, **o) @ v,
    "softmax_cross_entropy_value_and_gradient": lambda D, z, y, **o: (
        loss(z, y, **o), _LOSS(D, z, y, **o)
    ),
    "binary_cross_entropy_with_logits_gradient": lambda D, x, y: D(lambda t: binary(t, y), x),
    "quadratic_cost_sigmoid_gradient": lambda D, y, **x: D(
        lambda t: ((sig(t) - y) ** 2).sum() / 2, next(iter(x.values()))
    ),
    "quadratic_cost_softmax_gradient": lambda D, z, y: D(
        lambda t: ((soft(t) - y) ** 2).sum() / 2, z
    ),
    "focal_loss_derivative": lambda D, x, gamma: D(
        lambda t: -((1 - sig(t)) ** gamma) * np.log(sig(t)), x
    ),
    "log_partition_gradient": lambda D, eta: D(partition, eta),
    "log_partition_hessian": lambda D, eta: D(
        lambda t: np.exp(t) / (1 + np.exp(t).sum()), eta
    ),
    "log_partition_gradient_symmetric": lambda D, eta: D(lse, eta),
    "log_partition_hessian_symmetric": lambda D, eta: D(soft, eta),
    "linear_layer_gradients": lambda D, x, dz: (
        D(lambda W: (dz * (x @ W.T)).sum(), np.ones((dz.shape[1], x.shape[1]))),
        D(lambda b: (dz * b).sum(), dz[0]),
    ),
    "hidden_layer_backward": lambda D, W, h, dz: D(lambda t: (dz * (W @ sig(t))).sum(), h),
    "hierarchical_softmax_gradient": lambda D, v, h, s: (
        D(lambda t: np.log(sig(s * (t @ h))).sum(), v),
        D(lambda t: np.log(sig(s * (v @ t))).sum(), h),
    ),
    "softmax_regression_gradient": lambda D, W, b, X, y, **o: (
        D(lambda t: regression(t, b, X, y, **o), W), D(lambda t: regression(W, t, X, y, **o), b)
    ),
    "softmax_regression_gradient_bias": lambda D, W, b, X, y, **o: D(
        lambda t: regression(W, t, X, y, **o), b
    ),
    "softmax_regression_hessian": lambda D, W, b, X, y, **o: (
        D(lambda t: regression_slopes(t, b, X, y, **o)[0], W),
        D(lambda t: regression_slopes(W, t, X, y, **o)[0], b),
        D(lambda t: regression_slopes(W, t, X, y, **o)[1], b),
    ),
    "softmax_regression_hvp": lambda D, W, b, X, y, V, v, **o: tuple(
        D(lambda t, part=part: regression_slopes(W + t * V, b + t * v, X, y, **o)[part], 0.0)
        for part in (0, 1)
    ),
}  # fmt: skip
for _name in ("gradient", "hessian", "hvp", "value_and_gradient"):
    # The same for a label: targets that are one-hot.
    SLOPES[f"softmax_cross_entropy_{_name}_labels"] = (
        lambda D, z, c, _of=SLOPES[f"softmax_cross_entropy_{_name}"], **o: _of(
            D, z, np.eye(len(z))[c], **o
        )
    )

WORDS = ("derivative", "gradient", "jacobian", "hessian", "jvp", "vjp", "hvp")
NAMES = [n for n in FUNCTIONS if n in SLOPES]
OPTIONS = {"temperature": 1.7, "label_smoothing": 0.15, "l2": 0.4}


def test_every_derivative_is_checked():
    assert [n for n in FUNCTIONS if any(w in n for w in WORDS) and n not in SLOPES] == []


def same(got, want, rtol, atol):
    if isinstance(want, tuple):
        assert isinstance(got, tuple)
        for ours, theirs in zip(got, want, strict=True):
            same(ours, theirs, rtol, atol)
        return
    assert np.shape(got) == np.shape(want)
    np.testing.assert_allclose(got, want, rtol=rtol, atol=atol)


@pytest.mark.parametrize("way", [complex_step, differences], ids=lambda w: w.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_derivatives(name, way):
    function, rng = FUNCTIONS[name], np.random.default_rng(12)
    # Both are exact formulas but for rounding; extrapolated differences keep ten digits.
    rtol, atol = (1e-11, 1e-13) if way is complex_step else (1e-6, 1e-8)
    known = inspect.signature(function).parameters
    for turn in range(4):
        given = sample(function, rng, scale=1.0, K=2 + turn, D=2, m=3)
        for option in [None, *(o for o in OPTIONS if o in known)]:
            if option in given:
                continue
            chosen = {} if option is None else {option: OPTIONS[option]}
            same(function(**given, **chosen), SLOPES[name](way, **given, **chosen), rtol, atol)


def test_the_checks_object():
    """A derivative that is off by one part in a million is not taken for the right one."""
    z, v = np.array([0.3, -1.0, 2.0]), np.array([1.0, 0.5, -2.0])
    for way, part in ((complex_step, 1e-9), (differences, 1e-4)):
        want = SLOPES["softmax_jvp"](way, z, v)
        wrong = FUNCTIONS["softmax_jvp"](z, v) * (1 + part)
        with pytest.raises(AssertionError):
            same(wrong, want, part / 10, 1e-13)
