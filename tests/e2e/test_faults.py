from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest
import yaml

from scripts.settings import ROOT
from tests.e2e.lookouts import problems
from tests.e2e.servers import Assistant

WEBHOOK = "/webhooks/rest/webhook"
PROFILE = yaml.safe_load((ROOT / "data/content/clinic.yml").read_text("utf-8"))


@pytest.fixture
def no_actions(assistant: Assistant) -> Iterator[None]:
    """The action server is down during the test."""
    assistant.actions.stop()
    yield
    assistant.actions.start()
    assistant.actions.wait_until_ready()


@pytest.fixture
def client(assistant: Assistant) -> Iterator[httpx.Client]:
    """A client without a token."""
    with httpx.Client(base_url=assistant.url, timeout=30.0, trust_env=False) as opened:
        yield opened


@contextmanager
def hanging(assistant: Assistant) -> Iterator[None]:
    """The action server takes requests and answers none."""
    process = assistant.actions.process
    assert process is not None
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGCONT)


def post(client: httpx.Client, sender: Any, message: Any) -> httpx.Response:
    # httpx would refuse a lone surrogate; json.dumps escapes it.
    body = json.dumps({"sender": sender, "message": message})
    return client.post(WEBHOOK, content=body, headers={"Content-Type": "application/json"})


def assert_still_answers(client: httpx.Client, sender: str) -> None:
    answer = post(client, sender, "how many sessions?")
    assert answer.status_code == 200
    assert "6 to 8" in answer.text


@pytest.mark.usefixtures("no_actions")
def test_without_the_action_server_there_are_words_and_a_phone(assistant: Assistant) -> None:
    with assistant.talk("e2e-faults-no-actions") as talk:
        reply = talk.say("how many sessions would my thighs take?")
        assert "something went wrong on my side" in reply.text
        assert PROFILE["phone"] in reply.text
        assert PROFILE["emergency_number"] in reply.text
        assert not problems(reply, first=False, failure_expected=True)


@pytest.mark.usefixtures("no_actions")
def test_without_the_action_server_a_red_flag_gets_the_emergency_number(
    assistant: Assistant,
) -> None:
    with assistant.talk("e2e-faults-red-flag") as talk:
        reply = talk.say("since the injections I can't breathe properly")
        assert "utter_urgent_symptoms" in reply.responses
        assert PROFILE["emergency_number"] in reply.messages[0]["text"]


def test_when_the_action_server_hangs_there_are_words_in_time(
    assistant: Assistant, client: httpx.Client
) -> None:
    with hanging(assistant):
        answer = client.post(
            WEBHOOK, json={"sender": "e2e-faults-hang", "message": "how many sessions?"}
        )
    assert answer.status_code == 200
    assert PROFILE["phone"] in answer.text


def test_a_form_goes_on_after_the_action_server_was_down(assistant: Assistant) -> None:
    with assistant.talk("e2e-faults-form") as talk:
        assert talk.say("I'd like to book a consultation").asks == "booking_name"
        assistant.actions.stop()
        try:
            assert PROFILE["phone"] in talk.say("Danae Faultova").text
        finally:
            assistant.actions.start()
            assistant.actions.wait_until_ready()
        assert talk.say("Danae Faultova").asks == "booking_phone"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'"hello"',
        b"{}",
        b'{"sender": "e2e-malformed"}',
        b'{"sender": "e2e-malformed", "message": null}',
        b'{"sender": "e2e-malformed", "message": 7}',
        b'{"sender": "e2e-malformed", "message": ["hello"]}',
        b'{"sender": 7, "message": "hello"}',
        b'{"sender": "", "message": "hello"}',
        b'{"sender": "' + b"a" * 201 + b'", "message": "hello"}',
        b'{"sender": "a\\u0000b", "message": "hello"}',
        b'{"sender": "a\\ud800b", "message": "hello"}',
        b'{"sender": "a\\nb", "message": "hello"}',
        b"\xff\xfe",
    ],
)
def test_a_malformed_request_is_refused_in_json(client: httpx.Client, body: bytes) -> None:
    answer = client.post(WEBHOOK, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_an_oversized_request_is_refused_in_json(client: httpx.Client) -> None:
    answer = post(client, "e2e-oversized", "a" * 300_000)
    assert answer.status_code == 413
    assert answer.json()["error"]


def test_another_method_is_refused(client: httpx.Client) -> None:
    assert client.put(WEBHOOK, json={}).status_code == 405


def test_broken_characters_do_not_end_the_server(client: httpx.Client) -> None:
    for sender in ("a\ud800", "a\0", "\x1b[31m"):
        assert post(client, sender, "hello").status_code == 400
    for number, message in enumerate(("hello \ud800", "\0", "hello\0there", "\udfff", "\x07")):
        answer = post(client, f"e2e-broken-{number}", message)
        assert answer.status_code == 200
        assert answer.json()[0]["text"]
    assert_still_answers(client, "e2e-after-broken")


def test_odd_sender_ids_are_ordinary(client: httpx.Client) -> None:
    for sender in ("../../etc", "a b", "ελένη", "😀", "'; drop table events; --", "%00"):
        assert_still_answers(client, sender)


def test_two_messages_of_one_sender_at_once_are_both_answered(client: httpx.Client) -> None:
    messages = ["how many sessions are needed?", "does mesotherapy hurt?"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda m: post(client, "e2e-at-once", m).json(), messages))
    asked = [[m.get("metadata", {}).get("answer") for m in answer] for answer in answers]
    assert "sessions" in asked[0]
    assert "pain" in asked[1]


