"""Cleaning of the message text."""

from __future__ import annotations

import time

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.text import CLEANED, LANGUAGE, TextCleaner, clean, script_of


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("Does it hurt?", "Does it hurt?"),
        ("  Does \t it\n hurt? ", "Does it hurt?"),
        ("I’m “fine” – really", 'I\'m "fine" - really'),
        ("it´s `ok`", "it's 'ok'"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("zero\u200bwidth", "zero width"),
        ("call 6955555555!!!!!", "call 6955555555!!!"),
        ("a\x00b\x07c", "a b c"),
        ("a\ud800b", "a b"),
        ("<b>how</b> much", "how much"),
        ("<script>alert(1)</script>price?", "price?"),
        ("<style a=b>p {}</STYLE > price? <script> how", "price? how"),
        ("BMI < 30 and > 25", "BMI < 30 and > 25"),
        ("helloooooooo!!!!!!!!", "hellooo!!!"),
        ("👍🏽", "👍🏽"),
        ("", ""),
        ("\u200b\u200d", ""),
    ],
)
def test_a_text_is_made_fit_for_reading(typed: str, cleaned: str) -> None:
    assert clean(typed, 1000) == cleaned


def test_a_text_is_cut_before_anything_grows_with_it() -> None:
    assert clean("ab " * 1000, 10) == "ab ab ab a"
    begin = time.perf_counter()
    assert len(clean("<" * 50_000 + "é" * 50_000, 1000)) <= 1000
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize("typed", ["I’m <b>fine</b>  \u200b", "helloooooo", "Ολα ΚΑΛΑ;"])
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    once = clean(typed, 1000)
    assert clean(once, 1000) == once


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Does it hurt?", "latin"),
        ("πονάει;", "greek"),
        ("ποσο κοστίζει το botox", "greek"),
        ("how much is the μεσοθεραπεία", "latin"),
        ("сколько стоит", "other"),
        ("это hurts", "latin"),
        ("多少钱", "other"),
        ("👍 ???", "none"),
        ("165 92", "none"),
        ("", "none"),
        ("café naïve", "latin"),
    ],
)
def test_the_script_of_most_letters_is_named(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.fixture
def cleaner() -> TextCleaner:
    return TextCleaner({"max_characters": 20})


def test_a_message_keeps_its_own_text(cleaner: TextCleaner) -> None:
    (message,) = cleaner.process([Message({TEXT: "  I’m   fine"})])
    assert message.get(TEXT) == "  I’m   fine"
    assert message.get(CLEANED) == "I'm fine"
    assert message.get(LANGUAGE) == "latin"


def test_the_cleaned_text_and_its_script_leave_the_pipeline(cleaner: TextCleaner) -> None:
    (message,) = cleaner.process([Message({TEXT: "hello"})])
    assert LANGUAGE in message.output_properties
    assert CLEANED in message.output_properties


def test_a_message_is_cut_to_the_configured_length(cleaner: TextCleaner) -> None:
    (message,) = cleaner.process([Message({TEXT: "word " * 10})])
    assert len(message.get(CLEANED)) <= 20


@pytest.mark.parametrize("data", [{TEXT: ""}, {TEXT: None}, {}])
def test_a_message_without_text_is_empty(cleaner: TextCleaner, data: dict) -> None:
    (message,) = cleaner.process([Message(data)])
    assert message.get(CLEANED) == ""
    assert message.get(LANGUAGE) == "none"


def test_training_examples_are_cleaned_alike(cleaner: TextCleaner) -> None:
    data = TrainingData([Message({TEXT: "I’m  fine"}), Message({"action_name": "action_x"})])
    cleaner.process_training_data(data)
    assert [m.get(CLEANED) for m in data.training_examples] == ["I'm fine", None]
