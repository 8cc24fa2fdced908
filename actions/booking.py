"""The consultation request: taken, confirmed and stored once."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.answering import questions_of
from actions.base import Events, SafeAction
from actions.details import (
    completed_from,
    contact_in_words,
    details_in,
    from_slot,
    may_be_same_person,
    names_time,
    read_new_name,
    read_requested_name,
    read_requested_time,
    say_rejection,
    say_unsuitable_contact,
    say_unsuitable_time,
    says,
)
from actions.forms import REQUESTED_SLOT, FormReader, cleared
from actions.reports import say_what_still_counts, take_note_of_conditions, undisputed
from actions.turn import Turn
from clinic.contact import likely_domain
from clinic.content.replies import NO, YES
from clinic.storage import consultation_requests
from clinic.storage.consultation_requests import CANCELLED, RequestDetails

FORM = "booking_form"
NAME, PHONE, EMAIL, TIME = "booking_name", "booking_phone", "booking_email", "booking_time"
SHARE, CHANGE, CONFIRMED = "booking_share_check", "booking_change", "booking_confirmed"
REFERENCE = "booking_reference"
TO_CANCEL = "request_to_cancel"
SLOTS = (NAME, PHONE, EMAIL, TIME, SHARE, CHANGE, CONFIRMED, REFERENCE)

_LONGEST_BARE_FIELD = 3
# Names are like no intent; what a patient asks in words that could be a name is clearer than this.
_UNLIKE_A_NAME = 0.8
_OF_FIELD = {"name": (NAME,), "contact": (PHONE, EMAIL), "time": (TIME,)}


class ValidateBookingForm(FormReader):
    """Takes whatever details a message holds, asked for or not."""

    form = FORM
    start_intent = "book_consultation"

    def read_start(self, turn: Turn) -> dict[str, Any]:
        """Takes the details and the conditions that come with the wish for a consultation."""
        read: dict[str, Any] = {CHANGE: None, CONFIRMED: None}
        # A number left after the request was sent opens it too, whatever the message's intent.
        is_change = turn.follows("action_change_request") and turn.slot(REFERENCE) is not None
        if not is_change:
            read[REFERENCE] = None
        read |= self._details(turn)
        if turn.intent == "affirm" and turn.slot("pending_offer") == "booking":
            # "I'm breastfeeding, Friday would suit me, Anna Bell 694 ...": a yes to the offer
            # is no reason to ask for all of it again.
            read = _by_slot(details_in(turn, turn.text_before)) | read
        for event in take_note_of_conditions(turn):
            read[event["name"]] = event["value"]
        if turn.services.replies.asks_for_leave(turn.text):
            # "So I'm good to go, yeah" says yes to the offer, and hopes for more.
            say_what_still_counts(turn, undisputed(turn), with_unsure=True)
        if not is_change:
            turn.say("utter_booking_started")
        if TIME not in read:
            say_unsuitable_time(turn)
        if turn.intent != "affirm":
            _say_unsuitable_contact(turn, read)
        return read

    def read_reply(self, turn: Turn, requested: str) -> dict[str, Any] | None:
        """Reads the reply to the pending question, else any details, else a wish to change one."""
        if requested in (SHARE, CONFIRMED):
            return self._read_decision(turn, requested)
        if requested == CHANGE:
            return self._details(turn) or self._field_to_change(turn, bare=True)
        # "Are you open on Friday?" names a day and is a question all the same.
        if self.is_request(turn) and not {NAME, PHONE, EMAIL} & self._details(turn).keys():
            # "Tues morning, what do I need to do before" names one beside the question.
            named = details_in(turn, turn.statement).get("time") if questions_of(turn) else None
            return {TIME: named} if named and requested == TIME else None
        return self._read_asked(turn, requested) or self._field_to_change(turn)

    def next_question(self, turn: Turn, values: dict[str, Any]) -> str | None:
        """The first detail that is missing, then the confirmation."""
        if values.get(NAME) is None:
            return NAME
        if values.get(PHONE) is None and values.get(EMAIL) is None:
            return PHONE
        if values.get(TIME) is None:
            return TIME
        if values.get(SHARE) is None and turn.slot("check_result"):
            return SHARE
        if values.get(CHANGE) is not None:
            return CHANGE
        return CONFIRMED if values.get(CONFIRMED) is None else None

    def is_attempt(self, turn: Turn) -> bool:
        """A name, a day or an hour answers the question for one; a change is about this request."""
        if turn.intent == "change_request":
            return True
        if turn.slot(REQUESTED_SLOT) == NAME:
            is_like_a_name = (
                _is_titled(turn.text)
                or turn.confidence < _UNLIKE_A_NAME
                or details_in(turn).get("name") is not None
            )
            return is_like_a_name and read_requested_name(turn) is not None
        return (
            turn.slot(REQUESTED_SLOT) == TIME
            and "?" not in turn.text
            and not questions_of(turn)
            and names_time(turn)
        )

    def say_not_understood(self, turn: Turn, requested: str) -> None:
        """Says what was wrong with the detail, or how to answer."""
        if requested in (SHARE, CONFIRMED):
            turn.say("utter_yes_or_no")
        elif requested != CHANGE:
            say_rejection(turn, _field_of(requested))

    def _read_asked(self, turn: Turn, requested: str) -> dict[str, Any]:
        read = self._details(turn)
        if read and TIME not in read:
            say_unsuitable_time(turn)
        if read:
            _say_unsuitable_contact(turn, read)
        # "Hera Order" sounds a little like a greeting.
        may_be_name = _is_titled(turn.text) and turn.confidence < _UNLIKE_A_NAME
        is_name = (may_be_name or not self.is_chat(turn)) and turn.intent != "change_request"
        if requested == NAME and NAME not in read and is_name:
            read |= _present({NAME: read_requested_name(turn)})
        elif requested == TIME:
            read |= _present({TIME: read_requested_time(turn)})
        return read

    def _read_decision(self, turn: Turn, requested: str) -> dict[str, Any] | None:
        reply = self.reply(turn)
        if requested == CONFIRMED:
            if _goes_on_for_another(turn):
                return {CONFIRMED: YES}
            bare = len(turn.text.split()) <= _LONGEST_BARE_FIELD
            changed = self._details(turn)
            if TIME not in changed and say_unsuitable_time(turn):
                # Not the time that was shown either: it is asked for again.
                return {**changed, TIME: None, CHANGE: None}
            if read := changed or self._field_to_change(turn, bare):
                return read
            # A plain no to the summary means that something in it is wrong.
            if reply == NO:
                return {CHANGE: YES}
        if reply in (YES, NO):
            return {requested: reply}
        return None

    @staticmethod
    def _details(turn: Turn) -> dict[str, Any]:
        """The details that stand in a message by themselves, by slot; a detail ends a change."""
        found = details_in(turn)
        if turn.slot(REQUESTED_SLOT) == PHONE and turn.slot(NAME) and "name" not in turn.text:
            # "Spain +34 ...": beside the number that was asked for stands no second name.
            found["name"] = None
        read = _by_slot(found)
        # "Any morning" keeps no day of before.
        if TIME in read and turn.slot(TIME) and not says(turn, "left_open"):
            read[TIME] = completed_from(turn, read[TIME], turn.slot(TIME))
        return {**read, CHANGE: None} if read else {}

    @staticmethod
    def _field_to_change(turn: Turn, bare: bool = False) -> dict[str, Any] | None:
        """Reads "change the phone"; after the question what to change, "phone" is enough."""
        words = set(re.findall(r"[a-z'-]+", turn.text.lower()))
        content = turn.services.booking_words
        wants_change = bool(words.intersection(content["change_words"]))
        if not (bare or wants_change):
            return None
        for field, names in content["fields"].items():
            if words.intersection(names):
                new_name = read_new_name(turn) if field == "name" else None
                return {**dict.fromkeys(_OF_FIELD[field], new_name), CHANGE: None}
        return {CHANGE: YES} if wants_change else None


def _by_slot(details: dict[str, Any]) -> dict[str, Any]:
    """The details that `details_in` found, by slot."""
    slots = {NAME: "name", PHONE: "phone", EMAIL: "email", TIME: "time"}
    return _present({slot: details.get(field) for slot, field in slots.items()})


def _goes_on_for_another(turn: Turn) -> bool:
    """Whether a message confirms the request and begins one for another person.

    "Yes, send it. Now my sister, Dee Pike, 694 ..." changes nothing in the request that is shown.
    """
    replies, words = turn.services.replies, turn.services.booking_words
    first, *rest = re.split(r"[.,;!\n]| and ", turn.text, maxsplit=1)
    if not rest or replies.read(first) != YES:
        return False
    found = details_in(turn).get("name")
    is_other = found is not None and not may_be_same_person(found, turn.slot(NAME) or found)
    return is_other or replies.holds(rest[0], words["another_person"])


def _say_unsuitable_contact(turn: Turn, read: dict[str, Any]) -> None:
    """Says what is wrong with a contact beside other details, where none is known yet."""
    if not any(read.get(slot) or turn.slot(slot) for slot in (PHONE, EMAIL)):
        say_unsuitable_contact(turn)


def _is_titled(text: str) -> bool:
    """Tells "Rose Pain" from a question, which has a capital at its beginning at most."""
    words = text.split()
    return len(words) > 1 and all(word.istitle() for word in words)


class ActionAskBookingConfirmed(SafeAction):
    """Shows the request before it is sent."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_ask_booking_confirmed"

    def perform(self, turn: Turn) -> Events:
        """Utters the summary."""
        phrases = turn.services.phrases["booking"]
        domains = turn.services.booking_words["mail_domains"]
        meant = likely_domain(turn.slot(EMAIL) or "", domains)
        turn.say(
            "utter_booking_summary",
            name=turn.slot(NAME),
            contact=contact_in_words(turn.slot(PHONE), turn.slot(EMAIL)),
            when=turn.slot(TIME)["words"],
            shared=phrases["shared"] if turn.slot(SHARE) == YES else "",
            slip=phrases["slip"].format(domain=meant) if meant else "",
        )
        return []


