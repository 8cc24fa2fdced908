"""One question or several: what the clauses and the whole message say together."""

from __future__ import annotations

import numpy as np
import pytest

from components.clauses import split_clauses, texts_of
from components.questions import Question, Reading, find_questions

LABELS = ["ask_pain", "ask_price", "ask_roller_pain", "ask_sessions", "ask_why", "greet"]
TWINS = [(LABELS.index("ask_pain"), LABELS.index("ask_roller_pain"))]


def sure(label: str, confidence: float = 0.94) -> np.ndarray:
    rest = (1 - confidence) / (len(LABELS) - 1)
    return np.array([confidence if name == label else rest for name in LABELS])


def asked(
    text: str, whole: np.ndarray, names: tuple[str, ...] = (), **of_texts: np.ndarray
) -> list[Question]:
    """Reads a text; `of_texts` says by a word in it what a clause or part resembles."""
    clauses = split_clauses(text)
    rows = [whole]
    for words in texts_of(text, clauses)[1:]:
        rows.append(next((p for word, p in of_texts.items() if word in words), sure("greet")))
    return find_questions(
        clauses,
        text,
        np.stack(rows),
        LABELS,
        lambda label: label != "greet",
        Reading(),
        TWINS,
        ("ask_why",),
        names,
        {"ask_roller_pain": ["ask_sessions"]},
    )


def labels(questions: list[Question]) -> list[str]:
    return [question.label for question in questions]


def test_two_questions_are_two_although_the_whole_resembles_one() -> None:
    found = asked(
        "does it hurt and how many visits?",
        sure("ask_pain", 0.9),
        hurt=sure("ask_pain", 0.98),
        visits=sure("ask_sessions", 0.98),
    )
    assert labels(found) == ["ask_pain", "ask_sessions"]
    assert [question.text for question in found] == ["does it hurt", "how many visits?"]


def test_things_named_together_are_one_question_where_the_whole_says_another() -> None:
    parts = {"meso": sure("ask_pain", 0.98), "roller": sure("ask_price", 0.98)}
    for whole, found in (("ask_sessions", []), ("ask_pain", ["ask_pain", "ask_price"])):
        read = {"meso + roller": sure(whole, 0.98), **parts}
        assert labels(asked("meso + roller", sure(whole, 0.98), **read)) == found


def test_of_things_that_are_only_named_the_quiet_ones_count_too() -> None:
    found = asked(
        "price and visits",
        sure("ask_price", 0.999),
        **{"price and": sure("ask_price", 0.999), "price": sure("ask_price", 0.999)},
        visits=sure("ask_sessions", 0.88),
    )
    assert labels(found) == ["ask_price", "ask_sessions"]


def test_an_unsure_clause_is_no_question() -> None:
    found = asked(
        "does it hurt and how many visits?",
        sure("ask_pain"),
        hurt=sure("ask_pain"),
        visits=sure("ask_sessions", 0.5),
    )
    assert labels(found) == ["ask_pain"]


def test_small_talk_is_no_question() -> None:
    found = asked("How are you? Does it hurt?", sure("ask_pain"), hurt=sure("ask_pain"))
    assert labels(found) == ["ask_pain"]


def test_the_same_question_twice_is_one_and_the_surer_words_stay() -> None:
    found = asked(
        "does it hurt? is it painful?",
        sure("ask_pain"),
        hurt=sure("ask_pain", 0.8),
        painful=sure("ask_pain", 0.99),
    )
    assert [question.text for question in found] == ["is it painful?"]


def test_a_list_of_things_is_several_questions() -> None:
    found = asked(
        "price, pain, visits",
        sure("ask_price", 0.4),
        price=sure("ask_price"),
        pain=sure("ask_pain"),
        visits=sure("ask_sessions"),
    )
    assert labels(found) == ["ask_price", "ask_pain", "ask_sessions"]


def test_a_list_inside_one_sure_question_is_not_torn() -> None:
    found = asked(
        "is it for hips, belly and price?",
        sure("ask_pain"),
        is_=sure("ask_pain"),
        **{
            "is it": sure("ask_pain", 0.95),
            "belly": sure("ask_sessions"),
            "hips": sure("ask_price"),
        },
    )
    assert labels(found) == ["ask_pain"]


def test_a_list_with_no_more_of_a_question_than_its_mark_is_several() -> None:
    found = asked(
        "visits how many, price?",
        sure("ask_price", 0.99),
        **{"many, price": sure("ask_price", 0.99), "many": sure("ask_sessions")},
        price=sure("ask_price"),
    )
    assert labels(found) == ["ask_sessions", "ask_price"]


def test_the_name_of_a_treatment_is_no_question_beside_a_thing() -> None:
    read = {"pain and": sure("ask_pain", 0.97), "pain": sure("ask_pain"), "meso": sure("ask_price")}
    assert labels(asked("pain and meso?", sure("ask_pain", 0.97), ("meso",), **read)) == [
        "ask_pain"
    ]
    assert len(asked("pain and meso?", sure("ask_pain", 0.97), **read)) == 2


