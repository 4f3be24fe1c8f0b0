"""The slips that people make in code, each declared once: a name, words, and what it makes.

A slip turns a case into the results that it would give, one entry for each variant. It explains a
set of cases if one of its variants gives what the person's function returned in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from derive.judge.code.chances import one_too_many, with_chances
from derive.judge.code.compare import Array, Case

Results = tuple[Array, ...]
Maker = Callable[[Case], Mapping[str, Results | bool]]
TINY = (1e-300, 1e-20, 1e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)


@dataclass(frozen=True)
class Slip:
    """A slip by name and in words; ``{}`` in the words stands for the variant.

    A variant is the results that the slip would give, or already the answer whether it fits.
    """

    name: str
    words: str
    make: Maker

    def variants(self, case: Case) -> set[str]:
        """The variants that give what the person's function returned."""
        try:
            with np.errstate(all="ignore"):
                made = self.make(case)
                return {
                    k for k, v in made.items() if (v if isinstance(v, bool) else case.equals(v))
                }
        except (ValueError, TypeError, LookupError, ArithmeticError):
            return set()


@dataclass(frozen=True)
class Found:
    """A slip that explains something."""

    name: str
    words: str

    def as_dict(self) -> dict[str, str]:
        return {"name": self.name, "words": self.words}


SLIPS: dict[str, Slip] = {}


def slip(name: str, words: str) -> Callable[[Maker], Maker]:
    """Declare a slip; the order of the declarations is the order in which they are tried."""

    def declare(make: Maker) -> Maker:
        assert name not in SLIPS, f"two slips are called {name}"
        SLIPS[name] = Slip(name, words, make)
        return make

    return declare


def explain(
    cases: Iterable[Case], names: Iterable[str] | None = None, good: Sequence[Case] = ()
) -> Found | None:
    """The first slip (of these names) that explains every case.

    Where several do, it is the one that also gives most of the ``good`` results.
    """
    cases = list(cases)
    able: list[tuple[Slip, str]] = []
    for own in SLIPS.values() if names is None else [SLIPS[n] for n in names]:
        able += [(own, variant) for variant in sorted(_common(own, cases), key=len)]
    if not able:
        return None
    best, variant = able[0]
    if len({own.name for own, _ in able}) > 1:
        fits = {own.name: [own.variants(c) for c in good] for own, _ in able}
        counts = [sum(v in found for found in fits[own.name]) for own, v in able]
        best, variant = able[counts.index(max(counts))]
    return Found(best.name, best.words.format(variant))


def _common(own: Slip, cases: Sequence[Case]) -> set[str]:
    """The variants of a slip that fit every case."""
    left = own.variants(cases[0]) if cases else set()
    for case in cases[1:]:
        if not left:
            break
        left &= own.variants(case)
    return left


def _each(case: Case, change: Callable[[Array], Any]) -> Results:
    return tuple(np.asarray(change(r)) for r in case.right)


def _scaled(case: Case, factor: float) -> Results:
    return _each(case, lambda r: r * factor)


def _again(case: Case, **changed: Any) -> Results:
    return tuple(np.asarray(r) for r in case.target.right(**{**case.arguments, **changed}))


@slip("no-return", "nothing is returned: is there a return?")
def _no_return(case: Case) -> Mapping[str, bool]:
    return {"": case.outcome.type == "None"}


@slip("keepdims", "an axis of length 1 is left over (keepdims) or is missing")
def _keepdims(case: Case) -> Mapping[str, Results | bool]:
    if case.state != "shape":
        return {}
    return {"": tuple(
        r.reshape(v.shape) if [n for n in v.shape if n > 1] == [n for n in r.shape if n > 1] else r
        for v, r in zip(case.values, case.right, strict=True)
    )}  # fmt: skip


@slip("diagonal-only", "only the diagonal is computed{}: the entries beside it are missing")
def _diagonal(case: Case) -> Mapping[str, Results]:
    if any(n != 2 for n in case.axes) or any(r.shape[-1] != r.shape[-2] for r in case.right):
        return {}
    return {
        "": _each(case, lambda r: r * np.eye(r.shape[-1])),
        " (as a vector)": _each(case, lambda r: np.diagonal(r, axis1=-2, axis2=-1)),
    }


@slip("sign", "the sign is wrong{}")
def _sign(case: Case) -> Mapping[str, Results]:
    names = list(case.target.results)
    made = {"": _each(case, np.negative)}
    for n, name in enumerate(names if len(names) > 1 else []):
        made[f" in {name}"] = tuple(-r if k == n else r for k, r in enumerate(case.right))
    return made