class ActionSubmitBooking(SafeAction):
    """Stores the confirmed request, once."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_submit_booking"

    def perform(self, turn: Turn) -> Events:
        """Stores it and tells its reference number."""
        if turn.slot(CONFIRMED) != YES:
            turn.say("utter_booking_stopped")
            return [*cleared(SLOTS), SlotSet("pending_offer", None)]
        details, reference = _details_to_store(turn), turn.slot(REFERENCE)
        with turn.services.database.session() as session:
            request = reference and consultation_requests.by_reference(
                session, reference, turn.conversation_id
            )
            if request and request.status != CANCELLED:
                kept = consultation_requests.change(session, request, details, turn.services.now())
                reference = kept.reference
                response = "utter_booking_changed"
            else:
                request, created = consultation_requests.add(
                    session,
                    turn.conversation_id,
                    details,
                    turn.services.now(),
                    health_check_id=_shared_check(turn),
                )
                reference = request.reference
                response = "utter_booking_confirmed" if created else "utter_booking_already_stored"
        turn.say(response, reference=reference)
        events = [*cleared(SLOTS), SlotSet("pending_offer", None)]
        return [*events, FollowupAction(FORM)] if _goes_on_for_another(turn) else events


class ActionStopBooking(SafeAction):
    """Leaves the request without storing anything."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_stop_booking"

    def perform(self, turn: Turn) -> Events:
        """Says that nothing was sent, or that a request which was to be changed stays."""
        if reference := turn.slot(REFERENCE):
            turn.say("utter_booking_change_stopped", reference=reference)
            asked = [SlotSet(TO_CANCEL, reference), SlotSet("pending_offer", "cancellation")]
            return [*cleared(SLOTS), *asked]
        turn.say("utter_booking_stopped")
        return [*cleared(SLOTS), SlotSet("pending_offer", None)]


def _present(read: dict[str, Any]) -> dict[str, Any]:
    return {slot: value for slot, value in read.items() if value is not None}


def _field_of(slot: str) -> str:
    return next(field for field, slots in _OF_FIELD.items() if slot in slots)


def _details_to_store(turn: Turn) -> RequestDetails:
    return RequestDetails(
        name=turn.slot(NAME),
        phone=turn.slot(PHONE),
        email=turn.slot(EMAIL),
        preferred=from_slot(turn.slot(TIME)),
    )


def _shared_check(turn: Turn) -> int | None:
    """The id of the health check that the patient agreed to share with the doctor."""
    result = turn.slot("check_result")
    return result["id"] if result and turn.slot(SHARE) == YES else None
