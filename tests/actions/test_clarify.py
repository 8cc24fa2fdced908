"""What was not understood, small talk, a refused offer, praise and complaints."""

import pytest

from actions.clarify import (
    ActionClarify,
    ActionDeclineOffer,
    ActionRecordFeedback,
    ActionReply,
)
from clinic.preferred_time import PreferredTime
from clinic.storage import consultation_requests
from clinic.storage.consultation_requests import RequestDetails
from clinic.storage.models import Feedback, Handoff


def ranking(*intents, confidence=0.2):
    return [{"name": intent, "confidence": confidence} for intent in intents]


# Not understood


def test_the_first_miss_offers_the_likeliest_topics(chat):
    likely = ranking("nlu_fallback", "ask_pain", "ask_sessions", "book_consultation", "ask_creams")
    reply = chat().hears(ActionClarify(), "hrts?", "nlu_fallback", intent_ranking=likely)
    assert reply.said == ["not_understood"]
    assert reply.button_payloads() == ["/ask_pain", "/ask_sessions", "/book_consultation"]


@pytest.mark.parametrize(
    "likely",
    [[], ranking("greet", "affirm", "ask_why"), ranking("ask_pain", confidence=0.01)],
)
def test_without_a_likely_topic_the_first_miss_asks_for_other_words(chat, likely):
    reply = chat().hears(ActionClarify(), "?", "nlu_fallback", intent_ranking=likely)
    assert reply.said == ["not_understood_bare"]


def test_a_theme_that_is_not_covered_may_be_suggested(chat):
    likely = ranking("not_covered", "clinic_info")
    reply = chat().hears(ActionClarify(), "hm", "nlu_fallback", intent_ranking=likely)
    assert reply.button_payloads() == ["/not_covered", "/clinic_info"]


@pytest.mark.parametrize(
    ("offer", "text", "form"),
    [
        ("callback", "y eleni", "callback_form"),
        ("booking", "yes eleni", "booking_form"),
        ("check", "y eleni", None),
        (None, "y eleni", None),
        ("callback", "eleni", None),
    ],
)
def test_a_yes_to_an_offered_form_starts_it_whatever_follows(chat, offer, text, form):
    reply = chat(pending_offer=offer).hears(ActionClarify(), text, "out_of_scope")
    assert reply.next_action == form


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("it's 694 123 4568", "action_change_request"),
        ("Maria Bell 694 123 4568", "action_change_request"),
        ("also for my mum: Eva Stone 694 123 4568", "booking_form"),
        ("and my sister Anna Bell, 694 123 4568", "booking_form"),
    ],
)
def test_a_number_after_a_request_was_sent_changes_it_or_is_for_another(
    chat, services, text, goes_on
):
    details = RequestDetails(
        "Maria Bell", "+306941234567", None, PreferredTime("any time", None, None, None, True)
    )
    talk = chat()
    with services.database.session() as session:
        consultation_requests.add(session, talk.sender, details, services.now())
    reply = talk.hears(ActionClarify(), text, "nlu_fallback")
    assert reply.next_action == goes_on


def test_a_complaint_that_something_was_misunderstood_leads_to_the_check(chat, rows):
    told = [{"id": "allergy", "status": "present", "kind": "matter"}]
    talk = chat(reported_conditions=told)
    reply = talk.hears(ActionRecordFeedback(), "it was a joke", "feedback_negative")
    assert reply.said == ["condition_denied"]
    assert rows(Feedback) == []


def test_what_lies_outside_is_called_so(chat):
    reply = chat().hears(ActionClarify(), "who won the match?", "out_of_scope")
    assert reply.said == ["out_of_scope"]


def test_the_second_miss_suggests_and_the_third_offers_a_person(chat, rows):
    talk = chat()
    talk.hears(ActionClarify(), "blub", "nlu_fallback")
    assert talk.hears(ActionClarify(), "blab", "out_of_scope").said == ["suggestions"]
    assert rows(Handoff) == []
    reply = talk.hears(ActionClarify(), "blob", "nlu_fallback")
    assert reply.said == ["offer_person"]
    assert reply.slots["pending_offer"] == "callback"
    assert [row.reason for row in rows(Handoff)] == ["misunderstood"]


def test_an_understood_message_starts_the_count_again(chat):
    talk = chat()
    talk.hears(ActionClarify(), "blub", "nlu_fallback")
    talk.hears(ActionReply(), "thanks", "thanks")
    assert talk.hears(ActionClarify(), "blab", "nlu_fallback").said == ["not_understood_bare"]


@pytest.mark.parametrize("misses", [1, 2])
def test_a_miss_withdraws_an_open_offer(chat, misses):
    talk = chat(pending_offer="booking")
    for _ in range(misses):
        talk.hears(ActionClarify(), "blub", "nlu_fallback")
    assert talk.slots["pending_offer"] is None


