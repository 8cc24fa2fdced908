"""What the forms share: reading a message for the pending question, leaving, and asking again."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet

from actions.answering import answered_beside, questions_of
from actions.base import Events, SafeAction
from actions.reports import own_mentions, take_note_of_conditions
from actions.turn import RED_FLAGS, Turn
from clinic.content.replies import NO, UNSURE, YES

REQUESTED_SLOT, RETRIES = "requested_slot", "form_retries"

_SURE, _SURE_CHAT = 0.4, 0.6
_SMALL_TALK = (
    "bot_challenge",
    "feedback_positive",
    "feedback_negative",
    "goodbye",
    "greet",
    "other_language",
    "thanks",
)
_QUESTIONS = ("ask_", "not_covered", "clinic_info")
_BUTTONS = {"affirm": YES, "deny": NO, "not_sure": UNSURE}
PATIENCE = 2
"""Messages without an answer to a question, until the form offers a way out."""


def cleared(slots: tuple[str, ...]) -> Events:
    """The events that empty slots, together with the pending question."""
    return [SlotSet(slot, None) for slot in (*slots, RETRIES, REQUESTED_SLOT)]


def left(slots: tuple[str, ...]) -> Events:
    """The events that leave a form from an action of its own, e.g. on a red flag."""
    return [ActiveLoop(None), *cleared(slots)]


def unanswered(turn: Turn) -> int:
    """How many messages in a row, the latest included, have not answered the pending question."""
    return (turn.slot(RETRIES) or 0) + 1


class FormReader(SafeAction):
    """Base of the `validate_<form>` actions.

    Rasa runs it when the form starts, for each message inside the form, and when the form comes
    back after a digression. It returns the slots that it could fill and names the next question
    itself. A message that is none of the form's business fills nothing: Rasa then lets the rules
    answer it.
    """

    form: str
    start_intent: str
    speaks_later = True
    notes_conditions = True

    @abstractmethod
    def read_start(self, turn: Turn) -> dict[str, Any]:
        """Returns the slots that the message which starts the form fills already."""

    @abstractmethod
    def read_reply(self, turn: Turn, requested: str) -> dict[str, Any] | None:
        """Returns the slots that a message fills, or None when it says nothing to the form."""

    def read_return(self, turn: Turn, requested: str) -> dict[str, Any]:
        """Returns the slots that coming back from a digression fills."""
        return {}

    @abstractmethod
    def next_question(self, turn: Turn, values: dict[str, Any]) -> str | None:
        """Returns the slot to ask for, given all slot values; None when the form is complete."""

    @abstractmethod
    def say_not_understood(self, turn: Turn, requested: str) -> None:
        """Says how the pending question can be answered."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"validate_{self.form}"

    def perform(self, turn: Turn) -> Events:
        """Reads the message for the form."""
        requested = turn.slot(REQUESTED_SLOT)
        if not self._is_own(requested):
            started = self.read_start(turn)
            return [*answered_beside(turn), *self._filled(turn, started)]
        if turn.intent in RED_FLAGS:
            return self._filled(turn, {})
        if self._returns_from_digression(turn):
            return self._filled(turn, self.read_return(turn, requested))
        read = self.read_reply(turn, requested)
        if read is not None:
            noted = self._noted(turn)
            return [*answered_beside(turn), *self._filled(turn, {RETRIES: None, **read, **noted})]
        if self.is_digression(turn):
            return self._filled(turn, {})
        if turn.intent == self.start_intent and not self.is_attempt(turn):
            return self._filled(turn, {RETRIES: None})
        retries = unanswered(turn)
        self.say_not_understood(turn, requested)
        if retries >= PATIENCE:
            turn.say("utter_form_help")
        return self._filled(turn, {RETRIES: retries})

    def reply(self, turn: Turn, about_fact: bool = False) -> str | None:
        """Reads yes, no or not sure from a button or from words.

        Args:
            turn: the turn; a question in the same message is no part of the reply.
            about_fact: whether the question was about a fact, so that "ok" is no answer.
        """
        if not any(character.isalnum() for character in turn.text):
            # A button, or a sign such as a thumb, whose meaning the intent says.
            return _BUTTONS.get(turn.intent)
        reply = turn.services.replies.read(turn.statement, about_fact)
        is_bare = bool(questions_of(turn)) or turn.services.replies.is_bare_yes(turn.statement)
        # "Ok, stop" and "ok, delete my data" only begin like a yes; "how likely is it" is no doubt.
        if reply == YES and self.is_request(turn) and not is_bare:
            return None
        if reply == UNSURE and turn.intent.startswith(_QUESTIONS) and self.is_digression(turn):
            return None
        return reply

    def is_request(self, turn: Turn) -> bool:
        """Whether the message is a digression that wants something, and not small talk."""
        return self.is_digression(turn) and turn.intent not in _SMALL_TALK

    def is_attempt(self, turn: Turn) -> bool:
        """Whether a message tries to answer the pending question, whatever it resembles."""
        return False

    def is_chat(self, turn: Turn) -> bool:
        """Whether a message is plain small talk: a bare "thanks" is no name."""
        is_sure = turn.confidence >= _SURE_CHAT
        return turn.intent in _SMALL_TALK and turn.intent != "other_language" and is_sure

    def is_digression(self, turn: Turn) -> bool:
        """Whether the message is a request or question that the rules answer, not this form."""
        if self.is_attempt(turn):
            return False
        form = turn.domain.get("forms", {}).get(self.form, {})
        ignored = form.get("ignored_intents") or []
        is_sure = turn.intent in ignored and turn.confidence >= _SURE
        return (is_sure and turn.intent != self.start_intent) or len(questions_of(turn)) > 1

    def _noted(self, turn: Turn) -> dict[str, Any]:
        """Says what follows from a condition beside a reply: "694 ..., she takes warfarin"."""
        if not self.notes_conditions or not own_mentions(turn):
            return {}
        return {event["name"]: event["value"] for event in take_note_of_conditions(turn)}

    def events_after_failure(self, tracker: Tracker) -> Events:
        """Keeps the pending question, so that the patient can answer again."""
        requested = tracker.slots.get(REQUESTED_SLOT)
        # The second event makes Rasa take the message as handled instead of asking the rules.
        return [SlotSet(REQUESTED_SLOT, requested), SlotSet(RETRIES, None)] if requested else []

    def _is_own(self, slot: str | None) -> bool:
        # At the start nothing is asked yet, or what is asked is another form's that was left open.
        return slot is not None and slot.startswith(self.form.removesuffix("form"))

    def _returns_from_digression(self, turn: Turn) -> bool:
        # That the loop was interrupted Rasa forgets before it runs this action.
        return any(action != self.form for action in turn.actions_since_message())

    def _filled(self, turn: Turn, read: dict[str, Any]) -> Events:
        values = {**turn.tracker.slots, **read}
        events = [SlotSet(slot, value) for slot, value in read.items()]
        return [*events, SlotSet(REQUESTED_SLOT, self.next_question(turn, values))]
