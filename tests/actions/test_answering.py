"""Answers: what is told, in which context, with which source and next steps."""

import pytest

from actions.answering import ActionAnswer, ActionGiveSource
from tests.actions.chat import question, treatment

ROLLER, MESO = "derma_roller", "mesotherapy"


def metadata_of(reply):
    return [message.get("metadata") for message in reply.messages]


def payloads(message):
    return [button["payload"] for button in message.get("buttons") or []]


@pytest.mark.parametrize(
    ("intent", "treatment_after"),
    [("ask_sessions", MESO), ("ask_pain", MESO), ("ask_roller_pain", ROLLER)],
)
def test_a_question_is_answered_and_remembered(chat, intent, treatment_after):
    reply = chat().hears(ActionAnswer(), "the question", intent)
    topic = intent.removeprefix("ask_")
    assert reply.said == [topic]
    assert reply.slots == {"topic": topic, "treatment": treatment_after, "pending_offer": None}


def test_every_topic_is_answered_with_its_source_review_date_and_two_or_three_buttons(
    chat, services
):
    for topic, answer in services.answers.answers.items():
        if answer.section is None:
            continue
        reply = chat().hears(ActionAnswer(), "", f"ask_{topic}")
        (message,) = reply.messages
        assert message["response"] == f"utter_{topic}"
        assert message["metadata"] == {
            "answer": topic,
            "source": answer.source,
            "reviewed_on": answer.reviewed_on.isoformat(),
        }
        assert 2 <= len(message["buttons"]) <= 3
        assert message["answer"] == topic


def test_buttons_lead_to_questions_and_dialogues(chat):
    reply = chat().hears(ActionAnswer(), "who should not have it", "ask_contraindications")
    assert reply.button_payloads() == ["/check_eligibility", "/book_consultation", "/human_handoff"]
    reply = chat().hears(ActionAnswer(), "how many sessions", "ask_sessions")
    assert reply.button_payloads() == [
        "/ask_interval",
        "/ask_treatment_length",
        "/ask_results_when",
    ]
    assert reply.messages[0]["buttons"][0]["title"] == "How far apart?"


# Follow-ups


def test_a_thread_of_follow_ups_keeps_topic_and_treatment(chat):
    talk, action = chat(), ActionAnswer()
    assert talk.hears(action, "how many sessions?", "ask_sessions").said == ["sessions"]
    assert talk.hears(action, "and how far apart?", "ask_interval").said == ["interval"]
    roller = treatment(ROLLER, "derma roller")
    reply = talk.hears(action, "what about the derma roller?", "ask_other_treatment", roller)
    assert reply.said == ["roller_sessions"]
    assert talk.slots["treatment"] == ROLLER
    assert talk.hears(action, "does it hurt?", "ask_pain").said == ["roller_pain"]
    assert talk.hears(action, "why?", "ask_why").said == ["no_reason"]
    assert talk.hears(action, "tell me more", "ask_more").said == ["nothing_more"]
    assert talk.slots["topic"] == "roller_pain"


@pytest.mark.parametrize(
    ("topic", "intent", "said"),
    [
        ("sessions", "ask_why", "sessions_why"),
        ("sessions", "ask_more", "sessions_more"),
        ("creams", "ask_why", "creams_why"),
        ("creams", "ask_more", "creams_why"),
        ("men", "ask_more", "nothing_more"),
        ("men", "ask_why", "no_reason"),
        ("pain", "ask_why", "no_reason"),
        (None, "ask_why", "no_topic_yet"),
        (None, "ask_more", "no_topic_yet"),
        ("clinic_info", "ask_more", "nothing_more"),
    ],
)
def test_why_and_more_lean_on_the_last_topic(chat, topic, intent, said):
    talk = chat(topic=topic)
    reply = talk.hears(ActionAnswer(), "why?", intent)
    assert reply.said == [said]
    assert talk.slots["topic"] == topic


