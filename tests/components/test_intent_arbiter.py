"""What is found in a message decides over what it resembles."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.adjudication import NOTHING
from components.intent_arbiter import IntentArbiter
from components.red_flags import RED_FLAG_KINDS
from components.statements import HEALTH_STATED, OWN, UNCLEAR
from components.text import CLEANED, LANGUAGE
from components.topic_classifier import QUESTIONS, WISH


@pytest.fixture(scope="module")
def arbiter() -> IntentArbiter:
    config = {**IntentArbiter.get_default_config(), "threshold": 0.3}
    return IntentArbiter.create(config, None, None, None)


def settled(
    arbiter: IntentArbiter,
    intent: str,
    confidence: float = 0.9,
    text: str = "some words",
    **found: Any,
) -> Message:
    read = {"name": intent, "confidence": confidence}
    message = Message({TEXT: text, INTENT: read, INTENT_RANKING_KEY: [read]})
    message.set(CLEANED, text)
    message.set(LANGUAGE, found.pop("language", "latin"))
    for name, value in found.items():
        message.set(name, value)
    arbiter.process([message])
    return message


def condition(status: str = "not_own") -> dict[str, Any]:
    return {"entity": "condition", "value": "pregnancy", "status": status}


def question(intent: str, confidence: float = 0.9, theme: str | None = None) -> dict[str, Any]:
    return {"intent": intent, "theme": theme, "confidence": confidence, "text": "words"}


@pytest.mark.parametrize(
    ("twin", "treatment", "intent"),
    [
        (0.4, None, "ask_areas"),
        (0.1, None, "ask_roller_areas"),
        (0.4, "mesotherapy", "ask_areas"),
        (0.4, "derma_roller", "ask_roller_areas"),
    ],
)
def test_the_roller_is_meant_where_it_is_named_or_nothing_else_can_be(
    arbiter: IntentArbiter, twin: float, treatment: str | None, intent: str
) -> None:
    ranking = [
        {"name": "ask_roller_areas", "confidence": 0.6},
        {"name": "ask_areas", "confidence": twin},
    ]
    message = Message({TEXT: "a roll", INTENT: ranking[0], INTENT_RANKING_KEY: ranking})
    message.set(CLEANED, "a roll")
    message.set(LANGUAGE, "latin")
    if treatment:
        message.set(ENTITIES, [{"entity": "treatment", "value": treatment}])
    arbiter.process([message])
    assert message.get(INTENT)["name"] == intent


@pytest.mark.parametrize(
    ("kinds", "intent"),
    [
        (["emergency"], "urgent_symptoms"),
        (["self_harm"], "self_harm"),
        (["emergency", "self_harm"], "self_harm"),
    ],
)
@pytest.mark.parametrize("resembles", ["ask_pain", "stop", "delete_data", "book_consultation"])
def test_a_red_flag_comes_before_everything(
    arbiter: IntentArbiter, kinds: list[str], intent: str, resembles: str
) -> None:
    several = [question("ask_pain"), question("ask_sessions")]
    found = {RED_FLAG_KINDS: kinds, HEALTH_STATED: OWN, QUESTIONS: several}
    message = settled(arbiter, resembles, 0.99, language="greek", **found)
    assert message.get(INTENT) == {"name": intent, "confidence": 1.0}


@pytest.mark.parametrize("script", ["greek", "other"])
def test_another_script_is_another_language(arbiter: IntentArbiter, script: str) -> None:
    assert settled(arbiter, "ask_pain", language=script).get(INTENT)["name"] == "other_language"


@pytest.mark.parametrize(
    ("resembles", "outranked"),
    [
        ("ask_pain", True),
        ("check_eligibility", True),
        ("greet", True),
        ("affirm", True),
        ("deny", True),
        ("not_covered", True),
        ("out_of_scope", True),
        ("stop", False),
        ("delete_data", False),
        ("human_handoff", False),
        ("book_consultation", False),
        ("cancel_request", False),
    ],
)
def test_an_own_condition_outranks_questions_and_small_talk_but_no_request(
    arbiter: IntentArbiter, resembles: str, outranked: bool
) -> None:
    intent = settled(arbiter, resembles, **{HEALTH_STATED: OWN}).get(INTENT)["name"]
    assert intent == ("report_condition" if outranked else resembles)


def test_what_a_patient_has_stopped_taking_is_no_wish_to_stop(arbiter: IntentArbiter) -> None:
    text = "no wait, I stopped it in June"
    stated = settled(arbiter, "stop", 0.64, text, **{HEALTH_STATED: OWN})
    assert stated.get(INTENT)["name"] == "report_condition"
    assert settled(arbiter, "stop", 0.64, text).get(INTENT)["name"] == "stop"


@pytest.mark.parametrize("resembles", ["other_language", "greet"])
def test_an_own_condition_is_heard_in_another_language_too(
    arbiter: IntentArbiter, resembles: str
) -> None:
    stated = settled(arbiter, resembles, text="ich bin schwanger", **{HEALTH_STATED: OWN})
    assert stated.get(INTENT)["name"] == "report_condition"


@pytest.mark.parametrize("stated", [NOTHING, UNCLEAR])
def test_a_condition_that_is_not_the_patients_changes_nothing(
    arbiter: IntentArbiter, stated: str
) -> None:
    found = {ENTITIES: [condition()], HEALTH_STATED: stated}
    assert settled(arbiter, "ask_pain", **found).get(INTENT)["name"] == "ask_pain"


@pytest.mark.parametrize(
    ("confidence", "intent"), [(0.3, "ask_pain"), (0.29, "nlu_fallback"), (0.9, "ask_pain")]
)
def test_below_the_threshold_a_message_is_not_understood(
    arbiter: IntentArbiter, confidence: float, intent: str
) -> None:
    message = settled(arbiter, "ask_pain", confidence)
    assert message.get(INTENT)["name"] == intent


def test_what_was_likely_stays_in_the_ranking_for_suggestions(arbiter: IntentArbiter) -> None:
    ranking = settled(arbiter, "ask_pain", 0.2).get(INTENT_RANKING_KEY)
    assert [entry["name"] for entry in ranking] == ["nlu_fallback", "ask_pain"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("👍", "affirm"),
        ("👎", "deny"),
        ("🤷", "not_sure"),
        ("🙏", "thanks"),
        ("😡😡", "feedback_negative"),
        (":)", "feedback_positive"),
        ("👋 😀", "greet"),
        ("?", "nlu_fallback"),
        ("...", "nlu_fallback"),
        ("", "nlu_fallback"),
        ("🍕", "nlu_fallback"),
    ],
)
def test_a_message_without_letters_is_what_its_first_sign_means(
    arbiter: IntentArbiter, text: str, intent: str
) -> None:
    message = settled(arbiter, "ask_pain", text=text, language="none")
    assert message.get(INTENT)["name"] == intent


def test_a_bare_number_is_left_to_the_forms(arbiter: IntentArbiter) -> None:
    message = settled(arbiter, "book_consultation", text="694 123 4567", language="none")
    assert message.get(INTENT)["name"] == "nlu_fallback"


@pytest.mark.parametrize(
    ("text", "intent"),
    [("nope", "deny"), ("yep", "affirm"), ("no idea", "not_sure"), ("bananas", "nlu_fallback")],
)
def test_a_plain_reply_below_the_threshold_is_still_a_reply(
    arbiter: IntentArbiter, text: str, intent: str
) -> None:
    assert settled(arbiter, "ask_pain", 0.1, text).get(INTENT)["name"] == intent


# Several questions


def test_several_questions_take_the_intent_of_the_first(arbiter: IntentArbiter) -> None:
    asked = [question("ask_sessions"), question("ask_pain", 0.8)]
    message = settled(arbiter, "ask_interval", 0.1, **{QUESTIONS: asked})
    assert message.get(INTENT) == {"name": "ask_sessions", "confidence": 0.9}
    assert message.get(QUESTIONS) == asked


@pytest.mark.parametrize("asked", [["ask_pain"], ["ask_pain", "ask_sessions"]])
def test_a_wish_comes_before_the_questions_beside_it(
    arbiter: IntentArbiter, asked: list[str]
) -> None:
    questions = [question(intent) for intent in asked]
    message = settled(arbiter, "book_consultation", 0.5, **{QUESTIONS: questions})
    assert message.get(INTENT)["name"] == "book_consultation"
    assert message.get(QUESTIONS) == questions


def test_an_unsure_wish_gives_way_to_the_questions(arbiter: IntentArbiter) -> None:
    asked = [question("ask_pain"), question("ask_sessions")]
    message = settled(arbiter, "book_consultation", 0.1, **{QUESTIONS: asked})
    assert message.get(INTENT)["name"] == "ask_pain"


def test_the_theme_of_a_first_question_is_kept(arbiter: IntentArbiter) -> None:
    asked = [question("not_covered", theme="price"), question("ask_pain")]
    message = settled(arbiter, "ask_interval", **{QUESTIONS: asked})
    assert message.get(INTENT)["full_retrieval_intent_name"] == "not_covered/price"


def test_a_clear_question_in_a_story_like_none_known_is_understood(
    arbiter: IntentArbiter,
) -> None:
    message = settled(arbiter, "ask_creams", 0.1, **{QUESTIONS: [question("ask_pain", 0.8)]})
    assert message.get(INTENT) == {"name": "ask_pain", "confidence": 0.8}


@pytest.mark.parametrize(("sure", "intent"), [(0.95, "ask_pain"), (0.85, "out_of_scope")])
def test_only_a_sure_question_counts_in_a_story_that_is_foreign(
    arbiter: IntentArbiter, sure: float, intent: str
) -> None:
    message = settled(arbiter, "out_of_scope", **{QUESTIONS: [question("ask_pain", sure)]})
    assert message.get(INTENT)["name"] == intent


def test_one_clause_does_not_outrank_the_whole_message(arbiter: IntentArbiter) -> None:
    message = settled(arbiter, "ask_creams", 0.6, **{QUESTIONS: [question("ask_pain", 0.8)]})
    assert message.get(INTENT)["name"] == "ask_creams"


@pytest.mark.parametrize(
    ("resembles", "confidence", "kept"),
    [
        ("ask_pain", 0.9, ["ask_pain"]),
        ("ask_pain", 0.2, []),
        ("report_condition", 0.9, []),
        ("greet", 0.9, []),
    ],
)
def test_what_is_asked_beside_a_condition_stays_a_question(
    arbiter: IntentArbiter, resembles: str, confidence: float, kept: list[str]
) -> None:
    message = settled(arbiter, resembles, confidence, **{HEALTH_STATED: OWN})
    assert message.get(INTENT)["name"] == "report_condition"
    assert [q["intent"] for q in message.get(QUESTIONS) or []] == kept


def test_beside_a_red_flag_no_question_is_kept(arbiter: IntentArbiter) -> None:
    message = settled(arbiter, "ask_pain", **{RED_FLAG_KINDS: ["emergency"]})
    assert not message.get(QUESTIONS)


def test_a_condition_beside_several_questions_is_answered_first(arbiter: IntentArbiter) -> None:
    asked = [question("ask_sessions"), question("ask_pain")]
    found = {HEALTH_STATED: OWN, QUESTIONS: asked}
    message = settled(arbiter, "ask_sessions", **found)
    assert message.get(INTENT)["name"] == "report_condition"
    assert message.get(QUESTIONS) == asked


def test_a_wish_in_a_clause_of_its_own_comes_before_the_questions(arbiter: IntentArbiter) -> None:
    wish = question("book_consultation", 0.9)
    message = settled(arbiter, "ask_pain", **{QUESTIONS: [question("ask_pain")], WISH: wish})
    assert message.get(INTENT)["name"] == "book_consultation"


# Talk of health that states nothing


def settled_ranking(
    arbiter: IntentArbiter, ranking: list[dict[str, Any]], stated: str, *entities: dict[str, Any]
) -> Message:
    message = Message({TEXT: "some words", INTENT: ranking[0], INTENT_RANKING_KEY: ranking})
    message.set(CLEANED, "some words")
    message.set(LANGUAGE, "latin")
    message.set(ENTITIES, list(entities))
    message.set(HEALTH_STATED, stated)
    arbiter.process([message])
    return message


def other(intent: str, confidence: float) -> dict[str, Any]:
    return {"name": intent, "confidence": confidence}


REPORT = {"name": "report_condition", "confidence": 0.8}
OF_NOBODY = {**REPORT, "full_retrieval_intent_name": "report_condition/nobody"}


@pytest.mark.parametrize(
    ("first", "stated"), [(REPORT, NOTHING), (OF_NOBODY, NOTHING), (OF_NOBODY, UNCLEAR)]
)
@pytest.mark.parametrize(
    ("beside", "of_others", "intent"),
    [
        (other("ask_pain", 0.15), False, "ask_pain"),
        (other("ask_pain", 0.15), True, "ask_pain"),
        (other("greet", 0.15), False, "greet"),
        (other("greet", 0.15), True, "report_condition"),
        (other("ask_pain", 0.05), True, "report_condition"),
    ],
)
def test_talk_of_other_peoples_health_is_what_else_is_in_it(
    arbiter: IntentArbiter,
    first: dict[str, Any],
    stated: str,
    beside: dict[str, Any],
    of_others: bool,
    intent: str,
) -> None:
    entities = [condition()] if of_others else []
    message = settled_ranking(arbiter, [first, beside], stated, *entities)
    assert message.get(INTENT)["name"] == intent


def test_where_it_is_not_clear_whose_health_it_is_a_report_stays_one(
    arbiter: IntentArbiter,
) -> None:
    message = settled_ranking(arbiter, [REPORT, other("ask_pain", 0.15)], UNCLEAR)
    assert message.get(INTENT)["name"] == "report_condition"


@pytest.mark.parametrize("intent", ["urgent_symptoms", "self_harm"])
def test_an_emergency_that_was_settled_to_be_none_is_what_else_is_in_it(
    arbiter: IntentArbiter, intent: str
) -> None:
    second = ({"urgent_symptoms", "self_harm"} - {intent}).pop()
    for ranking in (
        [other(intent, 0.6), other("ask_side_effects", 0.3)],
        [other(intent, 0.6), other(second, 0.3), other("ask_side_effects", 0.1)],
        [REPORT, other(intent, 0.15), other("ask_side_effects", 0.05)],
    ):
        message = settled_ranking(arbiter, ranking, NOTHING)
        assert message.get(INTENT)["name"] == "ask_side_effects"
    message = settled_ranking(arbiter, [other(intent, 0.6)], UNCLEAR)
    assert message.get(INTENT)["name"] == intent


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("58kg 165cm", False),
        ("no, I'm 1.70 m and weigh 90 kilos", False),
        ("5'4 and 200 lbs", False),
        ("90 kilos, too heavy?", True),
        ("how much for 165 cm", True),
    ],
)
def test_figures_of_the_body_ask_nothing(arbiter: IntentArbiter, text: str, asks: bool) -> None:
    asked = {**question("not_covered", theme="weight_loss"), "text": text}
    found = {HEALTH_STATED: OWN, QUESTIONS: [asked]}
    message = settled(arbiter, "not_covered", text=text, **found)
    assert message.get(INTENT)["name"] == "report_condition"
    assert bool(message.get(QUESTIONS)) is asks
