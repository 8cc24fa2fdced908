"""The tokens of website visitors."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from channels.sessions import InvalidToken, Sessions

SESSIONS = Sessions("a key for tests only", timedelta(hours=1))


def test_a_token_opens_the_conversation_it_was_made_for() -> None:
    session = SESSIONS.open()
    assert SESSIONS.conversation_of(session.token) == session.conversation_id
    again = SESSIONS.open(session.conversation_id)
    assert SESSIONS.conversation_of(again.token) == session.conversation_id


def test_ids_are_long_and_never_the_same() -> None:
    ids = {SESSIONS.open().conversation_id for _ in range(1000)}
    assert len(ids) == 1000
    assert min(map(len, ids)) >= 32


def test_a_token_expires_when_it_says() -> None:
    session = SESSIONS.open()
    before, after = (session.expires_at + timedelta(seconds=s) for s in (-1, 1))
    assert SESSIONS.conversation_of(session.token, before) == session.conversation_id
    with pytest.raises(InvalidToken):
        SESSIONS.conversation_of(session.token, after)


def test_a_token_from_the_future_is_none() -> None:
    token = SESSIONS.open().token
    with pytest.raises(InvalidToken):
        SESSIONS.conversation_of(token, datetime.now(timezone.utc) - timedelta(minutes=5))


@pytest.mark.parametrize("damage", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", str.upper])
def test_a_damaged_token_opens_nothing(damage) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidToken):
        SESSIONS.conversation_of(damage(SESSIONS.open().token))


def test_a_token_of_another_key_opens_nothing() -> None:
    other = Sessions("another key for tests", timedelta(hours=1))
    with pytest.raises(InvalidToken):
        SESSIONS.conversation_of(other.open().token)