def test_the_second_part_of_an_answer_carries_the_metadata_of_its_topic(chat):
    reply = chat(topic="sessions").hears(ActionAnswer(), "why?", "ask_why")
    assert metadata_of(reply)[0]["answer"] == "sessions"


@pytest.mark.parametrize(
    ("before", "text", "intent", "named", "said"),
    [
        ("pain", "and for the roller?", "ask_other_treatment", ROLLER, "roller_pain"),
        ("pain", "and for the other one?", "ask_other_treatment", None, "roller_pain"),
        ("roller_pain", "and with injections?", "ask_other_treatment", MESO, "pain"),
        ("roller_pain", "and the other one?", "ask_other_treatment", None, "pain"),
        ("caffeine", "and for the roller?", "ask_other_treatment", ROLLER, "no_counterpart"),
        ("roller_stretch_marks", "and with meso", "ask_other_treatment", MESO, "no_counterpart"),
        (None, "and the roller?", "ask_other_treatment", ROLLER, "roller_what_is"),
        ("clinic_info", "what about the roller", "ask_other_treatment", ROLLER, "roller_what_is"),
        ("pain", "what about the roller?", "ask_roller_what_is", ROLLER, "roller_pain"),
        ("pain", "what is the roller?", "ask_roller_what_is", ROLLER, "roller_what_is"),
    ],
)
def test_the_other_treatment_is_asked_for(chat, services, before, text, intent, named, said):
    entry = services.answers.answers.get(before)
    talk = chat(topic=before, treatment=entry.treatment if entry else None)
    entities = [treatment(named, {ROLLER: "roller"}.get(named, text.split()[-1].strip("?")))]
    reply = talk.hears(ActionAnswer(), text, intent, *(entities if named else []))
    assert reply.said == [said]


@pytest.mark.parametrize(
    ("current", "intent", "named", "said"),
    [
        (ROLLER, "ask_pain", MESO, "pain"),
        (MESO, "ask_pain", ROLLER, "roller_pain"),
        (None, "ask_sessions", ROLLER, "roller_sessions"),
        (ROLLER, "ask_roller_sessions", MESO, "sessions"),
    ],
)
def test_an_explicit_mention_wins_over_the_context(chat, current, intent, named, said):
    talk = chat(topic="areas", treatment=current)
    word = "roller" if named == ROLLER else "injections"
    reply = talk.hears(ActionAnswer(), f"tell me about the {word}", intent, treatment(named, word))
    assert reply.said == [said]
    assert talk.slots["treatment"] == named


def test_a_button_means_what_it_says_whatever_the_context(chat):
    reply = chat(topic="roller_pain", treatment=ROLLER).hears(ActionAnswer(), "", "ask_sessions")
    assert reply.said == ["sessions"]


def test_naming_both_treatments_does_not_switch(chat):
    both = treatment(MESO, "meso"), treatment(ROLLER, "roller")
    text = "does meso or the roller hurt"
    assert chat().hears(ActionAnswer(), text, "ask_pain", *both).said == ["pain"]


# Several questions


def test_several_questions_are_answered_each_by_its_own_message(chat):
    questions = [
        question("ask_sessions", "how many sessions do I need"),
        question("ask_pain", "does it hurt?"),
    ]
    text = "how many sessions do I need and does it hurt?"
    talk = chat()
    reply = talk.hears(ActionAnswer(), text, "ask_sessions", questions=questions)
    assert reply.said == ["sessions", "pain"]
    assert [m["answer"] for m in metadata_of(reply)] == ["sessions", "pain"]
    assert payloads(reply.messages[0]) == []
    assert len(payloads(reply.messages[1])) == 3
    assert talk.slots["topic"] == "pain"


