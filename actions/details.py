"""Names, ways to reach a person, and preferred times in messages, as slot values."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from actions.turn import Turn
from clinic.contact import find_contact, find_name, read_name
from clinic.preferred_time import (
    PreferredTime,
    completed,
    find_preferred_time,
    read_preferred_time,
)
from clinic.rejection import Rejection

_WORD = re.compile(r"[^\W_]+")
_RESPONSE_OF_REASON = {
    "past": "utter_time_past",
    "closed_day": "utter_time_closed_day",
    "outside_hours": "utter_time_outside_hours",
    "too_far": "utter_time_too_far",
    "weekday_mismatch": "utter_time_weekday_mismatch",
}


def say_unsuitable_time(turn: Turn) -> bool:
    """Says why a time that stands in a longer message cannot be; whether there is such a time."""
    services = turn.services
    when = find_preferred_time(turn.text, services.now(), services.profile)
    response = _RESPONSE_OF_REASON.get(when.reason) if isinstance(when, Rejection) else None
    if response:
        turn.say(response)
    return response is not None


def details_in(turn: Turn, text: str | None = None) -> dict[str, Any]:
    """Finds details that stand in a text by themselves: `name`, `phone`, `email`, `time`.

    Args:
        turn: the turn.
        text: where to look; the latest message by default.
    """
    text = turn.text if text is None else text
    if not text:
        return {}
    services = turn.services
    contact = find_contact(text, services.profile.phone_region)
    when = find_preferred_time(text, services.now(), services.profile)
    return {
        "name": find_name(text),
        "phone": contact.phone.e164 if contact.phone else None,
        "email": contact.email.address if contact.email else None,
        "time": as_slot(when) if isinstance(when, PreferredTime) else None,
    }


def words_of(text: str) -> set[str]:
    """The words of a text or name, in small letters."""
    return set(_WORD.findall(text.casefold()))


def may_be_same_person(name: str, other: str) -> bool:
    """Whether two names may be one person's: a surname alone is a whole family's."""
    words, others = words_of(name), words_of(other)
    firsts = [_WORD.findall(each.casefold())[:1] for each in (name, other)]
    return firsts[0] == firsts[1] or words <= others or others <= words


def read_requested_name(turn: Turn) -> str | None:
    """Reads the reply to the question for the name."""
    name = read_name(turn.text)
    return None if isinstance(name, Rejection) else name


def read_new_name(turn: Turn) -> str | None:
    """Reads the name in "change my name to Anna Bell"."""
    _, to, rest = turn.text.partition(" to ")
    name = read_name(rest) if to else Rejection("empty")
    return None if isinstance(name, Rejection) else name


def say_unsuitable_contact(turn: Turn) -> bool:
    """Says what is wrong with a phone number or an address; whether there is such a one."""
    rejection = find_contact(turn.text, turn.services.profile.phone_region).rejection
    if rejection is None or rejection.reason == "missing":
        return False
    turn.say(f"utter_{rejection.reason.partition('_')[0]}_invalid")
    return True


def says(turn: Turn, kind: str) -> bool:
    """Whether a message holds one of the words that booking.yml lists under `kind`."""
    return turn.services.replies.holds(turn.text, turn.services.booking_words[kind])


def names_time(turn: Turn) -> bool:
    """Whether a message names a day or an hour, one that suits or one that does not."""
    when = read_preferred_time(turn.text, turn.services.now(), turn.services.profile)
    return isinstance(when, PreferredTime) or when.reason != "not_understood"


def read_requested_time(turn: Turn) -> dict[str, Any] | None:
    """Reads the reply to the question for day and time."""
    when = read_preferred_time(turn.text, turn.services.now(), turn.services.profile)
    return as_slot(when) if isinstance(when, PreferredTime) else None


def say_rejection(turn: Turn, field: str) -> None:
    """Says why the reply to the question for a field was not taken."""
    if field == "name":
        turn.say("utter_name_not_understood")
    elif field == "contact":
        if not say_unsuitable_contact(turn):
            turn.say("utter_contact_not_understood")
    else:
        when = read_preferred_time(turn.text, turn.services.now(), turn.services.profile)
        reason = when.reason if isinstance(when, Rejection) else ""
        turn.say(_RESPONSE_OF_REASON.get(reason, "utter_time_not_understood"))


def completed_from(turn: Turn, new: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """A time that corrects an earlier one, both as slot values: "make it Wednesday"."""
    services = turn.services
    wish, earlier = from_slot(new), from_slot(before)
    return as_slot(completed(wish, earlier, services.now(), services.profile))


def as_slot(when: PreferredTime) -> dict[str, Any]:
    """A preferred time as the value of a slot: `words`, and `day`, `time` in ISO form, `part`."""
    return {
        "words": when.words,
        "day": when.day.isoformat() if when.day else None,
        "time": when.time.isoformat() if when.time else None,
        "part": when.part,
        "flexible": when.flexible,
    }


def from_slot(value: dict[str, Any]) -> PreferredTime:
    """The preferred time that `as_slot` kept."""
    return PreferredTime(
        words=value["words"],
        day=date.fromisoformat(value["day"]) if value["day"] else None,
        time=time.fromisoformat(value["time"]) if value["time"] else None,
        part=value["part"],
        flexible=value["flexible"],
    )


def contact_in_words(phone: str | None, email: str | None) -> str:
    """Phone and e-mail address for a sentence."""
    return ", ".join(way for way in (phone, email) if way)
