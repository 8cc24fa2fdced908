"""What all forms have in common: each can be started, left and begun again without a trace."""

from __future__ import annotations

import pytest
import yaml

from actions.booking import ActionStopBooking, ActionSubmitBooking, ValidateBookingForm
from actions.check import ActionStopCheck, ActionSubmitCheck, ValidateCheckForm
from actions.people import ActionStopCallback, ActionSubmitCallback, ValidateCallbackForm
from clinic.settings import PROJECT_ROOT
from tests.actions.test_booking import FRIDAY

FORMS = {
    "check_form": (ValidateCheckForm(), ActionSubmitCheck(), ActionStopCheck()),
    "booking_form": (ValidateBookingForm(), ActionSubmitBooking(), ActionStopBooking()),
    "callback_form": (ValidateCallbackForm(), ActionSubmitCallback(), ActionStopCallback()),
}
FILLED = {
    "check_form": dict.fromkeys(
        (
            "check_consent",
            "check_pregnancy",
            "check_blood",
            "check_diabetes",
            "check_heart",
            "check_immunity",
            "check_weight",
        ),
        "yes",
    ),
    "booking_form": {
        "booking_name": "Maria",
        "booking_phone": "+306941234567",
        "booking_email": "maria@example.com",
        "booking_time": FRIDAY,
        "booking_share_check": "no",
        "booking_change": "yes",
        "booking_confirmed": "yes",
        "booking_reference": "C-234679",
    },
    "callback_form": {"callback_name": "Maria", "callback_phone": "+306941234567"},
}
DOMAIN = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text(encoding="utf-8"))


def own_slots(form):
    prefix = form.removesuffix("form")
    return {slot for slot in DOMAIN["slots"] if slot.startswith(prefix)} - {"check_result"}


def test_the_forms_here_are_those_of_the_domain():
    assert FORMS.keys() == DOMAIN["forms"].keys()
    for form, slots in FILLED.items():
        assert slots.keys() == own_slots(form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ends", ["submit", "stop"])
def test_no_slot_of_a_form_outlives_it(chat, form, ends):
    talk = chat(form=form, asked=next(iter(FILLED[form])), form_retries=1, **FILLED[form])
    action = FORMS[form][1 if ends == "submit" else 2]
    reply = talk.hears(action, "yes", "affirm")
    assert reply.said != ["failure"]
    assert {slot for slot in own_slots(form) if talk.slots[slot] is not None} == set()
    assert (talk.slots["form_retries"], talk.slots["requested_slot"]) == (None, None)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_begins_with_its_first_question(chat, form):
    reader = FORMS[form][0]
    reply = chat(form=form).hears(reader, "yes", "affirm")
    assert reply.slots["requested_slot"] == DOMAIN["forms"][form]["required_slots"][0]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_asks_for_nothing_that_the_domain_cannot_ask(chat, form):
    reader = FORMS[form][0]
    talk = chat(form=form, check_result={"id": 1, "outcome": "ask_doctor"})
    asked, missing = set(), dict(FILLED[form])
    missing |= {slot: None for slot in ("booking_change",) if slot in missing}
    talk.hears(reader, "yes", "affirm")
    while slot := talk.slots["requested_slot"]:
        assert slot not in asked
        asked.add(slot)
        talk.slots[slot] = missing[slot]
        talk.hears(reader, "does it hurt?", "ask_pain", interrupted=True)
    assert asked <= set(DOMAIN["forms"][form]["required_slots"])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "intent",
    ["urgent_symptoms", "self_harm", "stop", "delete_data/erase", "human_handoff", "ask_pain"],
)
def test_a_serious_message_is_never_swallowed_by_a_form(chat, form, intent):
    if intent == FORMS[form][0].start_intent:
        intent = "stop"
    asked = DOMAIN["forms"][form]["required_slots"][0]
    reply = chat(form=form, asked=asked).hears(FORMS[form][0], "please help", intent)
    assert reply.said == []
    assert reply.slots == {"requested_slot": asked}


@pytest.mark.parametrize("intent", ["urgent_symptoms", "self_harm"])
@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("check_form", "yes, and my throat is swelling"),
        ("check_form", "no, but I cannot breathe"),
        ("check_form", "I am pregnant and cannot breathe"),
        ("booking_form", "I'm Maria, 694 123 4567, I cannot breathe"),
        ("callback_form", "I'm Maria, 694 123 4567, I cannot breathe"),
    ],
)
def test_a_red_flag_is_left_to_the_rules_whatever_else_the_message_holds(chat, form, text, intent):
    asked = DOMAIN["forms"][form]["required_slots"][-1]
    told = {slot: FILLED[form][slot] for slot in DOMAIN["forms"][form]["required_slots"]}
    talk = chat(form=form, asked=asked, **{**told, asked: None})
    entities = [talk.condition("pregnancy", "pregnant")] if "pregnant" in text else []
    reply = talk.hears(FORMS[form][0], text, intent, *entities, confidence=1.0)
    # Any other slot makes Rasa take the message for an answer to the form.
    assert reply.slots == {"requested_slot": asked}
    assert reply.said == []