def test_a_treatment_in_front_of_the_questions_is_meant_by_all(chat):
    questions = [question("ask_pain", "does it hurt"), question("ask_sessions", "how many times?")]
    text = "Roller: does it hurt, how many times?"
    roller = treatment(ROLLER, "Roller")
    reply = chat().hears(ActionAnswer(), text, "ask_pain", roller, questions=questions)
    assert reply.said == ["roller_pain", "roller_sessions"]


def test_each_question_is_read_with_the_treatment_that_it_names(chat):
    questions = [
        question("ask_sessions", "how many meso sessions"),
        question("ask_pain", "does the roller hurt?"),
    ]
    both = treatment(MESO, "meso"), treatment(ROLLER, "roller")
    text = "how many meso sessions and does the roller hurt?"
    reply = chat().hears(ActionAnswer(), text, "ask_sessions", *both, questions=questions)
    assert reply.said == ["sessions", "roller_pain"]


def test_the_context_runs_on_from_one_question_to_the_next(chat):
    questions = [question("ask_sessions", "How many sessions?"), question("ask_why", "Why?")]
    reply = chat().hears(
        ActionAnswer(), "How many sessions? Why?", "ask_sessions", questions=questions
    )
    assert reply.said == ["sessions", "sessions_why"]


def test_what_two_questions_share_is_told_once(chat):
    questions = [
        question("ask_sessions", "how many sessions"),
        question("ask_interval", "and how far apart"),
        question("clinic_info", "when are you open"),
        question("clinic_info", "where are you"),
        question("not_covered", "what does it cost", "price"),
        question("not_covered", "is it expensive", "price"),
    ]
    talk = chat(topic="roller_pain", treatment=ROLLER)
    reply = talk.hears(ActionAnswer(), "many", "ask_sessions", questions=questions)
    assert reply.said == ["roller_sessions", "clinic_info", "not_covered/price"]


def test_a_single_answer_to_two_questions_has_its_next_steps(chat):
    roller = treatment(ROLLER, "roller")
    questions = [
        question("ask_roller_sessions", "how many roller sessions"),
        question("ask_interval", "how far apart?"),
    ]
    text = "how many roller sessions and how far apart?"
    reply = chat().hears(ActionAnswer(), text, "ask_roller_sessions", roller, questions=questions)
    assert reply.said == ["roller_sessions"]
    assert 2 <= len(reply.button_payloads()) <= 3


# What the article does not say


def test_a_theme_that_is_not_covered_is_named_with_the_offer_of_the_consultation(chat):
    talk = chat(topic="sessions", treatment=MESO)
    reply = talk.hears(ActionAnswer(), "how much does it cost?", "not_covered/price")
    assert reply.said == ["not_covered/price"]
    assert reply.messages[0]["metadata"]["answer"] == "not_covered"
    assert reply.messages[0]["metadata"]["theme"] == "price"
    assert reply.button_payloads() == ["/ask_sessions", "/book_consultation", "/human_handoff"]
    assert talk.slots["pending_offer"] == "booking"
    assert (talk.slots["topic"], talk.slots["treatment"]) == ("not_covered/price", MESO)


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("why?", "ask_why", "no_reason"),
        ("tell me more", "ask_more", "nothing_more"),
        ("and for the roller?", "ask_other_treatment", "not_covered/price"),
    ],
)
def test_a_follow_up_on_what_is_not_covered_invents_nothing(chat, text, intent, said):
    talk = chat(topic="sessions", treatment=MESO)
    talk.hears(ActionAnswer(), "how much does it cost?", "not_covered/price")
    named = [treatment(ROLLER, "roller")] if "roller" in text else []
    assert talk.hears(ActionAnswer(), text, intent, *named).said == [said]


def test_every_theme_has_its_own_reply(chat, services):
    for theme in services.answers.themes:
        reply = chat().hears(ActionAnswer(), "question", f"not_covered/{theme}")
        assert reply.said == [f"not_covered/{theme}"]
        assert len(reply.button_payloads()) <= 3
        assert "/book_consultation" in reply.button_payloads()


