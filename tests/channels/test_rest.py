"""The REST channel: what it takes, what it refuses, and that it always answers with words."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered

from channels.rest import RestChannel
from clinic.profile import load_profile
from clinic.settings import load_settings
from clinic.storage.database import StorageUnavailable

OFFERED = {"title": "Yes", "payload": "/affirm"}


@dataclass
class Server:
    """Stands for Rasa: takes messages, answers with `reply`, remembers what was said."""

    reply: Callable[[UserMessage], Awaitable[None]]
    got: list[UserMessage] = field(default_factory=list)
    events: list[Any] | None = None

    async def on_new_message(self, message: UserMessage) -> None:
        self.got.append(message)
        await self.reply(message)

    async def retrieve(self, sender: str) -> Any:
        return None if self.events is None else SimpleNamespace(events=self.events)

    def post(self, body: Any) -> tuple[int, Any]:
        """Posts a body, JSON unless it is bytes; returns the status and the answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = asyncio.run(handlers(self)["receive"](Request(raw, self)))
        return answer.status, json.loads(answer.body)


class Request:
    """As much of a Sanic request as the channel uses."""

    def __init__(self, body: bytes, server: Server) -> None:
        self.body = body
        agent = SimpleNamespace(tracker_store=server)
        self.app = SimpleNamespace(ctx=SimpleNamespace(agent=agent))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def handlers(server: Server) -> dict[str, Any]:
    webhook = RestChannel().blueprint(server.on_new_message)
    return {route.handler.__name__: route.handler for route in webhook._future_routes}


async def say_hello(message: UserMessage) -> None:
    await message.output_channel.send_response(
        message.sender_id,
        {"text": "Hello.", "buttons": [OFFERED], "metadata": {"answer": "pain"}},
    )


async def say_nothing(message: UserMessage) -> None:
    return None


async def fail(message: UserMessage) -> None:
    raise ConnectionError(f"cannot send {message.text}")


async def lose_the_database(message: UserMessage) -> None:
    raise StorageUnavailable("the disk is full")


@pytest.fixture
def server() -> Server:
    return Server(say_hello)


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_file: bytes) -> None:
    (tmp_path / "clinic.db").write_bytes(empty_file)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/clinic.db")
    monkeypatch.setenv("CONVERSATION_KEY", "a key for tests only")


def test_a_message_is_answered_whole(server: Server) -> None:
    status, answer = server.post({"sender": "a", "message": "does it hurt?"})
    assert status == 200
    assert answer == [
        {
            "recipient_id": "a",
            "text": "Hello.",
            "buttons": [OFFERED],
            "metadata": {"answer": "pain"},
        }
    ]
    (got,) = server.got
    assert (got.text, got.sender_id, got.input_channel) == ("does it hurt?", "a", "rest")


def test_a_plain_answer_has_neither_buttons_nor_metadata() -> None:
    async def reply(message: UserMessage) -> None:
        await message.output_channel.send_response("a", {"text": "Hi", "buttons": []})

    assert Server(reply).post({"sender": "a", "message": "x"})[1] == [
        {"recipient_id": "a", "text": "Hi"}
    ]


def test_several_messages_keep_their_order() -> None:
    async def reply(message: UserMessage) -> None:
        for text in ("one", "two"):
            await message.output_channel.send_response("a", {"text": text})

    answer = Server(reply).post({"sender": "a", "message": "x"})[1]
    assert [one["text"] for one in answer] == ["one", "two"]


def test_the_channel_tells_that_it_is_well(server: Server) -> None:
    answer = asyncio.run(handlers(server)["health"](Request(b"", server)))
    assert json.loads(answer.body) == {"status": "ok"}


def test_the_address_is_rasas_own(server: Server) -> None:
    webhook = RestChannel().blueprint(server.on_new_message)
    routes = {(route.uri, *sorted(route.methods)) for route in webhook._future_routes}
    assert RestChannel.name() == "rest"
    assert routes == {("/", "GET"), ("/webhook", "POST")}


# What is refused


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        [],
        "text",
        None,
        {},
        {"sender": "a"},
        {"sender": "a", "message": None},
        {"sender": "a", "message": 7},
        {"sender": "a", "message": ["x"]},
        {"sender": "", "message": "x"},
        {"sender": 7, "message": "x"},
        {"sender": None, "message": "x"},
        {"sender": "a" * 201, "message": "x"},
        {"sender": "a\x00b", "message": "x"},
        {"sender": "a\nb", "message": "x"},
        {"sender": "a\ud800", "message": "x"},
    ],
    ids=lambda body: repr(body)[:40],
)
def test_a_malformed_request_is_refused_with_a_reason(server: Server, body: Any) -> None:
    status, answer = server.post(body)
    assert status == 400
    assert answer["error"]
    assert server.got == []


