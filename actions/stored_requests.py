"""Consultation requests that are stored: which one is meant, its change and its cancellation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from rasa_sdk.events import FollowupAction, SlotSet

from actions.answering import answered_beside, take_note_of_echo
from actions.base import Events, SafeAction
from actions.booking import EMAIL, FORM, NAME, PHONE, REFERENCE, SHARE, TIME, TO_CANCEL
from actions.details import as_slot, details_in, may_be_same_person, says, words_of
from actions.turn import Turn
from clinic.content.replies import NO, YES
from clinic.preferred_time import PreferredTime, find_preferred_time
from clinic.storage import consultation_requests
from clinic.storage.models import ConsultationRequest
from clinic.when.said import Part

_MOST_SHOWN = 5


def what_a_contact_is_for(turn: Turn) -> str | None:
    """What goes on when somebody leaves a number without an offer, or some messages after it.

    They correct the request that was sent, send one for somebody else ("also for my mum, Eva
    Stone, 694 ..."), or want to be called.

    Returns:
        The name of the action or form; None where the message holds no way to reach them.
    """
    details = details_in(turn)
    if not _is_reachable(details):
        return None
    with turn.services.database.reading() as session:
        requests = consultation_requests.all_open(session, turn.conversation_id)
    if not requests:
        return "callback_form"
    return FORM if _are_of_somebody_else(details, requests) else "action_change_request"


def _is_reachable(details: dict[str, Any]) -> bool:
    return bool(details.get("phone") or details.get("email"))


def _are_of_somebody_else(details: dict[str, Any], requests: list[ConsultationRequest]) -> bool:
    """Whether details, with a way to reach somebody, have a name that is on no request."""
    name = details.get("name")
    is_on_one = name and any(may_be_same_person(name, request.name) for request in requests)
    return bool(name) and _is_reachable(details) and not is_on_one


class ActionChangeRequest(SafeAction):
    """Opens the conversation's stored request for a change."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_change_request"

    def perform(self, turn: Turn) -> Events:
        """Fills the form with the stored request and starts it."""
        with turn.services.database.reading() as session:
            requests = consultation_requests.all_open(session, turn.conversation_id)
        if not requests:
            beside = answered_beside(turn)
            turn.say("utter_booking_none_stored")
            return [*beside, SlotSet("pending_offer", "booking")]
        if _are_of_somebody_else(details_in(turn), requests):
            # "Another request, for my mum, Eva Stone 694 ..."
            return [SlotSet(REFERENCE, None), FollowupAction(FORM)]
        # The form shows which one it is. What is asked beside is answered by it too.
        request = _fitting(turn, requests)[0]
        turn.say("utter_booking_change_started", reference=request.reference)
        return [
            SlotSet(REFERENCE, request.reference),
            SlotSet(NAME, request.name),
            SlotSet(PHONE, request.phone),
            SlotSet(EMAIL, request.email),
            SlotSet(TIME, as_slot(_stored_time(request))),
            SlotSet(SHARE, YES if request.health_check_id else NO),
            SlotSet("pending_offer", None),
            FollowupAction(FORM),
        ]


class ActionCancelRequest(SafeAction):
    """Cancels the conversation's stored request."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_cancel_request"

    def perform(self, turn: Turn) -> Events:
        """Cancels it, asks first where it is not clear, or says that there is none."""
        if echoed := take_note_of_echo(turn):
            return echoed
        events = cancel_request(turn)
        if turn.intent == "affirm":
            # The rule for a yes holds while the offer stands, which has just ended.
            events.append(FollowupAction("action_listen"))
        return events


def cancel_request(turn: Turn) -> Events:
    """Cancels the stored request that a message is about, or says that there is none.

    Asks first where the message only asks about it, and where it may be another one.
    """
    beside = answered_beside(turn)
    with turn.services.database.session() as session:
        requests = consultation_requests.all_open(session, turn.conversation_id)
        if not requests:
            turn.say("utter_booking_none_stored")
            return [*beside, SlotSet("pending_offer", "booking")]
        meant = _meant(turn, requests)
        # Of several that were sent, the one that is left may not be the one that is meant.
        is_left = (
            len(requests) == 1
            and not _asked_about(turn)
            and not _is_named(turn, meant[0])
            and consultation_requests.is_one_of_several(session, meant[0])
        )
        if (len(meant) > 1 or is_left) and not says(turn, "every_request"):
            return [*beside, *_ask(turn, meant)]
        if turn.services.replies.asks_about_it(turn.text):
            return [*beside, *_ask(turn, meant[:1])]
        for request in meant:
            consultation_requests.cancel(session, request, turn.services.now())
            turn.say("utter_booking_cancelled", reference=request.reference, name=request.name)
    return [*beside, SlotSet(TO_CANCEL, None), SlotSet("pending_offer", None)]


def asks_about_cancelling(turn: Turn) -> Events:
    """Asks whether, or which, request to cancel where "cancel" may mean one that was sent.

    Returns:
        The events that keep the question; none where nothing is open or the message does not say
        "cancel".
    """
    if not says(turn, "cancel_words"):
        return []
    with turn.services.database.reading() as session:
        requests = consultation_requests.all_open(session, turn.conversation_id)
    return _ask(turn, _meant(turn, requests)) if requests else []


def says_which_to_cancel(turn: Turn) -> bool:
    """Whether a message answers the question which request to cancel: "the one for Eva".

    One with a word of denial in it ("not Eva's") does not.
    """
    negators = turn.services.replies.negators
    if turn.slot("pending_offer") != "cancellation" or words_of(turn.text) & negators:
        return False
    if _asked_about(turn) and says(turn, "cancel_words"):
        return True
    with turn.services.database.reading() as session:
        requests = consultation_requests.all_open(session, turn.conversation_id)
    return len(_fitting(turn, requests)) < len(requests) or says(turn, "every_request")


def _asked_about(turn: Turn) -> str | None:
    """The reference of the request that the pending question is about, if there is one."""
    reference: str | None = turn.slot(TO_CANCEL)
    return reference if turn.slot("pending_offer") == "cancellation" else None


def _meant(turn: Turn, requests: list[ConsultationRequest]) -> list[ConsultationRequest]:
    """The requests that a message may want to cancel, the newest first.

    After the question whether to cancel one, a yes is about that one, and "the other one" is not.
    """
    fitting, asked = _fitting(turn, requests), _asked_about(turn)
    if not asked or says(turn, "every_request"):
        return fitting
    other = says(turn, "other_request")
    return [r for r in fitting if (r.reference == asked) != other] or fitting


def _ask(turn: Turn, requests: list[ConsultationRequest]) -> Events:
    """Asks whether to cancel the one request, or which of several; keeps the question."""
    only = requests[0].reference if len(requests) == 1 else None
    if only:
        turn.say("utter_booking_cancel_asked", **_in_words(requests[0]))
    else:
        _list(turn, requests[:_MOST_SHOWN])
    return [SlotSet(TO_CANCEL, only), SlotSet("pending_offer", "cancellation")]


def _list(turn: Turn, requests: list[ConsultationRequest]) -> None:
    """Lists requests, with a button for each that types its cancellation."""
    phrases = turn.services.phrases["booking"]
    lines = [phrases["one_of_several"].format(**_in_words(request)) for request in requests]
    buttons = [
        {"title": r.reference, "payload": phrases["to_cancel"].format(reference=r.reference)}
        for r in requests
    ]
    turn.say("utter_booking_cancel_which", requests="".join(lines), buttons=buttons)


def _in_words(request: ConsultationRequest) -> dict[str, str]:
    """The values of a request in a response."""
    return {
        "reference": request.reference, "name": request.name, "when": request.preferred_words,
    }  # fmt: skip


def _fitting(turn: Turn, requests: list[ConsultationRequest]) -> list[ConsultationRequest]:
    """Those with the reference, the name and the day that a message names, where it names them."""
    services = turn.services
    when = find_preferred_time(turn.text, services.now(), services.profile)
    day = when.day if isinstance(when, PreferredTime) else None
    fits: tuple[Callable[[ConsultationRequest], bool], ...] = (
        lambda request: _has_reference(turn, request),
        lambda request: _has_name(turn, request),
        lambda request: day is not None and request.preferred_day == day,
    )
    for fit in fits:
        requests = list(filter(fit, requests)) or requests
    return requests


def _is_named(turn: Turn, request: ConsultationRequest) -> bool:
    return _has_reference(turn, request) or _has_name(turn, request)


def _has_reference(turn: Turn, request: ConsultationRequest) -> bool:
    prefix, _, letters = request.reference.casefold().partition("-")
    return not words_of(turn.text).isdisjoint({letters, prefix + letters})


def _has_name(turn: Turn, request: ConsultationRequest) -> bool:
    names = words_of(request.name)
    # "Cancel doras"
    return not words_of(turn.text).isdisjoint(names | {f"{name}s" for name in names})


def _stored_time(request: ConsultationRequest) -> PreferredTime:
    day = request.preferred_day
    return PreferredTime(
        words=request.preferred_words,
        day=day,
        time=request.preferred_time,
        part=cast(Part | None, request.preferred_part),
        flexible=day is None,
    )
