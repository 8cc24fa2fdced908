"""A turn: kept before it begins, answered once, with words whatever happens. On a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from sqlalchemy import select

from channels.turns import TurnFailed, Turns
from clinic.settings import load_settings
from clinic.storage import inbox
from clinic.storage.database import Database, StorageUnavailable
from clinic.storage.inbox import Incoming
from clinic.storage.models import InboxMessage

Say = Callable[[UserMessage], Awaitable[None]]


class Rasa:
    """Stands for the agent: a conversation's events, a lock, and what it says."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.got: list[UserMessage] = []
        self.events: list[Event] = []
        self.tracker_store = self.lock_store = self

    async def on_new_message(self, message: UserMessage) -> None:
        self.got.append(message)
        await self.say(message)

    async def retrieve(self, sender: str) -> Any:
        return SimpleNamespace(events=self.events)

    @asynccontextmanager
    async def lock(self, conversation_id: str) -> AsyncIterator[None]:
        yield


async def say_hello(message: UserMessage) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": f"Re: {message.text}"})


async def fail(message: UserMessage) -> None:
    raise ConnectionError("no action server")


async def lose_the_database(message: UserMessage) -> None:
    raise StorageUnavailable("gone")


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setenv("DATABASE_URL", str(database.engine.url))
    monkeypatch.setenv("CONVERSATION_KEY", "a key for tests only")


def opened(rasa: Rasa, **options: Any) -> Turns:
    return Turns("web", rasa.on_new_message, load_settings(), **options)


def message(text: str = "hello", id: str = "m1", conversation: str = "c1", **more: Any) -> Incoming:
    return Incoming("web", id, conversation, text, **more)


def answer(rasa: Rasa, *messages: Incoming, **options: Any) -> list[list[str]]:
    """Answers messages one after the other with a new channel; returns the texts."""

    async def run() -> list[list[str]]:
        turns = opened(rasa, **options)
        return [[r["text"] for r in await turns.answer(rasa, m)] for m in messages]

    return asyncio.run(run())


def kept(database: Database) -> list[InboxMessage]:
    with database.reading() as session:
        return list(session.execute(select(InboxMessage)).scalars())


def test_a_message_is_kept_before_its_turn_and_its_words_dropped_after(database: Database) -> None:
    during: list[str | None] = []

    async def look(said: UserMessage) -> None:
        during.extend(row.text for row in kept(database))
        await say_hello(said)

    assert answer(Rasa(look), message("I am pregnant")) == [["Re: I am pregnant"]]
    assert during == ["I am pregnant"]
    (row,) = kept(database)
    assert row.text is None
    assert [reply["id"] for reply in row.replies or []] == ["m1.0"]


def test_a_resend_gets_the_same_answer_and_no_second_turn() -> None:
    rasa = Rasa(say_hello)
    assert answer(rasa, message(), message("other words")) == [["Re: hello"]] * 2
    # After a restart too.
    assert answer(rasa, message()) == [["Re: hello"]]
    assert len(rasa.got) == 1


def test_a_resend_while_the_turn_runs_waits_for_it() -> None:
    async def slowly(said: UserMessage) -> None:
        await asyncio.sleep(0.05)
        await say_hello(said)

    rasa = Rasa(slowly)

    async def run() -> list[Any]:
        turns = opened(rasa)
        return await asyncio.gather(*(turns.answer(rasa, message()) for _ in range(5)))

    assert asyncio.run(run()) == [asyncio.run(run())[0]] * 5
    assert len(rasa.got) == 1


def test_messages_of_a_conversation_are_answered_one_at_a_time_and_others_beside() -> None:
    running: list[str] = []
    most: dict[str, int] = {}

    async def slowly(said: UserMessage) -> None:
        running.append(said.sender_id)
        own = running.count(said.sender_id)
        most[said.sender_id] = max(most.get(said.sender_id, 0), own)
        most["all"] = max(most.get("all", 0), len(running))
        await asyncio.sleep(0.02)
        running.remove(said.sender_id)
        await say_hello(said)

    rasa = Rasa(slowly)

    async def run() -> None:
        turns = opened(rasa)
        both = [message(id=f"m{n}", conversation=c) for n in range(3) for c in ("c1", "c2")]
        await asyncio.gather(*(turns.answer(rasa, one) for one in both))

    asyncio.run(run())
    assert most == {"c1": 1, "c2": 1, "all": 2}


