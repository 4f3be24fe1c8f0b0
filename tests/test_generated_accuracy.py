"""Generated functions against mpmath: every entry within a few eps of the exact value.

What cannot be avoided is allowed for: where a maximum is subtracted, |z_i − max z| / 2 ulp.
"""

import mpmath
import numpy as np
import pytest

import generated as g

EPS = 4  # times eps · |exact|
TYPES = [np.float32, np.float64]


@pytest.fixture(autouse=True)
def many_digits():
    # e^{-900} beside 1 needs some 400 digits.
    with mpmath.workdps(900):
        yield


def exact(values):
    return [mpmath.mpf(float(v)) for v in values]


def rows(dtype):
    """Logits of all sizes, offsets and mixtures, and rows that have caught others out."""
    rng = np.random.default_rng(2)
    for size in (1, 2, 3, 10):
        for scale in (1e-8, 1.0, 30.0, 700.0, 1e4):
            for offset in (0.0, 1e4, -1e4):
                yield (rng.normal(size=size) * scale + offset).astype(dtype)
    for row in (
        [0, -40], [1e4, 1e4 - 40], [-1e4, -1e4 - 800], [0, 0, 0], [5, 5, 4], [88, -88, 0],
        [700, -745, 0], [-745, 0, -740], [1e4, -1e4, 0, 1e-300], [1e-3, 2e-3],
    ):  # fmt: skip
        yield np.array(row, dtype)


def log_sum(z):
    top = max(z)
    return top + mpmath.log(mpmath.fsum(mpmath.exp(v - top) for v in z))


def shares(z):
    total = log_sum(z)
    return [mpmath.exp(v - total) for v in z]


def rest(p, i):
    return mpmath.fsum(v for k, v in enumerate(p) if k != i)


def shift_errors(z, top, eps):
    """What rounding z_i − max z costs, relative to e^{z_i − max z}."""
    return [abs(v - top) * eps / 2 for v in z]


def assert_close(got, want, dtype, allowed=None, sizes=None, times=EPS):
    """|got − want| ≤ times · eps · size + allowed, in spacings where the result is subnormal."""
    info = np.finfo(dtype)
    got = np.atleast_1d(got)
    assert got.dtype == dtype
    got, count = got.ravel(), len(want)
    allowed = allowed or [0] * count
    sizes = sizes or [abs(w) for w in want]
    for value, w, extra, size in zip(got, want, allowed, sizes, strict=True):
        unit = max(float(info.eps) * size, mpmath.mpf(float(info.smallest_subnormal)))
        error = abs(mpmath.mpf(float(value)) - w)
        assert error <= times * unit + extra, (value, mpmath.nstr(w, 20), float(error / unit))


@pytest.mark.parametrize("dtype", TYPES)
def test_softmax(dtype):
    for z in rows(dtype):
        values = exact(z)
        p = shares(values)
        errors = shift_errors(values, max(values), np.finfo(dtype).eps)
        assert_close(g.softmax(z), p, dtype, [e * v for e, v in zip(errors, p, strict=True)])


@pytest.mark.parametrize("dtype", TYPES)
def test_logsumexp_is_measured_against_the_largest_logit(dtype):
    for z in rows(dtype):
        values = exact(z)
        want = log_sum(values)
        assert_close(g.logsumexp(z), [want], dtype, sizes=[max(abs(want), abs(max(values)))])


@pytest.mark.parametrize("dtype", TYPES)
def test_log_softmax_keeps_the_digits_of_its_largest_entry(dtype):
    for z in rows(dtype):
        values = exact(z)
        total, top = log_sum(values), max(values)
        want = [v - total for v in values]
        eps = np.finfo(dtype).eps
        share = shares(values)
        errors = shift_errors(values, top, eps)
        tail = mpmath.fsum(e * p for e, p in zip(errors, share, strict=True))
        assert_close(g.log_softmax(z), want, dtype, [abs(v - top) * eps / 2 + tail for v in values])
    assert g.log_softmax([0.0, -40.0])[0] == pytest.approx(-4.248354255291589e-18, rel=1e-15)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["softmax_jacobian", "logsumexp_hessian"])