@slip("transposed", "the result is transposed")
def _transposed(case: Case) -> Mapping[str, Results]:
    made = {"all axes": _each(case, np.transpose)}
    if all(r.ndim >= 2 for r in case.right):
        made["last two"] = _each(case, lambda r: np.swapaxes(r, -1, -2))
    first = case.right[0]
    if first.ndim >= 2 and len(case.right) > 1:
        made["first result"] = (np.swapaxes(first, -1, -2), *case.right[1:])
    return made


@slip("missing-mean", "the mean over the examples is missing: this is their sum")
def _missing_mean(case: Case) -> Mapping[str, Results]:
    if not case.target.name.startswith("softmax_regression"):
        return {}
    m = case.arguments["X"].shape[-2]
    return {"": _scaled(case, m)}


@slip("extra-mean", "it is averaged over the batch, which this function is not")
def _extra_mean(case: Case) -> Mapping[str, Results]:
    rows = int(np.prod(case.point.batch))
    made = {"divided": _scaled(case, 1 / rows), "mean": _over_batch(case, np.mean)}
    made["mean of losses"] = tuple(
        np.asarray(r.mean() if n == 0 else r / rows)
        for r, n in zip(case.right, case.axes, strict=True)
    )
    if case.point.batch:
        made["first axis"] = _scaled(case, 1 / case.point.batch[0])
    if case.target.name == "linear_layer_gradients":
        m = case.arguments["x"].shape[-2]
        made["examples"] = _scaled(case, 1 / m)
    return made


@slip("extra-sum", "it is summed over the batch: one value for each example is asked for")
def _extra_sum(case: Case) -> Mapping[str, Results]:
    return {"": _over_batch(case, np.sum)}


def _over_batch(case: Case, reduce: Callable[..., Any]) -> Results:
    axes = tuple(range(len(case.point.batch)))
    return _each(case, lambda r: reduce(r, axis=axes))


@slip("mean-over-classes", "the mean over the classes is taken in place of their sum")
def _mean_over_classes(case: Case) -> Mapping[str, Results]:
    return {"": _scaled(case, 1 / (case.point.K or 1))}


@slip("base-of-log", "the logarithm has base {}, not e")
def _base(case: Case) -> Mapping[str, Results]:
    return {str(b): _scaled(case, 1 / np.log(b)) for b in (2, 10)}


@slip("base-of-exp", "the powers have base {}, not e")
def _base_of_exp(case: Case) -> Mapping[str, Results]:
    names = {"z", "x", "eta"} & set(case.arguments)
    return {
        str(b): _again(case, **{n: case.arguments[n] * np.log(b) for n in names})
        for b in (2, 10)
        if names
    }


@slip("labels-from-1", "labels are counted from 1: they start at 0")
def _labels_from_one(case: Case) -> Mapping[str, Results]:
    if "c" not in case.arguments:
        return {}
    c, K = case.arguments["c"], case.point.K
    made = {"wrapped": _again(case, c=(c - 1) % K)}
    if case.axes == (1,) and case.target.takes_size:
        made["none"] = (np.where((c == 0)[..., None], 0, made["wrapped"][0]),)
    return made


@slip("targets-sum-to-1", "the targets are assumed to sum to 1: the factor Σ_k y_k is missing")
def _sum_to_one(case: Case) -> Mapping[str, Results]:
    return {"": one_too_many(case)} if "y" in case.arguments and case.target.has_classes else {}


@slip("missing-log", "the logarithm is missing")
def _missing_log(case: Case) -> Mapping[str, Results]:
    made = {"exp": _each(case, np.exp)} if "log" in case.target.name else {}
    found = with_chances(case.target.name, case.arguments, lambda p: p, log=lambda p: p)
    if found is not None:
        made |= {"chances": (found,), "minus": (-found,)}
    return made


@slip("log-of-p-plus-epsilon", "log(p + {}) is taken in place of log p")
def _epsilon(case: Case) -> Mapping[str, Results]:
    return _changed(case, lambda p, e: p + e)


@slip("clipped", "probabilities are clipped at {}")
def _clipped(case: Case) -> Mapping[str, Results]:
    one = 1.0 if case.target.has_classes else 0.0
    return {
        **_changed(case, lambda p, e: np.clip(p, e, 1 - e)),
        **{f"{k} from below": v for k, v in _changed(case, np.maximum).items() if one},
    }