@pytest.mark.parametrize(("last", "found"), [("ask_price", 3), ("greet", 1)])
def test_a_list_beside_a_question_counts_where_all_of_it_asks(last: str, found: int) -> None:
    read = {"visits, the": sure("greet", 0.5), "visits": sure("ask_sessions"), "bill": sure(last)}
    questions = asked(
        "visits, the bill, does it hurt", sure("ask_pain"), **read, hurt=sure("ask_pain", 0.98)
    )
    assert len(questions) == found


@pytest.mark.parametrize(("confidence", "kept"), [(0.75, []), (0.9995, ["ask_price"])])
def test_in_a_story_a_clause_must_be_surer(confidence: float, kept: list[str]) -> None:
    story = (
        "I have been thinking about this for years since my second child was born and my sister "
        "keeps telling me about her own experience. Is it dear?"
    )
    found = asked(story, sure("ask_pain", 0.5), dear=sure("ask_price", confidence))
    assert labels(found) == kept


def test_a_short_message_with_two_questions_is_no_story() -> None:
    read = {"visits": sure("ask_sessions", 0.99), "dear": sure("ask_price", 0.99)}
    for words, kept in ((10, ["ask_sessions", "ask_price"]), (40, ["ask_sessions"])):
        text = f"{'blah ' * words}. How many visits? Is it dear?"
        assert labels(asked(text, sure("ask_sessions", 0.95), **read)) == kept


@pytest.mark.parametrize(("confidence", "words", "is_asked"), [(1, 2, 1), (0.95, 2, 0), (1, 30, 0)])
def test_what_is_told_beside_a_question_asks_if_it_is_sure_enough(
    confidence: float, words: int, is_asked: bool
) -> None:
    read = {"hurt": sure("ask_pain", 0.99), "tariff": sure("ask_price", confidence)}
    text = f"Does it hurt? The tariff would be handy. {'blah ' * words}"
    found = ["ask_pain", "ask_price"] if is_asked else ["ask_pain"]
    assert labels(asked(text, sure("ask_pain"), **read)) == found


def test_the_whole_tells_what_a_clause_asks_beside_the_only_sure_one() -> None:
    text = "does it hurt? and how often is that done"
    read = {"hurt": sure("ask_pain", 0.99), "often": sure("greet", 0.5)}
    for whole, found in (
        (sure("ask_sessions", 0.85), ["ask_pain", "ask_sessions"]),
        (sure("ask_sessions", 0.7), ["ask_pain"]),
        (sure("ask_roller_pain", 0.85), ["ask_pain"]),
        (sure("greet", 0.85), ["ask_pain"]),
    ):
        assert labels(asked(text, whole, **read)) == found


def test_statements_in_a_story_are_no_questions() -> None:
    story = "Two kids, no time. Price, pain, I know all that already from a friend. Does it hurt?"
    found = asked(
        story,
        sure("ask_pain"),
        Price=sure("ask_price", 0.98),
        kids=sure("ask_sessions", 0.98),
        hurt=sure("ask_pain", 0.99),
    )
    assert labels(found) == ["ask_pain"]


def test_a_whole_that_is_about_something_else_takes_nothing_from_a_clause() -> None:
    text = "I am on warfarin btw, how many visits"
    of_sessions = sure("ask_sessions")
    assert asked(text, sure("ask_pain", 0.99), visits=of_sessions) == []
    found = asked(text, np.zeros(len(LABELS)), visits=of_sessions)
    assert found == [Question("ask_sessions", pytest.approx(0.94), "how many visits")]


def test_a_clause_that_is_sure_by_itself_counts_whatever_the_whole_resembles() -> None:
    text = "how many visits, and are bruises dear?"
    for confidence, found in ((0.96, ["ask_sessions", "ask_price"]), (0.9, ["ask_sessions"])):
        read = {"visits": sure("ask_sessions", 0.99), "bruises": sure("ask_price", confidence)}
        assert labels(asked(text, sure("ask_sessions", 0.999), **read)) == found


def test_a_half_that_does_not_name_the_treatment_may_ask_about_either() -> None:
    text = "how many visits with the roller, and does it hurt?"
    whole = sure("ask_roller_pain", 0.999)
    read = {"visits": sure("ask_sessions", 0.99), "hurt": sure("ask_pain", 0.9)}
    assert labels(asked(text, whole, **read)) == ["ask_sessions", "ask_pain"]


def test_what_leans_on_another_question_is_dropped_beside_it() -> None:
    read = {"hurt": sure("ask_pain", 0.99), "why": sure("ask_why", 0.99)}
    assert labels(asked("does it hurt? why is that?", sure("ask_pain"), **read)) == ["ask_pain"]
    alone = asked("well. why is that?", sure("ask_why"), why=sure("ask_why", 0.99))
    assert labels(alone) == ["ask_why"]


def test_what_an_earlier_answer_covers_is_dropped_where_it_names_no_treatment() -> None:
    read = {"numbing": sure("ask_roller_pain", 0.99), "how": sure("ask_sessions", 0.99)}
    whole = sure("ask_roller_pain", 0.9)
    for text, found in (
        ("why the numbing? and how is it done?", ["ask_roller_pain"]),
        ("why the numbing? and how is Meso done?", ["ask_roller_pain", "ask_sessions"]),
        ("how is it done? and why the numbing?", ["ask_sessions", "ask_roller_pain"]),
    ):
        assert labels(asked(text, whole, ("meso",), **read)) == found
