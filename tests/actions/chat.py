"""Talking to actions as Rasa does: a tracker goes in, responses and events come out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services

BOT_SPOKE = {"event": "bot", "text": "Hello."}


@dataclass(frozen=True)
class Reply:
    """What an action said and which events it returned."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def said(self) -> list[str]:
        """The names of the responses, without `utter_`."""
        return [message["response"].removeprefix("utter_") for message in self.messages]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that were set, with their last values."""
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def leaves_form(self) -> bool:
        return {"event": "active_loop", "name": None} in [
            {key: e.get(key) for key in ("event", "name")} for e in self.events
        ]

    @property
    def next_action(self) -> str | None:
        return next((e["name"] for e in self.events if e["event"] == "followup"), None)

    def button_payloads(self) -> list[str]:
        return [b["payload"] for message in self.messages for b in message.get("buttons") or []]


class Chat:
    """A conversation: keeps slots and the form from one action to the next."""

    sender = "patient-1"

    def __init__(
        self,
        services: Services,
        domain: dict[str, Any],
        *,
        form: str | None = None,
        asked: str | None = None,
        first_contact: bool = False,
        **slots: Any,
    ) -> None:
        self.services, self.domain = services, domain
        self.slots = {**dict.fromkeys(domain["slots"]), **slots, "requested_slot": asked}
        self.form = form
        self.goes_on = False
        self.events = [] if first_contact else [BOT_SPOKE]

    def hears(
        self,
        action: Action,
        text: str = "",
        intent: str = "nlu_fallback",
        *entities: dict[str, Any],
        confidence: float = 0.9,
        interrupted: bool = False,
        **parsed: Any,
    ) -> Reply:
        """Lets an action answer a message; no text stands for a button of the intent.

        `intent` may name a theme, "not_covered/price"; `interrupted` says that the message has been
        answered already; `parsed` is further output of the pipeline.
        """
        name, _, theme = intent.partition("/")
        read = {"name": name, "confidence": confidence}
        if theme:
            read["full_retrieval_intent_name"] = intent
        message = {
            "text": text or f"/{name}",
            "intent": read,
            "entities": [_placed(entity, text) for entity in entities],
            **parsed,
        }
        if not self.goes_on:
            self.events.append({"event": "user", "text": message["text"], "parse_data": message})
        if interrupted:
            self.events.append({"event": "action", "name": "action_answer"})
        # Rasa has set this back when it runs an action of ours, whatever came between.
        loop = {"name": self.form, "is_interrupted": False} if self.form else {}
        tracker = Tracker(
            self.sender, dict(self.slots), message, list(self.events), False, None, loop,
            "action_listen",
        )  # fmt: skip
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, tracker, self.domain))
        reply = Reply(dispatcher.messages, events)
        self.slots |= reply.slots
        if reply.leaves_form:
            self.form = None
        self.events.append({"event": "action", "name": action.name()})
        # What an action lets follow it answers the same message.
        self.goes_on = reply.next_action not in (None, "action_listen")
        self.events += [BOT_SPOKE] * len(reply.messages)
        return reply

    def condition(self, value: str, words: str, status: str = "present") -> dict[str, Any]:
        """The entity of a condition, matter or medicine that the words of a message name."""
        kind = "near" if value in self.services.conditions.near else "matter"
        if value in self.services.check.conditions:
            kind = "contraindication"
        return {
            "entity": "condition", "value": value, "status": status, "kind": kind, "words": words,
        }  # fmt: skip


def treatment(value: str, words: str) -> dict[str, Any]:
    """The entity of a treatment that the words of a message name."""
    return {"entity": "treatment", "value": value, "words": words}


def question(intent: str, text: str, theme: str | None = None) -> dict[str, Any]:
    """One of several questions of a message."""
    return {"intent": intent, "theme": theme, "confidence": 0.9, "text": text}


def _placed(entity: dict[str, Any], text: str) -> dict[str, Any]:
    start = text.lower().index(entity["words"].lower())
    placed = {key: value for key, value in entity.items() if key != "words"}
    return {**placed, "start": start, "end": start + len(entity["words"])}
