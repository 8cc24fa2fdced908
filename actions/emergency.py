"""The mark on a conversation with a red flag; the words about it are the Rasa server's."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import Events, SafeAction
from actions.forms import left
from actions.turn import Turn
from clinic.storage import handoffs


class ActionFlagUrgent(SafeAction):
    """Marks the conversation for the staff and leaves whatever was going on.

    The Rasa server has said `utter_urgent_symptoms` already, with the emergency number.
    """

    introduces = False

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_flag_urgent"

    def perform(self, turn: Turn) -> Events:
        """Stores the mark."""
        reason = "self_harm" if turn.intent == "self_harm" else "urgent"
        with turn.services.database.session() as session:
            handoffs.mark(session, turn.conversation_id, reason, turn.services.now())
        return self.events_after_failure(turn.tracker)

    def events_after_failure(self, tracker: Tracker) -> Events:
        """Leaves the form, stored or not."""
        slots = tuple(
            name
            for name in tracker.slots
            if name.startswith(("check_", "booking_", "callback_")) and name != "check_result"
        )
        return [*left(slots), SlotSet("pending_offer", None)]
