"""A document judged: verdicts in order, the first wrong line, what is right only at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from derive.errors import DeriveError
from derive.judge import tree
from derive.judge.claims import MAX_RELATIONS, Claim, Collector, Document, vocabulary
from derive.judge.judgement import Judgement
from derive.judge.limits import SECONDS, OutOfTime, limited
from derive.judge.model import Model
from derive.judge.scope import shown
from derive.judge.slip import Explanation, explain
from derive.judge.spans import MAX_CHARACTERS, Source, cut
from derive.judge.steps import rule_of
from derive.judge.verdict import judge
from derive.kernel.verdicts import Witness

OPEN = ("undecided", "unread")


class Unjudged(DeriveError):
    """A document cannot be judged at all."""


@dataclass(frozen=True)
class Relation:
    """One relation sign between two neighbouring sides, with its verdict."""

    n: int
    line: int
    column: int
    lhs: str
    rel: str
    rhs: str
    verdict: str
    condition: str = ""
    witness: Witness | None = None
    slip: Explanation | None = None
    rule: str = ""
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The relation as plain data, numbers as exact text."""
        return {
            "n": self.n, "line": self.line, "column": self.column, "lhs": self.lhs,
            "rel": self.rel, "rhs": self.rhs, "verdict": self.verdict,
            "condition": self.condition or None, "witness": _witness(self.witness),
            "slip": self.slip.as_dict() if self.slip else None, "rule": self.rule or None,
            "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True)
class Report:
    """Everything that is said of one document."""

    file: str
    relations: tuple[Relation, ...]
    right_end_wrong_step: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    source: Source | None = field(default=None, repr=False, compare=False)

    @property
    def first_wrong(self) -> int | None:
        """The number of the first refuted relation."""
        return next((r.n for r in self.relations if r.verdict == "refuted"), None)

    @property
    def status(self) -> int:
        """0 nothing wrong or open, 1 something refuted, 3 something undecided or unread."""
        if self.first_wrong is not None:
            return 1
        return 3 if any(r.verdict in OPEN for r in self.relations) or self.notes else 0

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        counts = Counter(r.verdict for r in self.relations)
        verdicts = ("definition", "proved", "conditional", "refuted", *OPEN)
        return {
            "file": self.file,
            "relations": [r.as_dict() for r in self.relations],
            "first_wrong": self.first_wrong,
            "summary": {
                "relations": len(self.relations),
                **{v: counts[v] for v in verdicts},
                "right_end_wrong_step": list(self.right_end_wrong_step),
                "notes": list(self.notes),
            },
        }


def _witness(witness: Witness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    return {
        "K": witness.sizes.get("K"),
        "sizes": {k: v for k, v in witness.sizes.items() if k != "K"},
        "indices": dict(witness.indices),
        "values": {k: str(v) for k, v in witness.values.items()},
        "lhs": str(witness.lhs), "rhs": str(witness.rhs),
    }  # fmt: skip


def verify(
    text: str, *, given: Iterable[str] = (), file: str = "", seconds: float = SECONDS
) -> Report:
    """Judge every relation of a document: Markdown, LaTeX, plain text or a notebook.

    ``given`` are formulas that count as stated; ``seconds`` is the limit for one relation.
    Raises Unjudged if the document is too large.
    """
    if len(text) > MAX_CHARACTERS:
        raise Unjudged(
            f"{file or 'the text'} has {len(text)} characters, at most {MAX_CHARACTERS} are read",
            hint="give the pages with the derivation alone",
        )
    source = cut(text)
    document = _document(source, tuple(given))
    if len(document.claims) > MAX_RELATIONS:
        raise Unjudged(f"more than {MAX_RELATIONS} relations", hint="give a part of the text")
    try:
        with limited(seconds * 6 if seconds else 0):
            model = Model(document)
    except OutOfTime:
        raise Unjudged("the declarations of this text take too long to read") from None
    judged = [(c, _judged(c, model, seconds)) for c in document.claims]
    judged = _cautious(judged, model)
    relations = tuple(
        _relation(c, j, model, source, n)
        for n, (c, j) in enumerate((p for p in judged if not p[0].hidden), 1)
    )
    notes = tuple(f"line {source.place(p.at)[0]}: {p.message}" for p in document.problems)
    ends = _right_ends([p for p in judged if not p[0].hidden], model, seconds)
    return Report(file, relations, ends, notes, source)


def _document(source: Source, given: Sequence[str]) -> Document:
    """The claims of the text, those that are given before them."""
    words = vocabulary(source)
    document = Collector(source, words).collect()
    if not given:
        return document
    extra = cut("\n\n".join(f"$${g.strip().strip('$')}$$" for g in given))
    collector = Collector(extra, words | vocabulary(extra))
    before = collector.collect()
    if before.problems:
        raise Unjudged(f"--given: {before.problems[0].message}")
    for claim in before.claims:
        claim.hidden = True
        claim.chain = -claim.chain
    claims = [*before.claims, *document.claims]
    for n, claim in enumerate(claims, 1):
        claim.n = n
        if not claim.hidden:
            claim.conditions = (*collector.active, *claim.conditions)
    return Document(source, claims, problems=document.problems)


def _judged(claim: Claim, model: Model, seconds: float) -> Judgement:
    if claim.hidden:
        return Judgement("definition", why="given")
    try:
        with limited(seconds):
            return judge(claim, model)
    except OutOfTime:
        return Judgement("undecided", why=f"time: not decided within {seconds:g} s")
    except RecursionError:
        return Judgement("undecided", why="nested too deeply")


def _cautious(judged: list[tuple[Claim, Judgement]], model: Model) -> list[tuple[Claim, Judgement]]:
    """What rests on a guessed role refutes only if the guess explains another line."""
    rests = {c.n: _guessed(c, model) for c, _ in judged}
    good = {
        name for c, j in judged if j.verdict in ("proved", "conditional") for name in rests[c.n]
    }
    out = []
    for claim, found in judged:
        doubtful = sorted(rests[claim.n] - good)
        notes = [model.assumed[n] for n in sorted(rests[claim.n])]
        if doubtful and found.verdict == "refuted":
            found = replace(found, verdict="undecided", witness=None)
        if notes and found.verdict not in ("definition", "unread"):
            why = "; ".join([*([found.why] if found.why else []), *notes])
            found = replace(found, why=why)
        out.append((claim, found))
    return out


def _guessed(claim: Claim, model: Model) -> set[str]:
    """The names with a guessed role that a claim rests on."""
    if not model.assumed or claim.trees is None:
        return set()
    bodies = {d.name: d.body for d in [*model.extra, *model._all()]}
    found: set[str] = set()
    left = list(claim.trees)
    while left:
        node = left.pop()
        inside = tree.names(node) | _compound(node)
        for name in inside - found:
            found.add(name)
            if name in bodies:
                left.append(bodies[name])
    return found & set(model.assumed)


def _compound(node: tree.Node) -> set[str]:
    return {
        f"{n.base.text}_" + ",".join(getattr(i, "text", "?").replace(" ", "") for i in n.indices)
        for n in tree.walk(node)
        if isinstance(n, tree.Sub) and isinstance(n.base, tree.Name)
    }


def _relation(claim: Claim, found: Judgement, model: Model, source: Source, n: int) -> Relation:
    line, column = source.place(claim.start)
    why = found.why
    if claim.problem is not None and found.verdict == "unread":
        at = source.place(claim.problem.at)
        why = f"line {at[0]}, column {at[1]}: {claim.problem.message}"
    return Relation(
        n, line, column, claim.lhs, claim.sign, claim.rhs, found.verdict, found.condition,
        found.witness, explain(found) if found.verdict == "refuted" else None,
        rule_of(found) if found.verdict in ("proved", "conditional") else "", why,
    )  # fmt: skip


def _right_ends(
    judged: list[tuple[Claim, Judgement]], model: Model, seconds: float
) -> tuple[int, ...]:
    """The wrong steps of chains whose first and last side agree all the same."""
    out: list[int] = []
    numbers = {c.n: n for n, (c, _) in enumerate(judged, 1)}
    for chain in sorted({c.chain for c, j in judged if j.verdict == "refuted"}):
        own = [(c, j) for c, j in judged if c.chain == chain]
        first, last = own[0][0], own[-1][0]
        if len(own) < 2 or first.trees is None or last.trees is None:
            continue
        whole = replace(first, rhs=last.rhs, trees=(first.trees[0], last.trees[1]))
        whole.tokens = (first.tokens[0], last.tokens[1])
        whole.conditions = last.conditions
        whole.n = last.n
        if _judged(whole, model, seconds).verdict in ("proved", "conditional"):
            out += [numbers[c.n] for c, j in own if j.verdict == "refuted"]
    return tuple(sorted(out))


__all__ = ["OPEN", "Relation", "Report", "Unjudged", "shown", "verify"]