def test_without_a_theme_the_general_reply_is_given(chat):
    assert chat().hears(ActionAnswer(), "what?", "not_covered").said == ["not_covered/general"]


def test_a_reply_on_what_is_not_covered_names_source_and_review_date(chat, services):
    reply = chat().hears(ActionAnswer(), "how much does it cost?", "not_covered/price")
    answer = services.answers.answers["not_covered"]
    assert reply.messages[0]["metadata"]["source"] == answer.source
    assert reply.messages[0]["metadata"]["reviewed_on"] == answer.reviewed_on.isoformat()


def test_the_clinics_own_facts_are_told(chat):
    talk = chat(topic="pain", treatment=ROLLER)
    reply = talk.hears(ActionAnswer(), "where are you?", "clinic_info")
    assert reply.said == ["clinic_info"]
    assert reply.messages[0]["metadata"]["answer"] == "clinic_info"
    assert "/ask_what_is" in reply.button_payloads()
    assert talk.slots["topic"] == "clinic_info"
    assert talk.slots["treatment"] == ROLLER


# Inside a form, and with a condition


@pytest.mark.parametrize("intent", ["ask_pain", "not_covered/price", "clinic_info"])
def test_inside_a_form_an_answer_has_no_buttons_and_offers_nothing(chat, intent):
    talk = chat(form="check_form", asked="check_heart")
    reply = talk.hears(ActionAnswer(), "a question", intent)
    assert reply.button_payloads() == []
    assert reply.slots["pending_offer"] is None
    assert not reply.leaves_form


def test_an_own_condition_beside_a_question_is_answered_first_and_kept(chat):
    talk = chat()
    pregnant = talk.condition("pregnancy", "pregnant")
    reply = talk.hears(ActionAnswer(), "I'm pregnant, does it hurt?", "ask_pain", pregnant)
    assert reply.said == ["outcome_not_recommended_noted", "pain"]
    assert reply.messages[0]["findings"] == "pregnancy"
    assert talk.slots["reported_conditions"] == [
        {"id": "pregnancy", "status": "present", "kind": "contraindication"}
    ]


@pytest.mark.parametrize("status", ["denied", "not_own"])
def test_a_condition_that_is_not_the_patients_is_not_kept(chat, status):
    talk = chat()
    pregnant = talk.condition("pregnancy", "pregnant", status)
    reply = talk.hears(ActionAnswer(), "not pregnant, does it hurt?", "ask_pain", pregnant)
    assert reply.said == ["pain"]
    assert "reported_conditions" not in reply.slots


# Where it is from


def test_the_source_of_the_last_answer_is_named(chat, services):
    reply = chat(topic="sessions").hears(ActionGiveSource(), "where is this from?", "source")
    assert reply.said == ["source"]
    (message,) = reply.messages
    assert message["article"] == services.answers.article.title
    assert message["author"] == services.answers.article.author
    assert "Sessions and interval" in message["section"]
    assert message["reviewed_on"] == f"{services.answers.answers['sessions'].reviewed_on:%-d %B %Y}"


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (None, "source_general"),
        ("not_covered/price", "source_general"),
        ("clinic_info", "source_clinic"),
    ],
)
def test_without_an_answer_of_the_article_the_source_is_told_in_general(chat, topic, said):
    reply = chat(topic=topic).hears(ActionGiveSource(), "where is this from?", "source")
    assert reply.said == [said]
    assert reply.slots["pending_offer"] is None


def test_the_source_is_that_of_what_is_asked_beside_it(chat):
    asked = [{"intent": "ask_pain", "theme": None, "text": "does it hurt"}]
    text = "does it hurt, and where is this from?"
    reply = chat(topic="clinic_info").hears(ActionGiveSource(), text, "source", questions=asked)
    assert reply.said == ["pain", "source"]
    assert reply.slots["topic"] == "pain"
