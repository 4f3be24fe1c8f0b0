"""Making many at once: the same on several processors, remembered only in the same state."""

import json
import os
import pickle
import subprocess
import sys
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

    def never(*_: object, **__: object) -> None:
        raise AssertionError("made again")

    with monkeypatch.context() as patch:
        patch.setattr(made, "_group", never)
        assert build.everything(derivations, how) == first
        with pytest.raises(AssertionError, match="made again"):  # a comparison trusts nothing
            build.everything(derivations, build.How(memory=home, recall=False))
        with pytest.raises(AssertionError, match="made again"):  # another selection
            build.everything(select(["softmax-jacobian"]), how)
        patch.setattr(manifest, "state", lambda: "another state")
        with pytest.raises(AssertionError, match="made again"):
            build.everything(derivations, how)
    kept = (home / manifest.FILE).read_bytes()
    for broken in (b"", kept[:-9], kept.partition(b"\n")[0] + b"\nrubbish"):
        (home / manifest.FILE).write_bytes(broken)
        assert build.everything(derivations, how) == first


def test_a_change_in_one_topic_makes_only_what_rests_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    derivations = select([*SOME, "sigmoid-positive"])
    how = build.How(memory=tmp_path / "build")
    build.everything(derivations, how)
    states, reaches = manifest.topic_states(), _reached()
    done: list[tuple[str, ...]] = []
    real = made._group
    monkeypatch.setattr(made, "_group", lambda g, **k: (done.append(g), real(g, **k))[1])

    def changed(topic: str) -> set[str]:
        done.clear()
        reached = {n for n, others in reaches.items() if topic in others}
        monkeypatch.setattr(
            made, "topic_states", lambda: {n: s + "!" * (n in reached) for n, s in states.items()}
        )
        build.everything(derivations, build.How(memory=tmp_path / "build"))
        return {name for group in done for name in group}

    assert changed("derive.topics.softmax_jacobian") == {"softmax-jacobian"}
    assert changed("derive.topics.sigmoid") == {"sigmoid-positive", "softmax-jacobian"}
    assert changed("derive.topics.softmax") == set(SOME)
    assert changed("derive.topics.softmax") == set()


REACHED = """
import importlib, json, pkgutil, sys
from derive import topics
found = {}
for module in pkgutil.iter_modules(topics.__path__, "derive.topics."):
    for name in [m for m in sys.modules if m.startswith("derive.topics.")]:
        del sys.modules[name]
    importlib.import_module(module.name)
    found[module.name] = [m for m in sys.modules if m.startswith("derive.topics.")]
print(json.dumps(found))
"""


def _reached() -> dict[str, list[str]]:
    """Each topic with those that it imports, as Python itself sees it."""
    run = [sys.executable, "-c", REACHED]
    found = subprocess.run(run, capture_output=True, text=True, check=True)
    return dict(json.loads(found.stdout))


def test_the_state_follows_every_file_and_every_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, templates = tmp_path / "derive", tmp_path / "templates"
    topic, other = package / "topics" / "one.py", package / "topics" / "two.py"
    for path in (package / "kernel" / "prove.py", templates / "a.jinja", topic, other):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one = 1")
    monkeypatch.setattr(manifest, "__file__", str(package / "manifest.py"))
    monkeypatch.setattr(manifest, "template_directory", lambda: templates)
    seen = [manifest.state()]
    (package / "kernel" / "prove.py").write_text("two")
    seen.append(manifest.state())
    (templates / "a.jinja").write_text("two")
    seen.append(manifest.state())
    (package / "kernel" / "prove.py").rename(package / "kernel" / "proof.py")
    seen.append(manifest.state())
    monkeypatch.setattr(manifest, "distributions", lambda: [])
    seen.append(manifest.state())
    assert len(set(seen)) == len(seen)
    before = manifest.topic_states()
    topic.write_text("one = 2")
    assert manifest.state() == seen[-1]
    after = manifest.topic_states()
    assert {n for n in after if after[n] != before[n]} == {"derive.topics.one"}
    for n, imports in enumerate(
        ("from derive.topics.one import one", "from derive.topics import one",
         "import derive.topics.one as first"), 3,
    ):  # fmt: skip
        other.write_text(imports)
        resting = manifest.topic_states()
        topic.write_text(f"one = {n}")
        last = manifest.topic_states()
        assert all(last[name] != resting[name] for name in last), imports


def test_what_is_made_while_somebody_edits_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = iter(["before", "after"])
    monkeypatch.setattr(manifest, "state", lambda: next(states))
    build.everything(select(["softmax-positive"]), build.How(memory=tmp_path))
    assert os.listdir(tmp_path) == []


def test_an_installed_package_remembers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "__file__", str(tmp_path / "derive" / "manifest.py"))
    assert manifest.folder() is None
    assert manifest.recall(None, "x") == {}
    manifest.keep(None, "x", {})
