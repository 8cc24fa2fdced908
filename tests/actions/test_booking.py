"""The consultation request: details read, confirmed, stored once."""

import pytest

from actions.booking import (
    SLOTS,
    ActionAskBookingConfirmed,
    ActionStopBooking,
    ActionSubmitBooking,
    ValidateBookingForm,
)
from actions.health import ActionReadCondition
from clinic.storage.health_checks import add as add_check
from clinic.storage.models import ConsultationRequest
from tests.actions.chat import question
from tests.actions.conftest import FRIDAY, NOW, PHONE, WHOLE

FORM = ValidateBookingForm()
EMAIL = "maria@example.com"


@pytest.fixture
def booking(chat):
    """Makes a booking in which the pending question is `asked`."""

    def begun(asked, **slots):
        return chat(form="booking_form", asked=asked, **slots)

    return begun


# Reading


def test_the_request_starts_with_the_name(chat):
    reply = chat(form="booking_form").hears(FORM, "book me", "book_consultation")
    assert reply.said == ["booking_started"]
    assert reply.slots["requested_slot"] == "booking_name"


def test_everything_said_at_once_is_taken_at_once(chat):
    talk = chat(form="booking_form")
    text = "book me for Friday afternoon, I'm Maria, 694 123 4567"
    reply = talk.hears(FORM, text, "book_consultation")
    assert talk.slots["booking_name"] == "Maria"
    assert talk.slots["booking_phone"] == PHONE
    assert talk.slots["booking_time"]["day"] == "2026-11-27"
    assert talk.slots["booking_time"]["part"] == "afternoon"
    assert reply.slots["requested_slot"] == "booking_confirmed"


def test_a_condition_said_with_the_wish_is_answered_and_kept(chat):
    talk = chat(form="booking_form")
    pregnant = talk.condition("pregnancy", "pregnant")
    reply = talk.hears(FORM, "I'm pregnant, book me", "book_consultation", pregnant)
    assert reply.said == ["outcome_not_recommended_noted", "booking_started"]
    assert talk.slots["reported_conditions"][0]["id"] == "pregnancy"


@pytest.mark.parametrize(
    ("asked", "text", "slot", "value"),
    [
        ("booking_name", "Maria Papadopoulou", "booking_name", "Maria Papadopoulou"),
        ("booking_name", "my name is maria", "booking_name", "Maria"),
        ("booking_phone", "694 123 4567", "booking_phone", PHONE),
        ("booking_phone", "maria@example.com", "booking_email", EMAIL),
    ],
)
def test_a_reply_fills_what_was_asked_for(booking, asked, text, slot, value):
    talk = booking(asked)
    reply = talk.hears(FORM, text, "nlu_fallback")
    assert talk.slots[slot] == value
    assert reply.said == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tuesday", {"day": "2026-11-24", "time": None}),
        ("tomorrow at 10:30", {"day": "2026-11-24", "time": "10:30:00"}),
        ("as soon as possible", {"day": None, "flexible": True}),
        ("any morning", {"day": None, "part": "morning"}),
    ],
)
def test_the_reply_to_the_time_is_read(booking, text, expected):
    talk = booking("booking_time", booking_name="Maria", booking_phone=PHONE)
    reply = talk.hears(FORM, text, "nlu_fallback")
    assert {key: talk.slots["booking_time"][key] for key in expected} == expected
    assert reply.slots["requested_slot"] == "booking_confirmed"


@pytest.mark.parametrize("payload", ["as soon as possible", "any morning", "any afternoon"])
def test_the_buttons_of_the_time_question_are_understood(booking, domain, payload):
    buttons = domain["responses"]["utter_ask_booking_time"][0]["buttons"]
    assert payload in [button["payload"] for button in buttons]
    talk = booking("booking_time", booking_name="Maria", booking_phone=PHONE)
    talk.hears(FORM, payload, "nlu_fallback")
    assert talk.slots["booking_time"] is not None


def test_a_phone_number_or_an_address_is_enough(booking):
    talk = booking("booking_phone", booking_name="Maria")
    assert talk.hears(FORM, EMAIL, "nlu_fallback").slots["requested_slot"] == "booking_time"


