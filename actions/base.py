"""The base of all actions: a time limit, and words for the patient whatever happens."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.services import services
from actions.turn import Turn
from clinic.settings import conversation_hash, load_settings

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]


class SafeAction(Action, ABC):
    """An action that never leaves the patient without words.

    Subclasses write `perform`. It runs in a thread, so that a slow database holds up nobody else;
    after the time limit, or on an exception, the patient hears `utter_failure` and nothing of what
    the action had begun to say.
    """

    introduces = True
    """Whether the notice about the automated assistant goes before the action's first words."""

    speaks_later = False
    """Whether Rasa says something after the action, so that the notice is due all the same."""

    @abstractmethod
    def perform(self, turn: Turn) -> Events:
        """Says what is to be said through `turn` and returns the events for Rasa."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Events:
        """Rasa's entry point."""
        own = CollectingDispatcher()
        try:
            limit = load_settings().action_time_limit
            work = asyncio.to_thread(self._perform, own, tracker, domain)
            events = await asyncio.wait_for(work, limit)
        except Exception as error:
            # The error's text and traceback may quote the patient; its type and place do not.
            logger.error(
                "An action failed: action=%s conversation=%s error=%s at=%s",
                self.name(),
                _hashed(tracker.sender_id),
                type(error).__name__,
                _place_of(error),
            )
            dispatcher.utter_message(response="utter_failure")
            return self.events_after_failure(tracker)
        dispatcher.messages.extend(own.messages)
        return events

    def _perform(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Events:
        turn = Turn(tracker, dispatcher, domain, services())
        first = turn.is_first_contact
        events = self.perform(turn)
        if first and self.introduces and (dispatcher.messages or self.speaks_later):
            dispatcher.utter_message(response="utter_first_contact")
            dispatcher.messages.insert(0, dispatcher.messages.pop())
        return events

    def events_after_failure(self, tracker: Tracker) -> Events:
        """The events of a failed action; a form overrides this to keep its question open."""
        return []


def _hashed(conversation_id: str) -> str:
    try:
        return conversation_hash(conversation_id, load_settings().conversation_key())
    except Exception:
        return "unknown"


def _place_of(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
