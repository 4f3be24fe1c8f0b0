"""The register of slips: a name, words, and what the slip makes of the right results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from derive.judge.code.compare import Array, Case

Results = tuple[Array, ...]
Maker = Callable[[Case], Mapping[str, Results | bool]]


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
