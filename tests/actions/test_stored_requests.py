"""Stored consultation requests: which one is meant, its change and its cancellation."""

import pytest

from actions.booking import ActionStopBooking, ActionSubmitBooking, ValidateBookingForm
from actions.clarify import ActionClarify, ActionDeclineOffer
from actions.stored_requests import ActionCancelRequest, ActionChangeRequest
from clinic.storage.models import ConsultationRequest
from tests.actions.conftest import ANY_MORNING, WHOLE

FORM = ValidateBookingForm()


@pytest.fixture
def two(stored, rows):
    """Sends one more request, Eleni's, after Maria's; returns the conversation and both names."""
    talk, first = stored
    eleni = {"booking_name": "Eleni Bell", "booking_time": ANY_MORNING}
    talk.slots |= {**WHOLE, **eleni, "booking_confirmed": "yes"}
    talk.hears(ActionSubmitBooking(), "yes", "affirm")
    second = next(r.reference for r in rows(ConsultationRequest) if r.reference != first)
    return talk, {"Maria": first, "Eleni": second}


@pytest.fixture
def open_names(rows):
    """The first names on the requests that are open."""
    return lambda: {
        row.name.split()[0] for row in rows(ConsultationRequest) if row.status != "cancelled"
    }


# One request


def test_a_stored_request_is_opened_for_a_change(stored):
    talk, reference = stored
    reply = talk.hears(ActionChangeRequest(), "change my request", "change_request")
    assert reply.said == ["booking_change_started"]
    assert reply.next_action == "booking_form"
    assert talk.slots["booking_reference"] == reference
    assert {name: talk.slots[name] for name in WHOLE} == WHOLE


def test_the_form_then_shows_what_is_stored(stored):
    talk, reference = stored
    talk.hears(ActionChangeRequest(), "change my request", "change_request")
    talk.form = "booking_form"
    reply = talk.hears(FORM, "change my request", "change_request")
    assert reply.said == []
    assert reply.slots["requested_slot"] == "booking_confirmed"
    assert {name: talk.slots[name] for name in WHOLE} == WHOLE
    assert talk.slots["booking_reference"] == reference


def test_a_detail_said_with_the_wish_for_a_change_is_taken(stored):
    talk, _ = stored
    message = "change my request to Thursday at 10:00"
    talk.hears(ActionChangeRequest(), message, "change_request")
    talk.form = "booking_form"
    talk.hears(FORM, message, "change_request")
    assert talk.slots["booking_time"]["day"] == "2026-11-26"
    assert talk.slots["booking_name"] == "Maria"


def test_a_changed_request_keeps_its_reference(stored, rows):
    talk, reference = stored
    talk.hears(ActionChangeRequest(), "change my request", "change_request")
    talk.form = "booking_form"
    talk.hears(FORM, "change my request", "change_request")
    talk.slots |= {"booking_time": ANY_MORNING, "booking_confirmed": "yes"}
    reply = talk.hears(ActionSubmitBooking(), "yes", "affirm")
    (row,) = rows(ConsultationRequest)
    assert reply.said == ["booking_changed"]
    assert reply.messages[0]["reference"] == row.reference == reference
    assert row.preferred_words == ANY_MORNING["words"]
    assert row.status == "changed"
    assert talk.slots["booking_reference"] is None


def test_a_new_request_does_not_overwrite_the_one_before(stored, rows):
    talk, reference = stored
    talk.slots["booking_reference"] = reference
    talk.form = "booking_form"
    talk.hears(FORM, "book another consultation", "book_consultation")
    assert talk.slots["booking_reference"] is None


def test_a_request_that_was_cancelled_in_the_meantime_is_stored_anew(stored, rows, services):
    talk, _ = stored
    talk.hears(ActionChangeRequest(), "change my request", "change_request")
    other = {**talk.slots}
    talk.hears(ActionCancelRequest(), "cancel my request", "cancel_request")
    talk.slots |= {**other, "booking_time": ANY_MORNING, "booking_confirmed": "yes"}
    reply = talk.hears(ActionSubmitBooking(), "yes", "affirm")
    assert reply.said == ["booking_confirmed"]
    assert [row.status for row in rows(ConsultationRequest)] == ["cancelled", "new"]


def test_a_change_into_another_open_request_names_the_one_that_is_kept(stored, rows):
    talk, first = stored
    talk.slots |= {**WHOLE, "booking_time": ANY_MORNING, "booking_confirmed": "yes"}
    talk.hears(ActionSubmitBooking(), "yes", "affirm")
    talk.slots |= {**WHOLE, "booking_reference": rows(ConsultationRequest)[1].reference}
    talk.slots |= {"booking_confirmed": "yes"}
    reply = talk.hears(ActionSubmitBooking(), "yes", "affirm")
    assert reply.messages[0]["reference"] == first
    assert [row.status for row in rows(ConsultationRequest)] == ["new", "cancelled"]


