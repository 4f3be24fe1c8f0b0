"""The inputs that functions are measured on, and the measuring.

Logits to ±1e4 and of mixed magnitudes, at different offsets in one batch, ties, masks of −inf,
shares that are subnormal; targets that are one-hot, soft, zero, of any total; probabilities close
to 0, to 1 and to one another; counts to a million; rows of 1 to 100,000 entries.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import mpmath
import numpy as np

from tests.reference import arguments as args
from tests.reference.core import DIGITS, REFERENCES, Want, exact

SIZES = (1, 2, 3, 10, 40)
LONG = 100_000
DISTINCT = 150  # entries of a long row that differ
# Values that options take on the grid, besides their default.
OPTIONS = {
    "temperature": (0.01, 0.3, 7.0, 100.0), "label_smoothing": (1e-3, 0.1, 0.5, 1.0),
    "l2": (0.1, 10.0),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A call: a batch of rows of one length, or entries; ``place`` says which entries repeat."""

    given: dict[str, Any]
    options: dict[str, Any] = field(default_factory=dict)
    place: Any = None

    def full(self) -> dict[str, Any]:
        """The arguments to call with."""
        if self.place is None:
            return dict(self.given)
        made = {}
        for name, value in self.given.items():
            if name == args.LABEL:
                made[name] = np.array([np.flatnonzero(self.place == 0)[0]])
            elif np.ndim(value) == 1:
                made[name] = value
            else:
                last = value.shape[-1] < self.place.max() + 1  # K − 1 entries for K
                made[name] = value[:, self.place[:-1] if last else self.place]
        return made


def logits(size: int, dtype: Any, rng: np.random.Generator) -> np.ndarray:
    """Rows of one batch at different offsets, with ties, masks and subnormal exponentials."""
    deep = {2: -14.0, 4: -95.0, 8: -735.0}[np.dtype(dtype).itemsize]
    rows = [rng.normal(size=size) * s + o for s in (1e-8, 1.0, 30.0, 700.0, 1e4)
            for o in (0.0, 1e4, -1e4)]  # fmt: skip
    rows += [np.full(size, v) for v in (0.0, 0.1, -1e4)]
    rows += [rng.integers(-2, 2, size) * 1.0, deep + rng.normal(size=size) * 8]
    rows += [10.0 ** rng.uniform(-30, 4, size) * rng.choice([-1, 1], size)]
    for gap in (20.0, 40.0, -deep):
        rows.append(np.append(rng.normal(size=size - 1) * 4 - gap, 0.0))  # one dominates
    masked = rng.normal(size=size) * 5
    masked[rng.random(size) < 0.5] = -np.inf
    masked[-1] = 1.5
    return np.array([*rows, masked]).clip(-np.inf, 6e4).astype(dtype)


def targets(count: int, size: int, dtype: Any, rng: np.random.Generator) -> np.ndarray:
    """One-hot, soft, soft with zeros, all zero, and of totals that are not 1."""
    made = rng.dirichlet(np.ones(size), count)
    made[::4] = np.eye(size)[rng.integers(0, size, len(made[::4]))]
    made[1::4] *= rng.random(made[1::4].shape) < 0.5
    made[2::4] *= 3.7
    return made.astype(dtype)


def chances(count: int, size: int, dtype: Any, rng: np.random.Generator) -> np.ndarray:
    """Distributions: even, extreme, with an entry close to 1; two of the extreme have zeros."""
    power = rng.choice([1.0, 8.0, 30.0], (count, 1))
    made = rng.random((count, size)) ** power + 1e-30
    made[::5, 0] += 1e7
    least = np.finfo(dtype).smallest_subnormal
    return np.maximum((made / made.sum(-1, keepdims=True)).astype(dtype), least)


def directions(count: int, size: int, dtype: Any, rng: np.random.Generator) -> np.ndarray:
    """Vectors of all lengths, also constant ones, along which nothing changes."""
    made = rng.normal(size=(count, size)) * rng.choice([1e-3, 1.0, 1e3], (count, 1))
    made[::5] = made[::5, :1]
    return made.astype(dtype)


def counts(count: int, size: int, dtype: Any, rng: np.random.Generator) -> np.ndarray:
    """Counts to a million (2,000 where the type has no more whole numbers), many of them zero."""
    most = 2000 if np.dtype(dtype) == np.float16 else 1_000_000
    top = rng.choice([1, 3, 25, 1000, most], (count, 1))
    some = rng.random((count, size)) < 0.8
    return (rng.integers(0, top + 1, (count, size)) * some).astype(dtype)


