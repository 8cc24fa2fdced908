"""The contraindication check: consent, six questions, an outcome that never clears anybody."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.after_red_flag import reminds_of_red_flag
from actions.answering import questions_of
from actions.base import Events, SafeAction
from actions.forms import PATIENCE, REQUESTED_SLOT, RETRIES, FormReader, cleared, unanswered
from actions.reports import (
    corrects_reports,
    disputed,
    findings_in_words,
    known_reports,
    mentions_with,
    merged,
    own_mentions,
    question_about,
    reports_event,
    reports_in,
    resembling,
    say_outcome,
    say_what_still_counts,
    undisputed,
)
from actions.turn import Turn
from clinic.content.replies import NO, UNSURE, YES
from clinic.eligibility import Question, Report, decide
from clinic.storage import health_checks

CONSENT_SLOT = "check_consent"
CONSENT_VERSION = "2026-11-23"
"""Changes with the words of `utter_ask_check_consent`."""

# What `check_consent` holds where the check is left before the patient has agreed or refused.
_LEFT = "left"
_ASKS_BACK = ("ask_why", "ask_more")


class ValidateCheckForm(FormReader):
    """Reads replies to the check's questions; conditions and medicines anywhere in them count."""

    form = "check_form"
    start_intent = "check_eligibility"
    # It counts them itself, and says the outcome at its end.
    notes_conditions = False

    def read_start(self, turn: Turn) -> dict[str, Any]:
        """Fills in what the patient has told before or tells with the wish for the check.

        "So I can?" after a condition was told is not left at an offer of questions; right after
        a red flag nothing is offered at all.
        """
        if reminds_of_red_flag(turn):
            return {CONSENT_SLOT: _LEFT}
        say_what_still_counts(turn, undisputed(turn), with_unsure=True)
        afresh = dict.fromkeys(_slots(turn))
        return {**afresh, **_with_reports(turn, afresh, own_mentions(turn), disputed(turn))}

    def read_reply(self, turn: Turn, requested: str) -> dict[str, Any] | None:
        """Reads conditions and medicines first, then the reply to the pending question."""
        mentions = own_mentions(turn)
        if turn.intent in _ASKS_BACK and turn.text and not mentions:
            turn.say("utter_check_why")
            return {}
        reply = self._answer(turn, requested)
        if requested == CONSENT_SLOT and reply in (YES, NO):
            # What was told since the start may have been called a mistake meanwhile.
            afresh = dict.fromkeys(_slots(turn)) | {CONSENT_SLOT: reply}
            read = _with_reports(turn, afresh, mentions, disputed(turn))
            if reply == YES:
                _say_what_is_left_out(turn, read)
            return read
        if requested == CONSENT_SLOT:
            return None
        if reply is None and not mentions and not mentions_with(turn, "denied"):
            # "Only at night it skips, that's nerves" at the question about the heart.
            mentions = resembling(turn, requested)
        if reply is None and (not mentions or corrects_reports(turn)):
            return self._read_denial(turn, requested)
        about = {question_about(turn, report.id) for report in mentions}
        if reply == YES and mentions and requested not in about:
            # "Yes, I'm obese" at the question about the heart answers another question.
            reply = None
        if mentions:
            outcome = decide(turn.services.check, {}, mentions)
            turn.say("utter_check_noted", findings=findings_in_words(turn, outcome))
        answered = {requested: reply} if reply else {}
        return _with_reports(turn, answered, mentions, disputed(turn))

    def read_return(self, turn: Turn, requested: str) -> dict[str, Any]:
        """Leaves the check where the patient talks of something else instead of agreeing to it."""
        if requested != CONSENT_SLOT:
            return {}
        retries = unanswered(turn)
        if retries < PATIENCE:
            return {RETRIES: retries}
        turn.say("utter_check_left")
        return {CONSENT_SLOT: _LEFT}

    def next_question(self, turn: Turn, values: dict[str, Any]) -> str | None:
        """The first question without an answer; none after a refusal or where the check is left."""
        if values.get(CONSENT_SLOT) in (NO, _LEFT):
            return None
        return next((slot for slot in _slots(turn) if values.get(slot) is None), None)

    def is_digression(self, turn: Turn) -> bool:
        """What patients tell about their health belongs to the check, understood or not.

        Not before they have agreed to it: then it is answered as it is anywhere else.
        """
        if turn.intent == "report_condition" and turn.slot(REQUESTED_SLOT) != CONSENT_SLOT:
            return False
        return super().is_digression(turn)

    def say_not_understood(self, turn: Turn, requested: str) -> None:
        """Names the three answers."""
        if requested == CONSENT_SLOT:
            turn.say("utter_check_consent_not_understood")
        else:
            turn.say("utter_check_not_understood")

    def _answer(self, turn: Turn, requested: str) -> str | None:
        if requested == "check_weight" and not own_mentions(turn):
            for entity in turn.entities("body_mass_index"):
                # The reader reports 25 and more as unsure and 30 and more as present by itself.
                return NO if entity["value"] < 25 else None
        about_fact = requested != CONSENT_SLOT
        reply = self.reply(turn, about_fact)
        if reply == YES and about_fact and mentions_with(turn, "not_own"):
            return None
        if reply == NO and about_fact and turn.services.replies.may_refuse(turn.statement):
            return None
        if reply is None and (self._denies_all(turn, requested) or self._denies_first(turn)):
            reply = NO
        question = _question(turn, requested)
        if reply in (NO, None) and question and not questions_of(turn):
            doubts = turn.services.replies.holds(turn.text, question.doubts)
            reply = UNSURE if doubts else reply
        return reply

    def _denies_first(self, turn: Turn) -> bool:
        """Whether a sentence of its own is a no, before what answers another question.

        "No. I take ibuprofen sometimes"
        """
        first, _, rest = turn.statement.partition(". ")
        about = {question_about(turn, report.id) for report in own_mentions(turn)}
        is_elsewhere = bool(about) and turn.slot(REQUESTED_SLOT) not in about
        return is_elsewhere and bool(rest) and turn.services.replies.read(first, True) == NO

    @staticmethod
    def _denies_all(turn: Turn, requested: str) -> bool:
        """Whether a message denies the whole question in its words ("no, not pregnant").

        A denial of one part of a question leaves the other part open, unless it begins with a no.
        """
        question = _question(turn, requested)
        denied = mentions_with(turn, "denied")
        about = {question_about(turn, entity["value"]) for entity in denied}
        if not question or own_mentions(turn) or not about <= {requested}:
            return False
        text = turn.text.lower()
        words = {
            word for e in denied for word in text[e["start"] : e["end"]].replace("-", " ").split()
        }
        line = text.replace("-", " ")
        if not turn.services.replies.is_denial(line, frozenset(words), question.denials):
            return False
        named = {entity["value"] for entity in denied}
        is_part = bool(named) and not named >= set(question.conditions)
        return not is_part or text.split()[0].strip(",.!") in turn.services.replies.negators

    @staticmethod
    def _read_denial(turn: Turn, requested: str) -> dict[str, Any] | None:
        """Reads a denial that is no full answer to the pending question; text clears nothing.

        A denial of what was answered with yes opens that question again; one of a part of the
        pending question leaves it pending; one of what was denied before changes nothing.
        """
        denied = mentions_with(turn, "denied")
        slots = [slot for e in denied if (slot := question_about(turn, e["value"]))]
        if corrects_reports(turn):
            slots += [slot for r in known_reports(turn) if (slot := question_about(turn, r.id))]
        for slot in slots:
            if slot != requested and turn.slot(slot) in (YES, UNSURE):
                turn.say("utter_check_reopened")
                return {slot: None}
        if requested in slots:
            turn.say("utter_check_partly_denied")
        return {} if slots else None