def test_details_beside_the_one_asked_for_are_taken(booking):
    talk = booking("booking_name")
    talk.hears(FORM, "I'm Maria, 694 123 4567", "nlu_fallback")
    assert (talk.slots["booking_name"], talk.slots["booking_phone"]) == ("Maria", PHONE)
    assert talk.slots["requested_slot"] == "booking_time"


@pytest.mark.parametrize(
    ("asked", "text", "said"),
    [
        ("booking_name", "12345", "name_not_understood"),
        ("booking_name", "DROP TABLE; <b>", "name_not_understood"),
        ("booking_phone", "call me maybe", "contact_not_understood"),
        ("booking_phone", "123", "contact_not_understood"),
        ("booking_phone", "1234567", "phone_invalid"),
        ("booking_phone", "69412345", "phone_invalid"),
        ("booking_phone", "maria@nowhere", "email_invalid"),
        ("booking_time", "bananas", "time_not_understood"),
        ("booking_time", "yesterday", "time_past"),
        ("booking_time", "20 November 2026", "time_past"),
        ("booking_time", "Sunday", "time_closed_day"),
        ("booking_time", "25 December 2026", "time_closed_day"),
        ("booking_time", "Wednesday at 18:00", "time_outside_hours"),
        ("booking_time", "12 March 2029", "time_too_far"),
        ("booking_time", "Monday 25 November 2026", "time_weekday_mismatch"),
    ],
)
def test_what_was_wrong_with_a_detail_is_said(booking, asked, text, said):
    talk = booking(asked, booking_name="Maria", booking_phone=PHONE)
    if asked != "booking_time":
        talk.slots |= {asked: None}
    reply = talk.hears(FORM, text, "nlu_fallback")
    assert reply.said == [said]
    assert reply.slots["requested_slot"] == asked
    assert talk.slots[asked] is None


def test_a_closed_hour_beside_the_wish_is_said_at_once(chat):
    talk = chat(form="booking_form")
    reply = talk.hears(FORM, "book me wednesday at 18:00", "book_consultation")
    assert reply.said == ["booking_started", "time_outside_hours"]
    assert talk.slots["booking_time"] is None


def test_a_closed_hour_beside_another_detail_is_said_at_once(booking):
    reply = booking("booking_name").hears(FORM, "my name is Maria, sunday 10:00", "nlu_fallback")
    assert reply.said == ["time_closed_day"]
    assert reply.slots["booking_name"] == "Maria"


def test_a_closed_hour_at_the_summary_never_sends_the_day_shown(booking):
    friday = {
        "words": "Friday 4 December 2026, 10:00", "day": "2026-12-04", "time": "10:00:00",
        "part": "morning", "flexible": False,
    }  # fmt: skip
    talk = booking("booking_confirmed", booking_name="Maria", booking_phone=PHONE)
    talk.slots["booking_time"] = friday
    reply = talk.hears(FORM, "no wednesday 6pm n my number is 694 123 4568", "nlu_fallback")
    assert reply.said == ["time_outside_hours"]
    assert reply.slots["booking_time"] is None
    assert reply.slots["booking_phone"] == "+306941234568"
    assert reply.slots["requested_slot"] == "booking_time"


def test_a_country_beside_the_number_is_no_name(booking):
    talk = booking("booking_phone", booking_name="Lucia Fernandez", booking_phone=None)
    talk.hears(FORM, "Spain, +34 612 345 678", "nlu_fallback")
    assert talk.slots["booking_name"] == "Lucia Fernandez"
    assert talk.slots["booking_phone"] == "+34612345678"


def test_the_second_rejection_offers_help(booking):
    talk = booking("booking_name")
    talk.hears(FORM, "12345")
    assert talk.hears(FORM, "54321").said == ["name_not_understood", "form_help"]