def test_the_jacobian_keeps_the_digits_of_its_diagonal(dtype, name):
    for z in rows(dtype):
        values = exact(z)
        p = shares(values)
        errors = shift_errors(values, max(values), np.finfo(dtype).eps)
        pairs = [(i, j) for i in range(len(p)) for j in range(len(p))]
        want = [p[i] * rest(p, i) if i == j else -p[i] * p[j] for i, j in pairs]
        allowed = [
            abs(w) * (errors[i] + (max(errors) if i == j else errors[j]))
            for w, (i, j) in zip(want, pairs, strict=True)
        ]
        assert_close(getattr(g, name)(z), want, dtype, allowed)


@pytest.mark.parametrize("dtype", TYPES)
def test_the_jacobian_of_log_softmax(dtype):
    for z in rows(dtype):
        values = exact(z)
        p = shares(values)
        errors = shift_errors(values, max(values), np.finfo(dtype).eps)
        pairs = [(i, j) for i in range(len(p)) for j in range(len(p))]
        want = [rest(p, i) if i == j else -p[j] for i, j in pairs]
        allowed = [abs(w) * max(errors) for w in want]
        assert_close(g.log_softmax_jacobian(z), want, dtype, allowed)


@pytest.mark.parametrize("dtype", TYPES)
def test_cross_entropy_and_its_gradient(dtype):
    rng = np.random.default_rng(3)
    eps = np.finfo(dtype).eps
    for z in rows(dtype):
        y = np.abs(rng.normal(size=z.shape)).astype(dtype)
        y[rng.random(z.shape) < 0.3] = 0
        values, targets = exact(z), exact(y)
        p, total, top = shares(values), log_sum(values), max(values)
        errors = shift_errors(values, top, eps)
        terms = [t * (total - v) for t, v in zip(targets, values, strict=True)]
        tail = mpmath.fsum(e * s for e, s in zip(errors, p, strict=True))
        slack = mpmath.fsum(t * (e + tail) for t, e in zip(targets, errors, strict=True))
        assert_close(g.softmax_cross_entropy(z, y), [mpmath.fsum(terms)], dtype, [slack])
        weight = mpmath.fsum(targets)
        want = [s * weight - t for s, t in zip(p, targets, strict=True)]
        sizes = gradient_sizes(p, targets)
        allowed = [s * max(errors) for s in sizes]
        assert_close(g.softmax_cross_entropy_gradient(z, y), want, dtype, allowed, sizes)


def gradient_sizes(p, y):
    """|p_i Σ_{k≠i} y_k| + |y_i (1 − p_i)|, whose difference is the gradient."""
    return [p[i] * rest(y, i) + y[i] * rest(p, i) for i in range(len(p))]


@pytest.mark.parametrize("dtype", TYPES)
def test_the_gradient_for_one_hot_targets_has_no_cancellation(dtype):
    for z in rows(dtype):
        values = exact(z)
        p = shares(values)
        errors = shift_errors(values, max(values), np.finfo(dtype).eps)
        for c in range(len(p)):
            hot = np.eye(len(p), dtype=dtype)[c]
            want = [-rest(p, c) if i == c else p[i] for i in range(len(p))]
            allowed = [abs(w) * max(errors) for w in want]
            assert_close(g.softmax_cross_entropy_gradient(z, hot), want, dtype, allowed)
    got = g.softmax_cross_entropy_gradient([40.0, 0.0], [1.0, 0.0])
    labels = g.softmax_cross_entropy_gradient_labels([40.0, 0.0], 0)
    np.testing.assert_allclose(got, labels, rtol=4 * np.finfo(float).eps)
    assert got[0] == -got[1] == pytest.approx(-4.248354255291589e-18, rel=1e-15)


