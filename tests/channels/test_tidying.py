"""What is old is deleted, and nothing else. On a real database."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from channels import tidying
from channels.tidying import Tidying
from clinic.storage import inbox
from clinic.storage.database import Database, open_database
from clinic.storage.inbox import Incoming
from clinic.storage.models import InboxMessage

NOW = datetime(2026, 11, 26, 12, tzinfo=timezone.utc)
EVENTS = sa.table("events", *map(sa.column, ("sender_id", "type_name", "timestamp", "data")))


def said(database: Database, sender: str, *days_ago: float) -> None:
    rows = [
        {
            "sender_id": sender,
            "type_name": "user",
            "timestamp": (NOW - timedelta(days=days)).timestamp(),
            "data": "{}",
        }
        for days in days_ago
    ]
    with database.session() as session:
        session.execute(sa.insert(EVENTS), rows)


def left(database: Database) -> list[tuple[str, float]]:
    """Sender and age in days of each event."""
    with database.reading() as session:
        rows = session.execute(sa.select(EVENTS.c.sender_id, EVENTS.c.timestamp)).all()
    return sorted((sender, round((NOW.timestamp() - when) / 86400, 2)) for sender, when in rows)


def test_words_go_after_the_days_that_patients_are_told(database: Database) -> None:
    said(database, "old", 400, 91, 90.01)
    said(database, "both", 120, 89.99, 1)
    assert Tidying(database, 90).once(NOW) == 4
    assert left(database) == [("both", 1.0), ("both", 89.99)]
    assert Tidying(database, 90).once(NOW) == 0


def test_more_than_one_portion_is_deleted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "_AT_ONCE", 10)
    said(database, "old", *[100.0] * 35)
    said(database, "new", 1)
    assert Tidying(database, 90).once(NOW) == 35
    assert left(database) == [("new", 1.0)]


def test_an_answered_message_leaves_the_inbox_after_a_day_and_a_waiting_one_with_all_words(
    database: Database,
) -> None:
    for number, days in enumerate((2, 0.5, 100)):
        answered = Incoming("web", f"answered {number}", "c1", "hello")
        waiting = Incoming("web", f"waiting {number}", "c1", "hello")
        with database.session() as session:
            for one in (answered, waiting):
                inbox.accept(session, one, NOW - timedelta(days=days))
            inbox.answered(session, answered, [])
    Tidying(database, 90).once(NOW)
    with database.reading() as session:
        kept = set(session.execute(sa.select(InboxMessage.message_id)).scalars())
    assert kept == {"waiting 0", "answered 1", "waiting 1"}


def test_a_database_that_is_gone_is_logged_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tidy = Tidying(open_database(f"sqlite:///{tmp_path}/empty.db"), 90)

    async def run_for_a_moment() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(tidy.run(), 1)

    with caplog.at_level(logging.ERROR):
        asyncio.run(run_for_a_moment())
    assert [record.getMessage() for record in caplog.records] == [
        "What is old could not be deleted: error=OperationalError"
    ]
