"""Splitting of a message into clauses that may each be a question."""

from __future__ import annotations

import time

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from components.clauses import CLAUSES, ClauseSplitter, asks, split_clauses
from components.text import CLEANED


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "how many sessions do I need and does it hurt?",
            ["how many sessions do I need", "does it hurt?"],
        ),
        ("Does it hurt? Is it safe?", ["Does it hurt?", "Is it safe?"]),
        ("does it hurt, is it safe", ["does it hurt", "is it safe"]),
        ("does it hurt but also how long is it?", ["does it hurt", "how long is it?"]),
        ("what is it & how much?", ["what is it", "how much?"]),
        ("Does it hurt?Is it safe?", ["Does it hurt?", "Is it safe?"]),
        (
            "tell me about pain and tell me about price",
            ["tell me about pain", "tell me about price"],
        ),
        ("hi there. how many sessions?", ["how many sessions?"]),
        (
            "I have stretch marks since my pregnancy. Does the roller help?",
            ["Does the roller help?"],
        ),
        ("price, pain, results", ["price", "pain", "results"]),
        ("price and side effects", ["price", "side effects"]),
        ("sessions/interval", ["sessions", "interval"]),
    ],
)
def test_a_message_is_parted_into_its_questions(text: str, clauses: list[str]) -> None:
    assert split_clauses(text) == clauses


@pytest.mark.parametrize(
    "text",
    [
        "does it hurt?",
        "does it remove fat on my hips and belly?",
        "is it safe for women and men of every age?",
        "I have fat on my hips and belly and I want to lose it",
        "yes",
        "",
        "???",
        "my name is Maria and my number is 694 123 4567",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert split_clauses(text) == []


def test_at_most_six_clauses_are_read() -> None:
    assert len(split_clauses("does it hurt? " * 20)) == 6


def test_signs_alone_are_no_clause() -> None:
    assert "??" not in split_clauses("does it hurt? ?? !!")


@pytest.mark.parametrize("text", ["and " * 250, ", how" * 200, "? " * 500, "a, " * 330, "," * 1000])
def test_a_long_message_takes_no_time(text: str) -> None:
    begin = time.perf_counter()
    split_clauses(text[:1000])
    assert time.perf_counter() - begin < 0.2


@pytest.mark.parametrize(
    ("clause", "is_asking"),
    [
        ("does it hurt", True),
        ("and how long", True),
        ("ok so wat is it", True),
        ("it hurts?", True),
        ("it hurts", False),
        ("iskra", False),
        ("the doctor", False),
    ],
)
def test_a_question_is_known_by_its_form(clause: str, is_asking: bool) -> None:
    assert asks(clause) is is_asking


def test_the_component_writes_the_clauses_for_the_next_ones_only() -> None:
    message = Message({TEXT: "x"})
    message.set(CLEANED, "does it hurt? is it safe?")
    ClauseSplitter().process([message])
    assert message.get(CLAUSES) == ["does it hurt?", "is it safe?"]
    assert CLAUSES not in message.output_properties