@pytest.mark.parametrize("size", [2, 3, 10])
def test_the_gradient_where_prediction_and_target_nearly_agree(size):
    """Logits of scale 5, targets near the prediction: measured against the two parts."""
    rng = np.random.default_rng(6)
    for _ in range(200):
        z = rng.normal(size=size) * 5
        y = g.softmax(z) * (1 + 1e-9 * rng.normal(size=size)) * rng.integers(1, 4)
        p, targets = shares(exact(z)), exact(y)
        errors = shift_errors(exact(z), max(exact(z)), np.finfo(float).eps)
        sizes = gradient_sizes(p, targets)
        want = [p[i] * rest(targets, i) - targets[i] * rest(p, i) for i in range(size)]
        allowed = [s * max(errors) for s in sizes]
        got = g.softmax_cross_entropy_gradient(z, y)
        assert_close(got, want, np.float64, allowed, sizes)


@pytest.mark.parametrize("dtype", TYPES)
def test_label_gradients_keep_relative_accuracy(dtype):
    for z in rows(dtype):
        values = exact(z)
        p = shares(values)
        errors = shift_errors(values, max(values), np.finfo(dtype).eps)
        for c in range(len(p)):
            want = [-rest(p, c) if i == c else p[i] for i in range(len(p))]
            allowed = [abs(w) * max(errors) for w in want]
            got = g.softmax_cross_entropy_gradient_labels(z, c)
            assert_close(got, want, dtype, allowed)


@pytest.mark.parametrize("dtype", TYPES)
def test_label_losses(dtype):
    for z in rows(dtype):
        values = exact(z)
        total, top = log_sum(values), max(values)
        p = shares(values)
        errors = shift_errors(values, top, np.finfo(dtype).eps)
        tail = mpmath.fsum(e * s for e, s in zip(errors, p, strict=True))
        for c in range(len(values)):
            got = g.softmax_cross_entropy_labels(z, c)
            assert_close(got, [total - values[c]], dtype, [errors[c] + tail])


@pytest.mark.parametrize("dtype", TYPES)
def test_the_multinomial_partition_and_the_inverse_link(dtype):
    for eta in rows(dtype):
        values = [*exact(eta), mpmath.mpf(0)]
        want, top = log_sum(values), max(values)
        p = shares(values)
        errors = shift_errors(values, top, np.finfo(dtype).eps)
        tail = mpmath.fsum(e * s for e, s in zip(errors, p, strict=True))
        assert_close(g.log_partition(eta), [want], dtype, [tail], [max(abs(want), abs(top))])
        allowed = [e * s for e, s in zip(errors, p, strict=True)][:-1]
        assert_close(g.mean_parameters(eta), p[:-1], dtype, allowed)
        assert_close(g.log_partition_gradient(eta), p[:-1], dtype, allowed)
        pairs = [(i, j) for i in range(len(eta)) for j in range(len(eta))]
        want = [p[i] * rest(p, i) if i == j else -p[i] * p[j] for i, j in pairs]
        slack = [abs(w) * 2 * max(errors) for w in want]
        assert_close(g.log_partition_hessian(eta), want, dtype, slack)


@pytest.mark.parametrize("dtype", TYPES)
def test_the_link_is_accurate_where_probabilities_nearly_agree(dtype):
    rng = np.random.default_rng(4)
    for turn in range(200):
        phi = rng.dirichlet(np.ones(4)).astype(dtype)
        if turn % 2:
            phi[0] = phi[3] * (1 + rng.normal() * 10.0 ** -rng.integers(1, 8))
        values = exact(phi)
        want = [mpmath.log(v / values[3]) for v in values[:3]]
        assert_close(g.natural_parameters(phi), want, dtype)