def rows(function: Callable[..., Any], size: int, dtype: Any, rng: Any) -> dict[str, Any]:
    """A batch of rows for a function."""
    given: dict[str, Any] = {}
    known = args.shapes(function)
    count = len(logits(2, dtype, rng)) if set(known) & set(args.LOGITS) else 25
    for name, axes in known.items():
        many = args.length(axes[0], {"K": size}) if axes else size
        if name in args.LOGITS:
            given[name] = logits(max(many, 1), dtype, rng)[:, :many]
        elif name == args.LABEL:
            given[name] = rng.integers(0, size, count)
        elif name == "y" and args.has_counts(function.__name__):
            given[name] = counts(count, many, dtype, rng)
        elif name in ("y", "a"):
            given[name] = targets(count, many, dtype, rng)
        elif name in args.CHANCES:
            given[name] = chances(count, many, dtype, rng)
        elif not axes:
            given[name] = np.resize([0.01, 0.3, 1.0, 7.0, 100.0], count).astype(dtype)
        else:
            given[name] = directions(count, many, dtype, rng)
    settle(function, given, rng)
    return given


def settle(function: Callable[..., Any], given: dict[str, Any], rng: Any) -> None:
    """What arguments have to do with one another."""
    if {"p", "q"} <= set(given) and "kl" in function.__name__:
        near = given["p"] * (1 + rng.normal(size=given["p"].shape) * 10.0 ** -rng.integers(2, 7))
        given["q"][::2] = near[::2].astype(given["q"].dtype)
    if "phi" in given:
        phi = given["phi"]  # shares that are close to one another
        phi[::3, 0] = phi[::3, -1] * (1 + 10.0 ** -rng.integers(1, 7, len(phi[::3])))
    if {"p"} <= set(given) and given["p"].shape[-1] > 1 and "gradient" not in function.__name__:
        given["p"][1::6, 0] = 0  # x log x = 0 at 0
    for name in ("z", "eta"):
        masked = np.isneginf(given[name]) if name in given else None
        if masked is None or not masked.any() or "y" not in given:
            continue
        given["y"][:, : masked.shape[1]][masked] = 0  # a target of 0 at a logit of −inf


def row_cases(function: Callable[..., Any], dtype: Any, rng: Any, sizes: Any) -> Iterator[Case]:
    """Batches of short rows, with every value of every option."""
    own = [o for o in args.options(function) if o in OPTIONS]
    for size in sizes:
        given = rows(function, size, dtype, rng)
        yield Case(given)
        for name in own:
            for value in OPTIONS[name]:
                some = {k: np.ascontiguousarray(v[::2]) for k, v in given.items()}
                yield Case(some, {name: float(np.dtype(dtype).type(value))})


def long_cases(function: Callable[..., Any], dtype: Any, rng: Any, size: int) -> Iterator[Case]:
    """Rows of 100,000 entries, most of which repeat some others."""
    if args.is_square(function):
        return
    given = rows(function, DISTINCT, dtype, rng)
    some = len(next(iter(given.values())))
    again = rng.integers(1, DISTINCT - 1, size - DISTINCT)
    place = np.concatenate([np.arange(DISTINCT - 1), again])
    rng.shuffle(place)
    place = np.append(place, DISTINCT - 1)  # the last class stands alone
    own = [{}] + [{o: OPTIONS[o][1]} for o in args.options(function) if o in OPTIONS]
    for at in sorted({0, 4, 7, 16, 20, 22} & set(range(some))):
        one = {k: v[at : at + 1] for k, v in given.items()}
        if args.has_counts(function.__name__):
            one["y"] = np.minimum(one["y"], 3)
        for chosen in own if at == 4 else own[:1]:
            yield Case(one, {k: float(np.dtype(dtype).type(v)) for k, v in chosen.items()}, place)


def entries(name: str, dtype: Any, rng: np.random.Generator) -> np.ndarray:
    """Numbers of all sizes and signs, and those at which something changes."""
    info = np.finfo(dtype)
    ends = np.log(float(info.max)), np.log(float(info.smallest_subnormal))
    if name in args.CHANCES:
        small = 10.0 ** rng.uniform(np.log10(float(info.smallest_subnormal)), -0.3, 60)
        near = [0.5 + k * float(info.eps) / 4 for k in range(-9, 10)]
        sure = 1 - 10.0 ** rng.uniform(np.log10(float(info.eps)), -0.5, 60)
        return np.concatenate([small, near, sure, rng.random(60), [0, 1]]).astype(dtype)
    if name == "y":
        return np.resize(np.append(rng.random(9), [0, 1, 0, 1, 0.5]), 377).astype(dtype)
    if name == "gamma":
        return np.resize([0.5, 1.0, 2.0, 5.0], 377).astype(dtype)
    edges = [e * f for e in ends for f in (-1, -0.5, -0.99, 0.99, 0.5, 1)]
    tiny = 10.0 ** rng.uniform(np.log10(float(info.tiny)), 0, 60)
    wide = rng.normal(size=(100, 3)) * [1, 10, 30]
    line = [*edges, *np.linspace(ends[1], -ends[1], 99), 0, 1e4, -1e4, -0.0, 3.5]
    made = np.concatenate([line, tiny[:30], -tiny[30:], wide.ravel()])[:375].clip(-6e4, 6e4)
    return np.append(made, [-np.inf, np.inf]).astype(dtype)