@pytest.mark.parametrize(
    "text", ["did you cancel my request?", "can I still cancel my request later if I get sick?"]
)
def test_who_asks_about_a_cancellation_is_asked_first(stored, rows, text):
    talk, _ = stored
    reply = talk.hears(ActionCancelRequest(), text, "cancel_request")
    assert reply.said == ["booking_cancel_asked"]
    assert rows(ConsultationRequest)[0].status == "new"
    assert talk.hears(ActionCancelRequest(), "yes", "affirm").said == ["booking_cancelled"]


def test_a_change_that_is_stopped_leaves_the_request_and_says_so(stored, rows):
    talk, _ = stored
    talk.hears(ActionChangeRequest(), "change it to friday", "change_request")
    reply = talk.hears(ActionStopBooking(), "cancel it", "cancel_request")
    assert reply.said == ["booking_change_stopped"]
    assert reply.slots["pending_offer"] == "cancellation"
    assert rows(ConsultationRequest)[0].status == "new"


def test_a_stored_request_is_cancelled(stored, rows):
    talk, reference = stored
    reply = talk.hears(ActionCancelRequest(), "cancel my request", "cancel_request")
    assert reply.said == ["booking_cancelled"]
    assert reply.messages[0]["reference"] == reference
    assert rows(ConsultationRequest)[0].status == "cancelled"


@pytest.mark.parametrize(
    ("action", "intent"),
    [(ActionChangeRequest(), "change_request"), (ActionCancelRequest(), "cancel_request")],
)
def test_without_a_stored_request_a_new_one_is_offered(chat, action, intent):
    reply = chat().hears(action, "my request please", intent)
    assert reply.said == ["booking_none_stored"]
    assert reply.slots == {"pending_offer": "booking"}
    assert reply.next_action is None


@pytest.mark.parametrize("action", [ActionChangeRequest(), ActionCancelRequest()])
def test_another_conversations_request_is_out_of_reach(chat, stored, rows, action):
    other = chat()
    other.sender = "patient-2"
    assert other.hears(action, "my request", "change_request").said == ["booking_none_stored"]
    assert rows(ConsultationRequest)[0].status == "new"


@pytest.mark.parametrize("action", [ActionChangeRequest(), ActionCancelRequest()])
def test_what_is_asked_beside_a_stored_request_is_answered(chat, action):
    asked = [{"intent": "clinic_info", "theme": None, "text": "are you open today"}]
    text = "cancel my request, are you open today"
    reply = chat().hears(action, text, "cancel_request", questions=asked)
    assert reply.said == ["clinic_info", "booking_none_stored"]
    assert reply.slots["pending_offer"] == "booking"


# Several requests


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("cancel the one for maria", {"Eleni"}),
        ("please cancel eleni's appointment", {"Maria"}),
        ("cancel the request of Eleni Bell", {"Maria"}),
        ("cancel the friday one", {"Eleni"}),
        ("cancel them all", set()),
        ("cancel all of my requests please", set()),
        ("cancel both", set()),
    ],
)
def test_the_request_that_is_named_is_cancelled(two, open_names, text, left):
    talk, _ = two
    reply = talk.hears(ActionCancelRequest(), text, "cancel_request")
    assert set(reply.said) == {"booking_cancelled"}
    assert open_names() == left


@pytest.mark.parametrize("prefix", ["C-", "c", "c ", ""])
def test_a_reference_names_its_request(two, open_names, prefix):
    talk, references = two
    text = f"cancel {prefix}{references['Maria'][2:].lower()}"
    assert talk.hears(ActionCancelRequest(), text, "cancel_request").said == ["booking_cancelled"]
    assert open_names() == {"Eleni"}


def test_one_of_several_is_not_cancelled_unasked(two, open_names):
    talk, references = two
    reply = talk.hears(ActionCancelRequest(), "cancel mums one", "cancel_request")
    assert reply.said == ["booking_cancel_which"]
    (asked,) = reply.messages
    assert asked["requests"].split("\n") == [
        "",
        f"{references['Eleni']}: Eleni Bell, {ANY_MORNING['words']}",
        f"{references['Maria']}: Maria, {WHOLE['booking_time']['words']}",
    ]
    assert [button["title"] for button in asked["buttons"]] == [*references.values()][::-1]
    assert open_names() == {"Maria", "Eleni"}


@pytest.mark.parametrize("name", ["Maria", "Eleni"])
def test_a_button_types_the_cancellation_of_its_request(two, open_names, name):
    talk, references = two
    reply = talk.hears(ActionCancelRequest(), "cancel my request", "cancel_request")
    payloads = {b["title"]: b["payload"] for b in reply.messages[0]["buttons"]}
    talk.hears(ActionCancelRequest(), payloads[references[name]], "cancel_request")
    assert open_names() == {"Maria", "Eleni"} - {name}
    assert talk.slots["pending_offer"] is None