@pytest.mark.parametrize("dtype", TYPES)
def test_long_rows(dtype):
    """Pairwise sums: the error grows with log K, not with K."""
    rng = np.random.default_rng(5)
    z = (rng.normal(size=20_000) * 3).astype(dtype)
    with mpmath.workdps(30):
        values = exact(z)
        total = log_sum(values)
        errors = shift_errors(values, max(values), np.finfo(dtype).eps)
        tail = mpmath.fsum(e * mpmath.exp(v - total) for e, v in zip(errors, values, strict=True))
        assert_close(g.logsumexp(z), [total], dtype, [tail], times=8)
        some = slice(0, 50)
        want = [mpmath.exp(v - total) for v in values[some]]
        allowed = [(e + tail) * w for e, w in zip(errors[some], want, strict=True)]
        assert_close(g.softmax(z)[some], want, dtype, allowed, times=8)


@pytest.mark.parametrize("dtype", TYPES)
def test_log_pmf_of_counts(dtype):
    """Terms cancel: within a few eps of the sum of their sizes."""
    rng = np.random.default_rng(5)
    for size in (1, 2, 5, 10):
        for most in (1, 3, 40, 1000):
            for scale in (0.1, 5.0, 300.0):
                y = rng.integers(0, most + 1, size + 1).astype(dtype)
                eta = (rng.normal(size=size) * scale).astype(dtype)
                counts, natural = exact(y), [*exact(eta), mpmath.mpf(0)]
                total = mpmath.fsum(counts)
                terms = [mpmath.loggamma(total + 1), -total * log_sum(natural)]
                terms += [-mpmath.loggamma(v + 1) for v in counts]
                terms += [v * w for v, w in zip(counts, natural, strict=True)]
                error = abs(mpmath.mpf(float(g.log_pmf_natural(y, eta))) - mpmath.fsum(terms))
                sizes = mpmath.fsum(abs(t) for t in terms)
                assert error <= EPS * np.finfo(dtype).eps * sizes, (y, eta)


@pytest.mark.parametrize("most", [10, 10**3, 10**6, 10**9])
@pytest.mark.parametrize("kind", [np.int64, np.float64, np.float32])
def test_log_pmf_of_large_counts_in_float32_is_rounded_once(most, kind):
    """Counts are computed with exactly, whatever the type of the natural parameters."""
    rng = np.random.default_rng(8)
    for size in (1, 3):
        y = rng.integers(most // 2, most + 1, size + 1).astype(kind)
        eta = (rng.normal(size=size) * 0.01).astype(np.float32)
        counts, natural = exact(y), [*exact(eta), mpmath.mpf(0)]
        total = mpmath.fsum(counts)
        terms = [mpmath.loggamma(total + 1), -total * log_sum(natural)]
        terms += [-mpmath.loggamma(v + 1) for v in counts]
        terms += [v * w for v, w in zip(counts, natural, strict=True)]
        want, got = mpmath.fsum(terms), g.log_pmf_natural(y, eta)
        assert got.dtype == (np.float64 if kind is np.float64 else np.float32)
        floor = EPS * np.finfo(float).eps * mpmath.fsum(abs(t) for t in terms)
        own = np.finfo(got.dtype).eps * abs(want)
        assert abs(mpmath.mpf(float(got)) - want) <= own + floor, (y, eta)


def test_log_pmf_of_equal_counts():
    half = [333333333] * 2
    assert g.log_pmf_natural(half, np.float32([0])) == pytest.approx(-10.384691, abs=1e-5)
    assert g.log_pmf_natural(np.float32([5e5] * 2), np.float32([0])) == np.float32(-7.133547)


def test_probabilities_of_all_counts_sum_to_one():
    eta = np.array([0.5, -1.0])
    pairs = ((v, w) for v in range(6) for w in range(6 - v))
    y = np.array([(v, w, 5 - v - w) for v, w in pairs])
    assert abs(np.exp(g.log_pmf_natural(y, eta)).sum() - 1) < 1e-14


def test_log_pmf_agrees_with_scipy():
    from scipy.stats import multinomial

    eta = np.array([0.5, -1.0, 2.0])
    phi = np.append(np.exp(eta), 1.0)
    want = multinomial.logpmf([3, 0, 2, 4], 9, phi / phi.sum())
    assert abs(g.log_pmf_natural([3, 0, 2, 4], eta) - want) < 1e-13
