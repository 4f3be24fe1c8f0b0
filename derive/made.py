"""Pages and functions of many derivations, made on several processors and in a fixed order.

What belongs together is made in one process, so that nothing is proved twice: a derivation, its
numerical forms, its function, and the derivation that widens that function.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

from derive.catalogue import all_derivations, get, names
from derive.codegen.function import Function, generated_function
from derive.codegen.generate import general_forms, module_name
from derive.codegen.stabilise import stabilised
from derive.kernel.derivation import Derivation, recipes
from derive.manifest import topic_states
from derive.render.document import Document, Extras, document
from derive.render.site import Neighbours, neighbours

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Made:
    """The page of a derivation, and its function if it has one of its own in the package."""

    document: Document
    function: Function | None


def numerical_forms(made: Derivation) -> tuple[Derivation, ...]:
    """The proved rewritings that the generated function computes its results by."""
    return stabilised(made) if made.function is not None else ()


def make(
    derivations: Sequence[Derivation],
    jobs: int = 1,
    progress: Progress | None = None,
    ready: Mapping[str, Made] | None = None,
) -> dict[str, Made]:
    """The page and the function of each derivation, by its name, in the order given.

    What is ``ready`` is taken as it is.

    Other processes find a derivation by its name, so that those of a reader's own file are made
    in this one.
    """
    by_name = {d.name: d for d in derivations}
    found = {n: one for n, one in (ready or {}).items() if n in by_name}
    groups = [g for g in _together(derivations) if not set(g) <= set(found)]
    known = set(names())
    own = any(d.name not in known or get(d.name) is not d for d in derivations)
    spread = jobs > 1 and len(groups) > 2 and not own
    work = partial(
        _group, wanted=tuple(by_name), around=neighbours(derivations),
        given=None if spread else by_name,
    )  # fmt: skip
    with ProcessPoolExecutor(min(jobs, len(groups))) if spread else nullcontext() as pool:
        for part in pool.map(work, groups) if pool else map(work, groups):
            found |= part
            if progress:
                progress(f"proved and written: {next(iter(part))}", len(found), len(by_name))
    return {name: found[name] for name in by_name}


def _together(derivations: Sequence[Derivation]) -> list[tuple[str, ...]]:
    """The names in groups: a derivation with the one that widens its function."""
    wider = {base: d.name for base, d in general_forms(derivations).items()}
    groups: list[tuple[str, ...]] = []
    for d in derivations:
        if d.name not in wider.values():
            groups.append((d.name, wider[d.name]) if d.name in wider else (d.name,))
    return groups


def keys(derivations: Sequence[Derivation]) -> dict[str, str]:
    """For each derivation a mark of what is made of it: its topics, and what it says of others.

    One of a reader's own file has a mark that is never the same again.
    """
    titles, users = neighbours(derivations)
    topics, modules = topic_states(), {n: r.write.__module__ for n, r in recipes().items()}
    every = {d.name: d for d in (*all_derivations(), *derivations) if d.function is not None}
    wider = general_forms(list(every.values()))
    selected = general_forms(derivations)
    found: dict[str, str] = {}
    for group in _together(derivations):
        parts: list[object] = [group]
        for name in group:
            d = next(d for d in derivations if d.name == name)
            near = [(n, titles.get(n)) for n in (*d.uses, *users[name])]
            general = [forms[name].name for forms in (wider, selected) if name in forms]
            bases = [n for n, form in wider.items() if form.name == name]
            here = [topics.get(modules.get(n, ""), object()) for n in (name, *general, *bases)]
            parts += [near, users[name], general, bases, here]
        found |= dict.fromkeys(group, hashlib.sha256(repr(parts).encode()).hexdigest())
    return found


def _group(
    group: tuple[str, ...],
    wanted: tuple[str, ...],
    around: Neighbours,
    given: dict[str, Derivation] | None = None,
) -> dict[str, Made]:
    """Make one group, with the derivations given, or with those of the catalogue."""
    known = given or {name: get(name) for name in wanted}
    selected = general_forms(list(known.values()))
    every = {d.name: d for d in (*all_derivations(), *known.values()) if d.function is not None}
    wider = general_forms(list(every.values()))
    homes = {general.name: module_name(every[base]) for base, general in wider.items()}
    titles, users = around
    found = {}
    for made in (known[name] for name in group):
        here = selected.get(made.name)
        function = generated_function(made, here) if made.function is not None else None
        shown = function
        if wider.get(made.name) is not here:  # the page shows the options, wherever declared
            shown = generated_function(made, wider.get(made.name))
        extras = Extras(titles=titles, used_by=users[made.name])
        if shown is not None:
            file = f"generated/{homes.get(made.name, module_name(made))}.py"
            extras = Extras(
                numerical_forms(made), f"{shown.text}\n", file, titles, users[made.name]
            )
        found[made.name] = Made(document(made, extras), function)
    return found
