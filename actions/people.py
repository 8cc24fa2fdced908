"""Handing over to a person, and the wish to be called back."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.after_red_flag import stays_with_red_flag
from actions.answering import answered_beside
from actions.base import Events, SafeAction
from actions.details import (
    contact_in_words,
    details_in,
    read_requested_name,
    say_rejection,
)
from actions.forms import FormReader, cleared, left
from actions.reports import take_note_of_conditions
from actions.turn import Turn
from clinic.storage import handoffs

NAME, CONTACT = "callback_name", "callback_phone"
SLOTS = (NAME, CONTACT)


class ActionHandOver(SafeAction):
    """Gives the clinic's contact, marks the conversation for the staff, offers a call back."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_hand_over"

    def perform(self, turn: Turn) -> Events:
        """Leaves a form that is going on: the patient wants a person, not the next question."""
        events = [*take_note_of_conditions(turn), *answered_beside(turn)]
        with turn.services.database.session() as session:
            handoffs.mark(session, turn.conversation_id, "asked", turn.services.now())
        # "Should I call?" after an emergency: not only in opening hours.
        stays_with_red_flag(turn)
        turn.say("utter_human_handoff")
        if turn.active_form:
            events = [*events, *left(SLOTS)]
        return [*events, SlotSet("pending_offer", "callback")]


class ValidateCallbackForm(FormReader):
    """Reads name and phone number or e-mail address."""

    form = "callback_form"
    start_intent = "human_handoff"

    def read_start(self, turn: Turn) -> dict[str, Any]:
        """Takes what was said before, in a consultation request that the patient left."""
        return {
            NAME: turn.slot("booking_name"),
            CONTACT: turn.slot("booking_phone") or turn.slot("booking_email"),
            **self._found(turn),
        }

    def read_reply(self, turn: Turn, requested: str) -> dict[str, Any] | None:
        """Reads the reply to the pending question."""
        found = self._found(turn)
        if not found and self.is_request(turn):
            return None
        if requested == NAME and NAME not in found and not self.is_chat(turn):
            found.update({NAME: name} if (name := read_requested_name(turn)) else {})
        return found or None

    def next_question(self, turn: Turn, values: dict[str, Any]) -> str | None:
        """The first detail that is missing."""
        return next((slot for slot in SLOTS if values.get(slot) is None), None)

    def say_not_understood(self, turn: Turn, requested: str) -> None:
        """Says what was wrong with the detail."""
        say_rejection(turn, "name" if requested == NAME else "contact")

    @staticmethod
    def _found(turn: Turn) -> dict[str, Any]:
        details = details_in(turn)
        found = {NAME: details.get("name"), CONTACT: details.get("phone") or details.get("email")}
        return {slot: value for slot, value in found.items() if value is not None}


class ActionSubmitCallback(SafeAction):
    """Stores the wish to be called back."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_submit_callback"

    def perform(self, turn: Turn) -> Events:
        """Stores it and says when the clinic will call."""
        contact = turn.slot(CONTACT)
        phone, email = (None, contact) if "@" in contact else (contact, None)
        with turn.services.database.session() as session:
            handoffs.mark(
                session,
                turn.conversation_id,
                "callback",
                turn.services.now(),
                name=turn.slot(NAME),
                phone=phone,
                email=email,
            )
        turn.say(
            "utter_callback_confirmed",
            name=turn.slot(NAME),
            contact=contact_in_words(phone, email),
        )
        return [*cleared(SLOTS), SlotSet("pending_offer", None)]


class ActionStopCallback(SafeAction):
    """Leaves the wish to be called back."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_stop_callback"

    def perform(self, turn: Turn) -> Events:
        """Gives the clinic's number instead."""
        turn.say("utter_callback_stopped")
        return [*cleared(SLOTS), SlotSet("pending_offer", None)]
