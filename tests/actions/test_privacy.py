"""What is stored about the patient: told, explained, erased after one confirmation."""

import pytest

from actions.booking import ActionSubmitBooking
from actions.privacy import ActionEraseData, ActionHandleDataRequest
from clinic.storage.models import ConsultationRequest, Erasure, Feedback, Handoff, HealthCheck
from tests.actions.test_booking import WHOLE
from tests.actions.test_check import ALL_NO

OWN_TABLES = (ConsultationRequest, HealthCheck, Handoff, Feedback)


@pytest.fixture
def with_data(chat):
    """A conversation that left a row in each table."""
    from actions.check import ActionSubmitCheck
    from actions.clarify import ActionRecordFeedback
    from actions.people import ActionHandOver

    talk = chat(**WHOLE, booking_confirmed="yes", check_consent="yes", **ALL_NO)
    talk.hears(ActionSubmitBooking(), "yes", "affirm")
    talk.hears(ActionSubmitCheck(), "no", "deny")
    talk.hears(ActionRecordFeedback(), "great", "feedback_positive")
    talk.hears(ActionHandOver(), "a person", "human_handoff")
    return talk


@pytest.mark.parametrize(
    ("intent", "said", "offer"),
    [
        ("delete_data/erase", "delete_data/erase", "erasure"),
        ("delete_data/privacy", "delete_data/privacy", None),
        ("delete_data/show", "held_data_none", None),
        ("delete_data", "delete_data/erase", "erasure"),
    ],
)
def test_each_request_has_its_reply(chat, intent, said, offer):
    reply = chat().hears(ActionHandleDataRequest(), "my data", intent)
    assert reply.said == [said]
    assert reply.slots["pending_offer"] == offer


def test_what_is_held_is_named_without_details(with_data, rows):
    reply = with_data.hears(ActionHandleDataRequest(), "what do you know", "delete_data/show")
    held = reply.messages[0]["held"]
    assert reply.said == ["delete_data/show"]
    assert rows(ConsultationRequest)[0].reference in held
    assert "your health questions" in held
    assert " and " in held
    assert "Maria" not in held


def test_what_was_told_of_health_is_named(chat):
    told = [
        {"id": "pregnancy", "status": "present", "kind": "contraindication"},
        {"id": "cancer", "status": "unsure", "kind": "contraindication"},
        {"id": "asthma", "status": "present", "kind": "matter"},
    ]
    talk = chat(reported_conditions=told)
    reply = talk.hears(ActionHandleDataRequest(), "what did you note", "delete_data/show")
    assert reply.said == ["told_in_chat", "held_data_none"]
    assert reply.messages[0]["findings"] == "pregnancy, cancer now or in the past and asthma"


def test_nothing_of_another_conversation_is_told(with_data, chat):
    other = chat()
    other.sender = "patient-2"
    reply = other.hears(ActionHandleDataRequest(), "what do you know", "delete_data/show")
    assert reply.said == ["held_data_none"]


@pytest.mark.parametrize("form", ["check_form", "booking_form", "callback_form"])
def test_the_wish_to_erase_leaves_a_form(chat, form):
    talk = chat(form=form, asked="booking_name")
    reply = talk.hears(ActionHandleDataRequest(), "delete my data", "delete_data/erase")
    assert reply.leaves_form
    assert talk.slots["requested_slot"] is None


@pytest.mark.parametrize("intent", ["delete_data/show", "delete_data/privacy"])
def test_a_question_about_data_stays_in_the_form(chat, intent):
    talk = chat(form="check_form", asked="check_heart")
    reply = talk.hears(ActionHandleDataRequest(), "who sees my data?", intent)
    assert not reply.leaves_form
    assert talk.slots["requested_slot"] == "check_heart"


def test_everything_is_erased_and_a_receipt_is_kept(with_data, rows):
    assert all(rows(table) for table in OWN_TABLES)
    reply = with_data.hears(ActionEraseData(), "yes", "affirm")
    assert reply.said == ["data_erased"]
    assert [rows(table) for table in OWN_TABLES] == [[], [], [], []]
    (receipt,) = rows(Erasure)
    assert reply.messages[0]["receipt"] == receipt.conversation_hash
    assert receipt.conversation_hash not in ("", with_data.sender)


def test_the_tracker_store_is_told_to_forget_the_conversation(with_data):
    reply = with_data.hears(ActionEraseData(), "yes", "affirm")
    assert reply.slots["conversation_erased"] is True


def test_another_conversation_keeps_its_data(with_data, chat, rows):
    other = chat()
    other.sender = "patient-2"
    other.hears(ActionEraseData(), "yes", "affirm")
    assert all(rows(table) for table in OWN_TABLES)


def test_what_is_asked_beside_the_erasure_is_answered(chat):
    asked = [{"intent": "clinic_info", "theme": None, "text": "are you open today"}]
    text = "delete my data. are you open today"
    reply = chat().hears(ActionHandleDataRequest(), text, "delete_data/erase", questions=asked)
    assert reply.said == ["clinic_info", "delete_data/erase"]
    assert reply.slots["pending_offer"] == "erasure"
