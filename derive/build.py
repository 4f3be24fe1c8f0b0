"""What is produced from derivations: the functions, the write-ups, and their comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from derive import answers, manifest
from derive.catalogue import all_derivations, all_others, names, require, select
from derive.codegen.generate import Difference, generate
from derive.codegen.generate import compare as compare_files
from derive.codegen.generate import write as write_files
from derive.errors import DeriveError
from derive.kernel.check import Report, report
from derive.kernel.computed import check_default
from derive.kernel.derivation import Derivation
from derive.made import Made, keys, make, numerical_forms
from derive.render import site
from derive.render.articles.worked import Worked, worked
from derive.render.document import Document
from derive.render.example import example
from derive.render.markdown import results

Progress = Callable[[str, int, int], None]
PAGES = "docs"
README, RESULTS, END = "README.md", "<!-- results -->", "<!-- end of results -->"


@dataclass(frozen=True)
class Task:
    """One derivation to check, by where it comes from, so that another process can find it."""

    source: str
    name: str
    form: int | None = None  # which of its numerical forms, or the derivation itself
    is_derivation: bool = True


def tasks(wanted: Sequence[str]) -> list[Task]:
    """What there is to check: what is wanted, and the numerical forms of derivations."""
    require(wanted)
    others = all_others()
    out = [Task(n, n, is_derivation=False) for n in (wanted or others) if n in others]
    for source in (n for n in wanted or names() if n not in others):
        for made in select([source]):
            out.append(Task(source, made.name))
            forms = enumerate(numerical_forms(made))
            out += [Task(source, made.name, n) for n, form in forms if form.steps]
    return out


def run_task(task: Task, with_mutants: bool) -> Report:
    """Check one derivation, or what is declared beside them, in this process."""
    if not task.is_derivation:
        return answers.report(all_others()[task.name])
    made = next(d for d in select([task.source]) if d.name == task.name)
    form = made if task.form is None else numerical_forms(made)[task.form]
    found = report(form, with_mutants=with_mutants)
    if task.form is None:
        _check_default(made, found)
        for given in made.examples:
            try:
                example(made, given)
            except DeriveError as error:
                found.failures.append(f"{made.name}, worked example: {error.message}")
    return found


def _check_default(made: Derivation, found: Report) -> None:
    """A general form must be the public function where its options are at their defaults."""
    spec = made.function
    if spec is None or not spec.widens:
        return
    others = (d for d in all_derivations() if d.function and d.function.name == spec.name)
    public = next((d for d in others if d.function and not d.function.widens), None)
    if public is None:
        found.failures.append(f"{made.name} widens {spec.name}, which no derivation declares")
        return
    found.count(check_default(made, public), f"{made.name}, at the defaults of {spec.name}")


def check(
    wanted: Sequence[str], with_mutants: bool, jobs: int, progress: Progress | None = None
) -> Report:
    """Check derivations on several processors; the reports are added up in a fixed order."""
    todo = tasks(wanted)
    work = partial(run_task, with_mutants=with_mutants)
    total = Report()
    with ProcessPoolExecutor(jobs) if jobs > 1 and len(todo) > 2 else nullcontext() as pool:
        found = pool.map(work, todo) if pool else map(work, todo)
        for n, (task, one) in enumerate(zip(todo, found, strict=True), 1):
            total += one
            if progress:
                progress(task.name, n, len(todo))
    return total


def document(made: Derivation) -> Document:
    """The document of one derivation with its function."""
    return make([made])[made.name].document


def functions(derivations: Sequence[Derivation]) -> dict[str, str]:
    """The generated package, by file name."""
    return generate(derivations)


@dataclass(frozen=True)
class How:
    """How much is done at once, who is told, and where what was made is remembered."""

    jobs: int = 1
    progress: Progress | None = None
    memory: Path | None = None
    recall: bool = True  # whether what is remembered is used, or only renewed


ALONE = How()


def everything(
    derivations: Sequence[Derivation], how: How = ALONE
) -> tuple[dict[str, str], list[Document]]:
    """The generated package and the documents, each derivation proved once."""
    made = _made(derivations, how)
    ready = {name: one.function for name, one in made.items() if one.function}
    return generate(derivations, ready), [one.document for one in made.values()]


def _made(derivations: Sequence[Derivation], how: How) -> dict[str, Made]:
    """What is made of each derivation: remembered where nothing that it follows from changed."""
    if not how.memory:
        return make(derivations, how.jobs, how.progress)
    now, marks = manifest.state(), keys(derivations)
    kept = manifest.recall(how.memory, now)
    same = {n: one for n, (mark, one) in kept.items() if how.recall and marks.get(n) == mark}
    found = make(derivations, how.jobs, how.progress, same)
    if manifest.state() == now and keys(derivations) == marks:  # nobody edited in the meantime
        others = {n: one for n, one in kept.items() if n not in found}
        new = {n: (marks[n], one) for n, one in found.items()}
        manifest.keep(how.memory, now, others | new)
    return found


def pages(docs: Sequence[Document], package: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The write-ups that are committed, by file name; those of before lie in ``folder``."""
    return site.committed_pages(docs, articles(docs, package, folder))


def articles(docs: Sequence[Document], package: Mapping[str, str], folder: Path) -> Worked:
    """The articles, with the page about what the sources state."""
    return answers.with_statements(worked(docs, package, folder), docs)


def build_pages(
    derivations: Sequence[Derivation], out: Path, pdf: bool, how: How = ALONE
) -> site.Report:
    """Write every format of every derivation below ``out``."""
    package, docs = everything(derivations, how)
    return site.build_docs(docs, out, how.progress, pdf, articles(docs, package, out))


def compare(derivations: Sequence[Derivation], out: Path, how: How = ALONE) -> list[Difference]:
    """How ``out`` differs from what is generated: paths first, then texts."""
    package, docs = everything(derivations, how)
    texts = pages(docs, package, out / PAGES)
    return [
        *compare_files(package, out),
        *compare_files(texts, out / PAGES, site.COMMITTED),
        *compare_files(_readme(docs, out), out.parent, (README,)),
    ]


def write_all(derivations: Sequence[Derivation], out: Path, how: How = ALONE) -> list[str]:
    """Write the generated package and the committed pages; the names of what changed."""
    # Everything is made before anything is written.
    package, docs = everything(derivations, how)
    texts = pages(docs, package, out / PAGES)
    return [
        *write_files(package, out),
        *write_files(texts, out / PAGES, site.COMMITTED),
        *write_files(_readme(docs, out), out.parent, (README,)),
    ]


def _readme(docs: Sequence[Document], out: Path) -> dict[str, str]:
    """The README beside the package, with the table of all results between its two marks."""
    path = out.parent / README
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if [d.name for d in docs] != names() or RESULTS not in text:
        return {README: text} if text else {}
    before, _, rest = text.partition(RESULTS)
    _, end, after = rest.partition(END)
    table = results(docs, f"{out.name}/{PAGES}")
    return {README: f"{before}{RESULTS}\n\n{table}\n{end}{after}"}