@pytest.mark.parametrize(
    ("action", "text", "intent", "left"),
    [
        (ActionCancelRequest(), "yes, both", "affirm", set()),
        (ActionCancelRequest(), "cancel maria's", "cancel_request", {"Eleni"}),
        (ActionDeclineOffer(), "cancel eleni's", "stop", {"Maria"}),
        (ActionDeclineOffer(), "cancel all of them", "stop", set()),
        (ActionClarify(), "the one for eleni", "out_of_scope", {"Maria"}),
        (ActionClarify(), "friday", "nlu_fallback", {"Eleni"}),
        (ActionCancelRequest(), "yes", "affirm", {"Maria", "Eleni"}),
        (ActionDeclineOffer(), "stop", "stop", {"Maria", "Eleni"}),
        (ActionDeclineOffer(), "no, not eleni's", "deny", {"Maria", "Eleni"}),
        (ActionClarify(), "not eleni's", "nlu_fallback", {"Maria", "Eleni"}),
    ],
)
def test_the_answer_says_which_one(two, open_names, action, text, intent, left):
    talk, _ = two
    talk.hears(ActionCancelRequest(), "cancel my request", "cancel_request")
    talk.hears(action, text, intent)
    assert open_names() == left


def test_a_stop_that_says_cancel_may_mean_a_request_that_was_sent(two, open_names):
    talk, _ = two
    text = "mums changed her mind cancel hers, keep mine"
    assert talk.hears(ActionDeclineOffer(), text, "stop").said == ["booking_cancel_which"]
    reply = talk.hears(ActionDeclineOffer(), "cancel eleni's", "stop")
    assert reply.said == ["booking_cancelled"]
    assert talk.hears(ActionDeclineOffer(), "cancel", "stop").said == ["booking_cancel_asked"]
    assert open_names() == {"Maria"}
    assert talk.hears(ActionDeclineOffer(), "cancel", "stop").said == ["booking_cancelled"]
    assert talk.hears(ActionDeclineOffer(), "cancel", "stop").said == ["nothing_to_stop"]


def test_the_one_that_is_left_of_several_is_not_cancelled_unasked(two, open_names):
    talk, _ = two
    talk.hears(ActionCancelRequest(), "cancel marias", "cancel_request")
    assert open_names() == {"Eleni"}
    reply = talk.hears(ActionCancelRequest(), "cancel marias", "cancel_request")
    assert reply.said == ["booking_cancel_asked"]
    assert open_names() == {"Eleni"}
    reply = talk.hears(ActionCancelRequest(), "yes", "affirm")
    assert reply.messages[0]["name"] == "Eleni Bell"
    assert open_names() == set()


def test_another_persons_details_open_no_request_for_a_change(two):
    talk, _ = two
    text = "another request, for my mum, Litsa Bell 694 123 4569"
    reply = talk.hears(ActionChangeRequest(), text, "change_request")
    assert reply.said == []
    assert reply.next_action == "booking_form"
    talk.form = "booking_form"
    reply = talk.hears(FORM, text, "change_request")
    assert reply.said == ["booking_started"]
    assert talk.slots["booking_name"] == "Litsa Bell"
    assert talk.slots["booking_reference"] is None


def test_a_stop_that_does_not_say_cancel_leaves_requests_alone(two, open_names):
    talk, _ = two
    assert talk.hears(ActionDeclineOffer(), "stop", "stop").said == ["nothing_to_stop"]
    assert open_names() == {"Maria", "Eleni"}


def test_without_the_question_a_name_cancels_nothing(two, open_names):
    talk, _ = two
    talk.hears(ActionClarify(), "the one for eleni", "out_of_scope")
    assert open_names() == {"Maria", "Eleni"}


def test_the_request_that_is_named_is_opened_for_a_change(two):
    talk, references = two
    talk.hears(ActionChangeRequest(), "change maria's appointment", "change_request")
    assert talk.slots["booking_reference"] == references["Maria"]
    assert talk.slots["booking_name"] == "Maria"


@pytest.mark.parametrize(
    ("text", "intent", "left"),
    [
        ("yes", "affirm", {"Eleni"}),
        ("", "cancel_request", {"Eleni"}),
        ("cancel it", "cancel_request", {"Eleni"}),
        ("cancel the other one", "cancel_request", {"Maria"}),
        ("yes, cancel both", "cancel_request", set()),
    ],
)
def test_after_a_change_that_is_stopped_that_request_is_meant(two, open_names, text, intent, left):
    talk, _ = two
    talk.hears(ActionChangeRequest(), "change maria's appointment", "change_request")
    talk.hears(ActionStopBooking(), "stop", "stop")
    talk.hears(ActionCancelRequest(), text, intent)
    assert open_names() == left
    assert talk.slots["request_to_cancel"] is None


def test_a_number_left_after_a_request_was_sent_changes_it(stored, rows):
    talk, reference = stored
    talk.hears(ActionChangeRequest(), "694 123 4569 sorry", "nlu_fallback")
    talk.form = "booking_form"
    reply = talk.hears(FORM, "694 123 4569 sorry", "nlu_fallback")
    assert reply.said == []
    assert talk.slots["booking_phone"] == "+306941234569"
    assert talk.slots["booking_reference"] == reference
    talk.slots["booking_confirmed"] = "yes"
    assert talk.hears(ActionSubmitBooking(), "yes", "affirm").said == ["booking_changed"]
    assert [row.phone for row in rows(ConsultationRequest)] == ["+306941234569"]
