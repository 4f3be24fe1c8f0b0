"""The layering of the design, read off the import statements.

`problems(root)` takes any tree, so that each rule is also shown to fail on a small broken one.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Each part of `derive`, and the parts that it may import besides itself.
TRUNK = ["errors", "notation", "kernel", "rules", "topics", "catalogue"]
BELOW_TOPICS = {"errors", "notation", "kernel", "rules"}
MAY_IMPORT: dict[str, set[str]] = {part: set(TRUNK[:place]) for place, part in enumerate(TRUNK)} | {
    "templating": {"errors"},
    "render": BELOW_TOPICS | {"templating", "generated"},
    "codegen": BELOW_TOPICS | {"templating"},
    # The report shows the line as it should read, and a page: render prints them.
    "judge": BELOW_TOPICS | {"catalogue", "generated", "render", "templating"},
    "made": {*TRUNK, "templating", "render", "codegen"},
    "manifest": {"templating"},
    "build": {*TRUNK, "made", "manifest", "templating", "render", "codegen"},
}
TOP = {"cli", "__init__", "__main__"}  # these may import everything
# A notebook asks the object itself how it looks, so that it looks upwards for that, when asked.
WHEN_CALLED = {("derive/kernel/statement.py", "derive.render.notebook")}

# The two routes of the kernel share the language that they judge, and no code besides.
ROUTES = ("derive.kernel.normal", "derive.kernel.explicit")
SHARED = {
    f"derive.kernel.{name}" for name in ("adopt", "facts", "language", "matrices", "verdicts")
}
NOT_OF_THE_JUDGE = {f"derive.kernel.{name}" for name in ("rule", "derivation", "slips")}

GENERATED_MAY_IMPORT = {"numpy", "generated"} | sys.stdlib_module_names
HEAVY = ["jinja2", "rich", "math_core", "matplotlib", "ziamath"]

MODULE_LINES = 330  # aim at 300
FUNCTION_LINES = 60  # aim at 40


def modules(root: Path, package: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((root / package).rglob("*.py")):
        yield path.relative_to(root), ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything imported anywhere in a module, functions included."""
    package = path.parts[:-1]
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield node.lineno, alias.name
            case ast.ImportFrom(module=module, names=names, level=level):
                base = list(package[: len(package) - level + 1]) if level else []
                base += module.split(".") if module else []
                for alias in names:
                    yield node.lineno, ".".join([*base, alias.name])
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if (
                isinstance(func, ast.Attribute) and func.attr == "import_module"
            ) or (isinstance(func, ast.Name) and func.id in {"import_module", "__import__"}):
                yield node.lineno, name


def part_of(name: str, root: Path) -> str:
    """The part of `derive` that a dotted name belongs to; `__init__` for derive's own names."""
    part = [*name.split("."), ""][1]
    here = root / "derive" / part
    return part if part and (here.is_dir() or here.with_suffix(".py").is_file()) else "__init__"


def wrong_imports(root: Path) -> list[str]:
    found = []
    for path, tree in modules(root, "derive"):
        part = Path(path.parts[1]).stem
        if part in TOP:
            continue
        if part not in MAY_IMPORT:
            found.append(f"{path}: the part {part!r} is in no layer; give it one in {__name__}")
            continue
        for line, name in imports(path, tree):
            head = name.split(".")[0]
            target = part_of(name, root) if head == "derive" else head
            if head not in {"derive", "generated"} or target in MAY_IMPORT[part] | {part}:
                continue
            if (str(path), name.rpartition(".")[0]) in WHEN_CALLED and in_function(tree, line):
                continue
            found.append(f"{path}:{line}: {part} must not import {name} ({target})")
    return found


def in_function(tree: ast.Module, line: int) -> bool:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return any(node.lineno < line <= (node.end_lineno or 0) for node in functions)


def needed_in_kernel(root: Path, route: str) -> set[str]:
    """The kernel modules of a route (a module or a package), with all that they import."""
    known: dict[str, tuple[Path, ast.Module]] = {}
    for path, tree in modules(root, "derive/kernel"):
        known[".".join(path.with_suffix("").parts).removesuffix(".__init__")] = (path, tree)
    found: set[str] = set()
    left = [name for name in known if name == route or name.startswith(route + ".")]
    while left:
        name = left.pop()
        if name not in known:  # a name inside a module
            name = name.rpartition(".")[0]
        if name in known and name not in found and name != "derive.kernel":
            found.add(name)
            left += [dotted for _, dotted in imports(*known[name])]
    return found


def wrong_sharing(root: Path) -> list[str]:
    first, second = (needed_in_kernel(root, route) for route in ROUTES)
    found = [f"both routes use {name}" for name in sorted((first & second) - SHARED)]
    rules = sorted((first | second) & NOT_OF_THE_JUDGE)
    return found + [f"a route uses {name}" for name in rules]


def wrong_imports_of_generated(root: Path) -> list[str]:
    return [
        f"{path}:{line}: generated must not import {name}"
        for path, tree in modules(root, "generated")
        for line, name in imports(path, tree)
        if name.split(".")[0] not in GENERATED_MAY_IMPORT
    ]


