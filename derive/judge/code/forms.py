"""The forms of input, single examples and batches: which of them a function takes."""

from __future__ import annotations

from collections.abc import Sequence

from derive.judge.code.compare import Case
from derive.judge.code.slips import explain

LOUD = ("raised", "shape", "type")
Form = tuple[int, ...]


def split(cases: Sequence[Case]) -> tuple[list[Case], list[str]]:
    """The cases in forms that the function takes, and words on those that it does not take.

    A form is not taken if every input of that form is refused or gives another shape; batches
    also if their entries are treated as one example, and two batch axes if one is right.
    """
    groups: dict[Form, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.point.batch, []).append(case)
    taken = {form for form, own in groups.items() if any(c.good for c in _plain(own))}
    refused = {form for form, own in groups.items() if form not in taken and _loud(own)}
    quiet = {form for form, own in groups.items() if form not in refused and _flat(own)}
    if all(c.good for c in _plain(groups.get((5,), []))) and (5,) in taken:
        quiet |= {form for form, own in groups.items() if len(form) > 1 and _wrong(own)}
    if not taken - quiet:
        return list(cases), []
    words = _words(refused, "it raises an error or returns another shape", set(groups))
    words += _words(quiet, "it returns wrong numbers for them without an error", set(groups))
    return [c for c in cases if c.point.batch not in refused | quiet], words


def _plain(cases: Sequence[Case]) -> list[Case]:
    """Those with ordinary numbers, and more than one class."""
    return [c for c in cases if not c.point.large and c.point.K != 1]


def _loud(cases: Sequence[Case]) -> bool:
    return all(c.state in LOUD for c in _plain(cases)) and bool(_plain(cases))


def _wrong(cases: Sequence[Case]) -> bool:
    return any(not c.good for c in _plain(cases))


def _flat(cases: Sequence[Case]) -> bool:
    bad = [c for c in _plain(cases) if not c.good]
    return bool(bad) and explain(bad, ["one-example"]) is not None


def _words(forms: set[Form], how: str, known: set[Form]) -> list[str]:
    if not forms:
        return []
    if forms == {f for f in known if f}:
        what = "batches are not supported"
    elif () in forms:
        what = "single examples, without a batch axis, are not supported"
        if len(forms) > 1:
            what += ", nor are some batches"
    elif (5,) in forms:
        what = "batches with one axis are not supported"
    else:
        what = "more than one batch axis is not supported"
    return [f"{what}: {how}"]
