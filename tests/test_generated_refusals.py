"""What every generated function refuses, argument by argument, and what its message says.

A message names the argument, says what it was and what is expected; nothing is computed before.
"""

import inspect
import re
import warnings

import numpy as np
import pytest

from tests.reference.arguments import (
    FUNCTIONS,
    LABEL,
    POSITIVE,
    has_counts,
    is_entrywise,
    options,
    sample,
    shapes,
)

PAIRS = [(n, a) for n in FUNCTIONS for a in shapes(FUNCTIONS[n])]
REAL = [(n, a) for n, a in PAIRS if a != LABEL]
LABELS = [n for n, a in PAIRS if a == LABEL]
AXES = [(n, a) for n, a in PAIRS if shapes(FUNCTIONS[n])[a]]
OUT = [n for n in FUNCTIONS if "out" in options(FUNCTIONS[n])]
WITH_AXIS = [n for n in FUNCTIONS if "axis" in options(FUNCTIONS[n])]
SIZES = {"K": 4, "D": 2, "m": 5, "N": 3}


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def arguments(name, batch=(), **changes):
    return {**sample(FUNCTIONS[name], np.random.default_rng(1), batch, **SIZES), **changes}


def refuses(error, says, name, batch=(), **changes):
    """The call fails with this error, whose message begins so, and leaves its arguments alone."""
    given = arguments(name, batch, **changes)
    before = {n: np.array(a, copy=True) for n, a in given.items() if type(a) is np.ndarray}
    with pytest.raises(error, match=says) as caught:
        FUNCTIONS[name](**given)
    assert type(caught.value) is error
    for n, array in before.items():
        assert np.array_equal(given[n], array, equal_nan=array.dtype.kind == "f")


# --- what is not an array of real numbers --------------------------------------------------------

NOT_REAL = {
    "complex": lambda a: np.asarray(a) + 1j, "None": lambda a: None,
    "text": lambda a: np.full(np.shape(a), "1"), "bytes": lambda a: np.full(np.shape(a), b"1"),
    "objects": lambda a: np.full(np.shape(a), None, object), "a mapping": lambda a: {"a": 1},
    "dates": lambda a: np.full(np.shape(a), np.datetime64("2020-01-01")),
    "records": lambda a: np.zeros(np.shape(a), [("re", float), ("im", float)]),
    "a set": lambda a: {1.0, 2.0},
}  # fmt: skip


@pytest.mark.parametrize("kind", NOT_REAL)
@pytest.mark.parametrize(("name", "argument"), REAL)
def test_what_is_not_real(name, argument, kind):
    value = NOT_REAL[kind](arguments(name)[argument])
    says = rf"^{argument} must be an array of real numbers, not of type \S+"
    refuses(TypeError, says, name, **{argument: value})


@pytest.mark.parametrize(("name", "argument"), PAIRS)
def test_masked_arrays(name, argument):
    value = np.asarray(arguments(name)[argument])
    hidden = np.ma.array(value, mask=np.zeros(value.shape, bool))
    for masked in (hidden, [hidden, hidden]):
        refuses(TypeError, rf"^{argument} must not be a masked array", name, **{argument: masked})


@pytest.mark.parametrize(("name", "argument"), PAIRS)
def test_rows_that_differ(name, argument):
    ragged = [[1, 2], [1]] if argument == LABEL else [[1.0, 2.0], [1.0]]
    says = rf"^{argument} must be an array of numbers, but its rows differ"
    refuses(ValueError, says, name, **{argument: ragged})


# --- shapes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "argument"), AXES)
def test_too_few_axes(name, argument):
    axes = shapes(FUNCTIONS[name])[argument]
    for rank in range(len(axes)):
        value = np.ones((2,) * rank)
        was = re.escape(str(value.shape))
        says = rf"^{argument} must have shape \(\.\.\., {', '.join(axes)}\).*not {was}"
        refuses(ValueError, says, name, **{argument: value})


@pytest.mark.parametrize(("name", "argument"), AXES)
def test_axes_of_the_wrong_length(name, argument):
    """One axis is longer than the others say; only the first argument cannot be told apart."""
    axes = shapes(FUNCTIONS[name])[argument]
    for place, axis in enumerate(axes):
        every = shapes(FUNCTIONS[name]).items()
        first = next(a for a, own in every if axis[0] in [o[0] for o in own])
        if first == argument:
            continue
        value = arguments(name)[argument]
        shape = list(value.shape)
        shape[place] += 1
        says = rf"^{argument} must have shape \(\.\.\., .* with \d+ along axis -\d, not \("
        refuses(ValueError, says, name, **{argument: np.ones(shape)})


@pytest.mark.parametrize(("name", "argument"), AXES)
def test_an_empty_class_axis(name, argument):
    axes = shapes(FUNCTIONS[name])[argument]
    for place, axis in enumerate(axes):
        if axis == "K-1":
            continue  # there may be one class alone
        shape = [SIZES[a] if a in SIZES else SIZES["K"] - 1 for a in axes]
        shape[place] = 0
        says = rf"^{argument} must have shape \(\.\.\., .* along axis -\d, not \("
        refuses(ValueError, says, name, **{argument: np.ones((3, *shape))})


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if len(shapes(FUNCTIONS[n])) > 1])
def test_batches_that_do_not_broadcast(name):
    given = arguments(name)
    for odd in given:
        if odd == "K":
            continue
        changed = {n: np.stack([a] * (3 if n == odd else 2)) for n, a in given.items()}
        says = rf"^the batch shapes do not broadcast: .*{odd} has \(3,\)"
        refuses(ValueError, says, name, **changed)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_empty_batch(name):
    function = FUNCTIONS[name]
    for batch in ((0,), (2, 0), (0, 3)):
        result, one = function(**arguments(name, batch)), function(**arguments(name))
        both = (result, one) if isinstance(result, tuple) else ((result,), (one,))
        for part, single in zip(*both, strict=True):
            assert part.shape == (*batch, *np.shape(single))
            assert part.dtype == np.asarray(single).dtype


