"""Replies to what was not understood, and small talk."""

from __future__ import annotations

from itertools import takewhile

from rasa_sdk.events import FollowupAction, SlotSet

from actions.after_red_flag import stays_with_red_flag
from actions.answering import answered_beside, intent_button, take_note_of_echo
from actions.base import Events, SafeAction
from actions.reports import (
    answer_correction,
    known_reports,
    remind_of_reports,
    say_outcome,
    take_note_of_conditions,
)
from actions.stored_requests import (
    asks_about_cancelling,
    cancel_request,
    says_which_to_cancel,
    what_a_contact_is_for,
)
from actions.turn import Turn
from clinic.content.replies import YES
from clinic.eligibility import decide
from clinic.storage import feedback, handoffs

_MISSES = ("nlu_fallback", "out_of_scope")
_OFFERED_FORMS = {"callback": "callback_form", "booking": "booking_form"}
_SUGGESTED = 3
_WORTH_SUGGESTING = 0.05


class ActionClarify(SafeAction):
    """Asks again with the likeliest topics, then suggests, then offers a person."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_clarify"

    def perform(self, turn: Turn) -> Events:
        """Utters one step of the three; the count is read from the conversation."""
        if action := _action_that_is_answered(turn):
            return [FollowupAction(action)]
        if says_which_to_cancel(turn):
            return cancel_request(turn)
        if echoed := take_note_of_echo(turn):
            return echoed
        events = take_note_of_conditions(turn)
        if stays_with_red_flag(turn):
            return [*events, SlotSet("pending_offer", None)]
        if not events:
            remind_of_reports(turn)
        misses = len(list(takewhile(_MISSES.__contains__, turn.user_intents_backwards())))
        offer = None
        if misses >= 3:
            turn.say("utter_offer_person")
            offer = "callback"
            with turn.services.database.session() as session:
                handoffs.mark(session, turn.conversation_id, "misunderstood", turn.services.now())
        elif misses == 2:
            turn.say("utter_suggestions")
        elif turn.intent == "out_of_scope":
            turn.say("utter_out_of_scope")
        elif buttons := _likeliest(turn):
            turn.say("utter_not_understood", buttons=buttons)
        else:
            turn.say("utter_not_understood_bare")
        return [*events, SlotSet("pending_offer", offer)]


def _action_that_is_answered(turn: Turn) -> str | None:
    """What goes on when the patient says yes to a form that was offered, or how to be reached."""
    offered = _OFFERED_FORMS.get(turn.slot("pending_offer") or "")
    if meant := what_a_contact_is_for(turn):
        return offered or meant
    # "Y eleni"
    return offered if turn.services.replies.read(turn.text) == YES else None


def _likeliest(turn: Turn) -> list[dict[str, str]]:
    """Buttons for the likeliest topics of a message below the threshold."""
    ranking = turn.message.get("intent_ranking") or []
    likely = [i["name"] for i in ranking if i.get("confidence", 0) >= _WORTH_SUGGESTING]
    buttons = [intent_button(turn, intent) for intent in likely]
    return [button for button in buttons if button][:_SUGGESTED]


class ActionReply(SafeAction):
    """Small talk: the response that belongs to the intent."""

    introduces = False

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_reply"

    def perform(self, turn: Turn) -> Events:
        """Utters the response; a greeting introduces the assistant at first contact only.

        What is asked beside it is answered: "Are you a robot? And how many sessions?"
        """
        if echoed := take_note_of_echo(turn):
            return echoed
        events = [*take_note_of_conditions(turn), SlotSet("pending_offer", None)]
        if stays_with_red_flag(turn):
            return events
        remind_of_reports(turn)
        if turn.intent == "greet" and not turn.is_first_contact:
            turn.say("utter_greet_again")
        elif turn.intent in ("thanks", "affirm", "goodbye") and turn.is_first_contact:
            turn.say("utter_greet")
        else:
            turn.say(f"utter_{turn.intent}")
        if turn.intent == "other_language":
            return events
        return [*events, *answered_beside(turn, leads_on=True)]


class ActionDeclineOffer(SafeAction):
    """A no, a not sure or a stop outside a form."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_decline_offer"

    def perform(self, turn: Turn) -> Events:
        """Closes what was offered."""
        if stays_with_red_flag(turn):
            return []
        asks_back = turn.intent == "deny" and turn.text.endswith("?")
        if asks_back and (reports := known_reports(turn)):
            # "So that's a no?" asks about what was said of a condition, and refuses nothing.
            say_outcome(turn, decide(turn.services.check, {}, reports))
            return [SlotSet("pending_offer", "booking")]
        if corrected := answer_correction(turn):
            return corrected
        if turn.intent == "stop" and says_which_to_cancel(turn):
            # "Cancel Eva's"
            return cancel_request(turn)
        if turn.intent == "stop" and (asked := asks_about_cancelling(turn)):
            return asked
        if turn.intent == "stop" and not turn.slot("pending_offer"):
            turn.say("utter_nothing_to_stop")
        elif turn.intent == "not_sure":
            turn.say("utter_not_sure")
        else:
            turn.say("utter_offer_declined")
        return [SlotSet("pending_offer", None)]


class ActionRecordFeedback(SafeAction):
    """Praise and complaints, kept with the topic that they are about."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_record_feedback"

    def perform(self, turn: Turn) -> Events:
        """Stores the rating and answers it."""
        if corrected := answer_correction(turn):
            return corrected
        rating = "up" if turn.intent == "feedback_positive" else "down"
        with turn.services.database.session() as session:
            feedback.add(
                session, turn.conversation_id, rating, turn.slot("topic"), turn.services.now()
            )
        if not stays_with_red_flag(turn):
            turn.say(f"utter_{turn.intent}")
        return [SlotSet("pending_offer", None)]