def test_many_senders_at_once_are_all_answered(client: httpx.Client) -> None:
    senders = [f"e2e-crowd-{number}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda s: post(client, s, "how many sessions?").text, senders))
    assert all("6 to 8" in answer for answer in answers)


@pytest.mark.parametrize("token", ["", "?token=", "?token=wrong"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/conversations/e2e-at-once/tracker"),
        ("POST", "/conversations/e2e-at-once/tracker/events"),
        ("POST", "/conversations/e2e-at-once/execute"),
        ("POST", "/model/parse"),
        ("PUT", "/model"),
        ("GET", "/domain"),
    ],
)
def test_the_http_api_needs_its_token(
    client: httpx.Client, method: str, path: str, token: str
) -> None:
    answer = client.request(method, path + token, json={} if method != "GET" else None)
    assert answer.status_code == 401


def test_a_conversation_survives_a_restart_of_both_servers(assistant: Assistant) -> None:
    with assistant.talk("e2e-faults-restart") as talk:
        assert talk.say("I'd like to book a consultation").asks == "booking_name"
        assert talk.say("Doris Faultova").asks == "booking_phone"
        assistant.stop()
        assistant.start()
        reply = talk.say("694 555 0190")
        assert reply.asks == "booking_time"
        assert "automated assistant" not in reply.text


def test_with_a_locked_database_there_is_an_apology_and_the_form_goes_on_afterwards(
    assistant: Assistant, client: httpx.Client
) -> None:
    with assistant.talk("e2e-faults-locked") as talk:
        assert talk.say("I'd like to book a consultation").asks == "booking_name"
        with closing(sqlite3.connect(assistant.database)) as other:
            other.execute("begin exclusive")
            answer = post(client, talk.sender, "Lena Lockedova")
            other.rollback()
        assert talk.say("Lena Lockedova").asks == "booking_phone"
        # A reply as if the conversation had just begun would be no answer to a name.
        assert answer.status_code == 200
        assert PROFILE["phone"] in answer.text


def test_what_the_database_refuses_does_not_stand_in_the_logs(
    assistant: Assistant, client: httpx.Client
) -> None:
    canary = "my name is Rhea Refusedova, 694 555 0191"
    assert_still_answers(client, "e2e-faults-refused")
    with refused_writes(assistant):
        answer = post(client, "e2e-faults-refused", canary)
    assert answer.json()[0]["text"].strip()
    logs = assistant.logs()
    assert [name for name, log in logs.items() if canary in log or "e2e-faults" in log] == []
    assert_still_answers(client, "e2e-after-refused")


@contextmanager
def refused_writes(assistant: Assistant) -> Iterator[None]:
    """The database takes no messages, as if its disk was full."""
    refusal = (
        "create trigger refusal before insert on events begin select raise(abort, 'full'); end"
    )
    with closing(sqlite3.connect(assistant.database, isolation_level=None)) as other:
        other.execute(refusal)
        try:
            yield
        finally:
            other.execute("drop trigger refusal")
