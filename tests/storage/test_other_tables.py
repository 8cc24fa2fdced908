"""Check results, marks for the staff, feedback, and erasing them."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from clinic.settings import conversation_hash
from clinic.storage import (
    consultation_requests,
    erasures,
    feedback,
    handoffs,
    health_checks,
)
from clinic.storage.database import Database
from clinic.storage.models import Erasure, Handoff
from tests.storage.test_consultation_requests import MARIA, NOW

KEY = "a key for tests"


def fill(database: Database, conversation_id: str) -> str:
    with database.session() as session:
        check = health_checks.add(session, conversation_id, "ask_doctor", ["cancer"], "1", NOW)
        row, _ = consultation_requests.add(session, conversation_id, MARIA, NOW, check.id)
        handoffs.mark(session, conversation_id, "callback", NOW, phone="+306941234567")
        feedback.add(session, conversation_id, "up", "sessions", NOW)
        feedback.add(session, conversation_id, "down", None, NOW)
        return row.reference


def test_the_newest_check_is_found(database: Database) -> None:
    with database.session() as session:
        health_checks.add(session, "one", "ask_doctor", ["check_blood"], "2", NOW)
        later = NOW + timedelta(minutes=5)
        health_checks.add(session, "one", "not_recommended", ["cancer", "obesity"], "2", later)
    with database.reading() as session:
        row = health_checks.latest(session, "one")
        assert health_checks.latest(session, "two") is None
    assert row is not None
    assert (row.outcome, row.findings) == ("not_recommended", ["cancer", "obesity"])
    assert (row.consent_version, row.created_at) == ("2", later)


@pytest.mark.parametrize(("outcome", "consent"), [("ask_doctor", ""), ("incomplete", "1")])
def test_no_check_is_stored_unfinished_or_without_consent(
    database: Database, outcome: str, consent: str
) -> None:
    with pytest.raises(ValueError), database.session() as session:
        health_checks.add(session, "one", outcome, [], consent, NOW)


def test_marks_do_not_pile_up(database: Database) -> None:
    with database.session() as session:
        first, created = handoffs.mark(session, "one", "urgent", NOW)
        again, created_again = handoffs.mark(session, "one", "urgent", NOW + timedelta(hours=1))
        assert (created, created_again) == (True, False)
        assert again is first
        assert first.created_at == NOW
        assert handoffs.mark(session, "one", "asked", NOW)[1]
        assert handoffs.mark(session, "two", "urgent", NOW)[1]
        assert handoffs.mark(session, "one", "urgent", NOW, phone="+306941234567")[1]
        assert len(session.execute(select(Handoff)).scalars().all()) == 4


def test_a_done_mark_can_be_made_again(database: Database) -> None:
    with database.session() as session:
        first, _ = handoffs.mark(session, "one", "asked", NOW)
        handoffs.close(session, first)
        second, created = handoffs.mark(session, "one", "asked", NOW)
        assert created
        assert (first.status, second.status) == ("done", "open")


def test_an_unknown_reason_or_rating_is_an_error(database: Database) -> None:
    with pytest.raises(ValueError, match="bored"), database.session() as session:
        handoffs.mark(session, "one", "bored", NOW)
    with pytest.raises(ValueError, match="sideways"), database.session() as session:
        feedback.add(session, "one", "sideways", None, NOW)


def test_what_is_held_can_be_told(database: Database) -> None:
    reference = fill(database, "one")
    with database.reading() as session:
        held = erasures.held_data(session, "one")
        nothing = erasures.held_data(session, "two")
    assert held.counts == {
        "consultation_requests": 1,
        "health_checks": 1,
        "handoffs": 1,
        "feedback": 2,
    }
    assert held.references == (reference,)
    assert held.anything
    assert not nothing.anything


def test_an_erasure_takes_everything_of_one_conversation_and_leaves_a_receipt(
    database: Database,
) -> None:
    fill(database, "one")
    fill(database, "two")
    with database.session() as session:
        receipt = erasures.erase_conversation(session, "one", KEY, NOW)
    assert receipt.counts == {
        "consultation_requests": 1,
        "health_checks": 1,
        "handoffs": 1,
        "feedback": 2,
    }
    assert receipt.conversation_hash == conversation_hash("one", KEY)
    with database.reading() as session:
        assert not erasures.held_data(session, "one").anything
        assert erasures.held_data(session, "two").anything
        row = session.execute(select(Erasure)).scalars().one()
    assert (row.conversation_hash, row.counts) == (receipt.conversation_hash, receipt.counts)
    assert row.created_at == NOW


def test_an_erasure_of_nothing_is_an_erasure_too(database: Database) -> None:
    with database.session() as session:
        receipt = erasures.erase_conversation(session, "none", KEY, NOW)
    assert set(receipt.counts.values()) == {0}


def test_a_failed_erasure_erases_nothing(database: Database) -> None:
    fill(database, "one")
    with pytest.raises(Exception, match="time zone"), database.session() as session:
        erasures.erase_conversation(session, "one", KEY, datetime(2026, 11, 23))
    with database.reading() as session:
        assert erasures.held_data(session, "one").counts["feedback"] == 2


def test_rows_of_the_same_session_are_erased_too(database: Database) -> None:
    with database.session() as session:
        handoffs.mark(session, "one", "asked", datetime.now(timezone.utc))
        assert erasures.erase_conversation(session, "one", KEY, NOW).counts["handoffs"] == 1
        assert session.execute(select(Handoff)).scalars().all() == []
