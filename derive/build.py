"""What is produced from derivations: the functions, the write-ups, and their comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from derive.codegen.generate import Difference, function_source, generate
from derive.codegen.generate import compare as compare_files
from derive.codegen.generate import write as write_files
from derive.codegen.stabilise import stabilised
from derive.kernel.derivation import Derivation
from derive.render import site
from derive.render.document import Document, Extras
from derive.render.document import document as plain_document

Progress = Callable[[str, int, int], None]
PAGES = "docs"


def numerical_form(made: Derivation) -> Derivation | None:
    """The proved rewriting that the generated function computes by, if there is a function."""
    return stabilised(made) if made.function is not None else None


def with_numerical_forms(derivations: Sequence[Derivation]) -> list[Derivation]:
    """The derivations, each followed by its numerical form where that takes a step."""
    out = []
    for made in derivations:
        out.append(made)
        form = numerical_form(made)
        if form is not None and form.steps:
            out.append(form)
    return out


def extras(made: Derivation) -> Extras:
    """The numerical form and the source of the generated function, for the write-up."""
    if made.function is None:
        return Extras()
    file, source = function_source(made)
    return Extras(numerical_form(made), source, f"generated/{file}")


def document(made: Derivation) -> Document:
    """The document of one derivation with its function."""
    return plain_document(made, extras(made))


def functions(derivations: Sequence[Derivation]) -> dict[str, str]:
    """The generated package, by file name."""
    return generate(derivations)


def pages(derivations: Sequence[Derivation], progress: Progress | None = None) -> dict[str, str]:
    """The write-ups that are committed, by file name."""
    known = {d.name: extras(d) for d in derivations}
    return site.committed_pages(site.documents(derivations, known, progress))


def build_pages(
    derivations: Sequence[Derivation], out: Path, progress: Progress | None, pdf: bool
) -> site.Report:
    """Write every format of every derivation below ``out``."""
    known = {d.name: extras(d) for d in derivations}
    return site.build_docs(derivations, out, known, progress, pdf)


def write_functions(derivations: Sequence[Derivation], out: Path) -> list[str]:
    """Write the generated package; the names of the files that changed."""
    return write_files(functions(derivations), out)


def compare(
    derivations: Sequence[Derivation], out: Path, progress: Progress | None = None
) -> list[Difference]:
    """How ``out`` differs from what is generated: paths first, then texts."""
    return [
        *compare_files(functions(derivations), out),
        *compare_files(pages(derivations, progress), out / PAGES, ("*.tex", "*.md")),
    ]


def write_all(
    derivations: Sequence[Derivation], out: Path, progress: Progress | None = None
) -> list[str]:
    """Write the generated package and the committed pages; the names of what changed."""
    changed = write_functions(derivations, out)
    texts = pages(derivations, progress)
    return changed + write_files(texts, out / PAGES, ("*.tex", "*.md"))
