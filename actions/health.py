"""Messages in which patients tell about a condition or a medicine."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.after_red_flag import reminds_of_red_flag
from actions.answering import answer_questions, questions_of
from actions.base import Events, SafeAction
from actions.reports import (
    answer_correction,
    corrects_reports,
    known_reports,
    mentions_with,
    remind_of_reports,
    take_note_of_conditions,
)
from actions.stored_requests import what_a_contact_is_for
from actions.turn import Turn

_ASKS_FOR_A_VERDICT = "ask_is_it_safe"
_ASKS_FOR_THE_LIST = ("ask_contraindications", "ask_roller_contraindications")
_ASKS_WHEN = "ask_interval"
# "Can I have it the week after?" asks whether, "can I have it every week?" how often.
_MAY_I = re.compile(
    r"^\W*(?:(?:so|and|then) )?(?:can|could|may|should) (?:i|she|he|we) (?:still |then )?"
    r"(?:have|get|do|take|book|come|start)\b(?!.*\b(?:every|each|often|apart|between)\b)",
    re.IGNORECASE,
)
_OF_ONESELF = re.compile(r"\b(?:i|me|my)\b", re.IGNORECASE)
# "What illnesses would stop me?" asks for the list all the same.
_WHICH = re.compile(r"\b(?:what|which|who|list)\b", re.IGNORECASE)


class ActionReadCondition(SafeAction):
    """Answers a message in which the patient tells about a condition or a medicine."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_read_condition"

    def perform(self, turn: Turn) -> Events:
        """Utters the outcome of what was told; text never clears anything."""
        reminds_of_red_flag(turn)
        is_there = bool(mentions_with(turn, "present"))
        questions = [q for q in questions_of(turn) if not _is_answered_by_outcome(q, is_there)]
        # Inside a form the form's own question follows; an offer before it would be a second one.
        offers = not questions and not turn.active_form
        if corrects_reports(turn) and turn.active_form:
            # The form asks its own question next; a second one would be too many.
            turn.say("utter_check_reopened")
            return answer_questions(turn, questions)
        if corrected := answer_correction(turn):
            return [*answer_questions(turn, questions), *corrected]
        if noted := take_note_of_conditions(turn, with_offer=offers):
            answered = answer_questions(turn, questions)
            return [*noted, *answered, SlotSet("pending_offer", "booking" if offers else None)]
        is_read = mentions_with(turn, "denied") or mentions_with(turn, "not_own")
        if not turn.active_form and not is_read and (meant := what_a_contact_is_for(turn)):
            # "And me, Niki Bell 694 ..." only sounds like a matter of health.
            return [FollowupAction(meant)]
        remind_of_reports(turn)
        offer: str | None = "check"
        if turn.active_form:
            turn.say("utter_condition_unclear_noted")
            offer = None
        elif mentions_with(turn, "denied"):
            offer = self._say_denied(turn, bool(questions))
        elif mentions_with(turn, "not_own"):
            turn.say("utter_condition_not_own")
            if not questions:
                turn.say("utter_contraindications", answer="contraindications")
            offer = None
        else:
            turn.say("utter_condition_unclear")
        return [*answer_questions(turn, questions), SlotSet("pending_offer", offer)]

    @staticmethod
    def _say_denied(turn: Turn, asks: bool) -> str | None:
        """Says that a message clears nothing; returns what is offered.

        Where nothing was told before, a denial beside a question needs no words: "I'm not pregnant
        or anything, how many sessions?"
        """
        if known_reports(turn):
            turn.say("utter_condition_denied")
        elif asks:
            return None
        else:
            turn.say("utter_condition_denied_at_first")
        return "check"


def _is_answered_by_outcome(question: dict[str, Any], is_there: bool) -> bool:
    """A condition that is there answers "who should not?"; one that may be there does not.

    "Can I still have it?" asks for no list in any case.
    """
    if question["intent"] in _ASKS_FOR_THE_LIST:
        words = question["text"]
        return is_there or bool(_OF_ONESELF.search(words) and not _WHICH.search(words))
    if question["intent"] == _ASKS_WHEN:
        return bool(_MAY_I.search(question["text"]))
    return bool(question["intent"] == _ASKS_FOR_A_VERDICT)
