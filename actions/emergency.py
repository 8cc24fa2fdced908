"""What follows the words about a red flag."""

from __future__ import annotations

from itertools import dropwhile

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import Events, SafeAction
from actions.forms import left
from actions.turn import RED_FLAGS, Turn
from clinic.storage import handoffs

# What leaves a red flag where it is: it asks for nothing that the article could answer.
_SMALL_WORDS = (
    "affirm",
    "deny",
    "feedback_negative",
    "feedback_positive",
    "goodbye",
    "greet",
    "human_handoff",
    "nlu_fallback",
    "not_sure",
    "out_of_scope",
    "stop",
    "thanks",
)


def stays_with_red_flag(turn: Turn) -> bool:
    """Says again where help is, when small words follow a red flag.

    "Ok", "no" and what is not understood may come from somebody who is still in danger; an offer
    to talk about the treatment would be out of place.

    Returns:
        Whether it was said; no offer to talk about the treatment should follow then.
    """
    larger = dropwhile(_SMALL_WORDS.__contains__, turn.user_intents_backwards())
    intent = next(larger, None)
    if intent not in RED_FLAGS:
        return False
    turn.say(f"utter_after_{intent}")
    return True


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