def test_the_same_id_in_another_conversation_is_another_message() -> None:
    rasa = Rasa(say_hello)
    assert answer(rasa, message("one"), message("two", conversation="c2")) == [
        ["Re: one"],
        ["Re: two"],
    ]


def test_the_turn_goes_on_when_the_caller_goes_away(database: Database) -> None:
    async def slowly(said: UserMessage) -> None:
        await asyncio.sleep(0.05)
        await say_hello(said)

    rasa = Rasa(slowly)

    async def run() -> None:
        turns = opened(rasa)
        caller = asyncio.ensure_future(turns.answer(rasa, message()))
        await asyncio.sleep(0.01)
        caller.cancel()
        await asyncio.sleep(0.1)

    asyncio.run(run())
    assert kept(database)[0].replies


# When something fails


@pytest.mark.parametrize("say", [fail, lose_the_database])
def test_a_failed_turn_stays_to_be_sent_again(database: Database, say: Say) -> None:
    rasa = Rasa(say)
    with pytest.raises(TurnFailed):
        answer(rasa, message())
    assert kept(database)[0].text == "hello"
    rasa.say = say_hello
    assert answer(rasa, message()) == [["Re: hello"]]


def test_a_message_that_fails_again_and_again_is_answered_with_an_apology() -> None:
    rasa = Rasa(fail)
    for _ in range(3):
        with pytest.raises(TurnFailed):
            answer(rasa, message())
    ((words,),) = answer(rasa, message())
    assert opened(rasa).failure == words
    assert len(rasa.got) == 3


def test_what_was_said_before_a_fault_stands() -> None:
    async def both(said: UserMessage) -> None:
        await say_hello(said)
        await fail(said)

    rasa = Rasa(both)
    ((first, second),) = answer(rasa, message())
    assert (first, second) == ("Re: hello", opened(rasa).failure)


def test_a_turn_that_hangs_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTION_TIME_LIMIT", "0.01")

    async def hang(said: UserMessage) -> None:
        await asyncio.sleep(60)

    rasa = Rasa(hang)

    async def run() -> None:
        turns = opened(rasa)
        turns._limit = 0.05
        await turns.answer(rasa, message())

    with pytest.raises(TurnFailed):
        asyncio.run(run())


# After a crash


def left_behind(database: Database, *messages: Incoming) -> None:
    with database.session() as session:
        for one in messages:
            inbox.accept(session, one, datetime.now(timezone.utc))
            inbox.begin(session, one)


def test_what_a_crash_left_is_answered_in_order_at_the_start(database: Database) -> None:
    left_behind(database, message("one"), message("two", id="m2"))
    rasa = Rasa(say_hello)
    assert asyncio.run(opened(rasa).resume(rasa)) == 2
    assert [said.text for said in rasa.got] == ["one", "two"]
    assert asyncio.run(opened(rasa).resume(rasa)) == 0


def test_a_turn_that_was_stored_before_the_crash_is_not_done_again(database: Database) -> None:
    left_behind(database, message())
    rasa = Rasa(say_hello)
    user = UserUttered("hello", message_id="m1")
    rasa.events = [user, BotUttered("Stored."), UserUttered("x", message_id="m2"), BotUttered("No")]
    assert answer(rasa, message()) == [["Stored."]]
    assert rasa.got == []


def test_what_belongs_to_another_channel_is_left_alone(database: Database) -> None:
    left_behind(database, Incoming("telegram", "m1", "c1", "hello"))
    rasa = Rasa(say_hello)
    assert asyncio.run(opened(rasa).resume(rasa)) == 0


# Payloads


@pytest.mark.parametrize(
    ("text", "is_payload", "taken"),
    [
        ("/affirm", True, "/affirm"),
        ("/affirm", False, "affirm"),
        ("/restart", True, "restart"),
        ("/own", True, "/own"),
        ("/own", False, "own"),
    ],
)
def test_a_payload_counts_only_where_it_was_offered(
    text: str, is_payload: bool, taken: str
) -> None:
    rasa = Rasa(say_hello)
    rasa.events = [BotUttered("?", data={"buttons": [{"title": "Yes", "payload": "/affirm"}]})]
    answer(rasa, message(text, is_payload=is_payload), always_offered=["/own"])
    assert rasa.got[0].text == taken
