"""Lines of generated code that are too long, broken as a formatter would."""

from __future__ import annotations

import ast

WIDTH = 100


def broken(line: str, indent: int) -> list[str]:
    """A line that is too long, its outermost call broken after the bracket."""
    first, last = line.find("("), line.rfind(")")
    if indent + len(line) <= WIDTH or not 0 < first < last:
        return [line]
    inner = line[first + 1 : last]
    depth, least = 0, 0
    for sign in inner:
        depth += (sign == "(") - (sign == ")")
        least = min(least, depth)
    if least < 0:  # not one call: the last bracket closes another
        return [line]
    return [line[: first + 1], *_broken_arguments(inner, indent + 4), line[last:]]


def _broken_arguments(inner: str, indent: int) -> list[str]:
    """Arguments on a line of their own, each on its own where that is too long as well."""
    if indent + len(inner) <= WIDTH:
        return [f"    {inner}"]
    tree = ast.parse(f"_({inner})", mode="eval").body
    assert isinstance(tree, ast.Call)
    parts = [ast.get_source_segment(f"_({inner})", a) for a in (*tree.args, *tree.keywords)]
    return [f"    {part}," for part in parts]
