"""What is stored about the patient, and its erasure."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.answering import answered_beside
from actions.base import Events, SafeAction
from actions.forms import left
from actions.reports import known_reports, reports_in_words
from actions.turn import Turn
from clinic.content.wording import enumerate_words
from clinic.storage.erasures import erase_conversation, held_data


class ActionHandleDataRequest(SafeAction):
    """Offers the erasure, tells what is held, or explains how data are kept."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_handle_data_request"

    def perform(self, turn: Turn) -> Events:
        """Leaves a form that is going on: the question of the data comes first."""
        beside = answered_beside(turn)
        offer = None
        if turn.theme == "show":
            self._say_held(turn)
        elif turn.theme == "privacy":
            turn.say("utter_delete_data/privacy")
        else:
            turn.say("utter_delete_data/erase")
            offer = "erasure"
        leaves = left(()) if turn.active_form and offer else []
        return [*beside, *leaves, SlotSet("pending_offer", offer)]

    @staticmethod
    def _say_held(turn: Turn) -> None:
        if told := known_reports(turn):
            turn.say("utter_told_in_chat", findings=reports_in_words(turn, told))
        phrases = turn.services.phrases
        with turn.services.database.reading() as session:
            held = held_data(session, turn.conversation_id)
        words = [
            phrases["held"][kind].format(references=", ".join(held.references))
            for kind, count in held.counts.items()
            if count
        ]
        if words:
            turn.say("utter_delete_data/show", held=enumerate_words(words, phrases["and"]))
        else:
            turn.say("utter_held_data_none")


class ActionEraseData(SafeAction):
    """Erases what is stored from this conversation."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_erase_data"

    def perform(self, turn: Turn) -> Events:
        """Erases the clinic's rows; the event makes the tracker store forget the conversation."""
        with turn.services.database.session() as session:
            receipt = erase_conversation(
                session,
                turn.conversation_id,
                turn.services.settings.conversation_key(),
                turn.services.now(),
            )
        turn.say("utter_data_erased", receipt=receipt.conversation_hash)
        return [SlotSet("conversation_erased", True)]