def too_long(root: Path) -> list[str]:
    found = []
    for path, tree in modules(root, "derive"):
        lines = len((root / path).read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES:
            found.append(f"{path}: {lines} lines, at most {MODULE_LINES} (aim at 300)")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append(
                        f"{path}:{node.lineno}: {node.name} has {lines} lines, "
                        f"at most {FUNCTION_LINES} (aim at 40)"
                    )
    return found


def test_every_part_imports_only_what_stands_below_it(root: Path) -> None:
    assert not wrong_imports(root), "\n".join(wrong_imports(root))


def test_generated_imports_numpy_alone(root: Path) -> None:
    found = wrong_imports_of_generated(root)
    assert not found, "\n".join(found)


def test_the_two_routes_are_independent_and_know_no_rules(root: Path) -> None:
    assert all(len(needed_in_kernel(root, route)) > 1 for route in ROUTES)
    assert not wrong_sharing(root), "\n".join(wrong_sharing(root))


def test_modules_and_functions_are_short(root: Path) -> None:
    assert not too_long(root), "\n".join(too_long(root))


def test_there_is_something_to_look_at(root: Path) -> None:
    parts = {Path(path.parts[1]).stem for path, _ in modules(root, "derive")}
    assert {"errors", "notation", "kernel", "rules", "topics", "catalogue", "cli"} <= parts
    assert len(list(modules(root, "generated"))) > 1


def loaded_by(code: str, root: Path) -> list[str]:
    """Those of the heavy packages that a fresh interpreter has loaded after `code`."""
    code += f"\nimport sys\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_importing_derive_is_light(root: Path) -> None:
    assert loaded_by("import derive", root) == []
    assert loaded_by("import derive, jinja2", root) == ["jinja2"]


# --- each check can fail -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("derive/errors.py", "import derive.notation", "errors must not import derive.notation"),
        ("derive/notation.py", "from .kernel import facts", "must not import derive.kernel.facts"),
        ("derive/kernel/facts.py", "from ..rules import sums", "kernel must not import"),
        ("derive/kernel/facts.py", "from derive import rules", "kernel must not import"),
        ("derive/kernel/facts.py", "from derive import get", "must not import derive.get"),
        ("derive/kernel/facts.py", "def f():\n    import derive.rules.sums", "facts.py:2"),
        ("derive/kernel/facts.py", "import_module('derive.rules')", "kernel must not import"),
        ("derive/kernel/facts.py", "import generated", "kernel must not import generated"),
        ("derive/kernel/derivation.py", "import derive.render.notebook.f", "derivation.py:1"),
        ("derive/rules/sums.py", "from derive.topics.softmax import x", "rules must not import"),
        ("derive/topics/softmax.py", "from derive import catalogue", "topics must not import"),
        ("derive/topics/softmax.py", "from derive.render import html", "topics must not import"),
        ("derive/render/html.py", "from derive.topics import softmax", "render must not import"),
        ("derive/render/html.py", "from ..catalogue import get", "render must not import"),
        ("derive/codegen/lower.py", "from ..catalogue import get", "codegen must not import"),
        ("derive/codegen/lower.py", "import generated", "codegen must not import generated"),
        ("derive/judge/reader.py", "from derive.topics import softmax", "judge must not import"),
        ("derive/judge/reader.py", "from derive.cli import main", "judge must not import"),
        ("derive/helpers.py", "", "'helpers' is in no layer"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, path: str, text: str, complaint: str) -> None:
    for part in [*MAY_IMPORT, "cli"]:
        (tmp_path / "derive" / part).mkdir(parents=True)
    (tmp_path / "derive" / "kernel" / "good.py").write_text("import sympy\nfrom .. import errors")
    (tmp_path / "derive" / "render" / "good.py").write_text("import generated, derive.kernel.x")
    (tmp_path / "derive" / "cli" / "__init__.py").write_text("from derive import catalogue, judge")
    assert wrong_imports(tmp_path) == []
    (tmp_path / path).write_text(text)
    found = wrong_imports(tmp_path)
    assert len(found) == 1
    assert complaint in found[0]


def test_a_wrong_import_in_generated_is_found(tmp_path: Path) -> None:
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "good.py").write_text("import math\nimport numpy as np\n")
    (tmp_path / "generated" / "softmax.py").write_text("from . import good\nimport scipy.special")
    assert wrong_imports_of_generated(tmp_path) == [
        "generated/softmax.py:2: generated must not import scipy.special"
    ]


def test_shared_code_of_the_two_routes_is_found(tmp_path: Path) -> None:
    first, second = (tmp_path / route.replace(".", "/") for route in ROUTES)
    kernel = first.parent
    first.mkdir(parents=True)
    second.mkdir()
    (first / "__init__.py").write_text("")
    (first / "prove.py").write_text("from ..common import f")
    (second / "numbers.py").write_text("from .. import language\nfrom ..language import Expr")
    (second / "points.py").write_text("from . import numbers")
    (kernel / "language.py").write_text("import sympy")
    (kernel / "common.py").write_text("from .language import Expr")
    (kernel / "rule.py").write_text("")
    assert wrong_sharing(tmp_path) == []
    (second / "numbers.py").write_text("def f():\n    from ..common import g")
    assert wrong_sharing(tmp_path) == ["both routes use derive.kernel.common"]
    (second / "numbers.py").write_text("from ..normal import prove")
    assert "both routes use derive.kernel.normal.prove" in wrong_sharing(tmp_path)
    (second / "numbers.py").write_text("from .. import rule")
    assert wrong_sharing(tmp_path) == ["a route uses derive.kernel.rule"]


def test_long_modules_and_functions_are_found(tmp_path: Path) -> None:
    (tmp_path / "derive").mkdir()
    (tmp_path / "derive" / "fine.py").write_text("x = 1\n" * MODULE_LINES)
    (tmp_path / "derive" / "long.py").write_text("x = 1\n" * (MODULE_LINES + 1))
    body = "    x = 1\n" * FUNCTION_LINES
    (tmp_path / "derive" / "function.py").write_text(f"class C:\n  def f():\n{body}")
    assert [line.split(",")[0] for line in too_long(tmp_path)] == [
        "derive/function.py:2: f has 61 lines",
        "derive/long.py: 331 lines",
    ]
