"""Every generated function against its reference in mpmath, at 50 digits, on the whole grid.

An error is given in quarters of the budget of its entry: the floor is at most 4. What the budget
is made of stands in tests/reference/core.py, what the grid holds in tests/reference/grid.py.
"""

import mpmath
import numpy as np
import pytest

import generated as g
from tests.reference import DIGITS, FLOOR, REFERENCES, Want, exact, grid
from tests.reference.arguments import FUNCTIONS, is_row, is_square, options, shapes

TYPES = [np.float32, np.float64]
LONG = [n for n in FUNCTIONS if is_row(FUNCTIONS[n]) and not is_square(FUNCTIONS[n])]


def args_of(name):
    return set(shapes(FUNCTIONS[name]))


def too_far(name, dtype, front=False, **grid_of):
    """What is wrong with a function, the shortest rows first; nothing if all is well."""
    wrong = []
    for case in grid.cases(name, np.dtype(dtype), **grid_of):
        try:
            got = grid.call(FUNCTIONS[name], case, front)
        except Exception as error:
            wrong.append(f"{case.options} {error!r} for {case.given}")
            continue
        real = args_of(name) != {"c"}  # labels alone give float64
        assert all(np.asarray(part).dtype == (dtype if real else float) for part in got), name
        for at, error in enumerate(grid.errors(name, case, got, dtype)):
            if not error <= FLOOR:
                one = {k: np.asarray(v)[at] if np.ndim(v) else v for k, v in case.given.items()}
                wrong.append(f"{error:.4g} for {one} {case.options or ''}")
    return wrong


def test_every_function_has_a_reference():
    assert set(g.__all__) - set(REFERENCES) == set()


@pytest.mark.parametrize("dtype", TYPES, ids=["float32", "float64"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_floor(name, dtype):
    sizes = (1, 2, 3, 10) if is_square(FUNCTIONS[name]) else grid.SIZES
    wrong = too_far(name, dtype, sizes=sizes)
    assert not wrong, f"{len(wrong)} rows, such as {wrong[0]}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_float16_is_as_good_as_float16_can_be(name):
    wrong = too_far(name, np.float16, sizes=(1, 3, 20))
    assert not wrong, f"{len(wrong)} rows, such as {wrong[0]}"


@pytest.mark.parametrize("dtype", TYPES, ids=["float32", "float64"])
@pytest.mark.parametrize("name", [n for n in FUNCTIONS if "axis" in options(FUNCTIONS[n])])
def test_the_floor_with_the_class_axis_in_front(name, dtype):
    wrong = too_far(name, dtype, front=True, sizes=(2, 10, 20))
    assert not wrong, f"{len(wrong)} rows, such as {wrong[0]}"


@pytest.mark.parametrize("size", [200, grid.LONG])
@pytest.mark.parametrize("dtype", TYPES, ids=["float32", "float64"])
@pytest.mark.parametrize("name", LONG)
def test_long_rows(name, dtype, size):
    wrong = too_far(name, dtype, sizes=(), long=size)
    assert not wrong, f"{len(wrong)} rows, such as {wrong[0][:300]}"


# --- the measure itself --------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", TYPES, ids=["float32", "float64"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_measure_objects_to_a_wrong_function(name, dtype):
    """Results that are off by twelve eps of their largest entry are too far from the reference."""
    eps = np.finfo(dtype).eps
    worst = 0.0
    for case in grid.cases(name, np.dtype(dtype), sizes=(3,)):
        got = tuple(np.array(part) for part in grid.call(FUNCTIONS[name], case))
        moved = tuple(part + 0 for part in got)
        for part in moved:
            with np.errstate(all="ignore"):
                part += 12 * eps * np.abs(part)
        with np.errstate(all="ignore"):
            worst = max(worst, *grid.errors(name, case, moved, dtype))
    assert worst > FLOOR


def test_the_budget_is_what_it_says():
    eps, small = 2.0**-52, 5e-324
    with mpmath.workdps(DIGITS):
        want = Want(exact([1.0, 3.0]))
        assert want.worst(np.array([1.0, 3.0]), float) == 0
        assert want.worst(np.array([1.0, 3 * (1 + 4 * eps)]), float) == pytest.approx(4, rel=0.1)
        assert want.worst(np.array([1 + 5 * eps, 3.0]), float) == 5
        assert want.worst(np.array([np.nan, 3.0]), float) == np.inf
        assert want.worst(np.array([np.inf, 3.0]), float) == np.inf
        assert Want(exact([5e-324])).worst(np.array([5 * small]), float) == 4
        assert Want(exact([0.0]), exact([1.0])).worst(np.array([4 * eps]), float) == 4
        assert Want(exact([1.0]), None, 8).worst(np.array([1 + 12 * eps]), float) == 4
        assert Want(exact([0.0]), None, 0, 8).worst(np.array([12 * small]), float) == 4
        assert Want(exact([2.0, -1.0])).worst(
            np.array([-1.0, 2.0, -1.0, 2 + 16 * eps]), float, np.array([1, 0, 1, 0])
        ) == 8
        far = Want(np.array([mpmath.mpf(10) ** 400, -mpmath.inf], object))
        assert far.worst(np.array([np.inf, -np.inf]), float) == 0
        assert far.worst(np.array([-np.inf, -np.inf]), float) == np.inf


def test_the_shapes_are_read_from_the_docstrings():
    assert shapes(g.softmax) == {"z": ("K",)}
    assert shapes(g.log_pmf_natural) == {"y": ("K",), "eta": ("K-1",)}
    assert shapes(g.softmax_cross_entropy_labels) == {"z": ("K",), "c": ()}
    assert shapes(g.sigmoid) == {"x": ()}


# --- results that others lose --------------------------------------------------------------------


def test_digits_that_others_lose():
    """Written out by hand, from 50 digits."""
    near = {"rel": 4 * 2.0**-52, "abs": 0}
    assert g.log_softmax([0.0, -40.0])[0] == pytest.approx(-4.248354255291589e-18, **near)
    slope = g.softmax_cross_entropy_gradient_labels([40.0, 0.0], 0)
    assert slope[0] == pytest.approx(-4.248354255291589e-18, **near)
    assert g.softplus(-40.0) == pytest.approx(4.248354255291589e-18, **near)
    assert g.log_sigmoid(40.0) == pytest.approx(-4.248354255291589e-18, **near)
    assert g.sigmoid(-700.0) == pytest.approx(9.859676543759770e-305, **near)
    assert g.softmax([0.0, -740.0])[1] == pytest.approx(4.18873988e-322, rel=0, abs=4 * 5e-324)
    assert g.logit(0.5 + 2.0**-53) == pytest.approx(4 * 2.0**-53, **near)
    assert g.logit(0.5 - 2.0**-54) == pytest.approx(-4 * 2.0**-54, **near)
    p, q = np.array([0.25, 0.75]), np.array([0.25 + 2.0**-30, 0.75 - 2.0**-30])
    assert g.kl_divergence(p, q) == pytest.approx(2.3129646308062029e-18, rel=2e-15)
