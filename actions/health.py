"""Messages in which patients tell about a condition or a medicine."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.answering import answer_questions, questions_of
from actions.base import Events, SafeAction
from actions.reports import mentions_with, take_note_of_conditions
from actions.turn import Turn

_ASKS_FOR_A_VERDICT = "ask_is_it_safe"
_ASKS_FOR_THE_LIST = ("ask_contraindications", "ask_roller_contraindications")


class ActionReadCondition(SafeAction):
    """Answers a message in which the patient tells about a condition or a medicine."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_read_condition"

    def perform(self, turn: Turn) -> Events:
        """Utters the outcome of what was told; text never clears anything."""
        # A condition that is there answers "who should not?"; one that may be there does not.
        by_outcome = {_ASKS_FOR_A_VERDICT}
        if mentions_with(turn, "present"):
            by_outcome.update(_ASKS_FOR_THE_LIST)
        questions = [q for q in questions_of(turn) if q["intent"] not in by_outcome]
        # Inside a form the form's own question follows; an offer before it would be a second one.
        offers = not questions and not turn.active_form
        if noted := take_note_of_conditions(turn, with_offer=offers):
            answered = answer_questions(turn, questions) if questions else []
            return [*noted, *answered, SlotSet("pending_offer", "booking" if offers else None)]
        offer: str | None = "check"
        if turn.active_form:
            turn.say("utter_condition_unclear_noted")
            offer = None
        elif mentions_with(turn, "denied"):
            turn.say("utter_condition_denied")
        elif mentions_with(turn, "not_own"):
            turn.say("utter_condition_not_own")
            if not questions:
                turn.say("utter_contraindications", answer="contraindications")
            offer = None
        else:
            turn.say("utter_condition_unclear")
        answered = answer_questions(turn, questions) if questions else []
        return [*answered, SlotSet("pending_offer", offer)]