def _through(case: Case, change: Callable[[Array, float], Array], e: float) -> Array | None:
    return with_chances(case.target.name, case.arguments, lambda p: change(p, e))


def _changed(case: Case, change: Callable[[Array, float], Array]) -> dict[str, Results]:
    made: dict[str, Results] = {}
    for e in TINY:
        found = _through(case, change, e)
        if found is not None:
            made[f"{e:g}"] = (np.asarray(found),)
    return made


@slip("one-example", "all entries of a batch are treated as one example")
def _one_example(case: Case) -> Mapping[str, Results]:
    if not case.point.batch or any(n != ("K",) for n in case.target.arguments.values()):
        return {}
    flat = {k: v.reshape(-1) for k, v in case.arguments.items() if k != "K"}
    results = case.target.right(**flat)
    shapes = [r.shape if n == 1 else () for r, n in zip(case.right, case.axes, strict=True)]
    return {"": tuple(np.reshape(r, s) for r, s in zip(results, shapes, strict=True))}


@slip("wrong-axis", "the classes are taken along axis {} of a batch: they are the last axis")
def _wrong_axis(case: Case) -> Mapping[str, Results]:
    last = len(case.point.batch)
    made = {}
    for axis in range(last):
        turned = {
            k: np.swapaxes(v, axis, last)
            for k, v in case.arguments.items()
            if k != "K" and np.ndim(v) > last
        }
        results = _again(case, **turned)
        made[str(axis)] = tuple(np.swapaxes(r, axis, last) if n == 1 else r
                                for r, n in zip(results, case.axes, strict=True))  # fmt: skip
    return made


@slip("arguments-swapped", "the arguments are taken in another order")
def _swapped(case: Case) -> Mapping[str, Results]:
    own = {k: v for k, v in case.arguments.items() if k != "K"}
    orders: Iterator[tuple[str, ...]] = permutations(own)
    return {
        ", ".join(order): _again(case, **dict(zip(own, (own[k] for k in order), strict=True)))
        for order in orders
        if order != tuple(own) and [own[k].shape for k in order] == [v.shape for v in own.values()]
    }


@slip("factor", "a factor of {} too much")
def _factor(case: Case) -> Mapping[str, Results]:
    factors = {"1/2": 0.5, "2": 2.0, "1/4": 0.25, "4": 4.0}
    return {k: _scaled(case, f) for k, f in factors.items()}


@slip("zero-log-zero", "0·log 0 gives NaN: it counts as 0")
def _zero_log_zero(case: Case) -> Mapping[str, bool]:
    zero = any(
        (np.asarray(case.arguments[n]) == 0).any() for n in ("p", "q") if n in case.arguments
    )
    return {"": zero and _not_finite(case)}


@slip("global-shift", "the maximum of the whole batch is subtracted, not that of each row")
def _global_shift(case: Case) -> Mapping[str, bool]:
    return {"": case.point.numbers == "rows far apart" and _lost(case)}


@slip("log-of-zero", "the logarithm of a probability that has underflowed to 0 is taken")
def _log_of_zero(case: Case) -> Mapping[str, bool]:
    return {"": case.point.numbers == "far apart" and _not_finite(case)}


@slip("overflow", "exp overflows or underflows at 1000: no maximum is subtracted first")
def _overflow(case: Case) -> Mapping[str, bool]:
    return {"": case.point.large and _lost(case)}


NUMERICAL = ("global-shift", "log-of-zero", "overflow", "zero-log-zero", "clipped",
             "log-of-p-plus-epsilon")  # fmt: skip


def _not_finite(case: Case) -> bool:
    return any(not np.isfinite(v).all() for v in case.values)


def _lost(case: Case) -> bool:
    """Whether every wrong entry is NaN, infinite or 0."""
    if case.state != "wrong":
        return case.state == "raised" and case.outcome.raised in (
            "OverflowError", "FloatingPointError", "ZeroDivisionError")  # fmt: skip
    pairs = zip(case.values, case.right, strict=True)
    return _not_finite(case) or all(((v == 0) | (np.abs(v - r) < 1e-3)).all() for v, r in pairs)


@slip("in-place", "an argument is changed in place: the caller's array is another afterwards")
def _in_place(case: Case) -> Mapping[str, bool]:
    return {"": case.state in ("right", "digits") and bool(case.outcome.changed)}