# --- numbers that are out of range ---------------------------------------------------------------


@pytest.mark.parametrize("name", LABELS)
def test_labels(name):
    for wrong in (4, -1, [0, 9], np.int8(-3), 10**30, np.uint64(2**63)):
        says = r"^c must lie in 0, …, 3, but contains -?\d+"
        batch = (2,) if isinstance(wrong, list) else ()
        refuses(ValueError, says, name, batch, c=wrong)
    for wrong in (1.0, np.float32(2), True, [True, False], "1", None, 1j, [None, 1]):
        batch = (2,) if isinstance(wrong, list) else ()
        says = r"^c must be an array of integers, not of type \S+"
        refuses(TypeError, says, name, batch, c=wrong)


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if has_counts(n)])
@pytest.mark.parametrize("wrong", [-1.0, 0.5, np.nan, np.inf, -np.inf])
def test_counts(name, wrong):
    y = np.array([3.0, 0.0, wrong, 1.0])
    refuses(ValueError, r"^y must be counts 0, 1, 2, …, but contains", name, y=y)


@pytest.mark.parametrize(("name", "argument"), [p for p in PAIRS if p[1] in POSITIVE])
def test_what_must_be_positive(name, argument):
    for wrong in (0.0, -1.0, [1.0, -2.0]):
        batch = (2,) if isinstance(wrong, list) else ()
        says = rf"^{argument} must be positive, but contains"
        refuses(ValueError, says, name, batch, **{argument: wrong})


BOUNDS = {
    "temperature": (0.0, -1.0, -np.inf), "label_smoothing": (-0.1, 1.5, np.inf), "l2": (-1.0,),
}  # fmt: skip
OPTIONS = [(n, o) for n in FUNCTIONS for o in options(FUNCTIONS[n]) if o in BOUNDS]


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_the_range_of_options(name, option):
    for wrong in BOUNDS[option]:
        refuses(ValueError, rf"^{option} must .*, but contains", name, **{option: wrong})


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_the_kind_of_options(name, option):
    for wrong in ("1", None, 1j):
        refuses(TypeError, rf"^{option} must be .* real number", name, **{option: wrong})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_options_are_given_by_name(name):
    known = inspect.signature(FUNCTIONS[name]).parameters.values()
    given = list(arguments(name).values())
    assert all(p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) for p in known)
    with pytest.raises(TypeError, match="positional argument"):
        FUNCTIONS[name](*given, 1)


# --- axis and out --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WITH_AXIS)
def test_an_axis_that_is_none(name):
    for wrong in (2, -3, 10**9):
        refuses(ValueError, rf"^axis {wrong} is not an axis of", name, (3,), axis=wrong)
    for wrong in (None, 1.0, "0", (0, 1)):
        refuses(TypeError, r"^axis must be an integer, not", name, (3,), axis=wrong)


def batch_of(name):
    """A batch for which the result has two axes."""
    return (3, 4) if is_entrywise(FUNCTIONS[name]) else (3,)


def room_for(name, batch):
    """An array such as the last result, filled with sevens."""
    result = FUNCTIONS[name](**arguments(name, batch))
    last = result[-1] if isinstance(result, tuple) else result
    return np.full(np.shape(last), 7.0)


@pytest.mark.parametrize("name", OUT)
def test_what_cannot_be_out(name):
    batch = batch_of(name)
    room = room_for(name, batch)
    for wrong in ([1.0], room.tolist(), "out", 0.0):
        refuses(TypeError, r"^out must be an array, not \w+", name, batch, out=wrong)
    for wrong in (room[:2], room[None], room[0], room.astype(np.float32), room.astype(int)):
        refuses(ValueError, r"^out must have shape \(3,.* and type float64", name, batch, out=wrong)
    room.flags.writeable = False
    refuses(ValueError, r"^out must be writeable, but is read-only", name, batch, out=room)


@pytest.mark.parametrize(("name", "argument"), [(n, a) for n, a in REAL if n in OUT])
def test_out_that_overlaps_an_argument_in_part(name, argument):
    """Shifted by an entry or a row, turned round, or of other strides."""
    batch = batch_of(name)
    room = room_for(name, batch)
    given = arguments(name, batch)[argument]
    if given.shape != room.shape:
        pytest.skip(f"{argument} is not of the shape of the result")
    both = np.zeros(3 * given.size)
    both[: given.size] = given.ravel()
    first = both[: given.size].reshape(given.shape)
    for part in (
        both[1 : given.size + 1].reshape(given.shape), first[::-1],
        both[given.shape[-1] :][: given.size].reshape(given.shape),
        both[: 2 * given.size : 2].reshape(given.shape),
    ):  # fmt: skip
        says = rf"^out overlaps {argument} in part"
        refuses(ValueError, says, name, batch, **{argument: first}, out=part)


@pytest.mark.parametrize("name", OUT)
def test_nothing_is_written_before_all_is_checked(name):
    """Whatever is wrong with the last argument, out still holds its sevens."""
    batch = batch_of(name)
    room = room_for(name, batch)
    *_, last = shapes(FUNCTIONS[name])
    wrong = np.full(3, 99) if last == LABEL else np.full((3, 4), None, object)
    with pytest.raises((TypeError, ValueError), match=rf"^{last} must"):
        FUNCTIONS[name](**arguments(name, batch, **{last: wrong}), out=room)
    assert (room == 7).all()