def test_a_huge_request_is_refused_before_it_is_read(server: Server) -> None:
    status, _ = server.post(b'{"sender": "a", "message": "' + b"x" * 262_144 + b'"}')
    assert status == 413
    assert server.got == []


def test_a_missing_sender_is_the_default_one(server: Server) -> None:
    server.post({"message": "hello"})
    assert server.got[0].sender_id == "default"


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("x" * 5_000, "x" * 4_000),
        ("a\x00b", "ab"),
        ("a\ud800b", "ab"),
        ("", ""),
        ("Ολα καλά 👍", "Ολα καλά 👍"),
        ("<b>'; DROP TABLE events;--", "<b>'; DROP TABLE events;--"),
    ],
)
def test_a_text_is_cut_and_freed_of_what_no_database_stores(
    server: Server, typed: str, taken: str
) -> None:
    assert server.post({"sender": "a", "message": typed})[0] == 200
    assert server.got[0].text == taken


# Payloads


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("/restart", "restart"),
        ("/book_consultation", "book consultation"),
        ('/affirm{"check_consent": "yes"}', "affirm"),
        (' /affirm{"a":\n"b"}', "affirm"),
        ("//affirm", "affirm"),
        ("/ /affirm", "affirm"),
        ("/", ""),
        ("/SetSlots(a=b)", "SetSlots(a=b)"),
        ("either/or", "either/or"),
    ],
)
@pytest.mark.parametrize("events", [None, [], [UserUttered("/affirm"), BotUttered("Hi.")]])
def test_a_typed_payload_is_taken_for_words(
    server: Server, typed: str, taken: str, events: list[Any] | None
) -> None:
    server.events = events
    server.post({"sender": "a", "message": typed})
    assert server.got[0].text == taken


def test_a_payload_that_was_offered_is_taken_as_it_is(server: Server) -> None:
    server.events = [BotUttered("Shall I?", data={"buttons": [OFFERED]})]
    server.post({"sender": "a", "message": "/affirm"})
    assert server.got[0].text == "/affirm"


@pytest.mark.parametrize("typed", ["/deny", '/affirm{"a": 1}', "/affirm_now"])
def test_only_the_very_payload_that_was_offered_counts(server: Server, typed: str) -> None:
    server.events = [BotUttered("Shall I?", data={"buttons": [OFFERED]})]
    server.post({"sender": "a", "message": typed})
    assert not server.got[0].text.startswith("/")


# When something fails


@pytest.mark.parametrize("reply", [fail, say_nothing, lose_the_database])
def test_a_turn_that_fails_or_says_nothing_is_answered_with_words(
    reply: Callable[[UserMessage], Awaitable[None]],
) -> None:
    profile = load_profile(load_settings().content_dir)
    status, answer = Server(reply).post({"sender": "a", "message": "does it hurt?"})
    assert status == 200
    (message,) = answer
    assert profile.phone in message["text"]
    assert profile.emergency_number in message["text"]
    assert "{" not in message["text"]


def test_what_was_said_before_a_failure_is_delivered_and_the_failure_is_owned_up_to() -> None:
    async def reply(message: UserMessage) -> None:
        await say_hello(message)
        await fail(message)

    answer = Server(reply).post({"sender": "a", "message": "x"})[1]
    assert answer[0]["text"] == "Hello."
    assert "something went wrong" in answer[1]["text"]


def test_a_tracker_store_that_fails_is_answered_with_words(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(sender: str) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(server, "retrieve", broken)
    status, answer = server.post({"sender": "a", "message": "/affirm"})
    assert status == 200
    assert "something went wrong" in answer[0]["text"]


def test_a_failure_is_logged_without_words_or_names(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Server(fail).post({"sender": "+306941234567", "message": "I am Maria"})
    records = [record for record in caplog.records if record.name == "channels.turns"]
    assert [record.levelno for record in records] == [logging.ERROR]
    assert "ConnectionError" in records[0].getMessage()
    assert records[0].exc_info is None
    assert "Maria" not in caplog.text
    assert "694" not in caplog.text
