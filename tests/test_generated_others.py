"""Every generated function beside those that scipy, scikit-learn and PyTorch have of it."""

import numpy as np
import pytest

import generated as g
from tests.reference.arguments import FUNCTIONS, options, sample
from tests.reference.others import LIBRARIES, others

OPTIONS = {"temperature": 2.5, "label_smoothing": 0.2, "l2": 0.3}
# What a library must have if it is there: the table does not shrink unnoticed.
LEAST = {"scipy": 17, "sklearn": 2, "torch": 40}


def known(library):
    names = [n for n in others(library) if n in FUNCTIONS]
    return [pytest.param(library, n, id=f"{library}-{n}") for n in names]


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_there_is_to_compare_with(library):
    table = others(library)
    if not table:
        pytest.skip(f"{library} is not installed")
    assert len(table) >= LEAST[library]


@pytest.mark.parametrize(("library", "name"), [p for lib in LIBRARIES for p in known(lib)])
def test_functions_agree_with_those_of_others(library, name):
    function, other = FUNCTIONS[name], others(library)[name]
    rng = np.random.default_rng(3)
    for _ in range(3):
        batch = () if "regression" in name else (6,)
        scale = 0.5 if "regression" in name else 3.0  # scikit-learn clips shares below eps
        given = sample(function, rng, batch, scale=scale, K=5)
        choices = [{}] + [{o: OPTIONS[o]} for o in options(function) if o in OPTIONS]
        for chosen in choices:
            try:
                want = other(**given, **chosen)
            except TypeError:
                assert chosen  # an option that the other does not have
                continue
            assert_same(function(**given, **chosen), want)


def assert_same(got, want):
    if isinstance(want, tuple):
        assert len(got) == len(want)
        for ours, theirs in zip(got, want, strict=True):
            assert_same(ours, theirs)
        return
    assert np.shape(got) == np.shape(want)
    np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-13)


def test_statsmodels_counts_the_same_likelihood():
    models = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed")
    rng = np.random.default_rng(4)
    X, W = models.add_constant(rng.normal(size=(40, 2))), rng.normal(size=(3, 2))
    c = rng.integers(0, 4, 40)
    model = models.MNLogit(c, X)
    # MNLogit's first class is its base; ours are free, so that its logits are 0.
    rows = np.vstack([np.zeros(2), W])
    offsets = np.array([0.0, 0.3, -0.2, 0.1])
    params = np.column_stack([offsets[1:], W]).T
    loss = g.softmax_regression_loss(rows, offsets, X[:, 1:], np.eye(4)[c])
    assert -40 * loss == pytest.approx(model.loglike(params), rel=1e-12)