@pytest.mark.parametrize(
    ("asked", "text", "intent"),
    [
        ("booking_name", "how many sessions?", "ask_sessions"),
        ("booking_name", "Sessions", "ask_sessions"),
        ("booking_name", "How many", "ask_sessions"),
        ("booking_phone", "does it hurt?", "ask_pain"),
        ("booking_time", "are you open on Friday?", "clinic_info"),
        ("booking_time", "how much is it on Friday?", "not_covered/price"),
    ],
)
def test_a_question_in_between_fills_nothing(booking, asked, text, intent):
    told = {"booking_name": "Maria", "booking_phone": PHONE, "booking_time": None}
    reply = booking(asked, **{**told, asked: None}).hears(FORM, text, intent)
    assert reply.slots == {"requested_slot": asked}
    assert reply.said == []


@pytest.mark.parametrize(
    ("name", "intent", "confidence"),
    [
        ("Maria", "greet", 0.4),
        ("Agni Nocheck", "check_eligibility", 0.4),
        ("Rose", "ask_pain", 0.7),
        ("Rose Pain", "ask_pain", 0.95),
        ("my name is Price", "not_covered", 0.99),
    ],
)
def test_a_name_that_looks_like_an_intent_is_still_a_name(booking, name, intent, confidence):
    talk = booking("booking_name")
    talk.hears(FORM, name, intent, confidence=confidence)
    assert talk.slots["booking_name"] == name.removeprefix("my name is ")


# The share question


def test_the_share_question_is_asked_only_after_a_check(booking):
    without = booking("booking_time", booking_name="Maria", booking_phone=PHONE)
    assert without.hears(FORM, "Friday").slots["requested_slot"] == "booking_confirmed"
    result = {"id": 1, "outcome": "ask_doctor"}
    with_check = booking(
        "booking_time", booking_name="Maria", booking_phone=PHONE, check_result=result
    )
    assert with_check.hears(FORM, "Friday").slots["requested_slot"] == "booking_share_check"


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [("yes", "affirm", "yes"), ("", "affirm", "yes"), ("no", "deny", "no"), ("", "deny", "no")],
)
def test_sharing_is_agreed_or_refused(booking, text, intent, answer):
    talk = booking("booking_share_check", **WHOLE, check_result={"id": 1, "outcome": "ask_doctor"})
    reply = talk.hears(FORM, text, intent)
    assert reply.slots["booking_share_check"] == answer
    assert reply.slots["requested_slot"] == "booking_confirmed"


@pytest.mark.parametrize("asked", ["booking_share_check", "booking_confirmed"])
@pytest.mark.parametrize(("text", "intent"), [("maybe", "not_sure"), ("", "not_sure")])
def test_an_unclear_decision_is_asked_again(booking, asked, text, intent):
    talk = booking(asked, **WHOLE, check_result={"id": 1, "outcome": "ask_doctor"})
    talk.slots |= {"booking_share_check": "no"} if asked == "booking_confirmed" else {}
    reply = talk.hears(FORM, text, intent)
    assert reply.said == ["yes_or_no"]
    assert reply.slots["requested_slot"] == asked


# Confirming and changing


def test_the_summary_names_everything(booking):
    reply = booking("booking_confirmed", **WHOLE, booking_email=EMAIL).hears(
        ActionAskBookingConfirmed(), "Friday", "nlu_fallback"
    )
    assert reply.said == ["booking_summary"]
    (message,) = reply.messages
    assert message["name"] == "Maria"
    assert message["contact"] == f"{PHONE}, {EMAIL}"
    assert message["when"] == FRIDAY["words"]
    assert message["shared"] == message["slip"] == ""


def test_the_summary_points_to_a_slip_in_the_address(booking):
    talk = booking("booking_confirmed", **WHOLE, booking_email="maria@gmial.com")
    reply = talk.hears(ActionAskBookingConfirmed(), "Friday", "nlu_fallback")
    assert "gmail.com" in reply.messages[0]["slip"]


def test_the_summary_says_that_the_doctor_sees_the_health_answers(booking, services):
    talk = booking("booking_confirmed", **WHOLE, booking_share_check="yes")
    reply = talk.hears(ActionAskBookingConfirmed(), "yes", "affirm")
    assert reply.messages[0]["shared"] == services.phrases["booking"]["shared"] != ""


