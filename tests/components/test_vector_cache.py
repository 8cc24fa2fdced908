"""Vectors of training questions are encoded once."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from components.vector_cache import VectorCache


class Encoder:
    """Maps a text to its length, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.asked.append(texts)
        return np.array([[len(text), 0.25] for text in texts], dtype=np.float32)


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    encode = Encoder()
    first = VectorCache(tmp_path, "a" * 64).complete(["one", "three", "one"], encode)
    again = VectorCache(tmp_path, "a" * 64).complete(["eleven", "three"], encode)
    assert first.tolist() == [[3, 0.25], [5, 0.25], [3, 0.25]]
    assert again.tolist() == [[6, 0.25], [5, 0.25]]
    assert again.dtype == np.float32
    assert encode.asked == [["one", "three"], ["eleven"]]


def test_what_is_no_longer_asked_for_is_not_kept(tmp_path: Path) -> None:
    encode = Encoder()
    for texts in (["one", "three"], ["three"], ["one"]):
        VectorCache(tmp_path, "a" * 64).complete(texts, encode)
    assert encode.asked == [["one", "three"], ["one"]]


def test_another_encoder_has_vectors_of_its_own(tmp_path: Path) -> None:
    encode = Encoder()
    VectorCache(tmp_path, "a" * 64).complete(["one"], encode)
    VectorCache(tmp_path, "b" * 64).complete(["one"], encode)
    assert encode.asked == [["one"], ["one"]]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no archive at all"])
def test_a_broken_file_is_made_anew(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    encode = Encoder()
    VectorCache(tmp_path, "a" * 64).complete(["one"], encode)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert VectorCache(tmp_path, "a" * 64).complete(["one"], encode).tolist() == [[3, 0.25]]
    assert "are not used" in caplog.text
    VectorCache(tmp_path, "a" * 64).complete(["one"], encode)
    assert encode.asked == [["one"], ["one"]]


def test_a_folder_that_cannot_be_made_costs_only_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    found = VectorCache(tmp_path / "file", "a" * 64).complete(["one"], Encoder())
    assert found.tolist() == [[3, 0.25]]
    assert "could not be kept" in caplog.text