@pytest.mark.parametrize("text", ["0030 6941234567", "maria@example.com"])
def test_a_number_or_address_out_of_the_blue_is_a_wish_to_be_called(chat, text):
    talk = chat()
    talk.hears(ActionClarify(), "Margaret Hill", "out_of_scope")
    reply = talk.hears(ActionClarify(), text, "nlu_fallback")
    assert reply.next_action == "callback_form"


# Small talk


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("greet", "greet"),
        ("thanks", "greet"),
        ("goodbye", "greet"),
        ("affirm", "greet"),
        ("capabilities", "capabilities"),
        ("bot_challenge", "bot_challenge"),
        ("other_language", "other_language"),
    ],
)
def test_at_first_contact_small_talk_introduces_the_assistant(chat, domain, intent, said):
    reply = chat(first_contact=True).hears(ActionReply(), "hi", intent)
    assert reply.said[-1] == said
    texts = [domain["responses"][f"utter_{name}"][0]["text"] for name in reply.said]
    assert "automated assistant" in " ".join(texts)


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("greet", "greet_again"),
        ("thanks", "thanks"),
        ("goodbye", "goodbye"),
        ("affirm", "affirm"),
        ("capabilities", "capabilities"),
        ("bot_challenge", "bot_challenge"),
        ("other_language", "other_language"),
    ],
)
def test_later_small_talk_is_short(chat, intent, said):
    reply = chat().hears(ActionReply(), "hi", intent)
    assert reply.said == [said]
    assert reply.slots["pending_offer"] is None


def test_a_condition_beside_a_greeting_is_answered(chat):
    talk = chat(first_contact=True)
    pregnant = talk.condition("pregnancy", "pregnant")
    reply = talk.hears(ActionReply(), "hello, I'm pregnant", "greet", pregnant)
    assert "outcome_not_recommended_noted" in reply.said
    assert "greet" in reply.said


# A refused offer


@pytest.mark.parametrize(
    ("intent", "offer", "said"),
    [
        ("deny", "booking", "offer_declined"),
        ("not_sure", "check", "not_sure"),
        ("stop", "callback", "offer_declined"),
        ("deny", None, "offer_declined"),
        ("stop", None, "nothing_to_stop"),
    ],
)
def test_a_no_outside_a_form_closes_the_offer(chat, intent, offer, said):
    talk = chat(pending_offer=offer)
    reply = talk.hears(ActionDeclineOffer(), "no", intent)
    assert reply.said == [said]
    assert talk.slots["pending_offer"] is None


def test_what_is_asked_beside_small_talk_is_answered(chat):
    asked = [{"intent": "ask_pain", "theme": None, "text": "does it hurt"}]
    reply = chat().hears(ActionReply(), "a robot? does it hurt", "bot_challenge", questions=asked)
    assert reply.said == ["bot_challenge", "pain"]
    reply = chat().hears(ActionReply(), "ponai, does it hurt", "other_language", questions=asked)
    assert reply.said == ["other_language"]


def test_a_no_with_a_question_mark_asks_about_what_was_said_of_a_condition(chat):
    told = [{"id": "anticoagulants", "status": "present", "kind": "contraindication"}]
    talk = chat(pending_offer="booking", reported_conditions=told)
    reply = talk.hears(ActionDeclineOffer(), "so that's a no?", "deny")
    assert reply.said == ["outcome_not_recommended"]
    assert talk.slots["pending_offer"] == "booking"
    assert talk.hears(ActionDeclineOffer(), "no", "deny").said == ["offer_declined"]
    assert talk.hears(ActionDeclineOffer(), "stop?", "stop").said == ["nothing_to_stop"]
    assert chat().hears(ActionDeclineOffer(), "so that's a no?", "deny").said == ["offer_declined"]


# Feedback


@pytest.mark.parametrize(
    ("intent", "rating"), [("feedback_positive", "up"), ("feedback_negative", "down")]
)
@pytest.mark.parametrize("topic", ["pain", None])
def test_feedback_is_stored_with_its_topic_and_answered(chat, rows, intent, rating, topic):
    reply = chat(topic=topic).hears(ActionRecordFeedback(), "that was ...", intent)
    (row,) = rows(Feedback)
    assert reply.said == [intent]
    assert (row.rating, row.topic) == (rating, topic)
    assert reply.slots["pending_offer"] is None


@pytest.mark.parametrize("intent", ["feedback_positive", "feedback_negative"])
def test_feedback_keeps_no_words_of_the_patient(chat, rows, intent):
    chat().hears(ActionRecordFeedback(), "you helped me, Maria", intent)
    (row,) = rows(Feedback)
    assert "Maria" not in repr({c.name: getattr(row, c.name) for c in Feedback.__table__.columns})
