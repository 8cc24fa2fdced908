"""Two classifiers joined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.exceptions import InvalidConfigException

from components.joint_model import DEFAULTS, JointModel

TEXTS = ["my sister has it", "my sister is on it", "sister has it too"] * 3 + [
    "I have it",
    "I am on it",
    "I have it too",
] * 3
LABELS = ["other"] * 9 + ["own"] * 9
VECTORS = np.zeros((18, 4), dtype=np.float32)
SETTINGS = {**DEFAULTS, "word_ngram_range": [1, 3]}


def test_probabilities_add_up_and_follow_the_words() -> None:
    model = JointModel.fit(SETTINGS, TEXTS, VECTORS, LABELS)
    found = model.probabilities(["sister is on it", "I have"], VECTORS[:2])
    assert model.labels == ["other", "own"]
    assert found.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert found[0, 0] > found[0, 1]
    assert found[1, 1] > found[1, 0]


def test_further_features_speak_too() -> None:
    texts = ["the same words"] * 8
    more = np.eye(2, dtype=np.float32)[[0, 1] * 4]
    model = JointModel.fit(DEFAULTS, texts, VECTORS[:8], ["a", "b"] * 4, more)
    found = model.probabilities(texts[:2], VECTORS[:2], more[:2])
    assert found.argmax(axis=1).tolist() == [0, 1]


def test_the_words_of_a_text_without_a_vector_are_learnt() -> None:
    vectors = np.eye(2, dtype=np.float32)[[0] * 9 + [1] * 9]
    with_gaps = vectors.copy()
    with_gaps[4:14] = np.nan
    texts = [*TEXTS[:4], *["zebra"] * 5, *["yak"] * 5, *TEXTS[14:]]
    model = JointModel.fit(SETTINGS, texts, with_gaps, LABELS)
    found = model.probabilities(["zebra", "yak"], np.full((2, 2), 0.5, dtype=np.float32))
    assert found.argmax(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize("settings", [DEFAULTS, SETTINGS])
def test_a_saved_model_says_the_same(settings: dict, tmp_path: Path) -> None:
    model = JointModel.fit(settings, TEXTS, VECTORS, LABELS)
    model.save(tmp_path / "model.npz")
    again = JointModel.load(settings, tmp_path / "model.npz")
    assert again.labels == model.labels
    before, after = (m.probabilities(TEXTS, VECTORS) for m in (model, again))
    assert np.array_equal(before, after)


def test_one_label_is_nothing_to_tell_apart() -> None:
    with pytest.raises(InvalidConfigException, match="two labels"):
        JointModel.fit(DEFAULTS, TEXTS[:3], VECTORS[:3], LABELS[:3])


def test_confidences_are_calibrated_on_examples_held_out() -> None:
    """Words that say a label nine times in ten are believed nine times in ten."""
    draw = np.random.default_rng(7)
    labels = draw.choice(["a", "b"], size=5000)
    misleading = draw.random(5000) < 0.1
    texts = [
        {"a": "apples", "b": "bananas"}[label if not lies else {"a": "b", "b": "a"}[label]]
        for label, lies in zip(labels, misleading, strict=True)
    ]
    vectors = np.zeros((5000, 4), dtype=np.float32)
    calibrated = JointModel.fit(DEFAULTS, texts, vectors, labels.tolist())
    as_it_was = JointModel.fit({**DEFAULTS, "held_out_share": 0}, texts, vectors, labels.tolist())
    sure = calibrated.probabilities(["apples"], vectors[:1])[0, 0]
    assert sure == pytest.approx(0.9, abs=0.03)
    assert abs(as_it_was.probabilities(["apples"], vectors[:1])[0, 0] - 0.9) > 0.03


def test_no_label_is_held_out_altogether() -> None:
    labels = ["common"] * 400 + ["rare"] * 3
    texts = [f"text {number}" for number in range(403)]
    model = JointModel.fit(DEFAULTS, texts, np.zeros((403, 4), dtype=np.float32), labels)
    assert model.labels == ["common", "rare"]