@pytest.mark.parametrize(("text", "intent"), [("yes", "affirm"), ("", "affirm"), ("send it", "x")])
def test_a_yes_completes_the_request(booking, text, intent):
    reply = booking("booking_confirmed", **WHOLE).hears(FORM, text, intent)
    assert reply.slots["booking_confirmed"] == "yes"
    assert reply.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ok stop", "stop"),
        ("all right, stop", "stop"),
        ("ok does it hurt", "ask_pain"),
        ("fine, I want a person", "human_handoff"),
        ("ok delete my data", "delete_data/erase"),
    ],
)
def test_a_request_that_begins_like_a_yes_sends_nothing(booking, text, intent):
    reply = booking("booking_confirmed", **WHOLE).hears(FORM, text, intent)
    assert reply.slots == {"requested_slot": "booking_confirmed"}


def test_a_request_beside_a_question_sends_nothing(booking):
    questions = [question("ask_pain", "does it hurt?")]
    text = "ok stop, does it hurt?"
    reply = booking("booking_confirmed", **WHOLE).hears(FORM, text, "stop", questions=questions)
    assert "booking_confirmed" not in reply.slots


@pytest.mark.parametrize(
    ("text", "intent"), [("no", "deny"), ("", "deny"), ("change something", "nlu_fallback")]
)
def test_a_no_to_the_summary_asks_what_to_change(booking, text, intent):
    reply = booking("booking_confirmed", **WHOLE).hears(FORM, text, intent)
    assert reply.slots["requested_slot"] == "booking_change"
    assert reply.slots.get("booking_confirmed") != "yes"


@pytest.mark.parametrize(
    ("text", "asked_next"),
    [
        ("change the name", "booking_name"),
        ("name", "booking_name"),
        ("the phone number", "booking_phone"),
        ("my e-mail", "booking_phone"),
        ("the day", "booking_time"),
    ],
)
def test_the_field_to_change_is_asked_again(booking, text, asked_next):
    talk = booking("booking_change", **WHOLE, booking_change="yes")
    reply = talk.hears(FORM, text, "nlu_fallback")
    assert reply.slots["requested_slot"] == asked_next
    assert talk.slots["booking_change"] is None


@pytest.mark.parametrize("text", ["change the name", "change the contact", "change the time"])
def test_the_buttons_of_the_change_question_are_understood(booking, domain, text):
    buttons = domain["responses"]["utter_ask_booking_change"][0]["buttons"]
    assert text in [button["payload"] for button in buttons]
    reply = booking("booking_change", **WHOLE, booking_change="yes").hears(FORM, text)
    assert reply.slots["requested_slot"] not in ("booking_change", "booking_confirmed")


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("my number is 694 765 4321", "booking_phone", "+306947654321"),
        ("my name is Eleni", "booking_name", "Eleni"),
        ("maria@example.com", "booking_email", EMAIL),
    ],
)
def test_a_new_detail_instead_of_a_yes_changes_the_request(booking, text, slot, value):
    talk = booking("booking_confirmed", **WHOLE)
    reply = talk.hears(FORM, text, "nlu_fallback")
    assert talk.slots[slot] == value
    assert reply.slots["requested_slot"] == "booking_confirmed"


def test_a_new_day_instead_of_a_yes_changes_the_request(booking):
    talk = booking("booking_confirmed", **WHOLE)
    talk.hears(FORM, "Thursday at 10:00 please", "nlu_fallback")
    assert talk.slots["booking_time"]["day"] == "2026-11-26"
    assert talk.slots["requested_slot"] == "booking_confirmed"


def test_after_a_changed_detail_the_summary_is_shown_again(booking):
    talk = booking("booking_confirmed", **WHOLE)
    talk.hears(FORM, "", "deny")
    talk.hears(FORM, "the name", "nlu_fallback")
    reply = talk.hears(FORM, "Eleni", "nlu_fallback")
    assert talk.slots["booking_name"] == "Eleni"
    assert reply.slots["requested_slot"] == "booking_confirmed"


