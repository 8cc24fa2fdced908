"""Compares a reply, and what is stored after it, with what a script's turn expects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinic.settings import conversation_hash
from tests.e2e import database
from tests.e2e.script import NOTHING
from tests.e2e.servers import Assistant
from tests.e2e.talk import Reply, Talk

# Said beside anything else: the notice at first contact.
_ALWAYS_ALLOWED = ("utter_first_contact",)
_SUMMARY = "utter_booking_summary"


def unmet(turn: dict[str, Any], reply: Reply, talk: Talk, assistant: Assistant) -> list[str]:
    """Returns the expectations of a turn that are not met, in words."""
    found: list[str] = []
    for key, expected in turn.items():
        if key in _OF_REPLY:
            found += _OF_REPLY[key](expected, reply)
        elif key in _OF_STORE:
            found += _OF_STORE[key](expected, talk, assistant)
    if turn.get("nothing_else"):
        found += _nothing_else(turn, reply)
    return found


def _differ(what: str, expected: Any, got: Any) -> list[str]:
    return [] if expected == got else [f"{what}: expected {expected}, got {got}"]


def _answers(expected: list[str], reply: Reply) -> list[str]:
    return _differ("answers", expected, reply.answers)


def _says(expected: list[str], reply: Reply) -> list[str]:
    missing = [name for name in expected if name not in reply.responses]
    return [f"says: {missing} missing in {reply.responses}"] if missing else []


def _says_one_of(expected: list[str], reply: Reply) -> list[str]:
    said = set(expected) & set(reply.responses)
    return [] if said else [f"says_one_of: none of {expected} in {reply.responses}"]


def _says_not(expected: list[str], reply: Reply) -> list[str]:
    said = [name for name in expected if name in reply.responses]
    return [f"says_not: {said} was said"] if said else []


def _asks(expected: str, reply: Reply) -> list[str]:
    return _differ("asks", expected, reply.asks or NOTHING)


def _form(expected: str, reply: Reply) -> list[str]:
    return _differ("form", expected, (reply.form or NOTHING).removesuffix("_form"))


def _outcome(expected: str, reply: Reply) -> list[str]:
    told = [name for name in reply.responses if name.startswith("utter_outcome_")]
    names = [n.removeprefix("utter_outcome_").removesuffix("_noted") for n in told]
    return _differ("outcome", expected, names[-1] if names else NOTHING)


def _contains(expected: str | list[str], reply: Reply) -> list[str]:
    text = reply.text.lower()
    return [f"contains: no {words!r}" for words in _listed(expected) if words.lower() not in text]


def _not_contains(expected: str | list[str], reply: Reply) -> list[str]:
    text = reply.text.lower()
    return [f"not_contains: {words!r}" for words in _listed(expected) if words.lower() in text]


def _offers(expected: str | list[str], reply: Reply) -> list[str]:
    missing = [title for title in _listed(expected) if title not in reply.buttons]
    return [f"offers: no {missing} in {list(reply.buttons)}"] if missing else []


def _nothing_else(turn: dict[str, Any], reply: Reply) -> list[str]:
    expected = {*turn.get("says", []), *turn.get("says_one_of", []), *_ALWAYS_ALLOWED}
    if turn.get("asks", NOTHING) != NOTHING:
        expected |= {f"utter_ask_{turn['asks']}", _SUMMARY}
    if "outcome" in turn:
        expected |= {f"utter_outcome_{turn['outcome']}", f"utter_outcome_{turn['outcome']}_noted"}
    # Which answers there are is for `answers` to say.
    with_answers = "answers" in turn
    more = [
        event["response"]
        for event in reply.said
        if event["response"] not in expected and not (with_answers and event["answer"])
    ]
    return [f"nothing_else: also said {more}"] if more else []


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _stored(expected: dict[str, int], talk: Talk, assistant: Assistant) -> list[str]:
    counts = {
        table: len(database.rows(assistant.database, table, talk.sender)) for table in expected
    }
    return _differ("stored", expected, counts)


def _handoffs(expected: list[str], talk: Talk, assistant: Assistant) -> list[str]:
    marks = database.rows(assistant.database, "handoffs", talk.sender)
    return _differ("handoffs", expected, [mark["reason"] for mark in marks])


def _request(expected: dict[str, str], talk: Talk, assistant: Assistant) -> list[str]:
    requests = database.rows(assistant.database, "consultation_requests", talk.sender)
    if not requests:
        return ["request: none is stored"]
    latest = requests[-1]
    health = "shared" if latest["health_check_id"] else "not shared"
    values = {**latest, "when": latest["preferred_words"], "health_answers": health}
    found = {key: values[key] or NOTHING for key in expected}
    if "when" in expected and expected["when"].lower() in found["when"].lower():
        found["when"] = expected["when"]
    return _differ("request", expected, found)


def _forgotten(_: bool, talk: Talk, assistant: Assistant) -> list[str]:
    found = []
    texts = [event["text"] for event in talk.tracker()["events"] if event.get("text")]
    if texts:
        found.append(f"forgotten: the tracker still holds {texts}")
    left = len(database.messages(assistant.database, talk.sender))
    if left:
        found.append(f"forgotten: {left} events are still stored")
    for table in database.TABLES:
        if database.rows(assistant.database, table, talk.sender):
            found.append(f"forgotten: rows are left in {table}")
    hashed = conversation_hash(talk.sender, assistant.conversation_key)
    if not database.erasures(assistant.database, hashed):
        found.append("forgotten: no receipt is stored")
    return found


_OF_REPLY: dict[str, Callable[[Any, Reply], list[str]]] = {
    "answers": _answers,
    "says": _says,
    "says_one_of": _says_one_of,
    "says_not": _says_not,
    "asks": _asks,
    "form": _form,
    "outcome": _outcome,
    "contains": _contains,
    "not_contains": _not_contains,
    "offers": _offers,
}
_OF_STORE: dict[str, Callable[[Any, Talk, Assistant], list[str]]] = {
    "stored": _stored,
    "handoffs": _handoffs,
    "request": _request,
    "forgotten": _forgotten,
}
