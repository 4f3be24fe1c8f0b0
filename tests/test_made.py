"""Making many at once: the same on several processors, remembered only in the same state."""

import os
import pickle
from pathlib import Path

import pytest

from derive import build, made, manifest
from derive.catalogue import select
from derive.codegen import function_sources
from derive.errors import DeriveError, GoalNotReached, UnknownName
from derive.kernel.derivation import Derivation

# One has no function, and one widens the function of another.
SOME = ["softmax-positive", "softmax-sums-to-one", "temperature-softmax", "softmax-jacobian"]


def some() -> list[Derivation]:
    return select(SOME)


def test_several_processes_make_what_one_makes() -> None:
    derivations = some()
    told: list[tuple[str, int, int]] = []
    alone = made.make(derivations)
    spread = made.make(derivations, 2, lambda *step: told.append(step))
    assert list(spread) == list(alone) == [d.name for d in derivations]
    assert spread == alone
    assert told[-1][1:] == (len(derivations), len(derivations))


def test_the_functions_that_are_ready_give_the_same_package() -> None:
    derivations = some()
    package, docs = build.everything(derivations, build.How(jobs=2))
    assert package == build.functions(derivations)
    shown = {d.name: (d.source.file, d.source.text) for d in docs if d.source}
    sources = function_sources(derivations, select([]))
    assert shown == {n: (f"generated/{f}", t.rstrip() + "\n") for n, (f, t) in sources.items()}


def test_nothing_is_proved_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    from derive.kernel import check

    proved: list[str] = []
    real = check.check_derivation
    monkeypatch.setattr(
        check, "check_derivation", lambda d: (proved.append(d.name), real(d))[1]
    )  # fmt: skip
    derivations = some()
    for d in derivations:
        monkeypatch.delitem(d.__dict__, "evidence", raising=False)
    build.everything(derivations)
    assert set(SOME) <= set(proved)
    assert len(proved) == len(set(proved))


def _fails(*_: object, **__: object) -> None:
    raise GoalNotReached("softmax: the goal is not reached", hint="look at the last line")


def test_a_failure_in_another_process_is_the_same_clear_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(made, "document", _fails)
    found = []
    for jobs in (1, 2):
        with pytest.raises(GoalNotReached) as raised:
            made.make(some(), jobs)
        found.append(str(raised.value))
    assert found[0] == found[1] == str(_error())


def _error() -> DeriveError:
    try:
        _fails()
    except DeriveError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize("error", [UnknownName("rule", "x", ["xy"]), _error()])
def test_errors_survive_the_way_between_processes(error: DeriveError) -> None:
    error.message = f"somewhere: {error.message}"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_what_was_made_is_remembered_in_the_same_state_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "build"
    derivations = select(["softmax-positive"])
    how = build.How(memory=home)
    first = build.everything(derivations, how)
    assert (home / manifest.FILE).exists()

    def never(*_: object) -> None:
        raise AssertionError("made again")

    with monkeypatch.context() as patch:
        patch.setattr(build, "make", never)
        assert build.everything(derivations, how) == first
        with pytest.raises(AssertionError, match="made again"):  # a comparison trusts nothing
            build.everything(derivations, build.How(memory=home, recall=False))
        with pytest.raises(AssertionError, match="made again"):  # another selection
            build.everything(select(["softmax-jacobian"]), how)
        patch.setattr(manifest, "state", lambda _: "another state")
        with pytest.raises(AssertionError, match="made again"):
            build.everything(derivations, how)
    kept = (home / manifest.FILE).read_bytes()
    for broken in (b"", kept[:-9], kept.partition(b"\n")[0] + b"\nrubbish"):
        (home / manifest.FILE).write_bytes(broken)
        assert build.everything(derivations, how) == first


def test_the_state_follows_every_file_and_every_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, templates = tmp_path / "derive", tmp_path / "templates"
    for path in (package / "kernel" / "prove.py", templates / "a.jinja"):
        path.parent.mkdir(parents=True)
        path.write_text("one")
    monkeypatch.setattr(manifest, "__file__", str(package / "manifest.py"))
    monkeypatch.setattr(manifest, "template_directory", lambda: templates)
    seen = [manifest.state(["a"]), manifest.state(["a", "b"])]
    (package / "kernel" / "prove.py").write_text("two")
    seen.append(manifest.state(["a"]))
    (templates / "a.jinja").write_text("two")
    seen.append(manifest.state(["a"]))
    (package / "kernel" / "prove.py").rename(package / "kernel" / "proof.py")
    seen.append(manifest.state(["a"]))
    monkeypatch.setattr(manifest, "distributions", lambda: [])
    seen.append(manifest.state(["a"]))
    assert len(set(seen)) == len(seen)
    assert manifest.state(["a"]) == seen[-1]


def test_what_is_made_while_somebody_edits_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = iter(["before", "after"])
    monkeypatch.setattr(manifest, "state", lambda _: next(states))
    build.everything(select(["softmax-positive"]), build.How(memory=tmp_path))
    assert os.listdir(tmp_path) == []


def test_an_installed_package_remembers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "__file__", str(tmp_path / "derive" / "manifest.py"))
    assert manifest.folder() is None
    assert manifest.recall(None, "x") is None
    manifest.keep(None, "x", {})
