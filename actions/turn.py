"""One turn of the conversation as the actions see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.services import Services

RED_FLAGS = ("urgent_symptoms", "self_harm")


@dataclass(frozen=True)
class Turn:
    """The patient's latest message, what is known of the conversation, and the way to answer."""

    tracker: Tracker
    dispatcher: CollectingDispatcher
    domain: DomainDict
    services: Services

    @property
    def conversation_id(self) -> str:
        """The sender id of the channel."""
        return self.tracker.sender_id

    @property
    def message(self) -> dict[str, Any]:
        """What the NLU pipeline read in the latest message."""
        return self.tracker.latest_message or {}

    @property
    def text(self) -> str:
        """The latest message, cleaned; the entities' offsets count in it. A payload is no text."""
        return _typed(self.message)

    @property
    def text_before(self) -> str:
        """The patient's message before the latest one, cleaned; a payload is no text."""
        return _typed(self.message_before)

    @property
    def message_before(self) -> dict[str, Any]:
        """What the NLU pipeline read in the message before the latest one; empty without one."""
        return next(islice(self.messages_backwards(), 1, None), {})

    @property
    def statement(self) -> str:
        """The text without the questions that stand in clauses of their own."""
        text = self.text
        for question in self.message.get("questions") or []:
            text = text.replace(question["text"], " ")
        return text.strip(" ,.;?!")

    @property
    def intent(self) -> str:
        """The intent's name; empty when there is none."""
        return (self.message.get("intent") or {}).get("name") or ""

    @property
    def confidence(self) -> float:
        """How sure the intent is, 0 where there is none."""
        return (self.message.get("intent") or {}).get("confidence") or 0.0

    @property
    def theme(self) -> str | None:
        """The theme of a retrieval intent, e.g. "price" of not_covered/price."""
        full_name = (self.message.get("intent") or {}).get("full_retrieval_intent_name") or ""
        return full_name.partition("/")[2] or None

    @property
    def is_first_contact(self) -> bool:
        """Whether the assistant has not said anything yet in this session."""
        return not any(event.get("event") == "bot" for event in self.tracker.events)

    @property
    def active_form(self) -> str | None:
        """The name of the form that is going on."""
        return (self.tracker.active_loop or {}).get("name")

    def slot(self, name: str) -> Any:
        """The value of a slot; None when it is empty."""
        return self.tracker.slots.get(name)

    def entities(self, name: str) -> list[dict[str, Any]]:
        """The entities of one kind in the latest message."""
        return [e for e in self.message.get("entities") or [] if e.get("entity") == name]

    @property
    def said(self) -> list[str]:
        """The names of the responses that this action has said so far."""
        return [m["response"] for m in self.dispatcher.messages if m.get("response")]

    def last_responses(self, count: int) -> list[str]:
        """The names of the last responses that the assistant said, the latest last."""
        said = [
            event.get("metadata", {}).get("utter_action")
            for event in self.tracker.events
            if event.get("event") == "bot"
        ]
        return [name for name in said if name][-count:]

    def messages_backwards(self) -> Iterator[dict[str, Any]]:
        """What the pipeline read in each of the patient's messages, the latest first."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                yield event.get("parse_data") or {}

    def actions_since_message(self) -> Iterator[str]:
        """The names of the actions that ran in answer to the latest message, the last one first."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                return
            if event.get("event") == "action":
                yield event.get("name") or ""

    def follows(self, action: str) -> bool:
        """Whether an action has run already in answer to the latest message."""
        return action in self.actions_since_message()

    def user_intents_backwards(self) -> Iterator[str]:
        """The intents of the patient's messages, the latest first."""
        for message in self.messages_backwards():
            yield (message.get("intent") or {}).get("name") or ""

    def say(self, response: str, **values: Any) -> None:
        """Utters a response of data/responses/, with values for its variables."""
        self.dispatcher.utter_message(response=response, **values)


def _typed(message: dict[str, Any]) -> str:
    text: str = message.get("text") or ""
    return "" if text.startswith("/") else message.get("cleaned", text)
