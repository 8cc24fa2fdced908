"""A turn, from an accepted message to its replies: what every channel builds on.

A message is kept in the inbox before its turn begins, so that none is lost in a crash; its id makes
a resend get the same answer; a turn that fails or says nothing is answered with words all the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timezone
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from channels.texts import as_words, looks_like_payload
from channels.tidying import Tidying
from clinic.content.wording import clinic_variables, load_response
from clinic.profile import load_profile
from clinic.settings import Settings, conversation_hash
from clinic.storage import inbox
from clinic.storage.database import Database, StorageUnavailable, open_database
from clinic.storage.inbox import Incoming, Reply

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

# A message that ended the process, or failed, so many times is answered with an apology.
_MOST_ATTEMPTS = 3


class TurnFailed(Exception):
    """Nothing could be said; the message stays in the inbox and can be sent again."""


class Replies(OutputChannel):
    """Collects the messages of a turn, each whole and with its metadata (answer id, source)."""

    def __init__(self, channel: str, message_id: str) -> None:
        """Takes the channel's name and the id of the message that is answered."""
        self._channel = channel
        self._message_id = message_id
        self.messages: list[Reply] = []

    def name(self) -> str:
        """The channel's name in responses and events."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps one message of the assistant."""
        self.messages.append(reply_of(self._message_id, len(self.messages), message))


def reply_of(message_id: str, place: int, message: dict[str, Any]) -> Reply:
    """One of the assistant's messages as channels hand it on; its id follows from its place."""
    return {
        "id": f"{message_id}.{place}",
        "text": message.get("text") or "",
        "buttons": message.get("buttons") or [],
        "metadata": message.get("metadata") or {},
    }