def test_an_earlier_field_can_be_corrected_before_the_summary(booking):
    talk = booking("booking_time", booking_name="Marai", booking_phone=PHONE)
    reply = talk.hears(FORM, "wait, the name is wrong", "nlu_fallback")
    assert reply.slots["requested_slot"] == "booking_name"
    talk.hears(FORM, "Maria")
    assert talk.slots["requested_slot"] == "booking_time"
    assert talk.slots["booking_name"] == "Maria"


def test_a_corrected_day_keeps_the_hour_that_was_given(booking):
    at_ten = {**FRIDAY, "words": "Friday 27 November 2026, 10:00", "time": "10:00:00"}
    talk = booking("booking_confirmed", **{**WHOLE, "booking_time": at_ten})
    talk.hears(FORM, "actually make it thursday", "nlu_fallback")
    assert talk.slots["booking_time"]["words"] == "Thursday 26 November 2026, 10:00"
    talk.hears(FORM, "any morning", "nlu_fallback")
    assert talk.slots["booking_time"]["words"] == "any day, morning"


def test_a_yes_with_another_persons_details_confirms_and_goes_on(booking, rows):
    talk = booking("booking_confirmed", **WHOLE)
    text = "yes send. now my sister Dee Pike, 694 123 4569, thursday morning"
    talk.hears(FORM, text, "affirm")
    assert talk.slots["booking_confirmed"] == "yes"
    assert talk.slots["booking_name"] == "Maria"
    talk.form = None
    reply = talk.hears(ActionSubmitBooking(), text, "affirm")
    assert [row.name for row in rows(ConsultationRequest)] == ["Maria"]
    assert reply.next_action == "booking_form"
    talk.form = "booking_form"
    talk.hears(FORM, text, "affirm")
    assert talk.slots["booking_name"] == "Dee Pike"
    assert talk.slots["booking_phone"] == "+306941234569"
    assert talk.slots["booking_time"]["words"] == "Thursday 26 November 2026, morning"


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("yes send it and one for my sister Anna, 694 123 4569, thursday morning", True),
        ("yes send, and mum Voula Bell same number as me, thursday 10", True),
        ("yes, and my daughter wants one as well", True),
        ("yes, but make it thursday", False),
        ("no, and one for my sister Anna", False),
        ("yes please, send it", False),
    ],
)
def test_who_confirms_may_go_on_with_another_persons_request(booking, text, goes_on):
    talk = booking("booking_confirmed", **WHOLE)
    talk.hears(FORM, text, "book_consultation")
    assert talk.slots["booking_name"] == "Maria"
    assert talk.slots["booking_time"] == FRIDAY or not goes_on
    talk.slots["booking_confirmed"] = "yes"
    reply = talk.hears(ActionSubmitBooking(), text, "book_consultation")
    assert (reply.next_action == "booking_form") == goes_on


def test_a_condition_beside_a_detail_is_not_passed_over(booking):
    talk = booking("booking_name")
    warfarin = talk.condition("anticoagulants", "blood thinners")
    text = "Toula Bell, 694 123 4569, she takes blood thinners"
    reply = talk.hears(FORM, text, "report_condition", warfarin)
    assert reply.said == ["outcome_not_recommended_noted"]
    assert talk.slots["booking_phone"] == "+306941234569"
    assert talk.slots["reported_conditions"][0]["id"] == "anticoagulants"


def test_a_time_beside_a_question_is_kept(booking):
    talk = booking("booking_time", booking_name="Maria", booking_phone=PHONE)
    asked = [question("ask_pain", "does it hurt")]
    reply = talk.hears(FORM, "thursday morning, does it hurt", "ask_pain", questions=asked)
    assert reply.said == ["pain"]
    assert talk.slots["booking_time"]["words"] == "Thursday 26 November 2026, morning"
    assert reply.slots["requested_slot"] == "booking_confirmed"


def test_a_name_without_a_yes_corrects_the_request(booking):
    talk = booking("booking_confirmed", **WHOLE)
    talk.hears(FORM, "no, my name is Dee Pike", "deny")
    assert talk.slots["booking_name"] == "Dee Pike"
    assert talk.slots["booking_confirmed"] is None


