"""After a red flag: the form is left and the conversation marked, whatever else fails."""

import pytest

from actions.answering import ActionAnswer
from actions.clarify import (
    ActionClarify,
    ActionDeclineOffer,
    ActionRecordFeedback,
    ActionReply,
)
from actions.emergency import ActionFlagUrgent
from actions.health import ActionReadCondition
from actions.people import ActionHandOver
from actions.turn import RED_FLAGS
from clinic.storage.models import Handoff

FILLED = {
    "check_consent": "yes",
    "check_heart": "unsure",
    "booking_name": "Maria",
    "callback_phone": "+306941234567",
    "form_retries": 1,
}


def broken(services, monkeypatch):
    def fail():
        raise OSError("the disk is full of Maria's data")

    monkeypatch.setattr(services.database, "session", fail)


@pytest.mark.parametrize(
    ("intent", "reason"), [("urgent_symptoms", "urgent"), ("self_harm", "self_harm")]
)
def test_the_conversation_is_marked_for_the_staff(chat, rows, intent, reason):
    talk = chat()
    reply = talk.hears(ActionFlagUrgent(), "I cannot breathe", intent)
    (row,) = rows(Handoff)
    assert (row.conversation_id, row.reason) == (talk.sender, reason)
    assert reply.said == []


@pytest.mark.parametrize("form", ["check_form", "booking_form", "callback_form"])
@pytest.mark.parametrize("fails", [False, True])
def test_whatever_was_going_on_is_left(chat, services, monkeypatch, form, fails):
    if fails:
        broken(services, monkeypatch)
    talk = chat(form=form, asked="check_weight", pending_offer="booking", **FILLED)
    reply = talk.hears(ActionFlagUrgent(), "I cannot breathe", "urgent_symptoms")
    assert reply.leaves_form
    assert {talk.slots[name] for name in FILLED} == {None}
    assert talk.slots["requested_slot"] is None
    assert talk.slots["pending_offer"] is None


def test_the_result_of_an_earlier_check_and_reports_stay(chat):
    told = [{"id": "pregnancy", "status": "present", "kind": "contraindication"}]
    result = {"id": 1, "outcome": "not_recommended"}
    talk = chat(check_result=result, reported_conditions=told)
    talk.hears(ActionFlagUrgent(), "I cannot breathe", "urgent_symptoms")
    assert talk.slots["check_result"] == result
    assert talk.slots["reported_conditions"] == told


def test_nothing_is_sold_after_a_red_flag(chat):
    talk = chat(first_contact=True)
    assert talk.hears(ActionFlagUrgent(), "chest pain", "urgent_symptoms").messages == []


# What follows

SMALL_WORDS = [
    (ActionReply(), "affirm"),
    (ActionReply(), "goodbye"),
    (ActionReply(), "greet"),
    (ActionReply(), "thanks"),
    (ActionDeclineOffer(), "deny"),
    (ActionDeclineOffer(), "not_sure"),
    (ActionDeclineOffer(), "stop"),
    (ActionClarify(), "nlu_fallback"),
    (ActionClarify(), "out_of_scope"),
    (ActionRecordFeedback(), "feedback_negative"),
    (ActionRecordFeedback(), "feedback_positive"),
]


@pytest.mark.parametrize("red_flag", ["urgent_symptoms", "self_harm"])
@pytest.mark.parametrize(("action", "intent"), SMALL_WORDS)
def test_small_words_after_a_red_flag_get_help_and_no_offer(chat, red_flag, action, intent):
    talk = chat()
    talk.hears(ActionFlagUrgent(), "help me", red_flag)
    for _ in range(3):
        reply = talk.hears(action, "ok", intent)
        assert reply.said == [f"after_{red_flag}"]
        assert reply.button_payloads() == []


def test_the_words_after_a_red_flag_end_with_the_next_question(chat):
    talk = chat()
    talk.hears(ActionFlagUrgent(), "help me", "urgent_symptoms")
    talk.hears(ActionAnswer(), "how many sessions", "ask_sessions")
    assert talk.hears(ActionReply(), "thanks", "thanks").said == ["thanks"]


def test_who_asks_for_a_person_after_a_red_flag_hears_the_emergency_number_first(chat):
    talk = chat()
    talk.hears(ActionFlagUrgent(), "help me", "urgent_symptoms")
    reply = talk.hears(ActionHandOver(), "should I call?", "human_handoff")
    assert reply.said == ["after_urgent_symptoms", "human_handoff"]


def test_who_leaves_a_number_after_a_red_flag_is_called(chat):
    talk = chat()
    talk.hears(ActionFlagUrgent(), "help me", "urgent_symptoms")
    reply = talk.hears(ActionClarify(), "0030 6941234567", "nlu_fallback")
    assert reply.next_action == "callback_form"


@pytest.mark.parametrize("flag", RED_FLAGS)
def test_what_is_asked_right_after_a_red_flag_comes_behind_a_reminder(chat, flag):
    talk = chat()
    talk.hears(ActionFlagUrgent(), "it is hot and swollen", flag)
    assert talk.hears(ActionAnswer(), "how many sessions", "ask_sessions").said == [
        f"after_{flag}",
        "sessions",
    ]
    assert talk.hears(ActionAnswer(), "does it hurt", "ask_pain").said == ["pain"]


def test_a_condition_told_right_after_a_red_flag_comes_behind_a_reminder(chat):
    talk = chat()
    talk.hears(ActionFlagUrgent(), "it is hot and swollen", "urgent_symptoms")
    mark = talk.condition("pregnancy", "pregnant")
    reply = talk.hears(ActionReadCondition(), "I am pregnant", "report_condition", mark)
    assert reply.said == ["after_urgent_symptoms", "outcome_not_recommended"]
