"""JSON: the whole document as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from derive.render.articles.blocks import Article
from derive.render.document import Document, Line
from derive.render.prose import Formula, plain_text


def page(document: Document) -> str:
    """One derivation as a JSON object."""
    return json.dumps(data(document), ensure_ascii=False, indent=2) + "\n"


def article(made: Article) -> str:
    """An article as a JSON object."""
    blocks = [{"kind": b.kind, **asdict(b)} for b in made.blocks]
    values = {"name": made.name, "title": made.title, "statement": made.statement}
    return json.dumps({**values, "blocks": blocks}, ensure_ascii=False, indent=2) + "\n"


def data(document: Document) -> dict[str, Any]:
    """The document as plain lists and dictionaries."""
    source = document.source
    return {
        "name": document.name,
        "title": document.title,
        "topic": document.topic,
        "statement": plain_text(document.statement),
        "result": _both(document.main),
        "definitions": [_both(f) for f in document.definitions],
        "assumptions": [
            plain_text(p) for p in (*document.facts, *document.remarks, *document.ranges)
        ],
        "notation": [
            {
                "symbol": _both(row.symbol),
                "meaning": row.meaning,
                "domain": row.domain,
                "shape": row.shape.plain if row.shape else "",
            }
            for row in document.notation
        ],
        "steps": [_line(line) for line in document.lines],
        "evidence": [plain_text(p) for p in document.established] + [document.nature],
        "examples": [
            {
                "caption": plain_text(e.caption),
                "given": [f.plain for f in e.given],
                "definitions": [f.plain for f in e.defined],
                "left": {"how": e.left_how, "values": [f.plain for f in e.left]},
                "right": {"how": e.right_how, "values": [f.plain for f in e.right]},
            }
            for e in document.examples
        ],
        "numerical_forms": [
            {"title": n.title, "steps": [_line(line) for line in n.lines]}
            for n in document.numerical
        ],
        "function": {"file": source.file, "source": source.text} if source else None,
        "references": list(document.references),
        "uses": [link.name for link in document.uses],
        "used_by": [link.name for link in document.used_by],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "relation": line.relation,
        **_both(line.formula),
        "rule": line.rule,
        "rule_name": line.name,
        "law": line.law.latex if line.law else "",
        "reason": plain_text(line.reason),
        "cites": line.cites.name if line.cites else "",
        "verdict": line.verdict,
    }


def _both(formula: Formula) -> dict[str, str]:
    return {"latex": formula.latex, "plain": formula.plain}
