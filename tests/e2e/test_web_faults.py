"""The web channel when the action server or the database is gone, and after a crash."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import httpx
import pytest

from clinic.profile import load_profile
from scripts.settings import ROOT
from tests.e2e.servers import Assistant
from tests.e2e.visitor import Visitor

PROFILE = load_profile(ROOT / "data" / "content")


@pytest.fixture
def visitor(assistant: Assistant) -> Iterator[Visitor]:
    url = f"{assistant.url}/webhooks/web/"
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as opened:
        yield Visitor(opened, assistant.said)


def test_without_the_action_server_there_are_words_and_a_phone(
    assistant: Assistant, visitor: Visitor
) -> None:
    assistant.actions.stop()
    try:
        said = " ".join(m["text"] for m in visitor.hears("how many sessions?"))
        urgent = visitor.hears("I can't breathe since the injection")
    finally:
        assistant.actions.start()
        assistant.actions.wait_until_ready()
    assert PROFILE.phone in said
    assert any(PROFILE.emergency_number in m["text"] for m in urgent)


def test_with_a_locked_database_the_message_is_refused_and_can_be_sent_again(
    assistant: Assistant, visitor: Visitor
) -> None:
    visitor.hears("hello")
    id = str(uuid.uuid4())
    with closing(sqlite3.connect(assistant.database)) as other:
        other.execute("begin exclusive")
        refused = visitor.send("does it hurt?", id)
        other.rollback()
    assert refused.status_code == 503
    assert PROFILE.phone in refused.json()["error"]["message"]
    assert int(refused.headers["retry-after"]) > 0
    again = visitor.send("does it hurt?", id)
    assert "pain" in {m["answer"] for m in again.json()["messages"]}
    assert [m["text"] for m in visitor.history()].count("does it hurt?") == 1


def test_what_was_accepted_before_a_crash_is_answered_after_it(
    assistant: Assistant, visitor: Visitor
) -> None:
    visitor.hears("hello")
    id = str(uuid.uuid4())
    actions, rasa = assistant.actions.process, assistant.rasa.process
    assert actions is not None
    assert rasa is not None
    with ThreadPoolExecutor(1) as pool:
        os.killpg(actions.pid, signal.SIGSTOP)
        try:
            pending = pool.submit(visitor.send, "how many sessions?", id)
            time.sleep(1.5)
            os.killpg(rasa.pid, signal.SIGKILL)
            with suppress(httpx.HTTPError):
                pending.result()
        finally:
            os.killpg(actions.pid, signal.SIGCONT)
    rasa.wait()
    assistant.rasa.start()
    assistant.rasa.wait_until_ready()
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and "sessions" not in answers(visitor):
        time.sleep(0.2)
    assert answers(visitor).count("sessions") == 1
    # The widget sends it again, as it got no answer.
    again = visitor.send("how many sessions?", id)
    assert "sessions" in {m["answer"] for m in again.json()["messages"]}
    assert answers(visitor).count("sessions") == 1


def test_words_that_were_kept_long_enough_are_gone_after_a_start(
    assistant: Assistant, visitor: Visitor
) -> None:
    visitor.hears("how many sessions?")
    with closing(sqlite3.connect(assistant.database)) as database, database:
        database.execute("update events set timestamp = timestamp - 91 * 86400")
    visitor.hears("does it hurt?")
    assistant.rasa.stop()
    assistant.rasa.start()
    assistant.rasa.wait_until_ready()
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and "sessions" in answers(visitor):
        time.sleep(0.2)
    assert "sessions" not in answers(visitor)
    assert "pain" in answers(visitor)


def answers(visitor: Visitor) -> list[str | None]:
    return [message.get("answer") for message in visitor.history()]
