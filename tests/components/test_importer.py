"""Questions are read once for each process, and again when a file changes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from rasa.shared.exceptions import YamlSyntaxException

from components.importer import ReadOnceImporter


def write(path: Path, *questions: str) -> None:
    lines = "".join(f"    - {question}\n" for question in questions)
    path.write_text(f'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n{lines}', "utf-8")


def read(path: Path) -> list[str]:
    found = ReadOnceImporter(training_data_paths=[str(path)]).get_nlu_data()
    return [example.get("text") for example in found.intent_examples]


def test_the_second_importer_gets_what_the_first_has_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "nlu.yml"
    write(path, "hello", "good day")
    first = read(path)
    monkeypatch.setattr("components.importer.load_data", None)
    assert read(path) == first == ["hello", "good day"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    write(path, "hello")
    assert read(path) == ["hello"]
    write(path, "good evening")
    os.utime(path, ns=(1, 1))
    assert read(path) == ["good evening"]


def test_a_merge_drops_duplicates_and_leaves_the_original_alone(tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    write(path, "hello", "good day")
    importer = ReadOnceImporter(training_data_paths=[str(path)])
    original = importer.get_nlu_data()
    merged = original.merge(original)
    assert [example.get("text") for example in merged.intent_examples] == ["hello", "good day"]
    merged.training_examples[0].set("intent", "goodbye")
    assert original.training_examples[0].get("intent") == "greet"
    assert merged.fingerprint() != original.fingerprint()
    for vector in (np.zeros(3), np.ones(3)):
        merged.training_examples[0].set("vector", vector)
    assert merged.training_examples[0].get("vector") is vector


@pytest.fixture()
def on_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes read even small files, on a machine of one core too."""
    monkeypatch.setattr("components.importer._LEAST_BYTES", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


@pytest.mark.usefixtures("on_all_cores")
def test_files_read_on_several_cores_keep_their_order(tmp_path: Path) -> None:
    write(tmp_path / "a.yml", "hi")
    write(tmp_path / "b.yml", "hello", "good day", "good evening")
    write(tmp_path / "c.yml", "morning", "hey")
    assert read(tmp_path) == ["hi", "hello", "good day", "good evening", "morning", "hey"]


@pytest.mark.usefixtures("on_all_cores")
def test_a_file_that_another_process_cannot_read_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.yml", "hi")
    (tmp_path / "b.yml").write_text('version: "3.1"\nnlu:\n- intent: [greet\n', "utf-8")
    with pytest.raises(YamlSyntaxException, match=r"b\.yml"):
        read(tmp_path)
