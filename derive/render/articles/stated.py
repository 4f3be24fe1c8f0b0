"""The page about what the sources state: each statement, with the verdict that it deserves.

No verdict is written down anywhere: each comes from the evidence of what settles the statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from derive.errors import UnknownName
from derive.kernel.facts import Context
from derive.kernel.numbers import WorkedNumbers
from derive.kernel.refutation import Refutation
from derive.kernel.stated import Part, Row
from derive.kernel.trial import Trial, Tried
from derive.render.articles import entries
from derive.render.articles.blocks import (
    ELSEWHERE,
    Also,
    Article,
    Block,
    Claim,
    Heading,
    Proved,
    Runs,
    Words,
    runs,
)
from derive.render.assumptions import formula
from derive.render.document import Document, Link
from derive.render.prose import Formula, prose

NAME, TITLE = "what-the-sources-state", "What the sources state"
STATEMENT = (
    "The statements about softmax, cross-entropy and the exponential family that this collection "
    "answers to, each with its verdict, and with the line as it should be where it is false."
)
ABOUT = (
    "Letters A to E stand for five introductions to softmax, X for what a reader expects next. "
    "Names differ from theirs: here logits are $z$, probabilities $p$, targets $y$, and the number "
    "of classes is $K$. The verdicts are those of the proofs, of the search for counterexamples, "
    "of the numbers and of the programs that are linked; none of them is typed."
)
OPEN = "Not derived yet."
KINDS = ("refuted", "definition", "proved", "conditional", "limit", "example", "open")


@dataclass(frozen=True)
class Material:
    """What may settle a statement, by name."""

    documents: Mapping[str, Document]
    others: Mapping[str, Refutation | WorkedNumbers | Trial]
    tried: Mapping[str, Tried] = field(default_factory=dict)
    articles: Mapping[str, Article] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  # of articles that are left out of this build


@dataclass(frozen=True)
class Found:
    """A part of a statement, settled: of what kind, under which conditions, shown how."""

    kind: str
    blocks: tuple[Block, ...]
    conditions: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """A statement with all its parts."""

    row: Row
    parts: tuple[Found, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its parts, each once."""
        found = {p.kind for p in self.parts}
        return tuple(k for k in KINDS if k in found)

    @property
    def conditions(self) -> tuple[Formula, ...]:
        return tuple(dict.fromkeys(c for p in self.parts for c in p.conditions))


def verdict(row: Row, material: Material) -> Verdict:
    """The statement, settled part by part. Raises UnknownName for what does not exist."""
    return Verdict(row, tuple(f for p in row.parts for f in _part(p, material)))


def _part(part: Part, material: Material) -> Iterable[Found]:
    words: tuple[Block, ...] = (Words(prose(part.words)),) if part.words else ()
    if not part.by:
        yield Found("open", (*words, Words((OPEN,))))
        return
    if part.defines is not None:
        shown = _defined(part, material.documents)
        link = material.documents[part.by[0]]
        yield Found("definition", (*words, Proved(Link(link.name, link.title), shown)))
        return
    for n, name in enumerate(part.by):
        found = _settled(name, material)
        yield Found(found.kind, (*(() if n else words), *found.blocks), found.conditions)


def _defined(part: Part, documents: Mapping[str, Document]) -> Formula:
    """The definition of a name as a derivation has it."""
    assert part.defines is not None
    name = part.by[0]
    if name not in documents:
        raise UnknownName("derivation", name, documents)
    wanted = formula(part.defines, Context()).latex.partition("_")[0]
    for found in documents[name].definitions:
        if found.latex.partition(" := ")[0].partition("_")[0] == wanted:
            return found
    raise UnknownName("definition", wanted, [d.latex for d in documents[name].definitions])


def _settled(name: str, material: Material) -> Found:
    if name in material.documents:
        return _derived(material.documents[name])
    if name in material.others:
        return _answered(material.others[name], material)
    if name in material.articles:
        page = material.articles[name]
        return Found("example", (Also("See", (Link(name, page.title),)),))
    if name in material.names:
        return Found("open", (Words(("This build leaves the page out that shows it.",)),))
    raise UnknownName("derivation or refutation", name, [*material.documents, *material.others])


def _answered(other: Refutation | WorkedNumbers | Trial, material: Material) -> Found:
    """A refutation, numbers or a trial; one that does not come out as declared settles nothing."""
    one = material.tried[other.name] if isinstance(other, Trial) else other
    if failures := one.failures():
        return Found("open", entries.failed(failures))
    match other:
        case Refutation():
            return Found("proved" if other.rightly else "refuted", entries.refuted(other))
        case WorkedNumbers():
            right = all(n.right for found in other.evidence for n in found)
            return Found("example" if right else "refuted", entries.numbers(other))
        case Trial():
            return Found("refuted", entries.tried(other, material.tried[other.name]))


def _derived(document: Document) -> Found:
    """A derivation: proved, or proved under conditions, which stand in front of the formula."""
    settled = document.settled
    assert settled is not None
    shown = Proved(Link(document.name, document.title), document.main)
    if settled.status == "proved":
        return Found("limit" if "→" in settled.relation else "proved", (shown,))
    if settled.status == "conditional":
        lead = Words(("If ", *entries.listed(settled.conditions), ":"))
        return Found("conditional", (lead, shown), settled.conditions)
    return Found("open", (Words((f"This is {settled.status}:",)), shown))


def verdicts(rows: Sequence[Row], material: Material) -> list[Verdict]:
    """All statements, settled."""
    return [verdict(row, material) for row in rows]


def stated(
    found: Sequence[Verdict], titles: Mapping[str, str], documents: Sequence[Document]
) -> Article:
    """The page."""
    blocks: list[Block] = [Words(runs(ABOUT)), *_summary(found)]
    letter = ""
    for one in found:
        if one.row.id[0] != letter:
            letter = one.row.id[0]
            blocks.append(Heading(f"{letter}. {titles[letter]}"))
        blocks.append(Claim(one.row.id, _said(one), prose(one.row.words)))
        blocks += [b for part in one.parts for b in part.blocks]
        blocks += _also(one, documents)
    return Article(NAME, TITLE, STATEMENT, tuple(blocks), ELSEWHERE)


def _said(one: Verdict) -> Runs:
    """The verdict in words: ``proved; conditional on Σ_k y_k = 1``."""
    names = {"open": "open in part" if len(one.kinds) > 1 else "open", "example": "worked out"}
    out: list[Runs] = []
    for kind in one.kinds:
        words = names.get(kind, kind)
        said: Runs = (words,)
        if kind == "conditional":
            said = (f"{words}, if ", *entries.listed(one.conditions))
        out.append(said)
    return entries.joined(out, "; ", "; ")


def _summary(found: Sequence[Verdict]) -> Iterable[Block]:
    """Which are refuted, conditional, and open."""
    heads = {"refuted": "Refuted: ", "conditional": "Right under a condition, which is named: ",
             "open": "Open, at least in part: "}  # fmt: skip
    for kind, head in heads.items():
        ids = [v.row.id for v in found if kind in v.kinds]
        if ids:
            yield Words((f"{head}{', '.join(ids)}.",))


def _also(one: Verdict, documents: Iterable[Document]) -> Iterable[Block]:
    """The other derivations that answer to the same id."""
    shown = {name for p in one.row.parts for name in p.by}
    more = [
        Link(d.name, d.title) for d in documents
        if d.settled and one.row.id in d.settled.sources and d.name not in shown
    ]  # fmt: skip
    if more:
        yield Also("Also", tuple(more))
