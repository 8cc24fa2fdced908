"""Splitting of a message into clauses that may each be a question."""

from __future__ import annotations

import time

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from components.asking import asks
from components.clauses import CLAUSES, TEXTS, ClauseSplitter, split_clauses, texts_of
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
        # Two answers to choose from are one question.
        ("does it hurt, or is it painless?", ["does it hurt, or is it painless?"]),
        ("how often and is it a tool or a cream", ["how often", "is it a tool or a cream"]),
        ("and the roller, how often", []),
        (
            "and the roller? does it hurt? is it safe?",
            ["and the roller, does it hurt?", "is it safe?"],
        ),
        (
            "I'd like to know who gives the jabs as well as what's in them",
            ["I'd like to know who gives the jabs", "what's in them"],
        ),
        ("1) does it work 2) how long does it last", ["does it work", "how long does it last"]),
        ("- does it work\n- how long does it last", ["does it work", "how long does it last"]),
        ("hi where are you and is it dear", ["where are you", "is it dear"]),
        ("how often an for how many weeks", ["how often", "for how many weeks"]),
        (
            "My mum's asking whether it is a nurse, and how it's done",
            ["My mum's asking whether it is a nurse", "how it's done"],
        ),
        ("are you open in May, id like to book a visit", ["are you open in May"]),
        ("please book me and also know your hours", ["know your hours"]),
        ("arms possible? and every how many weeks", ["arms possible?", "and every how many weeks"]),
        ("what is it for and on which parts?", ["what is it for", "on which parts?"]),
        (
            "I'm curious where it comes from and how it works",
            ["I'm curious where it comes from", "how it works"],
        ),
        (
            "So it is French? I'm also wondering if it hurts",
            ["So it is French?", "wondering if it hurts"],
        ),
        (
            "does it last? and if i start in may am i done in july",
            ["does it last?", "and if i start in may am i done in july"],
        ),
        ("And swelling, is that common? How long?", ["And swelling, is that common?", "How long?"]),
        ("the bill, does it hurt", ["does it hurt"]),
        ("does it work how fast do i see it", ["does it work", "how fast do i see it"]),
        ("how meny and dos the effect stay", ["how meny", "dos the effect stay"]),
        ("talk me through it n dus it last", ["talk me through it", "dus it last"]),
    ],
)
def test_a_message_is_parted_into_its_questions(text: str, clauses: list[str]) -> None:
    assert [clause.text for clause in split_clauses(text) if clause.asks] == clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "how does it work how long till i see something",
            ["how does it work", "how long till i see something"],
        ),
        ("how does it work is it safe", ["how does it work", "is it safe"]),
        ("does the roller hurt what does it cost", ["does the roller hurt", "what does it cost"]),
        ("whats in the syringe who injects it", ["whats in the syringe", "who injects it"]),
        ("when do i see it does the fat come back", ["when do i see it", "does the fat come back"]),
        ("is it ok an dose it hert", ["is it ok", "dose it hert"]),
        ("call me back and please tell me the price", ["call me back", "tell me the price"]),
        ("what is meso where does it come from", ["what is meso", "where does it come from"]),
        ("do you also do meso on the chin", []),
        ("how long does it last", []),
        ("how many sessions do i need", []),
        ("how many sessions can i have in a month", []),
        ("can you tell me how long is it till i see something", []),
        ("for my belly how many sessions", []),
    ],
)
def test_a_missing_comma_parts_only_what_is_complete(text: str, clauses: list[str]) -> None:
    assert [clause.text for clause in split_clauses(text)] == clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("im on warfarin how many sessions", ["im on warfarin", "how many sessions"]),
        ("im on warfarin is bruising normal", ["im on warfarin", "is bruising normal"]),
        ("i got (mild) warfarin - does it hurt", ["i got (mild) warfarin", "does it hurt"]),
        ("how often do I come, I'm on warfarin", ["how often do I come", "I'm on warfarin"]),
        ("is it very painful im on warfarin", ["is it very painful", "im on warfarin"]),
        (
            "how many visits are it, mum takes warfarin",
            ["how many visits are it", "mum takes warfarin"],
        ),
        # What the statement says, and what it is a condition of, stays whole.
        ("is it safe if I'm on warfarin", []),
        ("can people on warfarin have their skin rolled", []),
        ("the price, the pain and warfarin", ["the price, the pain and warfarin"]),
    ],
)
def test_a_statement_about_health_is_parted_from_a_question_by_any_mark_or_none(
    text: str, clauses: list[str]
) -> None:
    assert [clause.text for clause in split_clauses(text, ["warfarin"])] == clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("price, pain, results", ("price", "pain", "results")),
        ("price and side effects", ("price", "side effects")),
        ("sessions/interval", ("sessions", "interval")),
        ("price? pain?", ()),
        (
            "tell me about the price, the pain and the results",
            ("the price", "the pain", "the results"),
        ),
        ("the number of visits that I would have to plan for, and the price", ()),
    ],
)
def test_a_list_of_a_few_words_each_has_parts(text: str, parts: tuple[str, ...]) -> None:
    assert (
        split_clauses(text)[0].parts == parts
        if parts
        else not any(clause.parts for clause in split_clauses(text))
    )


@pytest.mark.parametrize(
    "text",
    [
        "does it hurt?",
        "is the roller a tool or is it a cream?",
        "nurse or doctor",
        "is it safe for grown women and for grown men of every single age?",
        "I have had fat on both of my hips and on my belly and I want to lose it",
        "yes",
        "",
        "???",
        "my name is Maria Papadopoulou and you reach me under the number 694 123 4567",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert split_clauses(text) == []


def test_the_rows_of_clauses_and_parts_are_their_places_among_the_texts() -> None:
    text = "Does it hurt? And the price, the duration?"
    clauses = split_clauses(text)
    texts = texts_of(text, clauses)
    assert texts[0] == text
    assert len(texts) > 3
    for clause in clauses:
        assert texts[clause.row] == clause.text
        assert tuple(texts[clause.row + 1 : clause.row + 1 + len(clause.parts)]) == clause.parts


def test_at_most_six_clauses_are_read() -> None:
    assert len(split_clauses("does it hurt? " * 20)) == 6


def test_signs_alone_are_no_clause() -> None:
    assert "??" not in [clause.text for clause in split_clauses("does it hurt? ?? !!")]


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
        ("my mum is 67 is that too old", True),
        ("derma roller how many times", True),
        ("if i start in february am i done by the time that the beach opens", True),
        ("asking because I would also like to know if men in general ever have it", True),
        ("my sister and I were wondering which illnesses rule it out for people", True),
        ("the cold one or yours which is better", True),
        ("it hurts", False),
        ("I know what it is I want", False),
        ("we came home and my sister said that it is what everybody has and left", False),
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
    assert [clause.text for clause in message.get(CLAUSES)] == ["does it hurt?", "is it safe?"]
    assert message.get(TEXTS) == ["does it hurt? is it safe?", "does it hurt?", "is it safe?"]
    assert CLAUSES not in message.output_properties
