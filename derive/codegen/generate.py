"""The tree of generated files: made, written, and compared with what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from derive.codegen.function import Function, generated_function
from derive.codegen.helpers import helper_sources, module_text, standard_imports
from derive.errors import DeriveError
from derive.kernel.derivation import Derivation
from derive.templating import fill

COMMAND = "make generate"
OWNED = ("*.py", "py.typed")
MARK = "generated from proved derivations"


@dataclass(frozen=True)
class Difference:
    """One generated file that is missing, not generated any more, or different."""

    path: str
    kind: str  # "missing", "extra" or "changed"
    diff: str = ""

    @property
    def name(self) -> str:
        """The file's name in its directory."""
        return Path(self.path).name

    def __str__(self) -> str:
        says = {
            "missing": "is generated, but not there",
            "extra": "is there, but not generated any more",
            "changed": "differs from what is generated",
        }
        text = f"{self.path} {says[self.kind]}; to mend it: {COMMAND}"
        return f"{text}\n{self.diff}" if self.diff else text


def module_name(derivation: Derivation) -> str:
    """The module for the family of a derivation."""
    return "_".join(
        "".join(ch if ch.isalnum() else " " for ch in family(derivation).lower()).split()
    )


def family(derivation: Derivation) -> str:
    """The family in words; a reader's own file is known by its own name."""
    return derivation.topic


def generate(
    derivations: Iterable[Derivation], ready: Mapping[str, Function] | None = None
) -> dict[str, str]:
    """Every file of the generated package, path to text, for the derivations with a function.

    ``ready`` are functions that are made already, by the name of the derivation.
    """
    families: dict[str, list[tuple[Derivation, Function]]] = {}
    names: dict[str, str] = {}
    made = [d for d in derivations if d.function is not None]
    wider = general_forms(made)
    for derivation in made:
        if derivation in wider.values():
            continue
        function = (ready or {}).get(derivation.name)
        function = function or generated_function(derivation, wider.get(derivation.name))
        if function.name in names:
            raise DeriveError(
                f"two derivations generate a function {function.name}: "
                f"{names[function.name]} and {derivation.name}",
                hint="give one of them another name in d.function(…)",
            )
        names[function.name] = derivation.name
        families.setdefault(module_name(derivation), []).append((derivation, function))
    files = {f"{name}.py": _module(members, wider) for name, members in families.items()}
    files["__init__.py"] = _package(families)
    files["py.typed"] = ""
    return dict(sorted(files.items()))


def general_forms(derivations: Sequence[Derivation]) -> dict[str, Derivation]:
    """The derivations whose function widens that of another, by the name of that other."""
    plain = {d.function.name: d.name for d in derivations if d.function and not d.function.widens}
    found: dict[str, Derivation] = {}
    for d in derivations:
        if d.function is None or not d.function.widens:
            continue
        base = plain.get(d.function.name)
        if base in found and found[base].name != d.name:
            raise DeriveError(f"{d.name} and {found[base].name} both widen {d.function.name}")
        if base is not None:
            found[base] = d
    return found


def _module(
    members: list[tuple[Derivation, Function]], wider: Mapping[str, Derivation]
) -> str:
    sources = helper_sources()
    needed = {h for _, f in members for h in f.helpers}
    helpers = [text for name, text in sources.items() if name in needed]
    title = family(members[0][0])
    return fill(
        "numpy/module.py.jinja",
        {
            "title": title[:1].upper() + title[1:],
            "command": COMMAND,
            "derivations": [
                e.name for d, _ in members for e in (d, wider.get(d.name)) if e is not None
            ],
            "functions": [f for _, f in members],
            "names": sorted(f.name for _, f in members),
            "helpers": helpers,
            "imports": standard_imports("".join(helpers)),
        },
    )


def _package(families: Mapping[str, list[tuple[Derivation, Function]]]) -> str:
    modules = [
        {"name": name, "names": sorted(f.name for _, f in members)}
        for name, members in sorted(families.items())
    ]
    names = sorted(f.name for members in families.values() for _, f in members)
    return fill(
        "numpy/package.py.jinja",
        {"command": COMMAND, "modules": modules, "names": names},
    )


def function_sources(
    derivations: Sequence[Derivation], beside: Sequence[Derivation] = ()
) -> dict[str, tuple[str, str]]:
    """The file and the text of the function of each derivation, by the derivation's name.

    ``beside`` are derivations that may widen those functions, or be widened.
    """
    known = {d.name: d for d in (*beside, *derivations) if d.function is not None}
    wider = general_forms(list(known.values()))
    homes = {general.name: module_name(known[base]) for base, general in wider.items()}
    found = {}
    for made in derivations:
        if made.function is not None:
            text = generated_function(made, wider.get(made.name)).text
            found[made.name] = (f"{homes.get(made.name, module_name(made))}.py", f"{text}\n")
    return found


def standalone(derivation: Derivation, general: Derivation | None = None) -> str:
    """A function with its helpers as the text of a module of its own."""
    function = generated_function(derivation, general)
    return module_text(function.text, function.helpers)


def write(files: Mapping[str, str], directory: Path, owned: tuple[str, ...] = OWNED) -> list[str]:
    """Write the files where they differ; remove generated files that nothing generates any more.

    A Python file that does not bear our mark is somebody's own, and stays.
    """
    changed = []
    for difference in compare(files, directory, owned):
        target = directory / difference.name
        if difference.kind == "extra":
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[difference.name], encoding="utf-8", newline="\n")
        changed.append(difference.path)
    return changed


def compare(
    files: Mapping[str, str], directory: Path, owned: tuple[str, ...] = OWNED
) -> list[Difference]:
    """What differs in a directory: first the set of paths, then the texts.

    ``owned`` are the patterns of the files that only the generator writes there.
    """
    found = [p for pattern in owned for p in directory.glob(pattern)]
    there = {p.name for p in found if p.name in files or p.suffix != ".py" or _ours(p)}
    paths = [Difference(str(directory / p), "missing") for p in sorted(set(files) - there)]
    paths += [Difference(str(directory / p), "extra") for p in sorted(there - set(files))]
    for path in sorted(set(files) & there):
        old = (directory / path).read_text(encoding="utf-8")
        if old != files[path]:
            lines = unified_diff(
                old.splitlines(), files[path].splitlines(),
                f"{path} (there)", f"{path} (generated)", lineterm="",
            )  # fmt: skip
            paths.append(Difference(str(directory / path), "changed", "\n".join(lines)))
    return paths


def _ours(path: Path) -> bool:
    """Whether a Python file was generated."""
    return MARK in path.read_text(encoding="utf-8", errors="replace")[:400]