def test_details_beside_a_condition_are_not_asked_for_again(chat):
    talk = chat()
    feeding = talk.condition("breastfeeding", "breastfeeding")
    text = "friday afternoon would suit me, im breastfeeding my baby, I'm Gemma Rowe 694 123 4567"
    talk.hears(ActionReadCondition(), text, "report_condition", feeding)
    assert talk.slots["pending_offer"] == "booking"
    talk.form = "booking_form"
    reply = talk.hears(FORM, "yes", "affirm")
    assert talk.slots["booking_name"] == "Gemma Rowe"
    assert talk.slots["booking_phone"] == "+306941234567"
    assert talk.slots["booking_time"]["words"] == FRIDAY["words"]
    assert reply.slots["requested_slot"] == "booking_confirmed"


def test_a_wrong_number_beside_other_details_is_called_wrong(chat):
    talk = chat(form="booking_form")
    reply = talk.hears(FORM, "me first, I'm Joanne Pike 69412", "book_consultation")
    assert talk.slots["booking_name"] == "Joanne Pike"
    assert "phone_invalid" not in reply.said
    reply = talk.hears(FORM, "friday afternoon, 69412345678901", "nlu_fallback")
    assert reply.said == ["phone_invalid"]
    assert reply.slots["requested_slot"] == "booking_phone"


# Storing


def test_the_confirmed_request_is_stored(chat, rows):
    talk = chat(form="booking_form", **WHOLE, booking_email=EMAIL, booking_confirmed="yes")
    reply = talk.hears(ActionSubmitBooking(), "yes", "affirm")
    (row,) = rows(ConsultationRequest)
    assert reply.said == ["booking_confirmed"]
    assert reply.messages[0]["reference"] == row.reference
    assert (row.name, row.phone, row.email) == ("Maria", PHONE, EMAIL)
    assert (row.preferred_words, row.preferred_part) == (FRIDAY["words"], "afternoon")
    assert row.preferred_day.isoformat() == FRIDAY["day"]
    assert row.conversation_id == talk.sender
    assert row.health_check_id is None
    assert {talk.slots[name] for name in SLOTS} == {None}


def test_the_same_request_is_not_stored_twice(chat, stored, rows):
    talk, reference = stored
    talk.slots |= {**WHOLE, "booking_confirmed": "yes"}
    reply = talk.hears(ActionSubmitBooking(), "yes", "affirm")
    assert reply.said == ["booking_already_stored"]
    assert reply.messages[0]["reference"] == reference
    assert len(rows(ConsultationRequest)) == 1


@pytest.mark.parametrize("confirmed", [None, "no"])
def test_without_a_yes_nothing_is_stored(chat, rows, confirmed):
    talk = chat(form="booking_form", **WHOLE, booking_confirmed=confirmed)
    reply = talk.hears(ActionSubmitBooking(), "no", "deny")
    assert reply.said == ["booking_stopped"]
    assert rows(ConsultationRequest) == []


@pytest.mark.parametrize(("share", "linked"), [("yes", True), ("no", False), (None, False)])
def test_the_doctor_sees_the_check_only_if_the_patient_agreed(chat, services, rows, share, linked):
    with services.database.session() as session:
        check = add_check(session, "patient-1", "ask_doctor", ["aspirin"], "v1", NOW)
    result = {"id": check.id, "outcome": "ask_doctor"}
    talk = chat(**WHOLE, booking_confirmed="yes", booking_share_check=share, check_result=result)
    talk.hears(ActionSubmitBooking(), "yes", "affirm")
    assert rows(ConsultationRequest)[0].health_check_id == (check.id if linked else None)


def test_stopping_sends_nothing_and_forgets_the_details(chat, rows):
    talk = chat(form="booking_form", **WHOLE)
    reply = talk.hears(ActionStopBooking(), "stop", "stop")
    assert reply.said == ["booking_stopped"]
    assert rows(ConsultationRequest) == []
    assert {talk.slots[name] for name in SLOTS} == {None}
