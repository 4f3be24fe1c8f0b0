"""The wheel, installed where no checkout is: it carries templates and generated functions."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def run(command: list[str | Path], cwd: Path) -> str:
    """Standard output of a command that must succeed, with no trace of the checkout around it."""
    leave = ("PYTHON", "MAKE", "MFLAGS")
    env = {name: value for name, value in os.environ.items() if not name.startswith(leave)}
    env |= {"NO_COLOR": "1"}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    flags = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    run([sys.executable, "-m", "pip", "wheel", *flags, "--wheel-dir", folder, root], folder)
    [path] = folder.glob("derive-*.whl")
    return path


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a virtual environment that holds the wheel and borrows what it depends on."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv = folder / "venv"
    run([sys.executable, "-m", "venv", "--without-pip", venv], folder)
    python = venv / "bin" / "python"
    flags = ["--quiet", "--no-deps", "--no-index"]
    run([sys.executable, "-m", "pip", "--python", python, "install", *flags, wheel], folder)
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(run([python, "-c", purelib], folder).strip())
    # A path named here is searched, but its own .pth files (the editable install) are not read.
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def pins(root: Path) -> dict[str, str]:
    """Name and version of each line of constraints.txt, which may hold nothing else."""
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pair) == 2 and pair[1].replace(".", "").isalnum() for pair in pairs), pairs
    return {canonicalize_name(name): version for name, version in pairs}


def needed(root: Path) -> set[str]:
    """Everything that derive and its extras depend on here, directly or through others."""
    with (root / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    extras = project["optional-dependencies"].values()
    left = [*project["dependencies"], *(line for extra in extras for line in extra)]
    found: set[str] = set()
    while left:
        requirement = Requirement(left.pop())
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        left += requires(name) or []
    return found


def installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except PackageNotFoundError:
        return False


def test_constraints_pin_everything_that_is_installed_and_no_more(root: Path) -> None:
    assert needed(root) <= set(pins(root))
    # What only an older Python needs is pinned and not here.
    assert not [name for name in set(pins(root)) - needed(root) if installed(name)]


def test_make_help_lists_every_target(root: Path) -> None:
    listed = run(["make", "--no-print-directory", "help"], root)
    targets = [line.split()[0] for line in listed.splitlines()[1:]]
    assert {"help", "docs", "generate", "test", "check", "bench", "tex", "clean"} <= set(targets)
    assert all(len(line.split()) > 2 for line in listed.splitlines()[1:])


def contents(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_what_it_should_and_nothing_else(wheel: Path, root: Path) -> None:
    names = set(contents(wheel))
    ours = {name for name in names if ".dist-info/" not in name}
    expected = {f"derive/{path.relative_to(root)}" for path in files(root / "templates")}
    expected |= {str(path.relative_to(root)) for path in files(root / "derive")}
    expected |= {str(path.relative_to(root)) for path in (root / "generated").rglob("*.py")}
    expected |= {"generated/py.typed"}
    assert ours == expected
    assert any(name.startswith("derive/templates/latex/") for name in ours)
    assert {name.split("/")[0] for name in ours} == {"derive", "generated"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]


def test_the_wheel_is_what_is_imported_and_not_the_checkout(elsewhere: Path, root: Path) -> None:
    code = "import derive, generated; print(derive.__file__); print(generated.__file__)"
    for line in run([elsewhere / "venv/bin/python", "-c", code], elsewhere).split():
        assert Path(line).is_relative_to(elsewhere)
        assert not Path(line).is_relative_to(root)


def test_commands_work_elsewhere(elsewhere: Path) -> None:
    derive = elsewhere / "venv/bin/derive"
    listed = run([derive, "list"], elsewhere)
    for name in ("softmax-jacobian", "cross-entropy-gradient", "multinomial-exponential-family"):
        assert name in listed
    shown = run([derive, "show", "softmax-jacobian", "--format", "text"], elsewhere)
    assert len(shown.splitlines()) > 5
    module = [elsewhere / "venv/bin/python", "-m", "derive"]
    assert run([*module, "show", "softmax-jacobian", "--format", "text"], elsewhere) == shown


@pytest.mark.slow
def test_documents_are_written_elsewhere(elsewhere: Path) -> None:
    pages = elsewhere / "pages"
    run([elsewhere / "venv/bin/derive", "docs", "--no-pdf", "--output", pages], elsewhere)
    for suffix in (".tex", ".md", ".html"):
        assert any(path.stat().st_size > 500 for path in pages.rglob(f"*{suffix}")), suffix
    assert any(path.suffix in {".ttf", ".otf", ".woff2"} for path in pages.rglob("*"))


def test_generated_functions_work_elsewhere(elsewhere: Path) -> None:
    code = "import generated, sys; print('sympy' in sys.modules, 'derive' in sys.modules)"
    python = [elsewhere / "venv/bin/python", "-W", "error", "-c"]
    assert run([*python, code], elsewhere).strip() == "False False"