class Turns:
    """Takes accepted messages to Rasa, one at a time in each conversation."""

    def __init__(
        self,
        channel: str,
        on_new_message: OnNewMessage,
        settings: Settings,
        always_offered: Collection[str] = (),
    ) -> None:
        """Takes the channel's name, Rasa's handler and the settings; connects to nothing.

        `always_offered` are payloads of buttons that the channel shows by itself.
        """
        self._channel = channel
        self._always_offered = frozenset(always_offered)
        self._on_new_message = on_new_message
        self._settings = settings
        self._database: Database = open_database(settings.database_url)
        # A turn has two actions at the most; beyond their limits something hangs.
        self._limit = 2 * settings.action_time_limit + 2
        self._failure = load_response(settings.root / "data/responses", "utter_failure").format(
            **clinic_variables(load_profile(settings.content_dir), settings.retention_days)
        )
        self._running: dict[tuple[str, str], asyncio.Future[list[Reply]]] = {}
        self._waiting: dict[str, int] = defaultdict(int)
        self._locks: dict[str, asyncio.Lock] = {}

    @property
    def database(self) -> Database:
        """The clinic's database."""
        return self._database

    @property
    def failure(self) -> str:
        """The words for a turn that failed, with the clinic's phone."""
        return self._failure

    async def answer(self, agent: Agent, message: Incoming, gives_up: bool = False) -> list[Reply]:
        """Answers a message, or gives the answer that it got before.

        The turn goes on when the caller goes away; a resend meanwhile waits for the same turn.

        Args:
            agent: Rasa's agent.
            message: what came in.
            gives_up: whether an apology ends a turn that failed; else it can be sent again.

        Raises:
            StorageUnavailable: the message could not be kept.
            TurnFailed: nothing could be said, and `gives_up` is not set.
        """
        key = (message.conversation_id, message.message_id)
        running = self._running.get(key)
        if running is None:
            running = asyncio.ensure_future(self._answer(agent, message, gives_up))
            self._running[key] = running
            running.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(running)

    async def start(self, app: Any) -> None:
        """Takes up again, in the background, what the last process left; tidies from then on."""
        app.add_task(self.resume(app.ctx.agent))
        # One channel of the process does it for all.
        if not hasattr(app.ctx, "tidying"):
            app.ctx.tidying = Tidying(self._database, self._settings.retention_days)
            app.add_task(app.ctx.tidying.run())

    async def resume(self, agent: Agent) -> int:
        """Answers what was left without an answer when the process ended; returns how many."""
        with self._database.reading() as session:
            left = inbox.unanswered(session, self._channel)
        for message in left:
            try:
                await self.answer(agent, message)
            except (Exception, StorageUnavailable) as error:
                self._log("A message of before the start could not be answered", message, error)
        return len(left)

    @asynccontextmanager
    async def alone(self, agent: Agent, conversation_id: str) -> AsyncIterator[None]:
        """Waits until no turn of the conversation runs, and lets none begin."""
        async with self._in_order(conversation_id), agent.lock_store.lock(conversation_id):
            yield

    @asynccontextmanager
    async def _in_order(self, conversation_id: str) -> AsyncIterator[None]:
        # Rasa's own lock is asked again once a second; in one process nobody need wait so long.
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._waiting[conversation_id] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[conversation_id] -= 1
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id], self._locks[conversation_id]

    async def _answer(self, agent: Agent, message: Incoming, gives_up: bool) -> list[Reply]:
        now = datetime.now(timezone.utc)
        async with self._in_order(message.conversation_id):
            with self._writing() as session:
                replies = inbox.accept(session, message, now)
                attempt = 0 if replies is not None else inbox.begin(session, message)
            if replies is not None:
                return replies
            if attempt > 1:
                replies = await self._answered_before(agent, message)
            if replies is None and attempt > _MOST_ATTEMPTS:
                replies = [self.apology(message)]
            if replies is None:
                replies = await self._turn(agent, message, gives_up)
            with self._writing() as session:
                inbox.answered(session, message, replies)
            return replies

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        try:
            with self._database.session() as session:
                yield session
        except SQLAlchemyError as error:
            raise StorageUnavailable(type(error).__name__) from error

    async def _turn(self, agent: Agent, message: Incoming, gives_up: bool) -> list[Reply]:
        output = Replies(self._channel, message.message_id)
        is_complete = False
        try:
            text = message.text
            if looks_like_payload(text) and not await self._is_offered(agent, message):
                text = as_words(text)
            sent = UserMessage(
                text,
                output,
                message.conversation_id,
                input_channel=self._channel,
                message_id=message.message_id,
            )
            await asyncio.wait_for(self._on_new_message(sent), self._limit)
            is_complete = True
        except (Exception, StorageUnavailable) as error:
            self._log("A turn failed", message, error)
        if not is_complete and not output.messages and not gives_up:
            raise TurnFailed
        # What was said before the fault stands: it may be the emergency number.
        if not is_complete or not output.messages:
            output.messages.append(self.apology(message, len(output.messages)))
        return output.messages

    async def _is_offered(self, agent: Agent, message: Incoming) -> bool:
        if not message.is_payload:
            return False
        is_own = message.text.strip() in self._always_offered
        return is_own or await was_offered(agent, message.conversation_id, message.text)

    async def _answered_before(self, agent: Agent, message: Incoming) -> list[Reply] | None:
        """The replies of a turn that was stored, though a crash came before the inbox knew."""
        tracker = await agent.tracker_store.retrieve(message.conversation_id)
        for event, replies in turns_of(tracker.events if tracker else []):
            if event.message_id == message.message_id:
                return replies or [self.apology(message)]
        return None

    def apology(self, message: Incoming, place: int = 0) -> Reply:
        """The reply that says that something went wrong, with the clinic's phone."""
        return reply_of(message.message_id, place, {"text": self._failure})

    def _log(self, what: str, message: Incoming, error: BaseException) -> None:
        # The error's text may quote the patient; its type does not.
        logger.error(
            "%s: conversation=%s error=%s",
            what,
            conversation_hash(message.conversation_id, self._settings.conversation_key()),
            type(error).__name__,
        )


def turns_of(events: Any) -> list[tuple[UserUttered, list[Reply]]]:
    """The patient's messages of a conversation with the replies to each, in order."""
    found: list[tuple[UserUttered, list[Reply]]] = []
    event: Event
    for event in events:
        if isinstance(event, UserUttered) and event.message_id:
            found.append((event, []))
        elif isinstance(event, BotUttered) and found:
            user, replies = found[-1]
            replies.append(reply_of(user.message_id, len(replies), event.message()))
    return found


async def was_offered(agent: Agent, conversation_id: str, payload: str) -> bool:
    """Tells whether a payload is one of a button that the assistant sent in this conversation."""
    tracker = await agent.tracker_store.retrieve(conversation_id)
    return tracker is not None and any(
        button.get("payload") == payload.strip()
        for event in tracker.events
        if isinstance(event, BotUttered)
        for button in event.data.get("buttons") or []
    )
