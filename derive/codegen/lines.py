"""Lines of generated code that are too long, broken as a formatter would."""

from __future__ import annotations

import ast

WIDTH = 100


def broken(line: str, indent: int) -> list[str]:
    """The line, indented as far as it is; its outermost call, or its sum, in parts if need be."""
    if indent + len(line) <= WIDTH:
        return [line]
    before = line[: len(line) - len(line.lstrip())]
    text = line.strip()
    parts = _call(text, indent + len(before)) or _sum(text) or _tuple(text) or [text]
    return [before + part for part in parts]


def _tuple(text: str) -> list[str] | None:
    """Several values that are returned, a line each."""
    source = text.removeprefix("return ")
    if source == text:
        return None
    node = ast.parse(source, mode="eval").body
    if not isinstance(node, ast.Tuple):
        return None
    values = [f"    {ast.get_source_segment(source, e)}," for e in node.elts]
    return ["return (", *values, ")"]


def _call(text: str, indent: int) -> list[str] | None:
    """A statement that is one call, broken after the bracket."""
    first, last = text.find("(", text.find(" = ") + 1), text.rfind(")")
    if not 0 < first < last:
        return None
    inner = text[first + 1 : last]
    depth, least = 0, 0
    for sign in inner:
        depth += (sign == "(") - (sign == ")")
        least = min(least, depth)
    if least < 0:  # not one call: the last bracket closes another
        return None
    return [text[: first + 1], *_arguments(inner, indent + 4), text[last:]]


def _arguments(inner: str, indent: int) -> list[str]:
    """Arguments on a line of their own, each on its own where that is too long as well."""
    if indent + len(inner) <= WIDTH:
        return [f"    {inner}"]
    source = f"_({inner})"
    tree = ast.parse(source, mode="eval").body
    assert isinstance(tree, ast.Call)
    parts = [ast.get_source_segment(source, a) or "" for a in tree.args]
    parts += [f"{a.arg}={ast.get_source_segment(source, a.value)}" for a in tree.keywords]
    return [f"    {part}," for part in parts]


def _sum(text: str) -> list[str] | None:
    """An assignment of a sum, a term a line."""
    name, equals, source = text.partition(" = ")
    if not equals:
        return None
    node = ast.parse(source, mode="eval").body
    terms: list[str] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        sign = "+" if isinstance(node.op, ast.Add) else "-"
        terms.append(f"    {sign} {_written(source, node.right)}")
        node = node.left
    if not terms:
        return None
    return [f"{name} = (", f"    {_written(source, node)}", *terms[::-1], ")"]


def _written(source: str, node: ast.expr) -> str:
    """The text of a part of an expression, with its brackets."""
    text = ast.get_source_segment(source, node) or ""
    bare = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    return f"({text})" if bare else text