def model_cases(function: Callable[..., Any], dtype: Any, rng: Any) -> Iterator[Case]:
    """One model at a time: few examples, weights of all sizes."""
    largest = (3, 4, 6) if "hessian" in function.__name__ else (4, 20, 12)
    for scale in (0.1, 1.0, 8.0):
        for three in ((3, 2, 4), (1, 1, 1), largest):
            sizes = dict(zip(("K", "D", "m"), three, strict=True)) | {"N": three[0] + 1}
            one = {k: v[None] for k, v in
                   args.sample(function, rng, (), dtype, scale, **sizes).items()}  # fmt: skip
            yield Case(one)
            for name in [o for o in args.options(function) if o in OPTIONS]:
                for value in OPTIONS[name]:
                    yield Case(one, {name: float(np.dtype(dtype).type(value))})


def cases(
    name: str, dtype: Any, sizes: Sequence[int] = SIZES, long: int = 0, seed: int = 7
) -> Iterator[Case]:
    """The calls that a function is measured on."""
    function, rng = args.FUNCTIONS[name], np.random.default_rng(seed)
    if args.is_entrywise(function):
        yield Case({k: entries(k, dtype, rng) for k in args.shapes(function)})
    elif "K" in inspect.signature(function).parameters:
        yield Case({"c": np.arange(4), "K": 4})
    elif args.is_row(function):
        yield from row_cases(function, dtype, rng, sizes)
        yield from long_cases(function, dtype, rng, long) if long else ()
    else:
        yield from model_cases(function, dtype, rng)


def expected(name: str, case: Case) -> Iterator[Any]:
    """The references for the rows of a case, one after the other."""
    function = args.FUNCTIONS[name]
    if args.is_entrywise(function):
        yield REFERENCES[name](**{k: exact(v) for k, v in case.given.items()})
        return
    known = args.shapes(function)
    own = {k: mpmath.mpf(v) for k, v in case.options.items()}
    for at in range(len(next(iter(case.given.values())))):
        one = {k: v[at] for k, v in case.given.items() if k != "K"}
        lengths = [np.shape(v)[-1] for k, v in one.items() if known[k]]
        size = int(case.given.get("K", max(lengths, default=0)))
        label = args.LABEL
        rest = {k: v for k, v in one.items() if k != label}
        made = {k: exact(v) if known[k] else mpmath.mpf(float(v)) for k, v in rest.items()}
        if args.LABEL in one:
            where = 0 if case.place is not None else int(one["c"])
            made["hot"] = exact(np.eye(size)[where])
        if args.is_row(function) or "K" in case.given:
            often = np.ones(size) if case.place is None else np.bincount(case.place)[:size]
            made["n"] = exact(often)
        yield REFERENCES[name](**made, **own)


def call(function: Callable[..., Any], case: Case, front: bool = False) -> tuple[Any, ...]:
    """The results of a function, which may neither warn nor meet a floating-point error.

    ``front`` gives it the rows with the class axis in front of the batch.
    """
    given, known = case.full(), args.shapes(function)
    rank = max((np.ndim(a) for a in given.values()), default=0)
    if front:
        given = {n: np.ascontiguousarray(a.T) if known[n] else a for n, a in given.items()}
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        made = function(**given, **case.options, **({"axis": 0} if front else {}))
    parts = made if isinstance(made, tuple) else (made,)
    return tuple(p.T if front and p.ndim == rank else p for p in parts)


def errors(name: str, case: Case, got: tuple[Any, ...], dtype: Any) -> Iterator[float]:
    """The worst error of each row (or entry) of a case, in quarters of its budget."""
    with mpmath.workdps(DIGITS):
        for at, want in enumerate(expected(name, case)):
            wants: tuple[Want, ...] = want if isinstance(want, tuple) else (want,)
            assert len(wants) == len(got), (name, len(wants), len(got))
            if args.is_entrywise(args.FUNCTIONS[name]):
                yield from np.maximum.reduce(
                    [w.errors(g, dtype) for w, g in zip(wants, got, strict=True)]
                )
            else:
                pairs = zip(wants, got, strict=True)
                yield max(_worst(part, value[at], case, dtype) for part, value in pairs)


def _worst(want: Want, row: Any, case: Case, dtype: Any) -> float:
    place = case.place[: len(row)] if case.place is not None and np.ndim(row) else None
    return want.worst(row, dtype, place)
