"""What a question means, given what was spoken of before."""

from __future__ import annotations

import pytest

from clinic.content.answers import Answers, load_answers
from clinic.context import Context, Meaning, meaning_of
from clinic.settings import PROJECT_ROOT

MESO, ROLLER = "mesotherapy", "derma_roller"


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(PROJECT_ROOT / "data/content")


def meaning(
    answers: Answers,
    intent: str,
    text: str = "words",
    mentioned: tuple[str, ...] = (),
    topic: str | None = None,
    treatment: str | None = None,
) -> Meaning:
    return meaning_of(intent, text, list(mentioned), Context(topic, treatment), answers)


def test_without_a_context_a_question_means_its_topic(answers: Answers) -> None:
    for topic in answers.answers:
        assert meaning(answers, f"ask_{topic}") == Meaning(topic)


@pytest.mark.parametrize("treatment", [MESO, ROLLER, None])
def test_a_button_means_its_topic_in_every_context(answers: Answers, treatment: str) -> None:
    for topic in answers.answers:
        assert meaning(answers, f"ask_{topic}", "", treatment=treatment) == Meaning(topic)


def test_a_bare_question_after_a_word_about_the_roller_is_about_the_roller(
    answers: Answers,
) -> None:
    for topic, answer in answers.answers.items():
        if answer.treatment == MESO:
            found = meaning(answers, f"ask_{topic}", treatment=ROLLER)
            assert found == Meaning(answer.counterpart or topic)


@pytest.mark.parametrize(
    ("topic", "mentioned", "meant"),
    [
        ("pain", (ROLLER,), "roller_pain"),
        ("roller_pain", (MESO,), "pain"),
        ("pain", (MESO,), "pain"),
        ("pain", (MESO, ROLLER), "pain"),
        ("pain", (ROLLER, ROLLER), "roller_pain"),
        ("caffeine", (ROLLER,), "caffeine"),
        ("clinic_info", (ROLLER,), "clinic_info"),
    ],
)
@pytest.mark.parametrize("before", [MESO, ROLLER, None])
def test_an_explicit_mention_always_wins(
    answers: Answers, topic: str, mentioned: tuple[str, ...], meant: str, before: str | None
) -> None:
    found = meaning(answers, f"ask_{topic}", mentioned=mentioned, treatment=before)
    assert found.topic == meant


@pytest.mark.parametrize(("intent", "part"), [("ask_why", "why"), ("ask_more", "more")])
@pytest.mark.parametrize("topic", ["pain", "roller_pain", "clinic_info", None])
def test_why_and_more_ask_for_a_part_of_the_last_topic(
    answers: Answers, intent: str, part: str, topic: str | None
) -> None:
    assert meaning(answers, intent, "why?", topic=topic) == Meaning(topic, part)


@pytest.mark.parametrize(
    ("before", "treatment", "mentioned", "meant"),
    [
        ("pain", MESO, (ROLLER,), Meaning("roller_pain")),
        ("pain", MESO, (), Meaning("roller_pain")),
        ("roller_pain", ROLLER, (), Meaning("pain")),
        ("roller_pain", ROLLER, (ROLLER,), Meaning("roller_pain")),
        ("caffeine", MESO, (ROLLER,), Meaning("caffeine", missing_counterpart=True)),
        (None, None, (), Meaning("roller_what_is")),
        (None, None, (ROLLER,), Meaning("roller_what_is")),
        (None, None, (MESO,), Meaning("what_is")),
        (None, ROLLER, (), Meaning("what_is")),
        ("clinic_info", None, (ROLLER,), Meaning("roller_what_is")),
        ("clinic_info", ROLLER, (), Meaning("what_is")),
    ],
)
def test_the_other_treatment_is_the_same_topic_there(
    answers: Answers,
    before: str | None,
    treatment: str | None,
    mentioned: tuple[str, ...],
    meant: Meaning,
) -> None:
    text = "and the other one?"
    found = meaning(answers, "ask_other_treatment", text, mentioned, before, treatment)
    assert found == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("and the roller?", "roller_pain"),
        ("what about the roller", "roller_pain"),
        ("how about the derma roller?", "roller_pain"),
        ("same for the roller", "roller_pain"),
        ("what is the derma roller?", "roller_what_is"),
        ("tell me about the roller", "roller_what_is"),
        ("and what exactly is this roller that you spoke of", "roller_what_is"),
    ],
)
def test_a_bare_name_after_a_topic_asks_for_that_topic(
    answers: Answers, text: str, meant: str
) -> None:
    found = meaning(answers, "ask_roller_what_is", text, (ROLLER,), "pain", MESO)
    assert found.topic == meant


def test_a_bare_name_without_a_topic_asks_what_it_is(answers: Answers) -> None:
    found = meaning(answers, "ask_roller_what_is", "and the roller?", (ROLLER,))
    assert found.topic == "roller_what_is"


def test_every_meaning_is_an_answer_that_exists(answers: Answers) -> None:
    for topic in answers.answers:
        for before in answers.answers:
            for treatment in (MESO, ROLLER):
                found = meaning(answers, f"ask_{topic}", "and it?", (treatment,), before, MESO)
                assert found.topic in answers.answers
