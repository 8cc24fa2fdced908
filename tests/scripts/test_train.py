from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import train
from scripts.report import Problem

TRAINS = (
    "import pathlib, sys; folder = pathlib.Path(sys.argv[1]); folder.mkdir();"
    "(folder / 'assistant.tar.gz').write_text('new')"
)
FAILS = "import sys; print('InvalidRule: two rules contradict each other'); sys.exit(1)"
WARNS = (
    "print('x/rasa/shared/utils/io.py:100: UserWarning: The intent a is not used.');"
    "print('x/site-packages/keras/a.py:1: DeprecationWarning: old');" + TRAINS
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("domain.yml", "config.yml", "uv.lock", "data/nlu/a.yml", "components/text.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def stand_in(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(
        train, "rasa_train", lambda folder: [sys.executable, "-c", code, str(folder)]
    )


@pytest.mark.parametrize("name", ["domain.yml", "uv.lock", "data/nlu/a.yml", "components/text.py"])
def test_a_changed_input_changes_the_hash(root: Path, name: str) -> None:
    before = train.inputs_hash(root)
    (root / name).write_text("changed")
    assert train.inputs_hash(root) != before


def test_a_new_and_a_renamed_file_change_the_hash(root: Path) -> None:
    hashes = {train.inputs_hash(root)}
    (root / "data" / "b.yml").write_text("")
    hashes.add(train.inputs_hash(root))
    (root / "data" / "b.yml").rename(root / "data" / "c.yml")
    hashes.add(train.inputs_hash(root))
    assert len(hashes) == 3


def test_caches_editor_files_and_other_folders_do_not_change_the_hash(root: Path) -> None:
    before = train.inputs_hash(root)
    for name in ("components/__pycache__/text.pyc", "data/.a.yml.swp", "actions/booking.py"):
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert train.inputs_hash(root) == before


def test_training_runs_once_and_again_only_after_a_change(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(monkeypatch, TRAINS)
    assert train.train_if_stale(root, {}) is True
    assert (root / train.MODEL).read_text() == "new"
    assert train.train_if_stale(root, {}) is False
    assert "nothing changed" in capsys.readouterr().out
    (root / "data" / "nlu" / "a.yml").write_text("one more example")
    assert train.train_if_stale(root, {}) is True
    assert not (root / "models" / "new").exists()


def test_a_failed_training_says_why_keeps_the_old_model_and_runs_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "models").mkdir()
    (root / train.MODEL).write_text("old")
    stand_in(monkeypatch, FAILS)
    for _ in range(2):
        with pytest.raises(Problem, match=r"(?s)exit code 1.*InvalidRule: two rules"):
            train.train_if_stale(root, {})
    assert (root / train.MODEL).read_text() == "old"


def test_a_training_that_leaves_no_model_is_a_failure(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, "pass")
    with pytest.raises(Problem, match="without a model"):
        train.train_if_stale(root, {})


def test_findings_about_the_data_are_shown_and_library_warnings_are_not(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(monkeypatch, WARNS)
    train.train_if_stale(root, {})
    shown = capsys.readouterr().out
    assert "note: The intent a is not used." in shown
    assert "keras" not in shown
