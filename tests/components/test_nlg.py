"""Responses that know the clinic."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from clinic.profile import load_profile
from clinic.settings import load_settings
from components.nlg import ClinicResponses

DOMAIN = Domain.from_dict(
    {
        "slots": {"topic": {"type": "any", "mappings": [{"type": "custom"}]}},
        "responses": {
            "utter_call": [{"text": "Call {clinic_phone}, or {emergency_number}."}],
            "utter_said": [{"text": "You said {topic}."}],
            "utter_name": [
                {
                    "text": "Hello {name}, here is {clinic_name}.",
                    "buttons": [{"title": "Call {clinic_phone}", "payload": "/call"}],
                }
            ],
        },
    }
)


@pytest.fixture(scope="module")
def responses() -> ClinicResponses:
    return ClinicResponses(EndpointConfig(), DOMAIN)


def said(responses: ClinicResponses, response: str, **values: Any) -> dict[str, Any]:
    tracker = DialogueStateTracker("patient-1", DOMAIN.slots)
    tracker.update(SlotSet("topic", "<secret>"))
    message = asyncio.run(responses.generate(response, tracker, "rest", **values))
    assert message is not None
    return message


def test_the_clinics_own_data_stand_in_a_text(responses: ClinicResponses) -> None:
    profile = load_profile(load_settings().content_dir)
    text = said(responses, "utter_call")["text"]
    assert text == f"Call {profile.phone}, or {profile.emergency_number}."


def test_values_of_an_action_and_of_the_clinic_stand_side_by_side(
    responses: ClinicResponses,
) -> None:
    profile = load_profile(load_settings().content_dir)
    message = said(responses, "utter_name", name="Maria")
    assert message["text"] == f"Hello Maria, here is {profile.name}."
    assert message["buttons"][0]["title"] == f"Call {profile.phone}"


def test_a_slot_reaches_no_text_by_itself(responses: ClinicResponses) -> None:
    assert "<secret>" not in said(responses, "utter_said")["text"]


@pytest.mark.parametrize("name", ["{clinic_phone}", "{0}", "{", "}}", "{name.__class__}"])
def test_what_a_patient_typed_is_no_template(responses: ClinicResponses, name: str) -> None:
    assert said(responses, "utter_name", name=name)["text"].startswith(f"Hello {name}, here is ")


def test_one_message_does_not_change_the_next(responses: ClinicResponses) -> None:
    said(responses, "utter_name", name="Maria")
    assert said(responses, "utter_name", name="Eleni")["text"].startswith("Hello Eleni")


def test_a_response_that_does_not_exist_is_no_message(responses: ClinicResponses) -> None:
    tracker = DialogueStateTracker("patient-1", DOMAIN.slots)
    assert asyncio.run(responses.generate("utter_unknown", tracker, "rest")) is None