def _slots(turn: Turn) -> tuple[str, ...]:
    return (CONSENT_SLOT, *(question.id for question in turn.services.check.questions))


def _question(turn: Turn, slot: str) -> Question | None:
    return next((q for q in turn.services.check.questions if q.id == slot), None)


def _say_what_is_left_out(turn: Turn, read: dict[str, Any]) -> None:
    """Names the conditions because of which questions are left out.

    Args:
        turn: the turn in which the patient agrees to the check.
        read: the values of all its slots then.
    """
    on_list = [r for r in reports_in(read["reported_conditions"]) if r.is_on_list]
    if left_out := [r for r in on_list if read.get(question_about(turn, r.id) or "") == YES]:
        outcome = decide(turn.services.check, {}, left_out)
        turn.say("utter_check_told_before", findings=findings_in_words(turn, outcome))


def _with_reports(
    turn: Turn, read: dict[str, Any], mentions: list[Report], doubtful: set[str]
) -> dict[str, Any]:
    """Adds what earlier reports and new mentions answer; of two answers the more cautious stays.

    A condition of the list that is there answers its question. What is not sure, or merely near
    one, leaves it open, unless it is the reply: palpitations say nothing of the coronary arteries.
    What may not be the patient's (`doubtful`, from `disputed`) is asked, and only an explicit no
    takes back what the question itself names: a no to a weak immune system says nothing of
    cortisone.
    """
    denied = {slot for slot, answer in read.items() if answer == NO}
    if not corrects_reports(turn):
        doubtful = doubtful - {report.id for report in mentions}
    reports = [
        report
        for report in known_reports(turn)
        if report.id not in doubtful
        or report.kind != "contraindication"
        or question_about(turn, report.id) not in denied
    ]
    reports = merged(reports, mentions)
    filled = {**read, "reported_conditions": reports_event(reports)["value"]}
    answers = {**turn.tracker.slots, **read}
    requested = turn.slot(REQUESTED_SLOT)
    for report in reports:
        slot = question_about(turn, report.id)
        if not slot or answers.get(slot) == YES:
            continue
        if report.is_on_list and report.id not in doubtful:
            filled[slot] = YES
        elif slot == requested and report in mentions:
            filled[slot] = UNSURE
    return filled


class ActionSubmitCheck(SafeAction):
    """Decides, stores what the patient agreed to store, and says the outcome."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_submit_check"

    def perform(self, turn: Turn) -> Events:
        """Utters the outcome and offers the consultation; nothing of it without consent."""
        consent = turn.slot(CONSENT_SLOT)
        if consent != YES:
            # Where the check is left, the words are said already.
            if consent != _LEFT:
                turn.say("utter_check_consent_refused")
                turn.say("utter_contraindications", answer="contraindications")
            return [*cleared(_slots(turn)), SlotSet("pending_offer", None)]
        check = turn.services.check
        answers = {slot: turn.slot(slot) for slot in _slots(turn)[1:]}
        outcome = decide(check, answers, known_reports(turn))
        with turn.services.database.session() as session:
            stored = health_checks.add(
                session,
                turn.conversation_id,
                outcome.name,
                outcome.findings,
                CONSENT_VERSION,
                turn.services.now(),
            )
        say_outcome(turn, outcome)
        result = {"id": stored.id, "outcome": outcome.name}
        return [
            *cleared(_slots(turn)),
            SlotSet("check_result", result),
            SlotSet("pending_offer", "booking"),
        ]


class ActionStopCheck(SafeAction):
    """Leaves the check without storing anything."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_stop_check"

    def perform(self, turn: Turn) -> Events:
        """Says that the questions are stopped."""
        turn.say("utter_check_stopped")
        return [*cleared(_slots(turn)), SlotSet("pending_offer", None)]
