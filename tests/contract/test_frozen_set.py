"""The frozen sets of questions: large enough, and never trained on."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from benchmarks.questions import read_frozen, read_training
from clinic.content.answers import load_answers
from tests.contract import said

FOLDERS = sorted((Path(__file__).parent.parent / "nlu").glob("frozen*"))
QUESTIONS = [question for folder in FOLDERS for question in read_frozen(folder)]
SEVERAL = [
    entry
    for folder in FOLDERS
    for name in ("several.yml", "beside_health.yml")
    for path in folder.glob(name)
    for entry in yaml.safe_load(path.read_text("utf-8"))
]
TRAINING = read_training(said.ROOT / "data" / "nlu")
FEWEST = 12


def normal(text: str) -> str:
    """The words alone, as a question that differs by a sign or a capital is the same."""
    return " ".join(re.findall(r"[\w']+", text.casefold()))


def test_no_test_question_stands_in_the_training_data():
    trained = {normal(question.text) for question in TRAINING}
    texts = [question.text for question in QUESTIONS] + [entry["text"] for entry in SEVERAL]
    assert [text for text in texts if normal(text) in trained] == []


def test_no_test_question_stands_twice():
    count = Counter(normal(question.text) for question in QUESTIONS)
    assert [text for text, times in count.items() if times > 1] == []


TOPICS = sorted(n for n, a in load_answers(said.CONTENT).answers.items() if a.section)


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_has_enough_test_questions(topic: str):
    assert sum(question.intent == f"ask_{topic}" for question in QUESTIONS) >= FEWEST


def test_each_theme_and_each_dialogue_intent_has_enough_test_questions():
    count = Counter(question.label for question in QUESTIONS)
    assert {label: number for label, number in count.items() if number < FEWEST} == {}


def test_every_label_is_one_that_is_trained():
    known = {question.label for question in TRAINING} | {"delete_data", "not_covered"}
    named = {question.label for question in QUESTIONS}
    named |= {intent for entry in SEVERAL for intent in entry["intents"]}
    assert named - known == set()
