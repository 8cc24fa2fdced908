"""A person instead of the assistant: the hand-over and the wish to be called back."""

import pytest

from actions.people import (
    ActionHandOver,
    ActionStopCallback,
    ActionSubmitCallback,
    ValidateCallbackForm,
)
from clinic.storage.models import Handoff

FORM = ValidateCallbackForm()
PHONE, EMAIL = "+306941234567", "maria@example.com"


def test_handing_over_gives_the_contact_marks_the_conversation_and_offers_a_call(chat, rows):
    talk = chat()
    reply = talk.hears(ActionHandOver(), "I want a person", "human_handoff")
    (row,) = rows(Handoff)
    assert reply.said == ["human_handoff"]
    assert (row.conversation_id, row.reason, row.status) == (talk.sender, "asked", "open")
    assert reply.slots == {"pending_offer": "callback"}
    assert not reply.leaves_form


def test_what_is_asked_beside_the_wish_for_a_person_is_answered(chat):
    asked = [{"intent": "ask_pain", "theme": None, "text": "does it hurt"}]
    text = "can someone ring me, does it hurt"
    reply = chat().hears(ActionHandOver(), text, "human_handoff", questions=asked)
    assert reply.said == ["pain", "human_handoff"]
    assert reply.slots["pending_offer"] == "callback"


def test_asking_twice_leaves_one_mark(chat, rows):
    talk = chat()
    talk.hears(ActionHandOver(), "a person", "human_handoff")
    talk.hears(ActionHandOver(), "a person!", "human_handoff")
    assert len(rows(Handoff)) == 1


@pytest.mark.parametrize("form", ["check_form", "booking_form", "callback_form"])
def test_a_form_is_left_for_a_person(chat, form):
    talk = chat(form=form, asked=f"{form.removesuffix('form')}name")
    reply = talk.hears(ActionHandOver(), "I want a person", "human_handoff")
    assert reply.leaves_form
    assert talk.slots["requested_slot"] is None
    assert talk.slots["pending_offer"] == "callback"


def test_a_condition_said_with_the_wish_for_a_person_is_answered(chat):
    talk = chat()
    pregnant = talk.condition("pregnancy", "pregnant")
    text = "I'm pregnant, let me talk to a doctor"
    reply = talk.hears(ActionHandOver(), text, "human_handoff", pregnant)
    assert reply.said == ["outcome_not_recommended_noted", "human_handoff"]


# Reading


def test_the_callback_starts_with_the_name(chat):
    reply = chat(form="callback_form").hears(FORM, "", "affirm")
    assert reply.slots["requested_slot"] == "callback_name"
    assert reply.said == []


@pytest.mark.parametrize(
    ("told", "contact"),
    [({"booking_phone": PHONE}, PHONE), ({"booking_email": EMAIL}, EMAIL)],
)
def test_what_was_said_in_a_booking_is_not_asked_again(chat, told, contact):
    talk = chat(form="callback_form", booking_name="Maria", **told)
    reply = talk.hears(FORM, "yes", "affirm")
    assert (talk.slots["callback_name"], talk.slots["callback_phone"]) == ("Maria", contact)
    assert reply.slots["requested_slot"] is None


def test_everything_said_at_once_is_taken_at_once(chat):
    talk = chat(form="callback_form")
    talk.hears(FORM, "yes, I'm Maria, 694 123 4567", "affirm")
    assert (talk.slots["callback_name"], talk.slots["callback_phone"]) == ("Maria", PHONE)
    assert talk.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        ("callback_name", "Maria", "Maria"),
        ("callback_phone", "694 123 4567", PHONE),
        ("callback_phone", "maria@example.com", EMAIL),
    ],
)
def test_a_reply_fills_what_was_asked_for(chat, asked, text, value):
    talk = chat(form="callback_form", asked=asked)
    talk.hears(FORM, text)
    assert talk.slots[asked] == value


@pytest.mark.parametrize(
    ("asked", "text", "said"),
    [
        ("callback_name", "12345", "name_not_understood"),
        ("callback_phone", "bananas", "contact_not_understood"),
        ("callback_phone", "69412345", "phone_invalid"),
        ("callback_phone", "maria@nowhere", "email_invalid"),
    ],
)
def test_what_was_wrong_is_said(chat, asked, text, said):
    reply = chat(form="callback_form", asked=asked, callback_name="Maria").hears(FORM, text)
    assert reply.said == [said]


def test_a_question_in_between_fills_nothing(chat):
    talk = chat(form="callback_form", asked="callback_name")
    reply = talk.hears(FORM, "does it hurt?", "ask_pain")
    assert reply.slots == {"requested_slot": "callback_name"}


def test_a_detail_wins_over_what_the_message_resembles(chat):
    talk = chat(form="callback_form", asked="callback_phone", callback_name="Maria")
    talk.hears(FORM, "call me on 694 123 4567", "human_handoff")
    assert talk.slots["callback_phone"] == PHONE


# Storing


@pytest.mark.parametrize(
    ("contact", "phone", "email"), [(PHONE, PHONE, None), (EMAIL, None, EMAIL)]
)
def test_the_wish_to_be_called_is_stored(chat, rows, contact, phone, email):
    talk = chat(form="callback_form", callback_name="Maria", callback_phone=contact)
    reply = talk.hears(ActionSubmitCallback(), contact)
    (row,) = rows(Handoff)
    assert reply.said == ["callback_confirmed"]
    assert reply.messages[0]["name"] == "Maria"
    assert reply.messages[0]["contact"] == contact
    assert (row.reason, row.name, row.phone, row.email) == ("callback", "Maria", phone, email)
    assert (talk.slots["callback_name"], talk.slots["callback_phone"]) == (None, None)
    assert talk.slots["pending_offer"] is None


def test_stopping_stores_nothing(chat, rows):
    talk = chat(form="callback_form", callback_name="Maria", callback_phone=PHONE)
    reply = talk.hears(ActionStopCallback(), "stop", "stop")
    assert reply.said == ["callback_stopped"]
    assert rows(Handoff) == []
    assert (talk.slots["callback_name"], talk.slots["callback_phone"]) == (None, None)
